"""What payments must survive, one function each: what happens, and what it comes to. ``make faults`` prints the table.

Each is tried on SQLite and PostgreSQL by ``tests/integration/test_faults.py``. They act through the sandbox, which
keeps its books outside of the shop; what is a provider's alone is tried before its twin (``faults_providers.py``).
"""

from __future__ import annotations

import json
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import select

from shopkit.models import PaymentEvent
from shopkit.orders import Event, RefusedError
from shopkit.payments import sandbox
from shopkit.services import order_acts, orders, payments, refunds, webhooks
from shopkit.services.payments import ProviderDownError
from shopkit.services.problems import RequestError
from tests import faults_providers
from tests.ordering import DUE
from tests.paying import Sale, usd

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopkit.services.context import Services

Told = tuple[str, ...]
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Fault:
    """A situation by its number in the facts, and what it has to come to."""

    number: int
    what: str
    happens: Callable[[Sale], Told]
    comes_to: Told


def _end(sale: Sale) -> Told:
    state = sale.state
    held = ["held"] if state.is_held else []
    return (state.status, f"net {state.net}", *held)


def _same_twice(sale: Sale) -> Told:
    begun = sale.start()
    message = sale.press(begun.payment_id, "pay")
    first, second = sale.tell(*message), sale.tell(*message)
    webhooks.work(sale.services)
    return (first, second, *_end(sale), f"{sale.kinds.count('payment_received')} line")


def _same_at_once(sale: Sale) -> Told:
    begun = sale.start()
    message = sale.press(begun.payment_id, "pay")
    together(4, lambda: sale.tell(*message))
    together(4, lambda: webhooks.work(sale.services))
    return (*_end(sale), f"{sale.kinds.count('payment_received')} line")


def _page_and_message(sale: Sale) -> Told:
    begun = sale.start()
    sale.tell(*sale.press(begun.payment_id, "pay"))
    threads = [
        threading.Thread(target=webhooks.work, args=(sale.services,)),
        threading.Thread(target=payments.settle, args=(sale.services, begun.payment_id)),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return (*_end(sale), f"{sale.kinds.count('payment_received')} line")


def _out_of_order(sale: Sale) -> Told:
    begun = sale.start()
    messages = [sale.press(begun.payment_id, "pay"), sale.press(begun.payment_id, "give_back", 1_000)]
    for one in reversed(messages):
        sale.tell(*one)
        webhooks.work(sale.services)
    return (*_end(sale), *sale.kinds)


def _dispute_first(sale: Sale) -> Told:
    begun = sale.start()
    paid, disputed = sale.press(begun.payment_id, "pay"), sale.press(begun.payment_id, "dispute")
    sale.tell(*disputed)
    sale.tell(*paid)
    webhooks.work(sale.services)
    return (sale.state.money, sale.state.stops or "")


def _voucher(sale: Sale) -> Told:
    begun = sale.start("voucher")
    sale.pressed(begun.payment_id, "issue")
    before, why = sale.state.status, sale.state.stops or ""
    after = sale.pressed(begun.payment_id, "pay_voucher")
    return (before, why, after.status, after.stops or "may be sent")


def _after_expiry(sale: Sale) -> Told:
    begun = sale.start("voucher")
    sale.pressed(begun.payment_id, "issue")
    sale.pressed(begun.payment_id, "expire")
    now = sale.services.now()
    with suppress(RefusedError):
        orders.add(sale.services, sale.order.id, Event("cancelled", now, "seller", "cancelled"))
    sale.pressed(begun.payment_id, "pay_voucher")
    return (*_end(sale), sale.state.stops or "", f"owed back {sale.state.owed_back}")


def _declined(sale: Sale) -> Told:
    begun = sale.start()
    sale.pressed(begun.payment_id, "decline")
    before = sale.state.status
    sale.pressed(begun.payment_id, "pay")
    return (before, *_end(sale))


def _paid_twice(sale: Sale) -> Told:
    voucher, card = sale.start("voucher"), sale.start("card")
    sale.pressed(voucher.payment_id, "issue")
    sale.pressed(card.payment_id, "pay")
    sale.pressed(voucher.payment_id, "pay_voucher")
    before = f"owed back {sale.state.owed_back}"
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(DUE), "paid twice", "k")
    return (before, *_end(sale), f"owed back {sale.state.owed_back}")


