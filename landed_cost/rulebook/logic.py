"""Three-valued logic: *yes* (True), *no* (False), *perhaps* (None); and what a condition mentions as it is read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landed_cost.run import Run

Answer = bool | None
Test = Callable[["Run", int], Answer]


@dataclass(slots=True)
class Mentions:
    """What a condition mentions, as it is read."""

    facts: set[str] = field(default_factory=set)
    limits: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    charges: set[str] = field(default_factory=set)
    agreements: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    item_level: bool = False
    is_dynamic: bool = False
    asks_claims: bool = False
    crosses: bool = False
    asks_others: bool = False


def all_hold(tests: Iterable[Test]) -> Test:
    """Return the test that holds when each of ``tests`` does."""
    tests = tuple(tests)
    if len(tests) == 1:
        return tests[0]

    def test(run: "Run", index: int) -> Answer:
        answer: Answer = True
        for one in tests:
            found = one(run, index)
            if found is False:
                return False
            if found is None:
                answer = None
        return answer

    return test


def any_holds(tests: Iterable[Test]) -> Test:
    """Return the test that holds when one of ``tests`` does."""
    return negate(all_hold([negate(test) for test in tests]))


def negate(test: Test) -> Test:
    """Return the opposite; *perhaps* stays perhaps."""

    def opposite(run: "Run", index: int) -> Answer:
        found = test(run, index)
        return None if found is None else not found

    return opposite
