#!/bin/sh
# Format, lint, types, layers, and that generated files are what their generators write. Runs all, then says which failed.
set -u
cd "$(dirname "$0")/.."
failed=""
try() {
  name=$1
  shift
  "$@" || failed="$failed $name"
}
try format .venv/bin/ruff format --check --quiet .
try lint .venv/bin/ruff check --quiet .
try types .venv/bin/mypy
try layers .venv/bin/lint-imports --no-cache --no-logo
try makers .venv/bin/python tools/check_makers.py
try texts .venv/bin/python tools/check_texts.py
try writes .venv/bin/python tools/check_writes.py
try wire .venv/bin/python tools/generate_wire.py --check
try docs .venv/bin/python tools/generate_docs.py --check
try passwords .venv/bin/python tools/generate_common_passwords.py --check
[ -z "$failed" ] || { echo "check: failed:$failed" >&2; exit 1; }
echo "check: all good"
