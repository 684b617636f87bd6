"""Amounts as providers write them: a table for each, by hand from its own pages. ISO's decimals are not theirs.

Nothing is rounded here: an amount that cannot be written exactly is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.currencies import exponent
from landed_cost.money import Money, decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class AmountError(ValueError):
    """An amount that a provider does not take: ``code`` is one of ``problems.yaml``, ``limit`` what it does take."""

    def __init__(
        self, code: Literal["currency", "digits", "too_small", "too_large"], limit: Money | None = None
    ) -> None:
        self.code = f"payment.{code}"
        self.limit = limit
        super().__init__(self.code)


# https://docs.stripe.com/currencies, read 2026-11-23. UGX stands there among the whole ones and among the special
# cases: the special case wins.
_STRIPE_WHOLE: Final = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_STRIPE_HUNDREDS: Final = frozenset({"ISK", "UGX"})
_STRIPE_THOUSANDTHS: Final = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# Not chargeable, or sources disagree (IQD): refused rather than guessed.
_STRIPE_NOT: Final = frozenset({"CLF", "UYI", "IQD"})
# Held against the currency of settlement, so a small amount of another one can still be refused there.
_STRIPE_LEAST: Final[Mapping[str, str]] = MappingProxyType(
    {"USD": "0.50", "BRL": "0.50", "MXN": "10", "COP": "0.50", "ARS": "0.50"}
)
_MOST: Final = 99_999_999
_MOST_COP: Final = 9_999_999_999
# Of Latin America's currencies PayPal takes these two, BRL inside Brazil alone.
_PAYPAL: Final = frozenset(
    [
        "AUD",
        "BRL",
        "CAD",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HUF",
        "ILS",
        "JPY",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PHP",
        "PLN",
        "SEK",
        "SGD",
        "CHF",
        "THB",
        "TWD",
        "USD",
    ]
)
_PAYPAL_WHOLE: Final = frozenset({"HUF", "JPY", "TWD"})
# Reported: https://github.com/odoo/odoo/pull/185664 and /pull/124162.
_MERCADOPAGO: Final[Mapping[str, int]] = MappingProxyType(
    {"ARS": 2, "BRL": 2, "CLP": 0, "COP": 0, "MXN": 2, "PEN": 2, "UYU": 2}
)


@dataclass(frozen=True, slots=True)
class _Scale:
    factor: int
    step: int = 1


def _stripe_scale(currency: str) -> _Scale:
    if currency in _STRIPE_NOT:
        raise AmountError("currency")
    if currency in _STRIPE_WHOLE:
        return _Scale(1)
    if currency in _STRIPE_HUNDREDS:
        return _Scale(100, 100)
    if currency in _STRIPE_THOUSANDTHS:
        return _Scale(1000, 10)
    return _Scale(100)


def amount_of(money: Money) -> Decimal:
    """Return an amount as a decimal of whole units."""
    return Decimal(money.minor).scaleb(-exponent(money.currency))


def to_stripe(money: Money) -> int:
    """Return the whole number Stripe takes; ``AmountError``.

    >>> to_stripe(Money(5, "ISK")), to_stripe(Money(24990, "CLP")), to_stripe(Money(1099, "USD"))
    (500, 24990, 1099)
    """
    scale = _stripe_scale(money.currency)
    sent = amount_of(money) * scale.factor
    if sent != int(sent) or int(sent) % scale.step:
        raise AmountError("digits")
    least = _STRIPE_LEAST.get(money.currency)
    if sent <= 0 or (least is not None and amount_of(money) < Decimal(least)):
        raise AmountError("too_small", None if least is None else _money(Decimal(least), money.currency))
    if sent > (_MOST_COP if money.currency == "COP" else _MOST):
        raise AmountError("too_large")
    return int(sent)


def from_stripe(sent: int, currency: str) -> Money:
    """Return an amount that Stripe wrote; ``AmountError`` for one our currency cannot hold."""
    code = currency.upper()
    return _money(Decimal(sent) / _stripe_scale(code).factor, code)


def to_paypal(money: Money) -> str:
    """Return the decimal text PayPal takes; ``AmountError``.

    >>> to_paypal(Money(1050, "USD")), to_paypal(Money(500, "JPY"))
    ('10.50', '500')
    """
    if money.currency not in _PAYPAL:
        raise AmountError("currency")
    if money.minor <= 0:
        raise AmountError("too_small")
    return _text(amount_of(money), 0 if money.currency in _PAYPAL_WHOLE else 2)


def from_paypal(value: str, currency: str) -> Money:
    """Return an amount that PayPal wrote."""
    return _money(Decimal(value), currency)


def to_mercadopago(money: Money) -> Decimal:
    """Return the number Mercado Pago takes, to be written into JSON as it stands; ``AmountError``."""
    digits = _MERCADOPAGO.get(money.currency)
    if digits is None:
        raise AmountError("currency")
    if money.minor <= 0:
        raise AmountError("too_small")
    return Decimal(_text(amount_of(money), digits))


def from_mercadopago(value: Decimal, currency: str) -> Money:
    """Return an amount that Mercado Pago wrote."""
    return _money(value, currency)


def checked(provider: str, money: Money) -> None:
    """Raise ``AmountError`` where a provider does not take an amount."""
    if provider == "stripe":
        to_stripe(money)
    elif provider == "paypal":
        to_paypal(money)
    elif provider == "mercadopago":
        to_mercadopago(money)
    elif money.minor <= 0:
        raise AmountError("too_small")


def least(provider: str, currency: str) -> Money | None:
    """Return the least a provider takes in a currency, nothing where no figure of it is known.

    >>> least("stripe", "MXN"), least("stripe", "PEN")
    (Money(minor=1000, currency='MXN'), None)
    """
    found = _STRIPE_LEAST.get(currency) if provider == "stripe" else None
    return None if found is None else _money(Decimal(found), currency)


def _text(amount: Decimal, digits: int) -> str:
    minor = amount.scaleb(digits)
    if minor != int(minor):
        raise AmountError("digits")
    return decimal_text(int(minor), digits)


def _money(amount: Decimal, currency: str) -> Money:
    minor = amount.scaleb(exponent(currency))
    if minor != int(minor):
        raise AmountError("digits")
    return Money(int(minor), currency)
