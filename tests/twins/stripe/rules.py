"""What Stripe's pages ask of a request and its schema does not say; each refusal names its parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tests.twins.stripe.errors import invalid, not_modelled
from tests.twins.stripe.schema import overlay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.twins.stripe.shapes import Thing

# Parts that would change a figure or a flow and are not played: refused, never taken and forgotten.
_NOT_PLAYED: Final = (
    "after_expiration",
    "allow_promotion_codes",
    "consent_collection",
    "custom_fields",
    "discounts",
    "invoice_creation",
    "managed_payments",
    "optional_items",
    "saved_payment_method_options",
    "setup_intent_data",
    "subscription_data",
    "application_fee_amount",
    "on_behalf_of",
    "transfer_data",
    "transfer_group",
    "mandate",
    "mandate_data",
    "error_on_requires_action",
    "off_session",
)
MINUTE: Final = 60
DAY: Final = 24 * 60 * MINUTE


def played(values: Thing, inside: str = "") -> None:
    """Refuse a parameter that the twin would have to forget."""
    for name in _NOT_PLAYED:
        if values.get(name):
            raise not_modelled(inside + name, inside + name)
    if values.get("automatic_tax", {}).get("enabled"):
        raise not_modelled("tax", "automatic_tax")


def needed(values: Thing, names: Iterable[str]) -> None:
    """Refuse a request that lacks a parameter which only the pages ask for."""
    for name in names:
        if values.get(name) in (None, "", [], {}):
            raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)


def metadata(given: Any, held: dict[str, str] | None = None, param: str = "metadata") -> dict[str, str]:
    """Return what an object's metadata becomes: names are added, an empty value takes one away, ``''`` takes all."""
    if given == "":
        return {}
    out = {**(held or {}), **(given or {})}
    out = {name: value for name, value in out.items() if value != ""}
    if len(out) > 50:
        raise invalid("Metadata can have up to 50 keys", code="parameter_invalid", param=param)
    for name, value in out.items():
        if len(name) > 40 or len(value) > 500:
            said = f"Metadata names are up to 40 characters and values up to 500: {name}"
            raise invalid(said, code="parameter_invalid", param=f"{param}[{name}]")
    return out


def address(value: str, param: str) -> str:
    """Return an absolute address of the web."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or " " in value:
        raise invalid(f"Not a valid URL: {value}", code="url_invalid", param=param)
    return value


def within(value: int, least: int, most: int, param: str) -> int:
    """Return a number that lies between two others, both allowed."""
    if not least <= value <= most:
        said = f"Invalid {param}: {value} is not from {least} to {most}"
        raise invalid(said, code="parameter_invalid_integer", param=param)
    return value


def method_options(options: Thing) -> None:
    """Refuse a method's options that are out of their range, whether the method will be offered or not.

    Days of a boleto are from memory; the range was not found on a page.
    """
    pix = overlay()["pix_expiry"]
    for method, name, least, most in (
        ("oxxo", "expires_after_days", 1, 7),
        ("boleto", "expires_after_days", 0, 60),
        ("pix", "expires_after_seconds", pix["least"], pix["most"]),
    ):
        value = options.get(method, {})
        if isinstance(value, dict) and name in value:
            within(value[name], least, most, f"payment_method_options[{method}][{name}]")
    balance = options.get("customer_balance") or {}
    if balance and not (
        balance.get("funding_type") == "bank_transfer" and balance.get("bank_transfer", {}).get("type")
    ):
        param = "payment_method_options[customer_balance][bank_transfer][type]"
        raise invalid("A bank transfer needs its funding_type and its type", code="parameter_missing", param=param)
    if balance and balance["bank_transfer"]["type"] != "mx_bank_transfer":
        raise not_modelled("bank transfers outside Mexico", "payment_method_options[customer_balance]")
