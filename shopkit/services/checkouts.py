"""Checking out: what a basket comes to at an address, and the order that is placed of exactly that."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from landed_cost.money import Money, to_minor
from shopkit.models import StoredOrder
from shopkit.orders.totals import Totals, UnsettledError, totals
from shopkit.services import carts, orders
from shopkit.services.keeping import KeyConflictError, keep
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.quotes import Answer, answer
from shopkit.services.store_baskets import request_for
from shopkit.services.store_shelf import Shelf, locale_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shopkit.services.carts import KeptCart
    from shopkit.services.context import Services
    from shopkit.services.orders import Buyer, Order
    from shopkit.services.store_baskets import Line
    from shopkit.services.store_shelf import Product
    from shopkit.services.stores import KeptStore, Opening

Json = dict[str, Any]
# How long an order waits for a way to pay to be begun; a voucher that is issued has its own time.
PAY_WITHIN: Final = timedelta(hours=24)
_MARK: Final = 24


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a basket as it is shown; ``unit`` is missing where it is no longer for sale."""

    name: str
    line: Line
    product: Product | None
    title: str
    unit: Money | None

    @property
    def total(self) -> Money | None:
        """What all pieces cost."""
        return None if self.unit is None else Money(self.unit.minor * self.line.quantity, self.unit.currency)


@dataclass(frozen=True, slots=True)
class Basket:
    """A basket at an address: its rows, and what it comes to, or why nobody can say (``problems``)."""

    rows: tuple[Row, ...]
    answer: Answer | None
    totals: Totals | None
    problems: tuple[RequestProblem, ...]

    @property
    def can_be_ordered(self) -> bool:
        """Whether it has a price that the store stands by."""
        return self.totals is not None and not self.problems


def price_basket(
    services: Services,
    store: KeptStore,
    opening: Opening,
    language: str,
    lines: Sequence[Line],
    address: Mapping[str, str],
    *,
    is_kept: bool = False,
) -> Basket:
    """Return what lines come to at an address (``region``, ``postal_code``); ``is_kept``: the quote has an id."""
    with services.database.reading() as session:
        products = Shelf(services, session, store, opening, language).by_ids({one.listing_id for one in lines})
    rows = tuple(_row(one, products.get(one.listing_id)) for one in lines)
    gone = [RequestProblem(f"/lines/{index}", "store.gone") for index, one in enumerate(rows) if one.unit is None]
    if gone or not rows:
        return Basket(rows, None, None, tuple(gone))
    try:
        request = request_for(services, store, opening, lines, address)
        found = answer(services, request, save=is_kept, seller=store.seller_id)
    except RequestError as error:
        return Basket(rows, None, None, error.problems)
    try:
        asked = totals(found.request, found.stored)
    except UnsettledError as error:
        return Basket(rows, found, None, (RequestProblem("", error.code),))
    if not _is_taken(opening, found.stored):
        return Basket(rows, found, None, (RequestProblem("", "store.uncertain"),))
    return Basket(rows, found, asked, ())


def order_basket(
    services: Services,
    store: KeptStore,
    opening: Opening,
    language: str,
    cart: KeptCart,
    basket: Basket,
    buyer: Buyer,
) -> Order:
    """Place the order of a cart, once: whoever presses twice, or in two tabs, gets the first one.

    Raises ``RequestError`` where something is sold out meanwhile.
    """
    found = basket.answer
    assert found is not None  # noqa: S101  # only a basket with a price comes here
    lines = [
        orders.Line(one.line.listing_id, one.line.sku, one.title, one.line.quantity, one.unit)
        for one in basket.rows
        if one.unit is not None
    ]
    locale = locale_of(opening.market, language)
    until = services.now() + PAY_WITHIN
    keep(services, [found.row(store.seller_id)])
    try:
        order = orders.place(
            services,
            store.seller_id,
            lines,
            buyer,
            found.stored,
            found.request,
            key=cart.key,
            locale=locale,
            pay_until=until,
            campaign_code=cart.campaign_code,
        )
    except KeyConflictError:
        order = orders.see(services, ordered_as(services, store, cart.key))
    carts.ordered(services, cart, order.id)
    return order


def mark_of(services: Services, basket: Basket) -> str:
    """Return what a buyer agrees to by ordering: every figure that was told, and of which goods."""
    said = repr((basket.totals, [(one.name, one.line.quantity) for one in basket.rows]))
    key = services.settings.secret().encode()
    return hmac.new(key, f"agreed:{said}".encode(), hashlib.sha256).hexdigest()[:_MARK]


def ordered_as(services: Services, store: KeptStore, key: str) -> str:
    """Return the id of the order that was placed under a key; ``OrderNotFoundError``."""
    query = select(StoredOrder.id).where(StoredOrder.seller_id == store.seller_id, StoredOrder.key == key)
    with services.database.reading() as session:
        found = session.scalars(query).one_or_none()
    if found is None:
        raise orders.OrderNotFoundError(key)
    return found


def _row(line: Line, product: Product | None) -> Row:
    name = carts.name_of(line)
    variant = None if product is None else product.variant(line.sku)
    if product is None or variant is None or variant["sku"] != line.sku:
        return Row(name, line, None, "", None)
    options = " · ".join(variant["options"].values())
    on_it = "; ".join(f"{label}: {text}" for label, text in line.written.items())
    title = " · ".join(part for part in (product.document["title"], options, on_it) if part)
    if variant["price"] is None:
        return Row(name, line, product, title, None)
    currency = product.document["currency"]
    return Row(name, line, product, title, Money(to_minor(Decimal(variant["price"]), currency), currency))


def _is_taken(opening: Opening, quote: Json) -> bool:
    """Return whether the store stands by a figure, as its seller chose; what is paid at the door it need not."""
    if opening.terms == "DAP" or quote["assessment"]["outcome"] == "complete" or opening.estimates == "likely":
        return True
    spread = quote["range"].get("import_charges")
    return opening.estimates == "settled" and (spread is None or spread["low"] == spread["high"])