def _refund_too_much(sale: Sale) -> Told:
    sale.pressed(sale.start().payment_id, "pay")
    told = [_refused(sale, DUE + 1, "a"), _refused(sale, 5_000, "b"), _refused(sale, 5_000, "c")]
    return (*told, *_end(sale))


def _refund_at_once(sale: Sale) -> Told:
    sale.pressed(sale.start().payment_id, "pay")
    keys = iter("abcd")
    done = together(4, lambda: _refused(sale, 5_000, next(keys)))
    return (f"{done.count('ok')} refund", *_end(sale))


def _refund_of_nothing(sale: Sale) -> Told:
    sale.start()
    return (_refused(sale, 100, "a"), *_end(sale))


def _dashboard(sale: Sale) -> Told:
    begun = sale.start()
    sale.pressed(begun.payment_id, "pay")
    sale.pressed(begun.payment_id, "give_back", 2_000)
    return _end(sale)


def _cancel_and_pay(sale: Sale) -> Told:
    begun = sale.start()
    sale.press(begun.payment_id, "pay")
    payments.cancel(sale.services, begun.payment_id)
    return _end(sale)


def _cancelled_with_a_page(sale: Sale) -> Told:
    """Cancelling ends the page at the provider; one that is paid at that moment all the same is owed back."""
    begun = sale.start()
    order_acts.cancel(sale.services, sale.actor, sale.order.id)
    page = payments.see(sale.services, sale.order.id)[0].state
    sale.pressed(begun.payment_id, "pay")
    return (page, *_end(sale), f"owed back {sale.state.owed_back}")


def _conflict(sale: Sale) -> Told:
    begun = sale.start()
    body, headers = sale.press(begun.payment_id, "pay")
    sale.tell(body, headers)
    other = json.dumps(json.loads(body) | {"said": "another amount"}).encode()
    told = sale.tell(other, {"Sandbox-Signature": signed(sale, other)})
    webhooks.work(sale.services)
    return (told, *_end(sale), *sorted(_inbox(sale)))


def _double_click(sale: Sale) -> Told:
    begun = together(4, sale.start)
    return (f"{len({one.payment_id for one in begun})} attempt", f"{len({one.url for one in begun})} page")


def _amount_changed(sale: Sale) -> Told:
    """A page is open; the price falls, another is opened, and the old one is paid: nobody knows for what."""
    old = sale.start()
    order_acts.reduce(sale.services, sale.actor, sale.order.id, usd(1_000), key="less")
    new = sale.start()
    sale.pressed(old.payment_id, "pay")
    before = (payments.see(sale.services, sale.order.id)[0].state, *_end(sale), sale.state.stops or "")
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(DUE), "old price", "k")
    order_acts.release(sale.services, sale.actor, sale.order.id, key="seen")
    sale.pressed(new.payment_id, "pay")
    return (old.amount.text, new.amount.text, *before, *_end(sale), sale.state.stops or "may be sent")


def _amount_changed_alone(sale: Sale) -> Told:
    """The price falls while a page is open, which is paid before anybody opens another."""
    old = sale.start()
    message = sale.press(old.payment_id, "pay")
    order_acts.reduce(sale.services, sale.actor, sale.order.id, usd(1_000), key="less")
    sale.tell(*message)
    webhooks.work(sale.services)
    return (*_end(sale), f"astray {sale.state.astray}")


