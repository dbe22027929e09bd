#!/bin/sh
# Runs a Procfile: every line is a process; the end of one, or Ctrl-C, ends all, the
# last line first.
set -eu
running=

end() {
  trap '' INT TERM
  trap - EXIT
  for pid in $running; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}
trap end EXIT
trap 'exit 0' INT TERM

while IFS=: read -r name command; do
  [ -n "$command" ] || continue
  # A session of its own: Ctrl-C comes here alone.
  setsid sh -c "exec $command" </dev/null &
  running="$! $running"
done <"$1"

while :; do
  for pid in $running; do
    kill -0 "$pid" 2>/dev/null || exit 1
  done
  sleep 1
done
