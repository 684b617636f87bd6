"""Carts: what a browser put aside in a store, found again by a secret that only the browser holds.

A cart is no promise: it holds goods and pieces, no prices. What it comes to is asked anew each time it is shown.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from shopkit.models import CampaignLink, Cart
from shopkit.services.store_baskets import Line
from shopkit.services.tokens import hashed, new_token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from shopkit.services.context import Services
    from shopkit.services.stores import KeptStore

MOST_LINES: Final = 20
MOST_PIECES: Final = 20
# How long a cart that nobody touches is kept.
LIFE: Final = timedelta(days=30)
_MOST_WRITTEN: Final = 200


@dataclass(frozen=True, slots=True)
class KeptCart:
    """A cart; ``id`` names it in the shop, ``order_id`` is the order that became of it."""

    id: str
    lines: tuple[Line, ...]
    campaign_code: str | None
    order_id: str | None

    @property
    def key(self) -> str:
        """The name under which it is ordered once, however often the button is pressed."""
        return f"cart:{self.id}"


def find_cart(services: Services, store: KeptStore, token: str | None) -> KeptCart | None:
    """Return the cart that a browser holds, if it is of this store."""
    if not token:
        return None
    with services.database.reading() as session:
        row = session.get(Cart, hashed(token))
        return None if row is None or row.seller_id != store.seller_id else _kept(row)


def put(services: Services, store: KeptStore, market: str, token: str | None, line: Line, code: str | None) -> str:
    """Put pieces into the browser's cart, or a new one where there is none or it was ordered, and return its secret.

    More of the same is one line. ``code`` is the campaign link that brought the buyer, if it is one of this seller's.
    """
    now = services.now()
    with services.database.writing.begin() as session:
        row = None if not token else _locked(session, store, token)
        if row is None or row.order_id is not None or not token:
            session.execute(delete(Cart).where(Cart.touched_at < now - LIFE))
            token = new_token()
            row = Cart(id=hashed(token), seller_id=store.seller_id, created_at=now, lines=[], market=market)
            session.add(row)
        row.lines = _json(_added(_kept(row).lines, line))
        row.market, row.touched_at = market, now
        row.campaign_code = _own_link(session, store, code) or row.campaign_code
    return token


def change(services: Services, store: KeptStore, token: str | None, name: str, quantity: int) -> None:
    """Set how many pieces a line has; none takes it out. A line that is not there, or a cart, is let be."""

    def changed(lines: Sequence[Line]) -> Sequence[Line]:
        kept = (replace(one, quantity=min(quantity, MOST_PIECES)) if name_of(one) == name else one for one in lines)
        return [one for one in kept if one.quantity > 0]

    _rewrite(services, store, token, changed)


def ordered(services: Services, cart: KeptCart, order_id: str) -> None:
    """Write down what became of a cart."""
    with services.database.writing.begin() as session:
        row = session.get(Cart, cart.id, with_for_update=True)
        if row is not None:
            row.order_id = order_id


def name_of(line: Line) -> str:
    """Return by what a line is known in forms: the goods and what is written on them."""
    return hashed(json.dumps([line.listing_id, line.sku, dict(line.written)], sort_keys=True))[:16]


def written(given: Mapping[str, str], personalisation: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return what a buyer has put on a piece: what the listing offers, cut where it is longer than fits."""
    found = {}
    for index, one in enumerate(personalisation):
        text = " ".join(given.get(f"written-{index}", "").split())
        text = "".join(sign for sign in text if sign.isprintable())[: one["max_length"] or _MOST_WRITTEN]
        if text and (not one["choices"] or text in one["choices"]):
            found[str(one["name"])] = text
    return found


def _added(lines: Sequence[Line], line: Line) -> list[Line]:
    name = name_of(line)
    more = [replace(one, quantity=one.quantity + line.quantity) if name_of(one) == name else one for one in lines]
    if all(name_of(one) != name for one in lines):
        more.append(line)
    return [replace(one, quantity=min(one.quantity, MOST_PIECES)) for one in more][:MOST_LINES]


def _rewrite(
    services: Services, store: KeptStore, token: str | None, work: Callable[[Sequence[Line]], Sequence[Line]]
) -> None:
    with services.database.writing.begin() as session:
        row = None if not token else _locked(session, store, token)
        if row is not None and row.order_id is None:
            row.lines = _json(work(_kept(row).lines))
            row.touched_at = services.now()


def _locked(session: Session, store: KeptStore, token: str) -> Cart | None:
    query = select(Cart).where(Cart.id == hashed(token), Cart.seller_id == store.seller_id)
    return session.scalars(query.with_for_update()).one_or_none()


def _own_link(session: Session, store: KeptStore, code: str | None) -> str | None:
    row = None if code is None else session.get(CampaignLink, code)
    return None if row is None or row.seller_id != store.seller_id else row.code


def _kept(row: Cart) -> KeptCart:
    lines = tuple(Line(one["listing"], one["sku"], one["quantity"], one["written"]) for one in row.lines)
    return KeptCart(row.id, lines, row.campaign_code, row.order_id)


def _json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {"listing": one.listing_id, "sku": one.sku, "quantity": one.quantity, "written": dict(one.written)}
        for one in lines
    ]