def _strangers(sale: Sale) -> Told:
    said = {"id": "ev_x", "kind": "pay", "live": True, "ref": "sb_x"}
    told = []
    for one in (said, said | {"id": "ev_y", "live": False}, said | {"id": "ev_z", "live": False, "kind": "news"}):
        body = json.dumps(one).encode()
        told.append(sale.tell(body, {"Sandbox-Signature": signed(sale, body)}))
    webhooks.work(sale.services)
    return (*told, *_inbox(sale), *_end(sale))


def _mismatch(sale: Sale) -> Told:
    begun = sale.start()
    sale.pressed(begun.payment_id, "pay", DUE + 100)
    return (*_end(sale), sale.state.stops or "", f"astray {sale.state.astray}")


def _answer_lost(sale: Sale) -> Told:
    sandbox.fail_next(sale.account, "lost")
    told = _begun(sale)
    begun = sale.start()
    sale.pressed(begun.payment_id, "pay")
    return (told, f"{begun.payment_id == payments.see(sale.services, sale.order.id)[0].payment_id}", *_end(sale))


def _killed(sale: Sale) -> Told:
    """Between the provider's answer and our commit: the message comes for an attempt that holds no answer."""
    sandbox.fail_next(sale.account, "lost")
    _begun(sale)
    attempt = payments.see(sale.services, sale.order.id)[0]
    ref = f"sb_{attempt.payment_id[-12:]}"
    body, header = sandbox.press(sale.account, ref, "pay", sale.services.now())
    sale.tell(body, {"Sandbox-Signature": header})
    webhooks.work(sale.services)
    return (attempt.state, *_end(sale))


def _down_for_an_hour(sale: Sale) -> Told:
    begun = sale.start()
    message = sale.press(begun.payment_id, "pay")
    sandbox.fail_next(sale.account, "down", "down", "down")
    told = sale.tell(*message)
    moment = sale.services.now()
    for _ in range(5):
        webhooks.work(sale.services)
        moment += timedelta(minutes=20)
        sale.services.now = partial(_same, moment)
    return (told, *_end(sale), *_inbox(sale))


def _voucher_refund(sale: Sale) -> Told:
    begun = sale.start("voucher")
    sale.pressed(begun.payment_id, "issue")
    sale.pressed(begun.payment_id, "pay_voucher")
    told = _refused(sale, 1_000, "a")
    refunds.record(sale.services, sale.actor, sale.order.id, usd(1_000), "by transfer", "b")
    return (f"{refunds.is_possible(sale.services, sale.order.id)}", told, *_end(sale))


def _refund_fails(sale: Sale) -> Told:
    begun = sale.start()
    sale.pressed(begun.payment_id, "pay")
    sandbox.next_refund(sale.account, sale.ref(begun.payment_id), "started")
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(DUE), "", "a")
    waiting = f"refundable {sale.state.refundable}"
    sandbox.next_refund(sale.account, sale.ref(begun.payment_id), "failed")
    payments.settle(sale.services, begun.payment_id)
    return (waiting, *_end(sale), f"refundable {sale.state.refundable}")


def _refund_lost(sale: Sale) -> Told:
    sale.pressed(sale.start().payment_id, "pay")
    sandbox.fail_next(sale.account, "lost")
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(5_000), "", "a")
    waiting = sale.state.money
    webhooks.reconcile(sale.services)
    return (waiting, *_end(sale), f"{sale.kinds.count('refund_made')} refund")


def _in_parts(sale: Sale) -> Told:
    begun = sale.start("voucher")
    sale.pressed(begun.payment_id, "part", 3_000)
    before = _end(sale)
    sale.pressed(begun.payment_id, "pay_voucher")
    return (*before, *_end(sale))


