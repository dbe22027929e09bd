/* crowd.c - thousands of phones in one thread, which come back and say it again.
 *
 *   crowd ADDRESS PORT SHOW PHONES LOG RATE THINK
 *
 * PHONES is text, a line `KIND TOKEN` for each phone; RATE of them connect a second.
 * A phone answers once, up to THINK ms after it saw the question, and again after
 * every reconnection until it has a receipt. It waits before it dials as the page
 * does (kit/live.js): at random up to 300 ms, then up to twice that, 8 s at most.
 * Kinds: `w` is well, `d` reads nothing once it is welcome, `s` reads a hundred
 * bytes a second.
 *
 * LOG gets a line for whatever happens, `WHAT PHONE NS [TEXT]` with the monotonic
 * clock: W welcome, O open, K locked, N notice (its step), A answer (question and
 * option), R receipt (as it came), C close frame (its code), L the socket ended.
 * Standard output tells how many are here and how many have a receipt for the
 * newest question, whenever that changed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>

#include "../load/fairness/lab.h"

enum { ROOM = 1 << 15, TEXT = 512, EVENTS = 512, WORD = 64 };
enum state { CLOSED, OPENING, SHAKING, GREETING, LIVE };
static const int64_t MS = 1000000, FIRST = 300, LONGEST = 8000, SETTLED = 5000,
                     DIALLING = 8000, PATIENCE = 3000, TURN = 2;

struct phone {
  int fd, state, tries, length, is_open, has_receipt;
  char kind, option;
  int64_t at, since, due;
  char *in, token[256], question[WORD], nonce[WORD];
};

static struct phone *phones;
static int phone_count, here, answered, poll_fd;
static char newest[WORD];
static struct sockaddr_in server;
static const char *show;
static int64_t think;
static FILE *notes;

static void note(char what, const struct phone *phone, const char *text, size_t length) {
  fprintf(notes, "%c %td %lld %.*s\n", what, phone - phones, (long long)now(),
          (int)length, text);
}

static int64_t up_to(int64_t most) { return most ? random() % most : 0; }

/* What goes out. */

static void watch(const struct phone *phone, int how, uint32_t events) {
  struct epoll_event event = {.events = events, .data.u32 = (uint32_t)(phone - phones)};
  epoll_ctl(poll_fd, how, phone->fd, &event);
}

/* The mask is zero: nobody reads along here. */
static void say(struct phone *phone, int opcode, const char *text, size_t length) {
  uint8_t frame[TEXT + 8] = {(uint8_t)(0x80 | opcode), (uint8_t)(0x80 | length)};
  size_t head = 2;
  if (length > TEXT) fail("a message that is too long");
  if (length > 125) {
    frame[1] = 0x80 | 126;
    frame[2] = (uint8_t)(length >> 8);
    frame[3] = (uint8_t)length;
    head = 4;
  }
  memcpy(frame + head + 4, text, length);
  /* A socket that does not take it has ended, and epoll says so. */
  (void)!send(phone->fd, frame, head + 4 + length, MSG_NOSIGNAL);
}

static void lost(struct phone *phone) {
  int64_t moment = now();
  if (phone->state == LIVE) {
    here--;
    note('L', phone, "", 0);
    if (moment - phone->since > SETTLED * MS) phone->tries = 0;
  }
  if (phone->fd >= 0) close(phone->fd);
  phone->fd = -1;
  phone->state = CLOSED;
  int64_t most = FIRST << (phone->tries < 6 ? phone->tries : 6);
  phone->tries++;
  phone->at = moment + up_to((most < LONGEST ? most : LONGEST) * MS);
}

