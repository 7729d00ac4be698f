#!/bin/sh
# Chromium, Firefox, PostgreSQL and a C++ compiler for the tests: found, installed (on Debian as root), or named.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
missing=""
has() { command -v "$1" >/dev/null 2>&1; }

chromium_there() {
    [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && return 0
    has chromium || has chromium-browser ||
        ls "${HOME:-/nonexistent}"/.cache/ms-playwright/chromium-*/chrome-linux*/chrome >/dev/null 2>&1
}
firefox_there() { { [ -n "${FIREFOX:-}" ] && [ -x "$FIREFOX" ]; } || has firefox || has firefox-esr; }
postgres_there() { has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

chromium_there || missing="$missing chromium"
firefox_there || missing="$missing firefox-esr"
postgres_there || missing="$missing postgresql"
has g++ || missing="$missing g++"
has make || missing="$missing make"
[ -z "$missing" ] && exit 0

command="apt-get install -y --no-install-recommends$missing"
if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] && has apt-get; then
    printf 'Installing for the tests:%s\n' "$missing"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if apt-get update >"$log" 2>&1 && $command >>"$log" 2>&1; then rm -f "$log"; exit 0; fi
    tail -n 15 "$log" >&2
    printf 'entregent: these could not be installed:%s\n' "$missing" >&2
    exit 1
fi
printf 'entregent: the tests need:%s\nOn Debian run:  sudo %s\nElsewhere install them in your usual way (CHROMIUM and FIREFOX may name the programs), then run make test again.\n' "$missing" "$command" >&2
exit 1
