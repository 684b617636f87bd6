"""Ranges of S10 numbers that a seller's post gave: noted, and handed out one by one, each number once and for good.

The row of the shop is locked until a number is written, and a table of all that was handed out refuses any a second
time: two processes at once get two numbers, on either database. What a cancelled order had is not given again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from landed_cost.countries import is_country
from shopkit.models import HandedNumber, NumberRange, Seller
from shopkit.orders import fold
from shopkit.services import audit, orders
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id
from shopkit.tracking import s10

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Json = dict[str, Any]
WARN_BELOW: Final = 50
"""How many numbers have to be left without a warning, unless the seller says otherwise."""

_OLDEST: Final = (NumberRange.noted_at, NumberRange.first_serial, NumberRange.id)
_MOST_WARN: Final = 1_000_000
# RB 00000000-00001000 GT, or two whole numbers of the range.
_SERIALS: Final = re.compile(r"([A-Z]{2})(\d{8})(?:-|TO|A)(\d{8})([A-Z]{2})")
_NUMBERS: Final = re.compile(r"([A-Z]{2}\d{9}[A-Z]{2})(?:-|TO|A)([A-Z]{2}\d{9}[A-Z]{2})")


class RangeNotFoundError(LookupError):
    """There is no such range, or it is another seller's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class Range:
    """A range as it stands: how many numbers it had, were handed out and are left; ``is_low`` asks for another."""

    id: str
    indicator: str
    issuer: str
    first: int
    last: int
    handed: int
    left: int
    warn_below: int
    noted_at: datetime
    is_closed: bool

    @property
    def is_low(self) -> bool:
        """Whether few are left, of a range that is used."""
        return not self.is_closed and self.left < self.warn_below

    @property
    def text(self) -> str:
        """The range as a seller writes it."""
        return f"{self.indicator} {self.first:08}-{self.last:08} {self.issuer}"


@dataclass(frozen=True, slots=True)
class Handed:
    """A number that was handed out, and how its range stands."""

    number: str
    range: Range


def read(text: str) -> tuple[str, str, int, int]:
    """Return indicator, issuer, first and last serial of a range as it was typed; ``RequestError``.

    >>> read("RB 00000000-00001000 GT")
    ('RB', 'GT', 0, 1000)
    >>> read("rb 123 456 785 gb – rb 123 456 799 gb")
    ('RB', 'GB', 12345678, 12345679)
    """
    bare = re.sub(r"[\s.]", "", text).upper().replace("–", "-").replace("—", "-")
    if found := _SERIALS.fullmatch(bare):
        indicator, first, last, issuer = found.groups()
    elif found := _NUMBERS.fullmatch(bare):
        ends = found.groups()
        if not all(map(s10.is_valid, ends)):
            raise RequestError([RequestProblem("/range", "s10.digit")])
        one, other = map(s10.parse, ends)
        if (one.indicator, one.issuer) != (other.indicator, other.issuer):
            raise RequestError([RequestProblem("/range", "s10.range")])
        indicator, issuer, first, last = one.indicator, one.issuer, one.serial, other.serial
    else:
        raise RequestError([RequestProblem("/range", "s10.range")])
    if not is_country(issuer):
        raise RequestError([RequestProblem("/range", "country.unknown", {"value": issuer})])
    if int(first) > int(last):
        raise RequestError([RequestProblem("/range", "s10.range")])
    return indicator, issuer, int(first), int(last)


def note(services: Services, actor: Actor, text: str, *, warn_below: int = WARN_BELOW, used: int = 0) -> Range:
    """Note a range that the post gave; ``used`` of it were stuck on parcels before.

    ``RequestError`` for what is no range, or overlaps one that is noted, closed ones among them: a number of it may be
    on a parcel.
    """
    actor.must("editor")
    indicator, issuer, first, last = read(text)
    problems = []
    if not 0 <= used <= last - first + 1:
        problems.append(RequestProblem("/used", "number.range", {"limit": f"0-{last - first + 1}"}))
    if not 0 <= warn_below <= _MOST_WARN:
        problems.append(RequestProblem("/warn_below", "number.range", {"limit": f"0-{_MOST_WARN}"}))
    if problems:
        raise RequestError(problems)
    now = services.now()
    with services.database.writing.begin() as session:
        _alone(session, actor)
        over = session.scalar(
            select(NumberRange).where(
                NumberRange.seller_id == actor.seller_id,
                NumberRange.indicator == indicator,
                NumberRange.issuer == issuer,
                NumberRange.first_serial <= last,
                NumberRange.last_serial >= first,
            )
        )
        if over is not None:
            raise RequestError([RequestProblem("/range", "s10.overlaps", {"range": _range(over).text})])
        row = NumberRange(
            id=new_id("n", now),
            seller_id=actor.seller_id,
            indicator=indicator,
            issuer=issuer,
            first_serial=first,
            last_serial=last,
            next_serial=first + used,
            warn_below=warn_below,
            noted_at=now,
            closed_at=None,
        )
        session.add(row)
        audit.note(session, actor, now, "s10.noted", row.id, range=_range(row).text)
    return _range(row)


