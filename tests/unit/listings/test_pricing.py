"""What is left of a price: every line, its formula, its range, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost import Amount, Reason
from listings.pricing import Chain, Cost, FeeSource, Step, percent, price
from tests.unit.landed_cost import qz
from tests.unit.listings.plans import Due, each, fee, law, once, plan

if TYPE_CHECKING:
    from listings.pricing import Priced

FREE = law()
TENTH = Due(0, Fraction(1, 10))
HELD: dict[str, Any] = {"terms": "DDP", "price_includes": frozenset({"duties", "taxes"})}


def told(found: Priced) -> list[tuple[str, int, str]]:
    """Return the lines as id, amount and formula."""
    return [(line.id, line.amount, line.formula) for line in found.lines]


def codes(found: Priced) -> list[str]:
    """Return the codes of the reasons."""
    return [one.code for one in found.reasons]


def test_every_cost_is_a_line_with_its_formula_and_the_rest_is_left() -> None:
    """Costs by unit, order, price and sum charged are taken from the price, and what is left is the rest."""
    asked = plan(
        FREE, each("10"), once("3"), fee("6.5"), fee("4", "charged"), price="50", quantity=2, freight=qz.usd("12")
    )

    found = price(asked)

    assert told(found) == [
        ("price", 100_00, "50 USD × 2"),
        ("cost.unit", -20_00, "10 USD × 2"),
        ("cost.order", -3_00, "3 USD"),
        ("cost.price", -6_50, "100.00 USD × 6.5%"),
        ("cost.charged", -4_48, "112.00 USD × 4%"),
    ]
    assert (found.left, found.margins["likely"], found.outcome) == (66_02, Fraction(6602, 10000), "complete")


def test_what_is_left_is_in_the_sellers_own_currency() -> None:
    """Amounts of any currency are changed at the exact rate; spread and buffer are taken of all that comes in."""
    asked = plan(
        FREE, each("100", "MXN"), price="50", currency="MXN", spread=Fraction(1, 100), buffer=Fraction(3, 100),
        freight=qz.usd("10"),
    )  # fmt: skip

    found = price(asked)

    assert told(found) == [
        ("price", 1000_00, "50 USD × 1 × 20"),
        ("cost.unit", -100_00, "100 MXN × 1"),
        ("spread", -12_00, "60.00 USD × 1% × 20"),
        ("buffer", -36_00, "60.00 USD × 3% × 20"),
    ]
    assert found.left == 852_00


def test_no_exchange_no_spread() -> None:
    """Who is paid in the own currency has neither spread nor buffer."""
    found = price(plan(FREE, spread=Fraction(1, 100), buffer=Fraction(3, 100)))

    assert told(found) == [("price", 100_00, "100 USD × 1")]


def test_waiting_for_the_money_costs() -> None:
    """Sixty days at 36.5 % a year are 6 % of all that is charged, by simple interest on a year of 365 days."""
    found = price(plan(FREE, days_to_pay=60, yearly=Fraction(365, 1000)))

    assert told(found)[1:] == [("terms", -6_00, "100.00 USD × 36.5% × 60 ÷ 365")]


def test_a_price_that_holds_the_charges_pays_them() -> None:
    """Charges and freight that the price holds go out of it, and nothing more is charged to the buyer."""
    held = HELD | {"price_includes": frozenset({"freight", "duties", "taxes"}), "freight": qz.usd("12")}

    found = price(plan(law(TENTH), fee("10", "charged"), **held))

    assert told(found) == [
        ("price", 100_00, "100 USD × 1"),
        ("freight_in_price", -12_00, "-12.00 USD"),
        ("charges_in_price", -10_00, "-10.00 USD"),
        ("cost.charged", -10_00, "100.00 USD × 10%"),
    ]
    assert found.left == 68_00


def test_charges_on_top_pass_through_the_seller_under_ddp() -> None:
    """Under DDP the buyer pays the charges to the seller, so a fee on all charged is taken of them."""
    found = price(plan(law(TENTH), fee("10", "charged"), terms="DDP"))

    assert told(found)[1:] == [("cost.charged", -11_00, "110.00 USD × 10%")]
    assert codes(found) == ["pricing.ddp_on_top"]


def test_the_buyer_pays_the_carrier_under_fob() -> None:
    """Freight that the buyer pays to the carrier is no part of what the seller charges."""
    found = price(plan(FREE, fee("10", "charged"), terms="FOB", freight=qz.usd("12")))

    assert told(found)[1:] == [("cost.charged", -10_00, "100.00 USD × 10%")]


def test_a_range_of_charges_is_a_range_of_what_is_left() -> None:
    """What the law leaves open stays open: the line and what is left have their lowest and highest."""
    found = price(plan(law(TENTH, uncertain=Fraction(1, 2)), **HELD))

    assert [(line.id, line.amount, line.span) for line in found.lines] == [
        ("price", 100_00, None),
        ("charges_in_price", -10_00, (-5_00, -15_00)),
    ]
    assert (found.left, found.left_span, found.outcome) == (90_00, (85_00, 95_00), "estimated")


def test_charges_without_bound_leave_what_nobody_knows() -> None:
    """Where nothing bounds the charges in the price, the least that is left is not told, and that is said."""

    def ask(sent: object) -> object:
        found = law(TENTH, uncertain=Fraction(1, 2))(sent)  # type: ignore[arg-type]
        return found._replace(ranges={"import_charges": (5_00, None), "landed": (100_00, 100_00)})

    found = price(plan(ask, **HELD))  # type: ignore[arg-type]

    assert (found.left_span, codes(found)) == ((None, 95_00), ["pricing.may_be_unbounded"])
    assert found.lines[1].span == (-5_00, None)


def test_a_refusal_is_carried_through() -> None:
    """Where the law gives no answer nothing is told to be left, and the reasons of the refusal stand."""

    def ask(sent: object) -> object:
        found = FREE(sent)  # type: ignore[arg-type]
        totals = found.totals._replace(landed=None, import_charges=None)
        return found._replace(outcome="refused", totals=totals, ranges={}, reasons=(Reason("x.no", "refused"),))

    found = price(plan(ask, each("1")))  # type: ignore[arg-type]

    assert (found.outcome, found.left, found.lines, codes(found)) == ("refused", None, (), ["x.no"])


def test_freight_in_the_price_that_nobody_knows_leaves_nothing_to_tell() -> None:
    """A price that holds a freight which is not known cannot be reckoned: unknown is not zero."""
    found = price(plan(FREE, price_includes=frozenset({"freight"}), freight=None))

    assert (found.left, found.left_span, found.outcome) == (None, (None, None), "estimated")
    assert codes(found) == ["pricing.freight_unknown"]


def test_a_fee_on_a_freight_that_nobody_knows_is_estimated() -> None:
    """A fee on all that is charged is too low where the freight is not known, and that is said."""
    found = price(plan(FREE, fee("4", "charged"), freight=None))

    assert (found.outcome, codes(found)) == ("estimated", ["pricing.freight_not_in_fees"])


def test_an_old_rate_is_estimated() -> None:
    """An exchange rate far from the day of the parcel makes what is left an estimate."""
    asked = plan(FREE, currency="MXN")
    late = replace(asked.shipment, date=qz.MAY.replace(month=6, day=20))

    found = price(asked, late)

    assert (found.outcome, codes(found)) == ("estimated", ["pricing.rate_old"])


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        ("99.99", []),
        ("100.01", [("pricing.below_cost", "0.01 USD")]),
    ],
)
def test_below_cost_is_said(cost: str, said: list[tuple[str, str]]) -> None:
    """A price that does not pay its costs is told, with what it loses."""
    found = price(plan(FREE, each(cost)))

    assert [(one.code, one.params["amount"]) for one in found.reasons] == said


def test_below_cost_at_the_highest_charges_is_said() -> None:
    """A price that pays its costs only if the charges are not at their highest is told."""
    found = price(plan(law(TENTH, uncertain=Fraction(1, 2)), each("86"), **HELD))

    assert [(one.code, one.params) for one in found.reasons] == [("pricing.may_be_below_cost", {"amount": "1.00 USD"})]


@pytest.mark.parametrize(("amount", "said"), [("14.99", []), ("15", ["pricing.fixed_heavy"])])
def test_fees_that_weigh_on_a_small_order_are_said(amount: str, said: list[str]) -> None:
    """From fifteen hundredths of the order on, what every order bears once is worth a word."""
    found = price(plan(FREE, once(amount)))

    assert codes(found) == said


def test_the_shelf_price_climbs_from_the_importers_door() -> None:
    """The cost at the importer's door, a margin of the price, a mark-up on the cost, the tax on top."""
    chain = Chain((Step("distributor", Fraction(1, 4)), Step("shop", Fraction(1, 2), "cost")), sales_tax=Fraction(1, 5))

    found = price(plan(law(TENTH), quantity=2, chain=chain, freight=qz.usd("10")))

    assert found.shelf is not None
    assert found.shelf.steps == (
        ("", 115_00, "(230.00 USD) ÷ 2"),
        ("distributor", 153_33, "115.00 USD ÷ (1 − 25%)"),
        ("shop", 230_00, "153.33 USD × (1 + 50%)"),
        ("", 276_00, "230.00 USD × (1 + 20%)"),
    )


