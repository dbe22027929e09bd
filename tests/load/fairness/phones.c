/* phones.c - phones that know the truth: when the question was painted, when tapped.
 *
 *   phones SERVER PORT SHOW PHONES PLAN QUESTIONS LOG
 *
 * One thread, epoll, one timer. PHONES is text, a line `KIND TRAIT ADDRESS TOKEN`
 * for each phone; PLAN is a `struct planned` for each question and phone: what this
 * finger, screen and page will do. The phone paints, waits, taps, reads its own
 * (inexact) clock and sends its answer twice, 15 ms apart. The honest kinds do what
 * quizserver's page does; the others cheat, see `enum kind`.
 *
 * LOG gets a `struct done` for each answer sent, with the moments as they were on
 * this machine's monotonic clock; one JSON object at the end tells of the rest.
 */
#define _GNU_SOURCE
#include "phones.h"

#include <string.h>
#include <sys/resource.h>

#include "lab.h"

struct timer { int64_t at; int32_t phone, question; uint8_t what, slot, pong[PONG]; };

struct phone *phones;
static struct planned *plan;
static struct done *dones;
static struct timer *timers;
static size_t timer_count, timer_room, done_count;
static int phone_count, question_count, here_count;
static struct lateness late;
static long accepted, refused, sneaked;

/* Timers: a heap by moment. */

static void push(struct timer timer) {
  if (timer_count == timer_room) {
    timer_room = timer_room ? 2 * timer_room : 4096;
    timers = realloc(timers, timer_room * sizeof *timers);
    if (!timers) fail("memory");
  }
  size_t at = timer_count++;
  for (; at && timer.at < timers[(at - 1) / 2].at; at = (at - 1) / 2)
    timers[at] = timers[(at - 1) / 2];
  timers[at] = timer;
}

static struct timer pop(void) {
  struct timer first = timers[0], last = timers[--timer_count];
  size_t at = 0;
  for (size_t child; (child = 2 * at + 1) < timer_count; at = child) {
    if (child + 1 < timer_count && timers[child + 1].at < timers[child].at) child++;
    if (last.at <= timers[child].at) break;
    timers[at] = timers[child];
  }
  timers[at] = last;
  return first;
}

void later(struct phone *phone, enum what what, int64_t at) {
  push((struct timer){.at = at, .phone = (int32_t)(phone - phones),
                      .question = phone->asked, .what = (uint8_t)what,
                      .slot = (uint8_t)phone->current});
}

static void answer(struct phone *phone, const char *nonce, int copy) {
  char text[512];
  int length = snprintf(
      text, sizeof text,
      "{\"type\":\"answer\",\"question\":\"%s\",\"option\":\"%c\",\"nonce\":\"%s\","
      "\"elapsed_ms\":%d,\"copy\":%d,\"visible\":true}",
      phone->question, phone->tap.option, nonce, phone->tap.claimed, copy);
  say(&phone->links[phone->current], 1, text, (size_t)length);
}

/* What happens when. */

static struct planned *planned_of(const struct phone *phone) {
  return &plan[(size_t)(phone->asked - 1) * (size_t)phone_count + (phone - phones)];
}

static int claims_truly(const struct phone *phone) {
  return phone->kind == HONEST || phone->kind == BLIND;
}

static void send_tap(struct phone *phone, int64_t moment) {
  struct planned *planned = planned_of(phone);
  struct done *tap = &phone->tap;
  int64_t ms = (tap->tapped - tap->painted + planned->noise + 500000) / 1000000;
  if (phone->trait) ms = (ms + 99) / 100 * 100;
  tap->claimed = claims_truly(phone) ? (int32_t)ms : 0;
  phone->waits_to_send = phone->links[phone->current].state != LIVE;
  if (phone->waits_to_send) return;
  tap->sent = moment;
  answer(phone, phone->nonce, 0);
  dones[done_count++] = *tap;
  later(phone, COPY, moment + 15000000);
}

