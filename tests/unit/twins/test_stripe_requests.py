"""The twin refuses what Stripe's schema and pages refuse, by the name of the parameter."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import stripe

from tests.unit.twins.conftest import START, Shop, refusal


def line(amount: Any = 99000, currency: str = "mxn", **more: Any) -> dict[str, Any]:
    """Return a line of Checkout."""
    data = {"currency": currency, "unit_amount": amount, "product_data": {"name": "Rebozo"}}
    return {"price_data": data, "quantity": 1} | more


WRONG_FORMS: list[tuple[dict[str, Any], tuple[str | None, str]]] = [
    ({"locale": "es-MX"}, ("parameter_invalid", "locale")),
    ({"allowed_payment_method_types": ["oxo"]}, ("parameter_invalid", "allowed_payment_method_types[0]")),
    ({"payment_method_types": ["card"]}, (None, "payment_method_types")),
    ({"line_items": [line(990.0)]}, ("parameter_invalid_integer", "line_items[0][price_data][unit_amount]")),
    (
        {"line_items": [line(Decimal(1000).normalize())]},
        ("parameter_invalid_integer", "line_items[0][price_data][unit_amount]"),
    ),
    ({"succes_url": "https://shop.example/"}, ("parameter_unknown", "succes_url")),
    ({"line_items": [line(dynamic_tax_rates=["x"])]}, ("parameter_unknown", "line_items[0][dynamic_tax_rates]")),
    (
        {"shipping_address_collection": {"allowed_countries": ["MX", "CU"]}},
        ("parameter_invalid", "shipping_address_collection[allowed_countries][1]"),
    ),
    (
        {"shipping_address_collection": {"allowed_countries": ["VI"]}},
        ("parameter_invalid", "shipping_address_collection[allowed_countries][0]"),
    ),
    ({"client_reference_id": "x" * 201}, ("parameter_invalid_string", "client_reference_id")),
]


@pytest.mark.parametrize(("changes", "told"), WRONG_FORMS)
def test_a_form_that_the_schema_refuses_is_named(shop: Shop, changes: dict[str, Any], told: tuple[str, str]) -> None:
    """What Stripe's published schema does not have is refused with the parameter's name."""
    assert refusal(shop, **changes) == told


BROKEN_RULES: list[tuple[dict[str, Any], tuple[str | None, str]]] = [
    ({"mode": ""}, ("parameter_invalid", "mode")),
    ({"success_url": ""}, ("parameter_missing", "success_url")),
    ({"success_url": "shop.example"}, ("url_invalid", "success_url")),
    ({"line_items": [{"quantity": 1}]}, ("parameter_missing", "line_items[0][price]")),
    ({"line_items": [line(quantity=0)]}, ("parameter_invalid_integer", "line_items[0][quantity]")),
    ({"line_items": [line(), line(100, "usd")]}, ("parameter_invalid", "line_items")),
    ({"line_items": [line(100, "zzz")]}, ("parameter_invalid", "currency")),
    ({"line_items": [line(100, "USD")]}, ("parameter_invalid", "currency")),
    ({"line_items": [line(-5)]}, ("parameter_invalid_integer", "unit_amount")),
    ({"line_items": [line(999)]}, ("amount_too_small", "line_items")),
    ({"line_items": [line(100_000_000)]}, ("amount_too_large", "line_items")),
    ({"line_items": [line(550, "isk")]}, ("parameter_invalid_integer", "unit_amount")),
    ({"line_items": [line(50050, "ugx")]}, ("parameter_invalid_integer", "unit_amount")),
    ({"line_items": [line(5124, "kwd")]}, ("parameter_invalid_integer", "unit_amount")),
    (
        {"allowed_payment_method_types": ["oxxo"], "line_items": [line(5000, "usd")]},
        ("parameter_invalid", "allowed_payment_method_types"),
    ),
    ({"allowed_payment_method_types": ["customer_balance"]}, ("parameter_invalid", "allowed_payment_method_types")),
    ({"allowed_payment_method_types": ["paypal"]}, ("parameter_invalid", "allowed_payment_method_types")),
    (
        {"payment_method_options": {"oxxo": {"expires_after_days": 8}}},
        ("parameter_invalid_integer", "payment_method_options[oxxo][expires_after_days]"),
    ),
    (
        {"payment_method_options": {"pix": {"expires_after_seconds": 59}}},
        ("parameter_invalid_integer", "payment_method_options[pix][expires_after_seconds]"),
    ),
    ({"metadata": {"note": "x" * 501}}, ("parameter_invalid", "metadata[note]")),
    ({"metadata": {"n" * 41: "x"}}, ("parameter_invalid", f"metadata[{'n' * 41}]")),
    ({"metadata": {str(index): "x" for index in range(51)}}, ("parameter_invalid", "metadata")),
    ({"expires_at": START + 60}, ("parameter_invalid_integer", "expires_at")),
    ({"expires_at": START + 2 * 86_400}, ("parameter_invalid_integer", "expires_at")),
    ({"customer": "cus_nobody"}, ("resource_missing", "customer")),
    ({"automatic_tax": {"enabled": True}}, ("not_modelled_by_twin", "automatic_tax")),
]


@pytest.mark.parametrize(("changes", "told"), BROKEN_RULES)
def test_a_rule_of_the_pages_is_held(shop: Shop, changes: dict[str, Any], told: tuple[str, str]) -> None:
    """What only Stripe's pages say is refused too."""
    assert refusal(shop, **changes) == told


