/* base.c - see base.h. */
#define _GNU_SOURCE
#include "base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void sample(struct samples *samples, int64_t ns) {
  if (samples->count == samples->room) {
    samples->room = samples->room ? 2 * samples->room : 1024;
    samples->of = room_for(samples->of, samples->room * sizeof *samples->of);
  }
  samples->of[samples->count++] = ns;
}

static int by_size(const void *one, const void *other) {
  int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
  return (a > b) - (a < b);
}

static double nth(const struct samples *sorted, double share) {
  if (!sorted->count) return 0;
  size_t at = (size_t)(share * (double)sorted->count);
  if (at >= sorted->count) at = sorted->count - 1;
  return (double)sorted->of[at] / 1e6;
}

void print_samples(const char *name, struct samples *samples) {
  if (samples->count) qsort(samples->of, samples->count, sizeof *samples->of, by_size);
  printf("\"%s\": {\"count\": %zu, \"p50_ms\": %.3f, \"p95_ms\": %.3f, \"p99_ms\": %.3f, "
         "\"max_ms\": %.3f}",
         name, samples->count, nth(samples, .5), nth(samples, .95), nth(samples, .99),
         nth(samples, 1));
}

static uint64_t seed;

void seed_chance(uint64_t given) { seed = given * 2654435761u + 88172645463325252u; }

double chance(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (double)(seed >> 11) / 9007199254740992.0;
}

void secret_bytes(uint8_t *to, size_t count) {
  static uint8_t pool[4096];
  static size_t left;
  if (left < count) {
    for (left = 0; left < sizeof pool;) {
      ssize_t got = getrandom(pool + left, sizeof pool - left, 0);
      if (got > 0) left += (size_t)got;
    }
  }
  left -= count;
  memcpy(to, pool + left, count);
}

void *room_for(void *old, size_t size) {
  void *room = realloc(old, size);
  if (!room) give_up("memory", 0, "");
  return room;
}

void give_up(const char *why, int status, const char *said) {
  printf("{\"line\": \"failed\", \"why\": \"%s\", \"status\": %d, \"said\": \"", why, status);
  for (; *said; said++) {
    if (*said == '"' || *said == '\\') printf("\\%c", *said);
    else if ((unsigned char)*said < ' ') putchar(' ');
    else putchar(*said);
  }
  puts("\"}");
  fflush(stdout);
  exit(1);
}

static const char *after(const char *text, size_t length, const char *key) {
  const char *at = memmem(text, length, key, strlen(key));
  return at ? at + strlen(key) : NULL;
}

int word(const char *text, size_t length, const char *key, char *to, size_t room) {
  const char *at = after(text, length, key);
  const char *end = at ? memchr(at, '"', (size_t)(text + length - at)) : NULL;
  if (!end || (size_t)(end - at) >= room) return 0;
  memcpy(to, at, (size_t)(end - at));
  to[end - at] = 0;
  return 1;
}

long number(const char *text, size_t length, const char *key, long otherwise) {
  const char *at = after(text, length, key);
  return at ? atol(at) : otherwise;
}

int has(const char *text, size_t length, const char *what) {
  return memmem(text, length, what, strlen(what)) != NULL;
}
