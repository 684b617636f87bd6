"""What the routes of orders ask and answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, Moment
from shopkit.services.schemas import LABEL, Shape

Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,3})?$", examples=["76.63"])]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["USD"])]
Status = Literal[
    "awaiting_payment",
    "pending",
    "underfunded",
    "paid",
    "paid_late",
    "part_refunded",
    "refunded",
    "expired",
    "cancelled",
]
Fulfilment = Literal["placed", "packed", "shipped", "delivered", "returned", "cancelled"]
_Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Act(Shape):
    """Something to do to an order.

    ``key`` names it, so that a repeat is one act; it is needed where it may happen more than once (pack, return,
    transfer, hold, release). ``pieces`` counts pieces by the position of their line, from 0; without it all that is
    left is packed. ``amount`` is that of a bank transfer, in the order's currency. ``take`` counts what came by a
    ``payment`` and did not fit as paid; with ``is_enough`` nothing more is asked for.
    """

    do: Literal["pack", "ship", "deliver", "return", "cancel", "accept", "hold", "release", "transfer", "take"]
    key: Annotated[str, Field(min_length=1, max_length=120, pattern=LABEL)] | None = None
    pieces: Annotated[list[Annotated[int, Field(ge=0, le=1_000_000)]], Field(max_length=100)] | None = None
    amount: Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$", examples=["76.63"])] | None = None
    payment: _Word = ""
    is_enough: bool = False
    carrier: _Word = ""
    tracking: _Word = ""
    reference: _Word = ""
    note: _Word = ""


class OrderBrief(Answer):
    """An order in a list: how it stands, and what it costs."""

    id: str
    number: int
    created_at: Moment
    market: str
    buyer: str
    status: Status
    fulfilment: Fulfilment
    is_held: bool
    is_disputed: bool
    due: Amount
    currency: Currency
    campaign_code: str | None


class OrderList(Answer):
    """A page of orders, the newest first, and how many there are in all."""

    results: list[OrderBrief]
    total: int
    page: int


class OrderLineOut(Answer):
    """Pieces of one SKU; ``amount`` is what all of them cost."""

    listing: str
    sku: str | None
    title: str
    quantity: int
    amount: Amount
    packed: int
    to_send: int
    returned: int


class OrderEventOut(Answer):
    """One thing that happened; ``amount`` is what it alone moved."""

    kind: str
    at: Moment
    source: str
    source_id: str
    amount: Amount | None
    currency: Currency | None
    payment: str | None
    ref: str | None
    until: Moment | None


class OrderOut(OrderBrief):
    """An order whole: what was promised, all that happened, and what follows from it."""

    locale: str
    terms: str
    quote_id: str | None
    email: str
    address: dict[str, str]
    lines: list[OrderLineOut]
    received: Amount
    refunded: Amount
    refunding: Amount
    charged_back: Amount
    missing: Amount
    owed_back: Amount
    ends_at: Moment | None
    stops: str | None
    events: list[OrderEventOut]
