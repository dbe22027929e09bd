/* links.c - a phone's socket: TCP, the handshake, frames, and coming back (wire §1). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "frames.h"
#include "phones.h"

enum { ROOM = 1 << 18, SLACK = 64, MOST_SAID = 4096, PHONES_PER_ADDRESS = 5000 };

/* As the phone page waits (static/kit/live.js). */
#define FIRST (300 * MS)
#define LONGEST (8 * SECOND)
#define SETTLED (5 * SECOND)
#define DIAL_TIME (8 * SECOND)

/* The sample key of RFC 6455 §1.3 and what it must be answered with. */
static const char KEY[] = "dGhlIHNhbXBsZSBub25jZQ==";
static const char ACCEPT[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

static struct sockaddr_storage server;
static socklen_t server_size;
static int is_loopback, next_to_dial, being_dialled;
static char buffer[ROOM + SLACK];

void links_begin(const char *host, const char *port) {
  struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found;
  int failed = getaddrinfo(host, port, &wanted, &found);
  if (failed) give_up("unreachable", 0, gai_strerror(failed));
  memcpy(&server, found->ai_addr, found->ai_addrlen);
  server_size = found->ai_addrlen;
  struct sockaddr_in *four = (struct sockaddr_in *)&server;
  is_loopback = server.ss_family == AF_INET && ntohl(four->sin_addr.s_addr) >> 24 == 127;
  freeaddrinfo(found);
}

/* A socket for the `which`th phone. Loopback has many addresses: with several of them
 * the kernel need not search long for a free port. */
int new_socket(int which) {
  int one = 1, fd = socket(server.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) give_up("files", errno, strerror(errno));
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (!is_loopback) return fd;
  struct sockaddr_in from = {.sin_family = AF_INET};
  from.sin_addr.s_addr = htonl(0x7f000101u + (uint32_t)(which / PHONES_PER_ADDRESS));
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&from, sizeof from))
    give_up("files", errno, strerror(errno));
  return fd;
}

/* Begins to connect; 0 unless it has failed already. */
int dial_server(int fd) {
  return connect(fd, (struct sockaddr *)&server, server_size) && errno != EINPROGRESS;
}

void dial(struct phone *phone) {
  int which = (int)(phone - phones);
  if (phone->state != IDLE) return;
  phone->fd = new_socket(which);
  phone->state = OPENING;
  phone->dial++;
  phone->dialled = now();
  watch(phone->fd, A_PHONE, which, EPOLLIN | EPOLLOUT, 1);
  later(phone->dialled + DIAL_TIME, GIVE_UP, which, 0);
  if (!phone->was_here) being_dialled++;
  if (dial_server(phone->fd)) lost(phone, 1006);
}

/* The first time, phones connect as fast as the server takes them, some at once. */
void dial_more(void) {
  if (!tally.connect_begun) tally.connect_begun = now();
  while (next_to_dial < options.count && being_dialled < options.at_once)
    dial(&phones[next_to_dial++]);
}

void give_up_dial(struct phone *phone) {
  if (phone->state == OPENING || phone->state == SHAKING || phone->state == GREETING)
    lost(phone, 1006);
}

/* What a phone still does with a link that ended, by wire §1: 0 for nothing. */
static int may_come_back(struct phone *phone, int code) {
  switch (code) {
  case 1000: case 1003: case 4401: case 4403: case 4404: case 4409: case 4413: return 0;
  case 4400: return !phone->faults++;
  }
  return 1;
}

static int64_t wait_after(struct phone *phone, int code) {
  int64_t ceiling = FIRST << (phone->tries < 6 ? phone->tries : 6), least = 0;
  if (ceiling > LONGEST) ceiling = LONGEST;
  if (phone->tries && spread_ms * MS > ceiling) ceiling = spread_ms * MS;
  if (phone->tries < 6) phone->tries++;
  if (code == 1012) least = 200 * MS;
  if (code == 4400) least = 4 * SECOND;
  if (code == 4429) least = 5 * SECOND;
  return least + (int64_t)(chance() * (double)(ceiling > least ? ceiling : least));
}

void lost(struct phone *phone, int code) {
  int64_t moment = now();
  int was_live = phone->state == LIVE;
  if (!phone->was_here) being_dialled--;
  close(phone->fd);
  free(phone->rest);
  phone->rest = NULL;
  phone->rest_length = 0;
  phone->state = IDLE;
  if (was_live || code != 1006) tally.closes[code]++;
  if (was_live) {
    tally.here--;
    tally.lost++;
    if (moment - phone->live_since > SETTLED) phone->tries = 0;
  } else tally.dials_failed++;
  if (may_come_back(phone, code)) {
    if (was_live) phone_lost(phone, moment);
    later(moment + wait_after(phone, code), DIAL, (int)(phone - phones), 0);
  } else {
    phone->state = GONE;
    tally.gone++;
    all_here(moment);
  }
}

