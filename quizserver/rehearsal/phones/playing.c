/* playing.c - what a phone does with what it hears: it thinks, taps, sends again. */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames.h"
#include "phones.h"

/* As the phone page does (static/phone/answering.js); thinking as rehearsal/phone.py. */
#define SECOND_COPY (15 * MS)
#define AGAIN_AFTER (2 * SECOND)
#define AGAIN_SPREAD (500 * MS)
#define LAST_MOMENT (300 * MS)
#define QUICKEST (800 * MS)
#define ANSWERING .97

struct question questions[QUESTIONS];
int question_count;
long spread_ms;

static struct tap *tap_of(struct phone *phone, int question) {
  return &questions[question].taps[phone - phones];
}

static int find(const char *id) {
  for (int at = question_count; at--;)
    if (!strcmp(questions[at].id, id)) return at;
  return -1;
}

/* Reads the ids in `[{"id": …, "text": …}, …]`; a text may hold any character. */
static void read_options(struct question *question, const char *at, const char *end) {
  int depth = 0, quoted = 0;
  for (; at < end && question->option_count < OPTIONS; at++) {
    if (quoted) {
      if (*at == '\\') at++;
      else if (*at == '"') quoted = 0;
    } else if (*at == '"') quoted = 1;
    else if (*at == '}') depth--;
    else if (*at == ']' && !depth) return;
    else if (*at == '{' && !depth++)
      question->option_count += word(at, (size_t)(end - at), "{\"id\":\"",
                                     question->options[question->option_count],
                                     sizeof question->options[0]);
  }
}

/* The question with these options, as the first phone got it; -1: not understood. */
static int learn(const char *id, const char *text, size_t length) {
  int at = find(id);
  if (at >= 0) return at;
  const char *options_at = memmem(text, length, "\"options\":[", 11);
  if (!options_at || question_count == QUESTIONS) return -1;
  struct question *question = &questions[question_count];
  strcpy(question->id, id);
  read_options(question, options_at + 11, text + length);
  if (!question->option_count) return -1;
  size_t size = sizeof *question->taps * (size_t)options.count;
  question->taps = memset(room_for(NULL, size), 0, size);
  return question_count++;
}

static double normal(void) {
  return sqrt(-2 * log(1 - chance())) * cos(6.283185307179586 * chance());
}

/* How long this answer takes in ns, -1: there is none. */
static int64_t thinking(int64_t most) {
  if (options.within_ms) {
    int64_t within = options.within_ms * MS, least = options.least_ms * MS;
    if (within > most) within = most;
    return within > least ? least + (int64_t)(chance() * (double)(within - least)) : within;
  }
  int64_t takes = QUICKEST + (int64_t)(exp(1 + .45 * normal()) * 1e9);
  return chance() < ANSWERING ? (takes < most ? takes : most) : -1;
}

static void opened(struct phone *phone, const char *text, size_t length, int64_t came,
                   long left_ms) {
  char id[64];
  int which = -1;
  if (word(text, length, "\"question\":{\"id\":\"", id, sizeof id))
    which = learn(id, text, length);
  struct tap *tap = which < 0 ? NULL : tap_of(phone, which);
  if (!tap || tap->opened) {
    tally.protocol += !tap;
    return;
  }
  if (!word(text, length, "\"nonce\":\"", tap->nonce, sizeof tap->nonce)) {
    tally.protocol++;
    return;
  }
  tap->opened = came;
  tap->option = (uint8_t)(chance() * questions[which].option_count);
  int64_t most = left_ms * MS - LAST_MOMENT;
  int64_t takes = most > 0 ? thinking(most) : -1;
  if (takes < 0) return;
  tally.meant++;
  later(came + takes, TAP, (int)(phone - phones), which);
}

static void say_answer(struct phone *phone, int which, int copy) {
  struct tap *tap = tap_of(phone, which);
  struct question *question = &questions[which];
  char text[512];
  int length = snprintf(
      text, sizeof text,
      "{\"type\":\"answer\",\"question\":\"%s\",\"option\":\"%s\",\"nonce\":\"%s\","
      "\"elapsed_ms\":%d,\"copy\":%d,\"visible\":true}",
      question->id, question->options[tap->option], tap->nonce,
      (int)((tap->tapped - tap->opened) / MS), copy);
  tally.copies++;
  say(phone, FRAME_TEXT, text, (size_t)length);
}

/* Sends an answer the first time, or again when its receipt is missing. */
static void send_tap(struct phone *phone, int which, int64_t moment) {
  struct tap *tap = tap_of(phone, which);
  int who = (int)(phone - phones);
  if (tap->sent) tally.resent++;
  else {
    tap->sent = moment;
    tally.sent++;
    if (options.copies > 1) later(moment + SECOND_COPY, COPY, who, which);
    later(moment + AGAIN_AFTER + (int64_t)(chance() * AGAIN_SPREAD), RETRY, who, which);
  }
  say_answer(phone, which, 0);
}

