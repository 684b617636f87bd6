#!/usr/bin/env bash
# Run the tests; pytest's closing line is printed last, whatever else there was to say.
#
#   scripts/test.sh               all: the engine must be covered whole by its own tests, branches included
#   COVER=all scripts/test.sh     all, with the coverage of everything (tests/covering.py)
#   scripts/test.sh PATH [...]    some, without
set -euo pipefail
exec </dev/null
cd "$(dirname "$0")/.."
mkdir -p .cache
log=.cache/pytest.log
status=0

# Dozens of tests start programs of ours, which compile all modules anew where nothing may be kept.
unset PYTHONDONTWRITEBYTECODE

# Hundreds of databases are made and thrown away: in memory where there is room and programs may run, as a disk takes
# up to twenty times as long.
room_kb=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1 || true)
if [ -z "${TMPDIR:-}" ] && [ "${room_kb:-0}" -ge 4000000 ]; then
    memory=$(mktemp -d /dev/shm/shopkit-test-XXXXXX)
    trap 'rm -rf "$memory"' EXIT
    chmod 755 "$memory" # PostgreSQL runs as nobody, who has to get in
    printf '#!/bin/sh\n' >"$memory/program"
    chmod +x "$memory/program"
    if "$memory/program" 2>/dev/null; then export TMPDIR=$memory; fi
fi

if [ $# -gt 0 ]; then
    .venv/bin/python -m pytest "$@" || status=$?
    exit "$status"
fi

# Two processes, a file at a time, in the order of tests/conftest.py: servers and browsers are started once per process.
.venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report= 2>&1 | tee "$log" || status=$?
if [ "${COVER:-}" = all ]; then .venv/bin/coverage report || status=$?; fi
.venv/bin/coverage report --include='landed_cost/*' --fail-under=100 >.cache/coverage-engine.txt || {
    status=$?
    echo 'landed_cost is not covered whole:'
    cat .cache/coverage-engine.txt
}
tail -n 1 "$log"
exit "$status"
