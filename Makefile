# Entregent: the verbs. Needs git, make and Python >= 3.11 with venv; everything else is set up here.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench soak package lock clean

PY := .venv/bin/python
ONLY ?=
ARGS ?=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

setup: ## Set up .venv, Node, app and extension (what run and test do first)
	@sh tools/setup.sh run

run: setup ## Set everything up, start, and print one address to open
	@exec .venv/bin/entregent up $(ARGS)

test: ## Set everything up and run every test, browsers included
	@sh tools/setup.sh test
	@sh tools/with_node.sh sh tools/test.sh $(ARGS)

lint: ## Style, types, import contracts, words: Python and TypeScript
	@sh tools/setup.sh dev
	@sh tools/lint.sh

format: ## Put the code in its form
	@sh tools/setup.sh dev
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .
	@sh tools/with_node.sh sh -c 'cd extension && npx --no biome check --write --log-level=error .'

bench: ## Measure: a table, and build/bench.json (ONLY=redirect for one group)
	@sh tools/setup.sh test
	@sh tools/with_node.sh $(PY) -m bench $(ONLY)

soak: ## The long tests: 2,000 kills -9, a year of polling 2,000 feeds
	@sh tools/setup.sh test
	@$(PY) -m bench.year --feeds 2000
	@sh tools/with_node.sh $(PY) -m bench.soak --kills 2000

package: setup ## Build the wheel with server, migrations, app and extension into dist/
	@$(PY) tools/package.py

lock: ## Write the lock files anew after a change of dependencies
	@sh tools/setup.sh dev
	@sh requirements/lock.sh

clean: ## Take away everything that was built (not your data)
	rm -rf .venv extension/node_modules extension/build tests/peers/node_modules dist build backend/web/built
	find . -name __pycache__ -prune -exec rm -rf {} +
