"""What a buyer takes away to pay later: OXXO, boleto, Pix and bank transfers, each with the moment it lapses."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from tests.twins.stripe import money
from tests.twins.stripe.errors import invalid
from tests.twins.stripe.schema import overlay

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import World

# Days are counted on the calendar of the method's own place, and the last one ends at 23:59 there.
_PLACES: Final = {"oxxo": ("America/Mexico_City", 5), "boleto": ("America/Sao_Paulo", 3)}


def last_minute(now: int, place: str, days: int) -> int:
    """Return 23:59 of the day so many days from now, as clocks in a place show it."""
    zone = ZoneInfo(place)
    day = datetime.fromtimestamp(now, UTC).astimezone(zone).date() + timedelta(days=days)
    return int(datetime.combine(day, time(23, 59), zone).timestamp())


def issue(world: World, intent: Thing, method: Thing, options: Thing) -> None:
    """Give the buyer what is needed to pay, and let it lapse in its time."""
    kind, link = method["type"], f"{world.url}/voucher/{intent['id']}"
    number = "".join(str(ord(letter) % 10) for letter in world.letters(47))
    if kind in _PLACES:
        place, days = _PLACES[kind]
        lapses = last_minute(world.now(), place, options.get("expires_after_days", days))
        details = {"hosted_voucher_url": link}
        if kind == "oxxo":
            action = details | {"expires_after": lapses, "number": number[:14]}
        else:
            action = details | {"expires_at": lapses, "number": number, "pdf": link}
        intent["next_action"] = {"type": f"{kind}_display_details", f"{kind}_display_details": action}
    else:
        lapses = world.now() + options.get("expires_after_seconds", overlay()["pix_expiry"]["default"])
        code = {
            "data": f"00020126{number}",
            "expires_at": lapses,
            "hosted_instructions_url": link,
            "image_url_png": f"{link}.png",
            "image_url_svg": f"{link}.svg",
        }
        intent["next_action"] = {"type": "pix_display_qr_code", "pix_display_qr_code": code}
    intent |= {"status": "requires_action", "_lapses": lapses, "_issued": method["id"]}
    world.emit(world.owner(intent), "payment_intent.requires_action", intent)
    world.at(lapses, lambda: lapse(world, intent, lapses))


def lapse(world: World, intent: Thing, when: int) -> None:
    """Let what was issued lapse, if it is still this one that is waited for."""
    if intent["status"] == "requires_action" and intent.get("_lapses") == when:
        error = {
            "type": "invalid_request_error",
            "code": "payment_intent_payment_attempt_expired",
            "message": "The payment attempt has expired.",
        }
        money.failed(world, intent, error)


def instructions(world: World, intent: Thing, remaining: int) -> Thing:
    """Return what a buyer needs for a transfer within Mexico."""
    number = "".join(str(ord(letter) % 10) for letter in intent["customer"])
    spei = {
        "account_holder_address": {"city": "Ciudad de Mexico", "country": "MX", "line1": None, "line2": None}
        | {"postal_code": None, "state": None},
        "account_holder_name": "The twin",
        "bank_address": {"city": "Ciudad de Mexico", "country": "MX", "line1": None, "line2": None}
        | {"postal_code": None, "state": None},
        "bank_code": "001",
        "bank_name": "Banco del gemelo",
        "clabe": number.ljust(18, "0")[:18],
    }
    return {
        "type": "display_bank_transfer_instructions",
        "display_bank_transfer_instructions": {
            "amount_remaining": remaining,
            "currency": intent["currency"],
            "financial_addresses": [{"type": "spei", "spei": spei, "supported_networks": ["spei"]}],
            "hosted_instructions_url": f"{world.url}/voucher/{intent['id']}",
            "reference": intent["_reference"],
            "type": "mx_bank_transfer",
        },
    }


def check(method: Thing, intent: Thing) -> None:
    """Refuse instructions that lack what their method needs of the buyer."""
    details = method["billing_details"]
    if method["type"] == "boleto" and not (method.get("boleto") or {}).get("tax_id"):
        param = "payment_method_data[boleto][tax_id]"
        raise invalid("A boleto needs the buyer's CPF or CNPJ", code="parameter_missing", param=param)
    if method["type"] == "customer_balance" and not intent["customer"]:
        raise invalid("A bank transfer needs a customer", code="parameter_missing", param="customer")
    if method["type"] in ("oxxo", "boleto"):
        for name in ("name", "email"):
            if not details.get(name):
                param = f"payment_method_data[billing_details][{name}]"
                raise invalid(f"The buyer's {name} is needed", code="parameter_missing", param=param)
