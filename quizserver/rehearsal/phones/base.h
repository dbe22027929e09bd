/* base.h - what every part uses: the clock, chance, samples, words of a JSON text. */
#ifndef BASE_H
#define BASE_H
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define MS INT64_C(1000000)
#define SECOND INT64_C(1000000000)

/* The machine's monotonic clock, in ns: the same one that a local server reads. */
static inline int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

/* Spans in ns. */
struct samples { int64_t *of; size_t count, room; };
void sample(struct samples *samples, int64_t ns);
/* Prints `"name": {"count", "p50_ms", "p95_ms", "p99_ms", "max_ms"}`; sorts them. */
void print_samples(const char *name, struct samples *samples);

/* A number from 0 to 1, seeded; and bytes that nobody can foresee (for masks). */
void seed_chance(uint64_t seed);
double chance(void);
void secret_bytes(uint8_t *to, size_t count);

void *room_for(void *old, size_t size);
/* Prints why as the last line and ends the program. */
_Noreturn void give_up(const char *why, int status, const char *said);

/* The server writes JSON without spaces, and a quote inside a text only behind a
 * backslash, so that a key with its colon is found by its bytes.
 * The text between `key` and the next quote; 0 when there is none that fits. */
int word(const char *text, size_t length, const char *key, char *to, size_t room);
/* The whole number behind `key`, or `otherwise`. */
long number(const char *text, size_t length, const char *key, long otherwise);
int has(const char *text, size_t length, const char *what);
#endif
