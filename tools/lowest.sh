#!/bin/sh
# The tests with the lowest versions that pyproject.toml allows, in .venv-lowest: are the stated minimums true?
# Usage: tools/lowest.sh [arguments of pytest]      without: unit and conformance tests
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE
PYTHON=${PYTHON:-python3.11} tools/setup_python.sh .venv-lowest requirements-dev.lock --editable
lowest=$(.venv-lowest/bin/python -c '
import re, tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
for each in project["dependencies"] + project["optional-dependencies"]["fast"]:
    name, version = re.match(r"([\w-]+)>=([\d.]+)", each).groups()
    print(f"{name}=={version}")
')
echo "lowest:" $lowest
# The tools of the tests may want newer ones; they get what they have, so dependencies are not asked.
if command -v uv >/dev/null 2>&1; then
  uv pip install --quiet --no-deps --python .venv-lowest/bin/python $lowest
else
  .venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps $lowest
fi
[ $# -gt 0 ] || set -- tests/unit tests/conformance
exec .venv-lowest/bin/python -m pytest -n "${TEST_WORKERS:-2}" --dist loadfile --no-loadscope-reorder "$@"
