"""The parcels of a seller: found by what is wrong with them, and what was promised beside what it took, by lane."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import String, cast, func, or_, select

from landed_cost.delivery.observed import ENOUGH
from shopkit.late import Late
from shopkit.models import Seller, ShipmentOrder, StoredOrder, StoredShipment
from shopkit.services.shipments import orders_in, told
from shopkit.tracking import s10
from shopkit.tracking.silence import Silence, shortest_days, silence
from shopkit.tracking.statuses import Leg, Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from shopkit.services import feeds
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.shipments import Shipment

else:
    feeds = Late("shopkit.services.feeds")

View = Literal["held", "late", "silent", "returned", "troubled", "on_the_way", "delivered", "all"]
VIEWS: Final[tuple[View, ...]] = (
    "held", "late", "silent", "returned", "troubled", "on_the_way", "delivered", "all",
)  # fmt: skip
PAGE: Final = 50
# Databases take so many names in one question; who has more silent parcels works on these first.
_MOST: Final = 10_000
_HELD: Final = (Status.HELD_CUSTOMS_EXPORT, Status.HELD_CUSTOMS_IMPORT, Status.ON_HOLD)
_WITH_CUSTOMS: Final = frozenset(
    {
        Status.IN_CUSTOMS_EXPORT,
        Status.HELD_CUSTOMS_EXPORT,
        Status.IN_CUSTOMS_IMPORT,
        Status.HELD_CUSTOMS_IMPORT,
    }
)
_ASKED: Final = ("held", "payment_due")
_TROUBLE: Final = (
    Status.DELIVERY_FAILED,
    Status.LOST,
    Status.DESTROYED,
    Status.IMPORT_TERMINATED,
    Status.CANCELLED,
)
_BACK: Final = (Status.RETURN_TO_SENDER, Status.RETURNED)


@dataclass(frozen=True, slots=True)
class Row:
    """A parcel as it stands in a list: the numbers of its orders by their ids, days past the promise, and its silence.

    ``late_days`` is 0 for one that is in time, that arrived, or of which nothing was promised. ``followed`` is the
    label of who is asked about it (``services/feeds.py``): ``nobody``, ``check_number``, ``on_the_way``, …
    """

    shipment: Shipment
    numbers: tuple[tuple[str, int], ...]
    late_days: int
    silence: Silence
    followed: str

    @property
    def tells_of_customs(self) -> bool:
        """Return whether how it stands with customs is something that the status does not say already."""
        one = self.shipment
        if one.customs in {"held", "presented"}:
            return one.status not in _WITH_CUSTOMS
        return one.customs not in {"none", "released"}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of parcels, and how many there are in all and in each view."""

    rows: tuple[Row, ...]
    total: int
    counts: dict[View, int]


@dataclass(frozen=True, slots=True)
class Lane:
    """What parcels of one way took; days are calendar days from posting to the door.

    ``judged`` are those of which it is known whether they kept the promise: arrived with one, or past its last day;
    ``kept`` those that arrived by it. ``days`` are the shortest, the median and the longest, ``promised_days`` the
    median of the last days that were promised; ``None`` where there are none. Below ``ENOUGH`` arrivals quotes do not
    rest on them (``is_enough``).
    """

    origin: str
    destination: str
    service: str
    sent: int
    arrived: int
    judged: int
    kept: int
    days: tuple[int, int, int] | None
    promised_days: int | None

    @property
    def is_enough(self) -> bool:
        """Return whether the delivery ranges of quotes rest on these parcels."""
        return self.arrived >= ENOUGH and bool(self.service)


def find(
    services: Services, actor: Actor, *, view: View = "all", text: str = "", page: int = 1, size: int = PAGE
) -> Found:
    """Return the seller's parcels of a view; what waits the longest first where something is wrong, else the newest.

    ``text`` is a parcel's number as people type it, or that of an order.
    """
    today = _today(services, actor)
    mine = StoredShipment.seller_id == actor.seller_id
    with services.database.reading() as session:
        quiet = _silent(session, mine, today)
        counts = {one: len(quiet) if one == "silent" else _count(session, mine, *_where(one, today)) for one in VIEWS}
        named = [mine, *_named(text)]
        if view == "silent":
            named.append(StoredShipment.id.in_(quiet[:_MOST]))
        chosen = [*named, *_where(view, today)]
        oldest = view in {"held", "late", "silent"}
        order = StoredShipment.posted_on.asc() if oldest else StoredShipment.posted_on.desc()
        query = select(StoredShipment).where(*chosen).order_by(order, StoredShipment.id)
        rows = session.scalars(query.offset((page - 1) * size).limit(size)).all()
        return Found(_rows(session, rows, today), _count(session, *chosen), counts)


def called(services: Services, actor: Actor, name: str) -> list[Shipment]:
    """Return the seller's parcels of an id, or of a number as people type it, the newest first: numbers come again."""
    asked = or_(StoredShipment.id == name, StoredShipment.number == s10.compact(name))
    query = select(StoredShipment).where(StoredShipment.seller_id == actor.seller_id, asked)
    with services.database.reading() as session:
        rows = session.scalars(query.order_by(StoredShipment.posted_on.desc(), StoredShipment.id)).all()
        inside = orders_in(session, [row.id for row in rows])
        return [told(row, inside[row.id]) for row in rows]


def one(services: Services, actor: Actor, shipment: Shipment) -> Row:
    """Return a parcel of the seller's, read before, as it stands in a list."""
    with services.database.reading() as session:
        row = session.get_one(StoredShipment, shipment.id)
        return _rows(session, [row], _today(services, actor))[0]


