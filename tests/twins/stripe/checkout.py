"""Checkout Sessions: made, expired, and completed when the buyer pays or takes instructions away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.twins.stripe import catalogue, rules
from tests.twins.stripe.amounts import checked_charge, checked_part
from tests.twins.stripe.errors import invalid, not_modelled, refused
from tests.twins.stripe.methods import offered

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import Account, World


def _line(world: World, account: Account, values: Thing, at: str) -> Thing:
    if ("price" in values) == ("price_data" in values):
        raise invalid(f"{at} needs one of price and price_data", code="parameter_missing", param=f"{at}[price]")
    if "adjustable_quantity" in values and values["adjustable_quantity"].get("enabled"):
        raise not_modelled("quantities the buyer may change", f"{at}[adjustable_quantity]")
    if values.get("tax_rates"):
        raise not_modelled("tax", f"{at}[tax_rates]")
    quantity = rules.within(values.get("quantity", 0), 1, 999_999, f"{at}[quantity]")
    if "price" in values:
        price = world.get(account, "price", values["price"], f"{at}[price]")
    else:
        data = values["price_data"]
        if ("product" in data) == ("product_data" in data):
            param = f"{at}[price_data][product_data]"
            raise invalid("One of product and product_data is needed", code="parameter_missing", param=param)
        price = catalogue.price(world, account, data, inline=True)
    amount = catalogue.times(price, quantity)
    return world.make(
        account,
        "item",
        description=world.things[price["product"]]["name"],
        quantity=quantity,
        price=price["id"],
        currency=price["currency"],
        amount_subtotal=amount,
        amount_discount=0,
        amount_tax=0,
        amount_total=amount,
    ) | {"price": {name: value for name, value in price.items() if not name.startswith("_")}}


def _shipping(world: World, account: Account, values: Thing, currency: str) -> list[Thing]:
    options = values.get("shipping_options") or []
    if len(options) > 5:
        raise invalid("Up to 5 shipping options are possible", code="parameter_invalid", param="shipping_options")
    out = []
    for index, option in enumerate(options):
        at = f"shipping_options[{index}]"
        if ("shipping_rate" in option) == ("shipping_rate_data" in option):
            raise invalid(f"{at} needs one of shipping_rate and shipping_rate_data", param=at)
        if "shipping_rate" in option:
            rate = world.get(account, "shipping_rate", option["shipping_rate"], f"{at}[shipping_rate]")
        else:
            rate = catalogue.shipping_rate(world, account, option["shipping_rate_data"])
        if rate["fixed_amount"]["currency"] != currency:
            raise invalid("Shipping and goods are in different currencies", param=at)
        out.append({"shipping_amount": rate["fixed_amount"]["amount"], "shipping_rate": rate["id"]})
    return out


def _ways_back(values: Thing) -> None:
    mode = values.get("ui_mode", "hosted_page")
    rules.needed(values, ["success_url"] if mode == "hosted_page" else ["return_url"])
    for name in ("success_url", "cancel_url", "return_url"):
        if name in values:
            rules.address(values[name], name)


def _checked(world: World, account: Account, values: Thing) -> None:
    """Refuse what can be seen to be wrong before a line is read."""
    rules.played(values)
    rules.needed(values, ["mode"])
    if values["mode"] != "payment":
        raise not_modelled(f"mode {values['mode']}", "mode")
    _ways_back(values)
    rules.needed(values, ["line_items"])
    if len(values["line_items"]) > 100:
        raise invalid("Up to 100 line items are possible", code="parameter_invalid", param="line_items")
    intent_data: dict[str, Any] = values.get("payment_intent_data", {})
    rules.played(intent_data, "payment_intent_data.")
    if len(intent_data.get("description", "")) > 1000:
        raise invalid("Up to 1000 characters are possible", param="payment_intent_data[description]")
    rules.metadata(values.get("metadata"))
    rules.metadata(intent_data.get("metadata"), param="payment_intent_data[metadata]")
    rules.method_options(values.get("payment_method_options", {}))
    if values.get("customer") and values.get("customer_email"):
        raise invalid("You may only specify one of customer and customer_email", param="customer_email")
    if values.get("customer"):
        world.get(account, "customer", values["customer"], "customer")


def _expiry(values: Thing, now: int) -> int:
    expires_at: int = values["expires_at"] if "expires_at" in values else now + rules.DAY
    # A minute of grace for a clock that is not quite ours and the time a request takes.
    if not now + 29 * rules.MINUTE <= expires_at <= now + rules.DAY + rules.MINUTE:
        said = "expires_at must lie between 30 minutes and 24 hours after the creation"
        raise invalid(said, code="parameter_invalid_integer", param="expires_at")
    return expires_at


def create(world: World, account: Account, values: Thing) -> Thing:
    """Make a Session. Its totals are computed here, from the whole numbers of the request and nothing else."""
    _checked(world, account, values)
    now = world.now()
    expires_at = _expiry(values, now)
    intent_data: dict[str, Any] = values.get("payment_intent_data", {})
    lines = [_line(world, account, line, f"line_items[{i}]") for i, line in enumerate(values["line_items"])]
    currencies = {line["currency"] for line in lines} | ({values["currency"]} if values.get("currency") else set())
    if len(currencies) != 1:
        said = f"All lines of a Session are in one currency; here are {', '.join(sorted(currencies))}"
        raise invalid(said, code="parameter_invalid", param="line_items")
    [currency] = currencies
    shipping = _shipping(world, account, values, currency)
    subtotal = sum(line["amount_total"] for line in lines)
    carried = shipping[0]["shipping_amount"] if shipping else 0
    total = checked_part(subtotal + carried, currency, "line_items")
    if total:
        checked_charge(total, currency, account, "line_items")
    manual = intent_data.get("capture_method") == "manual"
    methods = offered(account, values, currency, customer=bool(values.get("customer")), manual=manual)
    made = world.make(
        account,
        "checkout.session",
        mode="payment",
        status="open",
        payment_status="unpaid" if total else "no_payment_required",
        currency=currency,
        amount_subtotal=subtotal,
        amount_total=total,
        total_details={"amount_discount": 0, "amount_shipping": carried, "amount_tax": 0},
        shipping_options=shipping,
        shipping_cost=None,
        expires_at=expires_at,
        payment_method_types=methods,
        payment_method_options=values.get("payment_method_options", {}),
        payment_method_collection="if_required",
        metadata=rules.metadata(values.get("metadata")),
        automatic_tax={"enabled": False, "liability": None, "provider": None, "status": None},
        custom_text={
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        customer=values.get("customer"),
        customer_email=values.get("customer_email"),
        customer_creation=None if values.get("customer") else values.get("customer_creation", "if_required"),
        adaptive_pricing=values.get("adaptive_pricing", {"enabled": False}),
        phone_number_collection={"enabled": values.get("phone_number_collection", {}).get("enabled", False)},
        tax_id_collection={
            "enabled": values.get("tax_id_collection", {}).get("enabled", False),
            "required": values.get("tax_id_collection", {}).get("required", "never"),
        },
        ui_mode=values.get("ui_mode", "hosted_page"),
        **{
            name: values.get(name)
            for name in (
                "billing_address_collection",
                "cancel_url",
                "client_reference_id",
                "locale",
                "shipping_address_collection",
                "submit_type",
                "success_url",
            )
        },
        _lines=lines,
        _intent_data=intent_data,
    )
    if "return_url" in values:
        made["return_url"] = values["return_url"]
    if made["ui_mode"] == "hosted_page":
        made["url"] = f"{world.url}/c/pay/{made['id']}"
    else:
        made["client_secret"] = f"{made['id']}_secret_{world.letters(24)}"
    world.at(expires_at, lambda: run_out(world, made))
    return made


def modify(session: Thing, values: Thing) -> Thing:
    """Change a Session's metadata; the rest of what may be changed is for embedded pages."""
    for name in values:
        if name not in ("metadata", "expand"):
            raise not_modelled(f"{name} of a Session that exists", name)
    session["metadata"] = rules.metadata(values.get("metadata"), session["metadata"])
    return session


