"""Whether an event may happen to an order as it stands: facts always, what somebody asks for by these rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopkit.orders.events import FACTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopkit.orders.events import Event
    from shopkit.orders.state import OrderState


def allowed(state: OrderState, event: Event) -> str | None:
    """Return why an event may not happen now, as a code of ``problems.yaml``; ``None`` where it may."""
    if event.kind == "placed":
        return "order.placed_already" if state.fulfilment != "none" else None
    if state.fulfilment == "none":
        return "order.not_placed"
    if event.kind in FACTS or (event.kind == "refund_made" and event.is_from_provider):
        return None
    return _ASKED[event.kind](state, event)


def _packed(state: OrderState, event: Event) -> str | None:
    if state.is_sent:
        return "order.sent_already"
    if state.stops is not None:
        return state.stops
    if not _fits(event, state.ordered):
        return "order.lines"
    now = (have + event.pieces.get(line, 0) for line, have in enumerate(state.packed))
    return "order.packs_more" if any(map(int.__gt__, now, state.to_send)) else None


def _shipped(state: OrderState, _event: Event) -> str | None:
    if state.is_sent:
        return "order.sent_already"
    if state.stops is not None:
        return state.stops
    return None if state.is_packed_whole and any(state.packed) else "order.not_packed"


def _delivered(state: OrderState, _event: Event) -> str | None:
    return None if state.fulfilment == "shipped" else "order.not_sent"


def _returned(state: OrderState, event: Event) -> str | None:
    if not state.is_sent:
        return "order.not_sent"
    if not _fits(event, state.ordered):
        return "order.lines"
    now = (have + event.pieces.get(line, 0) for line, have in enumerate(state.returned))
    return "order.returns_more" if any(map(int.__gt__, now, state.to_send)) else None


def _cancelled(state: OrderState, event: Event) -> str | None:
    if state.is_sent:
        return "order.sent_already"
    if state.closed is not None:
        return "order.closed"
    # Who paid asks the seller: goods may be made to order already.
    return "order.paid_already" if event.source == "buyer" and state.net > 0 else None


def _expired(state: OrderState, event: Event) -> str | None:
    ends = state.ends_at
    return None if ends is not None and ends <= event.at else "order.not_due"


def _accepted(state: OrderState, _event: Event) -> str | None:
    if state.closed is None:
        return "order.open"
    if state.is_disputed:
        return "order.disputed"
    if state.is_held:
        return "order.held"
    return None if state.is_funded else "order.not_paid"


def _reduced(state: OrderState, event: Event) -> str | None:
    if state.closed is not None:
        return "order.closed"
    if event.pieces:
        if state.is_sent:
            return "order.sent_already"
        left = map(int.__sub__, state.to_send, state.packed)
        if not _fits(event, state.ordered) or any(event.pieces.get(line, 0) > many for line, many in enumerate(left)):
            return "order.lines"
    return _amount(state, event, state.due)


def _refunded(state: OrderState, event: Event) -> str | None:
    known = state.refunds.get(event.about)
    if known is not None:
        # What was set aside for it already is not asked for again.
        return None if known.state == "started" and event.kind == "refund_made" else "refund.known"
    return _amount(state, event, state.refundable, "refund.too_much")


def _taken(state: OrderState, event: Event) -> str | None:
    """Only the whole of what did not fit is taken as paid, and nothing of it while some is on its way back."""
    if state.closed is not None:
        return "order.closed"
    known = state.payments.get(event.payment or "")
    back = any(one.payment == event.payment and one.state != "failed" for one in state.refunds.values())
    if known is None or not known.astray or back:
        return "payment.nothing_astray"
    if event.amount is None or (event.amount.minor, event.amount.currency) != (known.astray, state.currency):
        return "order.amount"
    return None


def _held(_state: OrderState, _event: Event) -> str | None:
    return None


def _released(state: OrderState, _event: Event) -> str | None:
    return None if state.is_held else "order.not_held"


def _fits(event: Event, ordered: tuple[int, ...]) -> bool:
    return bool(event.pieces) and all(0 <= line < len(ordered) and many > 0 for line, many in event.pieces.items())


def _amount(state: OrderState, event: Event, most: int, code: str = "order.too_much") -> str | None:
    if event.amount is None or event.amount.currency != state.currency or event.amount.minor <= 0:
        return "order.amount"
    return code if event.amount.minor > most else None


_ASKED: Final[dict[str, Callable[[OrderState, Event], str | None]]] = {
    "packed": _packed,
    "shipped": _shipped,
    "delivered": _delivered,
    "returned": _returned,
    "cancelled": _cancelled,
    "expired": _expired,
    "accepted": _accepted,
    "reduced": _reduced,
    "refund_started": _refunded,
    "refund_made": _refunded,
    "payment_accepted": _taken,
    "held": _held,
    "released": _released,
}
