"""Parcels in the post, the orders that are in them, and what providers of tracking said of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shopkit.db import UtcDateTime
from shopkit.models.base import Base


class StoredShipment(Base):
    """One parcel. ``number`` is bare and in capitals; posts use one again, so the day of posting is part of its name.

    ``carrier`` is an id of ours (``post``, ``usps``, …) or the seller's own word; ``service`` that of the seller's rate
    card, else the channel that was quoted. ``promised_from`` to
    ``promised_until`` is what the buyer was told before paying, ``expected_on`` what a provider says now; both are
    days and never moments. ``status``, ``leg``, ``customs``, ``since``, ``last_event_at``, ``delivered_on``, ``flags``
    and ``is_open`` are what its events come to, written beside them so that parcels can be found by them.
    ``link`` counts up to make the links that are out useless.
    """

    __tablename__ = "shipment"
    __table_args__ = (
        UniqueConstraint("seller_id", "number", "posted_on"),
        Index("ix_shipment_of_seller", "seller_id", "is_open", "posted_on"),
        Index("ix_shipment_number", "number"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    number: Mapped[str] = mapped_column(String(40))
    carrier: Mapped[str] = mapped_column(String(40))
    service: Mapped[str] = mapped_column(String(64))
    origin: Mapped[str] = mapped_column(String(2))
    destination: Mapped[str] = mapped_column(String(2))
    postcode: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(16))
    posted_on: Mapped[date] = mapped_column(Date)
    promised_from: Mapped[date | None] = mapped_column(Date)
    promised_until: Mapped[date | None] = mapped_column(Date)
    expected_on: Mapped[date | None] = mapped_column(Date)
    status: Mapped[str | None] = mapped_column(String(32))
    leg: Mapped[str | None] = mapped_column(String(16))
    customs: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_event_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    flags: Mapped[list[str]] = mapped_column(JSON)
    is_open: Mapped[bool]
    link: Mapped[int] = mapped_column(Integer)


class ShipmentOrder(Base):
    """An order that is in a parcel, whole or in part: several may be in one, and one in several."""

    __tablename__ = "shipment_order"

    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True, index=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)


class ShipmentEvent(Base):
    """What a provider said of a parcel, as it came (``raw``, the fields of a ``RawEvent``): kept once, never changed.

    ``digest`` is of all that was said. What it means is read anew each time, so that better tables mend what is shown.
    """

    __tablename__ = "shipment_event"
    __table_args__ = (UniqueConstraint("shipment_id", "digest"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    shipment_id: Mapped[str] = mapped_column(ForeignKey("shipment.id"))
    seller_id: Mapped[str] = mapped_column(ForeignKey("seller.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raw: Mapped[dict[str, Any]] = mapped_column(JSON)
