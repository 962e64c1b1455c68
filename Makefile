# `make demo` sets up and converts a sample; `make test` runs every test.  Nothing but Python 3.11 is needed.

PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.13 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
SETUP := .venv/complete

demo: $(SETUP)
	$(BIN)/wikicable convert samples/cable.txt -t markdown

test: $(SETUP)
	$(BIN)/pytest

lint: $(SETUP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(SETUP)
	$(BIN)/python benchmarks/run.py

setup: $(SETUP)

$(SETUP): pyproject.toml
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or later is needed; name it with `make PYTHON=...`'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	$(BIN)/python -m compileall -q src plugins
	touch $@

clean:
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist

.PHONY: demo test lint bench setup clean
