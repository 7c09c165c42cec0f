#!/bin/sh
# Hash-pinned locks without index lines. Existing pins are kept; delete a lock first to take newer releases.
set -eu
uv="$1"; out="$2"
compile() { "$uv" pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"; }
echo 'setuptools>=77' | compile - -o "$out/build.txt"
compile pyproject.toml -o "$out/runtime.txt"
compile --extra analytics -c "$out/runtime.txt" pyproject.toml -o "$out/analytics.txt"
compile --extra dev --extra analytics -c "$out/runtime.txt" pyproject.toml -o "$out/dev.txt"
