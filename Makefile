# Everything runs from .venv, made from requirements.lock on the first call. Needs only Python >= 3.11 (with venv) and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# uv does not read pip's configuration: pass on the package index a user has set for pip, if any.
INDEX   = $(shell $(PYTHON) -m pip config get global.index-url 2>/dev/null)

.PHONY: bench test check lint types fuzz benchmarks lock docs clean

bench: $(READY)  ## compare the baselines on the bundled corpus
	@$(BIN)/stancebench run experiment=baselines

test: check $(READY)  ## lint, types and the whole test suite
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term:skip-covered

check: lint types

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

benchmarks: $(READY)  ## measure speed; prints ratios (minutes)
	$(BIN)/python benchmarks/run_all.py

docs: $(READY)  ## build the site into build/docs; a warning is an error
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	@echo "Open build/docs/index.html"

lock: $(READY)  ## resolve the dependencies again
	$(BIN)/uv pip compile pyproject.toml --group dev --all-extras --universal --fork-strategy fewest \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade -o requirements.lock

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) from requirements.lock (once, about a minute) ..." >&2
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "stancebench needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -oE '^uv==[0-9.]+' requirements.lock)"
	@UV_DEFAULT_INDEX="$(INDEX)" $(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline -e .
	@touch $@
