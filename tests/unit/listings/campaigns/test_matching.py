"""Matches part by part, claims that need proof, tagged addresses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.campaigns.audiences import groups
from listings.campaigns.calendar import events
from listings.campaigns.claims import Found, claims
from listings.campaigns.deadlines import Deadline
from listings.campaigns.links import AddressError, slug, tagged
from listings.campaigns.matching import WEIGHTS, Asked, Price, match, said, sentences
from listings.model import Certificate, Listing, Variant

TODAY = date(2027, 4, 1)
OPEN = Deadline("open", date(2027, 4, 22), date(2027, 4, 6), date(2027, 4, 13))
KNOWN = Price("complete", "34.10", "34.10", "34.10", "USD")
ASKED = Asked(groups()["mx"], events()["mothers-day"], OPEN, KNOWN, speaks=True, today=TODAY)


def listing(**more: Any) -> Listing:
    """Return an embroidered blouse from Mexico of which there are twelve."""
    given: dict[str, Any] = {
        "key": "blusa",
        "title": "Blusa bordada para mamá",
        "hs_code": "620630",
        "origin": "MX",
        "variants": (Variant(sku="B-M", stock=12),),
    }
    return Listing(**(given | more))


def points(made: Listing, asked: Asked = ASKED) -> dict[str, tuple[int, str]]:
    """Return points and reason of each part."""
    return {one.part: (one.points, one.reason) for one in match(made, asked).parts}


def test_a_blouse_from_home_in_time_has_every_point() -> None:
    """Eight parts of a hundred each, and nothing keeps it out."""
    found = match(listing(), ASKED)

    assert (found.score, found.out) == (100, ())
    assert {one.part: (one.points, one.reason) for one in found.parts} == {
        "origin": (100, "origin_same"),
        "in_time": (100, "in_time_open"),
        "language": (100, "language_ready"),
        "price": (100, "price_complete"),
        "restrictions": (100, "restrictions_none"),
        "category": (100, "category_clothing"),
        "occasion": (100, "occasion_named"),
        "stock": (100, "stock_there"),
    }


def test_a_score_is_the_weighted_mean_of_its_parts() -> None:
    """By hand: coffee from Peru, no word of the day, not counted, one paper and perhaps another, at risk.

    25 × 40 + 20 × 30 + 15 × 100 + 10 × 60 + 10 × 65 + 10 × 100 + 5 × 50 + 5 × 50 = 5,850, so 59 after rounding half up.
    """
    coffee = listing(title="Café molido", hs_code="090121", origin="PE", variants=())
    price = Price("estimated", "20", "18", "22", "USD", papers=1, perhaps=1)
    found = match(coffee, replace(ASKED, price=price, deadline=replace(OPEN, state="at_risk")))

    assert (found.score, found.out) == (59, ())


def test_what_is_not_known_has_no_points_and_a_reason() -> None:
    """Origin, kind, price and papers that nobody gave are told so, never taken for the best."""
    found = points(listing(origin=None, hs_code=None), replace(ASKED, price=Price("unasked", why="request")))

    assert {part: found[part] for part in ("origin", "category", "price", "restrictions")} == {
        "origin": (0, "origin_unknown"),
        "category": (0, "category_unknown"),
        "price": (0, "unasked_request"),
        "restrictions": (0, "restrictions_unknown"),
    }


@pytest.mark.parametrize(
    ("more", "changes", "out"),
    [
        ({"kind": "service"}, {}, ("not_shipped",)),
        ({}, {"price": Price("refused", blocked=True)}, ("refused",)),
        ({}, {"price": Price("unasked", why="no_price")}, ("unasked_no_price",)),
        ({}, {"deadline": replace(OPEN, state="too_late")}, ("too_late",)),
        ({}, {"speaks": False}, ("not_approved",)),
        ({"variants": (Variant(sku="B-M", stock=0), Variant(sku="B-L", stock=-2))}, {}, ("sold_out",)),
        ({"variants": (Variant(sku="B-M", stock=0), Variant(sku="B-L"))}, {}, ()),
    ],
)
def test_what_cannot_be_sold_or_come_in_time_stays_out(
    more: dict[str, Any], changes: dict[str, Any], out: tuple[str, ...]
) -> None:
    """Each with its reason; stock that is not counted in one variant does not sell a listing out."""
    assert match(listing(**more), replace(ASKED, **changes)).out == out


def test_a_pan_latino_campaign_takes_any_latin_origin_alike() -> None:
    """No country goes before another, and what is made elsewhere has no tie."""
    asked = replace(ASKED, group=groups()["latino"])

    assert [points(listing(origin=made), asked)["origin"] for made in ("MX", "PE", "CN")] == [
        (100, "origin_latin"),
        (100, "origin_latin"),
        (0, "origin_other"),
    ]


@given(
    st.sampled_from(["MX", "PE", "CN", None]),
    st.sampled_from(["open", "soon", "at_risk", "too_late", "unknown"]),
    st.integers(0, 9),
)
def test_every_reason_has_its_sentence(made: str | None, state: Any, papers: int) -> None:
    """A score lies between nothing and a hundred, and each of its lines can be said in three languages."""
    price = Price("complete", "1", "1", "1", "USD", papers=papers)
    found = match(listing(origin=made), replace(ASKED, deadline=replace(OPEN, state=state), price=price))
    lines = [said(one.reason, one.values, to) for one in found.parts for to in ("es", "pt", "en")]

    assert 0 <= found.score <= 100
    assert all(lines)
    assert set(found.out) <= sentences().keys()


def test_the_weights_are_a_hundred() -> None:
    """A score of a hundred means every part whole."""
    assert sum(WEIGHTS.values()) == 100


# -- claims ---------------------------------------------------------------------------------------------------------
def test_a_claim_stands_with_a_paper_that_has_not_ended() -> None:
    """Organic with a certificate in force is proved, with one that ended yesterday it is expired, without it is not."""
    paper = {"kind": "USDA Organic", "number": "MX-17"}
    standing = [
        claims("Café orgánico de altura", listing(certificates=papers), TODAY)
        for papers in (
            (Certificate(**paper, expires_on="2027-04-01"),),
            (Certificate(**paper, expires_on="2027-03-31"),),
            (),
        )
    ]

    assert standing == [
        (Found("organic", "organico", "proved", "USDA Organic MX-17"),),
        (Found("organic", "organico", "expired", "USDA Organic MX-17"),),
        (Found("organic", "organico", "unproved"),),
    ]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Té que alivia la tos", "medicinal"),
        ("Chá medicinal", "medicinal"),
        ("Handmade blouse", "handmade"),
        ("Rebozo hecho a mano", "handmade"),
        ("Feito à mão", "handmade"),
        ("Orgânico", "organic"),
    ],
)
def test_claims_are_found_in_three_languages(text: str, claim: str) -> None:
    """With accents, endings and capitals; without a paper they hold the text back."""
    (found,) = claims(text, listing(), TODAY)

    assert (found.claim, found.standing, found.holds_back) == (claim, "unproved", True)


def test_a_word_inside_another_is_no_claim() -> None:
    """An organisation is not organic, a secure parcel cures nothing."""
    assert claims("Organización segura, procura de oficina", listing(), TODAY) == ()


def test_where_it_was_made_is_declared_by_the_listing_and_proved_by_a_certificate() -> None:
    """A listing without an origin proves nothing, and neither does a text about the whole shop."""
    text = "Hecho en México"
    paper = Certificate(kind="Certificado de origen T-MEC")

    assert [
        claims(text, one, TODAY)[0].standing
        for one in (listing(), listing(certificates=(paper,)), listing(origin=None), None)
    ] == ["declared", "proved", "unproved", "unproved"]


# -- links ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//t.example/p",
        "https://",
        "https://u:p@t.example/",
        "https://t.example/a b",
        "http://[x",
    ],
)
def test_only_addresses_of_pages_are_tagged(address: str) -> None:
    """A script, a relative address, one with a password or a space are none."""
    with pytest.raises(AddressError):
        tagged(address, source="x", medium="y", campaign="z")


@given(st.text(max_size=80))
def test_a_slug_is_its_own_slug(text: str) -> None:
    """Whatever is typed, and typed again."""
    assert slug(slug(text)) == slug(text)
