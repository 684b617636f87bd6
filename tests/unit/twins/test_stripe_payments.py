"""The twin's payments: what each method does to Session, intent and events, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import stripe

from tests.twins.stripe.errors import StripeError
from tests.unit.twins.conftest import START, Shop

REAIS = {"price_data": {"currency": "brl", "unit_amount": 25050, "product_data": {"name": "Rede"}}, "quantity": 1}


def state(session: Any) -> tuple[str, str, str | None]:
    """Return the status of a Session, whether it is paid, and the status of its intent."""
    intent = session.payment_intent
    return session.status, session.payment_status, intent.status if intent else None


def test_a_session_is_open_until_its_buyer_acts(shop: Shop) -> None:
    """A new Session has an address, no intent, and lives for a day."""
    session = shop.session()

    assert state(shop.read(session)) == ("open", "unpaid", None)
    assert (session.url, session.expires_at) == (f"{shop.twin.url}/c/pay/{session.id}", START + 86_400)


def test_a_card_pays_at_once(shop: Shop) -> None:
    """A card completes and pays a Session in one step."""
    session = shop.paid()

    assert state(session) == ("complete", "paid", "succeeded")
    assert shop.events() == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_the_metadata_of_a_session_is_not_that_of_its_intent(shop: Shop) -> None:
    """Only what is sent for the intent is the intent's."""
    session = shop.paid(payment_intent_data={"metadata": {"attempt": "1"}})

    assert session.metadata.to_dict() == {"order": "1001"}
    assert session.payment_intent.metadata.to_dict() == {"attempt": "1"}


def test_a_declined_card_leaves_the_session_open(shop: Shop) -> None:
    """The buyer may try again with another card, in the same intent."""
    session = shop.session()
    shop.twin.control("pay", session=session.id, outcome="insufficient_funds")
    first = shop.read(session)
    shop.twin.control("pay", session=session.id)
    second = shop.read(session)

    assert state(first) == ("open", "unpaid", "requires_payment_method")
    assert first.payment_intent.last_payment_error.decline_code == "insufficient_funds"
    assert state(second) == ("complete", "paid", "succeeded")
    assert first.payment_intent.id == second.payment_intent.id


@pytest.mark.parametrize(
    ("well", "then"), [(True, ("complete", "paid", "succeeded")), (False, ("open", "unpaid", None))]
)
def test_a_bank_may_ask(shop: Shop, well: bool, then: tuple[str, str, str | None]) -> None:  # noqa: FBT001  # a case
    """With 3-D Secure nothing is paid before the bank says yes."""
    session = shop.session()
    shop.twin.control("pay", session=session.id, outcome="3ds")
    asked = state(shop.read(session))
    shop.twin.control("authenticate", payment=session.id, well=well)

    assert asked == ("open", "unpaid", "requires_action")
    assert state(shop.read(session))[:2] == then[:2]


def test_a_voucher_of_oxxo_is_complete_and_not_paid(shop: Shop) -> None:
    """It ends at 23:59 in Mexico City after the days it was given, and is paid when the money comes."""
    session = shop.session(payment_method_options={"oxxo": {"expires_after_days": 2}})
    shop.twin.control("pay", session=session.id, method="oxxo")
    issued = shop.read(session)
    voucher = issued.payment_intent.next_action.oxxo_display_details
    shop.twin.control("pay_voucher", payment=session.id)

    assert state(issued) == ("complete", "unpaid", "requires_action")
    end = datetime.fromtimestamp(voucher.expires_after, ZoneInfo("America/Mexico_City"))
    assert end.isoformat() == "2026-11-20T23:59:00-06:00"
    assert state(shop.read(session)) == ("complete", "paid", "succeeded")
    assert [kind for kind in shop.events() if kind.startswith("checkout")] == [
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
    ]


def test_a_voucher_outlives_its_session_and_lapses(shop: Shop) -> None:
    """After a day nothing happens to it; after its last minute it fails, and the Session is told."""
    session = shop.session()
    shop.twin.control("pay", session=session.id, method="oxxo")
    shop.twin.control("advance", seconds=2 * 86_400)
    waiting = state(shop.read(session))
    shop.twin.control("advance", seconds=4 * 86_400)

    assert waiting == ("complete", "unpaid", "requires_action")
    assert state(shop.read(session)) == ("complete", "unpaid", "requires_payment_method")
    assert shop.events()[-2:] == ["payment_intent.payment_failed", "checkout.session.async_payment_failed"]


