"""Orders in their tables: placed once, their goods set aside, their ledgers only ever added to; on both databases."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from landed_cost.money import Money
from landed_cost.rulebook import Overlay, Supposed
from shopkit import db
from shopkit.orders import RefusedError
from shopkit.services import order_acts, order_lists, orders, quotes
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.alerts import View
from shopkit.services.context import Services, open_services
from shopkit.services.keeping import KeyConflictError
from shopkit.services.leaving import OpenOrdersError, delete_shop
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from shopkit.services.touched import look
from tests import postgres
from tests.ordering import DUE, event, left, order, paid, sell
from tests.shop import NOW, open_shop, settings, shirt, shirts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result


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
    assert (read.number, read.market, read.terms, read.quote["totals"]["landed"]) == (1001, "US", "DDP", "76.63")
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
    """Each seller's orders are numbered from 1001, without gaps, whatever was refused between."""
    actor, listing = sell(services, stock=4)
    other, theirs = sell(services)
    found = [order(services, actor, listing, "a").number, order(services, other, theirs, "a").number]
    found.append(order(services, actor, listing, "b").number)

    with pytest.raises(RequestError) as refused:
        order(services, actor, listing, "c")

    assert found == [1001, 1001, 1002]
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


# -- what people and the clock do -----------------------------------------------------------------------------------
def test_an_order_goes_its_way(services: Services) -> None:
    """Paid, packed, sent, arrived, and a piece taken back: each once, however often it is said."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    paid(services, made.id)

    for _ in range(2):
        order_acts.pack(services, actor, made.id, {0: 2}, key="form-1")
    order_acts.ship(services, actor, made.id, carrier="DHL", tracking="JD01")
    order_acts.deliver(services, actor, made.id)
    state = order_acts.take_back(services, actor, made.id, {0: 1}, key="form-2")

    kinds = [one.kind for one in orders.load(services, actor, made.id).events]
    assert kinds == ["placed", "payment_received", "packed", "shipped", "delivered", "returned"]
    assert (state.fulfilment, state.returned, left(services, actor, listing)) == ("returned", (1,), 8)


def test_due_orders_end_and_paid_ones_do_not(services: Services) -> None:
    """The clock ends what was not paid in time, once; a voucher that still runs, or money, lets an order live."""
    actor, listing = sell(services)
    due, runs, bought = (order(services, actor, listing, key, pay_until=NOW) for key in "abc")
    voucher = event("payment_pending", "pi_1:pending", payment="pi_1", until=NOW + timedelta(days=2))
    orders.add(services, runs.id, voucher)
    paid(services, bought.id)

    found = [order_acts.expire_due(services, NOW), order_acts.expire_due(services, NOW)]

    assert [[one for one in ids if one in {due.id, runs.id, bought.id}] for ids in found] == [[due.id], []]
    assert (orders.load(services, actor, due.id).state.status, left(services, actor, listing)) == ("expired", 6)
    assert runs.id in order_acts.expire_due(services, NOW + timedelta(days=2))


def test_an_order_that_ended_twice_was_taken_up_between(services: Services) -> None:
    """Cancelled, accepted and cancelled again are three events."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    paid(services, made.id)

    acts = (order_acts.cancel, order_acts.accept, order_acts.cancel)
    states = [act(services, actor, made.id) for act in acts]

    assert [one.status for one in states] == ["cancelled", "paid", "cancelled"]
    assert (states[-1].owed_back, left(services, actor, listing)) == (DUE, 10)


def test_an_order_cannot_go_on_without_its_goods(services: Services) -> None:
    """Late money for goods that were sold meanwhile is not accepted; it stays owed back."""
    actor, listing = sell(services, stock=2)
    late = order(services, actor, listing, "a")
    order_acts.cancel_as_buyer(services, late.id)
    paid(services, late.id)
    order(services, actor, listing, "b")

    with pytest.raises(RequestError) as refused:
        order_acts.accept(services, actor, late.id)

    assert [one.code for one in refused.value.problems] == ["order.gone"]
    assert orders.load(services, actor, late.id).state.owed_back == DUE


def test_a_transfer_in_two_parts(services: Services) -> None:
    """Money by bank transfer adds up; too little keeps the order waiting, too much is owed back."""
    actor, listing = sell(services)
    made = order(services, actor, listing)

    states = [
        order_acts.note_transfer(services, actor, made.id, Money(minor, "USD"), key=key, reference="SPEI 1")
        for key, minor in (("a", 7_000), ("a", 7_000), ("b", 700))
    ]

    assert [(one.status, one.missing, one.owed_back) for one in states] == [
        ("underfunded", 663, 0),
        ("underfunded", 663, 0),
        ("paid", 0, 37),
    ]


def test_orders_are_found_by_what_is_to_be_done(services: Services) -> None:
    """Each view holds the orders it is about, and says how many there are."""
    actor, listing = sell(services)
    waits, ready, gone, late = (order(services, actor, listing, key) for key in "abcd")
    paid(services, ready.id)
    paid(services, gone.id)
    order_acts.pack_all(services, actor, gone.id)
    order_acts.ship(services, actor, gone.id)
    order_acts.cancel(services, actor, late.id)
    paid(services, late.id)

    found = {
        view: [one.number for one in order_lists.find(services, actor, view=view).rows] for view in order_lists.VIEWS
    }

    assert found == {
        "to_send": [ready.number],
        "unpaid": [waits.number],
        "to_settle": [late.number],
        "on_the_way": [gone.number],
        "over": [gone.number],
        "all": [1004, 1003, 1002, 1001],
    }
    assert order_lists.find(services, actor, text="#1002").rows[0].id == ready.id
    assert order_lists.find(services, actor, text="ana@buyer").counts == {view: len(one) for view, one in found.items()}


