#!/bin/sh
# Install the Debian packages that the tests need and this machine lacks.
# Usage: tools/setup_system.sh            PostgreSQL, Chromium, Node.js
#        tools/setup_system.sh venv NAME  only this package
set -eu

missing=""
need() { missing="$missing $*"; }

if [ "${1:-}" = venv ]; then
  need "$2"
else
  command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need postgresql
  command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
    need chromium fonts-dejavu-core
  command -v npm >/dev/null 2>&1 || need nodejs npm
fi
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" != 0 ]; then
  as_root="sudo -n"
  sudo -n true 2>/dev/null || as_root=none
fi
if ! command -v apt-get >/dev/null 2>&1 || [ "$as_root" = none ]; then
  echo "setup: please install these first (Debian's names; apt-get needs root here):$missing" >&2
  exit 1
fi
echo "setup: apt-get install$missing"
log=$(mktemp)
install_all() {
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends $missing >"$log" 2>&1
}
# The package lists of a fresh machine are often old or absent: look anew only when needed.
install_all || { $as_root apt-get update >"$log" 2>&1 && install_all; } || { cat "$log" >&2; exit 1; }
rm -f "$log"
