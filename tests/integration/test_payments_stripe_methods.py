"""Each way to pay at the twin of Stripe, from the shop's side: what is asked, what ships when, what goes back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from landed_cost.money import Money
from shopkit.services import order_acts, payment_accounts, payments, refunds, webhooks
from shopkit.services.context import Services, open_services
from shopkit.services.problems import RequestError
from tests.databases import migrate
from tests.paying import Sale
from tests.shop import NOW, settings
from tests.twins.stripe import Twin, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

PESOS, REAIS = Money(139_872, "MXN"), Money(25_050, "BRL")


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return one shop for all; every test is another seller's."""
    found = open_services(settings(tmp_path_factory.mktemp("shop"), secret_keys=("A" * 43 + "=",)), now=lambda: NOW)
    migrate(found.database)
    yield found
    found.database.dispose()


@pytest.fixture
def twin() -> Iterator[Twin]:
    """Return a twin whose clock is the shop's."""
    with serving(start=int(NOW.timestamp())) as found:
        found.world.webhooks.signed_at = lambda: int(NOW.timestamp())
        yield found


def sell(services: Services, twin: Twin, country: str, total: Money, market: str, **options: Any) -> Sale:
    """Return a seller with an account in a country and an order, whose messages come to the shop."""
    key = f"sk_test_{country}_shop"
    sale = Sale(
        services,
        "stripe",
        total=total,
        market=market,
        locale="pt-BR" if market == "BR" else "es-MX",
        country=country,
        secrets={"key": key},
        signing=("whsec_one",),
        options={"api_base": twin.url, **options},
    )
    twin.control("endpoint", key=key, url="http://127.0.0.1:9/hook", secret="whsec_one")
    answers = {"kept": 200, "repeated": 200}
    twin.world.webhooks.transport = lambda _, headers, body: answers.get(sale.tell(body, headers), 400)
    return sale


def deliver(sale: Sale, twin: Twin) -> tuple[str, int, str | None]:
    """Let all messages come in and be handled, and return how the order stands and what stops it."""
    twin.control("deliver")
    webhooks.work(sale.services)
    return sale.state.status, sale.state.net, sale.state.stops


def shipped(sale: Sale) -> str:
    """Pack and send, and return how the goods stand."""
    order_acts.pack_all(sale.services, sale.actor, sale.order.id)
    return order_acts.ship(sale.services, sale.actor, sale.order.id).fulfilment


def asked(twin: Twin) -> dict[str, str]:
    """Return what was sent for the one Session, as it was on the wire."""
    [found] = twin.requests("POST", "/v1/checkout/sessions")
    return dict(found["params"])


def refunded(twin: Twin) -> list[str]:
    """Return the amounts that were asked back, as they were on the wire."""
    return [dict(one["params"])["amount"] for one in twin.requests("POST", "/v1/refunds")]


def test_a_card_in_monthly_parts_is_paid_whole(services: Services, twin: Twin) -> None:
    """In Mexico the buyer may choose parts; the order has it all at once, and a part of it can go back."""
    sale = sell(services, twin, "MX", PESOS, "MX")
    begun = sale.start("card")
    twin.control("pay", session=sale.ref(begun.payment_id), installments=6)
    paid = deliver(sale, twin)
    refunds.refund(services, sale.actor, sale.order.id, Money(10_000, "MXN"), "", "a")
    after = deliver(sale, twin)

    assert asked(twin)["payment_method_options[card][installments][enabled]"] == "true"
    assert (paid, after) == (("paid", 139_872, None), ("part_refunded", 129_872, "order.not_paid"))


def test_cash_at_oxxo_ships_once_it_is_paid(services: Services, twin: Twin) -> None:
    """A voucher until 23:59 in Mexico; unpaid nothing ships, paid it does, and nothing goes back by the same way."""
    sale = sell(services, twin, "MX", PESOS, "MX")
    begun = sale.start("oxxo")
    twin.control("pay", session=sale.ref(begun.payment_id), method="oxxo")
    waits = deliver(sale, twin)
    [voucher] = payments.see(services, sale.order.id)
    with pytest.raises(RequestError) as early:
        order_acts.pack_all(services, sale.actor, sale.order.id)
    twin.control("pay_voucher", payment=sale.ref(begun.payment_id))
    paid = deliver(sale, twin)
    with pytest.raises(RequestError) as back:
        refunds.refund(services, sale.actor, sale.order.id, PESOS, "", "a")

    assert (waits, paid, shipped(sale)) == (("pending", 0, "order.not_paid"), ("paid", 139_872, None), "shipped")
    assert [one.problems[0].code for one in (early.value, back.value)] == ["order.not_paid", "payment.refund_by_hand"]
    assert voucher.until is not None
    assert voucher.until.astimezone(ZoneInfo("America/Mexico_City")).strftime("%H:%M") == "23:59"
    assert voucher.instructions["number"].isdigit()


def test_a_boleto_is_paid_later_and_given_back_another_way(services: Services, twin: Twin) -> None:
    """Until 23:59 in São Paulo, for who has a CPF; its money is sent back by hand, and that is written down."""
    sale = sell(services, twin, "BR", REAIS, "BR")
    begun = sale.start("boleto")
    twin.control("pay", session=sale.ref(begun.payment_id), method="boleto", tax_id="529.982.247-25")
    waits = deliver(sale, twin)
    [boleto] = payments.see(services, sale.order.id)
    twin.control("pay_voucher", payment=sale.ref(begun.payment_id))
    paid = deliver(sale, twin)
    with pytest.raises(RequestError) as back:
        refunds.refund(services, sale.actor, sale.order.id, Money(5_000, "BRL"), "", "a")
    refunds.record(services, sale.actor, sale.order.id, Money(5_000, "BRL"), "Pix to the buyer", "b")

    assert (waits, paid) == (("pending", 0, "order.not_paid"), ("paid", 25_050, None))
    assert boleto.until is not None
    assert boleto.until.astimezone(ZoneInfo("America/Sao_Paulo")).strftime("%H:%M") == "23:59"
    assert back.value.problems[0].code == "payment.refund_by_hand"
    assert not refunds.is_possible(services, sale.order.id)
    assert (sale.state.net, refunded(twin)) == (20_050, [])


