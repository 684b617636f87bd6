"""Amounts as providers write them, against tables written by hand from their pages; the matrix of methods."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from landed_cost.currencies import exponent
from landed_cost.money import Money
from shopkit.payments import methods, wire
from shopkit.payments.port import Account

TABLE = yaml.safe_load((Path(__file__).parents[2] / "twins/stripe_wire_amounts.yaml").read_text("utf-8"))["amounts"]


def money(amount: str, currency: str) -> Money:
    """Return an amount that our own units can hold."""
    minor = Decimal(amount).scaleb(exponent(currency))
    assert minor == int(minor)
    return Money(int(minor), currency)


@pytest.mark.parametrize(
    "row", [one for one in TABLE if "wire" in one], ids=lambda one: f"{one['amount']}{one['currency']}"
)
def test_stripe_is_sent_the_number_of_its_own_page(row: dict[str, Any]) -> None:
    """An amount goes out as the number written by hand from Stripe's page, and comes back as the same amount."""
    amount = money(row["amount"], row["currency"])

    assert (wire.to_stripe(amount), wire.from_stripe(row["wire"], row["currency"].lower())) == (row["wire"], amount)


def test_the_table_holds_thirty_currencies() -> None:
    """The comparison is of no fewer than thirty currencies."""
    assert len({one["currency"] for one in TABLE if "wire" in one}) >= 30


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (Money(5124, "KWD"), "payment.digits"),
        (Money(49, "USD"), "payment.too_small"),
        (Money(999, "MXN"), "payment.too_small"),
        (Money(0, "CLP"), "payment.too_small"),
        (Money(-100, "USD"), "payment.too_small"),
        (Money(100_000_000, "USD"), "payment.too_large"),
        (Money(10_000_000_000, "COP"), "payment.too_large"),
        (Money(1_000_000, "IQD"), "payment.currency"),
    ],
)
def test_what_stripe_would_refuse_is_refused_before(amount: Money, code: str) -> None:
    """Too little, too much, digits that cannot be sent, and currencies that sources disagree on."""
    with pytest.raises(wire.AmountError) as caught:
        wire.to_stripe(amount)

    assert caught.value.code == code


def test_paypal_is_sent_decimal_text() -> None:
    """Two decimals, none for yen; Chilean pesos are not taken and half a forint cannot be written."""
    sent = [wire.to_paypal(one) for one in (Money(1050, "USD"), Money(500, "JPY"), Money(100_000, "HUF"))]
    refused = []
    for one in (Money(500, "CLP"), Money(1050, "HUF"), Money(0, "USD")):
        with pytest.raises(wire.AmountError) as caught:
            wire.to_paypal(one)
        refused.append(caught.value.code)

    assert (sent, refused) == (["10.50", "500", "1000"], ["payment.currency", "payment.digits", "payment.too_small"])


def test_mercado_pago_is_sent_whole_pesos_of_chile_and_colombia() -> None:
    """Colombia has cents that Mercado Pago does not take."""
    assert wire.to_mercadopago(Money(18_500_000, "COP")) == Decimal(185000)
    assert str(wire.to_mercadopago(Money(25_050, "BRL"))) == "250.50"
    with pytest.raises(wire.AmountError):
        wire.to_mercadopago(Money(18_500_050, "COP"))


def offered(country: str, market: str, amount: Money, **options: Any) -> dict[str, str | None]:
    """Return the methods of an account at Stripe for a buyer, with why not."""
    account = Account("pa_1", "stripe", country, is_live=False, secrets={}, options=options)
    return {one.method.name: one.why_not for one in methods.offers([account], market, amount)}


def test_a_market_is_offered_its_own_methods() -> None:
    """Mexico is offered OXXO and SPEI, Brazil boleto and Pix, and what does not fit says why."""
    mexico = offered("MX", "MX", Money(99_000, "MXN"))
    from_mexico_to_brazil = offered("MX", "BR", Money(9_900, "BRL"))

    assert mexico == {"card": None, "oxxo": None, "customer_balance": None}
    assert from_mexico_to_brazil == {
        "card": None,
        "boleto": "payment.account_country",
        "pix": "payment.account_country",
    }
    assert offered("MX", "MX", Money(500, "MXN")) == dict.fromkeys(mexico, "payment.too_small")
    assert offered("MX", "US", Money(5_000, "USD"), methods=["oxxo"]) == {"card": "payment.switched_off"}


def test_reais_by_paypal_stay_in_brazil() -> None:
    """Only between an account and a buyer of Brazil; dollars go anywhere."""
    asked = [("BR", "BR", "BRL"), ("BR", "US", "BRL"), ("US", "BR", "BRL"), ("MX", "BR", "USD")]
    found = []
    for country, market, currency in asked:
        account = Account("pa_1", "paypal", country, is_live=False, secrets={})
        [one] = methods.offers([account], market, Money(9_900, currency))
        found.append(one.why_not)

    assert found == [None, "payment.currency", "payment.currency", None]


def test_what_nobody_wrote_of_refunds_is_no() -> None:
    """OXXO's refunds are disputed among sources, a boleto has none: neither is offered; a card is."""
    may = {one.name: one.may_refund for one in methods.matrix() if one.provider == "stripe"}

    assert may == {"card": True, "oxxo": False, "boleto": False, "pix": True, "customer_balance": False}


def test_every_row_says_where_it_is_from_in_three_languages() -> None:
    """A row without its source, its evidence or a language is a defect."""
    for one in methods.matrix():
        assert one.source
        assert one.evidence
        assert [set(words) for words in (one.title, one.delay, one.cost)] == [{"es", "pt", "en"}] * 3
    assert methods.as_of() == "2026-11-23"
