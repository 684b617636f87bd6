"""What a buyer does on the pages Stripe would show: pays, is declined, takes a voucher away, sends money, or leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.twins.stripe import catalogue, checkout, intents, money, transfers, vouchers
from tests.twins.stripe.amounts import checked_charge
from tests.twins.stripe.errors import StripeError, invalid, not_modelled, refused
from tests.twins.stripe.methods import METHODS

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import World


def pay(world: World, session: Thing, method: str = "card", outcome: str = "ok", **details: Any) -> Thing:
    """Press the button of a method. A card's outcome: ``ok``, a code of decline, ``3ds``, ``processing``, ``dispute``.

    Of the buyer: ``email, name, phone, tax_id, address, shipping`` (addresses as Stripe writes them),
    ``shipping_option`` (its place in the list), ``installments`` (months), ``presentment`` (currency and amount shown).
    """
    if session["status"] != "open":
        raise refused(f"This Checkout Session is {session['status']}: the buyer sees that the link is over")
    if method not in session["payment_method_types"]:
        raise refused(f"{method} is not offered here: {', '.join(session['payment_method_types'])}")
    account = world.owner(session)
    _tell(world, session, details)
    if not session["amount_total"]:
        session |= {"status": "complete", "url": None}
        world.emit(account, "checkout.session.completed", session)
        return session
    intent = _intent(world, session)
    found = _method(world, session, intent, method, outcome, details)
    vouchers.check(found, intent)
    try:
        intents.start(world, intent, found, session["success_url"])
    except StripeError as error:
        if error.status != 402:
            raise
    if METHODS[method].later and session["status"] == "open" and intent["status"] == "requires_action":
        checkout.complete(world, session, paid=False)
    return session


def _tell(world: World, session: Thing, details: Thing) -> None:
    """Write down who the buyer is and where it goes, refusing what the page would refuse."""
    email = session["customer_email"] or details.get("email", "buyer@example.com")
    name = details.get("name", "Ana Compradora")
    place = {"city": "Puebla", "country": "MX", "line1": "Avenida Reforma 12", "line2": None, "postal_code": "72000"}
    place |= {"state": "PUE"}
    session["customer_details"] = {
        "address": details.get("address", place),
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": details.get("phone", "+522221234567") if session["phone_number_collection"]["enabled"] else None,
        "tax_exempt": "none",
        "tax_ids": [{"type": "br_cpf", "value": details["tax_id"]}] if details.get("tax_id") else [],
    }
    if session["shipping_address_collection"]:
        allowed = session["shipping_address_collection"]["allowed_countries"]
        country = "MX" if "MX" in allowed else allowed[0]
        to = details.get("shipping", {"name": name, "address": place | {"country": country}})
        if to["address"]["country"] not in allowed:
            raise refused(f"Nothing is sent to {to['address']['country']}", param="shipping")
        session["collected_information"] = {"business_name": None, "individual_name": None, "shipping_details": to}
    if session["shipping_options"]:
        chosen = session["shipping_options"][details.get("shipping_option", 0)]
        cost = chosen["shipping_amount"]
        session["shipping_cost"] = {"amount_subtotal": cost, "amount_tax": 0, "amount_total": cost}
        session["shipping_cost"]["shipping_rate"] = chosen["shipping_rate"]
        session["total_details"]["amount_shipping"] = cost
        total = session["amount_subtotal"] + cost
        session["amount_total"] = checked_charge(total, session["currency"], world.owner(session)) if total else 0
    if "presentment" in details:
        if not session["adaptive_pricing"]["enabled"]:
            raise refused("Adaptive pricing is not enabled for this Session")
        shown = details["presentment"]
        named = {"presentment_amount": shown["amount"], "presentment_currency": shown["currency"]}
        session["presentment_details"] = named
    if session["customer_creation"] == "always" and session["customer"] is None:
        account = world.owner(session)
        session["customer"] = catalogue.customer(world, account, {"email": email, "name": name})["id"]


def _intent(world: World, session: Thing) -> Thing:
    """Return the intent of a Session, made when the buyer first presses a button; its metadata is not the Session's."""
    given: dict[str, Any] = session["_intent_data"]
    if session["payment_intent"]:
        intent = world.things[session["payment_intent"]]
        intent["amount"] = session["amount_total"]
    else:
        account = world.owner(session)
        values = {"amount": session["amount_total"], "currency": session["currency"]}
        values |= {"customer": session["customer"]} if session["customer"] else {}
        values |= {name: value for name, value in given.items() if name != "setup_future_usage"}
        intent = intents.create(
            world, account, values | {"allowed_payment_method_types": session["payment_method_types"]}
        )
        intent["payment_method_options"] = session["payment_method_options"]
        session["payment_intent"] = intent["id"]
    collected = session["collected_information"]
    if collected:
        intent["shipping"] = collected["shipping_details"]
    if "presentment_details" in session:
        intent["presentment_details"] = dict(session["presentment_details"])
    return intent


