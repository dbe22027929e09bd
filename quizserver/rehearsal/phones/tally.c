/* tally.c - what was measured: fan-outs, outages, errors; printed as JSON lines. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "phones.h"

enum { ERRORS = 16 };

struct tally tally;

/* A cue on its way to everybody, or everybody's own `you` of a question (step 0). */
static struct fanout {
  char type[16], question[64];
  long step, count;
  int64_t first, last;
} *fanouts;
static size_t fanout_count, fanout_room;

static struct { char code[32]; long count; } errors[ERRORS];

/* From the first phone that is lost until all who may come back are here. */
static struct outage {
  int64_t begun, listening, first_back, over;
  long lost;
  struct samples back;
} *outages;
static int outage_count;

static struct fanout *fanout_of(const char *type, const char *question, long step) {
  for (size_t at = fanout_count; at--;)
    if (fanouts[at].step == step && !strcmp(fanouts[at].type, type) &&
        (step || !strcmp(fanouts[at].question, question)))
      return &fanouts[at];
  if (fanout_count == fanout_room) {
    fanout_room = fanout_room ? 2 * fanout_room : 64;
    fanouts = room_for(fanouts, sizeof *fanouts * fanout_room);
  }
  struct fanout *fanout = &fanouts[fanout_count++];
  *fanout = (struct fanout){.step = step};
  strncpy(fanout->type, type, sizeof fanout->type - 1);
  strncpy(fanout->question, question, sizeof fanout->question - 1);
  return fanout;
}

void cue_came(const char *type, const char *question, long step, int64_t came) {
  struct fanout *fanout = fanout_of(type, question, step);
  if (!fanout->count++) fanout->first = came;
  fanout->last = came;
}

void error_came(const char *code) {
  for (int at = 0; at < ERRORS; at++)
    if (!errors[at].count || !strcmp(errors[at].code, code) || at == ERRORS - 1) {
      strncpy(errors[at].code, code, sizeof errors[at].code - 1);
      errors[at].count++;
      return;
    }
}

/* Outages. */

static struct outage *open_outage(void) {
  struct outage *last = outage_count ? &outages[outage_count - 1] : NULL;
  return last && !last->over ? last : NULL;
}

void phone_lost(struct phone *phone, int64_t moment) {
  struct outage *outage = open_outage();
  if (!outage) {
    outages = room_for(outages, sizeof *outages * (size_t)(outage_count + 1));
    outage = &outages[outage_count++];
    *outage = (struct outage){.begun = moment};
  }
  outage->lost += phone->outage != outage_count;
  phone->outage = outage_count;
}

void server_listens(int64_t moment) {
  struct outage *outage = open_outage();
  if (outage && !outage->listening) outage->listening = moment;
}

static double since(const struct outage *outage, int64_t moment) {
  return moment ? (double)(moment - outage->begun) / 1e6 : 0;
}

static void print_outage(struct outage *outage) {
  printf("{\"lost\": %ld, \"listening_ms\": %.3f, \"first_back_ms\": %.3f, "
         "\"over_ms\": %.3f, ",
         outage->lost, since(outage, outage->listening), since(outage, outage->first_back),
         since(outage, outage->over));
  print_samples("back", &outage->back);
  printf("}");
}

/* A phone that was lost twice counts with its last return. */
static void end_outage(struct outage *outage, int64_t moment) {
  outage->over = moment;
  for (int at = 0; at < options.count; at++)
    if (phones[at].outage == outage_count)
      sample(&outage->back, phones[at].back_at - outage->begun);
  printf("{\"line\": \"outage\", \"outage\": ");
  print_outage(outage);
  puts("}");
  fflush(stdout);
}

void phone_back(struct phone *phone, int64_t moment) {
  struct outage *outage = open_outage();
  phone->back_at = moment;
  if (outage && !outage->first_back) outage->first_back = moment;
}

/* Looks whether everybody is here who still may be. */
void all_here(int64_t moment) {
  struct outage *outage = open_outage();
  if (tally.here + tally.gone < options.count) return;
  stage_is("playing");
  if (outage) end_outage(outage, moment);
}

/* Lines. */

