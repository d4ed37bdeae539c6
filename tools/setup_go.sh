#!/bin/sh
# Build the client of tests/clients/aws-sdk-go into .setup/go-client, with the modules of its go.sum.
# Where no Go is on PATH, or one too old, the locked one of Python's index is taken, in .venv-go: no root, no other source.
set -eu
cd "$(dirname "$0")/.."
folder=tests/clients/aws-sdk-go
export GOTOOLCHAIN=local GOFLAGS="-mod=readonly -buildvcs=false" CGO_ENABLED=0
mkdir -p .setup

fits() { command -v "$1" >/dev/null 2>&1 && (cd "$folder" && "$1" list -m >/dev/null 2>&1); }

go=go
if ! fits go; then
  go=$PWD/.venv-go/bin/go
  fits "$go" || tools/setup_python.sh .venv-go "$folder/requirements.lock"
fi
echo "setup: the client of the AWS SDK for Go, by $("$go" version | cut -d ' ' -f 3); half a minute, this once"
(cd "$folder" && "$go" build -trimpath -ldflags="-s -w" -o "$OLDPWD/.setup/go-client" .)
