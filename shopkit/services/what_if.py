"""What if: a request that supposes other figures than the law's, read into an overlay of the engine.

The shape is in :mod:`shopkit.services.schemas`; what no shape knows (which facts there are, in which unit) is found
by the engine and told with a pointer into the request, like anything else that is wrong with it.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from landed_cost.rulebook import Overlay, OverlayError, Supposed
from landed_cost.rulebook.reader import read_text
from shopkit.services.days import read_day
from shopkit.services.problems import RequestError, RequestProblem, escaped

if TYPE_CHECKING:
    from datetime import date

    from landed_cost import Rulebook
    from landed_cost.rulebook.facts import Fact
    from landed_cost.rulebook.reader import Node
    from shopkit.services.schemas import WhatIf

_DIGEST: Final = 8


def supposing(rulebook: Rulebook, asked: WhatIf | None) -> Rulebook:
    """Return the rulebook under what is supposed; ``RequestError`` names every figure that does not fit."""
    if asked is None:
        return rulebook
    problems: list[RequestProblem] = []
    supposed = []
    for fact, one in asked.set.items():
        where = f"/what_if/set/{escaped(fact)}"
        since, until = (_day(text, f"{where}/{name}", problems) for name, text in (("from", one.from_), ("to", one.to)))
        supposed.append(Supposed(fact, Fraction(one.value), one.value, since, until, one.unit))
    found = rulebook
    try:
        found = rulebook.with_overlay(Overlay(asked.name or _name(supposed), tuple(supposed)))
    except OverlayError as error:
        for fault in error.faults:
            where = f"/what_if/set/{escaped(fault.fact)}" + (f"/{fault.part}" if fault.part else "")
            problems.append(RequestProblem(where, fault.code, fault.params))
    if problems:
        raise RequestError(problems)
    return found


def limits(rulebook: Rulebook, country: str, on: date) -> list[Fact]:
    """Return the limits of value in force at a destination, each once: what ways in and exemptions are bounded by.

    Only those with a sum that is known; by id.
    """
    destination = rulebook.destinations[country]
    conditions = [regime.when for regime in destination.regimes]
    for charge in (charge for regime in destination.regimes for charge in regime.charges):
        conditions += [charge.when, *(free.when for free in charge.exempt)]
    ids = sorted({id_ for condition in conditions for id_ in condition.limits})
    return [row for id_ in ids for row in destination.facts.rows(id_) if row.in_force(on) and row.value is not None]


def read_what_if(text: str, name: str) -> Any:  # noqa: ANN401  # what it holds is checked with the request
    """Return the content of a file of suppositions (YAML or JSON) as a request writes it: figures and days as texts.

    Raises ``RulebookError`` with file and line.
    """
    return _plain(read_text(text, name))


def _plain(node: Node) -> Any:  # noqa: ANN401  # whatever the file holds
    if isinstance(node.value, dict):
        return {key: _plain(value) for key, value in node.value.items()}
    if isinstance(node.value, list):
        return [_plain(value) for value in node.value]
    return node.value


def _day(text: str | None, where: str, problems: list[RequestProblem]) -> date | None:
    if text is None:
        return None
    try:
        return read_day(text, where)
    except RequestError as error:
        problems += error.problems
        return None


def _name(supposed: list[Supposed]) -> str:
    """Name what nobody named by what it says, so that the same supposition has the same name."""
    digest = hashlib.sha256(repr(sorted(supposed, key=lambda one: one.fact)).encode()).hexdigest()
    return f"what-if {digest[:_DIGEST]}"
