"""Which amounts Stripe takes: the twin's own reading of the page on currencies, shared with nobody."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from tests.twins.stripe.errors import invalid
from tests.twins.stripe.schema import DATA

if TYPE_CHECKING:
    from tests.twins.stripe.world import Account


@functools.cache
def table() -> dict[str, Any]:
    """Return the table of currencies as it is written."""
    whole: dict[str, Any] = yaml.safe_load((DATA / "currencies.yaml").read_text("utf-8"))
    return whole


@functools.cache
def units(currency: str) -> tuple[int, int]:
    """Return how many units on the wire make one of the currency, and what an amount must be a multiple of."""
    for name, found in (("whole", (1, 1)), ("hundreds", (100, 100)), ("tens", (1000, 10)), ("cents", (100, 1))):
        if currency in table()[name]:
            return found
    raise invalid(f"Invalid currency: {currency}.", code="parameter_invalid", param="currency")


def checked_currency(currency: str) -> str:
    """Return a currency that Stripe takes; it is written in small letters."""
    units(currency)
    return currency


def checked_part(amount: int, currency: str, param: str) -> int:
    """Return an amount that may stand in a line, a rate or a refund: not negative, and with the digits it may have."""
    if amount < 0:
        raise invalid(f"Invalid non-negative integer: {amount}", code="parameter_invalid_integer", param=param)
    multiple = units(currency)[1]
    if amount % multiple:
        said = f"Invalid amount: {currency} amounts must be a multiple of {multiple}, {amount} is not"
        raise invalid(said, code="parameter_invalid_integer", param=param)
    return amount


def checked_charge(amount: int, currency: str, account: Account, param: str = "amount") -> int:
    """Return an amount that may be charged: within the limits, too, of the currency the account settles in."""
    if amount < 1:
        raise invalid(f"Invalid positive integer: {amount}", code="parameter_invalid_integer", param=param)
    checked_part(amount, currency, param)
    if amount > table()["most"].get(currency, table()["most_of_others"]):
        said = f"Amount must be no more than {table()['most'].get(currency, table()['most_of_others'])} {currency}"
        raise invalid(said, code="amount_too_large", param=param)
    least = table()["least"]
    settled, rate = account.settles_in, account.rates.get(currency)
    value = Decimal(amount) / units(currency)[0]
    too_small = currency in least and amount < least[currency]
    if settled in least and rate is not None:
        too_small |= value * rate < Decimal(least[settled]) / units(settled)[0]
    if too_small:
        raise invalid("The amount is below the least that can be charged", code="amount_too_small", param=param)
    return amount
