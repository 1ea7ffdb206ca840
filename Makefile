# Everything runs in .venv, which the first target that needs it makes. `make` alone lists the targets.

# The first Python of 3.11 to 3.13; `make test PYTHON=/path/to/python3.12` chooses another.
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13; do \
  "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && \
  echo "$$python" && break; done)
# Pinned, and installed first: a free range pulls several gigabytes of CUDA on a machine without a GPU.
TORCH := torch==2.13.0

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Stamps of what is installed, and made anew when pyproject.toml changes: the chain; and every tool of a developer.
CHAIN := $(VENV)/.installed-chain
TOOLS := $(VENV)/.installed-tools
# What the benchmarks compare with: heavy, and no test needs it.
PEERS := $(VENV)/.installed-peers

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint bench docs

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(CHAIN)  ## the whole chain on the embedded corpus, from text to a served model
	$(BIN)/understudy run recipes/demo.yaml

test: lint  ## lint, types, import rules and all tests; says what it skips and why
	$(BIN)/python -m pytest -m 'not gpu'

lint: $(TOOLS)  ## ruff, mypy and the one-way import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(PEERS)  ## every benchmark at its quick size
	@set -e; for benchmark in benchmarks/*.py; do \
	  echo "== $$benchmark"; $(BIN)/python "$$benchmark"; done

docs: $(TOOLS)  ## the pages and the API reference as HTML, in build/docs
	$(BIN)/python docs/build.py build/docs

$(CHAIN): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv $(VENV)
	@echo "Installing into $(VENV) (about 2 GB, a few minutes, once) ..."
	$(PIP) $(TORCH)
	$(PIP) --editable '.[corpus,train]'
	@touch $@

$(TOOLS): $(CHAIN)
	$(PIP) --editable '.[corpus,deepspeed,dev,huggingface,presidio,ray,report,train]'
	@touch $@

$(PEERS): $(TOOLS)
	$(PIP) --editable '.[bench]'
	@touch $@