def test_a_boleto_that_lapses_frees_the_buyer_to_begin_again(services: Services, twin: Twin) -> None:
    """After its last minute the attempt is over, and another is another."""
    sale = sell(services, twin, "BR", REAIS, "BR")
    first = sale.start("boleto")
    twin.control("pay", session=sale.ref(first.payment_id), method="boleto", tax_id="529.982.247-25")
    deliver(sale, twin)
    twin.control("expire_voucher", payment=sale.ref(first.payment_id))
    lapsed = deliver(sale, twin)
    second = sale.start("boleto")

    assert lapsed[0] == "awaiting_payment"
    assert first.payment_id != second.payment_id
    assert [one.state for one in payments.see(services, sale.order.id)] == ["expired", "open"]


def test_pix_is_paid_in_seconds_and_refunded_in_part(services: Services, twin: Twin) -> None:
    """The code is out and nothing ships; paid, it ships, and a part goes back by the same way."""
    sale = sell(services, twin, "US", REAIS, "BR")
    begun = sale.start("pix")
    ref = sale.ref(begun.payment_id)
    twin.control("pay", session=ref, method="pix")
    waits = deliver(sale, twin)
    twin.control("pay_voucher", payment=ref)
    paid = deliver(sale, twin)
    sent = shipped(sale)
    refunds.refund(services, sale.actor, sale.order.id, Money(5_050, "BRL"), "", "a")
    after = deliver(sale, twin)

    assert (waits, paid, sent) == (("awaiting_payment", 0, "order.not_paid"), ("paid", 25_050, None), "shipped")
    assert after[:2] == ("part_refunded", 20_000)
    assert refunded(twin) == ["5050"]


def test_spei_comes_in_parts(services: Services, twin: Twin) -> None:
    """The buyer is told the CLABE and the reference; a part keeps the order waiting, the rest pays it."""
    sale = sell(services, twin, "MX", PESOS, "MX")
    begun = sale.start("customer_balance")
    ref = sale.ref(begun.payment_id)
    twin.control("pay", session=ref, method="customer_balance")
    waits = deliver(sale, twin)
    [told] = payments.see(services, sale.order.id)
    twin.control("transfer", payment=ref, what=39_872)
    part = deliver(sale, twin)
    left = payments.see(services, sale.order.id)[0].instructions["remaining"]
    twin.control("transfer", payment=ref, what="whole")
    paid = deliver(sale, twin)

    assert (waits, part, paid) == (
        ("pending", 0, "order.not_paid"),
        ("underfunded", 39_872, "order.not_paid"),
        ("paid", 139_872, None),
    )
    assert (told.instructions["remaining"], left) == ("1398.72", "1000.00")
    assert told.instructions["clabe"].isdigit()
    assert sale.kinds.count("payment_received") == 2
    assert shipped(sale) == "shipped"


def test_too_much_by_spei_stays_with_stripe(services: Services, twin: Twin) -> None:
    """The order gets what it asked for; the rest is the buyer's balance there and no money of the order."""
    sale = sell(services, twin, "MX", PESOS, "MX")
    begun = sale.start("customer_balance")
    ref = sale.ref(begun.payment_id)
    twin.control("pay", session=ref, method="customer_balance")
    twin.control("transfer", payment=ref, what="too_much")

    assert deliver(sale, twin) == ("paid", 139_872, None)
    assert (sale.state.owed_back, sale.state.astray) == (0, 0)


def test_what_the_buyer_saw_in_another_currency_is_kept_apart(services: Services, twin: Twin) -> None:
    """With adaptive pricing the order's sums stay ours, the buyer's stand beside them, and a refund is in ours."""
    sale = sell(services, twin, "MX", PESOS, "MX", adaptive=True)
    begun = sale.start("card")
    twin.control("pay", session=sale.ref(begun.payment_id), presentment={"currency": "usd", "amount": 7_812})
    paid = deliver(sale, twin)
    [seen] = payments.see(services, sale.order.id)
    refunds.refund(services, sale.actor, sale.order.id, Money(10_000, "MXN"), "", "a")

    assert asked(twin)["adaptive_pricing[enabled]"] == "true"
    assert (paid, sale.state.currency) == (("paid", 139_872, None), "MXN")
    assert (seen.amount, seen.presented) == (PESOS, Money(7_812, "USD"))
    assert refunded(twin) == ["10000"]


def test_adaptive_pricing_is_off_unless_the_seller_wants_it(services: Services, twin: Twin) -> None:
    """It is the seller's to say, and can be taken back."""
    sale = sell(services, twin, "MX", PESOS, "MX")
    sale.start("card")
    plain = asked(twin)
    told = [
        payment_accounts.change(services, sale.actor, sale.account_id, adaptive=one).is_adaptive
        for one in (True, False)
    ]

    assert "adaptive_pricing[enabled]" not in plain
    assert told == [True, False]


def test_the_page_is_in_the_buyers_language(services: Services, twin: Twin) -> None:
    """Spanish of Mexico is Stripe's es-419."""
    sale = sell(services, twin, "MX", PESOS, "MX")
    sale.start("card")

    assert asked(twin)["locale"] == "es-419"
    assert datetime.fromtimestamp(int(asked(twin)["expires_at"]), NOW.tzinfo) - NOW == timedelta(hours=23, minutes=50)
