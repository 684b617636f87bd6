"""Which methods are offered for what: a list that is allowed filters what account and currency qualify for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.twins.stripe.errors import invalid

if TYPE_CHECKING:
    from tests.twins.stripe.shapes import Thing
    from tests.twins.stripe.world import Account


@dataclass(frozen=True)
class Method:
    """One method: its currency, where accounts may have it, what it needs, and whether it is refunded."""

    currency: str | None = None
    accounts: frozenset[str] | None = None
    customer: bool = False
    manual_capture: bool = False
    refundable: bool = True
    # Whether Checkout is complete when the instructions are issued, and the money comes later.
    later: bool = False


# "Much of Europe" stands for the countries the twin names; Brazil is by invitation.
_PIX: Final = frozenset({"US", "CA", "AU", "SG", "GB", "DE", "ES", "FR", "IE", "IT", "NL", "PT"})
METHODS: Final = {
    "card": Method(manual_capture=True),
    "oxxo": Method("mxn", frozenset({"MX", "US", "CA", "SG"}), later=True, refundable=False),
    "boleto": Method("brl", frozenset({"BR"}), later=True, refundable=False),
    "pix": Method("brl", _PIX),
    "customer_balance": Method("mxn", frozenset({"MX"}), customer=True, later=True),
}


def eligible(account: Account, method: str, currency: str, *, customer: bool, manual: bool) -> bool:
    """Return whether a method would be shown."""
    found = METHODS.get(method)
    if found is None:
        return False
    at_home = found.accounts is None or account.country in found.accounts or method in account.invited
    fits = found.currency in (None, currency) and (customer or not found.customer)
    return at_home and fits and (found.manual_capture or not manual)


def offered(account: Account, values: Thing, currency: str, *, customer: bool, manual: bool) -> list[str]:
    """Return the methods that are shown for a request, or refuse when none is left."""
    exact = values.get("payment_method_types")  # of the older version, where the list is what is shown or nothing is
    allowed = exact or values.get("allowed_payment_method_types") or list(METHODS)
    excluded = values.get("excluded_payment_method_types") or []
    found = [
        name
        for name in METHODS
        if name in allowed
        and name not in excluded
        and eligible(account, name, currency, customer=customer, manual=manual)
    ]
    if not found or (exact and set(exact) != set(found)):
        said = f"No payment method that is allowed can be used for {currency} with an account in {account.country}"
        raise invalid(said, code="parameter_invalid", param="allowed_payment_method_types")
    return found
