"""Days without a way in: found in rules that came from outside, and not there in ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landed_cost import load_rulebook
from shopkit.services.renewal.ways import closed
from tests.unit.landed_cost.rulebook.small import SMALL, changed, load

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = "- id: qy.entry\n"
# Days of change of the small rulebook are 2026-01-01 and 2026-06-01.
WAYS = ENTRY + "  when: {any: [{date: {to: 2026-02-28}}, {date: {from: 2026-04-01}}, {channel: [freight]}]}\n"


def test_days_between_two_ways_in(tmp_path: Path) -> None:
    """Nothing is said of March for parcels, whatever they are worth and whoever receives them; freight has its way."""
    found = list(closed(load(tmp_path, law=changed(SMALL, ENTRY, WAYS))))

    assert {(str(one.first), str(one.last)) for one in found} == {("2026-03-01", "2026-03-31")}
    assert str(found[0]) == (
        "QY: no way in is open from 2026-03-01 to 2026-03-31 for a postal parcel of 20 USD to a consumer"
    )
    assert len(found) == 8


def test_a_way_that_was_never_open_is_no_hole(tmp_path: Path) -> None:
    """Who takes no mail on any day says so by having no way for it."""
    only_freight = changed(SMALL, ENTRY, ENTRY + "  when: {channel: [freight]}\n")

    assert list(closed(load(tmp_path, law=only_freight))) == []


def test_ours_have_no_such_days() -> None:
    """On every day of the evidence each destination has a way in for what it has one for on any."""
    assert list(closed(load_rulebook())) == []