def _method(world: World, session: Thing, intent: Thing, method: str, outcome: str, details: Thing) -> Thing:
    account = world.owner(session)
    told = session["customer_details"]
    billing = {name: told[name] for name in ("address", "email", "name", "phone")}
    if method != "card":
        extra = {"tax_id": details["tax_id"]} if method == "boleto" and details.get("tax_id") else {}
        return intents.method(world, account, method, billing, **{method: extra})
    months = details.get("installments")
    if months:
        options = (session["payment_method_options"] or {}).get("card", {})
        enabled = options.get("installments", {}).get("enabled")
        if not enabled or (account.country, session["currency"]) != ("MX", "mxn"):
            raise refused("Instalments are not offered: they are for accounts in Mexico, in pesos, where enabled")
        intent["_plan"] = {"count": months, "interval": "month", "type": "fixed_count"}
    return intents.card(world, account, outcome, billing)


def authenticate(world: World, intent: Thing, *, well: bool = True) -> Thing:
    """Answer what the bank asked."""
    action = intent["next_action"] or {}
    if intent["status"] != "requires_action" or action.get("type") != "redirect_to_url":
        raise refused("No bank asks about this payment")
    intents.authenticated(world, intent, well=well)
    return intent


def pay_voucher(world: World, intent: Thing, *, late: bool = False, hold: bool = False) -> Thing:
    """Pay what was issued; ``late``: though it has lapsed or was cancelled; ``hold``: it is seen, and not sure yet."""
    method = world.things.get(intent["payment_method"] or intent.get("_issued", ""))
    if method is None or method["type"] not in ("oxxo", "boleto", "pix"):
        raise refused("Nothing was issued that could be paid")
    waits = intent["status"] == "requires_action"
    if not waits and not (late and intent["status"] in ("requires_payment_method", "canceled")):
        raise refused(f"What was issued cannot be paid: the payment is {intent['status']}")
    intent["payment_method"] = method["id"]
    if hold:
        intent |= {"status": "processing", "next_action": None}
        world.emit(world.owner(intent), "payment_intent.processing", intent)
    else:
        money.paid(world, intent)
    return intent


def settle(world: World, intent: Thing, *, well: bool = True) -> Thing:
    """End what was seen and not sure yet."""
    if intent["status"] != "processing":
        raise refused(f"The payment is {intent['status']}, not processing")
    if well:
        money.paid(world, intent)
    else:
        error = {"type": "invalid_request_error", "code": "payment_intent_payment_attempt_failed", "message": "Failed."}
        money.failed(world, intent, error)
    return intent


def expire_voucher(world: World, intent: Thing) -> Thing:
    """Let what was issued lapse before its time."""
    if "_lapses" not in intent or intent["status"] != "requires_action":
        raise refused("Nothing is issued that could lapse")
    vouchers.lapse(world, intent, intent["_lapses"])
    return intent


def transfer(world: World, intent: Thing, what: str | int) -> Thing:
    """Send money by bank: ``part`` (a half), ``whole`` (what is left), ``too_much`` (10.00 more), or an amount."""
    if "_received" not in intent:
        raise refused("No transfer is waited for")
    left = transfers.remaining(intent)
    amounts = {"part": max(left // 2, 1), "whole": left, "too_much": left + 1000}
    amount = amounts[what] if isinstance(what, str) else what
    if amount < 1:
        raise invalid("An amount that arrives is at least 1", param="amount")
    if intent["status"] == "canceled":
        raise not_modelled("transfers to a payment that was cancelled; fund the customer instead")
    transfers.arrive(world, world.things[intent["customer"]], intent["currency"], amount, intent)
    return intent
