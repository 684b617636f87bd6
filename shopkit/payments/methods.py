"""What can be offered to whom: the matrix of methods, read from dated data, never inferred.

A method listed here still shows only where the provider finds account, amount and buyer fit: nothing is promised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopkit.payments import wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from landed_cost.money import Money
    from shopkit.payments.port import Account

EVERYWHERE: Final = "*"


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pay at one provider, and what is known of it.

    ``accounts`` are countries of the seller's account, ``buyers`` where its buyers are, ``*`` anywhere; ``at_home`` are
    currencies that only accounts and buyers of a country use. ``refunds`` and
    ``partial`` are ``None`` where nobody has said so in writing: treated as no. ``days`` and ``cost`` are words of the
    source, by language; ``evidence`` is how sure the row is, ``exception`` what of it is less sure, by language.
    """

    provider: str
    name: str
    title: dict[str, str]
    currencies: frozenset[str]
    accounts: frozenset[str]
    buyers: frozenset[str]
    is_async: bool
    refunds: bool | None
    partial: bool | None
    disputes: bool | None
    least: str | None
    most: str | None
    expiry_days: tuple[int, int] | None
    needs_tax_id: bool
    needs_customer: bool
    delay: dict[str, str]
    cost: dict[str, str]
    evidence: str
    source: str
    exception: dict[str, str] = field(default_factory=dict)
    buyer_cost: dict[str, str] = field(default_factory=dict)
    at_home: dict[str, str] = field(default_factory=dict)

    @property
    def may_refund(self) -> bool:
        """Whether its money can be given back by the same way; what nobody says in writing is no."""
        return self.refunds is True


@dataclass(frozen=True, slots=True)
class Offer:
    """A method for one buyer, with the account it is paid to; ``why_not`` is a code of ``problems.yaml``."""

    method: Method
    account_id: str
    why_not: str | None = None


@cache
def matrix() -> tuple[Method, ...]:
    """Return every method."""
    data = yaml.safe_load(files("shopkit.payments").joinpath("methods.yaml").read_text("utf-8"))
    return tuple(_method(one) for one in data["methods"])


@cache
def as_of() -> str:
    """Return the day the matrix was read."""
    data = yaml.safe_load(files("shopkit.payments").joinpath("methods.yaml").read_text("utf-8"))
    return str(data["as_of"])


def method(provider: str, name: str) -> Method | None:
    """Return a method by its names."""
    return next((one for one in matrix() if (one.provider, one.name) == (provider, name)), None)


def offers(accounts: Iterable[Account], market: str, money: Money) -> list[Offer]:
    """Return what the accounts of a seller can offer a buyer of a market for an amount, with why where they cannot."""
    found = []
    for account in accounts:
        for one in matrix():
            if one.provider != account.provider or not fits(one.buyers, market):
                continue
            found.append(Offer(one, account.id, _why_not(one, account, market, money)))
    return found


def _why_not(one: Method, account: Account, market: str, money: Money) -> str | None:
    if not fits(one.accounts, account.country):
        return "payment.account_country"
    home = one.at_home.get(money.currency)
    if not fits(one.currencies, money.currency) or (home is not None and {account.country, market} != {home}):
        return "payment.currency"
    only = account.options.get("methods")
    if only is not None and one.name not in only:
        return "payment.switched_off"
    try:
        wire.checked(one.provider, money)
    except wire.AmountError as error:
        return error.code
    amount = wire.amount_of(money)
    if one.least is not None and amount < Decimal(one.least):
        return "payment.too_small"
    return "payment.too_large" if one.most is not None and amount > Decimal(one.most) else None


def fits(codes: frozenset[str], code: str) -> bool:
    """Return whether a list of codes holds one, or all."""
    return EVERYWHERE in codes or code in codes


def _method(row: dict[str, Any]) -> Method:
    expiry = row.get("expiry_days")
    return Method(
        row["provider"],
        row["name"],
        row["title"],
        frozenset(row["currencies"]),
        frozenset(row["accounts"]),
        frozenset(row["buyers"]),
        row["async"],
        row.get("refunds"),
        row.get("partial"),
        row.get("disputes"),
        row.get("least"),
        row.get("most"),
        None if expiry is None else (expiry[0], expiry[1]),
        row.get("needs_tax_id", False),
        row.get("needs_customer", False),
        row["delay"],
        row["cost"],
        row["evidence"],
        row["source"],
        row.get("exception", {}),
        row.get("buyer_cost", {}),
        row.get("at_home", {}),
    )
