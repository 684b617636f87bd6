"""PayPal's money: strings with as many decimals as the currency has there, and sums that must be right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from tests.twins.paypal.schema import unprocessable

# https://developer.paypal.com/api/rest/reference/currency-codes/, from memory but for what the README marks.
TWO: Final = frozenset(
    {"AUD", "BRL", "CAD", "CNY", "CZK", "DKK", "EUR", "HKD", "ILS", "MYR", "MXN", "NZD", "NOK", "PHP", "PLN", "GBP"}
    | {"SGD", "SEK", "CHF", "THB", "USD"}
)
WHOLE: Final = frozenset({"HUF", "JPY", "TWD"})
# Only for accounts and buyers of the country itself.
AT_HOME: Final = {"BRL": "BR", "CNY": "CN", "MYR": "MY"}
_PLUS: Final = ("item_total", "shipping", "handling", "tax_total", "insurance")
_MINUS: Final = ("shipping_discount", "discount")


def read(money: dict[str, str], country: str, field: str, *, positive: bool = True) -> Decimal:
    """Return an amount, refused when its currency or its decimals are not what PayPal takes."""
    currency, value = money["currency_code"], Decimal(money["value"])
    if currency not in TWO | WHOLE or AT_HOME.get(currency, country) != country:
        raise unprocessable("INVALID_CURRENCY_CODE", f"{currency} is not supported here", f"{field}/currency_code")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > (0 if currency in WHOLE else 2):
        raise unprocessable("DECIMAL_PRECISION", f"too many decimals for {currency}", f"{field}/value")
    if value < 0 or (positive and not value):
        raise unprocessable("CANNOT_BE_ZERO_OR_NEGATIVE", "Must be greater than zero.", f"{field}/value")
    return value


def shown(value: Decimal, currency: str) -> dict[str, str]:
    """Return an amount as PayPal writes it."""
    return {"currency_code": currency, "value": f"{value:.{0 if currency in WHOLE else 2}f}"}


def unit_total(unit: dict[str, Any], country: str, field: str) -> Decimal:
    """Return the amount of a purchase unit whose breakdown and items add up to it; refused where they do not."""
    amount = unit["amount"]
    total = read(amount, country, f"{field}/amount")
    parts = amount.get("breakdown", {})
    within = f"{field}/amount/breakdown"
    for name, part in parts.items():
        if part["currency_code"] != amount["currency_code"]:
            raise unprocessable("CURRENCY_MISMATCH", "one currency in a unit", f"{within}/{name}")
    values = {name: read(part, country, f"{within}/{name}", positive=False) for name, part in parts.items()}
    if parts:
        reckoned = sum((values.get(name, Decimal(0)) for name in _PLUS), Decimal(0))
        reckoned -= sum((values.get(name, Decimal(0)) for name in _MINUS), Decimal(0))
        if reckoned != total:
            raise unprocessable("AMOUNT_MISMATCH", f"should equal the breakdown's sum, {reckoned}", f"{field}/amount")
    items = unit.get("items", [])
    if items and "item_total" not in parts:
        raise unprocessable("ITEM_TOTAL_REQUIRED", "items need breakdown.item_total", within)
    if items:
        each = [(read(one["unit_amount"], country, f"{field}/items", positive=False), one["quantity"]) for one in items]
        of_items = sum((value * int(quantity) for value, quantity in each), Decimal(0))
        if of_items != values["item_total"]:
            raise unprocessable("ITEM_TOTAL_MISMATCH", f"should equal the items' sum, {of_items}", within)
    return total
