/* path.c - the network between the phones and the server.
 *
 * Two network namespaces, a TUN device in each, and this loop between them. Every
 * packet waits as long as its phone's kind of network would have kept it, or is
 * dropped; everything above that (handshake, acknowledgements, recovery of what was
 * lost) is the kernel's real TCP. Within one phone and direction no packet ever
 * overtakes another, as on a real path.
 *
 *   path SERVER_NS PHONES_NS NETWORKS LOG SEED
 *
 * NETWORKS is text, times in microseconds:
 *   class JITTER SPIKES SPIKE LOSS WAIT_DOWN WAIT_UP IDLE WAKE_LEAST WAKE_MOST HICCUPS
 *   phone NUMBER CLASS DOWN UP BOX
 * A phone's address is 10.x.y.anything with NUMBER = 256 x + y. BOX is a cheater's
 * network box: it holds back everything that goes up except taps and pongs.
 *
 * LOG gets what the lab's stamps are made of, `struct entry` after `struct entry`.
 * On SIGTERM the log is written and one JSON object with the loop's own lateness.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <math.h>
#include <sched.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lab.h"

enum { PHONES = 65536, CLASSES = 8, MTU = 1600, BATCH = 128 };
enum direction { DOWN, UP };
enum kind { QUESTION_IN = 1, ANSWER_OUT = 2, DROPPED_DOWN = 3, DROPPED_UP = 4 };

struct network {
  double jitter, spikes, spike, loss, wait[2], idle, wake_least, wake_most, hiccups;
};
struct phone {
  int network, known;
  double base[2], box;
  int64_t heard, busy_until[2], data_until;
};
struct packet {
  int64_t due, came;
  uint64_t order;
  struct packet *next;
  enum direction way;
  int length, phone, is_answer;
  uint8_t bytes[MTU];
};
struct entry {
  int64_t at, waited;
  int32_t phone, kind;
};

static struct network networks[CLASSES];
static struct phone phones[PHONES];
static struct packet **heap, *spare;
static size_t heaped, heap_room;
static struct entry *entries;
static size_t entry_count, entry_room;
static int tun[2]; /* tun[DOWN]: where packets that go down come from, the server */
static struct lateness late;
static long refused, most_waiting;
static uint64_t order, chance;

/* Chance: splitmix64, and the distributions made of it. */

