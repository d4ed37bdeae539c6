#!/bin/sh
# Build src/poolhouse/crypto/_multi_buffer.so: eight signatures at once (docs/design/0007-eight-at-once.md).
# Where it cannot be built, on another processor, another system or without a C compiler, it says so, and everything works without it.
# Usage: tools/build_multi_buffer.sh PYTHON
set -eu
cd "$(dirname "$0")/.."
python=$1
target=src/poolhouse/crypto/_multi_buffer.so

without() { echo "setup: signatures one at a time, since $1"; exit 0; }

[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || without "eight at once are for Linux on x86-64"
compiler=${CC:-cc}
command -v "$compiler" >/dev/null 2>&1 || without "there is no C compiler ($compiler)"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fetch() {
  "$python" -m pip download --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
    --dest "$folder" -r native/requirements.lock 2>"$folder/log"
}
fetch || without "crypto_mb cannot be fetched: $(tail -n 1 "$folder/log")"
"$python" -m zipfile -e "$folder"/ipp_crypto_static-*.whl "$folder/archive"
# --gc-sections drops what is never called; what is left needs libc and nothing else.
"$compiler" -std=gnu11 -Wall -O2 -fPIC -shared -fvisibility=hidden -fstack-protector-strong -ffunction-sections -o "$folder/built.so" \
  native/multi_buffer.c "$folder"/archive/*.data/data/lib/libcrypto_mb.a \
  -Wl,--gc-sections -Wl,--exclude-libs,ALL -Wl,-z,relro,-z,now -s 2>"$folder/log" || without "it does not compile: $(head -n 1 "$folder/log")"
mv "$folder/built.so" "$target"
echo "setup: $target, $(($(wc -c <"$target") / 1024)) KB"
