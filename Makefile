# `make run` starts the service, `make test` runs every check; both set up .venv first.
PYTHON ?= python3.11
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

.PHONY: run test install install-dev lock train bench clean

run: export SARING_DATABASE_URL ?= sqlite:///saring.db
run: install
	$(BIN)/saring db upgrade
	$(BIN)/saring serve --host $(HOST) --port $(PORT)

test: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

install: .venv/installed

install-dev: .venv/installed-dev

.venv/bin/python:
	$(PYTHON) -m venv .venv

# The kernel is compiled with the system's C compiler; where there is none, with the one that ziglang brings.
.venv/installed: requirements.txt requirements-build.txt pyproject.toml $(wildcard model/kernel/*.[ch]) | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	command -v "$${CC:-cc}" >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-build.txt
	$(BIN)/python -m model.kernel
	touch $@

.venv/installed-dev: requirements-dev.txt client/pyproject.toml .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable ./client
	touch $@

# Pin the newest versions that requirements*.in allow.
lock: install-dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --universal --no-emit-index-url --no-header --no-annotate requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --universal --no-emit-index-url --no-header --no-annotate -c requirements.txt requirements-dev.in -o requirements-dev.txt

# Train the default model from seeds/ and write it to model/default/.
train: install-dev
	$(BIN)/python -m training fit

bench: install-dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	$(BIN)/python -m benchmarks.speed

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