static void retry(struct phone *phone, int which, int64_t moment) {
  if (tap_of(phone, which)->told) return;
  if (phone->state == LIVE) {
    tally.resent++;
    say_answer(phone, which, 1);
  }
  int64_t wait = AGAIN_AFTER + (int64_t)(chance() * AGAIN_SPREAD);
  later(moment + wait, RETRY, (int)(phone - phones), which);
}

void fire(struct timer timer, int64_t moment) {
  struct phone *phone = &phones[timer.phone];
  switch (timer.what) {
  case TAP:
    if (questions[timer.question].is_locked) return;
    sample(&tally.lateness, moment - timer.at);
    tap_of(phone, timer.question)->tapped = moment;
    if (!questions[timer.question].first_tap) questions[timer.question].first_tap = moment;
    tally.taps++;
    if (phone->state == LIVE) send_tap(phone, timer.question, moment);
    break;
  case COPY:
    if (phone->state == LIVE) say_answer(phone, timer.question, 1);
    break;
  case RETRY: retry(phone, timer.question, moment); break;
  }
}

void arrived(struct phone *phone, int64_t moment) {
  phone->state = LIVE;
  phone->live_since = moment;
  tally.here++;
  if (!phone->was_here) {
    sample(&tally.connect, moment - phone->dialled);
    tally.connect_done = moment;
  } else phone_back(phone, moment);
  all_here(moment);
  for (int which = 0; which < question_count; which++) {
    struct tap *tap = tap_of(phone, which);
    if (tap->tapped && !tap->told) send_tap(phone, which, moment);
  }
}

static void ended(struct phone *phone) {
  tally.ended += !phone->has_ended;
  phone->has_ended = 1;
}

/* A whole state: an open question may still be answered. */
static void looked(struct phone *phone, const char *text, size_t length, int64_t came) {
  char phase[24] = "";
  word(text, length, "\"phase\":\"", phase, sizeof phase);
  if (!strcmp(phase, "open") && !has(text, length, "\"your_answer\":"))
    opened(phone, text, length, came, number(text, length, "\"closes_in_ms\":", 0));
  if (!strcmp(phase, "ended") || !strcmp(phase, "confirmed") || !strcmp(phase, "published"))
    ended(phone);
}

static void receipted(struct phone *phone, const char *text, size_t length, int64_t came) {
  char id[64] = "", option[16] = "", status[16] = "";
  word(text, length, "\"question\":\"", id, sizeof id);
  word(text, length, "\"option\":\"", option, sizeof option);
  word(text, length, "\"status\":\"", status, sizeof status);
  int which = find(id);
  struct tap *tap = which < 0 ? NULL : tap_of(phone, which);
  if (!tap || !tap->sent) {
    tally.unasked++;
    return;
  }
  tally.other_option += strcmp(option, questions[which].options[tap->option]) != 0;
  if (tap->told) {
    tally.duplicates++;
    return;
  }
  tap->told = came;
  tally.receipts++;
  sample(&tally.receipt, came - tap->sent);
  sample(&questions[which].receipt, came - tap->sent);
  questions[which].last_receipt = came;
  if (!strcmp(status, "accepted")) tally.accepted++;
  else if (!strcmp(status, "late")) tally.late++;
  else tally.refused++;
}

static void cue(struct phone *phone, const char *type, const char *text, size_t length,
                int64_t came) {
  char question[64] = "";
  if (!word(text, length, "\"question\":{\"id\":\"", question, sizeof question))
    word(text, length, "\"question\":\"", question, sizeof question);
  cue_came(type, question, number(text, length, "\"step\":", 0), came);
  if (!strcmp(type, "open"))
    opened(phone, text, length, came, number(text, length, "\"duration_ms\":", 0));
  else if (!strcmp(type, "locked")) {
    int which = find(question);
    if (which >= 0) questions[which].is_locked = 1;
  } else if (!strcmp(type, "ended")) ended(phone);
}

void heard(struct phone *phone, const char *text, size_t length, int64_t came) {
  static const char presence[] = "{\"type\":\"presence\"";
  char type[24], code[32] = "";
  if (length >= sizeof presence && !memcmp(text, presence, sizeof presence - 1)) {
    tally.presences++;
    spread_ms = number(text, length, "\"spread_ms\":", 0);
    return;
  }
  if (!word(text, length, "\"type\":\"", type, sizeof type)) tally.protocol++;
  else if (!strcmp(type, "receipt")) receipted(phone, text, length, came);
  else if (!strcmp(type, "error")) {
    word(text, length, "\"code\":\"", code, sizeof code);
    error_came(code);
  } else if (!strcmp(type, "welcome")) {
    arrived(phone, came);
    looked(phone, text, length, came);
  } else if (!strcmp(type, "state")) looked(phone, text, length, came);
  else cue(phone, type, text, length, came);
}
