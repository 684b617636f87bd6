"""A shop with its own database, a clock that stands still, and quotes made by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from shopkit.app import create_app, services_of
from shopkit.config import Settings
from shopkit.services.keeping import keep
from tests.databases import migrate
from tests.shop import make_cheap
from tests.unit.web import samples

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from shopkit.app import Shop

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)


def open_shop(folder: Path, public_url: str = "") -> Shop:
    """Return a migrated shop in the folder, with every sample kept in it."""
    settings = Settings(data_dir=folder, limit_default="off", limit_batch="off", public_url=public_url)
    app = create_app(settings, now=lambda: NOW)
    services = services_of(app)
    make_cheap(services)
    migrate(services.database)
    keep(services, [_row(stored) for stored in samples.ALL])
    return app


def _row(stored: samples.Json) -> samples.Json:
    versions = stored["versions"]
    return {
        "id": stored["id"],
        "created_at": NOW,
        "date": date.fromisoformat(stored["date"]),
        "destination": "US",
        "outcome": stored["assessment"]["outcome"],
        "rulebook": versions["rulebook"],
        "schedule": versions["schedule"],
        "rates": versions["rates"],
        "principal": "",
        "request": json.dumps(samples.MIXED if stored["id"].endswith("M1") else samples.REQUEST),
        "response": json.dumps(stored),
    }


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Return the shop that these tests share; each keeps its own quotes."""
    return open_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    """Return a browser without cookies yet."""
    return shop.test_client()
