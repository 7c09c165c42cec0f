#!/bin/sh
# The locks must be what scripts/lock.sh would write.
set -eu
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp requirements/*.txt "$copy/"
sh scripts/lock.sh "$1" "$copy"
for lock in build runtime analytics dev; do
  diff -q "requirements/$lock.txt" "$copy/$lock.txt" >/dev/null || { echo "requirements/$lock.txt is out of date: run make lock" >&2; exit 1; }
done
