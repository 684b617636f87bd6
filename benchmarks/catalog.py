"""Catalogs for many markets: items a second, memory, and what an unchanged run costs beside reading."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.goods import ROOT

if TYPE_CHECKING:
    from benchmarks.report import Report

LISTINGS: Final = 50_000
MARKETS: Final = ("US", "CA", "ES", "BR", "CL", "CO", "PE", "AR", "CR", "DO")
MOST_MB: Final = 300.0
# An unchanged run reads ids, versions, stock and digests, and no document.
MOST_OF_READING: Final = 1.0
# A process of its own: what it holds at most is asked of the system, so that SQLite's share counts too.
_MADE: Final = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import insert, select
from shopkit import db
from shopkit.config import Settings
from shopkit.models import Seller, StoredListing
from shopkit.services import catalog_runs, catalogs
from shopkit.services.actors import Actor
from shopkit.services.catalogs import Said
from shopkit.services.context import open_services
from shopkit.services.listings import all_kept
folder, count, markets = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split()
codes = ("610910", "691200", "732394", "442090", "630790", "711311", "490199", "210112")
now = datetime(2026, 11, 27, 12, tzinfo=UTC)
services = open_services(Settings(data_dir=folder), now=lambda: now)
db.upgrade(services.database)
ana = Actor("s_1", "owner")
def row(number):
    document = {
        "key": f"p{number}", "title": f"Playera bordada número {number}", "status": "active", "brand": "Taller",
        "description": "Hecha a mano en el taller. " * 10, "hs_code": codes[number % len(codes)], "origin": "MX",
        "attributes": {"fiber": "cotton"}, "weight": {"value": str(150 + number % 400), "unit": "g"},
        "pictures": ["https://taller.example/1.jpg"],
        "price": {"price": {"amount": f"{10 + number % 90}.50", "currency": "USD"}},
    }
    return dict(id=f"l_{number:026}", seller_id="s_1", key=f"p{number}", version=1, status="active", title="x",
                search="x", created_at=now, updated_at=now, document=document)
with services.database.writing.begin() as session:
    session.add(Seller(id="s_1", created_at=now, name="Taller", country="MX", currency="MXN"))
    session.flush()
    for first in range(0, count, 1000):
        session.execute(insert(StoredListing), [row(n) for n in range(first, min(count, first + 1000))])
settings = catalogs.Settings("https://taller.example/{key}", estimates="highest")
feeds = [catalogs.keep(services, ana, Said("google", market, "es", settings, "rss")) for market in markets]
def made():
    begun, rows = time.perf_counter(), 0
    for feed in feeds:
        found = catalog_runs.run(services, ana, catalog_runs.create(services, ana, feed.id).id)
        rows += found.counts.get("rows", 0) + found.counts.get("left_out", 0)
    return time.perf_counter() - begun, rows
first, rows = made()
again, same = made()
begun = time.perf_counter()
for _ in markets:
    last = ""
    while True:
        with services.database.reading() as session:
            query = select(StoredListing).where(StoredListing.id > last).order_by(StoredListing.id).limit(500)
            page = session.scalars(query).all()
            all_kept(session, page)
        if not page:
            break
        last = page[-1].id
read = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"first": first, "rows": rows, "again": again, "same": same, "read": read, "peak": peak}))
"""


def measure(report: Report, *, listings: int = LISTINGS, markets: tuple[str, ...] = MARKETS) -> None:
    """Make a catalog of ``listings`` for each of the markets, and again though nothing has changed."""
    with tempfile.TemporaryDirectory(prefix="shopkit-bench-") as folder:
        found = _made(Path(folder), listings, markets)
    note = f"{listings:,} listings, {len(markets)} markets, Google's RSS"
    report.add("catalog: items a second", found["rows"] / found["first"], "items/s", note)
    report.add("catalog: the same again, unchanged", found["same"] / found["again"], "items/s", note)
    report.goal("catalog: peak of memory", found["peak"], MOST_MB, at_most=True, unit="MB")
    share = found["again"] / found["read"]
    report.goal("catalog: an unchanged run beside reading the listings", share, MOST_OF_READING, at_most=True)


def _made(folder: Path, listings: int, markets: tuple[str, ...]) -> dict[str, Any]:
    command = [sys.executable, "-c", _MADE, str(folder), str(listings), " ".join(markets)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
    return found
