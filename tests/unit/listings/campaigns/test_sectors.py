"""Sectors and cities: each chapter in one sector, each city in a state of ours, no figure where none is published."""

from __future__ import annotations

import pytest

from listings.campaigns.audiences import states
from listings.campaigns.cities import cities, cities_in
from listings.campaigns.sectors import sector_of, sectors
from listings.model import Listing


@pytest.mark.parametrize(
    ("code", "sector"),
    [
        ("090121", "food"),
        ("610910", "textiles"),
        ("711311", "accessories"),
        ("732394", "crafts"),
        ("340111", "beauty"),
        ("852351", None),
        (None, None),
    ],
)
def test_a_listing_is_of_a_sector_by_its_code(code: str | None, sector: str | None) -> None:
    """Without a code, or with one of another chapter, of none."""
    found = sector_of(Listing(key="a", title="A", hs_code=code))

    assert (None if found is None else found.id) == sector


def test_every_sector_speaks_three_languages() -> None:
    """Name and advice, and what needs a proof."""
    assert {one.id: (set(one.name), set(one.advice), bool(one.claims)) for one in sectors()} == dict.fromkeys(
        ("food", "textiles", "accessories", "crafts", "beauty"), ({"en", "es", "pt"}, {"en", "es", "pt"}, True)
    )


def test_cities_lie_in_states_of_ours() -> None:
    """With who names them and since when; those from memory say so."""
    assert {one.state for one in cities().values()} <= set(states())
    assert {one.name for one in cities().values() if one.status == "memory"} == {"Miami", "Orlando"}
    assert cities_in(["GA"]) == ()
