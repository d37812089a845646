# `make` says what there is. Everything runs in .venv, which .ci/setup makes and keeps as the hashed lock says.
.POSIX:
.SUFFIXES:
.PHONY: help demo test lint bench lock

BIN = .venv/bin
# The resolver works for every Python and system at once; the header names no machine.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header --system-certs --upgrade pyproject.toml

help:
	@echo 'make demo   a sample office, from blank forms to sealed certificates, under ./demo'
	@echo 'make test   lint, types, import rules, and all tests'
	@echo 'make lint   the first three of these'
	@echo 'make bench  ratios and per-item figures'
	@echo 'make lock   take up newer libraries: writes requirements.lock and requirements-dev.lock'

demo:
	@.ci/setup
	@$(BIN)/python -m service.demo ./demo

test:
	@.ci/setup test
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -n auto --maxprocesses 4 --cov --cov-report=term

lint:
	@.ci/setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench:
	@.ci/setup
	@for each in bench/bench_*.py; do PYTHONPATH=.:tests $(BIN)/python "$$each" || exit; done

lock:
	@.ci/setup
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
