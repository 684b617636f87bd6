"""Letters on orders: written with the event, sent once, in the language of the order, to who has to know."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from shopkit.mail.sandbox import SandboxMail
from shopkit.models import Membership, OrderLetter, User
from shopkit.orders import Event
from shopkit.services import order_acts, order_letters, orders, payment_accounts
from shopkit.services.context import open_services
from shopkit.services.posting import Postman
from tests.ordering import DUE, event, order, paid, sell
from tests.paying import Sale
from tests.shop import NOW, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.mail.port import Letter
    from shopkit.services.context import Services

BASE = "https://shop.example"


class Clock:
    """A clock that a test moves."""

    at = NOW


@pytest.fixture
def clock() -> Clock:
    """Return a clock at the day of the tests."""
    return Clock()


@pytest.fixture
def services(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[Services]:
    """Return a shop on each database, whose mail is kept in a list."""
    made = open_services(settings(tmp_path, database_url=database_url), now=lambda: clock.at)
    made.postman = Postman(SandboxMail(), pauses_s=())
    yield made
    made.database.dispose()


def sent(services: Services) -> list[Letter]:
    """Send what is due, and return every letter that went out so far."""
    order_letters.work(services, BASE)
    mail = services.postman.mail
    assert isinstance(mail, SandboxMail)
    return mail.sent


def owner(services: Services, seller_id: str, language: str = "pt") -> None:
    """Let a shop have an owner who reads a language."""
    user = User(
        id=f"u_{seller_id}",
        created_at=NOW,
        email=f"owner-{seller_id}@shop.example",
        name="Eva",
        language=language,
        password_hash="",
        confirmed_at=NOW,
    )
    with services.database.writing.begin() as session:
        session.add(user)
        session.flush()
        session.add(Membership(seller_id=seller_id, user_id=user.id, role="owner", since=NOW))


def test_an_order_tells_its_buyer_how_to_pay_until_when_and_what_became_of_it(services: Services) -> None:
    """Placed, paid, shipped: each once, in Spanish, times in that of the market; repeats tell nobody."""
    actor, listing = sell(services)
    payment_accounts.create(services, actor, "sandbox", country="US", is_live=False, secrets={})
    made = order(services, actor, listing, pay_until=NOW + timedelta(hours=24))
    first = list(sent(services))
    for _ in range(2):
        paid(services, made.id)
        sent(services)
    order_acts.pack_all(services, actor, made.id)
    for _ in range(2):
        order_acts.ship(services, actor, made.id, carrier="DHL", tracking="JD01")
    found = sent(services)

    assert [(one.to, one.subject, one.tag) for one in found] == [
        ("ana@buyer.example", "Tu pedido 1001 de Tienda", "es"),
        ("ana@buyer.example", "Tu pedido 1001 de Tienda está pagado", "es"),
        ("ana@buyer.example", "Tu pedido 1001 de Tienda va en camino", "es"),
    ]
    assert first[0].text == (
        "Hola, Ana Pérez:\n\n"
        "gracias por tu pedido. Tienda lo envía en cuanto esté pagado.\n\n"
        "2 × T-shirt: USD 50.00\n\n"
        "Pagas a la tienda USD 76.63, con el flete.\n\n"
        "Los aranceles e impuestos van incluidos: al recibir no se paga nada.\n\n"
        "Puedes pagar con: Tarjeta de prueba, Vale de prueba.\n\n"
        "Tus piezas están apartadas hasta el 24 de noviembre de 2026, 10:04 (EST). Paga en la página de tu pedido:"
    )
    assert "Lo lleva DHL con el número JD01." in found[-1].text
    assert len({one.name for one in found}) == 3


def test_a_voucher_tells_how_to_pay_it_until_it_is_paid(services: Services) -> None:
    """Number, amount and end stand in the letter; where it was paid before the letter left, nobody is told to pay."""
    told: list[list[str]] = []
    words: list[str] = []
    for is_paid in (False, True):
        sale = Sale(services)
        sent(services).clear()
        begun = sale.start("voucher")
        sale.pressed(begun.payment_id, "issue")
        if is_paid:
            sale.pressed(begun.payment_id, "pay_voucher")
        told.append([one.subject for one in sent(services)])
        words.append(sent(services)[0].text)

    assert "paga USD 76.63 con estos datos hasta el 26 de noviembre de 2026, 10:04 (EST):\n\nNúmero: " in words[0]
    assert told == [["Cómo pagar tu pedido 1001 de Tienda"], ["Tu pedido 1001 de Tienda está pagado"]]


def test_money_back_an_end_and_a_cancelling_are_told(services: Services) -> None:
    """With the amount that goes back, and whether anything does."""
    actor, listing = sell(services)
    back, over, undone, both = (order(services, actor, listing, key, pay_until=NOW) for key in "abcd")
    sent(services).clear()
    paid(services, back.id)
    orders.add(services, back.id, event("refund_started", "r1", 1_000, payment="pi_1", ref="r1", source="seller"))
    orders.add(services, back.id, event("refund_made", "r1:made", 1_000, payment="pi_1", ref="r1"))
    paid(services, both.id)
    order_acts.cancel(services, actor, both.id)
    order_acts.cancel(services, actor, undone.id)
    order_acts.expire_due(services)
    found = {one.subject: one.text for one in sent(services)}

    assert set(found) == {
        f"Tu pedido {back.number} de Tienda está pagado",
        f"Se te devolvió dinero de tu pedido {back.number}",
        f"Tu pedido {both.number} de Tienda está pagado",
        f"Se canceló tu pedido {both.number} de Tienda",
        f"Se canceló tu pedido {undone.number} de Tienda",
        f"Tu pedido {over.number} de Tienda terminó sin pago",
    }
    assert "se te devolvieron USD 10.00 de tu pedido" in found[f"Se te devolvió dinero de tu pedido {back.number}"]
    returned = "Lo que pagaste se te devuelve"
    assert returned in found[f"Se canceló tu pedido {both.number} de Tienda"]
    assert returned not in found[f"Se canceló tu pedido {undone.number} de Tienda"]
    assert returned not in found[f"Tu pedido {over.number} de Tienda terminó sin pago"]


def test_owners_are_told_of_paid_orders_disputes_and_what_does_not_fit(services: Services) -> None:
    """In their own language; what they did themselves they are not told."""
    actor, listing = sell(services)
    owner(services, actor.seller_id)
    made = order(services, actor, listing)
    paid(services, made.id)
    order_acts.hold(services, actor, made.id, key="a")
    order_acts.release(services, actor, made.id, key="a")
    due = {"due": "2026-12-05T10:00:00+00:00"}
    orders.add(services, made.id, event("dispute_opened", "d1:opened", DUE, payment="pi_1", ref="d1", data=due))
    orders.add(services, made.id, event("payment_mismatch", "pi_2:mismatch", 7, payment="pi_2"))
    found = [one for one in sent(services) if one.to == f"owner-{actor.seller_id}@shop.example"]

    assert [one.subject for one in found] == [
        "Pedido 1001 pago: USD 76,63",
        "Pedido 1001: o pagamento é contestado",
        "Pedido 1001 parado: confira o pagamento",
    ]
    assert "Responda no provedor até 5 de dezembro de 2026." in found[1].text
    assert all(one.text.endswith(f"{BASE}/orders/{made.id}") for one in found)


def test_money_after_the_end_is_told_to_both(services: Services) -> None:
    """The buyer reads that it is not lost, the owner that it waits."""
    actor, listing = sell(services)
    owner(services, actor.seller_id, "en")
    made = order(services, actor, listing)
    order_acts.cancel(services, actor, made.id)
    sent(services).clear()
    paid(services, made.id)

    assert {one.subject for one in sent(services)} == {
        "Tu pago del pedido 1001 llegó tarde",
        "Order 1001 was paid after its end",
    }


def test_two_processes_send_each_letter_once(tmp_path: Path, services: Services) -> None:
    """Whoever takes a row has it; the other goes on with the next."""
    actor, listing = sell(services, stock=40)
    for number in range(6):
        order(services, actor, listing, f"k{number}")
    others = [
        open_services(settings(tmp_path, database_url=services.settings.database_url), now=services.now) for _ in "ab"
    ]
    mail = SandboxMail()
    for one in others:
        one.postman = Postman(mail, pauses_s=())
    threads = [threading.Thread(target=order_letters.work, args=(one, BASE)) for one in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in others:
        one.database.dispose()

    assert len(mail.sent) == len({one.name for one in mail.sent}) == 6


def test_a_server_that_is_down_is_asked_again_and_one_that_refuses_is_not(services: Services, clock: Clock) -> None:
    """What may succeed later waits longer each time; an address that is refused is given up."""
    actor, listing = sell(services)
    order(services, actor, listing)
    states = []
    for way, wait in (("unavailable", timedelta(0)), ("unavailable", timedelta(minutes=1)), ("", timedelta(hours=1))):
        services.postman = Postman(SandboxMail(f"sandbox:{way}"), pauses_s=())
        clock.at += wait
        order_letters.work(services, BASE)
        states.append(_states(services))
    order(services, actor, listing, "k2")
    services.postman = Postman(SandboxMail("sandbox:refused"), pauses_s=())
    order_letters.work(services, BASE)

    assert states == [[("waiting", 1)], [("waiting", 1)], [("sent", 2)]]
    assert _states(services) == [("sent", 2), ("dropped", 1)]


def test_a_process_that_dies_while_sending_leaves_the_letter_due(services: Services, clock: Clock) -> None:
    """After the lease it goes out, under the name that it had."""
    actor, listing = sell(services)
    order(services, actor, listing)
    with services.database.writing.begin() as session:
        lost = update(OrderLetter).values(tries=1, due_at=NOW + timedelta(minutes=5))
        session.execute(lost)
    early = len(sent(services))
    clock.at += timedelta(minutes=5)

    assert (early, len(sent(services)), _states(services)) == (0, 1, [("sent", 2)])


def test_what_is_not_committed_is_told_to_nobody(services: Services) -> None:
    """The letter goes with the event or not at all."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    sent(services).clear()

    def fail() -> None:
        with services.database.writing.begin() as session:
            row = orders.locked(session, made.id)
            orders.append(session, row, event("payment_received", "pi_1:received", DUE, payment="pi_1"), NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert sent(services) == []


def test_a_name_cannot_make_lines_or_marks_of_its_own(services: Services) -> None:
    """Breaks in a name are spaces, and signs of HTML are text."""
    actor, listing = sell(services)
    made = order(services, actor, listing)
    sent(services).clear()
    data: dict[str, Any] = {"carrier": "DHL\r\nBcc: all@example.com", "tracking": "<b>1</b>"}
    paid(services, made.id)
    order_acts.pack_all(services, actor, made.id)
    orders.add(services, made.id, Event("shipped", NOW, "seller", "shipped", data=data))
    letter = sent(services)[-1]

    assert "DHL Bcc: all@example.com con el número <b>1</b>." in letter.text
    assert "&lt;b&gt;1&lt;/b&gt;" in letter.html
    assert letter.message("a@shop.example")["Bcc"] is None


def _states(services: Services) -> list[tuple[str, int]]:
    with services.database.reading() as session:
        rows = session.scalars(select(OrderLetter).order_by(OrderLetter.id))
        return [(one.state, one.tries) for one in rows]