def test_taxes_that_come_back_are_no_cost_of_the_importer() -> None:
    """Who recovers the import taxes climbs from the cost without them; duties stay."""

    def ask(sent: object) -> object:
        found = law(TENTH)(sent)  # type: ignore[arg-type]
        return found._replace(charges=(found.charges[0]._replace(kind="tax"),))

    found = price(plan(ask, chain=Chain((), recovers_taxes=True)))  # type: ignore[arg-type]

    assert found.shelf is not None
    assert (found.shelf.price, found.shelf.steps[0][2]) == (100_00, "(110.00 USD − 10.00 USD) ÷ 1")


def test_a_shelf_without_freight_is_not_told() -> None:
    """Where the freight is not known the shelf price is not either."""
    found = price(plan(FREE, chain=Chain(()), freight=None))

    assert found.shelf is None


def test_a_fee_keeps_its_source() -> None:
    """A fee that is a fact goes with where it stands."""
    source = FeeSource("Fees", "https://example.org/fees", qz.MAY, "verified")

    found = price(plan(FREE, Cost("fee", "price", share=Fraction(1, 100), source=source)))

    assert found.lines[1].source == source


@given(
    price_=st.integers(1, 10**7),
    unit=st.integers(0, 10**6),
    once_=st.integers(0, 10**6),
    share=st.fractions(0, 1, max_denominator=1000),
    currency=st.sampled_from(["USD", "MXN", "CLP", "KWD"]),
)
def test_lines_add_up(price_: int, unit: int, once_: int, share: Fraction, currency: str) -> None:
    """What is left is exactly the sum of the lines that are shown."""
    costs = (
        Cost("a", "unit", Amount(Decimal(unit).scaleb(-2), "MXN")),
        Cost("b", "order", Amount(Decimal(once_).scaleb(-2), "USD")),
        Cost("c", "charged", share=share),
    )
    asked = plan(law(TENTH), *costs, price=str(Decimal(price_).scaleb(-2)), currency=currency, spread=share)

    found = price(asked)

    assert found.left == sum(line.amount for line in found.lines)


def test_percent_without_idle_noughts() -> None:
    """A share is written as people write it."""
    written = [
        percent(Fraction(1, 10)),
        percent(Fraction(1, 8), 1),
        percent(Fraction(0)),
        percent(Fraction(5, 1000), 0),
    ]

    assert written == ["10%", "12.5%", "0%", "1%"]
