"""A shop behind a test client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from shopkit.app import Shop


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return an application with an empty SQLite database, at a standing clock; it is shared by a module's tests."""
    made = shop.open_shop(tmp_path_factory.mktemp("shop"))
    yield made
    made.extensions["shopkit"].database.dispose()


@pytest.fixture
def client(app: Shop) -> FlaskClient:
    """Return a client of that application."""
    return app.test_client()


@pytest.fixture
def lone_shop(tmp_path: Path) -> Path:
    """Return a folder for a shop of one's own."""
    return tmp_path / "shop"
