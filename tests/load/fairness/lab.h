/* lab.h - what both programs of the lab share: the clock, its lateness, failing. */
#ifndef LAB_H
#define LAB_H
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t is_over;

static inline void fail(const char *what) {
  perror(what);
  exit(1);
}

static inline void stop(int signal) { (void)signal; is_over = 1; }

static inline void stop_on_signals(void) {
  struct sigaction ends = {.sa_handler = stop};
  sigaction(SIGTERM, &ends, NULL);
  sigaction(SIGINT, &ends, NULL);
}

/* First in line on the last core: the lab's own lateness would look like the
 * server's. Needs _GNU_SOURCE. */
static inline void be_quick(int priority) {
  cpu_set_t last;
  CPU_ZERO(&last);
  CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &last);
  sched_setaffinity(0, sizeof last, &last);
  struct sched_param first = {.sched_priority = priority};
  if (sched_setscheduler(0, SCHED_FIFO, &first)) perror("no real-time priority");
}

/* The machine's monotonic clock, in ns: the same one that the server reads. */
static inline int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Has the timer wake epoll at a moment; 0 leaves it off. */
static inline void wake_at(int timer, int64_t moment) {
  struct itimerspec at = {.it_value = {moment / 1000000000, moment % 1000000000}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/* How late things were done: counts of 10 us, up to 100 ms. */
enum { LATE_MOST = 10000 };
struct lateness { long count, of[LATE_MOST + 1]; };

static inline void was_late(struct lateness *late, int64_t ns) {
  int64_t at = ns / 10000;
  late->of[at < 0 ? 0 : at > LATE_MOST ? LATE_MOST : at]++;
  late->count++;
}

static inline double late_ms(const struct lateness *late, double share) {
  long sum = 0, upto = (long)(share * (double)late->count);
  for (int at = 0; at <= LATE_MOST; at++)
    if ((sum += late->of[at]) > upto) return at / 100.;
  return LATE_MOST / 100.;
}

#endif
