/* links.c - the phones' sockets: TCP, the handshake, frames (RFC 6455). */
#define _GNU_SOURCE
#include "phones.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "../../../quizserver/rehearsal/phones/frames.h"
#include "lab.h"

enum { ROOM = 1 << 16, TEXT = 4096, EVENTS = 256 };
#define TIMER UINT64_MAX

struct tally tally;
static struct sockaddr_in server;
static const char *show;
static int poll_fd;
static struct epoll_event events[EVENTS];

void dial(struct phone *phone, int slot) {
  struct link *link = &phone->links[slot];
  struct sockaddr_in from = {.sin_family = AF_INET};
  inet_pton(AF_INET, phone->address, &from.sin_addr);
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (fd < 0) fail("socket");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&from, sizeof from)) fail("bind");
  if (connect(fd, (struct sockaddr *)&server, sizeof server) && errno != EINPROGRESS)
    fail("connect");
  free(link->in);
  *link = (struct link){fd, OPENING, 0, malloc(ROOM)};
  phone->current = slot;
  uint64_t mark = (uint64_t)(phone - phones) * 2 + (unsigned)slot;
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u64 = mark};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
}

void hang_up(struct link *link) {
  if (link->state == CLOSED) return;
  close(link->fd);
  link->state = CLOSED;
}

/* Says one frame. The mask is zero so that path.c can read what goes by. */
void say(struct link *link, int opcode, const char *text, size_t length) {
  static const uint8_t no_mask[4];
  uint8_t frame[TEXT + FRAME_HEAD];
  if (link->state < SHAKING) return;
  size_t size = frame_put(frame, opcode, text, length, no_mask);
  if (send(link->fd, frame, size, MSG_NOSIGNAL) != (ssize_t)size) tally.errors++;
}

static void closed_with(const char *body) {
  int code = (uint8_t)body[0] << 8 | (uint8_t)body[1];
  if (code < CODES) tally.codes[code]++;
}

/* Takes whole frames off the link's bytes. */
static void unpack(struct phone *phone, struct link *link, int64_t came) {
  struct frame frame;
  int at = 0;
  while (link->state >= GREETING) {
    long size = frame_take(link->in + at, (size_t)(link->length - at), &frame);
    if (size < 0) fail("a frame against the rules");
    if (!size) break;
    at += (int)size;
    const char *body = frame.body;
    if (frame.opcode == FRAME_PING) pinged(phone, link, body, frame.length, came);
    else if (frame.opcode == FRAME_CLOSE && frame.length >= 2) closed_with(body);
    else if (frame.opcode == FRAME_TEXT) heard(phone, link, body, frame.length, came);
  }
  if (link->state == CLOSED) return;
  link->length -= at;
  memmove(link->in, link->in + at, (size_t)link->length);
}

static void shake(struct phone *phone, struct link *link) {
  char text[1024];
  char *end = memmem(link->in, (size_t)link->length, "\r\n\r\n", 4);
  if (!end) return;
  if (memcmp(link->in + 9, "101", 3)) fail("no WebSocket");
  int head = (int)(end + 4 - link->in);
  link->length -= head;
  memmove(link->in, link->in + head, (size_t)link->length);
  link->state = GREETING;
  int length = snprintf(text, sizeof text,
                        "{\"type\":\"hello\",\"v\":1,\"show\":\"%s\",\"token\":\"%s\"}",
                        show, phone->token);
  say(link, FRAME_TEXT, text, (size_t)length);
}

static void ask_for_socket(struct phone *phone, struct link *link, uint64_t mark) {
  char text[512], host[16];
  int failed = 0;
  socklen_t size = sizeof failed;
  getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &failed, &size);
  if (failed) {
    hang_up(link);
    later(phone, CONNECT, now() + 500000000);
    return;
  }
  inet_ntop(AF_INET, &server.sin_addr, host, sizeof host);
  int length = snprintf(text, sizeof text,
                        "GET /ws/phone HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                        host, ntohs(server.sin_port));
  if (send(link->fd, text, (size_t)length, MSG_NOSIGNAL) != length) tally.errors++;
  link->state = SHAKING;
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = mark};
  epoll_ctl(poll_fd, EPOLL_CTL_MOD, link->fd, &event);
}

static void ended(struct phone *phone, struct link *link) {
  int was_current = link == &phone->links[phone->current];
  hang_up(link);
  if (!was_current) {
    tally.replaced++;
    return;
  }
  tally.lost++;
  later(phone, CONNECT, now() + 500000000);
}

static void readable(struct phone *phone, struct link *link) {
  ssize_t got = recv(link->fd, link->in + link->length, (size_t)(ROOM - link->length), 0);
  int64_t came = now();
  if (got == 0 || (got < 0 && errno != EAGAIN)) {
    ended(phone, link);
    return;
  }
  if (got < 0) return;
  int late_acks = 0;
  if (phone->kind == HOLDER || phone->kind == SILENT)
    setsockopt(link->fd, IPPROTO_TCP, TCP_QUICKACK, &late_acks, sizeof late_acks);
  link->length += (int)got;
  if (link->state == SHAKING) shake(phone, link);
  if (link->state >= GREETING) unpack(phone, link, came);
}

/* Opens the place where sockets are waited for. */
void links_open(const char *address, int port, const char *show_code) {
  server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  if (inet_pton(AF_INET, address, &server.sin_addr) != 1) fail(address);
  show = show_code;
  poll_fd = epoll_create1(0);
}

void links_watch(int timer) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = TIMER};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer, &event);
}

int links_wait(void) { return epoll_wait(poll_fd, events, EVENTS, -1); }

void links_take(int at) {
  uint64_t mark = events[at].data.u64;
  if (mark == TIMER) return;
  struct phone *phone = &phones[mark / 2];
  struct link *link = &phone->links[mark & 1];
  if (link->state == OPENING) ask_for_socket(phone, link, mark);
  else if (link->state != CLOSED) readable(phone, link);
}
