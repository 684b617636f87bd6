"""Amazon as a channel that takes rows by calls: the Selling Partner API, signed by the token of Login with Amazon.

The signature of AWS that calls once needed besides is asked for no more since October 2023.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from listings.pushing.amazon import Amazon
from shopkit.pushing.channels import Field, PushChannel, Renewal, Signed, app_fields, form, matching
from shopkit.pushing.twins.amazon import AmazonTwin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from listings.pushing.port import Call, Reply

_TOKENS: Final = "https://api.amazon.com"
_UNSIGNED: Final = (401, 403)
_FIELDS: Final = (
    Field(
        "seller_id",
        {
            "en": "Merchant token (seller ID)",
            "es": "Token de comerciante (ID de vendedor)",
            "pt": "Token do vendedor (ID)",
        },
        "A2SELLERSHOP1",
        matching("[A-Z0-9]{5,40}"),
        is_account=True,
    ),
    Field(
        "region",
        {
            "en": "Region: na (United States, Canada, Mexico, Brazil) or eu (Spain)",
            "es": "Región: na (Estados Unidos, Canadá, México, Brasil) o eu (España)",
            "pt": "Região: na (Estados Unidos, Canadá, México, Brasil) ou eu (Espanha)",
        },
        "na",
        matching("na|eu"),
        is_account=True,
    ),
    *app_fields(),
)


def _sign(call: Call, token: str, details: Mapping[str, str], now: datetime) -> Signed:  # noqa: ARG001 - the port's
    # Amazon asks that who calls says its name and language.
    return Signed({"x-amz-access-token": token, "User-Agent": "shopkit (Language=Python)"})


def _renewing(refresh_token: str, details: Mapping[str, str], now: datetime) -> Call | None:  # noqa: ARG001 - the port's
    """Ask for a token of an hour; the refresh token stays the same."""
    user, password = (details.get(name, "") for name in ("client_id", "client_secret"))
    if not (refresh_token and user and password):
        return None
    said = {"grant_type": "refresh_token", "client_id": user, "client_secret": password}
    return form("/auth/o2/token", {**said, "refresh_token": refresh_token})


def _is_unsigned(reply: Reply) -> bool:
    """Return whether a reply may say that the token is over: Amazon has 403 for that, and for what is forbidden."""
    return reply.status in _UNSIGNED


CHANNEL: Final = PushChannel(
    "amazon",
    address=lambda details: f"https://sellingpartnerapi-{details['region']}.amazon.com",
    pusher=lambda details: Amazon(details["seller_id"], details["region"]),
    twin=AmazonTwin,
    fields=_FIELDS,
    sign=_sign,
    is_unsigned=_is_unsigned,
    renewal=Renewal(lambda _: _TOKENS, _renewing),
)