def test_the_ledger_leaves_as_csv(services: Services) -> None:
    """Every event is a line, amounts to the last digit, and no cell is one a spreadsheet would reckon."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    order_acts.note_transfer(services, actor, made.id, Money(DUE, "USD"), key="a", reference="=1+1")

    rows = list(csv.DictReader(io.StringIO("".join(order_lists.ledger_csv(services, actor)))))

    assert [
        (row["order"], row["event"], row["kind"], row["amount"], row["currency"], row["source"]) for row in rows
    ] == [
        ("1001", "1", "placed", "76.63", "USD", "buyer"),
        ("1001", "2", "payment_received", "76.63", "USD", "seller"),
    ]
    assert rows[1]["said"] == '{"reference": "=1+1"}'


def test_the_ledger_says_what_is_held_after_each_event(services: Services) -> None:
    """What the order costs and what the seller holds for it, below nothing too; of the days asked for alone."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    paid(services, made.id)
    orders.add(services, made.id, event("reduced", "r", 500, "seller"))
    orders.add(services, made.id, event("refund_made", "b", 1_000, payment="pi_1"))
    orders.add(services, made.id, event("dispute_lost", "d", DUE, at=NOW + timedelta(days=1)))

    whole, first = (
        list(csv.DictReader(io.StringIO("".join(order_lists.ledger_csv(services, actor, NOW.date(), until)))))
        for until in (None, NOW.date())
    )

    assert [(row["kind"], row["due"], row["balance"]) for row in whole] == [
        ("placed", "76.63", "0.00"),
        ("payment_received", "76.63", "76.63"),
        ("reduced", "71.63", "76.63"),
        ("refund_made", "71.63", "66.63"),
        ("dispute_lost", "71.63", "-10.00"),
    ]
    assert first == whole[:-1]


def test_a_shop_with_open_orders_is_not_deleted(services: Services) -> None:
    """Somebody waits for goods or money: first these, then the shop with its ledgers."""
    actor, listing = sell(services)
    made = order(services, actor, listing)

    with pytest.raises(OpenOrdersError):
        delete_shop(services, actor, "Tienda")
    order_acts.cancel(services, actor, made.id)
    delete_shop(services, actor, "Tienda")

    with pytest.raises(OrderNotFoundError):
        orders.see(services, made.id)


def test_an_act_needs_an_editor_and_the_own_order(services: Services) -> None:
    """Viewers change nothing, and another seller's order is not there."""
    actor, listing = sell(services)
    other, _ = sell(services)
    made = order(services, actor, listing)

    with pytest.raises(ForbiddenError):
        order_acts.cancel(services, Actor(actor.seller_id, "viewer"), made.id)
    with pytest.raises(OrderNotFoundError):
        order_acts.cancel(services, other, made.id)

    assert orders.load(services, actor, made.id) == made


def test_a_change_of_law_touches_open_orders(services: Services) -> None:
    """15 % more of 50.00 is 7.50 that the seller would pay; what was promised stays, and what has left is not asked."""
    actor, listing = sell(services)
    waits, gone = (order(services, actor, listing, key) for key in "ab")
    paid(services, gone.id)
    order_acts.pack_all(services, actor, gone.id)
    order_acts.ship(services, actor, gone.id)
    laws = (Overlay("law", (Supposed("us.s301fl.mx", Fraction(percent), str(percent)),)) for percent in (10, 25))
    before, after = (View(services.rulebook.with_overlay(one)) for one in laws)

    found = look(services, actor, before, after)

    told = [(one.subject.kind, one.subject.id, one.subject.name, str(one.difference)) for one in found.alerts]
    assert (told, found.counts["order"]) == ([("order", waits.id, "#1001", "7.50")], 1)
    assert orders.load(services, actor, waits.id) == waits


def test_the_commands(run: Callable[..., Result], tmp_path: Path) -> None:
    """A seller at the command line sees what there is, and does what the board does; a refusal ends with 1."""
    services = open_shop(tmp_path).extensions["shopkit"]
    actor, listing = sell(services)
    order(services, actor, listing, "a", pay_until=NOW)
    order(services, actor, listing, "b", pay_until=NOW)
    services.database.dispose()
    shop = ("--seller", actor.seller_id)

    early = run("orders", "pack", "1001", *shop)
    done = [
        run("orders", *words, *shop)
        for words in (
            ("transfer", "1001", "76.63", "--reference", "SPEI 1"),
            ("pack", "#1001"),
            ("ship", "1001", "--carrier", "DHL"),
            ("deliver", "1001"),
        )
    ]
    run("orders", "expire")
    wrong = [run("orders", *words, *shop).exit_code for words in (("pack", "9"), ("transfer", "1002", "76.634"))]

    assert (early.exit_code, early.stderr) == (
        1,
        "shopkit: The order is not paid in full; only what is paid is sent.\n",
    )
    assert done[-1].stdout == "#1001: paid, delivered, due 76.63 USD, received 76.63 USD\n"
    assert [early.exit_code, *wrong] == [1, 1, 2]
    listed = [line.split()[:6] for line in run("orders", "list", *shop).stdout.splitlines()]
    assert [(line[0], line[2], line[3], *line[5:]) for line in listed] == [
        ("#1002", "US", "76.63", "expired"),
        ("#1001", "US", "76.63", "paid"),
    ]
    assert "payment_received" in run("orders", "show", "1001", *shop).stdout
    assert len(run("orders", "ledger", *shop).stdout.splitlines()) == 8
