"""What payments must survive at the twins of providers: rows of ``tests/faults.py`` for what is theirs alone."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money
from shopkit.services import order_acts, payments, refunds, webhooks
from shopkit.services.problems import RequestError
from tests.ordering import DUE
from tests.paying import Sale, usd
from tests.twins import mercadopago, paypal, stripe

if TYPE_CHECKING:
    from collections.abc import Iterator

Told = tuple[str, ...]
PESOS: Final = Money(139_872, "MXN")


@dataclass
class Played:
    """A sale at the twin of a provider; with what its buyers do."""

    sale: Sale
    twin: Any

    def deliver(self) -> Told:
        """Let messages come in and be handled, and return how the order stands."""
        for _ in range(2):
            self.twin.control("deliver")
            webhooks.work(self.sale.services)
        state = self.sale.state
        held = ["held"] if state.is_held else []
        return (state.status, f"net {state.net}", *held)

    def approve(self, payment_id: str) -> None:
        """Let PayPal's buyer approve."""
        self.twin.control("approve", order=self.sale.ref(payment_id))

    @property
    def taken(self) -> str:
        """How often PayPal took money."""
        return f"{sum(one['_kind'] == 'capture' for one in self.twin.world.things.values())} taken"


@contextmanager
def _at_paypal(sale: Sale) -> Iterator[Played]:
    with paypal.serving(start=int(sale.services.now().timestamp())) as twin:
        secrets = {"client_id": "twin-client", "client_secret": "twin-secret"}
        options = {"api_base": twin.url}
        found = Sale(sale.services, "paypal", secrets=secrets, signing=("TWINWEBHOOK",), options=options)
        twin.control("listen", url="http://127.0.0.1:9/hook")
        twin.world.webhooks.transport = lambda _, headers, body: _status(found.tell(body, headers))
        yield Played(found, twin)


@contextmanager
def _at_mercadopago(sale: Sale) -> Iterator[Played]:
    with mercadopago.serving("MX", start=int(sale.services.now().timestamp())) as twin:
        given: dict[str, Any] = {"secrets": {"access_token": "TEST-twin"}, "signing": ("twin-signing",)}
        given |= {"country": "MX", "options": {"api_base": twin.url}, "total": PESOS, "market": "MX"}
        found = Sale(sale.services, "mercadopago", **given)
        twin.control("listen", url="http://127.0.0.1:9/hook")
        twin.world.webhooks.transport = lambda _, query, headers, body: _status(found.tell(body, headers, query))
        yield Played(found, twin)


@contextmanager
def _at_stripe(sale: Sale, **options: Any) -> Iterator[Played]:
    now = int(sale.services.now().timestamp())
    with stripe.serving(start=now) as twin:
        twin.world.webhooks.signed_at = lambda: now
        given: dict[str, Any] = {"secrets": {"key": "sk_test_MX_shop"}, "signing": ("whsec_one",)}
        given |= {"country": "MX", "options": {"api_base": twin.url, **options}, "total": PESOS, "market": "MX"}
        found = Sale(sale.services, "stripe", **given)
        twin.control("endpoint", key="sk_test_MX_shop", url="http://127.0.0.1:9/hook", secret="whsec_one")
        twin.world.webhooks.transport = lambda _, headers, body: _status(found.tell(body, headers))
        yield Played(found, twin)


def _status(answer: str) -> int:
    return 200 if answer in {"kept", "repeated"} else 400


def approved_for_an_old_price(sale: Sale) -> Told:
    """At PayPal nothing is taken that the order no longer asks for."""
    with _at_paypal(sale) as at:
        begun = at.sale.start("paypal")
        order_acts.reduce(sale.services, at.sale.actor, at.sale.order.id, usd(1_000), key="less")
        at.approve(begun.payment_id)
        return (*at.deliver(), at.taken)


def approved_after_the_end(sale: Sale) -> Told:
    """At PayPal nothing is taken for an order that was cancelled."""
    with _at_paypal(sale) as at:
        begun = at.sale.start("paypal")
        order_acts.cancel(sale.services, at.sale.actor, at.sale.order.id)
        at.approve(begun.payment_id)
        return (*at.deliver(), at.taken)


