"""The ledger of one order: what is added to it, what is heard twice, and what follows from the whole."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from landed_cost.money import Money
from shopkit.orders.rules import allowed
from shopkit.orders.state import Dispute, OrderState, Payment, Refund

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from shopkit.orders.events import Event

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
Outcome = Literal["added", "repeated", "conflict"]
_DOUBTFUL: Final = frozenset({"held", "payment_mismatch", "fraud_warned", "conflict"})
_FINAL: Final = {"payment_failed": "failed", "payment_expired": "expired"}


class RefusedError(Exception):
    """An event that may not happen to the order as it stands; ``code`` is one of ``problems.yaml``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Ledger:
    """The events of an order in the order they were heard, and how it stands after them."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.events: list[Event] = []
        self.state = OrderState()
        self._heard: dict[tuple[str, str], Event] = {}
        for event in events:
            self._write(event)

    def add(self, event: Event) -> Outcome:
        """Add an event, once: a repeat changes nothing, and one that says something else is kept as a conflict.

        A conflict is written under a name of its own and a person has to look at it; what was heard first stays.
        Raises ``RefusedError`` for what somebody asks for and may not have now.
        """
        known = self._heard.get(event.key)
        if known is not None:
            if known.says_the_same(event):
                return "repeated"
            event = _conflict(event)
            if event.key in self._heard:
                return "repeated"
            self._write(event)
            return "conflict"
        reason = allowed(self.state, event)
        if reason is not None:
            raise RefusedError(reason)
        self._write(event)
        return "added"

    @property
    def disputed(self) -> dict[str, int]:
        """What banks ask back now, by the payment it is of: nothing of it can be given back meanwhile."""
        found: dict[str, int] = {}
        for event in self.events:
            dispute = self.state.disputes.get(event.about) if event.kind == "dispute_opened" else None
            if dispute is not None and dispute.state == "open" and event.payment is not None:
                found[event.payment] = found.get(event.payment, 0) + dispute.minor
        return found

    def _write(self, event: Event) -> None:
        self.state = _after(self.state, event)
        self.events.append(event)
        self._heard[event.key] = event


def steps(events: Iterable[Event]) -> Iterator[tuple[Event, OrderState]]:
    """Yield events that were written with how the order stood after each."""
    ledger = Ledger()
    for event in events:
        ledger._write(event)  # noqa: SLF001  # its own module
        yield event, ledger.state


def fold(events: Iterable[Event]) -> OrderState:
    """Return how an order stands after events that were written; a repeat among them counts once."""
    ledger = Ledger()
    for event in events:
        if event.key not in ledger._heard:  # noqa: SLF001  # its own module
            ledger._write(event)  # noqa: SLF001
    return ledger.state


def _conflict(event: Event) -> Event:
    said = f"{event.kind} {event.amount} {event.payment} {event.ref} {sorted(event.pieces.items())}"
    mark = hashlib.sha256(said.encode()).hexdigest()[:12]
    data = {**event.data, "kind": event.kind, "instead_of": event.source_id}
    return replace(event, kind="conflict", source_id=f"{event.source_id[:200]}#{mark}", data=data)


def _after(state: OrderState, event: Event) -> OrderState:
    """Return how an order stands after one more event; it never fails, whatever comes."""
    changes = _CHANGES[event.kind](state, event) if event.kind in _CHANGES else {}
    if event.kind in _DOUBTFUL:
        changes["doubts"] = (*changes.get("doubts", state.doubts), event.kind)
    return replace(state, marks=_with(state.marks, event.kind, event.at), **changes)


def _placed(_state: OrderState, event: Event) -> dict[str, Any]:
    amount = event.amount or Money(0, "")
    ordered = tuple(event.pieces.get(line, 0) for line in range(len(event.pieces)))
    nothing = (0,) * len(ordered)
    return {
        "currency": amount.currency,
        "total": amount.minor,
        "ordered": ordered,
        "packed": nothing,
        "dropped": nothing,
        "returned": nothing,
        "fulfilment": "placed",
        "pay_until": event.until,
    }


def _reduced(state: OrderState, event: Event) -> dict[str, Any]:
    dropped = _plus(state.dropped, event.pieces)
    changes: dict[str, Any] = {"dropped": dropped}
    if state.fulfilment == "placed" and any(state.packed):
        # The last pieces that were missing are the ones that will not be sent.
        whole = state.packed == tuple(map(int.__sub__, state.ordered, dropped))
        changes["fulfilment"] = "packed" if whole else "placed"
    if event.amount is not None:
        changes["reduced"] = state.reduced + event.amount.minor
    return changes


def _packed(state: OrderState, event: Event) -> dict[str, Any]:
    packed = _plus(state.packed, event.pieces)
    return {"packed": packed, "fulfilment": "packed" if packed == state.to_send else state.fulfilment}


def _returned(state: OrderState, event: Event) -> dict[str, Any]:
    return {"returned": _plus(state.returned, event.pieces), "fulfilment": "returned"}


def _closed(state: OrderState, event: Event) -> dict[str, Any]:
    return {"closed": event.kind, "fulfilment": "cancelled", "packed": (0,) * len(state.ordered)}


def _accepted(_state: OrderState, _event: Event) -> dict[str, Any]:
    return {"closed": None, "fulfilment": "placed", "received_late": 0}


def _payment(state: OrderState, event: Event) -> dict[str, Any]:
    """Follow an attempt; what came in is never forgotten for what is heard later."""
    name = event.payment or ""
    known = state.payments.get(name)
    if event.kind in _FINAL:
        found = Payment(_FINAL[event.kind]) if known is None else replace(known, state=_FINAL[event.kind])  # type: ignore[arg-type]  # one of its words
    elif event.kind == "payment_pending":
        found = Payment("pending", event.until)
    else:
        found = Payment("started", event.until)
    if known is not None and (known.received or known.astray):
        return {}
    if known is not None and not known.is_open and event.kind not in _FINAL:
        # Told late: the attempt is over.
        return {}
    if known is not None and known.state == "pending" and event.kind == "payment_started":
        return {}
    return {"payments": _with(state.payments, name, found)}


def _received(state: OrderState, event: Event) -> dict[str, Any]:
    amount, name = event.amount, event.payment or ""
    if amount is None or amount.currency != state.currency or amount.minor <= 0:
        return _astray(state, event) | {"doubts": (*state.doubts, "payment_mismatch")}
    known = state.payments.get(name, Payment("received"))
    found = replace(known, state="received", received=known.received + amount.minor)
    late = amount.minor if state.closed is not None else 0
    return {
        "payments": _with(state.payments, name, found),
        "received": state.received + amount.minor,
        "received_late": state.received_late + late,
    }


def _astray(state: OrderState, event: Event) -> dict[str, Any]:
    name = event.payment or ""
    amount = event.amount
    # Money of another currency cannot be added to this order's; the event keeps what it was.
    minor = amount.minor if amount is not None and amount.currency == state.currency and amount.minor > 0 else 0
    known = state.payments.get(name, Payment("received"))
    found = replace(known, state="received", astray=known.astray + minor)
    return {"payments": _with(state.payments, name, found), "astray": state.astray + minor}


def _taken(state: OrderState, event: Event) -> dict[str, Any]:
    """Count what did not fit as paid, because a person said so; that one doubt is settled."""
    name, minor = event.payment or "", event.amount.minor if event.amount is not None else 0
    known = state.payments.get(name, Payment("received"))
    found = replace(known, received=known.received + minor, astray=known.astray - minor)
    doubts = list(state.doubts)
    if "payment_mismatch" in doubts:
        doubts.remove("payment_mismatch")
    return {
        "payments": _with(state.payments, name, found),
        "received": state.received + minor,
        "astray": state.astray - minor,
        "doubts": tuple(doubts),
    }


def _refund(state: OrderState, event: Event) -> dict[str, Any]:
    """Follow a refund: failed is its last word, and made goes before started, in whatever order they are heard."""
    known = state.refunds.get(event.about)
    to = {"refund_started": "started", "refund_made": "made", "refund_failed": "failed"}[event.kind]
    if known is not None and (known.state == "failed" or (known.state == "made" and to == "started")):
        return {}
    minor = event.amount.minor if event.amount is not None and event.amount.currency == state.currency else 0
    if known is not None and (known.state == to or not minor):
        minor = known.minor
    payment = event.payment if known is None or known.payment is None else known.payment
    found = Refund(to, minor, payment)  # type: ignore[arg-type]  # one of its words
    return {"refunds": _with(state.refunds, event.about, found)}


def _dispute(state: OrderState, event: Event) -> dict[str, Any]:
    known = state.disputes.get(event.about)
    to = {"dispute_opened": "open", "dispute_won": "won", "dispute_lost": "lost"}[event.kind]
    if known is not None and to == "open":
        return {}
    minor = event.amount.minor if event.amount is not None and event.amount.currency == state.currency else 0
    found = Dispute(to, minor or (known.minor if known is not None else 0))  # type: ignore[arg-type]  # one of its words
    return {"disputes": _with(state.disputes, event.about, found)}


def _with(known: Mapping[_Key, _Value], key: _Key, value: _Value) -> Mapping[_Key, _Value]:
    return MappingProxyType({**known, key: value})


def _plus(have: tuple[int, ...], more: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(many + more.get(line, 0) for line, many in enumerate(have))


_CHANGES: Final[dict[str, Callable[[OrderState, Event], dict[str, Any]]]] = {
    "placed": _placed,
    "reduced": _reduced,
    "packed": _packed,
    "shipped": lambda _state, _event: {"fulfilment": "shipped"},
    "delivered": lambda _state, _event: {"fulfilment": "delivered"},
    "returned": _returned,
    "cancelled": _closed,
    "expired": _closed,
    "accepted": _accepted,
    "released": lambda _state, _event: {"doubts": ()},
    "payment_started": _payment,
    "payment_pending": _payment,
    "payment_failed": _payment,
    "payment_expired": _payment,
    "payment_received": _received,
    "payment_mismatch": _astray,
    "payment_accepted": _taken,
    "refund_started": _refund,
    "refund_made": _refund,
    "refund_failed": _refund,
    "dispute_opened": _dispute,
    "dispute_won": _dispute,
    "dispute_lost": _dispute,
}
