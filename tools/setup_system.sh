#!/bin/sh
# Install the Debian packages that the tests need and this machine lacks.
# Usage: tools/setup_system.sh            PostgreSQL, Chromium, Node.js
#        tools/setup_system.sh venv NAME  only this package
set -eu

missing="" better=""
need() { missing="$missing $*"; }
has() { command -v "$1" >/dev/null 2>&1; }

if [ "${1:-}" = venv ]; then
  need "$2"
else
  has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql
  has npm || need nodejs npm
  # Without windows of its own Chromium does the same in a fifth of the time; where that cannot be had, any will do.
  if ! has chromium-headless-shell; then
    better=chromium-headless-shell
    has chromium || has chromium-browser || has google-chrome || need chromium fonts-dejavu-core
  fi
fi
[ -n "$missing$better" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
  as_root="sudo -n"
  sudo -n true 2>/dev/null || as_root=none
fi
if ! has apt-get || [ "$as_root" = none ]; then
  [ -n "$missing" ] || exit 0
  echo "setup: please install these first (Debian's names; apt-get needs root here):$missing" >&2
  exit 1
fi
log=$(mktemp)
try() {
  # shellcheck disable=SC2086
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >"$log" 2>&1
}
# The package lists of a fresh machine are often old or absent: look anew only when needed.
install() {
  echo "setup: apt-get install $*"
  try "$@" || { $as_root apt-get update >"$log" 2>&1 && try "$@"; }
}
if [ -n "$missing" ]; then
  # shellcheck disable=SC2086
  install $missing || { cat "$log" >&2; exit 1; }
fi
[ -z "$better" ] || install "$better" || echo "setup: without it the browser tests take longer"
rm -f "$log"
