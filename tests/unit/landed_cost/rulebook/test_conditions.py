"""Conditions: yes, no and perhaps, and what a condition mentions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Amount, Importer, Place, RulebookError, Seller
from landed_cost.rulebook.conditions import read_condition
from landed_cost.rulebook.reader import read_text
from tests.unit.landed_cost.qz import MAY, item, run_of, shipment, usd

if TYPE_CHECKING:
    from landed_cost import Item


def answer(text: str, *items: Item, **more: Any) -> bool | None:
    """Return what a condition says of a parcel, or of its first item."""
    return read_condition(read_text(text, "f.yaml")).test(run_of(shipment(*items, **more)), 0)


SHIRT, PLANT, ARMS = item("1"), item("2", hs_code="060210"), item("3", hs_code="930100")
UNKNOWN = item("4", origin=None)


@pytest.mark.parametrize(
    ("text", "more", "found"),
    [
        ("{}", {}, True),
        ("channel: [freight, postal]", {}, True),
        ("channel: [postal]", {}, False),
        ("transport: [air]", {}, True),
        ("transport: [sea]", {"channel": "postal", "transport": None}, False),
        ("terms: [DDP]", {}, False),
        ("terms: [DDP]", {"terms": "DDP"}, True),
        ("importer: [business]", {"importer": Importer("business")}, True),
        ("region: [UN]", {}, True),
        ("region: [SO]", {}, False),
        ("region: [SO]", {"destination": Place("QZ")}, None),
        ("named_region: [UN]", {}, True),
        ("named_region: [SO]", {}, False),
        ("named_region: [SO]", {"destination": Place("QZ")}, False),
        ("dispatch: [AA]", {}, True),
        ("dispatch_not: [AA]", {}, False),
        ("dispatch_not: [BB]", {}, True),
        ("scheme: qz.green", {}, False),
        ("scheme: qz.green", {"seller": Seller(frozenset({"qz.green"}))}, True),
        ("registered: QZ", {"seller": Seller(registrations=frozenset({"QZ"}))}, True),
        ("registered: QZ", {}, False),
        ("date: {from: 2026-05-20}", {}, True),
        ("date: {from: 2026-05-21}", {}, False),
        ("date: {to: 2026-05-20}", {}, True),
        ("date: {to: 2026-05-19}", {}, False),
        # A day of export that was not given lies in no range.
        ("exported: {to: 2026-05-20}", {}, False),
        ("exported: {to: 2026-05-20}", {"exported_on": MAY}, True),
        ("exported: {to: 2026-05-19}", {"exported_on": MAY}, False),
        ("exported: {from: 2026-05-20}", {"exported_on": MAY}, True),
        ("exported: {from: 2026-05-21}", {"exported_on": MAY}, False),
        ("in_force: qz.memory", {}, True),
        ("in_force: qz.memory", {"date": date(2026, 6, 1)}, False),
        ("in_force: qz.stamp", {}, True),
        ('goods: {at_most: "100 USD"}', {}, True),
        ('goods: {below: "100 USD"}', {}, False),
        ('goods: {at_least: "100.00 USD"}', {}, True),
        ('goods: {over: "100 USD"}', {}, False),
        ('goods: {over: "99.99 USD", at_most: "100 USD"}', {}, True),
        ('goods: {at_most: "2000 MXN"}', {}, True),
        ('goods: {below: "2000 MXN"}', {}, False),
        ('customs_value: {at_most: "100 USD"}', {"freight": usd("50")}, True),
        ('freight: {at_least: "50 USD"}', {"freight": usd("50")}, True),
        ('freight: {at_least: "50 USD"}', {"freight": Amount(Decimal(999), "MXN")}, False),
        ("goods: {at_most: qz.flat.limit}", {}, True),
        ("goods: {over: qz.limit}", {}, True),
        ("goods: {at_most: qz.limit}", {"date": date(2026, 7, 1)}, False),
        ("goods: {at_most: qz.stamp}", {}, None),
        ('goods: {at_most: "150 USD", adds: day}', {"importer": Importer(day_value=usd("50"))}, True),
        ('goods: {at_most: "150 USD", adds: day}', {"importer": Importer(day_value=usd("50.01"))}, False),
        ('goods: {at_most: "150 USD", adds: year}', {"importer": Importer(year_value=usd("51"))}, False),
        ('goods: {at_most: "150 USD", adds: year}', {"importer": Importer(day_value=usd("51"))}, True),
        ('gross_weight: {at_most: "4 kg"}', {"gross_weight_kg": Decimal(4)}, True),
        ('gross_weight: {below: "4 kg"}', {"gross_weight_kg": Decimal(4)}, False),
        ('gross_weight: {over: "4 kg"}', {"gross_weight_kg": Decimal("4.01")}, True),
        ('gross_weight: {at_least: "0.5 kg", at_most: "4 kg"}', {"gross_weight_kg": Decimal("0.4")}, False),
        ('gross_weight: {at_most: "4 kg"}', {}, None),
        ('gross_weight: {at_most: "4 kg", absent: perhaps}', {}, None),
        ('gross_weight: {at_most: "4 kg", absent: within}', {}, True),
        ('gross_weight: {over: "4 kg", absent: within}', {}, False),
        ('gross_weight: {over: "4 kg", absent: within}', {"gross_weight_kg": Decimal(5)}, True),
        ("parcels_this_year: {below: 3}", {"importer": Importer(year_parcels=2)}, True),
        ("parcels_this_year: {below: 3}", {"importer": Importer(year_parcels=3)}, False),
        ("parcels_this_year: {at_least: 3, at_most: 3}", {"importer": Importer(year_parcels=3)}, True),
        ("parcels_this_year: {over: 0}", {}, False),
        ("postal_code: [BT, JE]", {"destination": Place("QZ", postal_code=" bt1 1aa")}, True),
        ("postal_code: [BT, JE]", {"destination": Place("QZ", postal_code="B1 1AA")}, False),
        ("postal_code: [BT, JE]", {"destination": Place("QZ")}, False),
        ("pieces: {at_most: 1}", {}, True),
        ("every_item: {pieces: {at_most: 6}}", {"items": (item(quantity=Decimal(7)),)}, False),
        ("every_item: {pieces: {at_most: 6}}", {"items": (item(quantity=Decimal(6)),)}, True),
        ("every_item: {pieces: {at_most: 6}}", {"items": (item(quantity=Decimal(4)), item(quantity=Decimal(3)))}, None),
        ("some_item: {pieces: {over: 6}}", {"items": (item(quantity=Decimal(4)), item(quantity=Decimal(2)))}, False),
        ("any: [{channel: [postal]}, {transport: [air]}]", {}, True),
        ("any: [{channel: [postal]}, {transport: [sea]}]", {}, False),
        ("all: [{channel: [freight]}, {transport: [sea]}]", {}, False),
        ("not: {channel: [freight], transport: [sea]}", {}, True),
    ],
)
def test_what_a_parcel_is(text: str, more: dict[str, Any], found: bool | None) -> None:  # noqa: FBT001  # the expected answer
    """Each word about a consignment answers yes, no or perhaps."""
    assert answer(text, SHIRT, **more) is found


@pytest.mark.parametrize(
    ("text", "of", "found"),
    [
        ("origin: [ZZ]", SHIRT, True),
        ("origin: [AA]", SHIRT, False),
        ("origin: [AA]", UNKNOWN, None),
        ("origin_not: [AA]", SHIRT, True),
        ("origin_not: [AA]", UNKNOWN, None),
        ('hs: ["61", "62"]', SHIRT, True),
        ('hs: ["06"]', SHIRT, False),
        ('hs: ["06021000"]', PLANT, None),
        ('hs_not: ["06"]', PLANT, False),
        ("list: qz.books", SHIRT, False),
        ("list: qz.books", item(hs_code="490199"), True),
        ("list: qz.barred", ARMS, None),
        ("list: qz.old", SHIRT, False),
        ("claimed: any", SHIRT, False),
        ("claimed: [qz_pact]", SHIRT, False),
        ("attribute: {fiber: cotton}", SHIRT, None),
        ("attribute: {fiber: cotton}", item(attributes={"fiber": "cotton"}), True),
        ("attribute: {fiber: [wool, cotton]}", item(attributes={"fiber": "silk"}), False),
        ("charged: [qz.duty]", SHIRT, False),
        ("any: [{origin: [AA]}, {attribute: {fiber: cotton}}]", SHIRT, None),
        ("any: [{origin: [ZZ]}, {attribute: {fiber: cotton}}]", SHIRT, True),
        ("all: [{origin: [AA]}, {attribute: {fiber: cotton}}]", SHIRT, False),
        ("not: {attribute: {fiber: cotton}}", SHIRT, None),
    ],
)
def test_what_an_item_is(text: str, of: Item, found: bool | None) -> None:  # noqa: FBT001  # the expected answer
    """Each word about an item answers yes, no or perhaps."""
    assert answer(text, of) is found


@pytest.mark.parametrize(
    ("text", "items", "found"),
    [
        ("some_item: {origin: [AA]}", (SHIRT, UNKNOWN), None),
        ("some_item: {origin: [ZZ]}", (SHIRT, UNKNOWN), True),
        ("some_item: {origin: [AA]}", (SHIRT, PLANT), False),
        ("every_item: {origin: [ZZ]}", (SHIRT, UNKNOWN), None),
        ("every_item: {origin: [AA]}", (SHIRT, UNKNOWN), False),
        ("every_item: {origin: [ZZ]}", (SHIRT, PLANT), True),
    ],
)
def test_what_some_or_all_items_are(text: str, items: tuple[Item, ...], found: bool | None) -> None:  # noqa: FBT001  # the expected answer
    """One sure item settles *some*, one that surely is not settles *every*."""
    assert answer(text, *items) is found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("origin: [AA]", ("origin.absent", "")),
        ("list: qz.barred", ("list.not_loaded", "Arms")),
        ('hs: ["6109101000"]', ("list.not_loaded", "6109101000")),
        ("attribute: {fiber: cotton}", ("attribute.absent", "fiber")),
        ("region: [SO]", ("region.absent", "")),
        ('gross_weight: {at_most: "4 kg"}', ("weight.absent", "")),
        ("goods: {at_most: qz.stamp}", ("rule.unknown", "Stamp for each item")),
    ],
)
def test_a_perhaps_says_why(text: str, why: tuple[str, str]) -> None:
    """What was not known is remembered, so that it can be asked."""
    arms = item(hs_code="930100" if "list" in text else "610910", origin=None)
    run = run_of(replace(shipment(arms), destination=Place("QZ")))

    read_condition(read_text(text, "f.yaml")).test(run, 0)
    said = [(code, named if isinstance(named, str) else named.what["en"]) for code, named in run.why]

    assert said == [why]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nchanel: [postal]", "f.yaml:1: unknown condition 'a'; known: all, any, attribute,"),
        ("# c\nchannel: [mail]", "f.yaml:2: 'mail' is not one of postal, courier, freight"),
        ("terms: [DDU]", "f.yaml:1: 'DDU' is not one of DAP, DDP, EXW,"),
        ("origin: [NO]", "f.yaml:1: NO was read as true or false; put it in quotes"),
        ("origin: [usa]", "f.yaml:1: 'usa' is no code of a country; write two capitals, in quotes"),
        ("dispatch: [U1]", "f.yaml:1: 'U1' is no code of a country; write two capitals, in quotes"),
        ("hs: [61]", "f.yaml:1: a text is expected, not '61'; put it in quotes"),
        ('hs: ["61.09"]', "f.yaml:1: '61.09' is not an HS prefix; write digits only, in quotes"),
        ("attribute: {colour: red}", "f.yaml:1: unknown attribute 'colour'; known: aged_60_days,"),
        ("attribute: {animal: dragon}", "f.yaml:1: 'dragon' is no answer to animal; known: none, cattle,"),
        (
            "date: {from: 2026-02-01, to: 2026-01-31}",
            "f.yaml:1: the last day 2026-01-31 is before the first 2026-02-01",
        ),
        (
            "exported: {from: 2026-02-01, to: 2026-01-31}",
            "f.yaml:1: the last day 2026-01-31 is before the first 2026-02-01",
        ),
        ("date: {until: 2026-01-31}", "f.yaml:1: unknown key 'until'; known here: from, to"),
        ("goods: {}", "f.yaml:1: goods is compared with nothing; write one of at_most, below, over, at_least"),
        ("goods: {at_most: 2500}", "f.yaml:1: a text is expected, not '2500'; put it in quotes"),
        ('goods: {at_most: "2500 US"}', "f.yaml:1: '2500 US' is neither a fact id nor an amount; write \"2500 USD\""),
        ('goods: {at_most: "1e3 USD"}', "f.yaml:1: '1e3 USD' is neither a fact id nor an amount; write \"2500 USD\""),
        ('goods: {at_most: "1 USD", adds: week}', "f.yaml:1: 'week' is not one of day, year"),
        ("gross_weight: {}", "f.yaml:1: gross_weight is compared with nothing; write one of at_most, below, over"),
        ('gross_weight: {at_most: "4 lb"}', "f.yaml:1: '4 lb' is no weight; write \"4 kg\""),
        ('gross_weight: {at_most: "four kg"}', "f.yaml:1: 'four kg' is no weight; write \"4 kg\""),
        ('gross_weight: {at_most: "4 kg", absent: light}', "f.yaml:1: 'light' is not one of within, perhaps"),
        ('gross_weight: {at_most: "4 kg", most: 1}', "f.yaml:1: unknown key 'most'; known here: absent, at_least,"),
        ("pieces: {}", "f.yaml:1: pieces is compared with nothing; write one of at_most,"),
        ("parcels_this_year: {}", "f.yaml:1: parcels_this_year is compared with nothing; write one of at_most,"),
        ("parcels_this_year: {below: many}", "f.yaml:1: "),
        ("parcels_this_year: {below: 3, adds: year}", "f.yaml:1: unknown key 'adds'; known here: at_least, at_most,"),
        ('goods: {at_least: "1 USD", most: 1}', "f.yaml:1: unknown key 'most'; known here: adds, at_least,"),
    ],
)
def test_a_condition_that_cannot_be_read_is_told(text: str, message: str) -> None:
    """A word that nobody knows is never taken for one that does not hold."""
    with pytest.raises(RulebookError) as caught:
        read_condition(read_text(text, "f.yaml"))

    assert message in str(caught.value)


def test_a_condition_knows_what_it_mentions() -> None:
    """Facts, limits, lists, charges, agreements and days are there for the loader to check."""
    text = (
        "{goods: {at_most: qz.limit}, in_force: qz.flat, list: qz.books, charged: [qz.duty], claimed: [qz_pact],"
        " date: {from: 2026-01-01, to: 2026-01-31}, some_item: {hs: ['61']}}"
    )

    found = read_condition(read_text(text, "f.yaml"))

    assert (found.facts, found.limits, found.lists, found.charges, found.agreements, found.days, found.item_level) == (
        frozenset({"qz.limit", "qz.flat"}),
        frozenset({"qz.limit"}),
        frozenset({"qz.books"}),
        frozenset({"qz.duty"}),
        frozenset({"qz_pact"}),
        frozenset({date(2026, 1, 1), date(2026, 2, 1)}),
        True,
    )


def test_a_parcel_weighs_what_its_items_weigh_together() -> None:
    """Without a gross weight the net weights are summed; one that is missing leaves the sum unknown."""
    light, two = item("1", weight_kg=Decimal("1.5")), item("2", quantity=Decimal(2), weight_kg=Decimal(1))
    text = 'gross_weight: {at_most: "3.5 kg", at_least: "3.5 kg"}'

    assert (answer(text, light, two), answer(text, light, two, SHIRT)) == (True, None)


def test_what_items_are_asked_inside_is_not_asked_of_the_parcel() -> None:
    """A condition on some item is one on the whole consignment."""
    assert not read_condition(read_text("some_item: {hs: ['61']}", "f.yaml")).item_level


def test_the_static_part_holds_for_all_goods_of_a_kind() -> None:
    """What looks at amounts is kept apart from what does not, and both together are the whole."""
    found = read_condition(read_text("{hs: ['61'], goods: {below: \"50 USD\"}}", "f.yaml"))
    run = run_of(shipment(SHIRT, date=MAY))

    assert found.dynamic is not None
    assert (found.static(run, 0), found.dynamic(run, 0), found.test(run, 0)) == (True, False, False)


def test_a_condition_without_amounts_has_no_dynamic_part() -> None:
    """Its answer can be kept for the next consignment; one of amounts only has nothing to keep."""
    run = run_of(shipment(SHIRT))
    still = read_condition(read_text("hs: ['61']", "f.yaml"))
    moving = read_condition(read_text("charged: [qz.duty]", "f.yaml"))

    assert (still.dynamic, moving.static(run, 0)) == (None, True)
