"""The contract of ``shopkit.payments``: what every provider that can be asked must do, the sandbox as the others."""

# ruff: noqa: D102  # the hands of buyers and banks are named for what they do
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from landed_cost.money import Money
from shopkit.payments import sandbox
from shopkit.payments.port import Account, Adapter, Attempt, PaymentError
from shopkit.services.payment_accounts import adapter
from tests.shop import NOW
from tests.twins import mercadopago, paypal
from tests.twins.stripe import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PESOS = Money(99_000, "MXN")


class World(Protocol):
    """A provider, and the hands of its buyers and banks.

    ``voucher`` is a method that is paid later, ``has_voucher`` whether the buyer is given a number for it by a day;
    ``missed`` is what becomes of one that is not paid, ``left`` of an open attempt that is cancelled.
    """

    name: str
    voucher: str
    card: str
    account: Account
    has_voucher: bool
    missed: str
    left: tuple[str, str]

    def pay(self, ref: str) -> None: ...
    def issue(self, ref: str) -> None: ...
    def pay_voucher(self, ref: str) -> None: ...
    def expire(self, ref: str) -> None: ...
    def dispute(self, ref: str) -> None: ...
    def lose_answer(self) -> None: ...
    def fail(self) -> None: ...


@dataclass
class Books:
    """The sandbox."""

    account: Account
    name: str = "sandbox"
    voucher: str = "voucher"
    card: str = "card"
    has_voucher: bool = True
    missed: str = "expired"
    left: tuple[str, str] = ("expired", "expired")

    def pay(self, ref: str) -> None:
        sandbox.press(self.account, ref, "pay", NOW)

    def issue(self, ref: str) -> None:
        sandbox.press(self.account, ref, "issue", NOW)

    def pay_voucher(self, ref: str) -> None:
        sandbox.press(self.account, ref, "pay_voucher", NOW)

    def expire(self, ref: str) -> None:
        sandbox.press(self.account, ref, "expire", NOW)

    def dispute(self, ref: str) -> None:
        sandbox.press(self.account, ref, "dispute", NOW)

    def lose_answer(self) -> None:
        sandbox.fail_next(self.account, "lost")

    def fail(self) -> None:
        sandbox.fail_next(self.account, "down")


@dataclass
class StripeTwin:
    """Stripe, as its twin plays it."""

    twin: Twin
    account: Account
    name: str = "stripe"
    voucher: str = "oxxo"
    card: str = "card"
    has_voucher: bool = True
    missed: str = "expired"
    left: tuple[str, str] = ("expired", "expired")

    def pay(self, ref: str) -> None:
        self.twin.control("pay", session=ref)

    def issue(self, ref: str) -> None:
        self.twin.control("pay", session=ref, method="oxxo")

    def pay_voucher(self, ref: str) -> None:
        self.twin.control("pay_voucher", payment=ref)

    def expire(self, ref: str) -> None:
        self.twin.control("expire_voucher", payment=ref)

    def dispute(self, ref: str) -> None:
        self.twin.control("dispute", payment=ref)

    def lose_answer(self) -> None:
        self.twin.control("fault", kind="drop_after", times=3)

    def fail(self) -> None:
        self.twin.control("fault", kind="429", times=3)


@dataclass
class PayPalTwin:
    """PayPal, as its twin plays it. What its buyer approved is taken by the shop, and an order lapses by itself."""

    twin: paypal.Twin
    account: Account
    name: str = "paypal"
    voucher: str = "paypal"
    card: str = "paypal"
    has_voucher: bool = False
    missed: str = "failed"
    left: tuple[str, str] = ("open", "pending")

    def pay(self, ref: str) -> None:
        self.twin.control("approve", order=ref)

    def issue(self, ref: str) -> None:
        self.twin.control("approve", order=ref, fate="PENDING")

    def pay_voucher(self, ref: str) -> None:
        self.twin.control("settle", capture=self.capture(ref))

    def expire(self, ref: str) -> None:
        self.twin.control("settle", capture=self.capture(ref), status="DECLINED")

    def dispute(self, ref: str) -> None:
        self.twin.control("dispute", capture=self.capture(ref))

    def lose_answer(self) -> None:
        self.twin.control("fault", kind="drop_after", times=2)

    def fail(self) -> None:
        self.twin.control("fault", kind="429")

    def capture(self, ref: str) -> str:
        """Return the capture of an order."""
        [found] = [name for name, one in self.twin.world.things.items() if one.get("_order") == ref]
        return found


