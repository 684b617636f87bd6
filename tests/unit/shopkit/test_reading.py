"""Reading a request: strict about shape, exact about numbers, never failing otherwise than by saying what is wrong."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.delivery import Closure, Handling, Order
from landed_cost.model import Amount, Importer, Item, Place, Seller, ShelfLife, Shipment
from shopkit.services.problems import UnreadableError
from shopkit.services.reading import decode, read_comparison, read_quote
from tests.shop import SHIRTS, shirt, shirts

TODAY = date(2026, 11, 23)


def today(_country: str) -> date:
    """Return the same day everywhere."""
    return TODAY


def read(request: Any) -> Shipment:
    """Return the shipment of a request that is right."""
    reading = read_quote(request, today)
    assert reading.problems == []
    assert reading.shipment is not None
    return reading.shipment


def test_a_request_is_read_whole() -> None:
    """Every field of the contract arrives in the shipment."""
    request = {
        "date": "2026-11-23",
        "ready_on": "2026-11-25",
        "exported_on": "2026-11-22",
        "dispatch": {"country": "MX", "postal_code": "50000"},
        "destination": {"country": "US", "region": "ca", "postal_code": "90012"},
        "channel": "freight",
        "transport": "sea",
        "terms": "FOB",
        "place": "Veracruz",
        "currency": "USD",
        "importer": {
            "kind": "business",
            "tax_id": "12-3456789",
            "prior_use": {
                "day_value": {"amount": "1", "currency": "USD"},
                "year_value": {"amount": "2", "currency": "MXN"},
                "year_parcels": 3,
            },
        },
        "seller": {"schemes": ["br.remessa_conforme"], "registrations": ["CL"]},
        "price_includes": ["freight", "taxes"],
        "items": [
            {
                "id": "a",
                "description": "Vino tinto",
                "hs_code": "2204.21 50",
                "hs_schedule": "US",
                "origin": "MX",
                "origin_evidence": "certificate",
                "preference": "usmca",
                "quantity": "12",
                "unit_price": {"amount": "10.50", "currency": "USD"},
                "declared_value": {"amount": "9.99", "currency": "USD"},
                "weight": {"value": "2", "unit": "lb"},
                "measures": {"volume_l": "0.75", "alcohol_percent": "13.5"},
                "attributes": {"alcohol": "yes"},
            }
        ],
        "parcel": {"gross_weight": {"value": "20", "unit": "kg"}},
        "freight": {"amount": "12.00", "currency": "USD"},
        "insurance": {"amount": "0.00", "currency": "USD"},
        "save": False,
    }

    assert read(request) == Shipment(
        date=TODAY,
        ready_on=date(2026, 11, 25),
        exported_on=date(2026, 11, 22),
        dispatch=Place("MX", None, "50000"),
        destination=Place("US", "CA", "90012"),
        channel="freight",
        transport="sea",
        terms="FOB",
        place="Veracruz",
        currency="USD",
        importer=Importer(
            "business", "12-3456789", Amount(Decimal(1), "USD"), Amount(Decimal(2), "MXN"), year_parcels=3
        ),
        seller=Seller(frozenset({"br.remessa_conforme"}), frozenset({"CL"})),
        price_includes=frozenset({"freight", "taxes"}),
        items=(
            Item(
                id="a",
                description="Vino tinto",
                hs_code="22042150",
                hs_schedule="US",
                origin="MX",
                origin_evidence="certificate",
                preference="usmca",
                quantity=Decimal(12),
                unit_price=Amount(Decimal("10.50"), "USD"),
                declared_value=Amount(Decimal("9.99"), "USD"),
                weight_kg=Decimal("0.90718474"),
                measures={"volume_l": Decimal("0.75"), "alcohol_percent": Decimal("13.5")},
                attributes={"alcohol": "yes"},
            ),
        ),
        gross_weight_kg=Decimal(20),
        freight=Amount(Decimal("12.00"), "USD"),
        insurance=Amount(Decimal("0.00"), "USD"),
    )


def test_defaults_are_those_of_the_contract() -> None:
    """What is absent: today, DAP, a consumer, no freight (which is not zero), the first price's currency, ids."""
    request = {
        "dispatch": {"country": "MX"},
        "destination": {"country": "US"},
        "channel": "postal",
        "items": [{"hs_code": "6109", "quantity": "1", "unit_price": {"amount": "9", "currency": "MXN"}}],
    }

    shipment = read(request)

    assert read_quote(request, today).saves is True
    assert (shipment.date, shipment.terms, shipment.currency) == (TODAY, "DAP", "MXN")
    assert (shipment.importer, shipment.seller) == (Importer(), Seller())
    assert (shipment.freight, shipment.insurance, shipment.gross_weight_kg) == (None, None, None)
    assert (shipment.items[0].id, shipment.items[0].preference, shipment.items[0].origin) == ("1", "auto", None)


