#!/bin/sh
# Write the lock files anew: the newest versions that pyproject.toml allows, with hashes, for every platform.
# Usage: tools/lock.sh [further options of `uv pip compile`, such as --upgrade]
set -eu
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
lock() { "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url "$@"; }
lock pyproject.toml --output-file requirements.lock "$@"
lock pyproject.toml --group dev --extra fast --output-file requirements-dev.lock "$@"
lock tests/clients/awscli/requirements.in --output-file tests/clients/awscli/requirements.lock "$@"
lock tests/clients/aws-sdk-go/requirements.in --output-file tests/clients/aws-sdk-go/requirements.lock "$@"
