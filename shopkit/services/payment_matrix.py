"""What a buyer of a market can pay with: every known way with its terms and its source, and why not where it cannot be.

Shown to the seller before a store opens in a market; nothing here promises: the provider has the last word.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from landed_cost.currencies import exponent
from landed_cost.money import Money, to_minor
from shopkit.payments import methods, wire
from shopkit.services import payment_accounts as accounts
from shopkit.services.catalogs import currency_of
from shopkit.services.payment_accounts import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shopkit.payments.methods import Method
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

NO_ACCOUNT: Final = "payment.no_account"
NOT_HERE: Final = "payment.not_here"
# What is asked about where nobody named an amount: large enough for every least amount that is known.
_SAMPLE: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Row:
    """A way to pay and what becomes of it for this market and amount; ``why_not`` is a code of ``problems.yaml``.

    ``least`` and ``most`` are in the currency asked about, ``None`` where no limit is known.
    """

    method: Method
    account_id: str | None
    is_live: bool
    why_not: str | None
    least: Money | None
    most: Money | None

    @property
    def can(self) -> bool:
        """Whether a buyer can be offered it."""
        return self.why_not is None


def store_currency(market: str) -> str:
    """Return the currency in which a store sells to a market."""
    return currency_of("google", market)


def sample(currency: str) -> Money:
    """Return an amount to ask about where none is named: a hundred, and a hundred thousand of what has no cents."""
    return Money(to_minor(_SAMPLE * (1 if exponent(currency) else 1_000), currency), currency)


def matrix(services: Services, actor: Actor, market: str, money: Money) -> list[Row]:
    """Return every way to pay that is known, those that can be offered first."""
    with services.database.reading() as session:
        active = {one.provider: one for one in accounts.active(session, services, actor.seller_id)}
    rows = []
    why: str | None
    for one in methods.matrix():
        if one.provider not in PROVIDERS:
            continue
        account = active.get(one.provider)
        if account is None:
            why = NOT_HERE if not methods.fits(one.buyers, market) else NO_ACCOUNT
        elif not methods.fits(one.buyers, market):
            why = NOT_HERE
        else:
            (offer,) = (offer for offer in methods.offers([account], market, money) if offer.method is one)
            why = offer.why_not
        is_live = account is not None and account.is_live
        rows.append(Row(one, None if account is None else account.id, is_live, why, *_limits(one, money.currency)))
    order = {None: 0, NO_ACCOUNT: 2, NOT_HERE: 3}
    # Stable: within each the order of the table.
    return sorted(rows, key=lambda row: order.get(row.why_not, 1))


def offered(services: Services, actor: Actor, markets: Iterable[str]) -> dict[str, list[Method]]:
    """Return the ways to pay that buyers of each market are offered for an ordinary amount."""
    with services.database.reading() as session:
        active = accounts.active(session, services, actor.seller_id)
    found = {}
    for market in markets:
        offers = methods.offers(active, market, sample(store_currency(market)))
        found[market] = [one.method for one in offers if one.why_not is None]
    return found


def _limits(one: Method, currency: str) -> tuple[Money | None, Money | None]:
    """Return the least and the most of a way in a currency: the method's own, else its provider's."""
    if not methods.fits(one.currencies, currency):
        return None, None
    own = [
        None if text is None else Money(to_minor(Decimal(text), currency), currency) for text in (one.least, one.most)
    ]
    # A limit of the table is in the method's one currency.
    least, most = own if len(one.currencies) == 1 and methods.EVERYWHERE not in one.currencies else (None, None)
    return least or wire.least(one.provider, currency), most
