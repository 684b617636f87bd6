"""What Mercado Pago refuses: fields it does not know, amounts of a country's currency, types that are none."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

Thing = dict[str, Any]
# Country: currency, decimals it takes, ways to pay later by their names there. Decimals as others report them
# (odoo/odoo, pull requests 185664 and 124162).
SITES: Final[dict[str, tuple[str, int, dict[str, str]]]] = {
    "AR": ("ARS", 2, {"rapipago": "ticket", "pagofacil": "ticket"}),
    "BR": ("BRL", 2, {"bolbradesco": "ticket", "pix": "bank_transfer"}),
    "CL": ("CLP", 0, {}),
    "CO": ("COP", 0, {"efecty": "ticket", "pse": "bank_transfer"}),
    "MX": ("MXN", 2, {"oxxo": "ticket", "clabe": "bank_transfer", "bancomer": "atm"}),
    "PE": ("PEN", 2, {"pagoefectivo_atm": "atm"}),
    "UY": ("UYU", 2, {"abitab": "ticket", "redpagos": "ticket"}),
}
CARDS: Final = {"visa": "credit_card", "master": "credit_card", "debvisa": "debit_card"}
TYPES: Final = frozenset(
    {
        "credit_card",
        "debit_card",
        "prepaid_card",
        "ticket",
        "bank_transfer",
        "atm",
        "digital_currency",
        "digital_wallet",
    }
)
_PREFERENCE: Final = frozenset(
    {
        "items",
        "payer",
        "back_urls",
        "auto_return",
        "notification_url",
        "external_reference",
        "payment_methods",
        "metadata",
    }
    | {"expires", "expiration_date_from", "expiration_date_to", "date_of_expiration", "statement_descriptor"}
    | {
        "shipments",
        "additional_info",
        "binary_mode",
        "marketplace",
        "marketplace_fee",
        "purpose",
        "differential_pricing",
    }
)
_ITEM: Final = frozenset(
    {"id", "title", "description", "picture_url", "category_id", "quantity", "currency_id", "unit_price"}
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}([+-]\d\d:\d\d|Z)")


class MercadoPagoError(Exception):
    """A refusal: its status and the body of an error there."""

    def __init__(self, status: int, error: str, message: str, code: str = "") -> None:
        self.status = status
        cause = [{"code": code, "description": message}] if code else []
        self.body: Thing = {"message": message, "error": error, "status": status, "cause": cause}
        super().__init__(message)


def wrong(message: str, code: str = "invalid") -> MercadoPagoError:
    """Return what is told of a body that is not taken."""
    return MercadoPagoError(400, "bad_request", message, code)


def amount(value: Any, country: str, name: str) -> Decimal:
    """Return an amount of a country's currency: a number above nothing with no more decimals than it has there."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise wrong(f"{name} must be a number", f"{name}_invalid")
    found = Decimal(value)
    digits = SITES[country][1]
    if found <= 0 or found != round(found, digits):
        raise wrong(f"{name} must be above 0 with at most {digits} decimals", f"{name}_invalid")
    return found


def preference(body: Thing, country: str) -> Decimal:
    """Hold a preference to the rules, and return what it asks for."""
    unknown = sorted(set(body) - _PREFERENCE)
    items = body.get("items")
    if unknown or not isinstance(items, list) or not items:
        raise wrong(f"unknown: {unknown}; items are needed", "invalid_preference")
    total = Decimal(0)
    for item in items:
        if not isinstance(item, dict) or set(item) - _ITEM or not item.get("title"):
            raise wrong("an item has a title, a quantity, a unit_price, and no other fields", "invalid_items")
        quantity = item.get("quantity")
        if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity < 1:
            raise wrong("quantity must be a whole number above 0", "quantity_invalid")
        if item.get("currency_id", SITES[country][0]) != SITES[country][0]:
            raise wrong(f"currency_id must be {SITES[country][0]}", "currency_id_invalid")
        total += amount(item.get("unit_price"), country, "unit_price") * quantity
    if body.get("auto_return") and not body.get("back_urls", {}).get("success"):
        raise wrong("auto_return invalid. back_url.success must be defined", "invalid_auto_return")
    excluded = [one.get("id") for one in body.get("payment_methods", {}).get("excluded_payment_types", ())]
    if not set(excluded) <= TYPES:
        # Money in an account and a wallet cannot be excluded, says their page.
        raise wrong(f"types are {sorted(TYPES)}", "excluded_payment_types_invalid")
    dates(body)
    return total


def dates(body: Thing) -> None:
    """Refuse a date that is not written with its milliseconds and its zone."""
    for name in ("expiration_date_from", "expiration_date_to", "date_of_expiration"):
        if name in body and not (isinstance(body[name], str) and _DATE.fullmatch(body[name])):
            raise wrong(f"{name} must be like 2026-11-28T12:00:00.000-06:00", f"{name}_invalid")