static void dial(struct phone *phone) {
  int one = 1, little = 2048;
  phone->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (phone->fd < 0) fail("socket");
  setsockopt(phone->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (phone->kind != 'w')
    setsockopt(phone->fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  phone->length = 0;
  phone->state = OPENING;
  phone->at = now() + DIALLING * MS;
  if (connect(phone->fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS)
    lost(phone);
  else watch(phone, EPOLL_CTL_ADD, EPOLLIN | EPOLLOUT);
}

static void ask_for_socket(struct phone *phone) {
  char text[TEXT];
  int failed = 0;
  socklen_t size = sizeof failed;
  getsockopt(phone->fd, SOL_SOCKET, SO_ERROR, &failed, &size);
  if (failed) return lost(phone);
  int length = snprintf(text, sizeof text,
                        "GET /ws/phone HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                        "Upgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                        ntohs(server.sin_port));
  (void)!send(phone->fd, text, (size_t)length, MSG_NOSIGNAL);
  phone->state = SHAKING;
  watch(phone, EPOLL_CTL_MOD, EPOLLIN);
}

static void answer(struct phone *phone, int64_t moment) {
  char text[TEXT];
  int length = snprintf(text, sizeof text, "%s %c", phone->question, phone->option);
  note('A', phone, text, (size_t)length);
  length = snprintf(text, sizeof text,
                    "{\"type\":\"answer\",\"question\":\"%s\",\"option\":\"%c\","
                    "\"nonce\":\"%s\",\"elapsed_ms\":900,\"copy\":0,\"visible\":true}",
                    phone->question, phone->option, phone->nonce);
  say(phone, 1, text, (size_t)length);
  phone->at = moment + PATIENCE * MS;
}

/* What comes in. */

static int find(const char *text, size_t length, const char *key, char *to) {
  const char *at = memmem(text, length, key, strlen(key)), *end;
  if (!at) return 0;
  at += strlen(key);
  end = memchr(at, '"', (size_t)(text + length - at));
  if (!end || end - at >= WORD) return 0;
  memcpy(to, at, (size_t)(end - at));
  to[end - at] = 0;
  return 1;
}

static void asked(struct phone *phone, const char *text, size_t length, int64_t moment) {
  char question[WORD];
  phone->is_open = find(text, length, "\"question\":{\"id\":\"", question) &&
                   find(text, length, "\"nonce\":\"", phone->nonce);
  if (!phone->is_open) return;
  if (strcmp(phone->question, question)) {
    strcpy(phone->question, question);
    phone->has_receipt = 0;
    phone->option = "ABCD"[random() & 3];
    phone->due = moment + up_to(think * MS);
  }
  if (strcmp(newest, question)) {
    strcpy(newest, question);
    answered = 0;
  }
  if (!phone->has_receipt) phone->at = phone->due;
}

static void welcomed(struct phone *phone, const char *text, size_t length, int64_t moment) {
  if (phone->state != LIVE) {
    here++;
    note('W', phone, "", 0);
  }
  phone->state = LIVE;
  phone->since = moment;
  phone->at = INT64_MAX;
  phone->is_open = 0;
  if (memmem(text, length, "\"phase\":\"open\"", 14)) asked(phone, text, length, moment);
  if (phone->kind == 'w') return;
  epoll_ctl(poll_fd, EPOLL_CTL_DEL, phone->fd, NULL);
  phone->at = phone->kind == 's' ? moment : INT64_MAX;
}

static void receipted(struct phone *phone, const char *text, size_t length) {
  char question[WORD] = "", status[WORD] = "";
  note('R', phone, text, length);
  find(text, length, "\"question\":\"", question);
  find(text, length, "\"status\":\"", status);
  if (strcmp(question, phone->question) || phone->has_receipt) return;
  if (strcmp(status, "accepted") && strcmp(status, "late")) return;
  phone->has_receipt = 1;
  phone->at = INT64_MAX;
  answered += !strcmp(question, newest);
}

static void heard(struct phone *phone, const char *text, size_t length) {
  char type[WORD] = "";
  int64_t moment = now();
  find(text, length, "\"type\":\"", type);
  if (!strcmp(type, "welcome") || !strcmp(type, "state")) {
    welcomed(phone, text, length, moment);
  } else if (!strcmp(type, "open")) {
    note('O', phone, "", 0);
    asked(phone, text, length, moment);
  } else if (!strcmp(type, "locked")) {
    note('K', phone, "", 0);
    phone->is_open = 0;
  } else if (!strcmp(type, "receipt")) {
    receipted(phone, text, length);
  } else if (!strcmp(type, "notice")) {
    const char *step = memmem(text, length, "\"step\":", 7);
    if (step) note('N', phone, step + 7, strspn(step + 7, "0123456789"));
  }
}

static void shake(struct phone *phone) {
  char text[TEXT];
  char *end = memmem(phone->in, (size_t)phone->length, "\r\n\r\n", 4);
  if (!end) return;
  if (memcmp(phone->in + 9, "101", 3)) return lost(phone);
  phone->length -= (int)(end + 4 - phone->in);
  memmove(phone->in, end + 4, (size_t)phone->length);
  phone->state = GREETING;
  int length = snprintf(text, sizeof text,
                        "{\"type\":\"hello\",\"v\":1,\"show\":\"%s\",\"token\":\"%s\"}",
                        show, phone->token);
  say(phone, 1, text, (size_t)length);
}

static void framed(struct phone *phone, int opcode, const char *body, int length) {
  char code[8];
  if (opcode == 9) say(phone, 10, body, (size_t)length);
  else if (opcode == 1) heard(phone, body, (size_t)length);
  else if (opcode == 8 && length >= 2) {
    int said = (uint8_t)body[0] << 8 | (uint8_t)body[1];
    note('C', phone, code, (size_t)snprintf(code, sizeof code, "%d", said));
  }
}

/* Takes whole frames off what came. */
static void unpack(struct phone *phone) {
  int at = 0;
  while (phone->state >= GREETING && phone->length - at >= 2) {
    const uint8_t *head = (const uint8_t *)phone->in + at;
    int skip = 2, length = head[1] & 127;
    if (length == 126) {
      if (phone->length - at < 4) break;
      length = head[2] << 8 | head[3];
      skip = 4;
    }
    if (skip + length > ROOM) fail("a frame that is too long");
    if (phone->length - at < skip + length) break;
    at += skip + length;
    framed(phone, head[0] & 15, (const char *)head + skip, length);
  }
  phone->length -= at;
  memmove(phone->in, phone->in + at, (size_t)phone->length);
}

static void readable(struct phone *phone, int most) {
  if (most > ROOM - phone->length) most = ROOM - phone->length;
  ssize_t got = recv(phone->fd, phone->in + phone->length, (size_t)most, 0);
  if (got == 0 || (got < 0 && errno != EAGAIN)) return lost(phone);
  if (got < 0) return;
  phone->length += (int)got;
  if (phone->state == SHAKING) shake(phone);
  if (phone->state >= GREETING) unpack(phone);
}

/* What is due. */

static void act(struct phone *phone, int64_t moment) {
  phone->at = INT64_MAX;
  if (phone->state == CLOSED) {
    dial(phone);
  } else if (phone->state != LIVE) {
    lost(phone);
  } else if (phone->kind == 's') {
    phone->at = moment + 1000 * MS;
    readable(phone, 100);
  } else if (phone->is_open && !phone->has_receipt) {
    answer(phone, moment);
  }
}

static void tell(void) {
  static int told_here = -1, told_answered = -1;
  if (here == told_here && answered == told_answered) return;
  printf("%d %d\n", told_here = here, told_answered = answered);
  fflush(stdout);
}

static void play(void) {
  struct epoll_event events[EVENTS];
  int64_t last = 0;
  while (!is_over) {
    int count = epoll_wait(poll_fd, events, EVENTS, (int)TURN);
    for (int at = 0; at < count; at++) {
      struct phone *phone = &phones[events[at].data.u32];
      if (phone->state == OPENING) ask_for_socket(phone);
      else if (phone->state != CLOSED) readable(phone, ROOM);
    }
    int64_t moment = now();
    if (moment - last < TURN * MS) continue;
    last = moment;
    for (int at = 0; at < phone_count; at++)
      if (phones[at].at <= moment) act(&phones[at], moment);
    tell();
  }
}

static void read_phones(const char *path, int64_t rate) {
  FILE *file = fopen(path, "r");
  struct phone phone = {.fd = -1};
  int64_t begins = now();
  if (!file) fail(path);
  while (fscanf(file, " %c%255s", &phone.kind, phone.token) == 2) {
    phones = realloc(phones, sizeof *phones * (size_t)(phone_count + 1));
    phone.in = malloc(ROOM);
    if (!phones || !phone.in) fail("memory");
    phone.at = begins + phone_count * 1000 * MS / rate;
    phones[phone_count++] = phone;
  }
  fclose(file);
}

int main(int count, char **given) {
  if (count != 8) return 2;
  struct rlimit files = {20000, 20000};
  if (setrlimit(RLIMIT_NOFILE, &files)) perror("crowd: files");
  server = (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)atoi(given[2]))};
  if (inet_pton(AF_INET, given[1], &server.sin_addr) != 1) fail(given[1]);
  show = given[3];
  think = atoi(given[7]);
  poll_fd = epoll_create1(0);
  notes = fopen(given[5], "w");
  if (!notes) fail(given[5]);
  read_phones(given[4], atoi(given[6]));
  stop_on_signals();
  play();
  return fclose(notes) != 0;
}
