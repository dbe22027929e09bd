#!/bin/sh
# A private PostgreSQL for `make formation`, with its data in the data folder.
set -eu
. "$(dirname "$0")/places.sh"

command -v initdb >/dev/null || {
  echo "PostgreSQL is missing; on Debian and Ubuntu run: apt-get install postgresql" >&2
  exit 1
}
mkdir -p "$SOCKETS" "$DATA/postgres"
chown "$OWNER" "$SOCKETS" "$DATA/postgres"
chmod 700 "$DATA/postgres"
as_owner test -r "$DATA/postgres" || {
  echo "PostgreSQL runs as $OWNER, who cannot reach $DATA/postgres;" \
    "name another folder with QUIZ_DATA_DIR" >&2
  exit 1
}
if [ ! -e "$DATA/postgres/PG_VERSION" ]; then
  as_owner initdb -D "$DATA/postgres" -U quiz -A trust -E UTF8 \
    --no-locale --no-instructions >/dev/null
fi
# Here only, so that the database is there when somebody can connect.
echo "create database quiz template template0" |
  as_owner postgres --single -D "$DATA/postgres" postgres >/dev/null 2>&1 || true
cd /
[ "$(id -u)" -ne 0 ] || set -- runuser -u "$OWNER" --
exec "$@" "$(command -v postgres)" -D "$DATA/postgres" -k "$SOCKETS" \
  -c listen_addresses= -c log_min_messages=fatal -c log_checkpoints=off