@pytest.mark.parametrize(
    ("unit", "kilograms"), [("kg", "2"), ("g", "0.002"), ("lb", "0.90718474"), ("oz", "0.05669904625")]
)
def test_weights_are_converted_exactly(unit: str, kilograms: str) -> None:
    """Pounds and ounces are the international ones, to the last digit."""
    request = shirts(parcel=None, items=[shirt(weight={"value": "2", "unit": unit})])

    assert read(request).items[0].weight_kg == Decimal(kilograms)


@pytest.mark.parametrize("code", ["6109.10.00.12", "6109 10 0012", "6109100012"])
def test_dots_and_spaces_of_a_code_are_ignored(code: str) -> None:
    """A code is its digits."""
    assert read(shirts(items=[shirt(hs_code=code)])).items[0].hs_code == "6109100012"


def test_compared_codes_are_universal_unless_their_schedule_is_named() -> None:
    """Six digits are the same everywhere; a code whose schedule is named keeps its own."""
    basket = shirts(terms="DAP", items=[shirt(), shirt(id="2", hs_schedule="US")], parcel=None)
    del basket["destination"]

    [(place, reading)] = read_comparison(basket, ["CL"], today).entries

    assert place == {"country": "CL"}
    assert reading.shipment is not None
    assert [item.hs_code for item in reading.shipment.items] == ["610910", "6109100012"]


amounts = st.from_regex(r"[0-9]{1,15}(\.[0-9]{1,6})?", fullmatch=True)


@given(amounts.filter(lambda text: text.isascii() and Decimal(text) > 0))
def test_an_amount_is_taken_to_the_last_digit(text: str) -> None:
    """No digit of a price is lost or added."""
    price = {"amount": text, "currency": "USD"}

    shipment = read(shirts(items=[shirt(unit_price=price, quantity="1")]))

    assert shipment.items[0].unit_price == Amount(Decimal(text), "USD")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_no_value_anywhere_breaks_the_reader(data: st.DataObject) -> None:
    """Whatever stands in place of any part of a request, it is read or complained about, never worse."""
    request = json.loads(json.dumps(SHIRTS))
    here: Any = request
    while True:
        key = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else list(range(len(here)))))
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.booleans()):
            here[key] = data.draw(json_values)
            break
        here = here[key]

    reading = read_quote(request, today)

    assert reading.problems or reading.shipment is not None


@given(st.binary(max_size=40))
def test_no_bytes_break_the_decoder(body: bytes) -> None:
    """Any bytes are JSON, or are said not to be."""
    try:
        value = decode(body)
    except UnreadableError:
        return
    assert json.loads(body) == value


# -- how the seller works, and how long the goods keep -------------------------------------------------------------


def found_wrong(**more: Any) -> list[tuple[str, str]]:
    """Return what is wrong with a request that is right but for ``more``."""
    return [(one.pointer, one.code) for one in read_quote(shirts() | more, today).problems]


