"""Pieces that are set aside for orders: out of what can be sold from the moment of placing, and back when it ends.

Each move is an entry in the history of its listing, so that an editor who has the listing open meanwhile is told,
instead of writing the old count over the new one. Listings are locked in the order of their ids, wherever they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from listings.changes import Change
from shopkit.models import ListingChange, StockHold, StoredListing, StoredVariant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

VIA: Final = "order"


class SoldOutError(Exception):
    """There are not as many pieces left as are asked for; ``left`` says how many, by SKU."""

    def __init__(self, left: Mapping[str, int]) -> None:
        self.left = dict(left)
        super().__init__(", ".join(f"{sku}: {count}" for sku, count in self.left.items()))


def hold(session: Session, now: datetime, holds: Sequence[StockHold]) -> None:
    """Take the pieces of new holds out of what can be sold; ``SoldOutError`` before anything is written."""
    _move(session, now, [(one, -one.quantity) for one in holds])
    for one in holds:
        one.state = "held"
    session.add_all(holds)


def take_again(session: Session, now: datetime, order_id: str) -> None:
    """Set aside again what was released, for an order that goes on after all; ``SoldOutError``."""
    holds = _of(session, order_id, "released")
    _move(session, now, [(one, -one.quantity) for one in holds])
    for one in holds:
        one.state = "held"


def release(session: Session, now: datetime, order_id: str) -> None:
    """Give back what is set aside for an order."""
    holds = _of(session, order_id, "held")
    _move(session, now, [(one, one.quantity) for one in holds if one.is_counted])
    for one in holds:
        one.state = "released"


def release_some(session: Session, now: datetime, order_id: str, pieces: Mapping[int, int]) -> None:
    """Give back pieces of lines that will not be sent."""
    moved = []
    for one in _of(session, order_id, "held"):
        many = min(pieces.get(one.position, 0), one.quantity)
        if many:
            one.quantity -= many
            moved.append((one, many if one.is_counted else 0))
    _move(session, now, moved)


def send(session: Session, order_id: str) -> None:
    """Note that what was set aside has left."""
    for one in _of(session, order_id, "held"):
        one.state = "sent"


def _of(session: Session, order_id: str, state: str) -> Sequence[StockHold]:
    query = select(StockHold).where(StockHold.order_id == order_id, StockHold.state == state)
    return session.scalars(query.order_by(StockHold.position)).all()


def _move(session: Session, now: datetime, moves: Iterable[tuple[StockHold, int]]) -> None:
    """Change what can be sold by so many pieces each, all or none."""
    wanted = [(one, by) for one, by in moves if by]
    if not wanted:
        return
    rows = _listings(session, {one.listing_id for one, _ in wanted})
    counts = _counts(session, wanted[0][0].seller_id, {one.sku for one, _ in wanted})
    asked: dict[str, int] = {}
    for one, by in wanted:
        one.is_counted = counts.get(one.sku) is not None
        asked[one.sku] = asked.get(one.sku, 0) + by
    short = {}
    for sku, by in asked.items():
        left = counts.get(sku)
        if by < 0 and left is not None and left < -by:
            short[sku] = max(0, left)
    if short:
        raise SoldOutError(short)
    changes: dict[str, list[Change]] = {}
    for sku, by in asked.items():
        left = counts.get(sku)
        if left is None:
            # Not counted, or not sold any more: there is nothing to give back to.
            continue
        one = next(one for one, _ in wanted if one.sku == sku)
        mine = (StoredVariant.seller_id == one.seller_id, StoredVariant.sku == sku)
        session.execute(update(StoredVariant).where(*mine).values(stock=left + by))
        changes.setdefault(one.listing_id, []).append(Change(("variants", sku, "stock"), left, left + by))
    for listing_id, found in changes.items():
        row = rows.get(listing_id)
        if row is not None:
            _remember(session, now, row, found)


def _listings(session: Session, ids: Iterable[str]) -> dict[str, StoredListing]:
    query = select(StoredListing).where(StoredListing.id.in_(ids)).order_by(StoredListing.id)
    return {row.id: row for row in session.scalars(query.with_for_update())}


def _counts(session: Session, seller_id: str, skus: Iterable[str]) -> dict[str, int | None]:
    query = select(StoredVariant.sku, StoredVariant.stock).where(
        StoredVariant.seller_id == seller_id, StoredVariant.sku.in_(skus)
    )
    return {row.sku: row.stock for row in session.execute(query.with_for_update())}


def _remember(session: Session, now: datetime, row: StoredListing, changes: Sequence[Change]) -> None:
    row.version += 1
    session.add(
        ListingChange(
            seller_id=row.seller_id,
            listing_id=row.id,
            version=row.version,
            at=now,
            user_id=None,
            via=VIA,
            changes=[one.to_dict() for one in changes],
        )
    )
