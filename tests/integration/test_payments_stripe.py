"""Orders paid at the twin of Stripe: through its pages and its messages, with its ways of going wrong."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from shopkit.services import payment_accounts, payments, refunds, webhooks
from shopkit.services.context import open_services
from shopkit.services.problems import RequestError
from tests.databases import migrate
from tests.ordering import DUE
from tests.paying import BACK, Sale, usd
from tests.shop import NOW, settings
from tests.twins.stripe import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "sk_test_US_shop"
SECRET = "whsec_planted_secret"
SEAL = "A" * 43 + "="


@pytest.fixture
def twin() -> Iterator[Twin]:
    """Return a twin whose clock is the shop's."""
    with serving(start=int(NOW.timestamp())) as found:
        found.world.webhooks.signed_at = lambda: int(NOW.timestamp())
        yield found


@pytest.fixture
def sale(tmp_path: Path, twin: Twin) -> Iterator[Sale]:
    """Return a seller with an account at the twin, whose messages come to the shop."""
    services = open_services(settings(tmp_path, secret_keys=(SEAL,)), now=lambda: NOW)
    migrate(services.database)
    found = Sale(
        services, "stripe", secrets={"key": KEY}, signing=("whsec_old", SECRET), options={"api_base": twin.url}
    )
    twin.control("endpoint", key=KEY, url="http://127.0.0.1:9/hook", secret=SECRET)
    answers = {"kept": 200, "repeated": 200}
    twin.world.webhooks.transport = lambda _, headers, body: answers.get(found.tell(body, headers), 400)
    yield found
    services.database.dispose()


def deliver(sale: Sale, twin: Twin) -> None:
    """Let all messages come in and be handled."""
    twin.control("deliver")
    webhooks.work(sale.services)


def test_paid_by_card_and_refunded_in_part(sale: Sale, twin: Twin) -> None:
    """The order is paid once by whatever messages come, and a part goes back once."""
    begun = sale.start()
    again = sale.start()
    twin.control("mode", name="duplicate", times=10)
    twin.control("pay", session=sale.ref(begun.payment_id))
    deliver(sale, twin)
    paid = sale.state
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(1_000), "", "a")
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(1_000), "", "a")
    deliver(sale, twin)

    assert (begun.url, begun.payment_id) == (again.url, again.payment_id)
    assert (paid.status, paid.net, paid.stops) == ("paid", DUE, None)
    assert (sale.state.status, sale.state.net) == ("part_refunded", DUE - 1_000)
    assert sale.kinds == ["payment_started", "payment_received", "refund_started", "refund_made"]
    assert len(twin.requests("POST", "/v1/checkout/sessions")) == 1
    assert len(twin.requests("POST", "/v1/refunds")) == 1


@pytest.mark.parametrize(
    "mode", ["corrupt", "wrong_secret", "stale", "future", "only_v0", "reserialised", "unsigned", "lose", "reorder"]
)
def test_messages_that_are_spoilt_change_nothing_and_cost_nothing(sale: Sale, twin: Twin, mode: str) -> None:
    """Nothing unproved is kept; what was lost by it is found by reading again."""
    begun = sale.start()
    twin.control("pay", session=sale.ref(begun.payment_id))
    twin.control("mode", name=mode, times=20)
    deliver(sale, twin)
    kept = len(webhooks.messages(sale.services, sale.actor))
    payments.settle(sale.services, begun.payment_id)

    assert (kept > 0) is (mode == "reorder")
    assert (sale.state.status, sale.kinds) == ("paid", ["payment_started", "payment_received"])


@pytest.mark.parametrize("mode", ["unknown_type", "unknown_object", "other_livemode", "other_order"])
def test_messages_about_others_change_nothing(sale: Sale, twin: Twin, mode: str) -> None:
    """Unknown kinds, objects of others and of the other mode are kept, answered, and lead nowhere."""
    begun = sale.start()
    twin.control("mode", name=mode, times=20)
    twin.control("pay", session=sale.ref(begun.payment_id))
    deliver(sale, twin)

    assert (sale.state.status, sale.kinds) == ("paid", ["payment_started", "payment_received"])
    assert {one.state for one in webhooks.messages(sale.services, sale.actor)} <= {"handled", "ignored"}


def test_a_dispute_holds_the_goods_and_its_end_frees_them(sale: Sale, twin: Twin) -> None:
    """An open dispute stops sending; won, the order goes on."""
    begun = sale.start()
    twin.control("pay", session=sale.ref(begun.payment_id))
    disputed = twin.control("dispute", payment=sale.ref(begun.payment_id))
    deliver(sale, twin)
    open_ = sale.state.stops
    twin.control("end_dispute", dispute=disputed["id"], won=True)
    deliver(sale, twin)

    assert (open_, sale.state.stops) == ("order.disputed", None)


def test_a_voucher_for_pesos_is_not_offered_for_dollars(sale: Sale) -> None:
    """What does not fit is refused with the reason before the provider is asked."""
    with pytest.raises(RequestError) as caught:
        payments.start(sale.services, sale.order.id, "stripe/oxxo", BACK)

    assert caught.value.problems[0].code == "payment.method"


def test_no_secret_reaches_logs_or_tables(sale: Sale, twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    """Keys and secrets of a seller stand nowhere in the clear, not even when calls fail."""
    caplog.set_level(logging.DEBUG)
    twin.control("fault", kind="500_before", times=3)
    with pytest.raises(payments.ProviderDownError) as caught:
        sale.start()
    begun = sale.start()
    twin.control("pay", session=sale.ref(begun.payment_id))
    twin.control("mode", name="wrong_secret", times=1)
    deliver(sale, twin)
    tables = ("payment_account", "payment", "payment_event", "payment_refund", "order_event", "audit_entry")
    with sale.services.database.reading() as session:
        rows = [str(tuple(row)) for name in tables for row in session.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608  # names of ours

    said = "\n".join([caplog.text, str(caught.value), repr(sale.account), *rows])
    assert begun.payment_id in said
    assert [one for one in (KEY, SECRET, SEAL, "whsec_old", "4242424242424242") if one in said] == []


def test_a_key_of_the_other_mode_is_not_kept(tmp_path: Path) -> None:
    """A live key for trying things, or a test key for money, is refused at once."""
    services = open_services(settings(tmp_path, secret_keys=(SEAL,)), now=lambda: NOW)
    migrate(services.database)
    with pytest.raises(RequestError) as caught:
        Sale(services, "stripe", secrets={"key": "sk_live_x"})
    services.database.dispose()

    assert [one.code for one in caught.value.problems] == ["payment.key_mode"]


def test_a_refund_whose_answer_was_lost_a_day_ago_is_not_made_again(sale: Sale, twin: Twin) -> None:
    """After its key is forgotten at the provider, a refund is looked for before it is asked for."""
    begun = sale.start()
    twin.control("pay", session=sale.ref(begun.payment_id))
    payments.settle(sale.services, begun.payment_id)
    twin.control("fault", kind="drop_after", times=3, path="/v1/refunds")
    refunds.refund(sale.services, sale.actor, sale.order.id, usd(1_000), "", "a")
    twin.control("advance", seconds=25 * 3600)
    sale.services.now = lambda: NOW + timedelta(hours=25)
    webhooks.reconcile(sale.services)

    assert sale.state.net == DUE - 1_000
    assert len(payments_read(sale, begun.payment_id)) == 1


def payments_read(sale: Sale, payment_id: str) -> tuple[object, ...]:
    """Return the refunds that the provider has."""
    return payment_accounts.adapter("stripe").read(sale.account, sale.ref(payment_id)).refunds
