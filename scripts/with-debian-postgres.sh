#!/bin/sh
# Run a command with MEDGUILD_DATABASE_URL pointing to a fresh cluster of Debian's PostgreSQL on a private socket.
set -eu
find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | head -n 1; }
bin=$(find_bin)
if [ -z "$bin" ] || [ ! -x "$bin/postgres" ]; then
  if [ "$(id -u)" = 0 ]; then
    echo "Installing Debian's postgresql ..."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
    bin=$(find_bin)
  else
    echo "medguild: Debian's PostgreSQL is missing: sudo apt-get install postgresql" >&2
    exit 1
  fi
fi
folder=$(mktemp -d "${TMPDIR:-/tmp}/medguild-pg.XXXXXX")
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown nobody "$folder"
  as() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
fi
chmod 700 "$folder"
cleanup() { (cd / && as "$bin/pg_ctl" stop -s -m immediate -D "$folder/data") || true; rm -rf "$folder"; }
trap cleanup EXIT INT TERM
(
  cd /
  as "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
  as "$bin/pg_ctl" start -s -w -D "$folder/data" -l "$folder/log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c max_connections=120 -c fsync=off -c timezone=UTC"
)
"$bin/psql" -h "$folder" -U postgres -d postgres -Atc "select version()" | cut -d' ' -f1,2
MEDGUILD_DATABASE_URL="postgresql://postgres@/medguild?host=$folder" "$@"
