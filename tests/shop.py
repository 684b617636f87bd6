"""A shop for tests: its settings, its clock, and requests to begin from."""

from __future__ import annotations

import copy
import json
import tempfile
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import make_url
from werkzeug.serving import make_server

from shopkit.app import Shop, create_app
from shopkit.config import Settings
from shopkit.mail.sandbox import SandboxMail
from shopkit.services import listings
from shopkit.services.demo import make_demo
from shopkit.services.passwords import Passwords
from shopkit.services.posting import Postman
from tests.databases import content, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from shopkit.mail.port import Letter
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

ROOT: Final = Path(__file__).resolve().parent.parent
# Every destination that is covered: each has a folder of worked cases, and that is the whole list.
COVERED = frozenset(path.name.upper() for path in (ROOT / "tests/cases").glob("[a-z][a-z]"))
NOW: Final = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
# Where the sandbox for payments keeps what it knows.
_BOOK: Final = "sandbox-payments.sqlite"
SHIRTS: Final[dict[str, Any]] = json.loads((ROOT / "docs/examples/playera-mx-us.json").read_text("utf-8"))


def settings(folder: Path, **more: Any) -> Settings:
    """Return the settings of a shop that keeps all in the folder, counts nobody's requests and turns words around."""
    given: dict[str, Any] = {
        "data_dir": folder,
        "limit_default": "off",
        "limit_batch": "off",
        "engines": ("sandbox",),
    } | more
    return Settings(**given)


def open_shop(folder: Path, now: datetime = NOW, **more: Any) -> Shop:
    """Return the application with its database migrated, at a standing clock."""
    app = create_app(settings(folder, **more), now=lambda: now)
    app.config["TESTING"] = True
    make_cheap(app.extensions["shopkit"])
    migrate(app.extensions["shopkit"].database)
    return app


def open_demo(folder: Path, now: datetime = NOW, *, has_orders: bool = False, **more: Any) -> Shop:
    """Return the same with the shops of the demonstration in it, which may be entered."""
    lay_demo(folder, now, has_orders=has_orders)
    return open_shop(folder, now, **({"demo": True} | more))


def lay_demo(folder: Path, now: datetime = NOW, *, has_orders: bool = False) -> None:
    """Lay the database of a demonstration into a folder that has none; made once, then copied.

    Its orders are left out but where they are asked for: tests place their own.
    """
    file = make_url(settings(folder).database).database
    assert file is not None
    folder.mkdir(parents=True, exist_ok=True)
    database, book = _demo(now, has_orders)
    with Path(file).open("xb") as made:
        made.write(database)
    if has_orders:
        (folder / _BOOK).write_bytes(book)


@cache
def _demo(now: datetime, has_orders: bool) -> tuple[bytes, bytes]:  # noqa: FBT001  # the key of what is kept
    with tempfile.TemporaryDirectory() as folder:
        services: Services = open_shop(Path(folder), now).extensions["shopkit"]
        make_demo(services, has_orders=has_orders)
        book = Path(folder, _BOOK)
        return content(services.database), book.read_bytes() if has_orders else b""


@contextmanager
def without_size(services: Services, actor: Actor, key: str) -> Iterator[None]:
    """Take the size from a listing for a while: no freight that counts volume can be priced for it."""
    with services.database.reading() as session:
        row = listings.by_key(session, actor, key)
        assert row is not None
        listing_id = row.id
    found = listings.get_listing(services, actor, listing_id)
    bare = found.listing.model_copy(update={"dimensions": None})
    saved = listings.save_listing(services, actor, listing_id, bare, found.version)
    yield
    listings.save_listing(services, actor, listing_id, found.listing, saved.version)


def make_cheap(services: Services) -> None:
    """Give a shop a hasher that costs next to nothing, and mail that is kept in a list."""
    services.passwords = Passwords(memory_kib=8 * 4, rounds=1)
    services.postman = Postman(SandboxMail(), pauses_s=())


def letters(services: Services) -> list[Letter]:
    """Return every letter the shop has sent."""
    services.postman.drain()
    mail = services.postman.mail
    assert isinstance(mail, SandboxMail)
    return mail.sent


def shirts(**more: Any) -> dict[str, Any]:
    """Return the request of two cotton T-shirts from Mexico to California, with some fields replaced."""
    return copy.deepcopy(SHIRTS) | {"save": False} | more


def shirt(**more: Any) -> dict[str, Any]:
    """Return its one item, with some fields replaced."""
    item: dict[str, Any] = copy.deepcopy(SHIRTS["items"][0])
    return item | more


def timeless(body: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what differs each time: its id and when it was made."""
    return body | {"id": None, "created_at": None}


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Let an application listen on a port of this machine while its address is used."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
