"""Meta as a channel that takes rows by calls: the batches of a catalog, by the token of a system user.

Such a token does not run out, so that none is renewed. Where an application asks for the proof that its secret is known
too, the seller says the secret.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from listings.pushing.meta import Meta
from shopkit.pushing.channels import Field, PushChannel, Signed, matching, plain
from shopkit.pushing.twins.meta import MetaTwin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from listings.pushing.port import Call

_FIELDS: Final = (
    Field(
        "catalog_id",
        {"en": "Catalog ID", "es": "ID del catálogo", "pt": "ID do catálogo"},
        "1234567890",
        matching("[1-9][0-9]{0,19}"),
        is_account=True,
    ),
    Field(
        "app_secret",
        {"en": "Application secret", "es": "Clave secreta de la aplicación", "pt": "Chave secreta do aplicativo"},
        "a-secret",
        plain,
        is_secret=True,
        is_required=False,
    ),
)


def _sign(call: Call, token: str, details: Mapping[str, str], now: datetime) -> Signed:  # noqa: ARG001 - the port's
    headers = {"Authorization": f"Bearer {token}"}
    if not (secret := details.get("app_secret")):
        return Signed(headers)
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return Signed(headers, {"appsecret_proof": proof})


CHANNEL: Final = PushChannel(
    "meta",
    address=lambda _: "https://graph.facebook.com",
    pusher=lambda details: Meta(details["catalog_id"]),
    twin=MetaTwin,
    fields=_FIELDS,
    sign=_sign,
)
