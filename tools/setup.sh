#!/bin/sh
# Sets up what is missing and does nothing where everything is up to date.
#   sh tools/setup.sh run | dev | test
set -eu
cd "$(dirname "$0")/.."
level="${1:-run}"

say() { printf '%s\n' "$*"; }
stop() { printf 'entregent: %s\n' "$*" >&2; exit 1; }
digest() { cat "$@" | cksum | tr -d ' '; }

command -v git >/dev/null 2>&1 || stop "git is not installed. On Debian: apt-get install git"

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"; return
        fi
    done
    if command -v python3 >/dev/null 2>&1; then
        stop "Python 3.11 or newer is needed; this is $(python3 --version 2>&1). Install a newer one, or name it: make PYTHON=/path/to/python3.12 $level"
    fi
    stop "Python is not installed. On Debian: apt-get install python3 python3-venv"
}

no_network() {
    stop "$1 could not be installed; the lines above say why (most often: no network, or a registry that does not answer). Nothing is broken: run the same command again when it is back."
}

# --- Python -------------------------------------------------------------------------------------------------
if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "Python has no venv module here. On Debian: apt-get install python3-venv"
    say "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv || stop ".venv could not be made in $(pwd): is the folder writable, is the disk full?"
fi
.venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "The .venv here has a Python older than 3.11: run 'make clean', then again."

if [ "$level" = run ]; then locks="requirements/run.txt requirements/build.txt"; else locks="requirements/dev.txt"; fi
wanted=$(digest $locks)
# What is installed for tests holds all that running needs.
if [ "$(cat .venv/.locked 2>/dev/null)" != "$wanted" ] &&
    { [ "$level" != run ] || [ "$(cat .venv/.locked 2>/dev/null)" != "$(digest requirements/dev.txt)" ]; }; then
    say "Installing Python packages (pinned, checked by hash)"
    set --
    for lock in $locks; do set -- "$@" -r "$lock"; done
    # The locks name everything, so pip has nothing to choose: --no-deps. Left to choose, an older pip takes a newer
    # release than the pinned one for `name[extra]`, then refuses it for want of a hash.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps "$@" || no_network "Python packages"
    printf '%s' "$wanted" > .venv/.locked
fi
project=$(digest pyproject.toml)
if [ ! -x .venv/bin/entregent ] || [ "$(cat .venv/.project 2>/dev/null)" != "$project" ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ||
        no_network "Entregent itself"
    printf '%s' "$project" > .venv/.project
fi

# --- Node, app and extension --------------------------------------------------------------------------------
npm_ci() {
    folder=$1
    lock=$(digest "$folder/package-lock.json")
    if [ "$(cat "$folder/node_modules/.locked" 2>/dev/null)" != "$lock" ]; then
        say "Installing Node packages of $folder"
        sh tools/with_node.sh sh -c "cd '$folder' && npm ci --no-audit --no-fund --loglevel=error" || no_network "Node packages of $folder"
        printf '%s' "$lock" > "$folder/node_modules/.locked"
    fi
}
npm_ci extension
sh tools/with_node.sh node extension/build.mjs --quiet || stop "The app and the extension could not be built; the lines above say why."

[ "$level" = test ] || exit 0

# --- What only the tests need -------------------------------------------------------------------------------
sh tools/test_needs.sh
npm_ci tests/peers
