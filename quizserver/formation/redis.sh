#!/bin/sh
# A private Redis for `make formation`: on a socket, nothing kept on the disk.
set -eu
. "$(dirname "$0")/places.sh"

mkdir -p "$SOCKETS"
exec redis-server --port 0 --unixsocket "$SOCKETS/redis.sock" \
  --save "" --appendonly no --logfile "$SOCKETS/redis.log" --dir "$SOCKETS"
