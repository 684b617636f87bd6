"""Two processes at one shop's orders, on both databases: what one process may do to an order, two may not do twice."""

from __future__ import annotations

import contextlib
import os
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select

from shopkit.models import OrderEvent, StockHold, StoredOrder, StoredVariant
from shopkit.orders import Event, Ledger, RefusedError
from shopkit.services import order_acts, orders, quotes
from shopkit.services.actors import Actor
from shopkit.services.context import open_services
from shopkit.services.orders import event_of
from shopkit.services.problems import RequestError
from shopkit.services.stock import SoldOutError
from tests.ordering import DUE, event, order, sell
from tests.processes import beginning
from tests.shop import NOW, settings, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.synchronize import Barrier

    from shopkit.services.context import Services

RUNS: Final = 50
# Of both processes together; the full count of the specification is for those who wait for it.
STEPS: Final = int(os.environ.get("SHOPKIT_RACE_STEPS", "12"))
# Sending takes the most to go before it, so it is tried the most often but for paying.
_WAYS: Final = ("pay", "pay", "pay", "refund", "pack", "pack", "ship", "ship", "cancel", "accept", "dispute", "ask")
_REFUSED: Final = (RefusedError, RequestError, SoldOutError)


@pytest.fixture
def services(database_url: str, tmp_path: Path) -> Iterator[Services]:
    """Return the services of a shop on either database."""
    found = open_services(settings(tmp_path, database_url=database_url), now=lambda: NOW)
    yield found
    found.database.dispose()


def _live(url: str, folder: str, worker: int, shops: list[tuple[str, str]], start: Barrier) -> None:
    """Be one of two processes: for each shop try to buy its last pieces, then do things to whatever order there is."""
    services = open_services(settings(Path(folder) / f"w{worker}", database_url=url), now=lambda: NOW)
    found = quotes.answer(services, shirts(), save=False)
    start.wait(60)
    for number, (seller, listing) in enumerate(shops):
        # The two do the same things in another order: every message is told twice, by whichever comes first.
        chance = random.Random(number * 2 + worker)  # noqa: S311  # the same each time
        actor = Actor(seller, "owner", None, "test")
        with contextlib.suppress(*_REFUSED):
            order(services, actor, listing, f"k{worker}", pay_until=NOW, found=found)
        for step in random.Random(number).sample(range(STEPS // 2), STEPS // 2):  # noqa: S311  # the same each time
            with services.database.reading() as session:
                ids = session.scalars(select(StoredOrder.id).where(StoredOrder.seller_id == seller)).all()
            with contextlib.suppress(*_REFUSED):
                _act(services, actor, chance.choice(ids), step, chance)
        if chance.random() < 0.5:
            order_acts.expire_due(services)
    services.database.dispose()


def _act(services: Services, actor: Actor, order_id: str, step: int, chance: random.Random) -> None:
    what = chance.choice(_WAYS)
    if what == "pay":
        orders.add(
            services, order_id, event("payment_received", f"pi_{step % 3}:received", DUE, payment=f"pi_{step % 3}")
        )
    elif what == "refund":
        orders.add(services, order_id, event("refund_made", f"re_{step % 2}", 1_000, payment="pi_0"))
    elif what == "dispute":
        orders.add(services, order_id, event("dispute_opened", "d_1:opened", DUE, ref="d_1"))
        orders.add(services, order_id, event("dispute_won", "d_1:won", ref="d_1"))
    elif what == "ask":
        orders.add(services, order_id, event("refund_started", f"ask:{step}", 5_000, "seller"))
    elif what == "pack":
        order_acts.pack(services, actor, order_id, {0: 2}, key=str(step))
    elif what == "ship":
        order_acts.ship(services, actor, order_id)
    elif what == "cancel":
        order_acts.cancel(services, actor, order_id)
    else:
        order_acts.accept(services, actor, order_id)


def test_two_processes_do_nothing_twice(services: Services, database_url: str, tmp_path: Path) -> None:
    """After fifty races each ledger is one that a single process could have written, and every piece is somewhere."""
    shops = [sell(services, stock=2) for _ in range(RUNS)]
    plan = [(actor.seller_id, listing) for actor, listing in shops]
    context = beginning()
    start = context.Barrier(2)
    workers = [
        context.Process(target=_live, args=(database_url, str(tmp_path), number, plan, start)) for number in range(2)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join(300)

    assert [one.exitcode for one in workers] == [0, 0]
    kinds = set()
    for actor, _ in shops:
        ledgers, pieces = _read(services, actor)
        for events in ledgers:
            kinds |= {one.kind for one in events}
            _could_be_written(events)
        assert pieces["left"] >= 0
        assert pieces["left"] + pieces["held"] + pieces["sent"] == 2
    assert kinds >= {"payment_received", "refund_made", "packed", "shipped", "cancelled", "accepted", "dispute_won"}


def _read(services: Services, actor: Actor) -> tuple[list[list[Event]], dict[str, Any]]:
    """Return the ledgers of a shop, and where its pieces are."""
    with services.database.reading() as session:
        ids = session.scalars(select(StoredOrder.id).where(StoredOrder.seller_id == actor.seller_id)).all()
        ledgers = []
        for one in ids:
            rows = session.scalars(
                select(OrderEvent).where(OrderEvent.order_id == one).order_by(OrderEvent.position)
            ).all()
            assert [row.position for row in rows] == list(range(1, len(rows) + 1))
            ledgers.append([event_of(row) for row in rows])
        holds = session.scalars(select(StockHold).where(StockHold.seller_id == actor.seller_id)).all()
        left = session.scalars(select(StoredVariant.stock).where(StoredVariant.seller_id == actor.seller_id)).one()
    return ledgers, {
        "left": left,
        "held": sum(one.quantity for one in holds if one.state == "held"),
        "sent": sum(one.quantity for one in holds if one.state == "sent"),
    }


def _could_be_written(events: list[Event]) -> None:
    """Check that each event was allowed where it stands, and that money was counted once."""
    ledger = Ledger()
    for one in events:
        if one.kind == "shipped":
            assert ledger.state.stops is None
        assert ledger.add(one) == "added"
    paid = {one.source_id for one in events if one.kind == "payment_received"}
    assert ledger.state.received == DUE * len(paid)
    assert ledger.state.refundable >= 0