def test_handling_is_read_whole() -> None:
    """The seller's calendar arrives as it was given."""
    handling = {
        "ordered_at": "2026-11-25T15:30",
        "cut_off": "14:00",
        "making": {"min": 3, "max": 5},
        "days": {"min": 0, "max": 1},
        "weekdays": ["mon", "sat"],
        "closed": [{"first": "2026-12-24", "last": "2027-01-06"}],
        "works_holidays": True,
    }

    assert read(shirts() | {"handling": handling}).handling == Handling(
        weekdays=frozenset({0, 5}),
        closures=(Closure(date(2026, 12, 24), date(2027, 1, 6)),),
        works_holidays=True,
        days=(0, 1),
        making=(3, 5),
        order=Order(datetime(2026, 11, 25, 15, 30), time(14)),  # noqa: DTZ001 - by the seller's clock
    )
    assert read(shirts() | {"handling": {}}).handling == Handling()
    assert read(shirts()).handling is None


@pytest.mark.parametrize(
    ("handling", "problems"),
    [
        ({"cut_off": "14:00"}, [("/handling/cut_off", "cut_off.without_order")]),
        ({"ordered_at": "2026-11-25T24:00"}, [("/handling/ordered_at", "time.impossible")]),
        ({"ordered_at": "2027-02-29T10:00"}, [("/handling/ordered_at", "date.impossible")]),
        ({"ordered_at": "2026-11-25 10:00"}, [("/handling/ordered_at", "time.invalid")]),
        ({"ordered_at": "2026-11-25T10:00", "cut_off": "12:60"}, [("/handling/cut_off", "time.impossible")]),
        ({"making": {"min": 5, "max": 3}}, [("/handling/making", "range.upside_down")]),
        ({"days": {"min": 1, "max": 0}}, [("/handling/days", "range.upside_down")]),
        ({"weekdays": []}, [("/handling/weekdays", "count.too_few")]),
        (
            {"closed": [{"first": "2026-12-24", "last": "2026-12-23"}]},
            [("/handling/closed/0", "range.upside_down")],
        ),
        ({"closed": [{"first": "2026-01-01", "last": "2027-01-02"}]}, [("/handling/closed/0", "closure.too_long")]),
        (
            {"closed": [{"first": "2026-02-30", "last": "2026-03-01"}]},
            [("/handling/closed/0/first", "date.impossible")],
        ),
    ],
)
def test_handling_that_cannot_be(handling: Any, problems: list[tuple[str, str]]) -> None:
    """Each slip in the seller's calendar is told where it stands."""
    assert found_wrong(handling=handling) == problems


def test_order_and_ready_day() -> None:
    """The day it is ready and the time of the order are two starts: one of them is to go."""
    handling = {"ordered_at": "2026-11-25T10:00"}

    assert found_wrong(handling=handling, ready_on="2026-11-25") == [("/handling/ordered_at", "order.with_ready_on")]


@pytest.mark.parametrize(
    ("given", "life"),
    [
        ({"shelf_life_days": 120, "min_remaining_days": 60}, ShelfLife(120, 60)),
        ({"shelf_life_days": 120}, ShelfLife(120, 0)),
        ({"shelf_life_days": 120, "min_remaining_days": 0}, ShelfLife(120, 0)),
        ({"min_remaining_days": 0}, None),
        ({}, None),
    ],
)
def test_shelf_life_is_read(given: Any, life: ShelfLife | None) -> None:
    """How long goods keep belongs to the item; without a wish nothing has to be left."""
    assert read(shirts() | {"items": [shirt() | given]}).items[0].shelf_life == life


@pytest.mark.parametrize("given", [{"min_remaining_days": 3}, {"shelf_life_days": 3, "min_remaining_days": 4}])
def test_shelf_life_that_cannot_be(given: Any) -> None:
    """What has to be left needs a life that is at least as long."""
    assert found_wrong(items=[shirt() | given]) == [("/items/0/shelf_life_days", "shelf_life.needed")]
