"""Google Merchant Center as a channel that takes rows by calls: the Merchant API, which took the Content API's place.

The Content API was sunset on 2026-08-18; since 2026-09-01 its calls fail now and then, and in 2027 all of them will.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from listings.pushing.google import Google
from shopkit.pushing.channels import Field, PushChannel, Renewal, app_fields, form, matching
from shopkit.pushing.twins.google import GoogleTwin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from listings.pushing.port import Call

_ADDRESS: Final = "https://merchantapi.googleapis.com"
_TOKENS: Final = "https://oauth2.googleapis.com"
_NUMBER: Final = r"[1-9][0-9]{0,19}"
_FIELDS: Final = (
    Field(
        "account",
        {
            "en": "Merchant Center ID",
            "es": "ID de Merchant Center",
            "pt": "ID do Merchant Center",
        },
        "123456",
        matching(_NUMBER),
        is_account=True,
    ),
    Field(
        "data_source",
        {
            "en": "ID of the data source with the input method API",
            "es": "ID de la fuente de datos con método de entrada API",
            "pt": "ID da fonte de dados com método de entrada API",
        },
        "104628",
        matching(_NUMBER),
    ),
    *app_fields(),
)


def _pusher(details: Mapping[str, str]) -> Google:
    language = details["language"].partition("-")[0]
    return Google(details["account"], details["data_source"], language, details["market"])


def _renewing(refresh_token: str, details: Mapping[str, str], now: datetime) -> Call | None:  # noqa: ARG001 - the port's
    """Ask for a token of an hour; the refresh token stays the same."""
    user, password = (details.get(name, "") for name in ("client_id", "client_secret"))
    if not (refresh_token and user and password):
        return None
    said = {"grant_type": "refresh_token", "client_id": user, "client_secret": password}
    return form("/token", {**said, "refresh_token": refresh_token})


CHANNEL: Final = PushChannel(
    "google",
    address=lambda _: _ADDRESS,
    pusher=_pusher,
    twin=GoogleTwin,
    fields=_FIELDS,
    renewal=Renewal(lambda _: _TOKENS, _renewing),
)
