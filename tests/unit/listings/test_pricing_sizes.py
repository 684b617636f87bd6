"""How large an order must be to pay for itself."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from landed_cost import ShipmentError
from listings.pricing import order_sizes
from listings.pricing.sizes import of_size
from tests.unit.landed_cost import qz
from tests.unit.listings.plans import Due, each, law, once, plan

HELD: dict[str, Any] = {"terms": "DDP", "price_includes": frozenset({"duties", "taxes"})}


def test_fees_of_every_order_are_shared_by_more_units() -> None:
    """With 4.00 left of each unit and 10.00 for every order, three units pay for the order."""
    found = order_sizes(plan(law(), each("6"), once("10"), price="10"), "same", 5)

    assert (found.first, found.first_sure, found.losses, found.tried) == (3, 3, (), 5)
    assert [(one.units, one.left, one.fixed_share) for one in found.shown] == [
        (1, -6_00, Fraction(1)),
        (2, -2_00, Fraction(1, 2)),
        (3, 2_00, Fraction(1, 3)),
        (5, 10_00, Fraction(1, 5)),
    ]


def test_a_larger_order_may_lose_again() -> None:
    """An order that passes a limit pays charges that eat what was left, until it is larger still."""
    asked = plan(law(Due(35_00, Fraction(0), least=15_00)), each("6"), price="10", **HELD)

    found = order_sizes(asked, "same", 12)

    assert (found.first, found.losses) == (1, ())
    asked = plan(law(Due(25_00, Fraction(0), least=15_00)), each("6"), price="10", **HELD)
    assert order_sizes(asked, "same", 12).losses == ((3, 3),)


def test_an_order_that_is_sure_is_larger() -> None:
    """At the highest charges an order must be larger to pay for itself."""
    dues = law(Due(0, Fraction(1, 5)), uncertain=Fraction(1))

    found = order_sizes(plan(dues, each("5"), once("10"), price="10", **HELD), "same", 20)

    assert (found.first, found.first_sure) == (4, 10)


def test_no_size_pays() -> None:
    """Where each unit loses, no size pays for itself, and that is what is told."""
    found = order_sizes(plan(law(), each("11"), price="10"), "same", 10)

    assert (found.first, found.first_sure, found.losses) == (None, None, ())


def test_losses_in_a_row_are_one_run() -> None:
    """Sizes that lose one after the other are told as one run."""
    asked = plan(law(Due(25_00, Fraction(0), least=19_00)), each("6"), price="10", **HELD)

    found = order_sizes(asked, "same", 12)

    assert found.losses == ((3, 4),)


def test_weight_grows_with_the_order_and_freight_as_is_said() -> None:
    """Twice the units weigh twice as much; the freight stays, or doubles."""
    sent = qz.shipment(qz.item(quantity=Decimal(2)), freight=qz.usd("12"), gross_weight_kg=Decimal("0.5"))

    same, grown = of_size(sent, 0, 4, "same"), of_size(sent, 0, 4, "by_unit")

    assert (same.items[0].quantity, same.gross_weight_kg, same.freight) == (Decimal(4), Decimal(1), qz.usd("12"))
    assert grown.freight == qz.usd("24.000000")


def test_a_size_the_engine_cannot_answer_is_unknown() -> None:
    """A size that cannot be asked has nothing left to tell; the others stand."""

    def ask(sent: Any) -> Any:
        if sent.items[0].quantity > 2:
            raise ShipmentError(())
        return law()(sent)

    found = order_sizes(plan(ask, price="10"), "same", 3)

    assert [(one.units, one.left) for one in found.shown] == [(1, 10_00), (2, 20_00), (3, None)]
