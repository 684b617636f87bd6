"""A push whose process is killed: what was in flight is unknown, nothing is sent twice, the rest goes on."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Final

import pytest

from shopkit.config import Settings
from shopkit.services import pushes
from shopkit.services.context import Services, open_services
from tests.processes import run_program
from tests.pushing import KEY, catalog, change, connect, seller
from tests.shop import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.actors import Actor

# The process writes down what it sends, and dies at a row: when its item was asked for, or when it was made and the
# answer is not kept.
KILLED: Final = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
import json
from shopkit.config import Settings
from shopkit.pushing.twins.mercadolibre import MercadoLibreTwin
from shopkit.services import pushes
from shopkit.services.actors import Actor
from shopkit.services.context import open_services
folder, address, key, now, seller_id, push_id, at, when = sys.argv[1:]
services = open_services(Settings(Path(folder), address, secret_keys=(key,)), now=lambda: datetime.fromisoformat(now))
twin = MercadoLibreTwin(categories=None)

class Way:
    def send(self, call):
        if call.path != "/items":
            return twin.send(call)
        said = json.loads(call.body)["attributes"]
        sku = next(one["value_name"] for one in said if one["id"] == "SELLER_SKU")
        with (Path(folder) / "sent").open("a") as file:
            file.write(f"{sku}\\n")
        if (sku, when) == (at, "asked"):
            os.kill(os.getpid(), signal.SIGKILL)
        reply = twin.send(call)
        if (sku, when) == (at, "answered"):
            os.kill(os.getpid(), signal.SIGKILL)
        return reply

pushes.run(services, Actor(seller_id, "owner"), push_id, lambda *_: Way())
"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Services]:
    """Return a shop that can seal."""
    found = open_services(Settings(tmp_path, database_url, secret_keys=(KEY,)), now=lambda: NOW)
    yield found
    found.database.dispose()


def run(shop: Services, actor: Actor, push_id: str, at: str = "", when: str = "") -> int:
    """Let another process go on with a push, and return how it ended."""
    address = shop.database.engine.url.render_as_string(hide_password=False)
    said = (str(shop.settings.data_dir), address, KEY, NOW.isoformat(), actor.seller_id, push_id, at, when)
    return run_program(KILLED, *said)


@pytest.mark.parametrize("when", ["asked", "answered"])
def test_a_push_that_is_killed_is_gone_on_with(shop: Services, when: str) -> None:
    """SIGKILL at the second row of three: nobody knows of it, so it waits; the first is not sent again."""
    actor = seller(shop)
    connect(shop, actor)
    feed = catalog(shop, actor, "A", "B", "C")
    for sku in ("A", "B", "C"):
        change(shop, feed, sku, "item", attributes=[{"id": "SELLER_SKU", "value_name": sku}])
    begun = pushes.create(shop, actor, feed)
    died = run(shop, actor, begun.id, "B", when)
    half = pushes.get_run(shop, actor, begun.id)
    ended = run(shop, actor, begun.id)
    done = pushes.get_run(shop, actor, begun.id)
    rows = [(one.key, one.state) for one in pushes.rows_of(shop, actor, begun.id, ("done", "unknown"))]

    assert (died, ended) == (-signal.SIGKILL, 0)
    assert (half.state, half.counts) == ("running", {"done": 1})
    assert (done.state, done.counts) == ("done", {"done": 2, "unknown": 1})
    assert rows == [("A", "done"), ("B", "unknown"), ("C", "done")]
    assert (shop.settings.data_dir / "sent").read_text().split() == ["A", "B", "C"]


def test_a_push_under_way_in_another_process_is_left_to_it(shop: Services) -> None:
    """What is held by a process that is there is not sent by a second one."""
    actor = seller(shop)
    connect(shop, actor)
    begun = pushes.create(shop, actor, catalog(shop, actor, "A"))

    class Way:
        def send(self, call: object) -> object:
            assert run(shop, actor, begun.id) == 1
            raise RuntimeError(call)

    with pytest.raises(RuntimeError):
        pushes.run(shop, actor, begun.id, lambda *_: Way())  # type: ignore[arg-type]  # dies before it answers
    assert not (shop.settings.data_dir / "sent").exists()
