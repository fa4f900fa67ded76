# Every target sets itself up: `make demo`, `make test`, `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-install check docs format lock clean

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: $(READY)
	rm -rf demo-out
	$(BIN)/python -m examples.demo

test: $(READY)
	$(BIN)/python -m pytest

# The built wheel in a new environment, with plain pip and without the lock file.
test-install: $(READY)
	$(BIN)/python -m tools.install

check: $(READY) docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(READY)
	$(BIN)/zensical build --clean --strict

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev --extra local --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) demo-out site .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
