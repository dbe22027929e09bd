#!/bin/sh
# The server's processes of `make formation`, once PostgreSQL and Redis answer.
set -eu
. "$(dirname "$0")/places.sh"

tries=0
until pg_isready -q -h "$SOCKETS" -U quiz -d quiz &&
  redis-cli -s "$SOCKETS/redis.sock" ping >/dev/null 2>&1
do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { echo "PostgreSQL or Redis does not start." >&2; exit 1; }
  sleep 0.1
done
export QUIZ_DATABASE_URL="$DATABASE_URL" QUIZ_REDIS_URL="$REDIS_URL" QUIZ_DATA_DIR="$DATA"
exec .venv/bin/python -m quizserver serve --samples --workers "${WORKERS:-2}" \
  --port "${PORT:-8000}"