static double uniform(void) {
  uint64_t z = (chance += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static double normal(void) {
  return sqrt(-2 * log(1 - uniform())) * cos(2 * M_PI * uniform());
}

static double between(double least, double most) {
  return least + (most - least) * uniform();
}

/* The queue: a heap by the moment a packet is due, then by its order. */

static int before(const struct packet *a, const struct packet *b) {
  return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void push(struct packet *packet) {
  if (heaped == heap_room) {
    heap_room = heap_room ? 2 * heap_room : 4096;
    heap = realloc(heap, heap_room * sizeof *heap);
    if (!heap) fail("memory");
  }
  size_t at = heaped++;
  for (; at && before(packet, heap[(at - 1) / 2]); at = (at - 1) / 2)
    heap[at] = heap[(at - 1) / 2];
  heap[at] = packet;
  if ((long)heaped > most_waiting) most_waiting = (long)heaped;
}

static struct packet *pop(void) {
  struct packet *first = heap[0], *last = heap[--heaped];
  size_t at = 0;
  for (size_t child; (child = 2 * at + 1) < heaped; at = child) {
    if (child + 1 < heaped && before(heap[child + 1], heap[child])) child++;
    if (!before(heap[child], last)) break;
    heap[at] = heap[child];
  }
  heap[at] = last;
  return first;
}

static struct packet *fresh(void) {
  struct packet *packet = spare;
  if (packet) spare = packet->next;
  else if (!(packet = malloc(sizeof *packet))) fail("memory");
  return packet;
}

static void release(struct packet *packet) {
  packet->next = spare;
  spare = packet;
}

static void note(int64_t at, int64_t waited, int phone, enum kind kind) {
  if (entry_count == entry_room) {
    entry_room = entry_room ? 2 * entry_room : 1 << 16;
    entries = realloc(entries, entry_room * sizeof *entries);
    if (!entries) fail("memory");
  }
  entries[entry_count++] = (struct entry){at, waited, phone, kind};
}

/* What a packet meets on its way, in microseconds. */

static double delay(const struct phone *phone, enum direction way, int was_idle) {
  const struct network *net = &networks[phone->network];
  double us = phone->base[way] - net->jitter * log(1 - uniform());
  us += net->wait[way] * uniform();
  if (uniform() < net->spikes) us += net->spike * exp(.7 * normal());
  if (uniform() < net->hiccups) us += between(150e3, 500e3);
  if (was_idle && uniform() < .5) us += between(net->wake_least, net->wake_most);
  return us;
}

struct payload { const uint8_t *bytes; int length; };

static struct payload payload_of(const struct packet *packet) {
  const uint8_t *ip = packet->bytes;
  int head = (ip[0] & 15) * 4, whole = ip[2] << 8 | ip[3];
  if (ip[9] != 6 || whole > packet->length || head + 20 > whole)
    return (struct payload){0};
  head += (ip[head + 12] >> 4) * 4;
  return (struct payload){ip + head, whole > head ? whole - head : 0};
}

static int holds(struct payload payload, const char *text) {
  return payload.length && memmem(payload.bytes, payload.length, text, strlen(text));
}

/* What the box lets through at once; what goes up as data stays in order. */
static int64_t boxed(struct phone *phone, struct packet *packet, int64_t due) {
  struct payload payload = payload_of(packet);
  int is_pong = payload.length && payload.bytes[0] == 0x8a;
  if (!packet->is_answer && !is_pong) due += (int64_t)(phone->box * 1e3);
  int64_t *until = payload.length ? &phone->data_until : &phone->busy_until[UP];
  if (due < *until) due = *until;
  return *until = due;
}

static void send_off(struct packet *packet) {
  struct phone *phone = &phones[packet->phone];
  enum direction way = packet->way;
  const struct network *net = &networks[phone->network];
  struct payload payload = payload_of(packet);
  int was_idle = net->idle > 0 && packet->came - phone->heard > net->idle * 1e3;
  phone->heard = packet->came;
  packet->is_answer = way == UP && holds(payload, "\"type\":\"answer\"");
  int64_t waits = (int64_t)(delay(phone, way, was_idle) * 1e3);
  if (way == DOWN && holds(payload, "\"type\":\"open\""))
    note(packet->came, waits, packet->phone, QUESTION_IN);
  if (uniform() < net->loss) {
    note(packet->came, waits, packet->phone, way == UP ? DROPPED_UP : DROPPED_DOWN);
    release(packet);
    return;
  }
  packet->due = packet->came + waits;
  if (way == UP && phone->box > 0) packet->due = boxed(phone, packet, packet->due);
  else if (packet->due < phone->busy_until[way]) packet->due = phone->busy_until[way];
  if (phone->box <= 0 || way == DOWN) phone->busy_until[way] = packet->due;
  packet->order = order++;
  push(packet);
}

/* Takes what has come; returns how much. */
static int take(enum direction way) {
  int taken = 0;
  for (; taken < BATCH; taken++) {
    struct packet *packet = fresh();
    packet->length = (int)read(tun[way], packet->bytes, MTU);
    packet->came = now();
    const uint8_t *inside = packet->bytes + (way == DOWN ? 16 : 12);
    int phone = packet->length >= 40 ? inside[1] << 8 | inside[2] : -1;
    if (packet->length < 0 || phone < 0 || packet->bytes[0] >> 4 != 4 ||
        inside[0] != 10 || !phones[phone].known) {
      int is_empty = packet->length < 0;
      release(packet);
      if (is_empty) break;
      continue;
    }
    packet->way = way;
    packet->phone = phone;
    send_off(packet);
  }
  return taken;
}

static void deliver(void) {
  int64_t moment = now();
  while (heaped && heap[0]->due <= moment) {
    struct packet *packet = pop();
    was_late(&late, moment - packet->due);
    if (packet->is_answer)
      note(moment, moment - packet->came, packet->phone, ANSWER_OUT);
    if (write(tun[!packet->way], packet->bytes, packet->length) < 0) refused++;
    release(packet);
    moment = now();
  }
}

/* Setting up and telling. */

static int open_tun(const char *space) {
  char path[128];
  snprintf(path, sizeof path, "/run/netns/%s", space);
  int in = open(path, O_RDONLY);
  if (in < 0 || setns(in, CLONE_NEWNET)) fail(path);
  close(in);
  int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  struct ifreq ask = {.ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "lab0"};
  if (fd < 0 || ioctl(fd, TUNSETIFF, &ask)) fail("/dev/net/tun");
  return fd;
}

static void read_networks(const char *path) {
  FILE *file = fopen(path, "r");
  if (!file) fail(path);
  char word[16];
  for (int at = 0; fscanf(file, "%15s", word) == 1;) {
    int number, fields;
    struct network *n = &networks[at];
    struct phone p = {.known = 1};
    if (!strcmp(word, "class") && at < CLASSES) {
      fields = fscanf(file, "%lf%lf%lf%lf%lf%lf%lf%lf%lf%lf", &n->jitter, &n->spikes,
                      &n->spike, &n->loss, &n->wait[DOWN], &n->wait[UP], &n->idle,
                      &n->wake_least, &n->wake_most, &n->hiccups);
      at += fields == 10;
    } else {
      fields = fscanf(file, "%d%d%lf%lf%lf", &number, &p.network, &p.base[DOWN],
                      &p.base[UP], &p.box);
      if (fields == 5 && number >= 0 && number < PHONES) phones[number] = p;
    }
  }
  fclose(file);
}

static void tell(const char *log) {
  FILE *file = fopen(log, "wb");
  if (!file || fwrite(entries, sizeof *entries, entry_count, file) != entry_count ||
      fclose(file))
    fail(log);
  printf("{\"packets\": %ld, \"refused\": %ld, \"most_waiting\": %ld, "
         "\"late_p50_ms\": %.2f, \"late_p99_ms\": %.2f, \"late_p999_ms\": %.2f}\n",
         late.count, refused, most_waiting, late_ms(&late, .5), late_ms(&late, .99),
         late_ms(&late, .999));
}

int main(int count, char **given) {
  if (count != 6) return fputs("path SERVER_NS PHONES_NS NETWORKS LOG SEED\n", stderr), 2;
  tun[DOWN] = open_tun(given[1]);
  tun[UP] = open_tun(given[2]);
  read_networks(given[3]);
  chance = strtoull(given[5], NULL, 10);
  stop_on_signals();
  be_quick(20);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), poll = epoll_create1(0);
  int watched[] = {tun[DOWN], tun[UP], timer};
  for (int at = 0; at < 3; at++)
    epoll_ctl(poll, EPOLL_CTL_ADD, watched[at], &(struct epoll_event){.events = EPOLLIN});
  puts("ready");
  fflush(stdout);
  while (!is_over) {
    struct epoll_event events[3];
    epoll_wait(poll, events, 3, -1);
    while (take(DOWN) + take(UP)) deliver();
    deliver();
    wake_at(timer, heaped ? heap[0]->due : 0);
  }
  tell(given[4]);
  return 0;
}
