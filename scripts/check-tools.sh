#!/bin/sh
# One clear line for each tool that is missing.
python="$1"
missing=0
say() { echo "medguild: $1" >&2; missing=1; }
command -v "$python" >/dev/null 2>&1 || say "python3 is missing: apt-get install python3 python3-venv"
if command -v "$python" >/dev/null 2>&1; then
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || say "Python 3.11 or newer is needed; set PYTHON=python3.11"
  "$python" -c 'import ensurepip, venv' 2>/dev/null || say "Python's venv is missing: apt-get install python3-venv"
fi
command -v node >/dev/null 2>&1 || say "node is missing: apt-get install nodejs"
command -v npm >/dev/null 2>&1 || say "npm is missing: apt-get install npm"
exit $missing
