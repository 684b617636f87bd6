"""Etsy as a channel that takes rows by calls: a shop's number, the seller's own application, and whether to publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from listings.pushing.etsy import Etsy
from shopkit.pushing.channels import Field, PushChannel, Renewal, Signed, form, matching, plain
from shopkit.pushing.twins.etsy import EtsyTwin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from listings.pushing.port import Call


def _sign(call: Call, token: str, details: Mapping[str, str], now: datetime) -> Signed:  # noqa: ARG001 - the port's
    """Sign by the seller's token and by the pair of keys of the application, with a colon between them."""
    key = f"{details['client_id']}:{details['client_secret']}"
    return Signed({"Authorization": f"Bearer {token}", "x-api-key": key})


def _renewing(refresh_token: str, details: Mapping[str, str], now: datetime) -> Call | None:  # noqa: ARG001 - the port's
    """Ask for a token: each refresh token is good for one, and comes with the next."""
    if not (refresh_token and details.get("client_id")):
        return None
    said = {"grant_type": "refresh_token", "client_id": details["client_id"], "refresh_token": refresh_token}
    return form("/v3/public/oauth/token", said)


CHANNEL: Final = PushChannel(
    "etsy",
    address=lambda _: "https://openapi.etsy.com/v3/application",
    pusher=lambda details: Etsy(details["shop"], details.get("publish") == "yes"),
    twin=EtsyTwin,
    fields=(
        Field(
            "shop",
            {"en": "Number of the shop", "es": "Número de la tienda", "pt": "Número da loja"},
            "12345678",
            matching(r"[1-9][0-9]{0,18}"),
            is_account=True,
        ),
        Field(
            "client_id",
            {
                "en": "Keystring of the application",
                "es": "Keystring de la aplicación",
                "pt": "Keystring do aplicativo",
            },
            "1aa2bb33c44d55eeeeee6fff",
            plain,
        ),
        Field(
            "client_secret",
            {
                "en": "Shared secret of the application",
                "es": "Shared secret de la aplicación",
                "pt": "Shared secret do aplicativo",
            },
            "a1b2c3d4e5",
            plain,
            is_secret=True,
        ),
        Field(
            "publish",
            {
                "en": "Publish what was sent, for Etsy’s fee (yes or no); empty: no, it stays a draft",
                "es": "Publicar lo enviado, con el cargo de Etsy (yes o no); vacío: no, queda como borrador",
                "pt": "Publicar o que foi enviado, com a tarifa da Etsy (yes ou no); vazio: no, fica como rascunho",
            },
            "no",
            matching("yes|no"),
            is_required=False,
        ),
    ),
    sign=_sign,
    renewal=Renewal(lambda _: "https://api.etsy.com", _renewing),
)
