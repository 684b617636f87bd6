"""The money of an order in the seller's words: attempts, what can go back and how, disputes with the time to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_datetime

from landed_cost.money import Money
from shopkit.payments import methods
from shopkit.web.access import services
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from datetime import datetime

    from shopkit.services.order_money import Back, Disputed, OrderMoney, Paid

_STATES: Final = {
    "starting": N_("begun, no answer yet"),
    "open": N_("begun"),
    "approved": N_("agreed to, not yet taken"),
    "pending": N_("under way"),
    "paid": N_("paid"),
    "failed": N_("failed"),
    "expired": N_("ended unpaid"),
    "replaced": N_("replaced by another"),
}
_BACK: Final = {"started": N_("on its way back"), "made": N_("given back"), "failed": N_("could not be given back")}
_DISPUTES: Final = {"open": N_("open"), "won": N_("won"), "lost": N_("lost")}
_REASONS: Final = {
    "fraudulent": N_("the holder of the card says it was not them"),
    "product_not_received": N_("not received"),
    "product_unacceptable": N_("not as described"),
    "duplicate": N_("paid twice"),
    "credit_not_processed": N_("a refund did not arrive"),
    "unrecognized": N_("not recognised"),
    "general": N_("no reason given"),
}


def shown(money: OrderMoney, market: str) -> dict[str, Any]:
    """Return what the page of an order shows of its money; moments are those of the buyer."""
    whole = sum(one.left.minor for one in money.payments if one.may_refund)
    return {
        "payments": [_paid(one, market) for one in money.payments],
        "refunds": [_back(one, market) for one in money.refunds],
        "disputes": [_dispute(one, market) for one in money.disputes],
        "all_back": _money(Money(whole, money.refundable.currency)) if whole else None,
        "one_left": sum(bool(one.left.minor) for one in money.payments) == 1,
    }


def _paid(one: Paid, market: str) -> dict[str, Any]:
    method = methods.method(one.provider, one.method)
    return {
        "it": one,
        "title": one.method if method is None else method.title[speech().language],
        "asked": _money(one.asked),
        "received": _money(one.received) if one.received.minor else None,
        "astray": _money(one.astray) if one.astray.minor else None,
        "presented": None if one.presented is None else _money(one.presented),
        "left": _money(one.left) if one.left.minor else None,
        "left_text": one.left.text,
        "state": gettext(_STATES.get(one.state, one.state)),
        "at": _moment(one.began_at, market),
        "until": None if one.until is None or one.state not in {"open", "pending"} else _moment(one.until, market),
    }


def _back(one: Back, market: str) -> dict[str, Any]:
    where = None if one.is_ours else gettext(N_("made at the provider"))
    return {
        "amount": _money(one.amount),
        "state": gettext(_BACK[one.state]),
        "at": _moment(one.at, market),
        "note": ", ".join(filter(None, (one.reason, where))),
    }


def _dispute(one: Disputed, market: str) -> dict[str, Any]:
    return {
        "it": one,
        "amount": _money(one.amount),
        "state": gettext(_DISPUTES[one.state]),
        "reason": gettext(_REASONS[one.reason]) if one.reason in _REASONS else one.reason,
        "due": None if one.due is None else _moment(one.due, market),
        "answered": None if one.answered_at is None else _moment(one.answered_at, market),
    }


def _money(amount: Money) -> str:
    return speech().money(amount.text, amount.currency)


def _moment(at: datetime, market: str) -> str:
    zone = services().zone_of(market)
    return format_datetime(
        at.astimezone(zone), "d MMM y, HH:mm zzz", tzinfo=zone, locale=speech().tag.replace("-", "_")
    )
