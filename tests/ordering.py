"""A shop that sells: a listing with counted pieces, and orders placed by quotes of two shirts at a time."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money
from listings.model import Listing
from shopkit.models import Seller
from shopkit.orders import Event
from shopkit.services import listings, orders, quotes
from shopkit.services.actors import Actor
from tests.shop import NOW, shirts

if TYPE_CHECKING:
    from datetime import datetime

    from shopkit.orders import Kind
    from shopkit.services.context import Services

BUYER: Final = orders.Buyer(
    "Ana Pérez", "ana@buyer.example", {"line": "1 Main St", "city": "Los Angeles", "postal_code": "90012"}
)
DUE: Final = 7_663
_NUMBERS: Final = itertools.count(1)


def sell(services: Services, stock: int | None = 10, **more: Any) -> tuple[Actor, str]:
    """Make another seller with one listing of which so many pieces are left; return who acts, and the listing's id.

    ``more`` is what else the listing says.
    """
    seller_id = f"s_{next(_NUMBERS)}"
    seller = Seller(
        id=seller_id, slug=seller_id, created_at=NOW, name="Tienda", country="MX", currency="USD", profile={}
    )
    with services.database.writing.begin() as session:
        session.add(seller)
    actor = Actor(seller_id, "owner", None, "test")
    variant: dict[str, Any] = {"sku": "PLA-M", "stock": stock}
    given = {"key": "playera", "title": "Playera", "status": "active", "variants": (variant,)} | more
    return actor, listings.create_listing(services, actor, Listing.model_validate(given)).id


def left(services: Services, actor: Actor, listing_id: str) -> int | None:
    """Return how many pieces of the listing can be sold."""
    return listings.get_listing(services, actor, listing_id).listing.variants[0].stock


def priced(total: Money, market: str) -> Any:
    """Return what stands for a quote of two pieces that come to a total at the door, duties paid: no law is asked."""
    text = total.text
    sums = {"goods": text, "freight": "0", "insurance": "0", "landed": text}
    quote: dict[str, Any] = {
        "id": None,
        "currency": total.currency,
        "totals": sums,
        "charges": [],
        "assessment": {"outcome": "estimated"},
        "valid_until": "2099-12-31",
    }
    request = {"destination": {"country": market}, "terms": "DDP", "items": [{"quantity": "2"}]}
    return SimpleNamespace(stored=quote, request=request)


def order(
    services: Services,
    actor: Actor,
    listing_id: str,
    key: str = "k1",
    pay_until: datetime | None = None,
    found: Any = None,
    locale: str = "es-US",
) -> orders.Order:
    """Place an order of two shirts for 76.63 USD at the door."""
    if found is None:
        found = quotes.answer(services, shirts(), save=False)
    line = orders.Line(listing_id, "PLA-M", "T-shirt", 2, Money(2_500, "USD"))
    return orders.place(
        services,
        actor.seller_id,
        [line],
        BUYER,
        found.stored,
        found.request,
        key=key,
        locale=locale,
        pay_until=pay_until,
    )


def event(kind: Kind, name: str = "", minor: int | None = None, source: str = "provider:sandbox", **more: Any) -> Event:
    """Return an event of the day; amounts are US cents."""
    amount = None if minor is None else Money(minor, "USD")
    return Event(kind, more.pop("at", NOW), source, name or kind, amount, **more)


def paid(services: Services, order_id: str) -> None:
    """Let a provider say that an order was paid."""
    orders.add(services, order_id, event("payment_received", "pi_1:received", DUE, payment="pi_1"))
