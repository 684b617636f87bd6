"""Apertium as a program of this machine: ``apertium`` with its pairs ``eng-spa`` and ``es-pt``."""

from __future__ import annotations

import re
import shutil
import subprocess
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from shopkit.engines.port import EngineAbsentError, Options, Price
from shopkit.engines.transport import ProgramTransport
from translations.engines.apertium import Apertium, hops_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopkit.engines.port import Machine

_PACKAGES: Final = ("apertium-eng-spa", "apertium-es-pt")
_VERSION: Final = re.compile(r"\d+(?:\.\d+)+")
_TIMEOUT_S: Final = 10
ABSENT: Final = "the program apertium is not installed; make setup says how to get it"
_FREE: Final = Price(Decimal(0), "USD")


def build(options: Mapping[str, Any]) -> Machine:
    """Return the engine with the pairs that are installed."""
    given = Options("apertium", options)
    named = given.text("program", "apertium")
    deadline_s = given.seconds("deadline_s", 60)
    program = shutil.which(named)
    if program is None:
        raise EngineAbsentError(ABSENT)
    hops = hops_of(_said(program, "-l"))
    if not hops:
        raise EngineAbsentError("apertium is installed without a pair that serves; make setup says which")
    engine = Apertium(hops, version_of(program), program)
    return given.machine(engine, ProgramTransport(deadline_s), _FREE)


@lru_cache
def version_of(program: str) -> str:
    """Return the version of the program, and of its pairs where the system can tell: words come from the pairs."""
    found = _VERSION.search(_said(program, "-V"))
    told = [found[0] if found else "?"]
    query = shutil.which("dpkg-query")
    if query is not None:
        for package in _PACKAGES:
            pair = _VERSION.search(_said(query, "-W", "-f", "${Version}", package))
            if pair:
                told.append(f"{package.removeprefix('apertium-')} {pair[0]}")
    return ", ".join(told)


@lru_cache
def _said(program: str, *arguments: str) -> str:
    """Return what a program prints, nothing where it fails."""
    try:
        done = subprocess.run(  # noqa: S603  # our own arguments
            (program, *arguments), capture_output=True, timeout=_TIMEOUT_S, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")
