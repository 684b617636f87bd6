#!/usr/bin/env bash
# Resolve pyproject.toml anew into requirements/: hashes, no addresses, so any mirror will do.
set -euo pipefail
exec </dev/null
cd "$(dirname "$0")/.."

compile() {
    CUSTOM_COMPILE_COMMAND="make lock" .venv/bin/pip-compile --quiet --no-config --upgrade \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-options --strip-extras --allow-unsafe "$@"
}
ours=(--build-deps-for editable --extra postgres --extra redis)

compile "${ours[@]}" --output-file requirements/run.txt pyproject.toml
compile "${ours[@]}" --extra test --extra lint --extra bench --constraint requirements/run.txt \
    --output-file requirements/dev.txt pyproject.toml
compile --output-file requirements/peers.txt requirements/peers.in
compile --output-file requirements/localstripe.txt requirements/localstripe.in
