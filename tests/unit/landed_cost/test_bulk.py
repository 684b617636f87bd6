"""Many quotes at once come to what each comes to by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from landed_cost import Amount, Place, Shipment, load_rulebook, quote, quote_many
from landed_cost.bulk import MONEY, Goods, Way, keeping, quote_goods
from landed_cost.bulk.keeping import shelf_of
from landed_cost.bulk.scalar import row_of
from landed_cost.bulk.symbols import UntraceableError
from landed_cost.checking import ShipmentError
from landed_cost.rulebook.overlay import Overlay, Supposed

if TYPE_CHECKING:
    from landed_cost import Rulebook


def usd(text: str) -> Amount:
    """Return dollars."""
    return Amount(Decimal(text), "USD")


def alone(shipment: Shipment, law: Rulebook) -> dict[str, Any]:
    """Return the row of a shipment that is asked by itself."""
    try:
        return row_of(quote(shipment, law))
    except ShipmentError as error:
        reasons = tuple(sorted({one.code for one in error.problems}))
        nothing = {"outcome": "wrong", "reasons": reasons, "regime": None, **dict.fromkeys(MONEY)}
        return nothing | {"currency": shipment.currency, "date": shipment.date}


DAY = date(2026, 10, 1)
GOODS = Goods.of(["610910", "691200", "610910"], ["MX", "CN", "MX"], [25_00, 18_00, 30_00], "USD", grams=[200, 400, -1])
US = Shipment(DAY, Place("MX"), Place("US", "CA"), "courier", "USD", (), freight=Amount(Decimal(12), "USD"))
CHILE = replace(US, destination=Place("CL"), currency="CLP")


@pytest.fixture(scope="module")
def law() -> Rulebook:
    """Return the rulebook that ships."""
    return load_rulebook()


def test_goods_come_to_what_each_comes_to_alone(law: Rulebook) -> None:
    """Each listing by each way is the row that the engine answers for that one shipment, whatever the chunk."""
    ways = [Way(US), Way(CHILE)]

    found = {
        (block.way, int(listing)): block.priced.row(row)
        for block in quote_goods(GOODS, ways, law, chunk=2)
        for row, listing in enumerate(block.rows)
    }

    assert found == {
        (number, row): row_of(quote(GOODS.shipment(way, row), law))
        for number, way in enumerate(ways)
        for row in range(len(GOODS))
    }


def test_freight_may_differ_from_listing_to_listing(law: Rulebook) -> None:
    """A column of freight goes before the freight of the way."""
    way = Way(US, np.array([9_00, 0, 15_50], np.int64), "USD")

    (block,) = quote_goods(GOODS, [way], law)

    assert block.priced.money["freight"][np.argsort(block.rows)].tolist() == [9_00, 0, 15_50]


def test_a_request_that_cannot_be_read_is_a_row_that_says_so(law: Rulebook) -> None:
    """What is wrong with one shipment stops none of the others."""
    fine = GOODS.shipment(Way(US), 0)
    wrong = replace(fine, items=(replace(fine.items[0], hs_code="6109.1"),))

    priced = quote_many([wrong, fine], law)

    told = [(row["outcome"], row["reasons"], row["landed"]) for row in map(priced.row, range(2))]
    assert told == [("wrong", ("hs.invalid",), None), ("estimated", ("rule.memory",), 45_01)]


def test_columns_of_different_length_are_refused() -> None:
    """A column that is shorter than the others is said, not filled up."""
    with pytest.raises(ValueError, match=r"a column has \(1,\) values where there are 2 goods"):
        Goods.of(["610910", "691200"], ["MX", "MX"], [25_00], "USD")


# -- what is asked one by one -------------------------------------------------------------------------------------


def changed(**item: Any) -> Shipment:
    """Return the first of the goods with something else about it."""
    shipment = GOODS.shipment(Way(US), 0)
    return replace(shipment, items=(replace(shipment.items[0], **item),))


@pytest.mark.parametrize(
    ("shipment", "why"),
    [
        (replace(changed(), items=(*changed().items, replace(changed().items[0], id="2"))), "many_items"),
        (changed(origin=None), "origin.absent"),
        (changed(unit_price=usd("0"), declared_value=usd("5")), "declared_value"),
        (replace(changed(), price_includes=frozenset({"duties"})), "price_holds_charges"),
        (replace(changed(), destination=Place("JP")), "destination.not_covered"),
        (changed(unit_price=usd("0")), "unusual"),
        (changed(quantity=Decimal("NaN")), "unusual"),
        (changed(weight_kg=Decimal(-1)), "unusual"),
        (changed(hs_code="610999"), "unusual"),
        (changed(preference="nafta"), "unusual"),
        (
            replace(changed(hs_code="640399", quantity=Decimal("1.5"), unit_price=usd("400")), destination=Place("EC")),
            "not_arithmetic",
        ),
        (changed(unit_price=usd("1e13")), "too_large"),
        (changed(unit_price=usd("99999999999")), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_matter_of_numbers_is_asked_alone(shipment: Shipment, why: str, law: Rulebook) -> None:
    """A row that no program is made for is answered by the engine as ever, and counted under why."""
    priced = quote_many([shipment], law)

    assert (priced.row(0), priced.fallbacks) == (alone(shipment, law), {why: 1})


def test_what_a_way_weighs_and_a_kilo_costs_is_reckoned_together(law: Rulebook) -> None:
    """A parcel weight of the way, and one of each listing, decide on a fee by the kilo as they do alone."""
    ecuador = replace(US, destination=Place("EC"))
    ways = [Way(ecuador), Way(replace(ecuador, gross_weight_kg=Decimal("3.5")))]

    blocks = list(quote_goods(GOODS, ways, law))

    for block, way in zip(blocks, ways, strict=True):
        found = {int(row): block.priced.row(place) for place, row in enumerate(block.rows)}
        assert found == {row: alone(GOODS.shipment(way, row), law) for row in range(3)}
        assert block.priced.fallbacks == {}


def test_drinks_without_their_measures_are_refused_together(law: Rulebook) -> None:
    """An excise by volume that nobody can tell bounds nothing, whatever the price: no row is asked by itself."""
    beer = Goods.of(["220300"] * 3, ["MX"] * 3, [25_00, 18_00, 30_00], "USD", grams=[200, 400, 700])

    (block,) = quote_goods(beer, [Way(US)], law)

    found = {int(row): block.priced.row(place) for place, row in enumerate(block.rows)}
    assert found == {row: alone(beer.shipment(Way(US), row), law) for row in range(3)}
    assert (found[0]["outcome"], block.priced.fallbacks) == ("refused", {})


def test_a_drink_with_its_measures_is_asked_alone(law: Rulebook) -> None:
    """The volume of a bottle is on no tape, so its excise is reckoned by itself."""
    bottle = changed(hs_code="220300", measures={"volume_l": Decimal("0.75")})

    priced = quote_many([bottle], law)

    assert (priced.row(0), priced.fallbacks) == (alone(bottle, law), {"not_arithmetic": 1})


def test_columns_hold_rows_that_are_asked_alone(law: Rulebook) -> None:
    """Of listings without a price, of a size beyond all sense or without an origin each row is the engine's own."""
    kinds = (*GOODS.kinds, replace(GOODS.kinds[0], origin=None))
    column = np.array([25_00, 0, 2**40, 30_00], np.int64)
    goods = Goods(kinds, np.array([0, 0, 0, 2], np.int32), column, np.array([1, 1, 2**40, 1]), np.full(4, 200))
    ways = [Way(US), Way(replace(US, destination=Place("JP"))), Way(US, np.array([-1_00, 1, 1, 1]))]

    blocks = list(quote_goods(goods, ways, law))

    for block, way in zip(blocks, ways, strict=True):
        found = {int(row): block.priced.row(place) for place, row in enumerate(block.rows)}
        assert found == {row: alone(goods.shipment(way, row), law) for row in range(4)}
    assert [block.priced.fallbacks for block in blocks] == [
        {"origin.absent": 1, "unusual": 2},
        {"destination.not_covered": 4},
        {"origin.absent": 1, "unusual": 3},
    ]


