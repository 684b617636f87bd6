"""MercadoLibre as a channel that takes rows by calls: the local sites, and Global Selling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from listings.pushing.mercadolibre import MercadoLibre, MercadoLibreGlobal
from shopkit.pushing.channels import PushChannel, Renewal, app_fields, form
from shopkit.pushing.twins.mercadolibre import MercadoLibreTwin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from listings.pushing.port import Call

_ADDRESS: Final = "https://api.mercadolibre.com"


def _renewing(refresh_token: str, details: Mapping[str, str], now: datetime) -> Call | None:  # noqa: ARG001 - the port's
    """Ask for a token: a refresh token is good for one renewal, the next one comes with the answer."""
    user, password = (details.get(name, "") for name in ("client_id", "client_secret"))
    if not (refresh_token and user and password):
        return None
    said = {"grant_type": "refresh_token", "client_id": user, "client_secret": password}
    return form("/oauth/token", {**said, "refresh_token": refresh_token})


CHANNEL: Final = PushChannel(
    "mercadolibre",
    address=lambda _: _ADDRESS,
    pusher=lambda _: MercadoLibre(),
    twin=lambda: MercadoLibreTwin(categories=None),
    fields=app_fields(),
    renewal=Renewal(lambda _: _ADDRESS, _renewing),
)
GLOBAL: Final = replace(CHANNEL, name="mercadolibre_global", pusher=lambda _: MercadoLibreGlobal())