def lanes(services: Services, actor: Actor, since: date | None = None) -> list[Lane]:
    """Return what the seller's parcels took by lane and service, of those posted since a day; the busiest first."""
    today = _today(services, actor)
    query = select(
        StoredShipment.origin,
        StoredShipment.destination,
        StoredShipment.service,
        StoredShipment.posted_on,
        StoredShipment.promised_until,
        StoredShipment.delivered_on,
    ).where(StoredShipment.seller_id == actor.seller_id, StoredShipment.origin != "")
    if since is not None:
        query = query.where(StoredShipment.posted_on >= since)
    found: dict[tuple[str, str, str], list[tuple[date, date | None, date | None]]] = {}
    with services.database.reading() as session:
        for origin, destination, service, posted, promised, delivered in session.execute(query):
            found.setdefault((origin, destination, service), []).append((posted, promised, delivered))
    lanes_ = [_lane(way, parcels, today) for way, parcels in found.items()]
    return sorted(lanes_, key=lambda lane: (-lane.sent, lane.origin, lane.destination, lane.service))


def _lane(way: tuple[str, str, str], parcels: Sequence[tuple[date, date | None, date | None]], today: date) -> Lane:
    took = sorted((delivered - posted).days for posted, _, delivered in parcels if delivered is not None)
    promised = [(until - posted).days for posted, until, _ in parcels if until is not None]
    judged = [
        delivered is not None and delivered <= until
        for _, until, delivered in parcels
        if until is not None and (delivered is not None or until < today)
    ]
    return Lane(
        *way,
        sent=len(parcels),
        arrived=len(took),
        judged=len(judged),
        kept=sum(judged),
        days=(took[0], median_low(took), took[-1]) if took else None,
        promised_days=median_low(promised) if promised else None,
    )


def _today(services: Services, actor: Actor) -> date:
    with services.database.reading() as session:
        return services.today(session.get_one(Seller, actor.seller_id).country)


def _count(session: Session, *chosen: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(StoredShipment).where(*chosen)) or 0


def _where(view: View, today: date) -> list[ColumnElement[bool]]:
    """Return what is asked of the columns that say how a parcel stands; silence is asked of each by itself."""
    is_open, status = StoredShipment.is_open.is_(True), StoredShipment.status
    here = or_(StoredShipment.leg.is_(None), StoredShipment.leg != Leg.RETURN.value)
    asked: dict[View, list[ColumnElement[bool]]] = {
        "held": [is_open, or_(status.in_(_HELD), StoredShipment.customs.in_(_ASKED))],
        "late": [is_open, here, StoredShipment.promised_until < today],
        "returned": [status.in_(_BACK)],
        "troubled": [or_(status.in_(_TROUBLE), cast(StoredShipment.flags, String) != "[]")],
        "on_the_way": [is_open],
        "delivered": [status == Status.DELIVERED.value],
    }
    return asked.get(view, [])


def _silent(session: Session, mine: ColumnElement[bool], today: date) -> list[str]:
    """Return the parcels of which nothing was heard for too long; those whose service says no more are none of them."""
    query = select(StoredShipment).where(mine, StoredShipment.is_open.is_(True))
    late = [
        row
        for row in session.scalars(query.order_by(StoredShipment.posted_on))
        if (today - row.posted_on).days >= shortest_days()
    ]
    found = [row for row in late if _silence(row, today).label is Status.STALE]
    unasked = {one for one, label in feeds.labels(session, _ids(found)).items() if label == feeds.NOBODY}
    # Of a parcel that nobody is asked about nothing can be heard.
    return [row.id for row in found if row.status is not None or row.id not in unasked]


def _ids(rows: Sequence[StoredShipment]) -> list[str]:
    return [row.id for row in rows][:_MOST]


def _silence(row: StoredShipment, today: date) -> Silence:
    status = None if row.status is None else Status(row.status)
    leg = None if row.leg is None else Leg(row.leg)
    heard = None if row.last_event_at is None else row.last_event_at.date()
    return silence(row.number, status, leg, heard, row.posted_on, today)


def _named(text: str) -> list[ColumnElement[bool]]:
    if not text.strip():
        return []
    number = text.strip().removeprefix("#")
    asked = [StoredShipment.number == s10.compact(text)]
    if number.isascii() and number.isdigit() and len(number) <= 9:  # noqa: PLR2004 - more is no number of an order
        of = (
            select(ShipmentOrder.shipment_id)
            .join(StoredOrder, StoredOrder.id == ShipmentOrder.order_id)
            .where(StoredOrder.number == int(number))
        )
        asked.append(StoredShipment.id.in_(of))
    return [or_(*asked)]


def _rows(session: Session, rows: Sequence[StoredShipment], today: date) -> tuple[Row, ...]:
    inside = orders_in(session, [row.id for row in rows])
    followed = feeds.labels(session, [row.id for row in rows])
    wanted = {order_id for ids in inside.values() for order_id in ids}
    query = select(StoredOrder.id, StoredOrder.number).where(StoredOrder.id.in_(wanted))
    numbers = {row.id: row.number for row in session.execute(query)}
    return tuple(
        Row(
            told(row, inside[row.id]),
            tuple((order_id, numbers[order_id]) for order_id in inside[row.id]),
            _late(row, today),
            _silence(row, today),
            followed[row.id],
        )
        for row in rows
    )


def _late(row: StoredShipment, today: date) -> int:
    if not row.is_open or row.promised_until is None or row.leg == Leg.RETURN.value:
        return 0
    return max(0, (today - row.promised_until).days)
