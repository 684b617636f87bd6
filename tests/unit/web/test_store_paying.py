"""Paying an order of the store: the ways there are, the page of the provider and back, vouchers, one that is down."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shopkit.app import services_of
from shopkit.orders import RefusedError
from shopkit.payments.port import PaymentError
from shopkit.payments.sandbox import Sandbox
from shopkit.services import demo, orders, payments
from shopkit.services.companies import command_actor
from tests.ordering import event
from tests.shop import NOW, open_demo
from tests.unit.web.test_listings_pages import text_of
from tests.unit.web.test_store_checkout import AT, agreed, placed, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop
    from shopkit.services.orders import Order


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop of the demonstration, whose buyers pay where no money moves."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    yield made
    services_of(made).database.dispose()


def ordered(shop: Shop) -> tuple[FlaskClient, str]:
    """Return a buyer who has just ordered a cup, and the address of the order's page."""
    client = shop.test_client()
    put(client)
    return client, client.post(f"{AT}/checkout", data=agreed(client)).headers["Location"]


def begin(client: FlaskClient, page: str, method: str = "card") -> str:
    """Choose a way to pay at the sandbox, and return the page of the provider that the buyer is led to."""
    chosen = client.post(f"{page}/pay", data={"method": f"sandbox/{method}"})
    assert chosen.status_code == 303
    onward = client.get(chosen.headers["Location"])
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', onward.text)
    assert found is not None
    return found[1]


def press(client: FlaskClient, page: str, button: str) -> None:
    """Press a button of the provider's page."""
    shown = client.get(page)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
    assert token is not None
    assert client.post(page, data={"csrf_token": token[1], "do": button}).status_code == 303


def now(shop: Shop) -> Order:
    """Return the one order as it stands."""
    (found,) = placed(shop)
    return found


def test_a_buyer_pays_by_card_and_comes_back_to_a_paid_order(shop: Shop) -> None:
    """The order's page names the ways with the sum, leads to the provider, and says paid on the way back."""
    client, page = ordered(shop)
    before = client.get(page).text
    press(client, begin(client, page), "pay")
    after = client.get(f"{page}?paid=1").text

    total = now(shop).totals.total
    assert f"Pagar USD {total.text}" in text_of(before)
    assert "<h1>Pagado</h1>" in after
    assert (now(shop).state.status, now(shop).state.received) == ("paid", total.minor)
    assert "/pay" not in after


def test_pressing_twice_goes_to_the_same_page_of_the_provider(shop: Shop) -> None:
    """A double click, or the back button, begins no second payment."""
    client, page = ordered(shop)
    first, second = (begin(client, page) for _ in range(2))

    assert first == second
    assert len(payments.see(services_of(shop), now(shop).id)) == 1


def test_a_voucher_is_followed_in_the_buyers_time_and_nothing_ships_before_it_is_paid(shop: Shop) -> None:
    """Its number and its end stand on the page; the seller cannot send; once it is paid, the seller can."""
    client, page = ordered(shop)
    provider = begin(client, page, "voucher")
    press(client, provider, "issue")
    waiting = text_of(client.get(f"{page}?paid=1").text)
    unpaid = now(shop)
    with pytest.raises(RefusedError):
        orders.add(services_of(shop), unpaid.id, event("shipped", source="seller"))
    press(client, provider, "pay_voucher")
    orders.add(services_of(shop), unpaid.id, event("packed", source="seller", pieces={0: 1}))
    sent = orders.add(services_of(shop), unpaid.id, event("shipped", source="seller"))

    (attempt,) = payments.see(services_of(shop), unpaid.id)
    assert unpaid.state.status == "pending"
    assert attempt.instructions["number"] in waiting
    assert "Esperando que llegue tu pago" in waiting
    assert (sent.status, sent.fulfilment) == ("paid", "shipped")


