/* phones.c - thousands of phones in one process, who speak only the wire.
 *
 *   phones HOST PORT NAME SHOW PEOPLE COUNT JOINERS AT_ONCE WITHIN_MS LEAST_MS COPIES
 *          BARE SEED
 *
 * Registers COUNT people over JOINERS connections (PEOPLE: a file with a form in JSON
 * on each line), connects their phones, AT_ONCE at the same time, and plays: an answer
 * to every question, between LEAST_MS and WITHIN_MS or, for WITHIN_MS 0, after thinking
 * as people do; each COPIES times. NAME is the Host header. A phone that loses its link
 * comes back as wire §1 says and sends again what has no receipt. BARE 1 is for servers
 * that know no quiz: nobody registers or says hello, a handshake is enough.
 *
 * One thread, epoll, one timer. Standard output gets a JSON object a line: `progress`,
 * `outage` when all are back after one, `failed` before it gives up, and `figures` when
 * standard input ends. quizserver/rehearsal/swarm.py reads them.
 */
#define _GNU_SOURCE
#include "phones.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { EVENTS = 128 };
#define REPORT_EVERY (250 * MS)

struct options options;
struct phone *phones;
static int poll_fd, timer_fd, is_over;
static const char *stage = "joining";

void watch(int fd, enum mark mark, int which, uint32_t events, int is_new) {
  struct epoll_event event = {.events = events,
                              .data.u64 = (uint64_t)mark << 32 | (uint32_t)which};
  if (epoll_ctl(poll_fd, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event))
    give_up("files", errno, strerror(errno));
}

void stage_is(const char *next) {
  if (!strcmp(stage, next)) return;
  stage = next;
  print_progress(stage);
}

static void take(struct epoll_event event) {
  int which = (int)(uint32_t)event.data.u64;
  char told[64];
  uint64_t fired;
  switch ((enum mark)(event.data.u64 >> 32)) {
  case A_PHONE: link_event(&phones[which]); break;
  case A_CALLER: caller_event(which); break;
  case THE_TIMER:
    if (read(timer_fd, &fired, sizeof fired) < 0 && errno != EAGAIN)
      give_up("timer", errno, strerror(errno));
    break;
  case THE_PARENT: is_over = read(0, told, sizeof told) <= 0; break;
  }
}

static void report(int64_t moment) {
  print_progress(stage);
  later(moment + REPORT_EVERY, REPORT, 0, 0);
}

static void run_due(void) {
  struct timer timer;
  for (int64_t moment; take_due(moment = now(), &timer);) {
    struct phone *phone = &phones[timer.phone];
    switch ((enum what)timer.what) {
    case REPORT: report(moment); break;
    case ASK: caller_ask(timer.phone); break;
    case DIAL: if (timer.dial == phone->dial) dial(phone); break;
    case GIVE_UP: if (timer.dial == phone->dial) give_up_dial(phone); break;
    default: fire(timer, moment);
    }
  }
}

static void wake_at(int64_t moment) {
  struct itimerspec at = {.it_value = {moment / SECOND, moment % SECOND}};
  timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void play(void) {
  struct epoll_event events[EVENTS];
  int64_t awaited = 0;
  while (!is_over) {
    if (tally.joined == options.count) dial_more();
    run_due();
    if (awaited != next_due()) wake_at(awaited = next_due());
    int count = epoll_wait(poll_fd, events, EVENTS, -1);
    for (int at = 0; at < count; at++) take(events[at]);
  }
}

static void begin(char **given) {
  options = (struct options){.host = given[1], .port = given[2], .name = given[3],
                             .show = given[4], .people = given[5],
                             .count = atoi(given[6]), .joiners = atoi(given[7]),
                             .at_once = atoi(given[8]), .within_ms = atoi(given[9]),
                             .least_ms = atoi(given[10]), .copies = atoi(given[11]),
                             .is_bare = atoi(given[12])};
  seed_chance((uint64_t)atoll(given[13]));
  phones = room_for(NULL, sizeof *phones * (size_t)options.count);
  memset(phones, 0, sizeof *phones * (size_t)options.count);
  poll_fd = epoll_create1(EPOLL_CLOEXEC);
  timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  watch(timer_fd, THE_TIMER, 0, EPOLLIN, 1);
  watch(0, THE_PARENT, 0, EPOLLIN, 1);
}

int main(int count, char **given) {
  if (count != 14 || atoi(given[6]) < 1) {
    fputs("usage: phones HOST PORT NAME SHOW PEOPLE COUNT JOINERS AT_ONCE WITHIN_MS "
          "LEAST_MS COPIES BARE SEED\n", stderr);
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_IGN); /* Ctrl-C is the parent's to answer, by closing our input */
  begin(given);
  links_begin(options.host, options.port);
  joining_begin();
  report(now());
  play();
  print_figures();
  return 0;
}
