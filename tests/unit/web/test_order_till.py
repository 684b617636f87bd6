"""The money on an order's page: given back, counted as paid, disputed with evidence; each button once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopkit.payments import sandbox
from shopkit.services import orders, payment_accounts, payments, webhooks
from tests.ordering import DUE, event
from tests.unit.web.test_listings_pages import text_of
from tests.unit.web.test_order_pages import act, ana, client, made, services, shirt, shop  # noqa: F401  # fixtures

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from shopkit.services.context import Services

# ruff: noqa: F811  # fixtures bear the names they are imported by


def pay(services: Services, order_id: str, *buttons: sandbox.Button) -> str:
    """Pay an order at the sandbox, press more buttons there, and return the payment."""
    payment = payments.start(services, order_id, "sandbox/card", "https://shop.example/back").payment_id
    for button in ("pay", *buttons):
        with services.database.reading() as session:
            row = payments.get(session, payment)
            account = payment_accounts.by_id(session, services, row.account_id)
        assert row.ref is not None
        body, header = sandbox.press(account, row.ref, button, services.now())
        webhooks.receive(services, "sandbox", account.id, body, {sandbox.HEADER: header}, {})
        webhooks.work(services)
    return payment


def test_a_part_goes_back_once(client: FlaskClient, services: Services, made: orders.Order) -> None:
    """A form sent twice is one refund; too much is refused with what is left, as is another amount by the same form."""
    payment = pay(services, made.id)
    part = {"payment": payment, "amount": "10.00", "reason": "mancha", "once": "f1"}
    act(client, made, "refund", **part)
    done, page = act(client, made, "refund", **part)
    above, told = act(client, made, "refund", payment=payment, amount="66.64", once="f2")
    other, _ = act(client, made, "refund", payment=payment, amount="11.00", once="f1")
    state = orders.see(services, made.id).state

    assert (done, above, other) == (303, 422, 409)
    assert "66.63" in text_of(told)
    assert (state.refunded, state.net) == (1_000, DUE - 1_000)
    assert page.count("mancha") == 2


def test_what_does_not_fit_is_decided_here(client: FlaskClient, services: Services, made: orders.Order) -> None:
    """The page offers to count it as paid, and then says who did."""
    payment = pay_astray(services, made.id)
    offered = client.get(f"/orders/{made.id}?lang=en").text
    done, _ = act(client, made, "take", payment=payment, is_enough="1")
    page = text_of(client.get(f"/orders/{made.id}?lang=en").text)

    assert "Count USD\xa080.00 as paid" in offered.replace("&nbsp;", "\xa0")
    assert done == 303
    assert "Counted as paid" in page
    assert "seller, Ana" in page


def pay_astray(services: Services, order_id: str) -> str:
    """Let more come by a payment than was asked."""
    payment = payments.start(services, order_id, "sandbox/card", "https://shop.example/back").payment_id
    orders.add(services, order_id, event("payment_mismatch", f"{payment}:m", 8_000, payment=payment))
    return payment


def test_a_dispute_is_answered_with_what_is_known(client: FlaskClient, services: Services, made: orders.Order) -> None:
    """The deadline stands on the page, a draft and the last word go out, and the papers are there to take."""
    pay(services, made.id, "dispute")
    page = client.get(f"/orders/{made.id}?lang=en").text
    dispute = page.split('name="dispute" value="')[1].split('"')[0]
    draft, _ = act(client, made, "answer", dispute=dispute, words="Entregado", **{"as": "draft"})
    last, _ = act(client, made, "answer", dispute=dispute, words="Entregado", **{"as": "last"})
    again, _ = act(client, made, "answer", dispute=dispute, words="Otra vez", **{"as": "last"})
    files = [client.get(f"/orders/{made.id}/evidence.{kind}") for kind in ("pdf", "zip", "exe")]

    assert "Answer until 30 Nov 2026" in text_of(page)
    assert (draft, last, again) == (303, 303, 422)
    assert [(one.status_code, one.data[:2]) for one in files[:2]] == [(200, b"%P"), (200, b"PK")]
    assert files[2].status_code == 404
