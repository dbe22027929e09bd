/* phones.h - what a phone is, and which part does what with it. */
#ifndef PHONES_H
#define PHONES_H
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base.h"

enum state { IDLE, OPENING, SHAKING, GREETING, LIVE, GONE };
enum what { DIAL, GIVE_UP, TAP, COPY, RETRY, ASK, REPORT };
enum { CODES = 5000, QUESTIONS = 250, OPTIONS = 8 };

struct phone {
  char *token, *rest; /* `rest`: bytes of a frame that has not come whole */
  size_t rest_length;
  int64_t dialled, live_since, back_at;
  int32_t outage; /* the last one that it was lost in, 0: none */
  int fd;
  uint16_t dial; /* counts its connections: what was due for an older one is void */
  uint8_t state, tries, faults, was_here, has_ended;
};

/* An answer as its phone knows it; moments in ns, 0: not yet. */
struct tap {
  int64_t opened, tapped, sent, told;
  char nonce[32];
  uint8_t option;
};
struct question {
  char id[64], options[OPTIONS][16];
  int option_count, is_locked;
  struct tap *taps; /* one for each phone */
  struct samples receipt;
  int64_t first_tap, last_receipt;
};

struct timer {
  int64_t at;
  int32_t phone;
  int16_t question;
  uint16_t dial;
  uint8_t what;
};

extern struct options {
  const char *host, *port, *name, *show, *people;
  int count, joiners, at_once, within_ms, least_ms, copies, is_bare;
} options;
extern struct phone *phones;
extern struct question questions[QUESTIONS];
extern int question_count;
extern long spread_ms; /* over how long the server has all come back who lost it */

/* What is counted while it happens; tally.c prints it. */
extern struct tally {
  long joined, here, gone, ended, dials_failed, lost, closes[CODES];
  long meant, taps, sent, copies, resent, receipts, accepted, late, refused, duplicates;
  long presences;
  long unasked, other_option, protocol;
  int64_t join_begun, join_done, connect_begun, connect_done;
  struct samples join, connect, receipt, lateness;
} tally;

/* phones.c: the loop. */
enum mark { A_PHONE, A_CALLER, THE_TIMER, THE_PARENT };
void watch(int fd, enum mark mark, int which, uint32_t events, int is_new);
void stage_is(const char *stage);

/* timers.c: what is due later. */
void later(int64_t at, enum what what, int phone, int question);
int64_t next_due(void);
int take_due(int64_t moment, struct timer *timer);

/* joining.c: registration over HTTP. */
void joining_begin(void);
void caller_event(int which);
void caller_ask(int which);

/* links.c: a phone's socket. */
void links_begin(const char *host, const char *port);
int new_socket(int which);
int dial_server(int fd);
void dial(struct phone *phone);
void dial_more(void);
void give_up_dial(struct phone *phone);
void link_event(struct phone *phone);
void say(struct phone *phone, int opcode, const char *body, size_t length);
void lost(struct phone *phone, int code);

/* playing.c: what a phone does with what it hears. */
void heard(struct phone *phone, const char *text, size_t length, int64_t came);
void arrived(struct phone *phone, int64_t moment);
void fire(struct timer timer, int64_t moment);

/* tally.c: fan-outs, outages and all figures. */
void cue_came(const char *type, const char *question, long step, int64_t came);
void error_came(const char *code);
void phone_lost(struct phone *phone, int64_t moment);
void server_listens(int64_t moment);
void phone_back(struct phone *phone, int64_t moment);
void all_here(int64_t moment);
void print_progress(const char *stage);
void print_figures(void);
#endif
