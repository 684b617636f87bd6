"""PaymentIntents: made, confirmed with a method, captured, cancelled; the seven states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.twins.stripe import checkout, disputes, money, rules, transfers, vouchers
from tests.twins.stripe.amounts import checked_charge, checked_currency
from tests.twins.stripe.errors import StripeError, invalid, not_modelled, refused
from tests.twins.stripe.methods import METHODS, eligible, offered

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import Account, World

# Stripe's own test cards: what becomes of them when they are confirmed.
CARDS: Final = {
    "pm_card_visa": "ok",
    "pm_card_mastercard": "ok",
    "pm_card_mx": "ok",
    "pm_card_visa_chargeDeclined": "generic_decline",
    "pm_card_chargeDeclined": "generic_decline",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_visa_chargeDeclinedLostCard": "lost_card",
    "pm_card_chargeDeclinedExpiredCard": "expired_card",
    "pm_card_authenticationRequired": "3ds",
    "pm_card_threeDSecure2Required": "3ds",
    "pm_card_createDispute": "dispute",
}
_OPEN: Final = ("requires_payment_method", "requires_confirmation", "requires_action", "processing", "requires_capture")


def card(world: World, account: Account, fate: str, billing: Thing | None = None) -> Thing:
    """Return a card that will do as said when it is charged."""
    return method(world, account, "card", billing, _fate=fate)


def method(world: World, account: Account, kind: str, billing: Thing | None = None, **more: Any) -> Thing:
    """Keep a payment method; card numbers are never sent to the twin, so there are none to keep."""
    blank = {"address": None, "email": None, "name": None, "phone": None, "tax_id": None}
    made = world.make(
        account, "payment_method", type=kind, billing_details=blank | (billing or {}), metadata={}, **more
    )
    if kind == "card":
        made["card"] = {"brand": "visa", "country": account.country, "exp_month": 12, "exp_year": 2034}
        made["card"] |= {"funding": "credit", "last4": "4242", "fingerprint": "twin", "wallet": None}
    else:
        made.setdefault(kind, {})
    return made


def create(world: World, account: Account, values: Thing) -> Thing:
    """Make an intent, and confirm it at once if asked."""
    rules.played(values)
    currency = checked_currency(values["currency"])
    checked_charge(values["amount"], currency, account)
    rules.method_options(values.get("payment_method_options", {}))
    if values.get("customer"):
        world.get(account, "customer", values["customer"], "customer")
    manual = values.get("capture_method") == "manual"
    customer = bool(values.get("customer"))
    intent = world.make(
        account,
        "payment_intent",
        amount=values["amount"],
        amount_capturable=0,
        amount_received=0,
        currency=currency,
        customer=values.get("customer"),
        capture_method=values.get("capture_method", "automatic_async"),
        confirmation_method=values.get("confirmation_method", "automatic"),
        automatic_payment_methods={"enabled": True, "allow_redirects": "always"},
        payment_method_types=offered(account, values, currency, customer=customer, manual=manual),
        payment_method_options=values.get("payment_method_options", {}),
        metadata=rules.metadata(values.get("metadata")),
        status="requires_payment_method",
        **{
            name: values.get(name)
            for name in (
                "description",
                "receipt_email",
                "shipping",
                "statement_descriptor",
                "statement_descriptor_suffix",
            )
        },
    )
    intent["client_secret"] = f"{intent['id']}_secret_{world.letters(24)}"
    found = _given(world, account, intent, values)
    if values.get("confirm"):
        if found is None:
            raise invalid("A payment method is needed to confirm", code="parameter_missing", param="payment_method")
        vouchers.check(found, intent)
    elif "return_url" in values:
        raise invalid("return_url goes with confirm=true", param="return_url")
    world.emit(account, "payment_intent.created", intent)
    if found is not None:
        intent |= {"payment_method": found["id"], "status": "requires_confirmation"}
        if values.get("confirm"):
            start(world, intent, found, values.get("return_url"))
    return intent


def _given(world: World, account: Account, intent: Thing, values: Thing) -> Thing | None:
    """Return the method a request brings, kept; or nothing."""
    if "payment_method_data" in values:
        data = values["payment_method_data"]
        if data["type"] == "card":
            raise not_modelled("card numbers sent to the server", "payment_method_data[type]")
        _fits(account, intent, data["type"])
        return method(
            world, account, data["type"], data.get("billing_details"), **{data["type"]: data.get(data["type"], {})}
        )
    name = values.get("payment_method")
    if not name:
        return None
    if name in CARDS:
        return card(world, account, CARDS[name])
    return world.get(account, "payment_method", name, "payment_method")


def _fits(account: Account, intent: Thing, kind: str) -> None:
    if kind not in METHODS:
        raise not_modelled(f"payment method {kind}", "payment_method_data[type]")
    if kind == "customer_balance" and not intent["customer"]:
        raise invalid("A bank transfer needs a customer", code="parameter_missing", param="customer")
    manual = intent["capture_method"] == "manual"
    if not eligible(account, kind, intent["currency"], customer=bool(intent["customer"]), manual=manual):
        said = f"{kind} cannot be used for {intent['currency']} with an account in {account.country}"
        raise invalid(said, code="parameter_invalid", param="payment_method_data[type]")


def confirm(world: World, account: Account, intent: Thing, values: Thing) -> Thing:
    """Confirm an intent of the shop's own; one of Checkout is the buyer's to confirm."""
    if checkout.of_intent(world, intent) is not None:
        raise refused("You cannot confirm the PaymentIntent of a Checkout Session.")
    if intent["status"] not in ("requires_payment_method", "requires_confirmation", "requires_action"):
        raise _unexpected(intent, "confirm")
    rules.method_options(values.get("payment_method_options", {}))
    intent["payment_method_options"] |= values.get("payment_method_options", {})
    found = _given(world, account, intent, values)
    if found is None and intent["payment_method"]:
        found = world.things[intent["payment_method"]]
    if found is None:
        raise invalid("A payment method is needed to confirm", code="parameter_missing", param="payment_method")
    vouchers.check(found, intent)
    start(world, intent, found, values.get("return_url"))
    return intent


def start(world: World, intent: Thing, found: Thing, return_url: str | None = None) -> None:
    """Begin a payment with a method; a declined card is told by an error, after all of it has been written down."""
    intent["payment_method"] = found["id"]
    options = (intent["payment_method_options"] or {}).get(found["type"]) or {}
    if found["type"] == "customer_balance":
        transfers.wait(world, intent)
    elif found["type"] != "card":
        vouchers.issue(world, intent, found, options)
    elif found["_fate"] == "3ds":
        link = {"url": f"{world.url}/3ds/{intent['id']}", "return_url": return_url}
        intent |= {"status": "requires_action", "next_action": {"type": "redirect_to_url", "redirect_to_url": link}}
        world.emit(world.owner(intent), "payment_intent.requires_action", intent)
    elif found["_fate"] == "processing":
        intent["status"] = "processing"
        world.emit(world.owner(intent), "payment_intent.processing", intent)
    elif found["_fate"] in ("ok", "dispute"):
        money.paid(world, intent)
        if found["_fate"] == "dispute":
            disputes.begin(world, world.things[intent["latest_charge"]], reason="fraudulent")
    else:
        error = money.declined(world, intent, found["_fate"])
        told = {name: value for name, value in error.items() if name not in ("type", "message")}
        shown = {name: value for name, value in intent.items() if not name.startswith("_")}
        refusal = StripeError(402, "card_error", error["message"], **told, payment_intent=shown)
        refusal.kept = True
        raise refusal


def authenticated(world: World, intent: Thing, *, well: bool) -> None:
    """Let the buyer's bank say yes or no to a card that it asked about."""
    if well:
        money.paid(world, intent)
    else:
        error = {
            "type": "invalid_request_error",
            "code": "payment_intent_authentication_failure",
            "message": "The provided PaymentMethod has failed authentication.",
        }
        money.failed(world, intent, error)


