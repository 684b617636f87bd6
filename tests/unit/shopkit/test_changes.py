"""Changes of law between two days, rule by rule."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from shopkit.services.rules import changes_since, diff
from tests.unit.landed_cost.rulebook.small import SMALL, changed, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shopkit.services.rules import Change, Row

FEE = "- {id: qy.fee, what: Fee, value: 5, unit: USD, from: null, to: null, "
TWICE = (
    "- {id: qy.fee, what: Fee, value: 5, unit: USD, from: null, to: 2026-02-28, known_until: 2026-06-30, "
    "status: verified, sources: [Act 1]}\n"
    "- {id: qy.fee, what: Fee, value: 6, unit: USD, from: 2026-03-01, to: 2026-03-31, known_until: 2026-06-30, "
    "status: verified, sources: [Act 1]}\n"
    "- {id: qy.fee, what: Fee, value: 5, unit: USD, from: 2026-04-01, to: null, "
)


def said(changes: Sequence[Change]) -> list[tuple[str, str, str | None, str | None]]:
    """Return day, id and both values of each change."""
    return [(str(one.day), one.id, value(one.before), value(one.after)) for one in changes]


def value(row: Row | None) -> str | None:
    """Return what a rule says, where it says something."""
    return None if row is None else row.value["en"]


def test_a_rule_that_changed_twice_stands_twice(tmp_path: Path) -> None:
    """A fee that rose and fell again is told with both days, though the two ends of the time are alike."""
    book = load(tmp_path, law=changed(SMALL, FEE, TWICE))
    since, until = date(2026, 2, 1), date(2026, 4, 30)

    found = said([one for one in changes_since(book, "QY", since, until) if one.id == "qy.fee"])

    assert found == [("2026-03-01", "qy.fee", "5 USD", "6 USD"), ("2026-04-01", "qy.fee", "6 USD", "5 USD")]


def test_the_first_day_is_left_out_and_the_last_is_not(tmp_path: Path) -> None:
    """What began on the day since which is asked was known then; what begins on the last day counts."""
    book = load(tmp_path)
    begins = date(2026, 6, 1)

    found = [
        len(changes_since(book, "QY", *days)) for days in ((begins, date(2026, 7, 1)), (date(2026, 5, 31), begins))
    ]

    assert found == [0, 1]


def test_two_days_side_by_side_know_the_day_between(tmp_path: Path) -> None:
    """The difference of two days says from which day the second holds."""
    book = load(tmp_path)

    found = said(diff(book, "QY", date(2026, 1, 1), date(2026, 12, 1)))

    assert found == [("2026-06-01", "qy.rate", "10%", "12%")]
