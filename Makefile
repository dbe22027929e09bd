# One command to run the server, one to test it. Both start from a bare checkout:
# `make run` needs Python 3.11 or newer and make; `make test` gets the rest itself.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  && { echo $$python; exit; }; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --no-config \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
# Four files of browser tests at a time, in the order of tests/e2e/conftest.py.
SIDE_BY_SIDE := -n 4 --dist loadfile --no-loadscope-reorder
# Where every branch is covered; counting them takes the other tests a third longer.
COVERED := tests/unit/domain tests/unit/wire tests/unit/live
LOOKS := tests/e2e/overlays/test_broadcast.py tests/e2e/overlays/test_shapes.py \
	tests/e2e/overlays/test_goldens.py tests/e2e/phone/test_phone_states.py \
	tests/e2e/host/test_layout.py tests/e2e/overlays/test_heap.py
ARGS ?=
MINUTES ?= 60
URL ?=

.NOTPARALLEL:
.PHONY: run formation test system lint types unit e2e looks faults chaos mutations shots \
	bench ledgers scale load lab budgets lock clean

run: $(VENV)/runtime.stamp
	@$(BIN)/python -m quizserver serve --samples $(ARGS)

# Two server processes with a Redis and a PostgreSQL of their own in data/.
formation: $(VENV)/runtime.stamp
	@sh quizserver/formation/run.sh Procfile

# Faults go two at a time; those that look at when things happen, alone.
test: system lint types
	@$(BIN)/python -m pytest $(COVERED) -n 2 --cov $(ARGS)
	@$(BIN)/python -m pytest tests/unit tests/protocol -n 3 \
	  $(COVERED:%=--ignore=%) $(ARGS)
	@$(BIN)/python -m pytest tests/faults -m "not long and not quiet" \
	  -n 2 --dist loadgroup $(ARGS)
	@$(BIN)/python -m pytest tests/faults -m "not long and quiet" $(ARGS)
	@$(BIN)/python -m pytest tests/e2e $(SIDE_BY_SIDE) $(ARGS)

system:
	@sh tests/system_packages.sh

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check --quiet . || \
	  { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-logo

# Side by side: each takes one processor.
types: $(VENV)/dev.stamp
	@$(BIN)/mypy & mypy=$$!; $(BIN)/basedpyright; other=$$?; \
	  wait $$mypy && exit $$other

unit: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest tests/unit $(ARGS)

e2e: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest tests/e2e $(SIDE_BY_SIDE) $(ARGS)

# Every look: overlay × sample × layout × language, phone and panel × language × light.
# `make test` holds each of them to the same, in each language and in each light once.
# And what a thousand changes leave of an overlay's memory.
looks: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest $(LOOKS) -m "not shots" $(SIDE_BY_SIDE) $(ARGS)

# The fault tests and a million times at length; `make test` has their short forms.
faults: system $(VENV)/dev.stamp
	@CHAOS_MINUTES=10 $(BIN)/python -m pytest tests/faults \
	  tests/unit/reports/test_million.py -m long -s $(ARGS)

# An hour of faults for the overlays, with a look at each of them every second.
chaos: system $(VENV)/dev.stamp
	@CHAOS_MINUTES=$(MINUTES) $(BIN)/python -m pytest \
	  tests/faults/test_server_overlays.py -m long -s $(ARGS)

# Seeds defects, one at a time, in a copy: each must turn its test red.
mutations: system $(VENV)/dev.stamp
	@$(BIN)/python -m tests.faults.mutations $(ARGS)

# The pictures of the README, from a show played in a real browser.
shots: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest tests/e2e -m shots $(ARGS)

# The server beside a floor in C and bare peers (ten minutes), and a whole show of 18,000
# phones (three). How costs grow: make bench ARGS="--growth 1000,2000,5000,10000,19000"
bench: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.load.bench $(ARGS)

# What a durable answer costs on SQLite and on PostgreSQL.
ledgers: system $(VENV)/dev.stamp
	@$(BIN)/python -m pytest tests/load/test_ledger_rates.py -m load -s $(ARGS)

# The plan to a million viewers, computed from measured costs.
scale: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.load.scale $(ARGS)

# How soon phone and overlay show and answer, in a throttled browser.
budgets: $(VENV)/dev.stamp
	@$(BIN)/python -m pytest tests/load/test_face_budgets.py -m load -s $(ARGS)

# How many phones it carries: a server started for it, or one that runs:
# make load URL=http://127.0.0.1:8000 ARGS="--show CCHC1 --phones 5000"
load: $(VENV)/runtime.stamp
	@$(BIN)/python -m quizserver loadtest $(URL) $(ARGS)

# Who was really the fastest, on emulated networks; needs root. A full run takes 25
# minutes: make lab ARGS="--phones 1000 --cheats 30 --blind 40 --questions 100"
lab: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.load.fairness.lab $(ARGS)

$(VENV)/runtime.stamp: requirements.lock | $(VENV)/bin/python
	@echo "Installing what quizserver needs into $(VENV) ..."
	@$(PIP) install -qq --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/bin/python
	@echo "Installing what the tests need into $(VENV) ..."
	@$(PIP) install -qq --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "quizserver needs Python 3.11 or newer, and $(PYTHON) was not found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "quizserver needs Python 3.11 or newer; this is $$($(PYTHON) --version)." \
	    "Name another one: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make virtual environments;" \
	    "on Debian and Ubuntu run: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# New pins within the bounds of pyproject.toml. Names no registry: pip's own
# configuration says where packages come from.
lock: $(VENV)/dev.stamp
	@$(PIP) install -qq "$$($(call from_pyproject,p["dependency-groups"]["lock"]))"
	@CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --extra postgres \
	  --output-file requirements.lock pyproject.toml
	@mkdir -p build
	@$(call from_pyproject,p["project"]["dependencies"] \
	  + p["project"]["optional-dependencies"]["postgres"] \
	  + p["dependency-groups"]["test"] \
	  + [d for d in p["dependency-groups"]["dev"] if isinstance(d$(comma) str)]) \
	  > build/dev.in
	@CUSTOM_COMPILE_COMMAND="make lock" $(LOCK) --no-annotate \
	  --constraint requirements.lock \
	  --output-file requirements-dev.lock build/dev.in

comma := ,
from_pyproject = $(BIN)/python -c 'import tomllib; \
	  p = tomllib.load(open("pyproject.toml", "rb")); print(*($1), sep="\n")'

# Everything that make made; the shows in data/ stay.
clean:
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache .coverage
	@find quizserver tests -name __pycache__ -type d -prune -exec rm -rf {} +
