"""Invoices in their tables: numbered without gaps, frozen, credited by the ledger; on both databases."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from landed_cost.money import Money
from shopkit import db
from shopkit.models import InvoiceCounter, Seller, StoredInvoice
from shopkit.services import audit, invoices, order_acts, orders, quotes
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import open_services
from shopkit.services.invoices import InvoiceNotFoundError
from shopkit.services.leaving import delete_shop
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from tests import databases, postgres
from tests.ordering import DUE, event, order, paid, sell
from tests.processes import beginning
from tests.shop import NOW, settings, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.synchronize import Barrier

    from shopkit.services.context import Services

RACES: Final = 20


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


def numbers(services: Services, actor: Actor) -> list[str]:
    """Return the numbers of all documents of a seller, in order."""
    with services.database.reading() as session:
        query = select(StoredInvoice.series, StoredInvoice.number).where(StoredInvoice.seller_id == actor.seller_id)
        return [f"{series}{number}" for series, number in session.execute(query.order_by(*query.selected_columns))]


def test_an_invoice_says_what_the_order_is(services: Services) -> None:
    """Its lines, its parts and its total are those of the frozen quote; what nobody gave is empty, not made up."""
    actor, listing = sell(services)
    made = order(services, actor, listing)

    found = invoices.issue(services, actor, made.id).document

    line = found.lines[0]
    assert (found.number, found.order, found.currency, found.terms) == ("F-000001", 1001, "USD", "DDP")
    assert (found.goods, found.freight, found.insurance, found.charges, found.total) == (5_000, 1_200, 0, 1_463, DUE)
    assert (line.title, line.quantity, line.minor, line.hs_code, line.origin) == (
        "T-shirt",
        2,
        5_000,
        "6109100012",
        "MX",
    )
    assert (f"{line.net_kg}", f"{found.gross_kg}", found.reason, found.law_on) == ("0.4", "0.5", "sale", NOW.date())
    assert (found.seller.name, found.seller.legal_name, found.seller.tax_id) == ("Tienda", "", "")
    assert (found.buyer.name, found.buyer.street, found.buyer.city, found.buyer.tax_name) == (
        "Ana Pérez",
        "1 Main St",
        "Los Angeles",
        "",
    )
    assert (found.paid, found.to_pay) == (0, DUE)


def test_an_invoice_is_issued_once(services: Services) -> None:
    """Pressed twice it is the same one; and it says what was paid by then."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    paid(services, made.id)

    first, again = (invoices.issue(services, actor, made.id) for _ in range(2))

    assert (first, first.document.paid, first.document.to_pay) == (again, DUE, 0)
    assert numbers(services, actor) == ["F1", "R1"]


def test_money_gets_its_receipt(services: Services) -> None:
    """Each payment that counted has one receipt, with what came, by what and for which invoice; what did not, none."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    invoices.issue(services, actor, made.id)
    order_acts.note_transfer(services, actor, made.id, Money(663, "USD"), key="a", reference="SPEI 1")
    paid(services, made.id)
    orders.add(services, made.id, event("payment_mismatch", "x", 100, payment="pi_9"))

    counts = [invoices.catch_up(services, made.id) for _ in range(2)]

    found = [one.document for one in invoices.of_order(services, actor, made.id) if one.document.kind == "receipt"]
    assert counts == [2, 0]
    assert [(one.number, one.total, one.way, one.reference, one.refers_to) for one in found] == [
        ("R-000001", 663, "bank/transfer", "SPEI 1", "F-000001"),
        ("R-000002", DUE, "sandbox", "", "F-000001"),
    ]


def test_a_cancelled_order_is_credited_whole(services: Services) -> None:
    """The credit note repeats the lines of the invoice it refers to, and settles it."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    invoices.issue(services, actor, made.id)
    order_acts.cancel(services, actor, made.id)

    invoices.catch_up(services, made.id)

    note, first = (one for one in invoices.of_order(services, actor, made.id))
    assert (note.document.kind, note.document.cause, note.document.refers_to) == (
        "credit_note",
        "cancelled",
        "F-000001",
    )
    assert (note.document.lines, note.document.total) == (first.document.lines, DUE)
    assert first.standing is not None
    assert (first.standing.status, first.standing.credited) == ("credited", DUE)
    with pytest.raises(RequestError):
        invoices.issue(services, actor, made.id)