def approved_and_read_four_times_at_once(sale: Sale) -> Told:
    """The buyer's return, two messages and a timer come together."""
    with _at_paypal(sale) as at:
        begun = at.sale.start("paypal")
        at.approve(begun.payment_id)
        threads = [threading.Thread(target=payments.settle, args=(sale.services, begun.payment_id)) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return (*at.deliver(), at.taken, f"{at.sale.kinds.count('payment_received')} line")


def capture_without_an_answer(sale: Sale) -> Told:
    """PayPal took it and the line was cut."""
    with _at_paypal(sale) as at:
        begun = at.sale.start("paypal")
        ref = at.sale.ref(begun.payment_id)
        at.twin.control("fault", kind="drop_after", times=2, path=f"/v2/checkout/orders/{ref}/capture")
        at.approve(begun.payment_id)
        at.twin.control("deliver")
        webhooks.work(sale.services)
        before = at.sale.state.status
        payments.settle(sale.services, begun.payment_id)
        return (before, *at.deliver(), at.taken)


def search_that_comes_late(sale: Sale) -> Told:
    """Mercado Pago's notification names a payment that its own search does not find yet."""
    with _at_mercadopago(sale) as at:
        begun = at.sale.start("card")
        at.twin.control("plant", fault="search_lags")
        at.twin.control("pay", preference=at.sale.ref(begun.payment_id))
        return at.deliver()


def refund_in_process(sale: Sale) -> Told:
    """Mercado Pago takes its time over a refund, and then refuses it."""
    with _at_mercadopago(sale) as at:
        begun = at.sale.start("card")
        payment = str(at.twin.control("pay", preference=at.sale.ref(begun.payment_id))["id"])
        at.deliver()
        at.twin.control("next_refund", status="in_process")
        refunds.refund(sale.services, at.sale.actor, at.sale.order.id, PESOS, "", "a")
        waiting = f"refundable {at.sale.state.refundable}"
        refund = at.twin.world.payments[payment]["refunds"][0]["id"]
        at.twin.control("settle_refund", payment=payment, refund=refund, status="rejected")
        return (waiting, *at.deliver(), f"refundable {at.sale.state.refundable}")


def cash_at_oxxo(sale: Sale) -> Told:
    """Stripe's voucher is out, paid, and cannot be given back by the same way."""
    with _at_stripe(sale) as at:
        begun = at.sale.start("oxxo")
        ref = at.sale.ref(begun.payment_id)
        at.twin.control("pay", session=ref, method="oxxo")
        before = at.deliver()[0]
        at.twin.control("pay_voucher", payment=ref)
        paid = at.deliver()
        try:
            refunds.refund(sale.services, at.sale.actor, at.sale.order.id, PESOS, "", "a")
            back = "given back"
        except RequestError as error:
            back = error.problems[0].code
        return (before, *paid, back)


def adaptive_price(sale: Sale) -> Told:
    """Stripe showed the buyer another currency: the books and the refund are in ours."""
    with _at_stripe(sale, adaptive=True) as at:
        begun = at.sale.start("card")
        at.twin.control("pay", session=at.sale.ref(begun.payment_id), presentment={"currency": "usd", "amount": 7_812})
        at.deliver()
        refunds.refund(sale.services, at.sale.actor, at.sale.order.id, Money(10_000, "MXN"), "", "a")
        [seen] = payments.see(sale.services, at.sale.order.id)
        return (f"seen {seen.presented}", *at.deliver())


def transfer_in_parts(sale: Sale) -> Told:
    """SPEI at Stripe: a part, then more than the rest, which stays with the buyer there."""
    with _at_stripe(sale) as at:
        begun = at.sale.start("customer_balance")
        ref = at.sale.ref(begun.payment_id)
        at.twin.control("pay", session=ref, method="customer_balance")
        at.twin.control("transfer", payment=ref, what=39_872)
        before = at.deliver()
        at.twin.control("transfer", payment=ref, what="too_much")
        return (*before, *at.deliver(), f"owed back {at.sale.state.owed_back}")


ROWS: Final = (
    (
        3,
        "PayPal: four readings of what was approved, at once",
        approved_and_read_four_times_at_once,
        ("paid", f"net {DUE}", "1 taken", "1 line"),
    ),
    (
        5,
        "Stripe: OXXO unpaid, paid, and back",
        cash_at_oxxo,
        ("pending", "paid", "net 139872", "payment.refund_by_hand"),
    ),
    (11, "PayPal: approved after the order was cancelled", approved_after_the_end, ("cancelled", "net 0", "0 taken")),
    (14, "PayPal: approved for an older price", approved_for_an_old_price, ("awaiting_payment", "net 0", "0 taken")),
    (
        17,
        "PayPal: the answer to taking it is lost",
        capture_without_an_answer,
        ("awaiting_payment", "paid", f"net {DUE}", "1 taken"),
    ),
    (17, "Mercado Pago: told of before it is found", search_that_comes_late, ("paid", "net 139872")),
    (
        20,
        "Mercado Pago: a refund in process is refused",
        refund_in_process,
        ("refundable 0", "paid", "net 139872", "refundable 139872"),
    ),
    (21, "Stripe: the buyer saw dollars", adaptive_price, ("seen 78.12 USD", "part_refunded", "net 129872")),
    (
        22,
        "Stripe: SPEI in parts, and too much",
        transfer_in_parts,
        ("underfunded", "net 39872", "paid", "net 139872", "owed back 0"),
    ),
)
