"""Peoples that a text should not name, claims that its goods do not prove, and when to speak."""

from __future__ import annotations

from datetime import date

import pytest

from listings.campaigns.audiences import groups
from listings.campaigns.media import MEDIA, speaking
from listings.campaigns.wording import Named, Unproved, named, unproved
from listings.model import Certificate, Listing

TODAY = date(2027, 4, 1)


@pytest.mark.parametrize(
    ("text", "group", "found"),
    [
        ("Para las mamás mexicanas", "latino", [Named("mexicanas", "mx")]),
        ("For Mexican mothers", "latino", [Named("mexican", "mx")]),
        ("Sabores de El Salvador", "mx", [Named("el salvador", "sv")]),
        ("Un recuerdo de Brasil", "mx", [Named("brasil", "br")]),
        ("Para las mamás mexicanas", "mx", []),
        ("Hecho en México para todas", "latino", []),
        ("Made in Ecuador", "mx", []),
        ("Para mamá, con cariño", "latino", []),
    ],
)
def test_a_text_names_its_own_people_alone(text: str, group: str, found: list[Named]) -> None:
    """In three languages; where a thing was made is a fact and stays."""
    assert list(named(text, groups()[group])) == found


def test_a_claim_for_all_has_to_hold_for_each() -> None:
    """Of two coffees one has its certificate: the other is named, and without any goods nothing is proved."""
    with_paper = Listing(key="a", title="Café", certificates=(Certificate(kind="USDA Organic"),))
    without = Listing(key="b", title="Café")
    text = "Café orgánico para mamá"

    assert unproved(text, [with_paper, without], TODAY) == (Unproved("organic", "organico", ("b",)),)
    assert unproved(text, [with_paper], TODAY) == ()
    assert unproved(text, [], TODAY) == (Unproved("organic", "organico", ()),)


def test_nobody_is_called_to_order_what_can_no_longer_come() -> None:
    """On the last day itself the steps are there, past; a day later there are none."""
    last = date(2027, 4, 22)

    assert [one.past for one in speaking(last, last)] == [True, True, True]
    assert speaking(last, date(2027, 4, 23)) == ()
    assert {name for one in speaking(last, TODAY) for name in one.media} == set(MEDIA)