def _stopped_between(sale: Sale) -> Told:
    """The message was kept and the process is gone; another one goes on, once the lease is over."""
    begun = sale.start()
    told = sale.tell(*sale.press(begun.payment_id, "pay"))
    webhooks._take(sale.services)
    moment = sale.services.now() + timedelta(minutes=3)
    # Messages of other shops may wait here as well: it is this one's that is looked at.
    webhooks.work(sale.services)
    before = _messages(sale)
    sale.services.now = lambda: moment
    webhooks.work(sale.services)
    return (told, *before, *_messages(sale), *_end(sale))


def _messages(sale: Sale) -> list[str]:
    """Return how the shop's messages stand."""
    query = select(PaymentEvent.state).where(PaymentEvent.account_id == sale.account.id).order_by(PaymentEvent.id)
    with sale.services.database.reading() as session:
        return list(session.scalars(query))


def _suspect(sale: Sale) -> Told:
    begun = sale.start()
    sale.pressed(begun.payment_id, "pay")
    sale.pressed(begun.payment_id, "warn")
    return (*_end(sale), sale.state.stops or "")


PAID: Final = ("paid", f"net {DUE}")
SEAL: Final = ("A" * 43 + "=",)
FAULTS: Final = (
    Fault(2, "the same message twice", _same_twice, ("kept", "repeated", *PAID, "1 line")),
    Fault(2, "the same message four times at once", _same_at_once, (*PAID, "1 line")),
    Fault(3, "the buyer's return and the message race", _page_and_message, (*PAID, "1 line")),
    Fault(
        4,
        "refund told before the payment",
        _out_of_order,
        ("part_refunded", f"net {DUE - 1_000}", "payment_started", "payment_received", "refund_made"),
    ),
    Fault(4, "dispute told before the payment", _dispute_first, ("disputed", "order.disputed")),
    Fault(5, "a voucher is out, then paid", _voucher, ("pending", "order.not_paid", "paid", "may be sent")),
    Fault(
        6,
        "paid after the order ended",
        _after_expiry,
        ("paid_late", f"net {DUE}", "order.closed", f"owed back {DUE}"),
    ),
    Fault(7, "a declined card, then another", _declined, ("awaiting_payment", *PAID)),
    Fault(8, "paid twice by two methods, one refunded", _paid_twice, (f"owed back {DUE}", *PAID, "owed back 0")),
    Fault(
        9,
        "refund above what is left",
        _refund_too_much,
        ("refund.above", "ok", "refund.above", "part_refunded", f"net {DUE - 5_000}"),
    ),
    Fault(9, "refund four times at once", _refund_at_once, ("1 refund", "part_refunded", f"net {DUE - 5_000}")),
    Fault(9, "refund of what was never paid", _refund_of_nothing, ("refund.above", "awaiting_payment", "net 0")),
    Fault(10, "refund made at the provider", _dashboard, ("part_refunded", f"net {DUE - 2_000}")),
    Fault(11, "cancelled and paid at the same moment", _cancel_and_pay, PAID),
    Fault(
        11,
        "cancelled with a page open, which is paid all the same",
        _cancelled_with_a_page,
        ("expired", "paid_late", f"net {DUE}", f"owed back {DUE}"),
    ),
    Fault(12, "the same name with another amount", _conflict, ("kept", *PAID, "conflict", "handled")),
    Fault(13, "double click, four at once", _double_click, ("1 attempt", "1 page")),
    Fault(
        14,
        "price changed after the redirect, old page paid",
        _amount_changed,
        (
            *("76.63", "66.63", "paid", "awaiting_payment", "net 0", "held", "order.held"),
            *("paid", f"net {DUE - 1_000}", "may be sent"),
        ),
    ),
    Fault(
        14,
        "price changed and old page paid at the same moment",
        _amount_changed_alone,
        ("awaiting_payment", "net 0", "held", f"astray {DUE}"),
    ),
    Fault(
        15,
        "other mode, unknown object, unknown kind",
        _strangers,
        ("kept", "kept", "kept", "ignored", "ignored", "ignored", "awaiting_payment", "net 0"),
    ),
    Fault(
        16,
        "another amount than was asked for",
        _mismatch,
        ("awaiting_payment", "net 0", "held", "order.held", f"astray {DUE + 100}"),
    ),
    Fault(17, "the answer to beginning is lost", _answer_lost, ("down", "True", *PAID)),
    Fault(17, "killed between the answer and our commit", _killed, ("starting", *PAID)),
    Fault(17, "the provider is down for an hour", _down_for_an_hour, ("kept", *PAID, "handled")),
    Fault(
        17,
        "the answer to a refund is lost",
        _refund_lost,
        ("refunding", "part_refunded", f"net {DUE - 5_000}", "1 refund"),
    ),
    Fault(
        19,
        "refund of a voucher, then recorded by hand",
        _voucher_refund,
        ("False", "payment.refund_by_hand", "part_refunded", f"net {DUE - 1_000}"),
    ),
    Fault(20, "a refund fails later", _refund_fails, ("refundable 0", *PAID, f"refundable {DUE}")),
    Fault(22, "money in two parts", _in_parts, ("underfunded", "net 3000", *PAID)),
    Fault(23, "stopped after the message was kept", _stopped_between, ("kept", "new", "handled", *PAID)),
    Fault(4, "the network suspects fraud", _suspect, (*PAID, "held", "order.held")),
    *(Fault(*row) for row in faults_providers.ROWS),
)