def expire(world: World, session: Thing) -> Thing:
    """Expire a Session on the shop's request: only one that is open."""
    if session["status"] != "open":
        raise refused(f"Only Checkout Sessions with a status of `open` can be expired, not `{session['status']}`.")
    _expired(world, session)
    return session


def run_out(world: World, session: Thing) -> None:
    """Expire a Session whose time has come, if it is still open; what was issued in it outlives it."""
    if session["status"] == "open":
        _expired(world, session)


def _expired(world: World, session: Thing) -> None:
    account = world.owner(session)
    session |= {"status": "expired", "url": None}
    if session["payment_intent"]:
        intent = world.things[session["payment_intent"]]
        if intent["status"] not in ("succeeded", "canceled", "requires_capture"):
            intent |= {"status": "canceled", "canceled_at": world.now(), "cancellation_reason": "expired"}
            intent["next_action"] = None
            world.emit(account, "payment_intent.canceled", intent)
    world.emit(account, "checkout.session.expired", session)


def of_intent(world: World, intent: Thing) -> Thing | None:
    """Return the Session that an intent was made in."""
    found = world.all(world.owner(intent), "checkout.session", payment_intent=intent["id"])
    return found[0] if found else None


def complete(world: World, session: Thing, *, paid: bool) -> None:
    """Close a Session: paid, or with instructions the buyer has taken away."""
    session |= {"status": "complete", "url": None, "payment_status": "paid" if paid else "unpaid"}
    world.emit(world.owner(session), "checkout.session.completed", session)


def money_came(world: World, intent: Thing) -> None:
    """Tell the Session of an intent that is paid (or whose card is held until it is captured)."""
    session = of_intent(world, intent)
    if session is None or session["status"] == "expired":
        return
    held = intent["status"] == "requires_capture"
    if session["status"] == "open":
        complete(world, session, paid=not held)
    elif session["payment_status"] != "paid":
        session["payment_status"] = "paid"
        if not held and intent["capture_method"] != "manual":
            world.emit(world.owner(session), "checkout.session.async_payment_succeeded", session)


def money_failed(world: World, intent: Thing) -> None:
    """Tell a Session that is complete that what was issued in it will not be paid."""
    session = of_intent(world, intent)
    if session is not None and session["status"] == "complete" and session["payment_status"] == "unpaid":
        world.emit(world.owner(session), "checkout.session.async_payment_failed", session)