def test_the_end_of_an_order_is_told_in_the_markets_time(shop: Shop) -> None:
    """Noon in London is early morning on the west coast, and the page names the zone."""
    client, page = ordered(shop)
    ends = now(shop).state.ends_at
    assert ends is not None
    local = ends.astimezone(services_of(shop).zone_of("US"))

    shown = text_of(client.get(page).text)

    assert f"{local:%H:%M} ({local.tzname()})" in shown
    assert ends - NOW > timedelta(hours=1)


@pytest.mark.parametrize("method", ["", "sandbox/gold", "stripe/card"])
def test_a_way_that_is_not_there_begins_nothing(shop: Shop, method: str) -> None:
    """What the page does not offer is told, and the ways that are there stay on it."""
    client, page = ordered(shop)
    answer = client.post(f"{page}/pay", data={"method": method})

    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert payments.see(services_of(shop), now(shop).id) == []


def test_a_provider_that_is_down_is_told_and_asked_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is charged, the buyer reads so, and the next try goes on with the same attempt."""
    client, page = ordered(shop)
    start = Sandbox.start

    def down(*_: object) -> None:
        raise PaymentError("unavailable", "nobody answers")

    monkeypatch.setattr(Sandbox, "start", down)
    refused = client.post(f"{page}/pay", data={"method": "sandbox/card"})
    monkeypatch.setattr(Sandbox, "start", start)
    again = client.post(f"{page}/pay", data={"method": "sandbox/card"})

    assert (refused.status_code, again.status_code) == (503, 303)
    assert "No se cobró nada" in text_of(refused.text)
    assert len(payments.see(services_of(shop), now(shop).id)) == 1


def test_coming_back_while_the_provider_is_down_shows_the_order_as_it_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page opens all the same; the message will tell later."""
    client, page = ordered(shop)
    client.post(f"{page}/pay", data={"method": "sandbox/card"})

    def down(*_: object) -> None:
        raise PaymentError("unavailable", "nobody answers")

    monkeypatch.setattr(Sandbox, "read", down)

    assert client.get(f"{page}?paid=1").status_code == 200


@pytest.mark.parametrize("other", [{"attempt": "p_of_another"}, {"is_live": True}])
def test_a_payment_that_is_not_this_orders_is_not_counted(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, other: dict[str, object]
) -> None:
    """What the provider has under the name is of another attempt, or of the other mode: the order stays unpaid."""
    client, page = ordered(shop)
    provider = begin(client, page)
    read = Sandbox.read
    monkeypatch.setattr(Sandbox, "read", lambda *asked: replace(read(*asked), **other))  # type: ignore[arg-type]  # a field of it
    press(client, provider, "pay")
    client.get(f"{page}?paid=1")

    assert (now(shop).state.status, now(shop).state.received) == ("awaiting_payment", 0)


def test_the_way_to_the_provider_leads_to_the_order_once_it_is_over(shop: Shop) -> None:
    """The back button after paying, another order's payment and one that never was lead nowhere but to the order."""
    client, page = ordered(shop)
    onward = client.post(f"{page}/pay", data={"method": "sandbox/card"}).headers["Location"]
    press(client, begin(client, page), "pay")
    client.get(f"{page}?paid=1")
    answers = [client.get(one) for one in (onward, f"{page}/pay/p_of_another")]

    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(303, page)] * 2


def test_a_paid_order_and_another_sites_form_begin_nothing(shop: Shop) -> None:
    """Nothing is due any more, or nobody asked."""
    client, page = ordered(shop)
    foreign = client.post(f"{page}/pay", data={"method": "sandbox/card"}, headers={"Sec-Fetch-Site": "cross-site"})
    provider = begin(client, page)
    press(client, provider, "pay")

    assert foreign.status_code == 400
    assert client.post(f"{page}/pay", data={"method": "sandbox/card"}).status_code == 409
    assert now(shop).seller_id == command_actor(services_of(shop), demo.SLUG).seller_id
