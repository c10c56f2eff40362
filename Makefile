# Needs only Python 3.11+ with venv and pip; uses uv where it is there. Everything goes into .venv.
# `make test CONSTRAINTS=constraints.txt` takes the versions that continuous integration takes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
CONSTRAINTS ?=
WITHIN := $(addprefix --constraint ,$(CONSTRAINTS))
ifeq ($(UV),)
  INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
  INSTALL := $(UV) pip install --quiet --python $(BIN)/python
endif

.PHONY: demo test sweep spark lint docs wheel clean help

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.refsync  ## set up, and run the main job on the bundled sample
	@$(BIN)/refsync demo

test: $(VENV)/.test  ## set up, and run the tests
	$(BIN)/python -m pytest -n auto

sweep: $(VENV)/.test  ## the cases that `make test` leaves out, and all examples of properties
	$(BIN)/python -m pytest -n auto -q -m sweep

lint: $(VENV)/.lint  ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

spark: $(VENV)/.test  ## the tests of the Spark engine; needs Java 17
	$(INSTALL) --editable '.[spark]'
	$(BIN)/python -m pytest -q tests/spark

docs: $(VENV)/.docs  ## build the documentation site into build/site; warnings and broken links are errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

wheel: $(VENV)/.build  ## build wheel and source distribution into dist/, and check them
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	$(BIN)/python -m twine check --strict dist/*

clean:  ## remove what was built
	rm -rf $(VENV) dist

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "refsync needs Python 3.11 or newer: make PYTHON=/path/to/it" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.refsync: pyproject.toml | $(BIN)/python
	$(INSTALL) --editable '.[all]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(INSTALL) $(WITHIN) --editable '.[test]'
	@touch $@ $(VENV)/.refsync

$(VENV)/.lint: pyproject.toml | $(BIN)/python
	$(INSTALL) $(WITHIN) --editable '.[test,lint]'
	@touch $@ $(VENV)/.test $(VENV)/.refsync

$(VENV)/.docs: pyproject.toml | $(BIN)/python
	$(INSTALL) $(WITHIN) --editable '.[docs]'
	@touch $@

$(VENV)/.build: | $(BIN)/python
	$(INSTALL) build twine
	@touch $@
