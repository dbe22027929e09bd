/* joining.c - everybody registers: POST over a few kept connections (wire §2). */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "phones.h"

enum { ROOM = 16384 };
#define PATIENCE (4 * SECOND) /* how long nobody may be let in */

static struct caller {
  int fd, person, is_open; /* `person`: who is being registered, -1: nobody */
  int64_t asked;
  size_t length;
  char in[ROOM];
} *callers;
static char **people; /* bodies of the calls, one a line */
static int people_count, next_person;
static int64_t failing_since;

static void read_people(void) {
  FILE *file = fopen(options.people, "r");
  char *line = NULL;
  size_t room = 0;
  if (!file) give_up("people", errno, strerror(errno));
  for (ssize_t size; (size = getline(&line, &room, file)) > 1;) {
    line[size - 1] = 0;
    people = room_for(people, sizeof *people * (size_t)(people_count + 1));
    people[people_count++] = strdup(line);
  }
  free(line);
  fclose(file);
  if (!people_count) give_up("people", 0, "nobody");
}

static void hang_up(struct caller *caller) {
  if (caller->fd >= 0) close(caller->fd);
  caller->fd = -1;
  caller->is_open = 0;
  caller->length = 0;
}

/* Tries again soon, unless nobody has been let in for long. */
static void call_again(struct caller *caller, const char *why, int status, const char *said) {
  int64_t moment = now();
  if (!failing_since) failing_since = moment;
  if (moment - failing_since > PATIENCE) give_up(why, status, said);
  hang_up(caller);
  later(moment + 100 * MS, ASK, (int)(caller - callers), 0);
}

static void call_failed(struct caller *caller, int reason) {
  call_again(caller, "unreachable", reason, strerror(reason));
}

static void send_form(struct caller *caller) {
  char text[8192];
  const char *body = people[caller->person % people_count];
  int size = snprintf(text, sizeof text,
                      "POST /api/shows/%s/participants HTTP/1.1\r\nHost: %s\r\n"
                      "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                      options.show, options.name, strlen(body), body);
  if (size >= (int)sizeof text) give_up("people", 0, "a form is too long");
  if (send(caller->fd, text, (size_t)size, MSG_NOSIGNAL) != size) call_failed(caller, errno);
}

/* Registers the caller's person, or the next one. */
void caller_ask(int which) {
  struct caller *caller = &callers[which];
  if (caller->person < 0) {
    if (next_person == options.count) {
      hang_up(caller);
      return;
    }
    caller->person = next_person++;
    caller->asked = now();
  }
  if (caller->is_open) {
    send_form(caller);
    return;
  }
  caller->fd = new_socket(which);
  watch(caller->fd, A_CALLER, which, EPOLLIN | EPOLLOUT, 1);
  if (dial_server(caller->fd)) call_failed(caller, errno);
}

/* Returns the body of a whole answer, or NULL while it is on its way. */
static char *whole_body(struct caller *caller) {
  caller->in[caller->length] = 0;
  char *head = strstr(caller->in, "\r\n\r\n");
  if (!head) return NULL;
  char *body = head + 4, *end = caller->in + caller->length;
  char *size = strcasestr(caller->in, "\r\ncontent-length:");
  if (size && size < head) return end - body >= atol(size + 17) ? body : NULL;
  return end - body >= 5 && !memcmp(end - 5, "0\r\n\r\n", 5) ? body : NULL;
}

static void seated(struct caller *caller, const char *body) {
  char token[1024];
  if (!word(body, strlen(body), "\"token\":\"", token, sizeof token))
    give_up("no_token", 0, body);
  phones[caller->person].token = strdup(token);
  caller->person = -1;
  failing_since = 0;
  tally.joined++;
  tally.join_done = now();
  sample(&tally.join, tally.join_done - caller->asked);
  if (tally.joined == options.count) stage_is("connecting");
}

static void answered(struct caller *caller) {
  char *body = whole_body(caller);
  int which = (int)(caller - callers), status = atoi(caller->in + 9);
  if (!body) return;
  if (status == 429 || status == 503) {
    call_again(caller, "refused", status, body);
    return;
  }
  if (status != 200 && status != 201) give_up("refused", status, body);
  int ends = strcasestr(caller->in, "\r\nconnection: close") != NULL;
  seated(caller, body);
  caller->length = 0;
  if (ends) hang_up(caller);
  caller_ask(which);
}

void caller_event(int which) {
  struct caller *caller = &callers[which];
  if (caller->fd < 0) return;
  if (!caller->is_open) {
    int failed = 0;
    socklen_t size = sizeof failed;
    getsockopt(caller->fd, SOL_SOCKET, SO_ERROR, &failed, &size);
    if (failed) {
      call_failed(caller, failed);
      return;
    }
    caller->is_open = 1;
    watch(caller->fd, A_CALLER, which, EPOLLIN, 0);
    send_form(caller);
    return;
  }
  ssize_t got = recv(caller->fd, caller->in + caller->length, ROOM - 1 - caller->length, 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    call_failed(caller, got ? errno : ECONNRESET);
    return;
  }
  caller->length += (size_t)got;
  answered(caller);
}

void joining_begin(void) {
  int count = options.joiners < options.count ? options.joiners : options.count;
  if (options.is_bare) {
    tally.joined = options.count;
    stage_is("connecting");
    return;
  }
  read_people();
  callers = room_for(NULL, sizeof *callers * (size_t)count);
  tally.join_begun = now();
  for (int which = 0; which < count; which++) {
    callers[which] = (struct caller){.fd = -1, .person = -1};
    caller_ask(which);
  }
}
