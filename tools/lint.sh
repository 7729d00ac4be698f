#!/bin/sh
# Every check that needs no test run. All are run, so that one pass shows everything that is wrong.
cd "$(dirname "$0")/.." || exit 1
failed=""
check() { name=$1; shift; printf '%s\n' "- $name"; "$@" || failed="$failed $name"; }
check ruff .venv/bin/ruff check --quiet .
check ruff-format .venv/bin/ruff format --check --quiet .
check mypy .venv/bin/mypy
check import-contracts .venv/bin/lint-imports --no-cache
check words .venv/bin/python tools/messages.py check
check tsc sh tools/with_node.sh sh -c 'cd extension && npx --no tsc -- --noEmit'
check biome sh tools/with_node.sh sh -c 'cd extension && npx --no biome -- check --log-level=warn .'
[ -z "$failed" ] || { printf 'failed:%s\n' "$failed" >&2; exit 1; }
printf 'all good\n'
