"""CN 22 or CN 23: by the service, and for letters by what the goods are worth in SDR on the day of posting."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.currencies import UnknownCurrencyError, units
from landed_cost.rates import RATE_LIMIT_DAYS

if TYPE_CHECKING:
    from datetime import date

    from landed_cost.money import Money
    from landed_cost.rates import ExchangeRate, RateTable
    from shopkit.papers.declaration import Service

THRESHOLD: Final = 300
"""SDR from which a letter needs CN 23 (reported; exactly 300 is told both ways, CN 23 is accepted either way)."""

_SDR: Final = "XDR"
Form = Literal["cn22", "cn23", "invoice"]


@dataclass(frozen=True, slots=True)
class Choice:
    """The form that fits and why: ``reason`` is a code of ``messages.yaml``; ``rate`` is the one it rests on."""

    form: Form
    reason: str
    rate: ExchangeRate | None = None


def choose(  # all of it settles the form
    service: Service, minor: int, currency: str, rates: RateTable, on: date, fixed: Money | None = None
) -> Choice:
    """Return which form goods of this value (whole minor units) need when they are posted on a day.

    The sum is converted once and compared unrounded. A rate that is of a later day, or more than ten days older, is
    none: then CN 23, which is accepted at any value. ``fixed`` is what the post of the origin takes 300 SDR for in
    money of its own; it goes before the rate where the goods are in that currency.
    """
    if service == "courier":
        return Choice("invoice", "form_courier")
    if service != "letter":
        return Choice("cn23", "form_parcel")
    if fixed is not None and fixed.currency == currency:
        is_below = minor < fixed.minor
        return Choice("cn22" if is_below else "cn23", "form_fixed_below" if is_below else "form_fixed_from")
    try:
        rate = rates.rate(currency, _SDR)
        worth = Fraction(minor, units(currency)) * rates.factor(currency, _SDR)
    except UnknownCurrencyError:
        return Choice("cn23", "form_no_rate")
    if not 0 <= (on - rate.date).days <= RATE_LIMIT_DAYS:
        return Choice("cn23", "form_old_rate", rate)
    return Choice("cn22", "form_below", rate) if worth < THRESHOLD else Choice("cn23", "form_from", rate)
