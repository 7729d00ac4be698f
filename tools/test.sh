#!/bin/sh
# Every test, in two calls of pytest: first what needs only the processor, in several processes beside each other; then
# what drives browsers or kills processes, alone, since neighbours would disturb it. With arguments: one call with them.
#   sh tools/test.sh [arguments of pytest]
set -u
cd "$(dirname "$0")/.."
# Each server and command of a test is a process of its own: compiled once, not in each of them.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$PWD/build/pycache"
[ $# -eq 0 ] || exec .venv/bin/python -m pytest "$@"

alone="tests/e2e tests/extension tests/faults"
ended=0
# A file stays in one process: what its tests share is made once. Each process has its own PostgreSQL server.
# shellcheck disable=SC2046  # one word each
.venv/bin/python -m pytest tests $(printf ' --ignore=%s' $alone) -n auto --maxprocesses 4 --dist loadfile || ended=$?
[ "$ended" -ne 2 ] || exit 2 # stopped by a person, or the tests could not be read
# shellcheck disable=SC2086  # one word each
.venv/bin/python -m pytest $alone || ended=$?
exit "$ended"
