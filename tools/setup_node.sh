#!/bin/sh
# Install the locked node packages of the client tests, each client's in its own folder; nothing of theirs runs at install time.
set -eu
cd "$(dirname "$0")/../tests/clients"
echo "setup: node packages for $(node --version)"
installs=""
for lock in */package-lock.json; do
  (cd "${lock%/*}" && npm ci --silent --no-audit --no-fund --ignore-scripts) &
  installs="$installs $!"
done
for install in $installs; do wait "$install"; done