def test_up_to_five_ways_of_sending_are_possible(shop: Shop) -> None:
    """A sixth shipping option is refused."""
    rate = {"display_name": "Post", "type": "fixed_amount", "fixed_amount": {"amount": 5000, "currency": "mxn"}}

    assert refusal(shop, shipping_options=[{"shipping_rate_data": rate}] * 6) == (
        "parameter_invalid",
        "shipping_options",
    )


def test_nothing_is_left_of_what_was_refused(shop: Shop) -> None:
    """Products and prices of the lines before the wrong one are gone with it."""
    refusal(shop, line_items=[line(), line(quantity=0)])

    assert shop.client.v1.products.list().data == shop.client.v1.prices.list().data == []


def test_a_hundred_lines_are_possible(shop: Shop) -> None:
    """A line more is refused."""
    assert refusal(shop, line_items=[line(1000)] * 101) == ("parameter_invalid", "line_items")


def test_the_least_amount_holds_in_the_currency_of_settlement(shop: Shop) -> None:
    """A dollar is enough of itself, and not for an account that settles in pesos at 9 a dollar."""
    shop.twin.control("account", key="sk_test_MX_shop", rates={"usd": "9"})

    assert refusal(shop, line_items=[line(100, "usd")]) == ("amount_too_small", "line_items")


def test_a_retired_parameter_of_an_intent_has_its_code(shop: Shop) -> None:
    """PaymentIntents say that the types are no longer supported."""
    params: Any = {"amount": 5000, "currency": "mxn", "payment_method_types": ["card"]}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.payment_intents.create(params)

    assert caught.value.code == "payment_method_types_no_longer_supported"


def test_an_older_version_takes_the_older_form(shop: Shop) -> None:
    """The published schema holds without the overlay for a client that pins its version."""
    params: Any = shop.order(payment_method_types=["card"])
    made = shop.client.v1.checkout.sessions.create(params, {"stripe_version": "2026-05-27.dahlia"})

    assert made.payment_method_types == ["card"]


def test_names_of_metadata_may_be_digits(shop: Shop) -> None:
    """A name that looks like a place in a list stays a name."""
    assert shop.session(metadata={"0": "z", "1": "y"}).metadata.to_dict() == {"0": "z", "1": "y"}


def test_an_allowed_list_filters_what_qualifies(shop: Shop) -> None:
    """A method of another currency is left out without a word, as Stripe does."""
    assert shop.session(allowed_payment_method_types=["pix", "card", "boleto"]).payment_method_types == ["card"]


def test_totals_come_from_the_whole_numbers_of_the_request(shop: Shop) -> None:
    """Lines times their quantities and the first way of sending make the total."""
    rate = {"display_name": "Post", "type": "fixed_amount", "fixed_amount": {"amount": 15050, "currency": "mxn"}}
    made = shop.session(
        line_items=[line(99000, quantity=3), line(101)], shipping_options=[{"shipping_rate_data": rate}]
    )

    assert (made.amount_subtotal, made.amount_total, made.total_details.amount_shipping) == (297101, 312151, 15050)


def test_totals_in_pesos_of_colombia_may_have_ten_digits(shop: Shop) -> None:
    """COP goes up to 9,999,999,999."""
    assert shop.session(line_items=[line(9_999_999_999, "cop")]).amount_total == 9_999_999_999


def test_what_another_account_made_is_not_there(shop: Shop, brazil: Shop) -> None:
    """A key sees what its account has."""
    session = shop.session()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        brazil.read(session)

    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_a_key_that_is_none_is_refused(shop: Shop) -> None:
    """What does not look like a secret key is no account."""
    shop.client = stripe.StripeClient("pk_test_x", base_addresses={"api": shop.twin.url})
    with pytest.raises(stripe.AuthenticationError):
        shop.session()
