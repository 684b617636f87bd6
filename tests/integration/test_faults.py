"""Everything payments must survive, on both databases; ``make faults`` prints the same as a table."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.services.context import Services, open_services
from tests import postgres
from tests.databases import migrate
from tests.faults import FAULTS, SEAL, Fault
from tests.paying import Sale
from tests.shop import NOW, settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return the services of one shop on either database; every situation is another seller's."""
    folder = tmp_path_factory.mktemp("shop")
    with contextlib.ExitStack() as stack:
        more: dict[str, Any] = {}
        if request.param == "postgresql":
            template = request.getfixturevalue("migrated_postgres")
            server = request.getfixturevalue("postgres_server")
            more["database_url"] = stack.enter_context(postgres.database(server, template=template))
        found = open_services(settings(folder, secret_keys=SEAL, **more), now=lambda: NOW)
        stack.callback(found.database.dispose)
        migrate(found.database)
        yield found


@pytest.fixture
def services(shop: Services) -> Iterator[Services]:
    """Return the shop at its standing clock, which a situation may move."""
    clock = shop.now
    yield shop
    shop.now = clock


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: f"{one.number} {one.what}")
def test_what_payments_must_survive(services: Services, fault: Fault) -> None:
    """A situation comes to what it has to come to."""
    assert fault.happens(Sale(services)) == fault.comes_to
