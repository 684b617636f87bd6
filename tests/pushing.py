"""Sellers with catalogs that were made and accounts at channels, and a clock that is turned on."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from cryptography.fernet import Fernet

from listings.channels.ebay import Ebay
from listings.channels.mercadolibre import MercadoLibre
from listings.channels.port import Feed
from shopkit.models import CatalogFeed, CatalogListing, Seller
from shopkit.services import channel_accounts
from shopkit.services.actors import Actor
from shopkit.services.context import Services, open_services
from tests import postgres
from tests.contracts.channels import ON
from tests.databases import migrate
from tests.shop import NOW, settings
from tests.unit.listings.test_calls import record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY: Final = Fernet.generate_key().decode()
TOKEN: Final = "APP_USR-123-secret"
MX: Final = Feed("MX", "es", "MXN", "jsonl", ON, settings={"listing_type_id": "gold_special"})
_NUMBERS = count(1)


class Clock:
    """A clock that a test turns on."""

    now = NOW

    def __call__(self) -> Any:
        """Return the moment."""
        return self.now


@contextlib.contextmanager
def open_shop(folder: Path, server: Path | None) -> Iterator[Services]:
    """Yield the services of a shop without a seller, in SQLite or in a database of a PostgreSQL."""
    with contextlib.ExitStack() as stack:
        more: dict[str, Any] = {"database_url": f"sqlite:///{folder / 'shop.sqlite'}"}
        if server is not None:
            more["database_url"] = stack.enter_context(postgres.database(server))
        found = open_services(settings(folder, secret_keys=(KEY,), **more), now=Clock())
        stack.callback(found.database.dispose)
        migrate(found.database)
        yield found


def later(services: Services, **by: float) -> None:
    """Turn the clock on."""
    services.now.now += timedelta(**by)  # type: ignore[attr-defined]  # the clock above


def seller(services: Services) -> Actor:
    """Return the owner of a new shop."""
    id_ = f"s_{next(_NUMBERS)}"
    with services.database.writing.begin() as session:
        session.add(Seller(id=id_, created_at=NOW, name="Taller", country="MX", currency="MXN"))
    return Actor(id_, "owner", "u_ana")


def catalog(services: Services, actor: Actor, *skus: str, channel: str = "mercadolibre") -> str:
    """Keep a catalog that was made of shirts, and return its id."""
    id_ = f"cf_{next(_NUMBERS)}"
    with services.database.writing.begin() as session:
        feed = CatalogFeed(
            id=id_,
            seller_id=actor.seller_id,
            created_at=NOW,
            channel=channel,
            market="MX" if channel == "mercadolibre" else "US",
            language="es",
            kind="jsonl",
            settings={"link": ""},
            version=1,
            serial=0,
            is_open=False,
            is_dirty=False,
            run_id="cr_1",
        )
        session.add(feed)
        session.flush()
        for sku in skus:
            session.add(listing(actor, id_, channel, sku))
    return id_


def listing(actor: Actor, feed_id: str, channel: str, sku: str) -> CatalogListing:
    """Return what a listing of one row comes to."""
    said = record(MercadoLibre(), MX) if channel == "mercadolibre" else record(Ebay())
    if "offer" in said:
        said = {**said, "offer": {**said["offer"], "sku": sku}}
    return CatalogListing(
        feed_id=feed_id,
        listing_id=f"l_{sku}",
        seller_id=actor.seller_id,
        digest="",
        valid_until=NOW.date() + timedelta(days=3),
        ready=1,
        left_out=0,
        key=sku,
        rows=[{**said, "sku": sku}],
        findings=[],
    )


def change(services: Services, feed_id: str, sku: str, part: str, **more: Any) -> None:
    """Change a part of a row of a catalog."""
    with services.database.writing.begin() as session:
        found = session.get_one(CatalogListing, (feed_id, f"l_{sku}"))
        found.rows = [{**found.rows[0], part: {**found.rows[0][part], **more}}]


def connect(services: Services, actor: Actor, channel: str = "mercadolibre", **more: Any) -> str:
    """Connect an account and return its id."""
    return channel_accounts.connect(services, actor, channel, "Taller MX", TOKEN, **more).id
