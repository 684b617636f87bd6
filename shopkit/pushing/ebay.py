"""eBay as a channel that takes rows by calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from listings.pushing.ebay import Ebay
from shopkit.pushing.channels import PushChannel, Renewal, app_fields, basic, form
from shopkit.pushing.twins.ebay import EbayTwin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from listings.pushing.port import Call

_ADDRESS: Final = "https://api.ebay.com"


def _renewing(refresh_token: str, details: Mapping[str, str], now: datetime) -> Call | None:  # noqa: ARG001 - the port's
    """Ask for a token: the refresh token stays the same for its 18 months."""
    user, password = (details.get(name, "") for name in ("client_id", "client_secret"))
    if not (refresh_token and user and password):
        return None
    said = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return form("/identity/v1/oauth2/token", said, {"Authorization": basic(user, password)})


CHANNEL: Final = PushChannel(
    "ebay",
    address=lambda _: _ADDRESS,
    pusher=lambda _: Ebay(),
    twin=lambda: EbayTwin(categories=None),
    fields=app_fields(),
    renewal=Renewal(lambda _: _ADDRESS, _renewing),
)
