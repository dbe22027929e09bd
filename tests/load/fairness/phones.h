/* phones.h - what a phone is; phones.c is its owner and page, links.c its sockets. */
#ifndef PHONES_H
#define PHONES_H
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

enum { PONG = 4, CODES = 5000 };

enum kind {
  HONEST,   /* as the page is */
  EDITED,   /* the page, edited: claims 0 ms */
  HOLDER,   /* a client of its own: holds pongs 600 ms, claims 0 */
  SILENT,   /* as HOLDER, and says nothing between the question and its tap */
  BOXED,    /* a network box that holds acknowledgements back (path.c), claims 0 */
  MOVER,    /* drops its socket in mid-question and answers over a new one */
  SECOND,   /* takes a second device with the same token in mid-question */
  EARLY,    /* sends before the question opens, replays old and stolen nonces */
  BLIND,    /* honest about its time, but taps at random without reading */
};
enum what { CONNECT, PAINT, TAP, SEND, COPY, HELD, MOVE, SNEAK };
enum state { CLOSED, OPENING, SHAKING, GREETING, LIVE };

struct planned { int64_t react, render, script, noise; int32_t option, spare; };
struct done {
  int32_t phone, question;
  int64_t arrived, painted, tapped, sent;
  int32_t claimed, option;
};
struct link {
  int fd, state, length;
  char *in;
};
struct phone {
  int kind, trait, current, asked, waits_to_send, was_here;
  char address[16], token[256], question[64], nonce[64], old_nonce[64];
  struct link links[2];
  struct done tap;
};

extern struct phone *phones;
extern struct tally { long errors, replaced, lost, codes[CODES]; } tally;

/* phones.c: what is due later, and what a phone does with what it hears. */
void later(struct phone *phone, enum what what, int64_t at);
void heard(struct phone *phone, struct link *link, const char *text, size_t length,
           int64_t came);
void pinged(struct phone *phone, struct link *link, const char *text, size_t length,
            int64_t came);

/* links.c: sockets and WebSocket frames. */
void links_open(const char *address, int port, const char *show);
void links_watch(int timer);
int links_wait(void);
void links_take(int at);
void dial(struct phone *phone, int slot);
void hang_up(struct link *link);
void say(struct link *link, int opcode, const char *text, size_t length);

#endif
