#!/bin/sh
# Writes the lock files: hashed, for every platform, naming no index. Run through `make lock`.
set -eu
cd "$(dirname "$0")/.."
compile() { "${UV:-.venv/bin/uv}" pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet "$@"; }
compile pyproject.toml -o requirements/run.txt
compile pyproject.toml --extra postgres -c requirements/run.txt -o requirements/postgres.txt
compile pyproject.toml --extra redis -c requirements/run.txt -o requirements/redis.txt
compile requirements/build.in -c requirements/run.txt -o requirements/build.txt
compile pyproject.toml requirements/dev.in --all-extras -c requirements/run.txt -c requirements/build.txt -o requirements/dev.txt
