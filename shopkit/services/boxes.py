"""The boxes of a shop: listed, added, removed. What is another seller's is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from landed_cost.money import Money
from shopkit.models import Seller, StoredBox
from shopkit.packing import Box
from shopkit.services import audit
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from shopkit.packing.model import Sides
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

MOST_BOXES: Final = 30
MAX_NAME: Final = 120
# Three metres: what posts and couriers carry is shorter; and a ton.
MAX_MM: Final = 3_000
MAX_GRAMS: Final = 1_000_000
MAX_WALL_MM: Final = 100


class BoxNotFoundError(ListingNotFoundError):
    """There is no such box, or it is another seller's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class SaidBox:
    """A box as it is said: millimetres inside, grams; ``wall_mm`` and ``cost`` may stay unknown."""

    name: str
    inside: Sides
    own_grams: int
    bears_grams: int
    wall_mm: int | None = None
    cost: Money | None = None


@dataclass(frozen=True, slots=True)
class KeptBox:
    """A box of a shop; ``it`` is what is packed into."""

    it: Box
    cost: Money | None


def all_boxes(services: Services, actor: Actor) -> list[KeptBox]:
    """Return the seller's boxes, the smallest first."""
    query = select(StoredBox).where(StoredBox.seller_id == actor.seller_id).order_by(StoredBox.name)
    with services.database.reading() as session:
        found = [_kept(row) for row in session.scalars(query)]
    return sorted(found, key=lambda one: one.it.volume)


def add_box(services: Services, actor: Actor, said: SaidBox) -> KeptBox:
    """Keep a box; for editors. ``RequestError`` lists everything wrong with it."""
    actor.must("editor")
    problems = list(_wrong(said))
    if problems:
        raise RequestError(problems)
    now = services.now()
    length, width, height = said.inside
    row = StoredBox(
        id=new_id("bx", now),
        seller_id=actor.seller_id,
        name=said.name,
        length_mm=length,
        width_mm=width,
        height_mm=height,
        wall_mm=said.wall_mm,
        own_grams=said.own_grams,
        bears_grams=said.bears_grams,
        cost_minor=None if said.cost is None else said.cost.minor,
        cost_currency=None if said.cost is None else said.cost.currency,
        created_at=now,
    )
    try:
        with services.database.writing.begin() as session:
            # The row of the seller first: two who add at once are counted one after the other.
            session.scalars(select(Seller.id).where(Seller.id == actor.seller_id).with_for_update()).one()
            many = session.scalar(select(func.count()).where(StoredBox.seller_id == actor.seller_id))
            if many is not None and many >= MOST_BOXES:
                raise RequestError([RequestProblem("", "box.too_many", {"limit": str(MOST_BOXES)})])
            session.add(row)
            session.flush()
            audit.note(session, actor, now, "box.added", said.name)
            return _kept(row)
    except IntegrityError as error:
        raise RequestError([RequestProblem("/name", "box.taken", {"name": said.name})]) from error


def remove_box(services: Services, actor: Actor, box_id: str) -> None:
    """Forget a box; for editors. ``BoxNotFoundError``."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        query = delete(StoredBox).where(StoredBox.id == box_id, StoredBox.seller_id == actor.seller_id)
        name = session.scalars(query.returning(StoredBox.name)).one_or_none()
        if name is None:
            raise BoxNotFoundError(box_id)
        audit.note(session, actor, services.now(), "box.removed", name)


def find_box(services: Services, actor: Actor, name: str) -> KeptBox:
    """Return the seller's box of a name or an id; ``BoxNotFoundError``."""
    for one in all_boxes(services, actor):
        if name in {one.it.id, one.it.name}:
            return one
    raise BoxNotFoundError(name)


def _wrong(said: SaidBox) -> list[RequestProblem]:
    problems = []
    if not said.name.strip():
        problems.append(RequestProblem("/name", "required"))
    elif len(said.name) > MAX_NAME:
        problems.append(RequestProblem("/name", "text.too_long", {"limit": str(MAX_NAME)}))
    sides = dict(zip(("length", "width", "height"), said.inside, strict=True))
    numbers = [(f"/inside_mm/{name}", side, 1, MAX_MM) for name, side in sides.items()]
    numbers += [("/own_grams", said.own_grams, 1, MAX_GRAMS), ("/bears_grams", said.bears_grams, 1, MAX_GRAMS)]
    if said.wall_mm is not None:
        numbers.append(("/wall_mm", said.wall_mm, 1, MAX_WALL_MM))
    for where, number, least, most in numbers:
        if not least <= number <= most:
            problems.append(RequestProblem(where, "number.range", {"limit": f"{least} – {most:_}".replace("_", " ")}))
    return problems


def _kept(row: StoredBox) -> KeptBox:
    inside = (row.length_mm, row.width_mm, row.height_mm)
    cost = None if row.cost_minor is None or row.cost_currency is None else Money(row.cost_minor, row.cost_currency)
    return KeptBox(Box(row.id, row.name, inside, row.own_grams, row.bears_grams, row.wall_mm), cost)