void print_progress(const char *stage) {
  printf("{\"line\": \"progress\", \"stage\": \"%s\", \"joined\": %ld, \"here\": %ld, "
         "\"gone\": %ld, \"taps\": %ld, \"receipts\": %ld, \"ended\": %ld, "
         "\"presences\": %ld}\n",
         stage, tally.joined, tally.here, tally.gone, tally.taps, tally.receipts,
         tally.ended, tally.presences);
  fflush(stdout);
}

static double seconds(int64_t begun, int64_t done) {
  return done ? (double)(done - begun) / 1e9 : 0;
}

static void print_fanouts(void) {
  printf("\"cues\": [");
  for (size_t at = 0; at < fanout_count; at++) {
    struct fanout *fanout = &fanouts[at];
    printf("%s{\"cue\": \"%s\", \"question\": \"%s\", \"step\": %ld, \"phones\": %ld, "
           "\"first_ns\": %ld, \"last_ns\": %ld}",
           at ? ", " : "", fanout->type, fanout->question, fanout->step, fanout->count,
           (long)fanout->first, (long)fanout->last);
  }
  printf("], \"outages\": [");
  for (int at = 0; at < outage_count; at++) {
    if (at) printf(", ");
    print_outage(&outages[at]);
  }
  printf("]");
}

static void print_errors(void) {
  const char *comma = "";
  printf("\"errors\": {");
  for (int at = 0; at < ERRORS && errors[at].count; at++, comma = ", ")
    printf("%s\"%s\": %ld", comma, errors[at].code, errors[at].count);
  const struct { const char *name; long count; } ours[] = {
      {"unasked_receipt", tally.unasked}, {"other_option", tally.other_option},
      {"not_understood", tally.protocol}};
  for (size_t at = 0; at < sizeof ours / sizeof *ours; at++)
    if (ours[at].count) {
      printf("%s\"%s\": %ld", comma, ours[at].name, ours[at].count);
      comma = ", ";
    }
  printf("}, \"closes\": {");
  comma = "";
  for (int code = 0; code < CODES; code++)
    if (tally.closes[code]) {
      printf("%s\"%d\": %ld", comma, code, tally.closes[code]);
      comma = ", ";
    }
  printf("}");
}

static void print_answers(void) {
  printf("\"answers\": {\"taps\": %ld, \"missed\": %ld, \"sent\": %ld, "
         "\"copies\": %ld, \"resent\": %ld, \"receipts\": %ld, \"lost\": %ld, \"accepted\": %ld, \"late\": %ld, "
         "\"refused\": %ld, \"duplicates\": %ld, ",
         tally.taps, tally.meant - tally.taps, tally.sent, tally.copies, tally.resent,
         tally.receipts, tally.taps - tally.receipts, tally.accepted, tally.late,
         tally.refused, tally.duplicates);
  print_samples("receipt", &tally.receipt);
  printf("}");
}

static void print_questions(void) {
  printf("\"questions\": [");
  for (int at = 0; at < question_count; at++) {
    struct question *question = &questions[at];
    printf("%s{\"question\": \"%s\", \"took_s\": %.6f, ", at ? ", " : "", question->id,
           seconds(question->first_tap, question->last_receipt));
    print_samples("receipt", &question->receipt);
    printf("}");
  }
  printf("]");
}

void print_figures(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  printf("{\"line\": \"figures\", \"phones\": %d, \"joined\": %ld, \"here\": %ld, "
         "\"gone\": %ld, \"ended\": %ld, \"lost_links\": %ld, \"dials_failed\": %ld, ",
         options.count, tally.joined, tally.here, tally.gone, tally.ended, tally.lost,
         tally.dials_failed);
  printf("\"join_s\": %.4f, ", seconds(tally.join_begun, tally.join_done));
  print_samples("join", &tally.join);
  printf(", \"connect_s\": %.4f, ", seconds(tally.connect_begun, tally.connect_done));
  print_samples("connect", &tally.connect);
  printf(", ");
  print_answers();
  printf(", ");
  print_questions();
  printf(", ");
  print_fanouts();
  printf(", ");
  print_errors();
  printf(", ");
  print_samples("lateness", &tally.lateness);
  printf(", \"cpu_s\": %.3f}\n",
         (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
             (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
  fflush(stdout);
}