def test_what_is_refused_unseen_is_refused_together(law: Rulebook) -> None:
    """Goods that do not cross a border, or on a day before our evidence, need no row asked alone."""
    home = replace(US, dispatch=Place("US"))
    early = replace(US, date=date(2020, 1, 1))

    blocks = list(quote_goods(GOODS, [Way(home), Way(early)], law))

    found = [
        (block.priced.row(0)["reasons"], block.priced.row(0)["landed"], block.priced.fallbacks) for block in blocks
    ]
    assert found == [(("dispatch.domestic",), None, {}), (("date.before_evidence",), None, {})]


def test_weights_are_exact_however_they_were_given(law: Rulebook) -> None:
    """Ounces, and a weight finer than anybody weighs, come to what they come to alone."""
    weights = [None, "0.2", "0.3", "0.028349523125", "0.1234567890123456789"]
    shipments = [
        replace(
            changed(weight_kg=None if text is None else Decimal(text)),
            destination=Place(country),
            gross_weight_kg=None if gross is None else Decimal(gross),
            insurance=usd("1.50"),
        )
        for text in weights
        for gross in (None, "4")
        for country in ("CL", "EC")
    ]

    priced = quote_many(shipments, law)

    assert [priced.row(number) for number in range(len(shipments))] == [alone(one, law) for one in shipments]
    assert priced.fallbacks == {"too_large": 6}


