"""Rate cards: what a parcel weighs to a carrier, what the card asks for it, and files that are no card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.cells import CellProblem, TableError
from landed_cost.freight import FreightBasis, FreightError, Parcel, illustrative_card, load_card, price
from landed_cost.model import Amount, Place
from landed_cost.money import Money
from landed_cost.serialise import to_dict
from tests.unit.landed_cost.qz import ask

DAY = date(2026, 11, 25)
HEAD = "service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days"
MORE = f"{HEAD},valid_from,valid_to,fuel_percent,per_kg_over,divisor,max_kg,max_length_cm,max_girth_cm"
CARD = f"""{MORE}
express,courier,near,US/9 US/8,0.5,20,USD,2,3,2026-01-01,2026-12-31,12.5,6,5000,30,120,300
express,courier,near,US/9 US/8,1,26.01,USD,2,3,2026-01-01,2026-12-31,12.5,6,5000,30,120,300
express,courier,far,US,1,40,USD,3,5,2026-01-01,2026-12-31,12.5,,5000,30,120,300
express,courier,world,*,1,50,USD,4,9,2026-01-01,2026-12-31,12.5,,5000,30,120,300
packet,postal,chile,CL,0.25,5000,CLP,8,20,,,,,,2,,
packet,postal,chile,CL,2,9000,CLP,8,20,,,,,,2,,
"""


def box(kg: str, *sides: int) -> Parcel:
    """Return a parcel of so many kilograms and centimetres."""
    length, width, height = (Decimal(side) for side in sides or (10, 10, 10))
    return Parcel(Decimal(kg), (length, width, height))


def asked(parcel: Parcel, place: Place | None = None, service: str = "express", on: date = DAY) -> FreightBasis:
    """Return what the card asks for a parcel to California, or elsewhere."""
    return price(load_card(CARD, "mine"), service, parcel, place or Place("US", "CA", "90012"), on)


def against(parcel: Parcel, place: Place | None = None, service: str = "express", on: date = DAY) -> list[Any]:
    """Return everything against a parcel."""
    with pytest.raises(FreightError) as caught:
        asked(parcel, place, service, on)
    return [(about, code) for about, code, _ in caught.value.problems]


def test_a_step_worked_by_hand() -> None:
    """0.4 kg in 10×10×10 cm: the volume counts 1,000 / 5,000 = 0.2 kg; step 0.5, 20.00 and 12.5 % fuel: 22.50."""
    assert asked(box("0.4")) == FreightBasis(
        card="mine",
        service="express",
        channel="courier",
        zone="near",
        gross_kg=Decimal("0.4"),
        volumetric_kg=Decimal("0.200"),
        charged_kg=Decimal("0.5"),
        price=Money(2000, "USD"),
        fuel_percent=Decimal("12.5"),
        fuel=Money(250, "USD"),
        total=Money(2250, "USD"),
        min_days=2,
        max_days=3,
    )


def test_fuel_is_rounded_half_up() -> None:
    """12.5 % of 26.01 are 3.25125, so 3.25; the sum is 29.26."""
    assert (asked(box("1")).fuel, asked(box("1")).total) == (Money(325, "USD"), Money(2926, "USD"))


def test_volume_decides_where_it_counts_for_more() -> None:
    """30×20×10 cm count 1.2 kg, over the last step by a started kilogram: 26.01 + 6.00, charged as 2 kg."""
    found = asked(box("0.4", 30, 20, 10))

    assert (found.volumetric_kg, found.charged_kg, found.price) == (Decimal("1.200"), Decimal(2), Money(3201, "USD"))


@pytest.mark.parametrize(
    ("kg", "charged", "minor"),
    [("0.5", "0.5", 2000), ("0.501", "1", 2601), ("1", "1", 2601), ("1.001", "2", 3201), ("2", "2", 3201)],
)
def test_a_step_ends_with_its_weight(kg: str, charged: str, minor: int) -> None:
    """A parcel of exactly the step's weight is within it; a gram more is in the next."""
    assert (asked(box(kg)).charged_kg, asked(box(kg)).price.minor) == (Decimal(charged), minor)