def signed(sale: Sale, body: bytes) -> str:
    """Return the signature of a message that the sandbox did not send."""
    from shopkit.payments.signing import stamped  # noqa: PLC0415

    return stamped(body, sale.account.signing[0], sale.services.now())


def together(many: int, do: Callable[[], _Result]) -> list[_Result]:
    """Do the same in several threads at once and return what came of it."""
    barrier, found = threading.Barrier(many), []

    def run() -> None:
        barrier.wait()
        found.append(do())

    threads = [threading.Thread(target=run) for _ in range(many)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def _refused(sale: Sale, minor: int, key: str) -> str:
    try:
        refunds.refund(sale.services, sale.actor, sale.order.id, usd(minor), "", key)
    except RequestError as error:
        return error.problems[0].code
    return "ok"


def _same(moment: datetime) -> datetime:
    return moment


def _begun(sale: Sale) -> str:
    try:
        sale.start()
    except ProviderDownError:
        return "down"
    return "begun"


def _inbox(sale: Sale) -> list[str]:
    return [one.state for one in webhooks.messages(sale.services, sale.actor)]


def run(services: Services) -> list[tuple[Fault, Told]]:
    """Let everything happen, each to an order of its own, and return what it came to."""
    clock = services.now
    told = []
    for one in FAULTS:
        told.append((one, one.happens(Sale(services))))
        services.now = clock
    return told


def main() -> None:
    """Print the table, on SQLite and on PostgreSQL."""
    from shopkit.services.context import open_services  # noqa: PLC0415
    from tests import postgres  # noqa: PLC0415
    from tests.databases import migrate  # noqa: PLC0415
    from tests.shop import NOW, settings  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, postgres.server() as server, postgres.database(server) as address:
        tables = {}
        for name, more in (("SQLite", {}), ("PostgreSQL", {"database_url": address})):
            services = open_services(settings(Path(folder, name), secret_keys=SEAL, **more), now=lambda: NOW)
            migrate(services.database)
            tables[name] = run(services)
            services.database.dispose()
    wrong = 0
    for (fault, lite), (_, other) in zip(*tables.values(), strict=True):
        marks = ["as it must" if one == fault.comes_to else f"WRONG {one}" for one in (lite, other)]
        wrong += sum(one != "as it must" for one in marks)
        print(f"{fault.number:>3}  {fault.what:<52} {' · '.join(fault.comes_to):<95} {' / '.join(marks)}")  # noqa: T201
    print(f"{len(FAULTS)} situations on SQLite and PostgreSQL, {wrong} wrong")  # noqa: T201
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
