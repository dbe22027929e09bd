/* timers.c - what is due later: a heap by moment. */
#include "phones.h"

static struct timer *timers;
static size_t count, room;

void later(int64_t at, enum what what, int phone, int question) {
  struct timer timer = {at, phone, (int16_t)question, 0, (uint8_t)what};
  if (what == DIAL || what == GIVE_UP) timer.dial = phones[phone].dial;
  if (count == room) {
    room = room ? 2 * room : 4096;
    timers = room_for(timers, room * sizeof *timers);
  }
  size_t to = count++;
  for (; to && at < timers[(to - 1) / 2].at; to = (to - 1) / 2)
    timers[to] = timers[(to - 1) / 2];
  timers[to] = timer;
}

int64_t next_due(void) { return count ? timers[0].at : 0; }

static struct timer pop(void) {
  struct timer first = timers[0], last = timers[--count];
  size_t at = 0;
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && timers[child + 1].at < timers[child].at) child++;
    if (last.at <= timers[child].at) break;
    timers[at] = timers[child];
  }
  timers[at] = last;
  return first;
}

int take_due(int64_t moment, struct timer *timer) {
  if (!count || timers[0].at > moment) return 0;
  *timer = pop();
  return 1;
}
