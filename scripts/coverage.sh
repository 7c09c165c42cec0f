#!/bin/sh
# Branch coverage of the rules, the services, the ledger and the X12 codec: at least 95 %, also of their lines.
# Only they are traced, and the judges that read thousands of files rest: they run the same branches again and again.
set -eu
python="$1"
folder=var/coverage
mkdir -p "$folder"
{
  printf '[run]\nbranch = True\ninclude =\n'
  "$python" scripts/coverage_rooms.py measured | sed 's/^/    /'
} > "$folder/rc"
# The same examples each time, so that the number falls only when tests or code change.
export CI=true COVERAGE_FILE="$folder/data"
"$python" -m pytest -q -n "${XDIST:-2}" --dist loadgroup --cov --cov-config="$folder/rc" --cov-report= \
  --ignore=tests/unit/x12/test_x12_judges.py --ignore=tests/unit/x12/test_x12_faults.py \
  --ignore=tests/unit/x12/test_x12_memory.py --deselect=tests/unit/x12/test_x12_mutations.py::test_damage_is_told \
  tests/unit tests/integration
"$python" -m coverage json -q --rcfile="$folder/rc" -o "$folder/report.json"
"$python" scripts/coverage_rooms.py judge "$folder/report.json" 95