def ranges(services: Services, actor: Actor) -> tuple[Range, ...]:
    """Return the seller's ranges, the oldest first."""
    query = select(NumberRange).where(NumberRange.seller_id == actor.seller_id).order_by(*_OLDEST)
    with services.database.reading() as session:
        return tuple(map(_range, session.scalars(query)))


def close(services: Services, actor: Actor, range_id: str) -> Range:
    """Hand out nothing more of a range; its numbers stay used. ``RangeNotFoundError``."""
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        query = select(NumberRange).where(NumberRange.id == range_id, NumberRange.seller_id == actor.seller_id)
        row = session.scalars(query.with_for_update()).one_or_none()
        if row is None:
            raise RangeNotFoundError(range_id)
        if row.closed_at is None:
            row.closed_at = now
            audit.note(session, actor, now, "s10.closed", row.id)
    return _range(row)


def hand_out(
    services: Services, actor: Actor, order_id: str, indicator: str | None = None, *, another: bool = False
) -> Handed:
    """Return the number of an order: that which it has, else the next of the oldest range that has one.

    ``indicator`` says of which service (``RB``, ``CP``, ``EE``), where there are ranges of several. An order that has a
    number of one service is given one of another only where that is said (``another``). ``RequestError`` else, where no
    range has a number left, or for an order that ended or was sent and needs none; ``OrderNotFoundError``.
    """
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        _alone(session, actor)
        order = orders.own(session, actor, order_id, lock=True)
        earlier = _of_order(session, order.id, indicator)
        if earlier is not None:
            return Handed(earlier.number, _range(session.get_one(NumberRange, earlier.range_id)))
        state = fold(orders.events_of(session, order.id))
        if state.closed is not None or state.is_sent:
            # A number is given once and for ever: none is spent on what is not posted any more.
            raise RequestError([RequestProblem("", "s10.not_needed")])
        other = None if another else _of_order(session, order.id, None)
        if other is not None:
            # Without an indicator the order's own number was returned above.
            params = {"number": other.number, "indicator": str(indicator)}
            raise RequestError([RequestProblem("/indicator", "s10.has_one", params)])
        row = _next(session, actor, indicator)
        if row is None:
            code = "s10.none_left" if _any(session, actor, indicator) else "s10.no_range"
            raise RequestError([RequestProblem("/indicator", code, {"indicator": indicator or "S10"})])
        serial = f"{row.next_serial:08}"
        number = f"{row.indicator}{serial}{s10.check_digit(serial)}{row.issuer}"
        row.next_serial += 1
        session.add(
            HandedNumber(seller_id=actor.seller_id, range_id=row.id, number=number, order_id=order.id, handed_at=now)
        )
        audit.note(session, actor, now, "s10.handed", order.id, number=number)
    return Handed(number, _range(row))


def of_order(services: Services, order_id: str) -> str:
    """Return the number that was handed out for an order last, empty without one."""
    with services.database.reading() as session:
        found = _of_order(session, order_id, None)
    return "" if found is None else found.number


def told(one: Range) -> Json:
    """Return a range as JSON for programs."""
    return {
        "id": one.id,
        "range": one.text,
        "indicator": one.indicator,
        "issuer": one.issuer,
        "first": f"{one.first:08}",
        "last": f"{one.last:08}",
        "handed": one.handed,
        "left": one.left,
        "warn_below": one.warn_below,
        "is_low": one.is_low,
        "is_closed": one.is_closed,
    }


def _of_order(session: Session, order_id: str, indicator: str | None) -> HandedNumber | None:
    query = select(HandedNumber).where(HandedNumber.order_id == order_id)
    if indicator is not None:
        query = query.where(HandedNumber.number.startswith(indicator))
    return session.scalars(query.order_by(HandedNumber.id.desc()).limit(1)).first()


def _usable(actor: Actor, indicator: str | None) -> list[Any]:
    found: list[Any] = [NumberRange.seller_id == actor.seller_id, NumberRange.closed_at.is_(None)]
    if indicator is not None:
        found.append(NumberRange.indicator == indicator)
    return found


def _next(session: Session, actor: Actor, indicator: str | None) -> NumberRange | None:
    """Return the oldest range with a number left; the shop is locked."""
    query = select(NumberRange).where(*_usable(actor, indicator), NumberRange.next_serial <= NumberRange.last_serial)
    query = query.order_by(*_OLDEST).limit(1)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def _any(session: Session, actor: Actor, indicator: str | None) -> bool:
    return session.scalar(select(NumberRange.id).where(*_usable(actor, indicator)).limit(1)) is not None


def _alone(session: Session, actor: Actor) -> None:
    """Wait until nobody else of the shop notes a range or takes a number; SQLite lets one write at a time anyway."""
    session.execute(select(Seller.id).where(Seller.id == actor.seller_id).with_for_update())


def _range(row: NumberRange) -> Range:
    return Range(
        row.id,
        row.indicator,
        row.issuer,
        row.first_serial,
        row.last_serial,
        row.next_serial - row.first_serial,
        row.last_serial + 1 - row.next_serial,
        row.warn_below,
        row.noted_at,
        row.closed_at is not None,
    )
