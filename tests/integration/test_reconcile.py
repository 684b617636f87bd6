"""What is read again without a message: whose turn it is, and what may be taken at the same moment."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shopkit.orders import Event, RefusedError
from shopkit.payments import sandbox
from shopkit.services import orders, payments, webhooks
from shopkit.services.context import Services, open_services
from tests.databases import migrate
from tests.faults import together
from tests.ordering import DUE
from tests.paying import Sale
from tests.shop import NOW, settings
from tests.twins import paypal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from shopkit.payments.port import Account, Read


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Return a shop without rows."""
    found = open_services(settings(tmp_path, secret_keys=("A" * 43 + "=",)), now=lambda: NOW)
    migrate(found.database)
    yield found
    found.database.dispose()


def at(services: Services, moment: datetime) -> Services:
    """Move the clock of a shop."""
    services.now = lambda: moment
    return services


def test_transfers_by_hand_take_nobodys_turn(services: Services) -> None:
    """Nobody can read them: with room for one, it is the other attempt that is read."""
    bank = Sale(services, "bank", options={"lines": {"bank": "B", "account": "1", "holder": "A"}})
    bank.start("transfer")
    other = Sale(services)
    begun = other.start()
    other.press(begun.payment_id, "pay")

    assert payments.unpaid(services, NOW + timedelta(minutes=1), 1) == [begun.payment_id]
    assert webhooks.reconcile(at(services, NOW + timedelta(hours=1)), 1)["payments"] == 1
    assert other.state.status == "paid"


def test_what_cannot_be_read_waits_its_turn(services: Services) -> None:
    """One that is not answered is put off, and the next is read."""
    first, second = Sale(services), Sale(services)
    one, two = first.start(), second.start()
    second.press(two.payment_id, "pay")
    sandbox.fail_next(first.account, "down")
    at(services, NOW + timedelta(hours=1))
    told = [webhooks.reconcile(services, 1) for _ in range(2)]

    assert [(each["payments"], each["unanswered"]) for each in told] == [(0, 1), (1, 0)]
    assert (first.state.status, second.state.status) == ("awaiting_payment", "paid")
    assert payments.unpaid(services, NOW + timedelta(minutes=50), 10) == []
    assert one.payment_id != two.payment_id


def test_an_answer_of_another_shape_stops_nobody_else(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot be read is put off as if there were none, its message too, and the next is read."""
    first, second = Sale(services), Sale(services)
    broken, begun = first.start(), second.start()
    first.tell(*first.press(broken.payment_id, "pay"))
    second.press(begun.payment_id, "pay")
    ref, read = first.ref(broken.payment_id), sandbox.Sandbox.read

    def torn(self: sandbox.Sandbox, account: Account, name: str, also: Sequence[str] = ()) -> Read:
        if name == ref:
            raise KeyError("status")
        return read(self, account, name, also)

    monkeypatch.setattr(sandbox.Sandbox, "read", torn)
    told = webhooks.reconcile(at(services, NOW + timedelta(hours=1)))
    [message] = webhooks.messages(services, first.actor)

    assert (told["payments"], told["unanswered"]) == (1, 1)
    assert (second.state.status, message.state, message.problem) == ("paid", "new", "unavailable")


@pytest.mark.parametrize(("days", "status"), [(2, "paid_late"), (15, "cancelled")])
def test_money_that_comes_late_without_a_message_is_found(services: Services, days: int, status: str) -> None:
    """Attempts that are over are read once a day for two weeks."""
    sale = Sale(services)
    begun = sale.start("voucher")
    sale.pressed(begun.payment_id, "issue")
    sale.pressed(begun.payment_id, "expire")
    with suppress(RefusedError):
        orders.add(services, sale.order.id, Event("cancelled", NOW, "seller", "cancelled"))
    sale.press(begun.payment_id, "pay_voucher")
    webhooks.reconcile(at(services, NOW + timedelta(days=days)))

    assert sale.state.status == status


def test_a_refund_in_the_providers_pages_is_found_within_a_day(services: Services) -> None:
    """Paid orders are read again, though no message came."""
    sale = Sale(services)
    begun = sale.start()
    sale.pressed(begun.payment_id, "pay")
    sale.press(begun.payment_id, "give_back", 1_000)
    webhooks.reconcile(at(services, NOW + timedelta(hours=20)))
    early = sale.state.net
    webhooks.reconcile(at(services, NOW + timedelta(hours=25)))

    assert (early, sale.state.net) == (DUE, DUE - 1_000)


def test_of_two_approvals_one_is_taken(services: Services) -> None:
    """An older page and a newer one are approved, and four readings of each come at once: the order is paid once."""
    with paypal.serving(start=int(NOW.timestamp())) as twin:
        secrets = {"client_id": "twin-client", "client_secret": "twin-secret"}
        sale = Sale(services, "paypal", secrets=secrets, options={"api_base": twin.url})
        old = sale.start("paypal")
        at(services, NOW + timedelta(hours=3, minutes=30))
        twin.control("advance", seconds=12_600)
        new = sale.start("paypal")
        for one in (old, new):
            twin.control("approve", order=sale.ref(one.payment_id))
        turns = iter([old.payment_id, new.payment_id] * 4)
        together(8, lambda: payments.settle(services, next(turns)))
        captures = [one for one in twin.world.things.values() if one["_kind"] == "capture"]

    assert old.payment_id != new.payment_id
    assert (len(captures), sale.state.net, sale.state.owed_back) == (1, DUE, 0)
