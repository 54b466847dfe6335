# borderlab: every set-up step a fresh machine needs is here. Needs Python >= 3.11 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test lint baseline bench torture validation documents lock clean
.DEFAULT_GOAL := help

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "borderlab needs Python 3.11 or newer; '$(PYTHON)' is older. Try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

# The stamps say which lock file the environment was made from.
$(VENV)/.base: requirements/base.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing borderlab and what it needs (once) ..."
	@$(PIP) install --quiet --require-hashes -r requirements/base.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.base
	@echo "Installing the test tools (once) ..."
	@$(PIP) install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

demo: $(VENV)/.base ## set up and run a real case; names the report it writes
	@BIN=$(BIN) sh scripts/demo.sh

test: $(VENV)/.dev ## set up and run the test suite
	@$(BIN)/python -m pytest -q $(PYTEST_ARGS)

lint: $(VENV)/.dev ## style, types, room order
	@$(BIN)/ruff check src tests benchmarks scripts
	@$(BIN)/ruff format --check src tests benchmarks scripts
	@$(BIN)/mypy
	@$(BIN)/lint-imports

baseline: $(VENV)/.dev ## are all results, to the bit, those that are stored in tests/baseline?
	@$(BIN)/python -m scripts.baseline

bench: $(VENV)/.dev ## the speed figures of docs/validation.md (several minutes)
	@$(BIN)/python -m benchmarks

torture: $(VENV)/.dev ## hostile files, folders and surroundings, kills, determinism; its counts go to docs/torture.json (long)
	@$(BIN)/python -m tests.torture $(TORTURE_ARGS)

validation: $(VENV)/.dev ## renew docs/validation.md from the model and the data folder
	@$(BIN)/python -m scripts.validation

documents: $(VENV)/.dev ## renew docs/model.md from the modules of the model
	@$(BIN)/python -m scripts.model_document

lock: ## renew the lock files (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --group build pyproject.toml -o requirements/base.lock --custom-compile-command "make lock"
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --all-extras --group build --group dev -c requirements/base.lock pyproject.toml -o requirements/dev.lock \
	  --custom-compile-command "make lock"

clean: ## remove the environment and caches
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
