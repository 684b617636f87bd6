"""A process that polls is killed in the middle of an answer: what it had taken is asked about again, and told once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from shopkit.models import ShipmentFeed
from shopkit.services import feeds, shipments
from tests.polling import Clock, parcel, poller, seller, shop
from tests.pushing import KEY
from tests.shop import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# The process dies at the second parcel that it is about to tell of.
KILLED: Final = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from shopkit.config import Settings
from shopkit.services import polling, shipments
from shopkit.services.context import open_services
folder, address, key, now = sys.argv[1:]
services = open_services(Settings(Path(folder), address, secret_keys=(key,)), now=lambda: datetime.fromisoformat(now))
receive, told = shipments.receive, []

def dying(*given, **more):
    told.append(given)
    if len(told) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return receive(*given, **more)

polling.shipments.receive = dying
polling.Poller(services, lambda _: None).poll()
"""


def test_a_poll_that_is_killed_loses_nothing(database_url: str, tmp_path: Path) -> None:
    """SIGKILL between two parcels of a batch: after the lease another process asks about all, and each is told once."""
    clock = Clock()
    services = shop(tmp_path, database_url, clock)
    actor = seller(services)
    made = [parcel(services, actor, "11") for _ in range(3)]
    clock.sleep(2 * 86_400)
    address = services.database.engine.url.render_as_string(hide_password=False)
    said = (str(tmp_path), address, KEY, clock.now.isoformat())
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    died = subprocess.run([sys.executable, "-c", KILLED, *said], cwd=ROOT, check=False, env=environment).returncode
    at_once = poller(services, clock).poll().asked
    clock.sleep(feeds.LEASE.total_seconds())
    later = poller(services, clock).poll().asked
    with services.database.reading() as session:
        left = session.scalar(select(func.count()).where(ShipmentFeed.due_at <= clock.now))
    kept = {len(shipments.timeline(services, one.id).entries) for one in made}
    services.database.dispose()

    assert (died, at_once, later, left) == (-signal.SIGKILL, 0, 3, 0)
    assert len(kept) == 1
    assert kept.pop() > 0