/* Tries what must not work: another's nonce, an old one, the coming question. */
static void sneak(struct phone *phone) {
  struct phone *other = &phones[(phone - phones + phone_count / 2) % phone_count];
  phone->tap.option = planned_of(phone)->option;
  phone->tap.claimed = 400;
  answer(phone, phone->old_nonce[0] ? phone->old_nonce : "AAAAAAAAAAAAAAAA", 0);
  answer(phone, other->nonce, 0);
  sneaked += 2;
}

static void move_on(struct phone *phone) {
  int slot = phone->current;
  if (phone->kind == MOVER) hang_up(&phone->links[slot]);
  hang_up(&phone->links[!slot]);
  dial(phone, !slot);
}

static void fire(struct timer timer, int64_t moment) {
  struct phone *phone = &phones[timer.phone];
  if (timer.what == CONNECT) {
    if (phone->links[timer.slot].state == CLOSED) dial(phone, timer.slot);
    return;
  }
  if (timer.what == HELD) {
    say(&phone->links[timer.slot], 10, (const char *)timer.pong, PONG);
    return;
  }
  if (timer.question != phone->asked) return;
  struct planned *planned = planned_of(phone);
  switch (timer.what) {
  case PAINT:
    phone->tap.painted = moment;
    later(phone, TAP, moment + planned->react);
    if (phone->kind == MOVER || phone->kind == SECOND)
      later(phone, MOVE, moment + planned->react / 3);
    break;
  case TAP:
    phone->tap.tapped = moment;
    later(phone, SEND, moment + planned->script);
    break;
  case SEND: send_tap(phone, moment); break;
  case COPY: answer(phone, phone->nonce, 1); break;
  case MOVE: move_on(phone); break;
  case SNEAK: sneak(phone); break;
  }
}

/* What the server says. */

static int find(const char *text, size_t length, const char *key, char *to) {
  const char *at = memmem(text, length, key, strlen(key)), *end;
  if (!at) return 0;
  at += strlen(key);
  end = memchr(at, '"', (size_t)(text + length - at));
  if (!end || end - at > 63) return 0;
  memcpy(to, at, (size_t)(end - at));
  to[end - at] = 0;
  return 1;
}

static void opened(struct phone *phone, const char *text, size_t length, int64_t came) {
  char next[64] = "";
  const char *number = memmem(text, length, "\"number\":", 9);
  if (!number || !find(text, length, "\"nonce\":\"", next)) return;
  strcpy(phone->old_nonce, phone->nonce);
  strcpy(phone->nonce, next);
  phone->asked = atoi(number + 9);
  if (phone->asked < 1 || phone->asked > question_count) fail("more questions than planned");
  struct planned *planned = planned_of(phone);
  phone->waits_to_send = 0;
  phone->tap = (struct done){.phone = (int32_t)(phone - phones), .question = phone->asked,
                             .arrived = came, .option = planned->option};
  if (phone->kind == EARLY) later(phone, SNEAK, came + 300000000);
  else later(phone, PAINT, came + planned->render);
}

void heard(struct phone *phone, struct link *link, const char *text, size_t length,
           int64_t came) {
  char type[64] = "", status[64] = "";
  find(text, length, "\"type\":\"", type);
  if (!strcmp(type, "welcome")) {
    link->state = LIVE;
    here_count += !phone->was_here;
    phone->was_here = 1;
    if (phone->waits_to_send) send_tap(phone, came);
  } else if (!strcmp(type, "open")) {
    find(text, length, "\"question\":{\"id\":\"", phone->question);
    opened(phone, text, length, came);
  } else if (!strcmp(type, "asked") || !strcmp(type, "roll")) {
    find(text, length, "\"question\":{\"id\":\"", phone->question);
    if (phone->kind == EARLY && phone->asked) sneak(phone);
  } else if (!strcmp(type, "receipt")) {
    find(text, length, "\"status\":\"", status);
    if (strcmp(status, "accepted")) refused++;
    else accepted++;
  } else if (!strcmp(type, "error")) {
    refused++;
  } else if (!strcmp(type, "ended")) {
    is_over = 1;
  }
}