def _unexpected(intent: Thing, verb: str) -> StripeError:
    said = f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}."
    return refused(said, code="payment_intent_unexpected_state")


def capture(world: World, intent: Thing, values: Thing) -> Thing:
    """Take what is held, or a part; the rest is let go."""
    if intent["status"] != "requires_capture":
        raise _unexpected(intent, "capture")
    amount = values["amount_to_capture"] if "amount_to_capture" in values else intent["amount_capturable"]
    if not 1 <= amount <= intent["amount_capturable"]:
        raise refused("The amount is more than can be captured", code="amount_too_large", param="amount_to_capture")
    money.capture(world, intent, amount)
    return intent


def cancel(world: World, intent: Thing, values: Thing) -> Thing:
    """Cancel an intent that is not paid; not one whose Session is open, which is expired instead."""
    session = checkout.of_intent(world, intent)
    if session is not None and session["status"] == "open":
        raise refused("You cannot cancel the PaymentIntent of an open Checkout Session; expire the Session instead.")
    if intent["status"] not in _OPEN or intent["status"] == "processing":
        raise _unexpected(intent, "cancel")
    intent |= {
        "status": "canceled",
        "canceled_at": world.now(),
        "cancellation_reason": values.get("cancellation_reason"),
        "next_action": None,
        "amount_capturable": 0,
    }
    world.emit(world.owner(intent), "payment_intent.canceled", intent)
    checkout.money_failed(world, intent)
    return intent


def update(account: Account, intent: Thing, values: Thing) -> Thing:
    """Change an intent before it is confirmed; its metadata and description at any time."""
    plain = ("description", "receipt_email", "shipping", "statement_descriptor", "metadata", "expand")
    for name in values:
        if name not in (*plain, "amount", "currency", "customer", "payment_method_options"):
            raise not_modelled(f"{name} of an intent that exists", name)
    if {"amount", "currency"} & set(values):
        if intent["status"] not in ("requires_payment_method", "requires_confirmation"):
            raise _unexpected(intent, "update the amount of")
        changed = {name: intent[name] for name in ("amount", "currency")} | values
        checked_charge(changed["amount"], checked_currency(changed["currency"]), account)
    for name, value in values.items():
        if name == "metadata":
            intent["metadata"] = rules.metadata(value, intent["metadata"])
        elif name != "expand":
            intent[name] = None if value == "" else value
    return intent
