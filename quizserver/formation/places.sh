# Where the formation keeps what it needs; read by the scripts beside this one.
DATA=$(mkdir -p "${QUIZ_DATA_DIR:-data}" && cd "${QUIZ_DATA_DIR:-data}" && pwd -P)
# A socket's path must be short, whatever folder the checkout is in.
SOCKETS=/tmp/quizserver-$(id -u)-$(printf %s "$DATA" | cksum | cut -d " " -f 1)
DATABASE_URL="postgresql://quiz@/quiz?host=$SOCKETS"
REDIS_URL="unix://$SOCKETS/redis.sock"

# Runs a program of PostgreSQL as somebody whom it lets: it refuses root.
as_owner() {
  if [ "$(id -u)" -ne 0 ]; then "$@"; else runuser -u "$OWNER" -- "$@"; fi
}

OWNER=$(id -un)
if [ "$(id -u)" -eq 0 ]; then
  OWNER=postgres
  id "$OWNER" >/dev/null 2>&1 || OWNER=nobody
fi

# Debian keeps PostgreSQL's programs by version, out of the path.
for bin in /usr/lib/postgresql/*/bin; do
  [ -d "$bin" ] && PATH=$bin:$PATH
done
