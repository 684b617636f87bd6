"""What an order's ledger says of its invoices: how much of the order stands, what is to be credited, what is paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from shopkit.invoices.documents import Cause, Kind
    from shopkit.orders.state import OrderState

Status = Literal["open", "part_paid", "paid", "overdue", "disputed", "charged_back", "to_credit", "credited"]


@dataclass(frozen=True, slots=True)
class Issued:
    """A document of an order: ``minor`` is what it is of, ``refers_to`` the invoice of a credit note."""

    kind: Kind
    number: str
    minor: int
    due_on: date | None = None
    refers_to: str = ""
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How an invoice stands: ``credited`` of it, and ``left`` to be paid. ``is_seen``: its buyer opened it."""

    status: Status
    credited: int
    left: int
    is_seen: bool


def given_up(state: OrderState) -> int:
    """Return what was given back of what the order costs, though nobody asked less for it.

    What is paid too much goes back first, for that was never part of any invoice; and a part of the price that goes
    back before the rest has come leaves the whole price to be paid.
    """
    return max(0, state.refunded - (state.received - state.due)) if state.received >= state.due else 0


def stands(state: OrderState) -> int:
    """Return how much of an order is to be invoiced: what it costs, less what was given back of it; closed, nothing."""
    return 0 if state.closed is not None else max(0, state.due - given_up(state))


def invoiced(documents: Iterable[Issued]) -> int:
    """Return what is invoiced: the invoices, less their credit notes."""
    return sum(one.minor if one.kind == "invoice" else -one.minor for one in documents if one.kind != "receipt")


def to_invoice(state: OrderState, documents: Iterable[Issued]) -> int:
    """Return what an invoice would be of now: the order as it stands, where nothing of it is invoiced.

    What was credited for money that then did not arrive stays credited: the buyer is owed it still.
    """
    return stands(state) if invoiced(documents) == 0 else 0


def to_credit(state: OrderState, documents: Iterable[Issued]) -> int:
    """Return what is invoiced and does not stand any more."""
    return max(0, invoiced(documents) - stands(state))


def cause_of(state: OrderState, reduced: int) -> Cause:
    """Return why something is credited; ``reduced`` is what was taken off on the invoice already."""
    if state.closed is not None:
        return state.closed
    if not given_up(state):
        return "reduced"
    return "reduced_and_refunded" if state.reduced > reduced else "refunded"


def standing_of(one: Issued, documents: Iterable[Issued], state: OrderState, today: date) -> Standing:
    """Return how an invoice stands on a day of its buyer, from the ledger and the credit notes that refer to it.

    Money is that of the invoice that is not credited whole, and there is one such at most.
    """
    credited = sum(other.minor for other in documents if other.refers_to == one.number and other.kind == "credit_note")
    seen = one.opened_at is not None
    if credited >= one.minor:
        return Standing("credited", credited, 0, seen)
    if stands(state) < one.minor - credited:
        return Standing("to_credit", credited, 0, seen)
    left = max(0, one.minor - credited - max(0, state.covered))
    if state.is_disputed:
        status: Status = "disputed"
    elif left == 0:
        status = "paid"
    elif state.charged_back:
        status = "charged_back"
    elif one.due_on is not None and one.due_on < today:
        status = "overdue"
    else:
        status = "part_paid" if state.covered > 0 else "open"
    return Standing(status, credited, left, seen)
