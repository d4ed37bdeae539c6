#!/bin/sh
# Make a virtual environment with exactly the packages of a lock file, by hash.
# Usage: tools/setup_python.sh FOLDER LOCK [--editable]   (--editable: and this package in place, with its command)
set -eu
cd "$(dirname "$0")/.."
folder=$1 lock=$2 editable=${3:-}

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

newest_python() {
  for name in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3 python; do
    path=$(command -v "$name" 2>/dev/null) && fits "$path" && echo "$path" && return
  done
  echo "poolhouse needs Python 3.11 or newer, and there is none on PATH. Set PYTHON=/path/to/python to name one." >&2
  exit 1
}

make_venv() {
  python=$(newest_python)
  rm -rf "$folder"
  echo "setup: $folder with $("$python" --version)"
  "$python" -m venv "$folder" >/dev/null 2>&1 && return
  rm -rf "$folder"
  # Debian and Ubuntu ship venv apart from Python.
  tools/setup_system.sh venv "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  "$python" -m venv "$folder"
}

[ -x "$folder/bin/python" ] && fits "$folder/bin/python" || make_venv

# From the network where no cache has them: on a slow or busy machine this is what takes the time.
echo "setup: the $(grep -c == "$lock") packages of $lock, each checked by its hash; from half a minute to two, this once"
if command -v uv >/dev/null 2>&1; then
  uv pip sync --quiet --python "$folder/bin/python" --require-hashes "$lock"
  install() { uv pip install --quiet --python "$folder/bin/python" "$@"; }
else
  install() { "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@"; }
  install --require-hashes --no-deps -r "$lock"
fi
if [ "$editable" = --editable ]; then
  echo "setup: the command $folder/bin/poolhouse"
  install --no-deps --no-build-isolation -e .
  tools/build_multi_buffer.sh "$folder/bin/python"
fi
