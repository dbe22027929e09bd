/* powercut.c - what would be left on the disk if the power went now.
 *
 * Loaded before libc (LD_PRELOAD). Files in $POWERCUT_WATCH are mirrored to
 * $POWERCUT_IMAGE only when they are synced: after each fsync or fdatasync that
 * returns 0 the file is copied whole, under another name first, so that the
 * image is what had reached the disk whenever the process is killed. Removing
 * and renaming are mirrored at once (a journal that came back from the dead
 * would undo the transaction after it). What was written and never synced is
 * not in the image: that is the point.
 *
 * While $POWERCUT_FAIL exists every sync of a watched file fails with EIO.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH = 4096 };

static int real_fsync(int fd) {
  static int (*call)(int);
  if (!call) call = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return call(fd);
}

static int real_fdatasync(int fd) {
  static int (*call)(int);
  if (!call) call = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return call(fd);
}

static int real_unlink(const char *path) {
  static int (*call)(const char *);
  if (!call) call = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  return call(path);
}

static int real_rename(const char *from, const char *to) {
  static int (*call)(const char *, const char *);
  if (!call) call = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
  return call(from, to);
}

/* Writes the image's path of a watched file to `image`; 0 when not watched. */
static int image_of(const char *path, char *image) {
  const char *watch = getenv("POWERCUT_WATCH"), *into = getenv("POWERCUT_IMAGE");
  if (!watch || !into || strncmp(path, watch, strlen(watch))) return 0;
  const char *name = strrchr(path, '/');
  return snprintf(image, PATH, "%s%s", into, name) < PATH - 8;
}

static void copy(int fd, const char *image) {
  char part[PATH + 8], bytes[1 << 16];
  snprintf(part, sizeof part, "%s.part", image);
  int out = open(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (out < 0) abort();
  off_t at = 0;
  for (ssize_t got; (got = pread(fd, bytes, sizeof bytes, at)) > 0; at += got)
    if (write(out, bytes, got) != got) abort();
  close(out);
  if (real_rename(part, image)) abort();
}

static int mirrored(int fd, int (*sync)(int)) {
  char link[64], path[PATH], image[PATH];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size <= 0) return sync(fd);
  path[size] = 0;
  struct stat status;
  if (fstat(fd, &status) || !S_ISREG(status.st_mode) || !image_of(path, image))
    return sync(fd);
  const char *fail = getenv("POWERCUT_FAIL");
  if (fail && !access(fail, F_OK)) {
    errno = EIO;
    return -1;
  }
  int result = sync(fd);
  if (result == 0) copy(fd, image);
  return result;
}

int fsync(int fd) { return mirrored(fd, real_fsync); }

int fdatasync(int fd) { return mirrored(fd, real_fdatasync); }

int unlink(const char *path) {
  char image[PATH];
  int result = real_unlink(path);
  if (result == 0 && image_of(path, image)) real_unlink(image);
  return result;
}

int rename(const char *from, const char *to) {
  char old[PATH], new[PATH];
  int result = real_rename(from, to);
  if (result == 0 && image_of(from, old) && image_of(to, new)) real_rename(old, new);
  return result;
}
