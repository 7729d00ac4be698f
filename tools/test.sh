#!/bin/sh
# Every test, in three calls of pytest: what needs only the processor, in several processes beside each other; what drives
# browsers, two at a time; and what kills processes and fills disks, alone, since neighbours would disturb it.
# With arguments: one call with them.
#   sh tools/test.sh [arguments of pytest]
set -u
cd "$(dirname "$0")/.."
# Each server and command of a test is a process of its own: compiled once, not in each of them.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$PWD/build/pycache"
[ $# -eq 0 ] || exec .venv/bin/python -m pytest "$@"

ended=0
# A file stays in one process: what its tests share is made once. Each process has its own PostgreSQL server. The order
# is that of tests/conftest.py, longest files first.
beside="--dist loadfile --no-loadscope-reorder"
run() { # arguments of pytest
	.venv/bin/python -m pytest "$@" || { now=$?; [ "$now" -ne 2 ] || exit 2; ended=$now; } # 2: stopped, or cannot be read
}
run tests --ignore=tests/e2e --ignore=tests/extension --ignore=tests/faults -n auto --maxprocesses 4 $beside
run tests/e2e tests/extension -n 2 $beside
run tests/faults
exit "$ended"