def test_money_may_come_after_a_voucher_lapsed(shop: Shop) -> None:
    """Late money is a payment all the same."""
    session = shop.session()
    shop.twin.control("pay", session=session.id, method="oxxo")
    shop.twin.control("expire_voucher", payment=session.id)
    shop.twin.control("pay_voucher", payment=session.id, late=True)

    assert state(shop.read(session)) == ("complete", "paid", "succeeded")


def test_a_boleto_needs_a_tax_number_and_ends_in_sao_paulo(brazil: Shop) -> None:
    """Without a CPF there is no boleto; with one it ends at 23:59 there."""
    session = brazil.session(line_items=[REAIS])
    with pytest.raises(StripeError, match="CPF"):
        brazil.twin.control("pay", session=session.id, method="boleto")
    brazil.twin.control("pay", session=session.id, method="boleto", tax_id="529.982.247-25")
    issued = brazil.read(session)
    end = issued.payment_intent.next_action.boleto_display_details.expires_at

    assert state(issued) == ("complete", "unpaid", "requires_action")
    assert datetime.fromtimestamp(end, ZoneInfo("America/Sao_Paulo")).strftime("%H:%M") == "23:59"


def test_pix_is_paid_on_the_page_or_lapses_there(shop: Shop) -> None:
    """The Session of a Pix code is open until it is paid; a code that lapsed may be taken again."""
    shop.twin.control("account", key="sk_test_MX_shop", invited=["pix"])
    session = shop.session(line_items=[REAIS], payment_method_options={"pix": {"expires_after_seconds": 600}})
    shop.twin.control("pay", session=session.id, method="pix")
    code = shop.read(session).payment_intent.next_action.pix_display_qr_code
    shop.twin.control("advance", seconds=600)
    lapsed = state(shop.read(session))
    shop.twin.control("pay", session=session.id, method="pix")
    shop.twin.control("pay_voucher", payment=session.id)

    assert code.expires_at == START + 600
    assert lapsed == ("open", "unpaid", "requires_payment_method")
    assert state(shop.read(session)) == ("complete", "paid", "succeeded")


def transfer(shop: Shop) -> Any:
    """Return a Session whose buyer chose to send 990.00 by bank."""
    customer = shop.client.v1.customers.create({"email": "ana@example.com"})
    session = shop.session(customer=customer.id, allowed_payment_method_types=["customer_balance"])
    shop.twin.control("pay", session=session.id, method="customer_balance")
    return session


def test_a_transfer_in_two_parts(shop: Shop) -> None:
    """Half of it leaves half to come; the other half pays."""
    session = transfer(shop)
    shop.twin.control("transfer", payment=session.id, what="part")
    half = shop.read(session)
    shop.twin.control("transfer", payment=session.id, what="whole")

    assert state(half) == ("complete", "unpaid", "requires_action")
    assert half.payment_intent.next_action.display_bank_transfer_instructions.amount_remaining == 49500
    assert state(shop.read(session)) == ("complete", "paid", "succeeded")
    assert "payment_intent.partially_funded" in shop.events()


def test_what_is_too_much_stays_with_the_customer(shop: Shop) -> None:
    """Of 1,000.00 for 990.00, ten are kept and pay the next order."""
    session = transfer(shop)
    shop.twin.control("transfer", payment=session.id, what="too_much")
    customer = shop.read(session).customer
    balance = shop.client.v1.customers.cash_balance.retrieve(customer)

    assert balance.to_dict()["available"] == {"mxn": 1000}


def test_money_without_a_payment_is_told(shop: Shop) -> None:
    """What arrives for a customer who owes nothing is an event of its own."""
    customer = shop.client.v1.customers.create({})
    shop.twin.control("fund", customer=customer.id, currency="mxn", amount=5000)

    assert shop.events() == ["customer.created", "customer_cash_balance_transaction.created"]


def test_instalments_are_for_pesos_in_mexico(shop: Shop) -> None:
    """Where they are enabled, the plan stands on the charge; where not, there are none."""
    options = {"card": {"installments": {"enabled": True}}}
    session = shop.session(payment_method_options=options)
    shop.twin.control("pay", session=session.id, installments=6)
    plain = shop.session()
    with pytest.raises(StripeError, match="Instalments"):
        shop.twin.control("pay", session=plain.id, installments=6)
    plan = shop.read(session).payment_intent.latest_charge.payment_method_details.card.installments.plan

    assert plan.to_dict() == {"count": 6, "interval": "month", "type": "fixed_count"}