def test_currency_without_decimals() -> None:
    """Prices of pesos without cents stay whole, and a service without divisor asks no dimensions."""
    found = asked(Parcel(Decimal("0.3")), Place("CL"), "packet")

    assert (str(found.total), found.volumetric_kg) == ("9000 CLP", None)


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        (Place("US", None, "90012"), "near"),
        (Place("US", None, "80 202"), "near"),
        (Place("US", None, "10001"), "far"),
        (Place("BR"), "world"),
    ],
)
def test_zone(place: Place, zone: str) -> None:
    """The longest beginning of the postal code decides, then the country, then the rest of the world."""
    assert asked(box("0.4"), place).zone == zone


def test_missing_postal_code() -> None:
    """Where the zone hangs on the postal code, a missing one is asked for and never guessed."""
    assert against(box("0.4"), Place("US")) == [("postal_code", "freight.postal_code_needed")]


def test_no_zone() -> None:
    """A country without a zone has no price."""
    assert against(box("0.2"), Place("BR"), "packet") == [("country", "freight.no_zone")]


def test_no_service() -> None:
    """A service that the card lacks is told, with those it has."""
    with pytest.raises(FreightError, match=r"freight\.no_service.*'known': 'express, packet'"):
        asked(box("0.4"), service="drone")


def test_over_every_limit_at_once() -> None:
    """Weight, length and girth over the limits are all told, with the zone that is missing a postal code."""
    assert against(box("31", 130, 90, 90), Place("US")) == [
        ("weight", "freight.over_limit"),
        ("dimensions", "freight.over_limit"),
        ("dimensions", "freight.over_girth"),
        ("postal_code", "freight.postal_code_needed"),
    ]


def test_at_the_limits() -> None:
    """30 kg, 120 cm and 300 cm of length and girth are still taken: 120 + 2 × (50 + 40)."""
    assert asked(box("30", 120, 50, 40)).charged_kg == 48


def test_over_the_last_step() -> None:
    """Above the last step nothing is asked where nothing is said of more."""
    assert against(box("1.001"), Place("BR")) == [("weight", "freight.over_limit")]


def test_dimensions_are_needed() -> None:
    """A service that reckons volume or has limits of length needs the dimensions."""
    assert against(Parcel(Decimal(1))) == [("dimensions", "freight.dimensions_needed")]


@pytest.mark.parametrize(
    ("on", "holds"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_days_on_which_prices_hold(on: date, *, holds: bool) -> None:
    """Prices hold on their first and last day, and not the day before or after."""
    if holds:
        assert asked(box("0.4"), on=on).total == Money(2250, "USD")
    else:
        assert against(box("0.4"), on=on) == [("card", "freight.not_valid")]


WEIGHTS = st.decimals("0.001", "30", places=3)


@given(WEIGHTS, WEIGHTS)
def test_a_heavier_parcel_never_costs_less(one: Decimal, other: Decimal) -> None:
    """Freight grows with weight, and what is charged is at least what is weighed."""
    light, heavy = (asked(Parcel(kg, (Decimal(10),) * 3)) for kg in sorted((one, other)))

    assert light.total.minor <= heavy.total.minor
    assert light.charged_kg >= light.gross_kg


@given(st.text(max_size=300))
def test_any_text_is_a_card_or_a_list_of_faults(text: str) -> None:
    """Whatever a file holds, it is read, or refused with places; never anything else."""
    with pytest.raises(TableError) as caught:
        load_card(text, "mine")

    assert all(one.row >= 0 and one.message for one in caught.value.problems)


ROW = "express,courier,near,US,1,20,USD,2,3"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [(1, "-")]),
        (HEAD, [(1, "-")]),
        (f"{HEAD},colour,zone\n{ROW},a,b", [(1, "zone"), (1, "colour")]),
        ("service,zone\na,b", [(1, name) for name in HEAD.split(",") if name not in ("service", "zone")]),
        (f"{HEAD}\nexpress,courier", [(2, "-")]),
        (f'{HEAD}\n"express,courier', [(2, "-")]),
        (
            f"{HEAD}\n\ne!,ship,?,XYZ,0,1.x,ABC,a,400",
            [
                (3, name)
                for name in (
                    "service",
                    "channel",
                    "zone",
                    "countries",
                    "up_to_kg",
                    "price",
                    "currency",
                    "min_days",
                    "max_days",
                )
            ],
        ),
        (f"{HEAD}\n{ROW.replace('2,3', '3,2')}", [(2, "max_days")]),
        (f"{HEAD}\n{ROW.replace(',20,', ',20.001,')}", [(2, "price")]),
        (f"{HEAD}\n{ROW.replace(',20,', ',-1,')}", [(2, "price")]),
        (f"{HEAD},valid_from,valid_to\n{ROW},2026-02-02,2026-02-01", [(2, "valid_to")]),
        (f"{HEAD},valid_from\n{ROW},2026-02-30", [(2, "valid_from")]),
        (f"{HEAD},valid_from\n{ROW},20260201", [(2, "valid_from")]),
        (f"{HEAD},divisor\n{ROW},0", [(2, "divisor")]),
        (f"{HEAD}\n{ROW}\n{ROW}", [(3, "up_to_kg")]),
        (f"{HEAD}\n{ROW}\n{ROW.replace('US,1', 'CA,2')}", [(3, "countries")]),
        (f"{HEAD}\n{ROW}\n{ROW.replace('USD', 'MXN').replace('near', 'far').replace('US,', 'CA,')}", [(3, "currency")]),
        (f"{HEAD}\n{ROW}\n{ROW.replace('near', 'far')}", [(3, "countries")]),
        (f"{HEAD}\n" + f"{ROW}\n" * 10_001, [(10_002, "-")]),
    ],
)
def test_a_file_that_is_no_card(text: str, problems: list[tuple[int, str]]) -> None:
    """Everything wrong with a file is told at once, each by its row and column."""
    with pytest.raises(TableError) as caught:
        load_card(text, "mine")

    assert [(one.row, one.column) for one in caught.value.problems] == problems