def test_what_is_given_back_is_credited_in_part(services: Services) -> None:
    """Two refunds make two credit notes, each of what it adds; the invoice stays as it was issued."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    paid(services, made.id)
    before = invoices.issue(services, actor, made.id)
    for name, minor in (("a", 1_000), ("b", 500)):
        orders.add(services, made.id, event("refund_made", name, minor, payment="pi_1"))
        invoices.catch_up(services, made.id)

    after = invoices.of_order(services, actor, made.id)

    notes = [one.document for one in after if one.document.kind == "credit_note"]
    invoice = next(one for one in after if one.document.kind == "invoice")
    assert [(one.number, one.total, one.cause) for one in notes] == [
        ("C-000001", 1_000, "refunded"),
        ("C-000002", 500, "refunded"),
    ]
    assert (invoice.document, invoice.digest) == (before.document, before.digest)
    assert invoice.standing is not None
    assert (invoice.standing.status, invoice.standing.credited, invoice.standing.left) == ("paid", 1_500, 0)


def test_an_order_that_is_taken_up_again_is_invoiced_again(services: Services) -> None:
    """Expired and credited, then paid late and accepted: a second invoice, and the first stays credited."""
    actor, listing = sell(services)
    made = order(services, actor, listing, pay_until=NOW)
    invoices.issue(services, actor, made.id)
    orders.add(services, made.id, event("expired", source="clock"))
    invoices.catch_up(services, made.id)
    paid(services, made.id)
    order_acts.accept(services, actor, made.id)

    again = invoices.issue(services, actor, made.id)

    assert (again.document.number, again.document.total, again.document.paid) == ("F-000002", DUE, DUE)
    assert numbers(services, actor) == ["C1", "F1", "F2", "R1"]


def test_an_invoice_is_overdue_the_day_after_its_last(services: Services) -> None:
    """An invoice that nobody paid is open to its last day at the buyer's, and then overdue."""
    actor, listing = sell(services)
    made = order(services, actor, listing, pay_until=NOW + timedelta(hours=20))
    issued = invoices.issue(services, actor, made.id)
    later = open_services(services.settings, now=lambda: NOW + timedelta(days=2))

    found = invoices.load(later, actor, made.id, "F-000001").standing
    later.database.dispose()

    assert issued.standing is not None
    assert found is not None
    assert (f"{issued.document.due_on}", issued.standing.status, found.status) == ("2026-11-24", "open", "overdue")


def test_that_a_buyer_opened_it_is_noted_once(services: Services) -> None:
    """The first look counts; whoever issued it is nobody who opened it."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    invoices.issue(services, actor, made.id)
    invoices.load(services, actor, made.id, "F-000001")
    before = invoices.load(services, actor, made.id, "F-000001").opened_at

    for _ in range(2):
        invoices.open_as_buyer(services, made.id, "F-000001")

    assert (before, invoices.load(services, actor, made.id, "F-000001").opened_at) == (None, NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE invoice SET document = '{}'",
        "UPDATE invoice SET minor = 1",
        "UPDATE invoice SET number = 7",
        "DELETE FROM invoice",
    ],
)
def test_the_database_refuses_to_change_what_was_issued(services: Services, statement: str) -> None:
    """Whatever program asks for it: a document is neither changed nor deleted."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    issued = invoices.issue(services, actor, made.id)

    with pytest.raises(DatabaseError, match="never changed"), services.database.engine.begin() as connection:
        connection.execute(text(statement))

    assert invoices.load(services, actor, made.id, "F-000001") == issued


def test_what_the_seller_says_later_changes_no_document(services: Services) -> None:
    """A name or a tax number that is given afterwards stands on the next document."""
    actor, listing = sell(services)
    first, second = (order(services, actor, listing, key) for key in "ab")
    before = invoices.issue(services, actor, first.id)
    with services.database.writing.begin() as session:
        told = {"tax_id": "GODE561231GR8", "profile": {"legal_name": "Tienda S.A. de C.V.", "street": "Av. 1"}}
        session.execute(update(Seller).where(Seller.id == actor.seller_id).values(**told))

    after = invoices.issue(services, actor, second.id).document.seller

    assert invoices.load(services, actor, first.id, "F-000001") == before
    assert (after.legal_name, after.street, after.tax_id, after.tax_name) == (
        "Tienda S.A. de C.V.",
        "Av. 1",
        "GODE561231GR8",
        "RFC",
    )


def test_anothers_documents_are_not_there(services: Services) -> None:
    """Who acts for one seller finds nothing of another; who may only look issues nothing."""
    actor, listing = sell(services)
    other, _ = sell(services)
    made = order(services, actor, listing)
    invoices.issue(services, actor, made.id)

    with pytest.raises(OrderNotFoundError):
        invoices.of_order(services, other, made.id)
    with pytest.raises(OrderNotFoundError):
        invoices.issue(services, other, made.id)
    with pytest.raises(ForbiddenError):
        invoices.issue(services, Actor(actor.seller_id, "viewer", None, "test"), made.id)
    with pytest.raises(InvoiceNotFoundError):
        invoices.load(services, actor, made.id, "F-000009")
    assert invoices.find(services, other).total == 0


def test_the_list_is_the_newest_first(services: Services) -> None:
    """A seller's documents, all or of one kind."""
    actor, listing = sell(services)
    for key in "ab":
        made = order(services, actor, listing, key)
        paid(services, made.id)
        invoices.issue(services, actor, made.id)

    found = [invoices.find(services, actor, kind=kind) for kind in (None, "receipt")]

    assert [(one.total, {row.document.kind for row in one.rows}) for one in found] == [
        (4, {"invoice", "receipt"}),
        (2, {"receipt"}),
    ]