/* Says one message. What a socket does not take at once is lost with it: the answer
 * is sent again over the next one. */
void say(struct phone *phone, int opcode, const char *body, size_t length) {
  uint8_t frame[MOST_SAID + FRAME_HEAD], mask[4];
  if (phone->state < GREETING || phone->state > LIVE || length > MOST_SAID) return;
  secret_bytes(mask, sizeof mask);
  size_t size = frame_put(frame, opcode, body, length, mask);
  if (send(phone->fd, frame, size, MSG_NOSIGNAL) != (ssize_t)size)
    shutdown(phone->fd, SHUT_RDWR); /* the loop then reads its end */
}

static void ask_for_socket(struct phone *phone) {
  char text[1024];
  int failed = 0;
  socklen_t size = sizeof failed;
  getsockopt(phone->fd, SOL_SOCKET, SO_ERROR, &failed, &size);
  if (failed) {
    lost(phone, 1006);
    return;
  }
  server_listens(now());
  int length = snprintf(text, sizeof text,
                        "GET /ws/phone HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: %s\r\n\r\n",
                        options.name, KEY);
  phone->state = SHAKING;
  watch(phone->fd, A_PHONE, (int)(phone - phones), EPOLLIN, 0);
  if (send(phone->fd, text, (size_t)length, MSG_NOSIGNAL) != length) lost(phone, 1006);
}

/* The first time that a phone is in the show, another one may dial. */
static void settle_in(struct phone *phone) {
  if (phone->state != LIVE || phone->was_here) return;
  phone->was_here = 1;
  being_dialled--;
}

/* Takes the answer to the handshake; returns its size, 0 while it is on its way. */
static size_t shake(struct phone *phone, size_t length) {
  char text[1536];
  char *end = memmem(buffer, length, "\r\n\r\n", 4);
  if (!end) return 0;
  size_t head = (size_t)(end + 4 - buffer);
  if (memcmp(buffer + 9, "101", 3) || !memmem(buffer, head, ACCEPT, strlen(ACCEPT))) {
    tally.protocol++;
    lost(phone, 1006);
    return head;
  }
  phone->state = GREETING;
  if (options.is_bare) {
    arrived(phone, now());
    settle_in(phone);
    return head;
  }
  int size = snprintf(text, sizeof text,
                      "{\"type\":\"hello\",\"v\":1,\"show\":\"%s\",\"token\":\"%s\"}",
                      options.show, phone->token);
  say(phone, FRAME_TEXT, text, (size_t)size);
  return head;
}

static void take_frame(struct phone *phone, const struct frame *frame, int64_t came) {
  const uint8_t *body = (const uint8_t *)frame->body;
  if (frame->opcode == FRAME_PING) say(phone, FRAME_PONG, frame->body, frame->length);
  else if (frame->opcode == FRAME_CLOSE) {
    int code = frame->length < 2 ? 1005 : body[0] << 8 | body[1];
    say(phone, FRAME_CLOSE, frame->body, frame->length < 2 ? 0 : 2);
    lost(phone, code < CODES ? code : 1005);
  } else if (frame->opcode == FRAME_TEXT && frame->is_final) {
    heard(phone, frame->body, frame->length, came);
    settle_in(phone);
  } else if (frame->opcode != FRAME_PONG) tally.protocol++;
}

/* Takes the whole frames that lie in the buffer from `at` on; returns where it ends. */
static size_t unpack(struct phone *phone, size_t at, size_t length, int64_t came) {
  struct frame frame;
  while (phone->state >= GREETING && phone->state <= LIVE) {
    long size = frame_take(buffer + at, length - at, &frame);
    if (size == 0) break;
    if (size < 0) {
      tally.protocol++;
      lost(phone, 1006);
      break;
    }
    at += (size_t)size;
    take_frame(phone, &frame, came);
  }
  return at;
}

static void keep(struct phone *phone, const char *rest, size_t length) {
  if (length) {
    phone->rest = room_for(phone->rest, length);
    memcpy(phone->rest, rest, length);
  }
  phone->rest_length = length;
}

void link_event(struct phone *phone) {
  if (phone->state == OPENING) {
    ask_for_socket(phone);
    return;
  }
  if (phone->state == IDLE || phone->state == GONE) return;
  size_t length = phone->rest_length, at = 0;
  if (length) memcpy(buffer, phone->rest, length);
  ssize_t got = recv(phone->fd, buffer + length, ROOM - length, 0);
  int64_t came = now();
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    lost(phone, 1006);
    return;
  }
  length += (size_t)got;
  if (phone->state == SHAKING) at = shake(phone, length);
  at = unpack(phone, at, length, came);
  if (phone->state != IDLE && phone->state != GONE) keep(phone, buffer + at, length - at);
}