def test_what_is_supposed_is_said_of_every_row(law: Rulebook) -> None:
    """Under an overlay no row is complete, and each says why."""
    supposed = law.with_overlay(Overlay("dearer", (Supposed("cl.iva", Fraction(20), "20"),)))

    priced = quote_many([changed(), replace(changed(), destination=Place("CL"))], supposed)

    assert [priced.row(number) for number in range(2)] == [
        alone(changed(), supposed),
        alone(replace(changed(), destination=Place("CL")), supposed),
    ]
    assert priced.fallbacks == {}


def test_goods_of_other_evidence_are_another_kind(law: Rulebook) -> None:
    """A certificate of origin changes what is due, and so is never answered with the program of goods without one."""
    kinds = tuple(replace(GOODS.kinds[0], origin_evidence=one) for one in ("none", "certificate"))
    goods = Goods(kinds, np.array([0, 1], np.int32), np.full(2, 900_00), np.ones(2, np.int64), np.full(2, 200))

    (block,) = quote_goods(goods, [Way(US)], law)

    found = {int(row): block.priced.row(place) for place, row in enumerate(block.rows)}
    assert found == {row: alone(goods.shipment(Way(US), row), law) for row in range(2)}
    assert found[0]["landed"] != found[1]["landed"]


# -- programs -----------------------------------------------------------------------------------------------------


def test_goods_that_are_treated_alike_share_a_program(law: Rulebook) -> None:
    """Mexico's flat rate does not look at what the goods are: one program serves all kinds."""
    mexico = replace(US, date=date(2026, 9, 9), dispatch=Place("CO"), destination=Place("MX"), currency="MXN")
    goods = Goods.of(["691200", "701337", "950300"], ["CO", "CO", "CO"], [90_00, 90_00, 91_00], "USD")

    list(quote_goods(goods, [Way(mexico)], law))

    shelf = shelf_of(law.at("MX", mexico.date))
    assert (len(shelf), shelf.different) == (3, 1)


def test_no_more_programs_are_made_than_are_worth_it(law: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Goods that need ever new programs are asked one by one from there on."""
    monkeypatch.setattr(keeping, "MOST", 1)
    way = replace(US, date=date(2026, 9, 10))
    goods = Goods.of(["610910", "610910"], ["MX", "MX"], [25_00, 3_000_00], "USD")

    (block,) = quote_goods(goods, [Way(way)], law)

    assert block.priced.fallbacks == {"too_many_ways": 1}


def test_what_failed_often_is_not_tried_for_ever(law: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some failures goods of a kind are asked one by one at once; so the reason stays the same."""
    tried = []

    def fails(*_args: object) -> None:
        tried.append(1)
        raise UntraceableError("not_arithmetic")

    monkeypatch.setattr(keeping, "trace", fails)
    goods = Goods.of(["610910"] * 20, ["MX"] * 20, [25_00] * 20, "USD")

    (block,) = quote_goods(goods, [Way(replace(US, date=date(2026, 9, 11)))], law)

    assert (block.priced.fallbacks, len(tried)) == ({"not_arithmetic": 20}, keeping.FAILURES)


def test_a_shelf_that_grows_too_large_is_emptied(law: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept for a day's law has an end; what is forgotten is made again."""
    monkeypatch.setattr(keeping, "KEPT", 2)
    way = replace(US, date=date(2026, 9, 12), destination=Place("CL"), currency="CLP")
    goods = Goods.of(["610910", "691200", "701337"], ["CN", "CN", "CN"], [25_00, 25_00, 25_00], "USD")

    (block,) = quote_goods(goods, [Way(way)], law)

    assert (len(shelf_of(law.at("CL", way.date))), block.priced.fallbacks) == (1, {})


def test_few_of_an_assortment_are_asked_alone(law: Rulebook) -> None:
    """Of everyday goods by all ways into all destinations less than one in a hundred is asked one by one."""
    codes = ["610910", "090121", "640399", "711319", "950300", "851762", "330499", "420292"]
    goods = Goods.of(codes * 4, ["MX", "CO", "CN", "PE"] * 8, [15_00, 60_00, 230_00, 900_00] * 8, "USD")
    ways = [Way(replace(US, destination=Place(one))) for one in law.destinations]

    blocks = list(quote_goods(goods, ways, law))

    alone = sum(sum(block.priced.fallbacks.values()) for block in blocks)
    assert alone * 100 < sum(len(block.priced) for block in blocks)
