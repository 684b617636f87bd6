"""Shipments as programs write them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from landed_cost import Amount, Item

PRICE = Amount(Decimal("25.00"), "USD")
# What a program without checked types hands over.
INEXACT: dict[str, Any] = {"price": 25.5, "whole": 25, "count": 2, "kilos": 0.2}


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Amount(INEXACT["price"], "USD"), "an amount is a Decimal, which is exact: write Decimal('25.5')"),
        (lambda: Amount(INEXACT["whole"], "USD"), "an amount is a Decimal, which is exact: write Decimal('25')"),
        (
            lambda: Item("1", "shirt", INEXACT["count"], PRICE),
            "a quantity is a Decimal, which is exact: write Decimal('2')",
        ),
        (
            lambda: Item("1", "shirt", Decimal(2), PRICE, weight_kg=INEXACT["kilos"]),
            "a weight is a Decimal, which is exact: write Decimal('0.2')",
        ),
    ],
)
def test_a_number_that_is_not_exact_is_refused_at_once(made: Callable[[], object], said: str) -> None:
    """Money, quantities and weights are decimals; what else is given is told with what to write."""
    with pytest.raises(TypeError) as caught:
        made()

    assert str(caught.value) == said
