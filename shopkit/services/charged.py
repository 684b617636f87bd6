"""What buyers were charged at the door, beside what their quote said: noted by them, looked at by the seller.

A figure of a lane is of the seller's own parcels, of those alone that the seller counted, in the currency that most
were charged in, and from five on: it names nobody, and a single one moves its middle little.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select

from landed_cost.money import Money, to_minor
from shopkit.models import ParcelCharge, StoredShipment
from shopkit.services import attempts, photos, shipments
from shopkit.services.shipments import ShipmentNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.orders import Order
    from shopkit.services.shipments import Shipment

State = Literal["new", "counted", "left_out"]
# Below this a figure would be somebody's.
ENOUGH: Final = 5
_NOTED: Final = attempts.Limit("charge noted of", 10, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Charge:
    """What a buyer noted; ``state`` is ``new`` until the seller looked at it."""

    amount: Money
    noted_at: datetime
    state: str
    has_receipt: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """What the quotes of a buyer's orders said of the door.

    ``lines`` are charges: names by language, amount, and whether it was paid before. ``at_door`` is what was to be
    paid there, in between ``door_range`` where it was an estimate; ``None`` where the orders are in two currencies.
    """

    lines: tuple[tuple[dict[str, str], Money, bool], ...]
    at_door: Money | None
    door_range: tuple[Money, Money] | None

    def above(self, charged: Money) -> Money | None:
        """Return by how much more was charged than quoted at most, below zero by how much less than at least.

        ``None`` where the two are in different currencies.
        """
        if self.at_door is None or charged.currency != self.at_door.currency:
            return None
        low, high = self.door_range or (self.at_door, self.at_door)
        return Money(max(charged.minor - high.minor, 0) + min(charged.minor - low.minor, 0), charged.currency)


@dataclass(frozen=True, slots=True)
class Lane:
    """What was charged on a lane: so many parcels, the least, the middle and the most."""

    count: int
    low: Money
    middle: Money
    high: Money


def quoted(orders: Sequence[Order]) -> Quoted:
    """Return what the quotes of a buyer's orders in one parcel said of duties, taxes and fees."""
    lines: list[tuple[dict[str, str], Money, bool]] = []
    for order in orders:
        is_paid = order.terms == "DDP"
        for one in order.quote["charges"]:
            before = is_paid or one["payer"] != "buyer" or one["collected"] == "at_sale"
            amount = Money(to_minor(Decimal(one["amount"]), one["currency"]), one["currency"])
            lines.append((one["name"], amount, before))
    doors = [order.totals for order in orders]
    if len({one.at_door.currency for one in doors}) != 1:
        return Quoted(tuple(lines), None, None)
    total = Money(sum(one.at_door.minor for one in doors), doors[0].at_door.currency)
    if all(one.door_range is None for one in doors):
        return Quoted(tuple(lines), total, None)
    ends = [one.door_range or (one.at_door, one.at_door) for one in doors]
    low, high = (Money(sum(one[end].minor for one in ends), total.currency) for end in (0, 1))
    return Quoted(tuple(lines), total, (low, high))


def of_parcel(services: Services, shipment_id: str) -> Charge | None:
    """Return what the buyer of a parcel noted."""
    with services.database.reading() as session:
        row = session.get(ParcelCharge, shipment_id)
        return None if row is None else _charge(row)


def note(services: Services, shipment: Shipment, amount: Money, photo: bytes = b"") -> Charge:
    """Keep what a buyer was charged; noted again it takes the place of what was, and the seller looks at it anew.

    The photo is decoded, stripped of all but its pixels and written anew; without one, an earlier one stays. Raises
    ``PhotoError`` and ``TooManyError``.
    """
    attempts.count(services, _NOTED, shipment.id)
    receipt = photos.safe(photo) if photo else None
    with services.database.writing.begin() as session:
        parcel = session.get_one(StoredShipment, shipment.id, with_for_update=True)
        row = session.get(ParcelCharge, shipment.id)
        if row is None:
            row = ParcelCharge(shipment_id=parcel.id, seller_id=parcel.seller_id, receipt=None, has_receipt=False)
            session.add(row)
        row.minor, row.currency, row.noted_at, row.state = amount.minor, amount.currency, services.now(), "new"
        if receipt is not None:
            row.receipt, row.has_receipt = receipt, True
        session.flush()
        return _charge(row)


def judge(services: Services, actor: Actor, shipment_id: str, state: State) -> None:
    """Count what a buyer noted in the figures of its lane, or leave it out; ``ShipmentNotFoundError``."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        shipments.own(session, actor, shipment_id, lock=True)
        row = session.get(ParcelCharge, shipment_id)
        if row is None:
            raise ShipmentNotFoundError(shipment_id)
        row.state = state


def receipt(services: Services, actor: Actor, shipment_id: str) -> bytes:
    """Return the photo of a receipt to the seller of its parcel, and to nobody else; ``ShipmentNotFoundError``."""
    with services.database.reading() as session:
        shipments.own(session, actor, shipment_id)
        row = session.get(ParcelCharge, shipment_id)
        if row is None or row.receipt is None:
            raise ShipmentNotFoundError(shipment_id)
        return row.receipt


def lane(services: Services, shipment: Shipment) -> Lane | None:
    """Return what was charged on the lane of a parcel, where its seller counted enough of them."""
    query = (
        select(ParcelCharge.minor, ParcelCharge.currency)
        .join(StoredShipment, StoredShipment.id == ParcelCharge.shipment_id)
        .where(
            ParcelCharge.seller_id == shipment.seller_id,
            ParcelCharge.state == "counted",
            StoredShipment.origin == shipment.origin,
            StoredShipment.destination == shipment.destination,
            StoredShipment.service == shipment.service,
        )
    )
    with services.database.reading() as session:
        return summed(Money(minor, currency) for minor, currency in session.execute(query))


def summed(charges: Iterable[Money]) -> Lane | None:
    """Return least, middle and most of the currency that most were charged in, from five of it on.

    >>> summed([Money(minor, "USD") for minor in (900, 100, 300, 500)]) is None
    True
    >>> found = summed([Money(minor, "USD") for minor in (900, 100, 300, 500, 400, 200)] + [Money(1, "BRL")])
    >>> found.count, found.low.text, found.middle.text, found.high.text
    (6, '1.00', '3.00', '9.00')
    """
    by_currency: dict[str, list[int]] = defaultdict(list)
    for one in charges:
        by_currency[one.currency].append(one.minor)
    currency, found = max(by_currency.items(), key=lambda pair: (len(pair[1]), pair[0]), default=("", []))
    if len(found) < ENOUGH:
        return None
    found.sort()
    low, middle, high = (Money(minor, currency) for minor in (found[0], found[(len(found) - 1) // 2], found[-1]))
    return Lane(len(found), low, middle, high)


def _charge(row: ParcelCharge) -> Charge:
    return Charge(Money(row.minor, row.currency), row.noted_at, row.state, row.has_receipt)
