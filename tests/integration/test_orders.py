"""Orders in their tables: placed once, their goods set aside, their ledgers only ever added to; on both databases."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from landed_cost.money import Money
from shopkit import db
from shopkit.orders import RefusedError
from shopkit.services import orders, quotes
from shopkit.services.context import Services, open_services
from shopkit.services.keeping import KeyConflictError
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from tests import postgres
from tests.ordering import DUE, event, left, order, paid, sell
from tests.shop import NOW, settings, shirt, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def services(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return the services of one shop on either database; every test sells as somebody else."""
    folder = tmp_path_factory.mktemp("shop")
    with contextlib.ExitStack() as stack:
        more: dict[str, Any] = {}
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            more["database_url"] = stack.enter_context(postgres.database(server))
        found = open_services(settings(folder, **more), now=lambda: NOW)
        stack.callback(found.database.dispose)
        db.upgrade(found.database)
        yield found


def test_an_order_freezes_its_quote_and_sets_its_goods_aside(services: Services) -> None:
    """Placing keeps the quote whole, makes its total the one that is due, and takes the pieces out of the stock."""
    actor, listing = sell(services)

    made = order(services, actor, listing)

    read = orders.load(services, actor, made.id)
    assert read == made
    assert (read.number, read.market, read.terms, read.quote["totals"]["landed"]) == (1, "US", "DDP", "76.63")
    assert (read.totals.total, read.totals.charges, read.lines[0].total) == (
        Money(DUE, "USD"),
        Money(1_463, "USD"),
        Money(5_000, "USD"),
    )
    assert (read.state.status, read.state.due, left(services, actor, listing)) == ("awaiting_payment", DUE, 8)


def test_an_order_is_placed_once_for_a_key(services: Services) -> None:
    """A double click places one order; the same key for other goods is refused."""
    actor, listing = sell(services)
    first = order(services, actor, listing)

    again = order(services, actor, listing)
    with pytest.raises(KeyConflictError):
        order(services, actor, listing, found=quotes.answer(services, shirts(freight=None), save=False))

    assert (again, left(services, actor, listing)) == (first, 8)


def test_numbers_count_the_orders_of_a_seller(services: Services) -> None:
    """Each seller's orders are numbered from one, without gaps, whatever was refused between."""
    actor, listing = sell(services, stock=4)
    other, theirs = sell(services)
    found = [order(services, actor, listing, "a").number, order(services, other, theirs, "a").number]
    found.append(order(services, actor, listing, "b").number)

    with pytest.raises(RequestError) as refused:
        order(services, actor, listing, "c")

    assert found == [1, 1, 2]
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/lines/0/quantity", "order.sold_out")]


def test_another_sellers_order_is_not_there(services: Services) -> None:
    """Who acts for one seller finds no order of another."""
    actor, listing = sell(services)
    other, _ = sell(services)
    made = order(services, actor, listing)

    with pytest.raises(OrderNotFoundError):
        orders.load(services, other, made.id)


def test_cancelling_gives_the_goods_back_once(services: Services) -> None:
    """A cancelled order releases its pieces, and a repeat of it nothing more."""
    actor, listing = sell(services)
    made = order(services, actor, listing)

    states = [orders.add(services, made.id, event("cancelled", source="seller")) for _ in range(2)]

    assert ([one.status for one in states], left(services, actor, listing)) == (["cancelled"] * 2, 10)


def test_money_after_the_end_is_kept_and_can_be_accepted(services: Services) -> None:
    """An order paid late waits for a person; accepted, its goods are set aside again."""
    actor, listing = sell(services)
    made = order(services, actor, listing, pay_until=NOW)
    orders.add(services, made.id, event("expired", source="clock"))

    paid(services, made.id)
    late = orders.load(services, actor, made.id).state
    state = orders.add(services, made.id, event("accepted", source="seller"))

    assert (late.status, late.owed_back, late.stops) == ("paid_late", DUE, "order.closed")
    assert (state.status, left(services, actor, listing)) == ("paid", 8)


def test_what_is_refused_writes_nothing(services: Services) -> None:
    """An event that may not happen leaves the ledger as it was."""
    actor, listing = sell(services)
    made = order(services, actor, listing)

    with pytest.raises(RefusedError, match=r"order\.not_paid"):
        orders.add(services, made.id, event("packed", source="seller", pieces={0: 2}))

    assert orders.load(services, actor, made.id) == made


def test_a_quote_that_is_over_places_nothing(services: Services) -> None:
    """A quote past its last day, of other goods, or without a total is no promise."""
    actor, listing = sell(services)
    old = (NOW - timedelta(days=40)).date().isoformat()
    asked = [shirts(date=old, ready_on=old), shirts(items=[shirt(quantity="1")])]

    found = []
    for number, one in enumerate(asked):
        with pytest.raises(RequestError) as refused:
            order(services, actor, listing, f"k{number}", found=quotes.answer(services, one, save=False))
        found += [problem.code for problem in refused.value.problems]

    assert (found, left(services, actor, listing)) == (["order.quote_over", "order.quote_other"], 10)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE order_event SET minor = 1",
        "DELETE FROM order_event",
        "UPDATE order_line SET minor = 1",
        "DELETE FROM order_line",
        "UPDATE orders SET quote = '{}'",
        "UPDATE orders SET currency = 'MXN'",
    ],
)
def test_the_database_refuses_to_change_a_ledger(services: Services, statement: str) -> None:
    """Whatever program asks for it: events, lines and promises are not changed and not deleted."""
    actor, listing = sell(services)
    made = order(services, actor, listing)

    with pytest.raises(DatabaseError, match="an order is its ledger"), services.database.engine.begin() as connection:
        connection.execute(text(statement))

    assert orders.load(services, actor, made.id) == made


def test_an_editor_is_told_of_pieces_that_were_sold(services: Services) -> None:
    """Setting pieces aside is a change of the listing: who read it before does not write the old count over it."""
    from shopkit.services.listings import StaleError, get_listing, save_listing  # noqa: PLC0415

    actor, listing = sell(services)
    read = get_listing(services, actor, listing)
    order(services, actor, listing)

    with pytest.raises(StaleError):
        save_listing(services, actor, listing, read.listing.model_copy(update={"title": "Playera azul"}), read.version)

    assert left(services, actor, listing) == 8