def test_a_timer_issues_what_is_due(services: Services) -> None:
    """Receipts of what came in; and invoices of what is paid, where the shop wants them by themselves."""
    actor, listing = sell(services)
    first, _unpaid = (order(services, actor, listing, key) for key in "ab")
    paid(services, first.id)

    invoices.issue_due(services, with_invoices=False)
    before = numbers(services, actor)
    invoices.issue_due(services, with_invoices=True)
    second = order(services, actor, listing, "c")
    paid(services, second.id)
    orders.add(services, second.id, event("refund_made", "b", 1_000, payment="pi_1"))
    invoices.issue_due(services, with_invoices=True)

    assert before == ["R1"]
    # What was paid whole is invoiced whole, and what went back before that is credited at once.
    assert numbers(services, actor) == ["C1", "F1", "F2", "R1", "R2"]
    assert invoices.issue_due(services, with_invoices=True) == 0


def test_a_shop_goes_with_its_documents(services: Services) -> None:
    """A shop without open orders is deleted, and its documents and counters with it."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    invoices.issue(services, actor, made.id)
    order_acts.cancel(services, actor, made.id)
    invoices.catch_up(services, made.id)

    delete_shop(services, actor, "Tienda")

    assert numbers(services, actor) == []


# -- numbers ------------------------------------------------------------------------------------------------------
@trials(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(("issued", "fails", "cancelled", "again")), min_size=1, max_size=6))
def test_what_fails_gives_its_number_back(services: Services, steps: list[str]) -> None:
    """Whatever is issued, refused or rolled back: the numbers of each series are 1, 2, 3 and so on."""
    actor, listing = sell(services, stock=None)
    found = quotes.answer(services, shirts(), save=False)
    for number, step in enumerate(steps):
        made = order(services, actor, listing, f"k{number}", found=found)
        if step == "cancelled":
            order_acts.cancel(services, actor, made.id)
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(_Broken, RequestError):
            if step == "fails":
                patch.setattr(audit, "note", _break)
            invoices.issue(services, actor, made.id)
            if step == "again":
                order_acts.cancel(services, actor, made.id)
                invoices.catch_up(services, made.id)

    issued = sum(one in {"issued", "again"} for one in steps)
    credited = steps.count("again")
    wanted = [f"C{one + 1}" for one in range(credited)] + [f"F{one + 1}" for one in range(issued)]
    assert numbers(services, actor) == wanted


class _Broken(Exception):  # noqa: N818  # nothing that the application knows
    pass


def _break(*_args: object, **_more: object) -> None:
    raise _Broken


def _press(shops: list[tuple[str, str, list[str]]], folder: str, worker: int, start: Barrier) -> None:
    """Be one of two processes: issue every invoice, each second time failing first after its number was taken."""
    plain = audit.note
    opened = [
        open_services(settings(Path(folder) / f"w{worker}", database_url=url), now=lambda: NOW) for url, _, _ in shops
    ]
    start.wait(60)
    for services, (_, seller, ids) in zip(opened, shops, strict=True):
        actor = Actor(seller, "owner", None, "test")
        for number, order_id in enumerate(ids[:: 1 if worker else -1]):
            if number % 2 == worker:
                audit.note = _break  # a process of its own
                with contextlib.suppress(_Broken):
                    invoices.issue(services, actor, order_id)
                audit.note = plain
            invoices.issue(services, actor, order_id)
        services.database.dispose()


def test_two_processes_leave_no_gap(postgres_server: Path, migrated_postgres: str, tmp_path: Path) -> None:
    """Two at once, with failures in between: each order one invoice, the numbers whole, the counter at the last."""
    with contextlib.ExitStack() as stack:
        urls = [stack.enter_context(postgres.database(postgres_server, template=migrated_postgres))]
        urls.append(f"sqlite:///{tmp_path / 'shop.sqlite'}")
        databases.migrate(db.open_database(urls[1]))
        opened, shops = [], []
        for url in urls:
            services = open_services(settings(tmp_path, database_url=url), now=lambda: NOW)
            stack.callback(services.database.dispose)
            actor, listing = sell(services, stock=None)
            found = quotes.answer(services, shirts(), save=False)
            made = [order(services, actor, listing, f"k{number}", found=found).id for number in range(RACES)]
            opened.append((services, actor))
            shops.append((url, actor.seller_id, made))
        context = beginning()
        start = context.Barrier(2)
        workers = [context.Process(target=_press, args=(shops, str(tmp_path), one, start)) for one in range(2)]
        for one in workers:
            one.start()
        for one in workers:
            one.join(300)

        assert [one.exitcode for one in workers] == [0, 0]
        for (services, actor), (_, _, made) in zip(opened, shops, strict=True):
            issued = sorted(numbers(services, actor), key=lambda one: int(one[1:]))
            with services.database.reading() as session:
                last = session.get_one(InvoiceCounter, (actor.seller_id, "F")).last
            assert (issued, last) == ([f"F{one + 1}" for one in range(RACES)], RACES)
            assert [len(invoices.of_order(services, actor, one)) for one in made] == [1] * RACES
