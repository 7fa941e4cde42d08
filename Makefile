# Everything a newcomer needs: Python 3.11 or newer and make. `make demo` and `make test` do the rest.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := reconciler providers tests examples

NODE := tests/contract/node

.PHONY: help demo test coverage faults outages check clients format bench clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: set PYTHON=…") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable . --group dev
	@touch $@

demo: $(VENV)/installed  ## the example in the sandbox: plan, apply, drift, repair, rollback
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python examples/demo.py

test: $(VENV)/installed  ## all tests
	$(BIN)/pytest --numprocesses=auto

coverage: $(VENV)/installed  ## all tests, with the coverage of the core: a third slower
	$(BIN)/pytest --numprocesses=auto --cov=reconciler --cov-report=term:skip-covered

faults: $(VENV)/installed  ## kill it at every step, lose answers, fill the disk, compete: all of it, an hour or so
	RECONCILER_FAULTS=all $(BIN)/pytest --quiet --numprocesses=auto tests/functional/test_two_at_once.py tests/lifecycle/test_laws*.py tests/faults

check: $(VENV)/installed  ## style, types, and which room may know which
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/mypy tests examples
	$(BIN)/lint-imports --no-cache

clients: $(NODE)/node_modules/installed  ## Node packages that tests need: the services' own clients, an editor's language server

$(NODE)/node_modules/installed: $(NODE)/package-lock.json
	cd $(NODE) && npm ci --silent --no-audit --no-fund
	@touch $@

format: $(VENV)/installed  ## write the canonical style
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

bench: $(VENV)/installed  ## figures: time, memory and requests, beside Terraform where it is installed
	$(BIN)/python -m tests.benchmarks.bench

outages: $(VENV)/installed  ## every outage of every service during every command, and a thousand drift checks
	$(BIN)/python -m tests.faults.outages
	RECONCILER_FAULTS=all $(BIN)/pytest --quiet tests/faults/test_outage_drift.py

clean:  ## forget the environment and all that tools left
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