@dataclass
class MercadoPagoTwin:
    """Mercado Pago, as its twin plays it."""

    twin: mercadopago.Twin
    account: Account
    name: str = "mercadopago"
    voucher: str = "cash"
    card: str = "card"
    has_voucher: bool = True
    missed: str = "expired"
    left: tuple[str, str] = ("expired", "expired")

    def pay(self, ref: str) -> None:
        self.twin.control("pay", preference=ref)

    def issue(self, ref: str) -> None:
        self.twin.control("pay", preference=ref, method="oxxo")

    def pay_voucher(self, ref: str) -> None:
        del ref
        self.twin.control("settle", payment=self.payment)

    def expire(self, ref: str) -> None:
        del ref
        self.twin.control("advance", seconds=4 * 86_400)

    def dispute(self, ref: str) -> None:
        del ref
        self.twin.control("settle", payment=self.payment, status="in_mediation", detail="pending")

    def lose_answer(self) -> None:
        # It is looked for first, and then made.
        self.twin.control("fault", kind="500_after", times=2, path="/checkout/preferences", method="POST")

    def fail(self) -> None:
        self.twin.control("fault", kind="429")

    @property
    def payment(self) -> str:
        """The one payment."""
        [found] = self.twin.world.payments
        return found


@pytest.fixture(params=["sandbox", "stripe", "paypal", "mercadopago"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Return a provider."""
    if request.param == "sandbox":
        options: dict[str, Any] = {"book": str(tmp_path / "book.sqlite")}
        yield Books(Account("pa_1", "sandbox", "MX", is_live=False, secrets={}, signing=("s",), options=options))
        return
    if request.param == "paypal":
        with paypal.serving(start=int(NOW.timestamp())) as played:
            app = {"client_id": "twin-client", "client_secret": "twin-secret"}
            options = {"api_base": played.url}
            yield PayPalTwin(played, Account("pa_1", "paypal", "MX", is_live=False, secrets=app, options=options))
        return
    if request.param == "mercadopago":
        with mercadopago.serving(start=int(NOW.timestamp())) as other:
            token, options = {"access_token": "TEST-twin"}, {"api_base": other.url}
            account = Account("pa_1", "mercadopago", "MX", is_live=False, secrets=token, options=options)
            yield MercadoPagoTwin(other, account)
        return
    with serving(start=int(NOW.timestamp())) as twin:
        options = {"api_base": twin.url}
        yield StripeTwin(
            twin, Account("pa_1", "stripe", "MX", is_live=False, secrets={"key": "sk_test_MX_shop"}, options=options)
        )


def attempt(method: str = "card", number: int = 1, amount: Money = PESOS, **changes: Any) -> Attempt:
    """Return an attempt to pay 990 pesos."""
    said: dict[str, Any] = {
        "id": f"p_{number:026d}",
        "order_id": "o_1",
        "key": f"shopkit:o_1:{number}:{amount.currency}:{amount.minor}",
        "amount": amount,
        "method": method,
        "title": "Rebozo",
        "locale": "es-MX",
        "country": "MX",
        "email": "ana@buyer.example",
        "return_url": "https://shop.example/back",
        "cancel_url": "https://shop.example/cart",
        "made_at": NOW,
    } | changes
    return Attempt(**said)


class TestProvider:
    """What a provider that can be asked promises."""

    @pytest.fixture(autouse=True)
    def _prepare(self, world: World) -> None:
        self.world = world
        self.account = world.account
        self.adapter: Adapter = adapter(world.name)

    def start(self, method: str | None = None, **changes: Any) -> str:
        """Begin an attempt and return the provider's name for it."""
        return self.adapter.start(self.account, attempt(method or self.world.card, **changes)).ref

    def pay(self, ref: str) -> None:
        """Let the buyer pay, and take what is left to us to take."""
        self.world.pay(ref)
        self.adapter.capture(self.account, ref)

    def issue(self, ref: str) -> None:
        """Let the buyer choose to pay later."""
        self.world.issue(ref)
        self.adapter.capture(self.account, ref)

    def test_the_same_attempt_is_begun_once(self) -> None:
        """Asked twice in the same words, there is one payment with one page."""
        first = self.adapter.start(self.account, attempt(self.world.card))

        assert self.adapter.start(self.account, attempt(self.world.card)) == first
        assert first.url is not None
        assert first.until is not None
        assert timedelta(minutes=30) < first.until - NOW <= timedelta(hours=24)

    def test_a_key_stands_for_one_amount(self) -> None:
        """The same key with another amount is a mistake of ours, and begins nothing."""
        self.start()

        with pytest.raises(PaymentError) as caught:
            self.adapter.start(self.account, attempt(self.world.card, amount=Money(98_000, "MXN"), key=attempt().key))
        assert caught.value.reason == "setup"

    def test_an_answer_that_is_lost_is_unknown_and_asked_again(self) -> None:
        """What was done and not answered is unknown; the same attempt again finds it."""
        self.world.lose_answer()
        with pytest.raises(PaymentError) as caught:
            self.start()
        ref = self.start()

        assert caught.value.reason == "unknown"
        assert self.adapter.read(self.account, ref).attempt == attempt().id

    def test_a_provider_that_is_busy_did_nothing(self) -> None:
        """A call that was not taken may be made again."""
        self.world.fail()

        with pytest.raises(PaymentError) as caught:
            self.start()
        assert caught.value.reason == "unavailable"

    def test_an_attempt_is_open_then_paid(self) -> None:
        """Before the buyer pays nothing was received, after it the whole."""
        ref = self.start()
        before = self.adapter.read(self.account, ref)
        self.pay(ref)
        after = self.adapter.read(self.account, ref)

        assert (before.state, before.received, before.asked) == ("open", Money(0, "MXN"), PESOS)
        assert (after.state, after.received, after.attempt, after.is_live) == ("paid", PESOS, attempt().id, False)

    def test_a_voucher_is_not_paid_until_it_is(self) -> None:
        """An issued voucher is pending with its number and the provider's own end; paid, it is paid."""
        ref = self.start(self.world.voucher)
        self.issue(ref)
        issued = self.adapter.read(self.account, ref)
        self.world.pay_voucher(ref)

        assert (issued.state, issued.received) == ("pending", Money(0, "MXN"))
        if self.world.has_voucher:
            assert issued.instructions["number"]
            assert issued.until is not None
            assert issued.until > NOW + timedelta(days=1)
        assert self.adapter.read(self.account, ref).state == "paid"

    def test_a_voucher_that_lapses_is_expired(self) -> None:
        """What was not paid in time is over, and nothing of it is believed to have come."""
        ref = self.start(self.world.voucher)
        self.issue(ref)
        self.world.expire(ref)

        assert self.adapter.read(self.account, ref).state == self.world.missed

    def test_refunds_in_parts_up_to_what_was_paid(self) -> None:
        """Two parts are two refunds, one refund asked for twice is one, and more than is left is refused."""
        ref = self.start()
        self.pay(ref)
        first = self.adapter.refund(self.account, ref, Money(40_000, "MXN"), "r_1")
        again = self.adapter.refund(self.account, ref, Money(40_000, "MXN"), "r_1")
        self.adapter.refund(self.account, ref, Money(50_000, "MXN"), "r_2")
        with pytest.raises(PaymentError) as caught:
            self.adapter.refund(self.account, ref, Money(9_001, "MXN"), "r_3")
        read = self.adapter.read(self.account, ref).refunds

        assert again == first
        assert (first.state, first.ours, caught.value.reason) == ("made", "r_1", "refused")
        # Mercado Pago does not say of a refund whose it is.
        ours = ("r_1", "r_2") if all(one.is_marked for one in read) else (None, None)
        assert sorted((one.amount.minor, one.state, one.ours) for one in read) == [
            (40_000, "made", ours[0]),
            (50_000, "made", ours[1]),
        ]

    def test_nothing_is_refunded_that_was_not_paid(self) -> None:
        """An open attempt has nothing to give back."""
        ref = self.start()

        with pytest.raises(PaymentError) as caught:
            self.adapter.refund(self.account, ref, Money(100, "MXN"), "r_1")
        assert caught.value.reason == "refused"

    def test_cancelling_ends_what_is_open_and_leaves_what_is_paid(self) -> None:
        """An open page and an issued voucher end, where they can be ended; what is paid stays paid."""
        opened, out, paid = self.start(), self.start(self.world.voucher, number=2), self.start(number=3)
        self.issue(out)
        self.pay(paid)
        for ref in (opened, out, paid):
            self.adapter.cancel(self.account, ref)

        states = [self.adapter.read(self.account, ref).state for ref in (opened, out, paid)]
        assert states == [*self.world.left, "paid"]

    def test_a_dispute_is_read(self) -> None:
        """What a bank disputes is part of the reading."""
        ref = self.start()
        self.pay(ref)
        self.world.dispute(ref)
        found = self.adapter.read(self.account, ref).disputes

        assert [(one.state, one.amount) for one in found] == [("open", PESOS)]

    def test_a_stranger_is_nobodys(self) -> None:
        """Names that are of nothing belong to no attempt, and cannot be read."""
        with pytest.raises(PaymentError) as caught:
            self.adapter.read(self.account, "cs_nothing")

        assert caught.value.reason == "refused"
        assert self.adapter.attempt_of(self.account, "pi_nothing") is None
