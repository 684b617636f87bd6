"""Whatever is asked for together comes to what each comes to alone: listings of all sorts by all ways on any day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from landed_cost import Amount, Importer, Item, Place, Seller, Shipment, load_rulebook, quote
from landed_cost.bulk import ABSENT, OUTCOMES, Goods, Way, quote_goods
from landed_cost.bulk.answering import spans_of
from landed_cost.bulk.columns import Sheet
from landed_cost.bulk.scalar import row_of
from landed_cost.bulk.symbols import UntraceableError
from landed_cost.bulk.tracing import Asked, trace
from landed_cost.checking import ShipmentError
from landed_cost.currencies import exponent

BOOK = load_rulebook()
DAYS = [date(2025, 8, 28), date(2025, 8, 29), date(2026, 7, 1), date(2026, 10, 1)]
CODES = ["610910", "090121", "640399", "220300", "711319", "950300", "851762", "330499", "490199", "620342", "6109"]
ORIGINS = ["MX", "CO", "CN", "BR", "PE", "US", "ES", "VN"]
# On either side of limits of law, and where rounding shows.
EDGES = [1, 49, 50, 51, 4_999, 5_000, 5_001, 15_000, 19_999, 20_000, 20_001, 39_999, 40_000, 79_999, 80_000, 80_001]
EDGES += [100_000, 150_000, 199_999, 200_000, 249_999, 250_000, 250_001, 299_999, 300_001, 1_000_000, 5_000_000]
prices = st.sampled_from(EDGES) | st.integers(1, 400_000)
currencies = st.sampled_from(["USD", "USD", "MXN", "CLP", "EUR", "BRL"])
regions = {"US": "CA", "BR": "SP", "CA": "ON", "ES": "CN"}


@st.composite
def ways(draw: st.DrawFn) -> dict[str, Any]:
    """A way to some destination on some day."""
    country = draw(st.sampled_from(sorted(BOOK.destinations)))
    given_freight = draw(st.sampled_from([None, "0", "12.00", "85.50"]))
    channel = draw(st.sampled_from(["courier", "postal", "freight"]))
    return {
        "date": draw(st.sampled_from(DAYS)),
        "dispatch": Place(draw(st.sampled_from(["MX", "PE", "CO", "US"]))),
        "destination": Place(country, draw(st.sampled_from([None, regions.get(country)]))),
        "channel": channel,
        "currency": draw(st.sampled_from([BOOK.destinations[country].currency, "USD", "EUR"])),
        "terms": draw(st.sampled_from(["DAP", "DDP"])),
        "transport": "air" if channel == "freight" else None,
        "importer": draw(st.sampled_from([Importer(), Importer("business"), Importer(year_parcels=3)])),
        "seller": Seller(draw(st.sampled_from([frozenset(), frozenset({"br.prc"}), frozenset({"eu.ioss"})]))),
        "price_includes": draw(st.sampled_from([frozenset(), frozenset(), frozenset({"freight"})])),
        "freight": None if given_freight is None else Amount(Decimal(given_freight), draw(currencies)),
    }


@st.composite
def kinds(draw: st.DrawFn) -> Item:
    """A kind of goods."""
    return Item(
        "1",
        "cotton T-shirt",
        Decimal(1),
        Amount(Decimal(1), draw(currencies)),
        hs_code=draw(st.sampled_from([*CODES, None])),
        origin=draw(st.sampled_from(ORIGINS)),
        origin_evidence=draw(st.sampled_from(["none", "declared", "certificate"])),
        preference=draw(st.sampled_from(["auto", "auto", "none"])),
        attributes=draw(st.sampled_from([{}, {"fiber": "cotton"}])),
    )


def answered(shipment: Shipment) -> dict[str, Any]:
    """Return the row of a shipment that is asked by itself."""
    try:
        return row_of(quote(shipment, BOOK))
    except ShipmentError as error:
        return {"outcome": "wrong", "reasons": tuple(sorted({one.code for one in error.problems}))}


def differences(found: dict[str, Any], shipment: Shipment) -> dict[str, Any]:
    """Return what differs of a row from the answer that the shipment has alone: found and wanted."""
    return {name: (found[name], value) for name, value in answered(shipment).items() if found[name] != value}


def cents(minor: int, currency: str) -> Amount:
    """Return an amount of so many minor units."""
    return Amount(Decimal(minor).scaleb(-exponent(currency)), currency)


def every(fits: Any, count: int) -> list[bool]:
    """Return which rows a program is for."""
    return [True] * count if fits is None else fits.tolist()


QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(way=ways(), some=st.lists(kinds(), min_size=1, max_size=3), data=st.data())
def test_listings_by_any_way_come_to_what_each_comes_to_alone(
    way: dict[str, Any], some: list[Item], data: st.DataObject
) -> None:
    """Outcome, reasons, way in, totals and range of every row are those of the scalar engine, to the minor unit."""
    row = st.tuples(st.integers(0, len(some) - 1), prices, st.integers(1, 4), st.sampled_from([-1, 0, 150, 20_001]))
    columns = zip(*data.draw(st.lists(row, min_size=6, max_size=12)), strict=True)
    kind, price, quantity, grams = (np.array(column, np.int64) for column in columns)
    goods = Goods(tuple(some), kind.astype(np.int32), price, quantity, grams)
    by = Way(Shipment(items=(), **way))

    (block,) = quote_goods(goods, [by], BOOK)

    found = [differences(block.priced.row(place), goods.shipment(by, int(row))) for place, row in enumerate(block.rows)]
    assert found == [{}] * len(goods)


@QUICK
@given(way=ways(), kind=kinds(), data=st.data())
def test_a_program_holds_to_the_ends_of_its_bounds(way: dict[str, Any], kind: Item, data: st.DataObject) -> None:
    """What was learnt at one price and freight is so at every other that fulfils the conditions, the last one too."""
    freight = data.draw(st.none() | st.integers(0, 20_000))
    weight = data.draw(st.sampled_from([None, Decimal("0.2"), Decimal(4), Decimal("31.5")]))
    numbers = {"goods": data.draw(prices)} | ({} if freight is None else {"freight": freight})

    def shipment(numbers: dict[str, int]) -> Shipment:
        item = replace(kind, unit_price=cents(numbers["goods"], kind.unit_price.currency), weight_kg=weight)
        given = {"freight": cents(numbers["freight"], "USD")} if "freight" in numbers else {}
        return Shipment(items=(item,), **way | {"freight": None} | given)

    try:
        program = trace(Asked(shipment(numbers), numbers), BOOK)
    except UntraceableError:
        reject()
    ends = [st.sampled_from([low, low + 1, (low + high) // 2, high - 1, high]) for low, high in program.bounds]
    rows = [*data.draw(st.lists(st.tuples(*ends), min_size=4, max_size=4)), tuple(numbers.values())]
    columns = [np.array(column, np.int64).clip(0, 10**9) for column in zip(*rows, strict=True)]
    columns[0].clip(1, out=columns[0])  # what costs nothing is another question

    fits, known = program.fits(columns, spans_of(columns))
    sheet = Sheet(len(rows))
    program.tell(known, sheet.money, slice(None))

    found = [
        {name: None if column[row] == ABSENT else int(column[row]) for name, column in sheet.money.items()}
        | {"outcome": OUTCOMES[program.outcome], "reasons": program.reasons, "regime": program.regime}
        for row in range(len(rows))
    ]
    alone = [answered(shipment(dict(zip(numbers, map(int, row), strict=True)))) for row in zip(*columns, strict=True)]
    same = [{name: one[name] for name in told} == told for one, told in zip(alone, found, strict=True)]
    assert [fit and not right for fit, right in zip(every(fits, len(rows)), same, strict=True)] == [False] * len(rows)
    assert every(fits, len(rows))[-1]
