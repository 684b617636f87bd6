"""Conditions that compare: values with amounts of money, the parcel with a weight, the year's parcels with a number."""

import operator
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from landed_cost.currencies import is_known
from landed_cost.money import to_minor
from landed_cost.rulebook.logic import Answer, Mentions, Test, all_hold
from landed_cost.rulebook.reader import Node

if TYPE_CHECKING:
    from landed_cost.run import Run

VALUES: Final = ("goods", "customs_value", "freight", "invoice")
_AMOUNT: Final = re.compile(r"[0-9]+(\.[0-9]+)?")
_COMPARISONS: Final[dict[str, Callable[[Fraction | int, Fraction | int], bool]]] = {
    "at_most": operator.le,
    "below": operator.lt,
    "over": operator.gt,
    "at_least": operator.ge,
}


def money_value(name: str) -> Callable[[Node, Mentions], Test]:
    """Return the reader of a comparison of one of ``VALUES`` with amounts of money."""

    def read(node: Node, seen: Mentions) -> Test:
        adds = node.take("adds", lambda found: found.word("day", "year"), None)
        tests = []
        for comparison in _COMPARISONS:
            bound = node.get(comparison)
            if bound is not None:
                tests.append(_compare(name, comparison, _bound(bound, seen), adds))
        node.done()
        _check_any(node, name, tests)
        return all_hold(tests)

    return read


def _bound(node: Node, seen: Mentions) -> str | tuple[int, str]:
    text = node.text()
    amount, _, currency = text.partition(" ")
    if currency and is_known(currency) and _AMOUNT.fullmatch(amount):
        return to_minor(Decimal(amount), currency), currency
    if currency:
        raise node.fail(f'{text!r} is neither a fact id nor an amount; write "2500 USD"')
    seen.facts.add(text)
    seen.limits.add(text)
    return text


def _compare(name: str, comparison: str, bound: str | tuple[int, str], adds: str | None) -> Test:
    is_within = _COMPARISONS[comparison]

    def test(run: "Run", _index: int) -> Answer:
        limit = run.threshold(bound) if isinstance(bound, str) else bound
        if limit is None:
            run.why.append(("rule.unknown", run.law.fact(str(bound))[1]))
            return None
        amount, currency = limit
        known = run.values.get((name, currency))
        found = run.value_in(name, currency) if known is None else known
        if adds is not None:
            found += run.prior_value(adds, currency)
        return is_within(found, amount)

    return test


def gross_weight(node: Node, _seen: Mentions) -> Test:
    """Read a comparison of the parcel's weight with weights such as ``"4 kg"``.

    A weight that was not given is *perhaps*. ``absent: within`` is for limits that parcels hardly ever reach: the
    parcel is then taken for one below the limit, and the answer says so.
    """
    absent = node.take("absent", lambda found: found.word("within", "perhaps"), "perhaps")
    tests = [_weighs(comparison, _kilos(bound), bound.text(), absent) for comparison, bound in _bounds(node)]
    node.done()
    _check_any(node, "gross_weight", tests)
    return all_hold(tests)


def parcels_this_year(node: Node, _seen: Mentions) -> Test:
    """Read a comparison of the number of parcels that the buyer received this year *before* this one."""
    tests = [_counts(comparison, bound.whole()) for comparison, bound in _bounds(node)]
    node.done()
    _check_any(node, "parcels_this_year", tests)
    return all_hold(tests)


def pieces(node: Node, _seen: Mentions) -> Test:
    """Read a comparison of how many pieces of a kind there are.

    Lines of one code may be one kind, in two colours, or two: where that decides, it is *perhaps*.
    """
    tests = [_alike(comparison, bound.whole()) for comparison, bound in _bounds(node)]
    node.done()
    _check_any(node, "pieces", tests)
    return all_hold(tests)


def _bounds(node: Node) -> list[tuple[str, Node]]:
    return [(comparison, bound) for comparison in _COMPARISONS if (bound := node.get(comparison)) is not None]


def _check_any(node: Node, name: str, tests: Sequence[Test]) -> None:
    if not tests:
        raise node.fail(f"{name} is compared with nothing; write one of {', '.join(_COMPARISONS)}")


def _kilos(node: Node) -> Fraction:
    number, _, unit = node.text().partition(" ")
    if unit != "kg" or not _AMOUNT.fullmatch(number):
        raise node.fail(f'{node.value!r} is no weight; write "4 kg"')
    return Fraction(number)


def _weighs(comparison: str, limit: Fraction, written: str, absent: str) -> Test:
    is_within = _COMPARISONS[comparison]

    def test(run: "Run", _index: int) -> Answer:
        found = run.gross_weight()
        if found is not None:
            return is_within(found, limit)
        if absent == "within":
            run.note("weight.assumed_within", "info", {"limit": written})
            return is_within(0, limit)
        run.why.append(("weight.absent", ""))
        return None

    return test


def _counts(comparison: str, limit: int) -> Test:
    is_within = _COMPARISONS[comparison]
    return lambda run, _index: is_within(run.prior_parcels(), limit)


def _alike(comparison: str, limit: int) -> Test:
    is_within = _COMPARISONS[comparison]

    def test(run: "Run", index: int) -> Answer:
        found = is_within(run.pieces(index), limit)
        same = [other for other in range(len(run.items)) if run.code(other) == run.code(index)]
        if len(same) > 1 and is_within(sum(run.pieces(other) for other in same), limit) is not found:
            run.why.append(("item.alike", ""))
            return None
        return found

    return test
