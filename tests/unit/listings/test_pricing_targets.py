"""The price that reaches a target, held against every price there is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landed_cost import Amount, Item, Money, Place, Shipment, load_rulebook, quote
from listings.pricing import Chain, Plan, Step, Target, measure, price, solve
from listings.pricing.pieces import at_price
from tests.unit.listings.plans import Due, each, fee, law, once, plan

if TYPE_CHECKING:
    from listings.pricing import Scenario

HELD = frozenset({"duties", "taxes"})
LIMIT = law(Due(50_00, Fraction(1, 4)))


def by_hand(asked: Plan, target: Target, most: int, scenario: Scenario = "likely") -> list[int]:
    """Return every price up to ``most`` that reaches the target, one after the other."""
    aim = target.share if target.amount is None else Fraction(target.amount.minor)
    found = []
    for one in range(1, most + 1):
        come = measure(price(asked, at_price(asked.shipment, asked.item, one)), target, scenario)
        if come is not None and (come >= aim if target.goal in {"margin", "in_hand"} else come <= aim):
            found.append(one)
    return found


def test_the_lowest_price_that_leaves_the_margin() -> None:
    """With 30.00 of cost and a fee of 10 %, half the price is left from 75.00 on."""
    found = solve(plan(law(), each("30"), fee("10")), Target("margin", Fraction(1, 2)))

    assert found.prices == {"low": 75_00, "likely": 75_00, "high": 75_00}
    assert found.at is not None
    assert found.at.left == 37_50


def test_a_target_at_the_door_stops_at_the_cliff() -> None:
    """Up to 60.00 at the door: from 50.00 on a quarter is due, so 49.99 is the highest price, and the jump is named."""
    found = solve(plan(LIMIT), Target("landed", amount=Money(60_00, "USD")))

    assert (found.prices["likely"], found.reached) == (49_99, ((1, 49_99),))
    assert [(one.below, one.above, one.landed) for one in found.jumps] == [(49_99, 50_00, (49_99, 62_50))]
    assert [id_ for id_, _ in found.jumps[0].comes] == ["zz.0"]


def test_a_margin_is_reached_below_a_limit_and_again_above() -> None:
    """Charges in the price take the margin away at the limit; both stretches are told, and the lower is the answer."""
    asked = plan(LIMIT, each("20"), terms="DDP", price_includes=HELD)

    found = solve(asked, Target("margin", Fraction(1, 2)))

    assert found.prices["likely"] == 40_00
    assert found.reached == ((40_00, 49_99), (80_00, found.tried))


def test_a_price_that_holds_its_charges_jumps_in_what_is_left() -> None:
    """The door stays, but what is left falls at the limit: that jump is named too."""
    found = solve(
        plan(LIMIT, terms="DDP", price_includes=HELD, price="40"), Target("in_hand", amount=Money(45_00, "USD"))
    )

    assert [(one.below, one.left) for one in found.jumps] == [(49_99, (49_99, 37_50))]


def test_no_price_reaches_more_than_all() -> None:
    """A fee of 40 % leaves at most 60 %: no price leaves 65 %, and the best that was seen is told."""
    found = solve(plan(law(), fee("40")), Target("margin", Fraction(65, 100)))

    assert (found.prices["likely"], found.at, found.reached) == (None, None, ())
    assert found.best == Fraction(3, 5)


def test_a_range_of_charges_gives_a_range_of_prices() -> None:
    """The price that is safe at the highest charges is higher than the one at the lowest."""
    asked = plan(law(Due(0, Fraction(1, 10)), uncertain=Fraction(1, 2)), terms="DDP", price_includes=HELD, price="5")

    found = solve(asked, Target("in_hand", amount=Money(4_25, "USD")))

    expected = {one: by_hand(asked, found.target, 6_00, one)[0] for one in ("low", "likely", "high")}
    assert found.prices == expected
    assert found.prices["low"] < found.prices["likely"] < found.prices["high"]  # type: ignore[operator]


def test_a_shelf_price_is_reached_from_above() -> None:
    """A distributor of a third and a shelf of 30.00 leave 20.00 for the price at the door."""
    asked = plan(law(), chain=Chain((Step("distributor", Fraction(1, 3)),)))

    found = solve(asked, Target("shelf", amount=Money(30_00, "USD")))

    assert found.prices["likely"] == 20_00


HOLDS: list[dict[str, Any]] = [{}, {"terms": "DDP", "price_includes": HELD}]
DUES = st.builds(
    Due,
    since=st.integers(0, 300),
    share=st.fractions(0, Fraction(3, 5), max_denominator=40),
    least=st.integers(0, 40),
    most=st.none() | st.integers(40, 120),
    step=st.sampled_from([1, 1, 1, 5]),
)


@settings(max_examples=20, deadline=None)
@given(
    dues=st.lists(DUES, max_size=3),
    cost=st.integers(0, 120),
    percent=st.integers(0, 30),
    held=st.sampled_from(HOLDS),
    aim=st.integers(1, 250),
    goal=st.sampled_from(["landed", "in_hand"]),
    shown=st.sampled_from([0, 1]),
)
def test_the_answer_is_the_one_of_all_prices(  # what hypothesis draws
    dues: list[Due],
    cost: int,
    percent: int,
    held: dict[str, Any],
    aim: int,
    goal: Any,
    shown: int,
) -> None:
    """Among all prices, the answer is the lowest that leaves so much, or the highest that costs no more at the door."""
    asked = plan(law(*dues), once(str(Decimal(cost).scaleb(-2))), fee(str(percent)), price="2", **held)
    edges = tuple(Amount(Decimal(due.since).scaleb(-2), "USD") for due in dues)
    asked = replace(asked, edges=edges * shown)
    target = Target(goal, amount=Money(aim, "USD"))

    found = solve(asked, target)
    every = by_hand(asked, target, min(found.tried, 400))

    expected = (every[0] if goal == "in_hand" else every[-1]) if every else None
    assert found.prices["likely"] == expected or (expected is None and (found.prices["likely"] or 0) > 400)


@settings(max_examples=15, deadline=None)
@given(dues=st.lists(DUES, max_size=3), cost=st.integers(1, 120), aim=st.integers(1, 70), held=st.sampled_from(HOLDS))
def test_a_margin_is_the_one_of_all_prices(dues: list[Due], cost: int, aim: int, held: dict[str, Any]) -> None:  # drawn
    """Among all prices, the answer is the lowest that leaves the margin."""
    asked = plan(law(*dues), once(str(Decimal(cost).scaleb(-2))), price="2", **held)
    target = Target("margin", Fraction(aim, 100))

    found = solve(asked, target)
    every = by_hand(asked, target, min(found.tried, 400))

    expected = every[0] if every else None
    assert found.prices["likely"] == expected or (expected is None and (found.prices["likely"] or 0) > 400)


@pytest.mark.parametrize(("country", "region"), [("US", "CA"), ("CA", "ON"), ("CL", None), ("BR", None), ("DO", None)])
@pytest.mark.parametrize("aim", [5000, 9000, 24000])
def test_under_laws_that_exist_too(country: str, region: str | None, aim: int) -> None:
    """Under real law, with so many goods that a cent is a coarse step, the answer is the one of all prices."""
    book = load_rulebook()
    goods = Item("1", "", Decimal(200), Amount(Decimal("0.50"), "USD"), "610910", origin="MX")
    sent = Shipment(
        book.rates.as_of, Place("MX"), Place(country, region), "courier", "USD", (goods,),
        freight=Amount(Decimal(20), "USD"), insurance=Amount(Decimal(0), "USD"),
    )  # fmt: skip
    asked = Plan(sent, lambda one: quote(one, book), book.rates, "USD")
    target = Target("landed", amount=Money(aim, "USD"))

    found = solve(asked, target)
    every = by_hand(asked, target, found.tried)

    assert found.prices["likely"] == (every[-1] if every else None)
    assert [one for first, last in found.reached for one in range(first, last + 1)] == every


def test_a_sample_without_a_price_gets_one() -> None:
    """Goods of no price have a declared value, which goes when a price is looked for."""
    asked = plan(law(), each("30"), price="0")
    item = replace(asked.shipment.items[0], declared_value=Amount(Decimal(5), "USD"))
    asked = replace(asked, shipment=replace(asked.shipment, items=(item,)))

    found = solve(asked, Target("in_hand", amount=Money(10_00, "USD")))

    assert found.prices["likely"] == 40_00
    assert found.at is not None
    assert found.at.shipment.items[0].declared_value is None
