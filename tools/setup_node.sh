#!/bin/sh
# Install the locked node packages of the client tests; nothing of theirs runs at install time.
set -eu
cd "$(dirname "$0")/../tests/clients/node"
echo "setup: node packages for $(node --version)"
npm ci --silent --no-audit --no-fund --ignore-scripts
