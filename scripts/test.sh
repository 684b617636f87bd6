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
