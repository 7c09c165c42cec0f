# Medguild. `make help` lists what can be done.

PYTHON ?= python3
SIZE ?= medium
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMPS := var/stamps
INSTALL := $(BIN)/python scripts/install.py
XDIST ?= 2

export PORT SIZE

.PHONY: help demo demo-reset test judge test-postgres check analytics bench assets lock lock-check tools clean format coverage bytecode

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

# Python's packages and those of the front end come side by side.
# What learns no-shows comes while the group is loaded; without it the demo says what is missing.
demo: tools ## serve the synthetic group (PORT, SIZE=small|medium|large, MEDGUILD_DATABASE_URL)
	@$(MAKE) --no-print-directory -j2 $(STAMPS)/assets bytecode
	@$(MAKE) --no-print-directory $(STAMPS)/analytics >var/analytics.log 2>&1 &
	@exec env MEDGUILD_DEMO=1 $(BIN)/medguild demo --size $(SIZE) --port $(PORT)

demo-reset: $(STAMPS)/runtime ## forget the synthetic group; the next `make demo` begins anew
	@exec env MEDGUILD_DEMO=1 $(BIN)/medguild demo --reset

test: $(STAMPS)/dev $(STAMPS)/assets bytecode ## run every test
	@sh scripts/ensure-chromium.sh
	$(BIN)/python -m pytest -q -n $(XDIST) --dist loadgroup

judge: $(STAMPS)/dev ## judge 2,000 files of each X12 set by independent libraries, 10,000 faults, files of 200 MB (an hour)
	MEDGUILD_JUDGE_EXAMPLES=2000 $(BIN)/python -m pytest -q -n $(XDIST) tests/unit/x12/test_x12_judges.py \
		tests/unit/x12/test_x12_faults.py tests/unit/x12/test_x12_memory.py

test-postgres: $(STAMPS)/dev $(STAMPS)/assets bytecode ## run the integration tests on Debian's PostgreSQL
	sh scripts/with-debian-postgres.sh $(BIN)/python -m pytest -q -n $(XDIST) tests/integration

check: $(STAMPS)/dev $(STAMPS)/assets lock-check ## lint, types, import contracts, templates, migrations, locks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint src
	$(BIN)/medguild makemigrations --check --dry-run
	@! grep -rIlE 'registry[.]np[m]js|py[p]i[.]org|pythonh[o]sted' --exclude-dir=node_modules --exclude-dir=.venv --exclude-dir=.git --exclude-dir=var . || (echo 'a registry host is named in a file above' && exit 1)

format: $(STAMPS)/dev ## format the code
	$(BIN)/ruff check --fix -q . || true
	$(BIN)/ruff format -q .

coverage: $(STAMPS)/dev $(STAMPS)/assets ## branch coverage of rules, services, ledger and x12 (at least 95 %)
	sh scripts/coverage.sh $(BIN)/python

analytics: $(STAMPS)/analytics ## install what learns no-shows (scikit-learn); restart the worker afterwards

bench: $(STAMPS)/dev $(STAMPS)/assets bytecode ## measure; writes a table and a JSON file under var/
	$(BIN)/python -m bench

assets: $(STAMPS)/assets ## build the front end and the translations

lock: $(STAMPS)/dev ## write the hash-pinned locks anew
	sh scripts/lock.sh $(BIN)/uv requirements

lock-check: $(STAMPS)/dev ## are the locks what pyproject.toml asks for
	sh scripts/lock-check.sh $(BIN)/uv

tools:
	@sh scripts/check-tools.sh $(PYTHON)

clean: ## remove environment, builds and state (the demo's data too)
	@[ ! -x $(BIN)/python ] || $(BIN)/python -c 'from medguild.config import embedded; embedded.remove()' || true
	rm -rf $(VENV) var node_modules src/medguild/foundation/ui/static/medguild/dist

# A stamp and not the interpreter: an environment that was cut off half-way is finished at the next try.
$(STAMPS)/venv: | tools
	@echo "Making the environment ..."
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: requirements/runtime.txt requirements/build.txt pyproject.toml | $(STAMPS)/venv
	@echo "Installing the pinned packages (about a minute) ..."
	@$(INSTALL) requirements/build.txt requirements/runtime.txt
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --no-build-isolation --no-deps -e .
	@mkdir -p $(STAMPS) && touch $@

# Where PYTHONDONTWRITEBYTECODE is set, each process would compile all of it anew: two seconds and more of every start.
bytecode: $(STAMPS)/bytecode
	@$(BIN)/python -m compileall -q src || true

$(STAMPS)/bytecode: $(STAMPS)/runtime
	@$(BIN)/python -m compileall -q $(VENV)/lib || true
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/runtime
	@echo "Installing the pinned tools for tests and checks ..."
	@$(INSTALL) requirements/dev.txt
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/analytics: requirements/analytics.txt $(STAMPS)/runtime
	@echo "Installing the pinned packages that learn ..."
	@$(INSTALL) requirements/analytics.txt
	@mkdir -p $(STAMPS) && touch $@

FRONTEND := $(shell find frontend src/medguild/foundation/ui/static src/medguild/locale -type f -not -path '*/dist/*' -not -name '*.mo' 2>/dev/null)

$(STAMPS)/node: package.json package-lock.json | tools
	@echo "Installing the front-end packages ..."
	@npm ci --loglevel=error --no-audit --no-fund --ignore-scripts=false || \
		(echo 'medguild: the front-end packages could not be installed. Is there a network, and room on the disk?' >&2 && exit 1)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/assets: $(STAMPS)/node $(STAMPS)/runtime $(FRONTEND)
	@echo "Building the front end ..."
	@npm run --silent build
	@$(BIN)/python -m medguild.foundation.ui.messages compile
	@mkdir -p $(STAMPS) && touch $@
