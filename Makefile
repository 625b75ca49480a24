# Mailroom. Two commands on a fresh machine: `make demo` and `make test`.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv/bin
PROJECT := pyproject.toml erp_connectors/pyproject.toml
export PYTHON

.PHONY: help setup setup-dev demo tryton test check format bench schemas migrate new-connector accuracy requirements clean

help:  ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready  ## Build .venv from requirements.txt
setup-dev: .venv/.ready-dev  ## The same with what tests and checks need

.venv/.ready: requirements.txt $(PROJECT)
	@tools/setup.sh requirements.txt $@

.venv/.ready-dev: requirements-dev.txt $(PROJECT)
	@tools/setup.sh requirements-dev.txt $@
	@touch .venv/.ready

demo: setup  ## Start everything, send real mails, tell the whole story (about three minutes)
	@$(VENV)/mailroom demo

tryton: setup-dev  ## Build the tests' Tryton in .venv-tryton, once (about a minute)
	@$(VENV)/python -m tests.servers.tryton.template

test: setup-dev tryton  ## Run every test, on a real Postgres, a real mail server and Airflow's own scheduler
	@sh tests/servers/install.sh
	@$(VENV)/pytest -n 2 --dist loadgroup --durations 15

check: setup-dev  ## Lint, types, import contracts, configuration
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check -q .
	@$(VENV)/mypy
	@$(VENV)/lint-imports | tail -3
	@$(VENV)/mailroom check-config
	@$(VENV)/mailroom schemas --check

format: setup-dev  ## Format and sort imports
	@$(VENV)/ruff check --fix -q . ; $(VENV)/ruff format -q .

bench: setup-dev  ## Measure, each figure beside its baseline
	@$(VENV)/mailroom bench

schemas: setup  ## Write the editors' schemas for config/*.yaml
	@$(VENV)/mailroom schemas

migrate: setup  ## Bring the database named by MAILROOM_DATABASE_OWNER_URL up to date
	@$(VENV)/mailroom migrate

new-connector: setup-dev  ## Write the package of a new connector, its tests passing: make new-connector NAME=my_system [TO=DIR]
	@$(VENV)/python tools/new_connector.py --to "$(or $(TO),.)" -- "$(NAME)"

accuracy: setup-dev  ## Score extraction on a folder of documents with their truth: make accuracy SAMPLES=DIR
	@$(VENV)/python tests/accuracy.py $(SAMPLES)

requirements: setup-dev  ## Pin every package again, with hashes
	@$(VENV)/uv pip compile -q pyproject.toml --generate-hashes --no-emit-index-url --universal --python-version 3.11 --custom-compile-command "make requirements" -o requirements.txt
	@$(VENV)/uv pip compile -q pyproject.toml --extra dev -c requirements.txt --generate-hashes --no-emit-index-url --universal --python-version 3.11 --custom-compile-command "make requirements" -o requirements-dev.txt
	@$(VENV)/uv pip compile -q tests/servers/tryton/requirements.in --generate-hashes --no-emit-index-url --universal --python-version 3.11 --custom-compile-command "make requirements" -o requirements-tryton.txt

clean:  ## Remove what make built
	@rm -rf .venv .venv-tryton .cache demo-output build dist
