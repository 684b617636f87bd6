"""What the routes of parcels ask and answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from shopkit.api.schemas import Answer, Moment
from shopkit.services.schemas import Shape
from shopkit.tracking.statuses import Status

_Word = Annotated[str, Field(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Country = Annotated[str, Field(pattern=r"^[A-Za-z]{2}$", examples=["US"])]
_OrderId = Annotated[str, Field(pattern="^o_[0-9A-HJKMNP-TV-Z]{26}$")]
OnLeg = Literal["origin", "between", "destination", "return"]
CustomsState = Literal["none", "presented", "held", "payment_due", "paid", "released"]


class ShipmentToOpen(Shape):
    """A parcel that is followed from now on: of some orders, or of none.

    ``number`` is read however it is written. An order that is sent under a number opens its parcel by itself.
    """

    number: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
    posted_on: Annotated[date, Field(examples=["2026-11-23"])]
    destination: _Country
    origin: _Country | None = None
    carrier: _Word = ""
    service: _Word = ""
    postcode: Annotated[str, Field(max_length=20, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    locale: Literal["es", "pt", "en"] = "es"
    orders: Annotated[list[_OrderId], Field(default_factory=list, max_length=50)]


class OrderInside(Answer):
    """An order that is in a parcel."""

    id: str
    number: int


class ShipmentBrief(Answer):
    """A parcel in a list: where it is, what was promised, how late and how silent it is.

    ``customs`` stands beside ``status``. ``promised_from`` to ``promised_until`` is what the buyer was told before
    paying, ``expected_on`` what the carrier says now. ``silence`` is ``stale``, ``no_further_scans_expected`` (the
    service is not scanned to the door) or null.
    """

    id: str
    number: str
    carrier: str
    service: str
    origin: str
    destination: str
    posted_on: date
    promised_from: date | None
    promised_until: date | None
    expected_on: date | None
    status: Status | None
    leg: OnLeg | None
    customs: CustomsState
    since: Moment | None
    last_event_at: Moment | None
    delivered_on: date | None
    is_open: bool
    late_days: int
    silent_days: int
    silence: Status | None
    flags: list[str]
    orders: list[OrderInside]


class ShipmentList(Answer):
    """A page of parcels, how many there are in the view, and in each."""

    results: list[ShipmentBrief]
    total: int
    page: int
    counts: dict[str, int]


class Scan(Answer):
    """One thing that a provider told: in our words (``status``, ``text``) and in its own (``raw``).

    ``at`` is null where no zone is known: then ``local`` is the wall clock. ``counted`` says what it did to the
    headline; ``first_received`` when it was told first.
    """

    status: Status
    text: str
    leg: OnLeg | None
    customs: CustomsState | None
    counted: str
    at: Moment | None
    local: str | None
    time_basis: str
    place: str | None
    country: str | None
    provider: str
    first_received: Moment
    raw: dict[str, Any]


class ShipmentOut(ShipmentBrief):
    """A parcel whole, with its history, oldest first; ``other_parcel`` counts what was told of another one's days."""

    text: str | None
    customs_reason: str | None
    scans: list[Scan]
    other_parcel: int


class LaneOut(Answer):
    """What parcels of a way took: days from posting to the door.

    ``judged`` are those of which it is known whether the promise was kept, ``kept`` those that kept it. ``is_enough``
    says that the delivery ranges of quotes rest on them.
    """

    origin: str
    destination: str
    service: str
    sent: int
    arrived: int
    judged: int
    kept: int
    shortest_days: int | None
    median_days: int | None
    longest_days: int | None
    promised_days: int | None
    is_enough: bool


class LaneList(Answer):
    """The lanes of a shop, the busiest first."""

    results: list[LaneOut]