def test_a_buyers_own_currency_is_beside_ours(shop: Shop) -> None:
    """With adaptive pricing the total stays, and what the buyer saw stands beside it."""
    session = shop.session(adaptive_pricing={"enabled": True})
    shop.twin.control("pay", session=session.id, presentment={"currency": "usd", "amount": 5321})
    paid = shop.read(session)

    assert (paid.currency, paid.amount_total) == ("mxn", 99000)
    assert paid.presentment_details.to_dict() == {"presentment_amount": 5321, "presentment_currency": "usd"}


def test_a_total_of_nothing_needs_no_payment(shop: Shop) -> None:
    """A free order is complete without an intent."""
    free = {"price_data": {"currency": "mxn", "unit_amount": 0, "product_data": {"name": "Muestra"}}, "quantity": 1}
    session = shop.session(line_items=[free])
    shop.twin.control("pay", session=session.id)

    assert state(shop.read(session)) == ("complete", "no_payment_required", None)


def test_a_session_that_nobody_finishes_expires(shop: Shop) -> None:
    """At its time it is over, and its intent with it; the buyer's button does nothing more."""
    session = shop.session(expires_at=START + 1800)
    shop.twin.control("pay", session=session.id, outcome="generic_decline")
    shop.twin.control("advance", seconds=1800)

    assert state(shop.read(session)) == ("expired", "unpaid", "canceled")
    assert shop.events()[-1] == "checkout.session.expired"
    with pytest.raises(StripeError, match="expired"):
        shop.twin.control("pay", session=session.id)


def test_only_an_open_session_is_expired(shop: Shop) -> None:
    """The shop cannot expire what is paid."""
    session = shop.paid()
    with pytest.raises(stripe.InvalidRequestError, match="status of `open`"):
        shop.client.v1.checkout.sessions.expire(session.id)


def test_an_intent_goes_through_its_states(shop: Shop) -> None:
    """Made, given a card, held, captured in part."""
    made = shop.client.v1.payment_intents.create({"amount": 5000, "currency": "mxn", "capture_method": "manual"})
    held = shop.client.v1.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa"})
    taken = shop.client.v1.payment_intents.capture(made.id, {"amount_to_capture": 3000})

    assert [made.status, held.status, taken.status] == ["requires_payment_method", "requires_capture", "succeeded"]
    assert (held.amount_capturable, taken.amount_received) == (5000, 3000)


def test_a_declined_confirmation_is_an_error_of_the_card(shop: Shop) -> None:
    """The client is told by a 402, and the intent is there with what went wrong."""
    with pytest.raises(stripe.CardError) as caught:
        shop.client.v1.payment_intents.create(
            {"amount": 5000, "currency": "mxn", "payment_method": "pm_card_visa_chargeDeclined", "confirm": True}
        )
    [intent] = shop.client.v1.payment_intents.list().data

    assert (caught.value.http_status, caught.value.code) == (402, "card_declined")
    assert intent.status == "requires_payment_method"


def test_an_intent_that_is_paid_is_not_cancelled(shop: Shop) -> None:
    """Cancel and pay at once: who comes second is told the state."""
    made = shop.client.v1.payment_intents.create(
        {"amount": 5000, "currency": "mxn", "payment_method": "pm_card_visa", "confirm": True}
    )
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.payment_intents.cancel(made.id)

    assert caught.value.code == "payment_intent_unexpected_state"


def test_the_buyers_pages_lead_back_to_the_shop(shop: Shop) -> None:
    """Pressing the button on the page the Session points at pays, and sends the browser to the shop."""
    session = shop.session(line_items=[{**shop.order()["line_items"][0], "quantity": 2}])
    page = requests.get(session.url, timeout=5)
    pressed = requests.post(session.url, {"do": "card", "outcome": "ok"}, timeout=5, allow_redirects=False)

    assert "Pay 1980.00 MXN" in page.text
    assert (pressed.status_code, pressed.headers["Location"]) == (303, f"https://shop.example/back?s={session.id}")
    assert state(shop.read(session)) == ("complete", "paid", "succeeded")


def test_a_voucher_is_paid_on_its_page(shop: Shop) -> None:
    """The page of a voucher has the buttons of who pays it."""
    session = shop.session()
    issued = requests.post(session.url, {"do": "oxxo"}, timeout=5)
    requests.post(issued.url, {"do": "pay_voucher"}, timeout=5)

    assert issued.url == f"{shop.twin.url}/voucher/{shop.read(session).payment_intent.id}"
    assert state(shop.read(session)) == ("complete", "paid", "succeeded")
