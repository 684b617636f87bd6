"""From a listing to the request of a quote: what is said is passed on, what is not said stays away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic_core import to_json

from landed_cost import load_rulebook, quote
from landed_cost.model import Amount, Item, Place, ShelfLife
from listings.model import Listing
from listings.shipment import NoPriceError, NotGoodsError, Sale, item_of, making_of, request_of, shipment_of
from shopkit.services.reading import read_quote

MEXICO, TEXAS = Place("MX", postal_code="50000"), Place("US", "TX")
ON = date(2026, 11, 27)
SALE = Sale(MEXICO, TEXAS, ON)
CUP: dict[str, Any] = {
    "key": "taza",
    "title": "Taza personalizada",
    "hs_code": "69120041",
    "origin": "MX",
    "price": {"price": {"amount": "250.00", "currency": "MXN"}},
    "weight": {"value": "350", "unit": "g"},
    "attributes": {"color": "rojo", "new": "yes"},
}


def listing(**more: Any) -> Listing:
    """Return the cup, with some fields replaced."""
    return Listing.model_validate_json(to_json(CUP | more))


def test_a_listing_is_goods_of_a_quote() -> None:
    """Price, weight in kilograms, origin and code come over; what customs does not know stays away."""
    found = item_of(listing(shelf_life_days=90), SALE)

    assert found == Item(
        "taza",
        "Taza personalizada",
        Decimal(1),
        Amount(Decimal("250.00"), "MXN"),
        hs_code="691200",
        origin="MX",
        weight_kg=Decimal("0.350"),
        shelf_life=ShelfLife(90),
    )


def test_the_code_of_the_sellers_tariff_is_cut_to_what_all_tariffs_share() -> None:
    """Eight digits of Mexico are no line of the United States; the market's own line is asked whole."""
    own = listing(markets=[{"market": "US", "hs_code": "6912.00.41"}])

    assert [(one.hs_code, one.hs_schedule) for one in (item_of(listing(), SALE), item_of(own, SALE))] == [
        ("691200", None),
        ("69120041", "US"),
    ]


def test_a_variant_goes_before_the_listing_and_the_market_before_the_variant() -> None:
    """Each says its price and weight where it differs."""
    two = listing(
        variants=[{"sku": "G", "price": {"amount": "300", "currency": "MXN"}, "weight": {"value": "1", "unit": "lb"}}],
        markets=[{"market": "CA", "price": {"amount": "20", "currency": "CAD"}}],
    )
    big, canadian = Sale(MEXICO, TEXAS, ON, sku="G"), Sale(MEXICO, Place("CA"), ON, sku="G")

    assert [(one.unit_price, one.weight_kg) for one in (item_of(two, big), item_of(two, canadian))] == [
        (Amount(Decimal(300), "MXN"), Decimal("0.45359237")),
        (Amount(Decimal(20), "CAD"), Decimal("0.45359237")),
    ]


@pytest.mark.parametrize(
    ("on", "amount"), [("2026-11-30", "20"), ("2026-12-01", "15"), ("2026-12-31", "15"), ("2027-01-01", "20")]
)
def test_an_introductory_price_holds_on_its_days(on: str, amount: str) -> None:
    """On the first and the last day, and neither before nor after."""
    first = {"price": {"amount": "15", "currency": "USD"}, "starts_on": "2026-12-01", "ends_on": "2026-12-31"}
    cup = listing(
        markets=[{"market": "US", "price": {"amount": "20", "currency": "USD"}, "introductory": first}],
    )

    assert item_of(cup, Sale(MEXICO, TEXAS, date.fromisoformat(on))).unit_price == Amount(Decimal(amount), "USD")


def test_a_price_that_is_tried_out_goes_before_all() -> None:
    """So that pricing can ask what another price would come to."""
    tried = Amount(Decimal(99), "USD")

    assert item_of(listing(), Sale(MEXICO, TEXAS, ON, price=tried)).unit_price == tried


@pytest.mark.parametrize("price", [{}, {"price": {"amount": "0", "currency": "MXN"}}])
def test_without_a_price_there_is_nothing_to_ask(price: dict[str, Any]) -> None:
    """No price and a price of nothing are both told."""
    with pytest.raises(NoPriceError):
        item_of(listing(price=price), SALE)


@pytest.mark.parametrize("kind", ["digital", "service"])
def test_what_is_no_goods_has_no_customs_line(kind: str) -> None:
    """A pattern to download or an hour of advice crosses no border."""
    with pytest.raises(NotGoodsError):
        shipment_of(listing(kind=kind), SALE)


def test_a_weight_of_nothing_is_none() -> None:
    """Unknown is not zero, and zero grams is what an unfilled column says."""
    assert item_of(listing(weight={"value": "0.000", "unit": "kg"}), SALE).weight_kg is None


@pytest.mark.parametrize(
    ("days", "personalisation", "expected"),
    [
        (None, [], None),
        (3, [], (3, 3)),
        (3, [{"name": "Nombre", "days": 2}, {"name": "Grabado", "days": 4}], (3, 7)),
        (None, [{"name": "Nombre", "days": 2}], (0, 2)),
    ],
)
def test_making_takes_longer_where_the_buyer_chooses(
    days: int | None, personalisation: list[dict[str, Any]], expected: tuple[int, int] | None
) -> None:
    """The slowest choice is the most it takes; nothing said is not nothing."""
    assert making_of(listing(making_days=days, personalisation=personalisation)) == expected


def test_the_size_is_that_of_a_parcel_of_one() -> None:
    """How several pieces are packed is not in a listing, so their parcel has no size."""
    sides = listing(dimensions={"length": "10", "width": "4", "height": "5.5", "unit": "in"})

    assert request_of(sides, SALE)["parcel"] == {
        "dimensions": {"length": "25.4", "width": "10.16", "height": "13.97", "unit": "cm"}
    }
    assert "parcel" not in request_of(sides, Sale(MEXICO, TEXAS, ON, quantity=Decimal(2)))


def test_both_ways_ask_the_same() -> None:
    """The request, read by the door, is the shipment that the engine gets directly, and it has an answer."""
    cup = listing(making_days=3, measures={"pieces": "1"}, attributes={"new": "yes"})

    reading = read_quote(request_of(cup, SALE), lambda _country: ON)

    assert reading.problems == []
    assert reading.shipment == shipment_of(cup, SALE)
    assert quote(shipment_of(cup, SALE), load_rulebook()).currency == "MXN"
