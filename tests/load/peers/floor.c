/* floor.c - the least that a server of phones can cost: one epoll loop, nothing kept.
 *
 *   floor PORT      on 127.0.0.1, until it is ended
 *
 * Speaks as the other peers here do: `GO text` has the text told to everybody who is
 * connected; any other text is an answer and gets a receipt at once. It checks nothing
 * and stores nothing, so no server in any language does less.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROOM = 1 << 17, EVENTS = 512, BACKLOG = 4096, LONGEST = 65000 };

static struct link {
  char *in, *out; /* what has not come whole; what the socket did not take */
  uint32_t in_length, out_length;
  uint8_t is_here, is_open;
} *links;
static int most, highest, poll_fd;

/* SHA-1 (RFC 3174) of one short text of less than 120 bytes. */
static void sha1(const uint8_t *text, size_t length, uint8_t digest[20]) {
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  uint8_t whole[128] = {0};
  size_t blocks = length + 9 > 64 ? 2 : 1;
  memcpy(whole, text, length);
  whole[length] = 0x80;
  for (int at = 0; at < 8; at++)
    whole[blocks * 64 - 1 - (size_t)at] = (uint8_t)((uint64_t)length * 8 >> 8 * at);
  for (size_t block = 0; block < blocks; block++) {
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (size_t at = 0; at < 16; at++) {
      const uint8_t *from = whole + block * 64 + at * 4;
      w[at] = (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 |
              from[3];
    }
    for (int at = 16; at < 80; at++) {
      uint32_t x = w[at - 3] ^ w[at - 8] ^ w[at - 14] ^ w[at - 16];
      w[at] = x << 1 | x >> 31;
    }
    for (int at = 0; at < 80; at++) {
      uint32_t f = at < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                   : at < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                   : at < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                             : (b ^ c ^ d) + 0xCA62C1D6;
      uint32_t next = (a << 5 | a >> 27) + f + e + w[at];
      e = d;
      d = c;
      c = b << 30 | b >> 2;
      b = a;
      a = next;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e;
  }
  for (int at = 0; at < 20; at++) digest[at] = (uint8_t)(h[at / 4] >> (24 - 8 * (at % 4)));
}

/* What answers a Sec-WebSocket-Key (RFC 6455 §4.2.2), in base64. */
static void accept_key(const char *key, size_t length, char accepted[29]) {
  static const char letters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint8_t digest[21] = {0};
  char text[100];
  if (length > 60) length = 60;
  memcpy(text, key, length);
  memcpy(text + length, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
  sha1((uint8_t *)text, length + 36, digest);
  for (int from = 0, to = 0; from < 21; from += 3) {
    uint32_t bits = (uint32_t)digest[from] << 16 | (uint32_t)digest[from + 1] << 8 |
                    digest[from + 2];
    for (int at = 0; at < 4; at++) accepted[to++] = letters[bits >> (18 - 6 * at) & 63];
  }
  accepted[27] = '=';
  accepted[28] = 0;
}

static void watch(int fd, int how, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  epoll_ctl(poll_fd, how, fd, &event);
}

static void drop(int fd) {
  if (!links[fd].is_here) return;
  free(links[fd].in);
  free(links[fd].out);
  links[fd] = (struct link){0};
  close(fd);
}

static void put(int fd, const char *from, size_t length) {
  struct link *link = &links[fd];
  ssize_t sent = link->out_length ? 0 : send(fd, from, length, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN) {
      drop(fd);
      return;
    }
    sent = 0;
  }
  if ((size_t)sent == length) return;
  size_t left = length - (size_t)sent;
  link->out = realloc(link->out, link->out_length + left);
  memcpy(link->out + link->out_length, from + sent, left);
  link->out_length += (uint32_t)left;
  watch(fd, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

static size_t frame_head(char *to, int opcode, size_t length) {
  to[0] = (char)(0x80 | opcode);
  to[1] = (char)(length < 126 ? length : 126);
  if (length < 126) return 2;
  to[2] = (char)(length >> 8);
  to[3] = (char)length;
  return 4;
}

static void say(int fd, int opcode, const char *text, size_t length) {
  char frame[300];
  size_t head = frame_head(frame, opcode, length);
  memcpy(frame + head, text, length);
  put(fd, frame, head + length);
}

static void tell(const char *text, size_t length) {
  static char frame[LONGEST + 4];
  if (length > LONGEST) return;
  size_t head = frame_head(frame, 1, length);
  memcpy(frame + head, text, length);
  for (int fd = 0; fd <= highest; fd++)
    if (links[fd].is_open) put(fd, frame, head + length);
}

/* The text behind `key`, up to the next quote; its length is at most 40. */
static int field(const char *text, size_t length, const char *key, const char **found) {
  const char *at = memmem(text, length, key, strlen(key));
  *found = at ? at + strlen(key) : "";
  const char *end = at ? memchr(*found, '"', (size_t)(text + length - *found)) : NULL;
  return end && end - *found <= 40 ? (int)(end - *found) : 0;
}

static void heard(int fd, int opcode, const char *text, size_t length) {
  char receipt[250];
  const char *question, *option;
  if (opcode == 8) {
    drop(fd);
    return;
  }
  if (opcode == 9 && length < 126) say(fd, 10, text, length);
  if (opcode != 1) return;
  if (length > 3 && !memcmp(text, "GO ", 3)) {
    tell(text + 3, length - 3);
    return;
  }
  int question_length = field(text, length, "\"question\":\"", &question);
  int option_length = field(text, length, "\"option\":\"", &option);
  int size = snprintf(receipt, sizeof receipt,
                      "{\"type\":\"receipt\",\"question\":\"%.*s\",\"option\":\"%.*s\","
                      "\"status\":\"accepted\",\"receipt\":\"ABCDEFGH\",\"time_ms\":1234}",
                      question_length, question, option_length, option);
  say(fd, 1, receipt, (size_t)size);
}

static size_t shake(int fd, char *text, size_t length) {
  char *end = memmem(text, length, "\r\n\r\n", 4), answer[256], accepted[29];
  if (!end) return 0;
  size_t head = (size_t)(end + 4 - text);
  text[head - 1] = 0;
  char *key = strcasestr(text, "sec-websocket-key: ");
  if (!key) {
    drop(fd);
    return length;
  }
  key += 19;
  accept_key(key, strcspn(key, "\r\n"), accepted);
  int size = snprintf(answer, sizeof answer,
                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                      "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", accepted);
  links[fd].is_open = 1;
  put(fd, answer, (size_t)size);
  return head;
}

/* Takes whole frames of less than 64 KiB; returns how many bytes they were. */
static size_t unpack(int fd, char *buffer, size_t at, size_t length) {
  while (links[fd].is_open && length - at >= 6) {
    uint8_t *frame = (uint8_t *)buffer + at;
    size_t head = 2, size = frame[1] & 127;
    if (size == 127) {
      drop(fd);
      return length;
    }
    if (size == 126) {
      size = (size_t)frame[2] << 8 | frame[3];
      head = 4;
    }
    if (length - at < head + 4 + size) break;
    uint8_t *mask = frame + head, *body = mask + 4;
    for (size_t byte = 0; byte < size; byte++) body[byte] ^= mask[byte & 3];
    at += head + 4 + size;
    heard(fd, frame[0] & 15, (char *)body, size);
  }
  return at;
}

static void take(int fd) {
  static char buffer[ROOM];
  struct link *link = &links[fd];
  size_t length = link->in_length, at = 0;
  if (length) memcpy(buffer, link->in, length);
  ssize_t got = recv(fd, buffer + length, sizeof buffer - length, 0);
  if (got <= 0) {
    if (got == 0 || errno != EAGAIN) drop(fd);
    return;
  }
  length += (size_t)got;
  if (!link->is_open) at = shake(fd, buffer, length);
  at = unpack(fd, buffer, at, length);
  if (!link->is_here) return;
  free(link->in);
  link->in = NULL;
  link->in_length = (uint32_t)(length - at);
  if (link->in_length) {
    link->in = malloc(link->in_length);
    memcpy(link->in, buffer + at, link->in_length);
  }
}

static void flush(int fd) {
  struct link *link = &links[fd];
  ssize_t sent = send(fd, link->out, link->out_length, MSG_NOSIGNAL);
  if (sent > 0) {
    memmove(link->out, link->out + sent, link->out_length - (size_t)sent);
    link->out_length -= (uint32_t)sent;
  }
  if (!link->out_length) watch(fd, EPOLL_CTL_MOD, EPOLLIN);
}

static void let_in(int listener) {
  int one = 1;
  for (int fd, turn = 0; turn < 64; turn++) {
    fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    if (fd >= most) {
      close(fd);
      continue;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    links[fd] = (struct link){.is_here = 1};
    if (fd > highest) highest = fd;
    watch(fd, EPOLL_CTL_ADD, EPOLLIN);
  }
}

static int listening(int port) {
  int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in at = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)port),
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, BACKLOG)) {
    perror("listen");
    exit(1);
  }
  return fd;
}

int main(int count, char **given) {
  struct epoll_event events[EVENTS];
  struct rlimit files;
  if (count != 2) return 2;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  most = (int)files.rlim_max;
  links = calloc((size_t)most, sizeof *links);
  poll_fd = epoll_create1(0);
  int listener = listening(atoi(given[1]));
  watch(listener, EPOLL_CTL_ADD, EPOLLIN);
  for (;;) {
    int found = epoll_wait(poll_fd, events, EVENTS, -1);
    for (int at = 0; at < found; at++) {
      int fd = events[at].data.fd;
      if (fd == listener) {
        let_in(fd);
        continue;
      }
      if (events[at].events & EPOLLOUT && links[fd].out_length) flush(fd);
      if (events[at].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) take(fd);
    }
  }
}
