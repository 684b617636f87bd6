"""Customers, products, prices, shipping rates and endpoints of webhooks: what is kept and given back."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from tests.twins.stripe import rules
from tests.twins.stripe.amounts import checked_currency, checked_part
from tests.twins.stripe.errors import invalid, not_modelled

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import Account, World


def customer(world: World, account: Account, values: Thing) -> Thing:
    """Keep a customer; money sent ahead is held in ``_cash`` by currency."""
    fields = {name: values.get(name) or None for name in ("name", "email", "phone", "description", "shipping")}
    made = world.make(
        account,
        "customer",
        **fields,
        address=values.get("address") or None,
        metadata=rules.metadata(values.get("metadata")),
        preferred_locales=values.get("preferred_locales", []),
        balance=0,
        tax_exempt="none",
        invoice_prefix=world.letters(8).upper(),
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        next_invoice_sequence=1,
        delinquent=False,
        _cash={},
    )
    world.emit(account, "customer.created", made)
    return made


def update(world: World, account: Account, thing: Thing, values: Thing) -> Thing:
    """Change what was sent of an object that is only kept."""
    for name, value in values.items():
        if name == "metadata":
            thing["metadata"] = rules.metadata(value, thing["metadata"])
        elif name in thing:
            thing[name] = None if value == "" else value
        elif name != "expand":
            raise not_modelled(f"{name} of a {thing['object']}", name)
    if thing["object"] in ("customer", "product", "price"):
        world.emit(account, f"{thing['object']}.updated", thing)
    return thing


def product(world: World, account: Account, values: Thing) -> Thing:
    """Keep a product, with its price if one was sent along."""
    made = world.make(
        account,
        "product",
        name=values["name"],
        active=values.get("active", True),
        description=values.get("description"),
        images=values.get("images", []),
        marketing_features=[],
        metadata=rules.metadata(values.get("metadata")),
        tax_code=values.get("tax_code"),
        unit_label=values.get("unit_label"),
        updated=world.now(),
    )
    if "default_price_data" in values:
        made["default_price"] = price(world, account, values["default_price_data"], made["id"])["id"]
    return made


def price(world: World, account: Account, values: Thing, of: str | None = None, *, inline: bool = False) -> Thing:
    """Keep a price; one inside a line of Checkout belongs to that line alone."""
    currency = checked_currency(values["currency"])
    if values.get("recurring"):
        raise not_modelled("recurring prices", "recurring")
    if ("unit_amount" in values) == ("unit_amount_decimal" in values):
        said = "One of unit_amount and unit_amount_decimal is needed, and not both"
        raise invalid(said, code="parameter_missing", param="unit_amount")
    if "unit_amount" in values:
        amount: int | None = checked_part(values["unit_amount"], currency, "unit_amount")
        exact = Decimal(values["unit_amount"])
    else:
        try:
            exact = Decimal(values["unit_amount_decimal"])
        except ArithmeticError as error:
            raise invalid("Invalid decimal", code="parameter_invalid", param="unit_amount_decimal") from error
        amount = int(exact) if exact == int(exact) else None
    held = values.get("product") or of
    if held is None:
        held = product(world, account, values["product_data"])["id"]
    return world.make(
        account,
        "price",
        product=world.get(account, "product", held, "product")["id"],
        currency=currency,
        unit_amount=amount,
        unit_amount_decimal=str(exact),
        active=not inline,
        billing_scheme="per_unit",
        metadata=rules.metadata(values.get("metadata")),
        nickname=values.get("nickname"),
        lookup_key=values.get("lookup_key"),
        tax_behavior=values.get("tax_behavior", "unspecified"),
        type="one_time",
    )


def times(one: Thing, quantity: int) -> int:
    """Return a price so many times, in whole units, halves upwards."""
    return int((Decimal(one["unit_amount_decimal"]) * quantity).quantize(Decimal(1), ROUND_HALF_UP))


def shipping_rate(world: World, account: Account, values: Thing) -> Thing:
    """Keep what a way of sending costs and promises."""
    fixed: dict[str, Any] | None = values.get("fixed_amount")
    if values.get("type", "fixed_amount") != "fixed_amount" or fixed is None:
        raise invalid("A shipping rate needs a fixed_amount", code="parameter_missing", param="fixed_amount")
    checked_part(fixed["amount"], checked_currency(fixed["currency"]), "fixed_amount[amount]")
    return world.make(
        account,
        "shipping_rate",
        active=True,
        display_name=values["display_name"],
        fixed_amount={"amount": fixed["amount"], "currency": fixed["currency"]},
        delivery_estimate=values.get("delivery_estimate"),
        metadata=rules.metadata(values.get("metadata")),
        tax_behavior=values.get("tax_behavior", "unspecified"),
        tax_code=values.get("tax_code"),
        type="fixed_amount",
    )


def webhook_endpoint(world: World, account: Account, values: Thing) -> Thing:
    """Keep an endpoint; its secret is in the answer to this request only."""
    made = world.make(
        account,
        "webhook_endpoint",
        url=rules.address(values["url"], "url"),
        enabled_events=values["enabled_events"],
        api_version=values.get("api_version"),
        description=values.get("description") or None,
        metadata=rules.metadata(values.get("metadata")),
        status="enabled",
        _secret=world.new_id("secret"),
    )
    return {**made, "secret": made["_secret"]}
