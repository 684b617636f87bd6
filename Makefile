# Every target keeps to .venv and the tree; only `setup`, as root on Debian, installs into the system.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run twin twin-paypal twin-mercadopago twin-peer faults setup test cases browser snapshot lint types fmt bench docs messages lock clean

BIN := .venv/bin
CODE := landed_cost listings shopkit translations tests benchmarks scripts wsgi.py
# Some tests instead of all: make test T=tests/unit
T ?=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## The shop on http://127.0.0.1:8000 with its sample shops, its database made and migrated
	@scripts/setup.sh run
	@exec $(BIN)/shopkit serve --demo

twin: setup ## A twin of Stripe on http://127.0.0.1:12111, for trying payments by hand
	@exec $(BIN)/python -m tests.twins.stripe

twin-paypal: setup ## A twin of PayPal on http://127.0.0.1:12112
	@exec $(BIN)/python -m tests.twins.paypal

twin-mercadopago: setup ## A twin of Mercado Pago on http://127.0.0.1:12113
	@exec $(BIN)/python -m tests.twins.mercadopago

twin-peer: setup ## The twin of Stripe beside localstripe: where they agree, and who is right where not
	@$(BIN)/python -m tests.twins.peers.compare

faults: setup ## What payments must survive and what it comes to, on SQLite and PostgreSQL
	@$(BIN)/python -m tests.faults

setup: ## Make .venv with the locked versions; as root on Debian also what tests need
	@scripts/setup.sh dev

test: setup ## Every test, with coverage (T=path for some, without); no network needed
	@scripts/test.sh $(T)

cases: setup ## Only the worked cases of the law, through every door
	@scripts/test.sh tests/cases

browser: setup ## Only the journeys in Chromium
	@scripts/test.sh tests/browser

snapshot: setup ## Write the golden files anew; read the difference line by line
	@scripts/test.sh --snapshot-update -p no:randomly tests/api tests/integration tests/unit

lint: setup ## ruff, import-linter, the termbase, djlint, codespell, yamllint
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/lint-imports
	$(BIN)/python -m translations.termfiles
	$(BIN)/codespell $$(git ls-files '*.py' '*.md' '*.sh' '*.toml' '*.html' Makefile)
	$(BIN)/yamllint --strict $$(git ls-files '*.yaml' '*.yml')
	git ls-files -z '*.html' | xargs -0 --no-run-if-empty $(BIN)/djlint --quiet --lint

types: setup ## mypy, strict
	$(BIN)/mypy

fmt: setup ## Rewrite with ruff format and sort the imports
	$(BIN)/ruff check --select I --fix $(CODE)
	$(BIN)/ruff format $(CODE)

bench: setup ## Ratios measured in one run, kept under benchmarks/results
	$(BIN)/python -m benchmarks

docs: setup ## Run the examples in the documents and follow their links
	$(BIN)/python -m scripts.check_docs

messages: setup ## Extract, update and compile the words of the pages
	@scripts/messages.sh

lock: setup ## Resolve anew and write requirements/*.txt
	@scripts/lock.sh

clean: ## Remove what make made, .venv too; keeps a shop's data
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage .coverage.* \
	  build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