/* A client of its own answers a ping when it suits it. */
void pinged(struct phone *phone, struct link *link, const char *text, size_t length,
            int64_t came) {
  int holds = phone->kind >= HOLDER && phone->kind <= BOXED && length == PONG;
  if (!holds) {
    say(link, 10, text, length);
    return;
  }
  int is_questions = came - phone->tap.arrived < 1000000;
  int64_t hold = phone->kind == BOXED ? phone->trait * 1000000LL : 600000000;
  if (phone->kind != BOXED && !is_questions && came / 1000 % 3 == 0) hold = 0;
  struct timer timer = {.at = came + hold, .phone = (int32_t)(phone - phones),
                        .what = HELD, .slot = (uint8_t)(link != phone->links)};
  if (phone->kind == SILENT && phone->tap.arrived && !phone->tap.sent) {
    int64_t quiet = phone->tap.arrived + planned_of(phone)->render +
                    planned_of(phone)->react + 200000000;
    if (timer.at < quiet) timer.at = quiet;
  }
  memcpy(timer.pong, text, PONG);
  push(timer);
}

/* Beginning and end. */

static void read_phones(const char *path) {
  FILE *file = fopen(path, "r");
  struct phone phone = {0};
  if (!file) fail(path);
  while (fscanf(file, "%d%d%15s%255s", &phone.kind, &phone.trait, phone.address,
                phone.token) == 4) {
    phones = realloc(phones, sizeof *phones * (size_t)(phone_count + 1));
    if (!phones) fail("memory");
    phones[phone_count++] = phone;
  }
  fclose(file);
}

static void read_plan(const char *path) {
  size_t count = (size_t)question_count * (size_t)phone_count;
  FILE *file = fopen(path, "rb");
  plan = malloc(count * sizeof *plan);
  dones = malloc(count * sizeof *dones);
  if (!file || !plan || !dones || fread(plan, sizeof *plan, count, file) != count)
    fail(path);
  fclose(file);
}

static void tell(const char *log) {
  FILE *file = fopen(log, "wb");
  if (!file || fwrite(dones, sizeof *dones, done_count, file) != done_count || fclose(file))
    fail(log);
  printf("{\"phones\": %d, \"sent\": %zu, \"lost\": %ld, \"replaced\": %ld, "
         "\"errors\": %ld, \"accepted\": %ld, \"refused\": %ld, \"sneaked\": %ld, ",
         phone_count, done_count, tally.lost, tally.replaced, tally.errors, accepted,
         refused, sneaked);
  for (int code = 0; code < CODES; code++)
    if (tally.codes[code]) printf("\"closed_%d\": %ld, ", code, tally.codes[code]);
  printf("\"late_p50_ms\": %.2f, \"late_p99_ms\": %.2f, \"late_p999_ms\": %.2f}\n",
         late_ms(&late, .5), late_ms(&late, .99), late_ms(&late, .999));
}

static void run_timers(void) {
  for (int64_t moment; timer_count && timers[0].at <= (moment = now());) {
    struct timer timer = pop();
    was_late(&late, moment - timer.at);
    fire(timer, moment);
  }
}

static void play(void) {
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), told = 0;
  links_watch(timer);
  while (!is_over) {
    wake_at(timer, timer_count ? timers[0].at : 0);
    int count = links_wait();
    for (int at = 0; at < count; at++) {
      links_take(at);
      run_timers();
    }
    if (!told && here_count == phone_count) {
      told = puts("all here");
      fflush(stdout);
    }
  }
}

int main(int count, char **given) {
  if (count != 8) return 2;
  struct rlimit files = {20000, 20000};
  if (setrlimit(RLIMIT_NOFILE, &files)) perror("phones: files");
  links_open(given[1], atoi(given[2]), given[3]);
  read_phones(given[4]);
  question_count = atoi(given[6]);
  read_plan(given[5]);
  stop_on_signals();
  be_quick(10);
  int64_t begins = now();
  for (int at = 0; at < phone_count; at++)
    later(&phones[at], CONNECT, begins + at * 4000000LL);
  play();
  tell(given[7]);
  return 0;
}
