# `make` lists the targets. Everything runs in .venv, which .ci/setup makes as the hashed lock says.
.POSIX:
.SUFFIXES:
.PHONY: help demo serve test lint bench load lock fuzz agree matrix docs messages vendor

BIN = .venv/bin
SECONDS = 300
DRAWINGS = 10000
# The resolver works for every Python and system at once; the header names no machine.
RESOLVE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header --system-certs --upgrade
COMPILE = $(RESOLVE) pyproject.toml

help:
	@echo 'make demo   a sample office, from blank forms to sealed certificates, under ./demo'
	@echo 'make serve  the web service over the sample office, on 127.0.0.1:8000'
	@echo 'make test   lint, types, import rules, and all tests'
	@echo 'make lint   the first three of these'
	@echo 'make bench  ratios and per-item figures'
	@echo 'make load   twenty people at the web service for a minute: errors, time of a page and of a verdict'
	@echo 'make fuzz   five minutes of nearly-PDFs before every reader (SECONDS=300), 10,000 drawings, properties with all examples'
	@echo 'make agree  our verdicts against those of the EU validator, on honest and forged files'
	@echo "make matrix other people's programs fill and sign our form; writes docs/interoperability.md"
	@echo 'make docs   the tables of the docs that are made from the code: reasons, settings, calls of the API, roles'
	@echo 'make messages the English pages: new sentences come in, filled ones are compiled'
	@echo 'make vendor htmx and pdf.js again, as their packages ship them'
	@echo 'make lock   take up newer libraries: writes requirements.lock and requirements-dev.lock'

demo:
	@.ci/setup
	@$(BIN)/python -m service.demo ./demo

# The sample office is the demo's, made once and brought up to this version; delete ./demo to start over.
serve:
	@.ci/setup
	@test -f demo/home/cmb.toml || $(BIN)/python -m service.demo ./demo
	@$(BIN)/cmb --home demo/home init
	@$(BIN)/cmb --home demo/home worker & worker=$$!; $(BIN)/cmb --home demo/home serve & web=$$!; \
	  trap 'kill $$worker $$web 2>/dev/null' INT TERM EXIT; wait $$web; kill $$worker 2>/dev/null; wait

test:
	@.ci/setup test
	@.ci/tests

lint:
	@.ci/setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench:
	@.ci/setup
	@for bench in bench/bench_*.py; do PYTHONPATH=.:tests $(BIN)/python "$$bench" || exit; done

load:
	@.ci/setup test
	@PYTHONPATH=.:tests $(BIN)/python bench/load_web.py

# The corpus grows in .fuzz, which git ignores; failing inputs are kept there as crash-*, timeout-*, oom-*.
fuzz:
	@.ci/setup test
	@$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --require-hashes -r requirements-fuzz.lock
	@mkdir -p .fuzz/corpus
	PYTHONPATH=.:tests $(BIN)/python tests/property/fuzz_readers.py .fuzz/corpus tests/property/corpus -max_total_time=$(SECONDS) \
		-timeout=20 -rss_limit_mb=2048 -max_len=40000 -artifact_prefix=.fuzz/ -print_final_stats=1
	PYTHONPATH=.:tests $(BIN)/python tests/property/fuzz_drawings.py $(DRAWINGS)
	CMB_ALL_EXAMPLES=1 $(BIN)/pytest -n2 tests/property tests/signing tests/forms/test_pdf.py

agree:
	@.ci/setup test
	CMB_AGREE=1 $(BIN)/pytest -n0 tests/interop/test_agreement.py tests/interop/test_agreement_of_own_files.py tests/interop/test_lasting.py

matrix:
	@.ci/setup test
	PYTHONPATH=.:tests $(BIN)/python tests/interop/matrix.py

docs:
	@.ci/setup test
	@PYTHONPATH=.:tests $(BIN)/python tests/support/page_tables.py

# Pages are written in Indonesian; the English ones are translations/en. New sentences come in empty, to be filled in.
# Sentences of other packages are in house.po beside it, found by service/web/i18n_extract.py.
LANGUAGE = service/web/translations
CATALOGUES = service/language/catalogues
ROOMS = $(basename $(notdir $(wildcard $(CATALOGUES)/id/LC_MESSAGES/*.po)))
EXTRACT = $(BIN)/pybabel -q extract --no-location --sort-output --omit-header
UPDATE = $(BIN)/pybabel -q update -N --ignore-pot-creation-date --ignore-obsolete --no-wrap -d $(LANGUAGE) -l en
messages:
	@cd service/web && ../../$(EXTRACT) -F babel.cfg -k lazy_gettext -o messages.pot .
	@PYTHONPATH=. $(EXTRACT) -F service/web/house.cfg -o service/web/house.pot .
	@$(UPDATE) -i service/web/messages.pot && $(UPDATE) -i service/web/house.pot -D house
	@$(BIN)/pybabel -q compile -d $(LANGUAGE); $(BIN)/pybabel -q compile -d $(CATALOGUES) -D "$(ROOMS)"; $(BIN)/pybabel -q compile -d service/cli/translations -D cmb; rm -f service/web/messages.pot service/web/house.pot

# Copies the browser's libraries again, from the packages of the versions in the file beside them.
vendor:
	@$(BIN)/python .ci/vendor

lock:
	@.ci/setup
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(RESOLVE) --group fuzz --output-file requirements-fuzz.lock