def test_a_fault_reads_well() -> None:
    """A fault says where it is and what to write."""
    assert str(CellProblem(3, "price", "write a number")) == "row 3, price: write a number"


def test_a_mark_at_the_beginning_and_big_letters_do_no_harm() -> None:
    """Spreadsheets put a mark before the first name and may write names big."""
    assert load_card(f"\ufeff{HEAD.upper()}\n{ROW}\n", "mine").service("express") is not None


def test_steps_in_any_order() -> None:
    """Rows may come in any order; steps go upwards."""
    card = load_card(f"{HEAD}\n{ROW.replace('US,1', 'US,5')}\n{ROW}", "mine")

    assert [step.up_to_kg for step in card.services[0].zones[0].steps] == [1, 5]


def test_illustrative_card() -> None:
    """The card that ships is marked, has a postal and a courier service, and a price for every country."""
    card = illustrative_card()
    found = price(card, "packet", box("0.3"), Place("JP"), DAY)

    assert (card.is_illustrative, found.is_illustrative, found.zone) == (True, True, "world")
    assert [(one.name, one.channel) for one in card.services] == [("express", "courier"), ("packet", "postal")]


def test_quote_shows_what_gave_the_freight() -> None:
    """A quote says which card, service, zone and step its freight is from; a seller's own card is no estimate."""
    basis = asked(box("0.4"))
    answer = ask(freight=Amount(Decimal("22.50"), "USD"), freight_basis=basis)

    assert answer.outcome == "complete"
    assert to_dict(answer)["freight_basis"] == {
        "card": "mine",
        "service": "express",
        "zone": "near",
        "gross_kg": "0.4",
        "volumetric_kg": "0.2",
        "charged_kg": "0.5",
        "price": {"amount": "20.00", "currency": "USD"},
        "fuel_percent": "12.5",
        "fuel": {"amount": "2.50", "currency": "USD"},
        "total": {"amount": "22.50", "currency": "USD"},
        "min_days": 2,
        "max_days": 3,
        "illustrative": False,
    }
    assert to_dict(ask())["freight_basis"] is None


def test_illustrative_freight_estimates() -> None:
    """Freight of the card that ships makes the answer an estimate, with the reason."""
    basis = replace(asked(Parcel(Decimal("0.2")), Place("CL"), "packet"), is_illustrative=True)
    answer = ask(freight=Amount(Decimal(9), "USD"), freight_basis=basis)

    assert (answer.outcome, answer.reasons[0].code) == ("estimated", "freight.illustrative")
    assert answer.reasons[0].params == {"card": "mine", "amount": "5000 CLP"}
    assert to_dict(answer)["freight_basis"]["volumetric_kg"] is None
