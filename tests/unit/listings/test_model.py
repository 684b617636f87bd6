"""The shape of a listing: what it refuses, and what it gives of a piece in a market."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import to_json

from listings.model import Listing, Money, Weight


def listing(**more: Any) -> Listing:
    """Return a listing as it comes through a door, with some fields replaced."""
    return Listing.model_validate_json(to_json({"key": "playera", "title": "Playera"} | more))


def money(amount: str, currency: str = "USD") -> dict[str, str]:
    """Return an amount as JSON."""
    return {"amount": amount, "currency": currency}


def test_a_draft_needs_a_name_and_a_title_alone() -> None:
    """What is missing stays missing: nothing is made up."""
    made = listing()

    assert (made.status, made.hs_code, made.weight, made.price.price) == ("draft", None, None, None)
    assert made.model_dump(mode="json", exclude_defaults=True) == {"key": "playera", "title": "Playera"}


@pytest.mark.parametrize(
    ("more", "where", "what"),
    [
        ({"key": "a b"}, "key", "String should match pattern"),
        ({"title": ""}, "title", "String should have at least 1 character"),
        ({"title": "a\x00"}, "title", "String should match pattern"),
        ({"hs_code": "61091"}, "hs_code", "HS code '61091' has 5 digits, an odd number"),
        ({"origin": "m1"}, "origin", "String should match pattern"),
        ({"weight": {"value": 0.2, "unit": "kg"}}, "weight.value", "Input should be a valid string"),
        ({"weight": {"value": "-1", "unit": "kg"}}, "weight.value", "String should match pattern"),
        ({"price": {"price": money("1", "XXX")}}, "price.price.currency", "XXX is no currency"),
        (
            {"certificates": [{"kind": "OEKO", "expires_on": "2026-02-30"}]},
            "certificates.0.expires_on",
            "2026-02-30 is no day",
        ),
        ({"pictures": ["javascript:alert(1)"]}, "pictures.0", "String should match pattern"),
        ({"colour": "red"}, "colour", "Extra inputs are not permitted"),
        ({"variants": [{"sku": "A"}, {"sku": "A"}]}, "", "a SKU stands twice: A"),
        ({"markets": [{"market": "US"}, {"market": "US"}]}, "", "a market stands twice: US"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(more: dict[str, Any], where: str, what: str) -> None:
    """Each thing that is wrong is named with its place."""
    with pytest.raises(ValidationError) as caught:
        listing(**more)

    (error,) = caught.value.errors()
    assert ".".join(str(part) for part in error["loc"]) == where
    assert error["msg"].startswith(what)


def test_an_introductory_price_ends_after_it_starts() -> None:
    """A window that is turned around is refused."""
    window = {"price": money("9.00"), "starts_on": "2026-12-02", "ends_on": "2026-12-01"}

    with pytest.raises(ValidationError, match="ends before it starts"):
        listing(markets=[{"market": "US", "introductory": window}])


def test_a_code_is_kept_as_its_digits() -> None:
    """Dots and blanks are the reader's."""
    assert listing(hs_code="6109.10.00 12").hs_code == "6109100012"


def test_a_price_is_the_markets_else_the_variants_else_the_listings() -> None:
    """The nearest that was said counts."""
    made = listing(
        price={"price": money("10.00")},
        variants=[{"sku": "M", "price": money("12.00")}, {"sku": "S"}],
        markets=[{"market": "US", "price": money("15.00")}, {"market": "*", "title": "Tee"}],
    )
    large, small = made.variants

    found = [made.price_of(large, "US"), made.price_of(large, "CL"), made.price_of(large), made.price_of(small)]
    assert [one and one.amount for one in found] == ["15.00", "12.00", "12.00", "10.00"]
    assert made.price_of() == Money(amount="10.00", currency="USD")


def test_a_market_nobody_named_gets_what_is_said_of_all() -> None:
    """The star stands for every market that has no words of its own."""
    made = listing(markets=[{"market": "*", "title": "Tee"}, {"market": "BR", "title": "Camiseta"}])
    found = [made.override(market) for market in ("BR", "US")]

    assert [one and one.title for one in found] == ["Camiseta", "Tee"]


def test_a_weight_is_the_variants_else_the_listings() -> None:
    """A variant that says nothing weighs what the listing says."""
    made = listing(
        weight={"value": "0.2", "unit": "kg"},
        variants=[{"sku": "XL", "weight": {"value": "0.3", "unit": "kg"}}, {"sku": "S"}],
    )

    assert [made.weight_of(one) for one in (*made.variants, None)] == [
        Weight(value="0.3", unit="kg"),
        Weight(value="0.2", unit="kg"),
        Weight(value="0.2", unit="kg"),
    ]
    assert (made.variant("S"), made.variant("M")) == (made.variants[1], None)
