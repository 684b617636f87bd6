"""What a buyer sees of paying an order: the ways there are, what was begun, and how it stands on coming back."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from landed_cost.money import Money
from shopkit.payments.port import PaymentError
from shopkit.services import orders, payments
from shopkit.services.letters import N_

if TYPE_CHECKING:
    from shopkit.services.context import Services
    from shopkit.services.orders import Order
    from shopkit.services.payments import Begun

_LOG: Final = logging.getLogger(__name__)
# What providers and banks tell a buyer who pays later, in the order in which it is needed.
TOLD: Final = {
    "number": N_("Number"),
    "reference": N_("Reference to write"),
    "amount": N_("Amount"),
    "remaining": N_("Still missing"),
    "clabe": N_("CLABE"),
    "bank": N_("Bank"),
    "bank_name": N_("Bank"),
    "account": N_("Account"),
    "holder": N_("Account of"),
}
_UNPAID: Final = frozenset({"awaiting_payment", "pending", "underfunded"})


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay: ``name`` is what :func:`payments.start` takes, the rest is in the reader's language.

    ``cost`` is what it costs the buyer on top, ``""`` where nothing; ``may_refund`` whether it can be given back by the
    same way.
    """

    name: str
    title: str
    delay: str
    cost: str
    may_refund: bool


def ways(services: Services, order: Order, language: str) -> list[Way]:
    """Return the ways in which what is missing of an order can be paid; none for an order that asks for nothing."""
    if not _is_due(order):
        return []
    missing = Money(order.state.missing, order.currency)
    return ways_for(services, order.seller_id, order.market, missing, language)


def ways_for(services: Services, seller_id: str, market: str, money: Money, language: str) -> list[Way]:
    """Return the ways in which a buyer of a market can pay an amount."""
    return [
        Way(
            f"{one.method.provider}/{one.method.name}",
            one.method.title[language],
            one.method.delay[language],
            one.method.buyer_cost.get(language, ""),
            one.method.may_refund,
        )
        for one in payments.methods(services, seller_id, market, money)
        if one.why_not is None
    ]


def begun(services: Services, order: Order) -> Begun | None:
    """Return the newest attempt that may still be paid, with where to go on or what to follow."""
    if not _is_due(order):
        return None
    open_ = [one for one in payments.see(services, order.id) if one.state in {"open", "pending"}]
    return open_[-1] if open_ else None


def look(services: Services, order: Order) -> Order:
    """Read what was begun at its provider and return the order as it stands then; one that is down says nothing."""
    for one in payments.see(services, order.id):
        if one.state in payments.UNPAID:
            try:
                payments.settle(services, one.payment_id)
            except PaymentError as error:
                _LOG.warning("payment %s could not be read: %s", one.payment_id, error)
    return orders.see(services, order.id)


def _is_due(order: Order) -> bool:
    state = order.state
    return state.missing > 0 and state.status in _UNPAID and not state.is_held and not state.is_disputed
