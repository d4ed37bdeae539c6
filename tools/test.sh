#!/bin/sh
# Every test, on both cores; arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
# Some machines and images forbid Python to keep what it compiled: then each of the 200 servers of a run compiles the house anew.
unset PYTHONDONTWRITEBYTECODE
exec .venv/bin/python -m pytest -n "${TEST_WORKERS:-2}" --dist loadfile --no-loadscope-reorder "$@"
