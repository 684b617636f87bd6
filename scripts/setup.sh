#!/usr/bin/env bash
# Make .venv with the locked versions, and look for what the tests need from the system.
#
#   scripts/setup.sh run   what running the shop needs
#   scripts/setup.sh dev   that, and what testing and linting need
#
# A stamp in .venv holds the hash of what was installed, so a second call needs no network.
# PYTHON names the interpreter; CI=true turns every missing part into a failure.
set -euo pipefail
exec </dev/null # nothing in here may wait for an answer
cd "$(dirname "$0")/.."
umask 022 # PostgreSQL's programs are lent to ``nobody`` in the tests, who must be able to read them

wanted=${1:-dev}
lock=requirements/$wanted.txt
venv=.venv

say() { printf 'setup: %s\n' "$*" >&2; }
fail() {
    say "$*"
    exit 1
}
is_root() { [ "$(id -u)" = 0 ]; }
has_apt() { command -v apt-get >/dev/null; }
apt_install() {
    say "installing $* with apt-get"
    { DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"; } >&2
}

search_python() {
    local candidate
    for candidate in ${PYTHON:-python3.11 /usr/bin/python3.11 python3}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

find_python() {
    search_python && return
    # A machine as bare as an image of Debian has no Python at all.
    if [ -z "${PYTHON:-}" ] && is_root && has_apt && apt_install python3.11 python3.11-venv; then
        search_python && return
    fi
    fail "Python 3.11 is needed (the lock files hold its versions). On Debian 12: apt-get install python3.11" \
        "python3.11-venv. Elsewhere: PYTHON=/path/to/python3.11 make setup"
}

make_venv() {
    local python
    python=$(find_python)
    # Debian and Ubuntu ship Python without the part that puts pip into an environment.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        if is_root && has_apt; then
            apt_install python3.11-venv || fail "apt-get could not install python3.11-venv"
        else
            fail "$python lacks venv. On Debian or Ubuntu, as root: apt-get install python3.11-venv"
        fi
    fi
    "$python" -m venv --clear "$venv"
}

digest() { sha256sum "$@" | sha256sum | cut -d' ' -f1; }
stamped() { [ "$(cat "$venv/.stamp-$1" 2>/dev/null)" = "$2" ]; }

locked=$(digest "$lock")
everything=$(digest requirements/dev.txt)
if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    make_venv
fi
# What tests need includes what running needs, at the same versions.
if ! stamped "$wanted" "$locked" && ! { [ "$wanted" = run ] && stamped dev "$everything"; }; then
    say "installing $(grep -c '==' "$lock") locked packages into $venv"
    # The lock is whole, so nothing is resolved: a resolving pip would meet "pydantic[email]>=2.0" with the newest
    # release of the day, for which no hash is here, and give up.
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --no-deps --require-hashes --only-binary :all: --requirement "$lock"
    "$venv/bin/python" -m pip check --disable-pip-version-check >"$venv/install.log" || {
        cat "$venv/install.log" >&2
        fail "$lock does not hold together; make lock writes it anew"
    }
    printf '%s\n' "$locked" >"$venv/.stamp-$wanted"
fi

# Entry points and the command come from pyproject.toml; installing ourselves needs no network. The path is in it
# because an environment that was moved or copied points to the old place.
ourselves=$(printf '%s %s' "$(digest pyproject.toml)" "$PWD")
if ! stamped self "$ourselves"; then
    # setuptools warns at length that an editable installation is one; only a failure is worth reading.
    if ! "$venv/bin/python" -m pip install --disable-pip-version-check --no-input \
        --no-index --no-deps --no-build-isolation --editable . >"$venv/install.log" 2>&1; then
        cat "$venv/install.log" >&2
        fail "the project could not be installed into $venv"
    fi
    # What building leaves beside the packages would be read before the installed entry points, and grows old.
    rm -rf ./*.egg-info
    printf '%s\n' "$ourselves" >"$venv/.stamp-self"
fi

[ "$wanted" = dev ] || exit 0

has_chromium() {
    [ -x "${SHOPKIT_CHROMIUM:-/usr/bin/chromium}" ] || compgen -G "$HOME/.cache/ms-playwright/chromium*" >/dev/null
}
on_debian() { grep -qx 'ID=debian' /etc/os-release 2>/dev/null; }

# Playwright's own driver is a program that Debian's smallest images lack a library for.
driver_runs() { "$venv/bin/python" -m playwright --version >/dev/null 2>&1; }
can_browse() { has_chromium && driver_runs; }

if ! can_browse && is_root && has_apt && on_debian; then
    # The fonts are for the pages: without any, Chromium draws boxes and measures them.
    apt_install chromium fonts-dejavu-core libatomic1 || say "apt-get could not install chromium"
fi
if ! can_browse; then
    say "no Chromium that can be driven, so tests/browser will be skipped. Debian, as root: apt-get install chromium" \
        "fonts-dejavu-core libatomic1. Elsewhere: $venv/bin/playwright install --with-deps chromium, or" \
        "SHOPKIT_CHROMIUM=/path/to/chromium"
    [ -z "${CI:-}" ] || fail "with CI set a missing part is a failure"
fi

# Machine drafts: the one engine that needs no account. It is GPL, so it is called as a program and never imported.
has_apertium() {
    local modes # read whole: a grep that stops early would kill the program, and pipefail would call that a failure
    modes=$(apertium -l 2>/dev/null) && [[ $modes == *spa-eng_US* && $modes == *es-pt_BR* ]]
}
if ! has_apertium && is_root && has_apt; then
    apt_install apertium apertium-eng-spa apertium-es-pt || say "apt-get could not install apertium"
fi
if ! has_apertium; then
    say "no Apertium, so tests that draft with it will be skipped. Debian or Ubuntu, as root: apt-get install" \
        "apertium apertium-eng-spa apertium-es-pt"
    [ -z "${CI:-}" ] || fail "with CI set a missing part is a failure"
fi
