# Vivaio. `make run` starts it, `make test` tries it, `make check` reads it. All of it works on a machine that
# has only python3, make and (as root or with sudo) apt-get.

PYTHON ?= python3
PORT ?= 8000
JOBS ?= 3
TESTS ?= tests
export PORT

BIN := .venv/bin
PYTEST = $(BIN)/python -m pytest
DONE := .venv/.done

.PHONY: help run test check soak bench messages assets requirements clean
.DEFAULT_GOAL := help

help:
	@echo "make run           install, build the demonstration, serve http://localhost:$(PORT)"
	@echo "make test          every test, on SQLite and PostgreSQL and in the browser (TESTS=tests/calls for one room)"
	@echo "make check         style, types, floors, templates, migrations, translations"
	@echo "make soak          properties and state machines for long, a rehearsal of every shipped call"
	@echo "make bench         how long signing in, verifying the trail, long forms and rankings take on this machine"
	@echo "make messages      bring the catalogues up to date with the sources"
	@echo "make assets        rebuild portal/static from the published packages (needs npm)"
	@echo "make requirements  export the hashed requirements*.txt"

# ---- what is installed, each step once --------------------------------------------------------------

$(BIN)/python:
	@sh tools/system.sh venv $(PYTHON)
	$(PYTHON) -m venv .venv

$(DONE)/portal: pyproject.toml requirements.txt | $(BIN)/python
	@sh tools/system.sh pdf
	@echo "Installing what the portal runs on (once)"
	@sh tools/install.sh requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --offline --editable .
	@mkdir -p $(DONE) && touch $@

$(DONE)/dev: requirements-dev.txt $(DONE)/portal
	@echo "Installing what tests and checks need (once)"
	@sh tools/install.sh requirements-dev.txt
	@touch $@

$(DONE)/catalogues: $(wildcard portal/translations/*/LC_MESSAGES/messages.po) $(DONE)/portal
	@$(BIN)/python -m tools.messages compile
	@touch $@

# ---- the three commands -----------------------------------------------------------------------------

run: $(DONE)/portal $(DONE)/catalogues
	@exec bash tools/run.sh

test: $(DONE)/dev $(DONE)/catalogues
	@sh tools/system.sh browser
	@sh tools/system.sh scanner
	$(PYTEST) -n $(JOBS) --dist worksteal $(TESTS)

check: $(DONE)/dev $(DONE)/catalogues
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	@rm -rf .venv/.drift
	VIVAIO_VAR=.venv/.drift $(BIN)/portal migrate
	VIVAIO_VAR=.venv/.drift $(BIN)/portal migrate --check
	$(BIN)/python -m tools.check_translations

# ---- the rest ---------------------------------------------------------------------------------------

soak: $(DONE)/dev $(DONE)/catalogues
	HYPOTHESIS_PROFILE=soak $(PYTEST) -n $(JOBS) --timeout 3600 -m "hypothesis or soak" $(TESTS)

bench: $(DONE)/portal $(DONE)/catalogues
	@$(BIN)/python -m benchmarks.sign_in
	@$(BIN)/python -m benchmarks.audit_verify
	@$(BIN)/python -m benchmarks.form
	@$(BIN)/python -m benchmarks.inbox
	@$(BIN)/python -m benchmarks.ranking
	@$(BIN)/python -m benchmarks.assigning
	@$(BIN)/python -m benchmarks.scoring
	@$(BIN)/python -m benchmarks.portfolio
	@$(BIN)/python -m benchmarks.upload
	@$(BIN)/python -m benchmarks.submit
	@$(BIN)/python -m benchmarks.payments
	@$(BIN)/python -m benchmarks.drill_submit
	@$(BIN)/python -m benchmarks.ledger
	@$(BIN)/python -m benchmarks.drill_ledger
	@$(BIN)/python -m benchmarks.costs

messages: $(DONE)/dev
	@$(BIN)/python -m tools.messages update

assets:
	@bash tools/assets/build.sh

UV_EXPORT = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

requirements: $(DONE)/dev
	$(UV_EXPORT) requirements-install.in -o requirements-install.txt
	$(UV_EXPORT) requirements.in -o requirements.txt
	$(UV_EXPORT) -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
