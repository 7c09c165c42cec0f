#!/bin/sh
# Branch coverage of the rules, the services, the ledger and the X12 codec: at least 95 % together.
set -eu
python="$1"
"$python" -m pytest -q -n 2 --dist loadgroup --cov=medguild --cov-branch --cov-report= tests/unit tests/integration
"$python" -m coverage report --skip-covered --fail-under=95 \
  --include='*/rules.py,*/rules/*.py,*_rules.py,*/services.py,*/ledger/*.py,*/x12/*'
