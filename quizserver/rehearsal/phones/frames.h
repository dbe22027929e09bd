/* frames.h - WebSocket frames (RFC 6455 §5): ours with a mask, the server's without. */
#ifndef FRAMES_H
#define FRAMES_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { FRAME_TEXT = 1, FRAME_CLOSE = 8, FRAME_PING = 9, FRAME_PONG = 10 };
enum { FRAME_HEAD = 8, FRAME_LONGEST = 1 << 17 };

struct frame {
  int opcode, is_final;
  const char *body;
  size_t length;
};

/* Writes a whole message of less than 64 KiB; returns its size. `to` has room for
 * FRAME_HEAD bytes more than the message. */
static inline size_t frame_put(uint8_t *to, int opcode, const char *body, size_t length,
                               const uint8_t mask[4]) {
  size_t head = 2;
  to[0] = (uint8_t)(0x80 | opcode);
  to[1] = (uint8_t)(0x80 | (length < 126 ? length : 126));
  if (length >= 126) {
    to[2] = (uint8_t)(length >> 8);
    to[3] = (uint8_t)length;
    head = 4;
  }
  memcpy(to + head, mask, 4);
  head += 4;
  for (size_t at = 0; at < length; at++) to[head + at] = (uint8_t)body[at] ^ mask[at & 3];
  return head + length;
}

/* Reads a frame that begins at `from`; returns its size, 0 when it has not come whole,
 * -1 when it breaks the rules or is longer than any that a server of ours sends. */
static inline long frame_take(const char *from, size_t length, struct frame *frame) {
  const uint8_t *head = (const uint8_t *)from;
  size_t skip = 2, size;
  if (length < 2) return 0;
  if (head[0] & 0x70 || head[1] & 0x80) return -1;
  size = head[1];
  if (size == 126) skip = 4;
  if (size == 127) skip = 10;
  if (length < skip) return 0;
  if (skip > 2) size = 0;
  for (size_t at = 2; at < skip; at++) size = size << 8 | head[at];
  if (size > FRAME_LONGEST) return -1;
  if (length < skip + size) return 0;
  *frame = (struct frame){head[0] & 15, head[0] >> 7, from + skip, size};
  return (long)(skip + size);
}
#endif
