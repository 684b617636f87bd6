"""Google Merchant Center as a channel that takes rows by calls: the Merchant API, which took the Content API's place.

The Content API was sunset on 2026-08-18; since 2026-09-01 its calls fail now and then, and in 2027 all of them will.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any, Final

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
_SCOPE: Final = "https://www.googleapis.com/auth/content"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LASTS_S: Final = 3600
_PEM: Final = re.compile(r"-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----")


def _private_key(text: str) -> str | None:
    """Return a key as PKCS 8 has it, on one line: a field's text has no breaks."""
    found = _PEM.fullmatch(text.strip())
    if found is None:
        return None
    return f"-----BEGIN PRIVATE KEY----- {''.join(found[1].split())} -----END PRIVATE KEY-----"


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
    # By the names of the file of a service account, which is taken as it is in place of a token.
    Field(
        "client_email",
        {
            "en": "Service account (or give its JSON key as the token)",
            "es": "Cuenta de servicio (o da su clave JSON como token)",
            "pt": "Conta de serviço (ou forneça sua chave JSON como token)",
        },
        "shop@project.iam.gserviceaccount.com",
        matching(r"[A-Za-z0-9.@_-]{3,200}"),
        is_required=False,
    ),
    Field(
        "private_key",
        {"en": "Its private key", "es": "Su clave privada", "pt": "Sua chave privada"},
        "-----BEGIN PRIVATE KEY----- MIIEvQ== -----END PRIVATE KEY-----",
        _private_key,
        is_secret=True,
        is_required=False,
    ),
)


def _pusher(details: Mapping[str, str]) -> Google:
    language = details["language"].partition("-")[0]
    return Google(details["account"], details["data_source"], language, details["market"])


def _renewing(refresh_token: str, details: Mapping[str, str], now: datetime) -> Call | None:
    """Ask for a token of an hour: by the refresh token, which stays the same, or as a service account."""
    user, password = (details.get(name, "") for name in ("client_id", "client_secret"))
    if not (refresh_token and user and password):
        claim = _assertion(details.get("client_email", ""), details.get("private_key", ""), now)
        return form("/token", {"grant_type": _GRANT, "assertion": claim}) if claim else None
    said = {"grant_type": "refresh_token", "client_id": user, "client_secret": password}
    return form("/token", {**said, "refresh_token": refresh_token})


def _assertion(email: str, key: str, now: datetime) -> str | None:
    """Return the claim that a service account signs (RFC 7523, RS256); nothing without an account or a key."""
    # Imported when a token is asked for: the ciphers take their time.
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_der_private_key  # noqa: PLC0415

    found = _PEM.fullmatch(key)
    if not email or found is None:
        return None
    try:
        loaded = load_der_private_key(base64.b64decode("".join(found[1].split())), None)
    except ValueError:
        return None
    if not isinstance(loaded, RSAPrivateKey):
        return None
    begins = int(now.timestamp())
    claims = {"iss": email, "scope": _SCOPE, "aud": f"{_TOKENS}/token", "iat": begins, "exp": begins + _LASTS_S}
    text = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{text}.{_coded(loaded.sign(text.encode(), PKCS1v15(), hashes.SHA256()))}"


def _part(said: dict[str, Any]) -> str:
    return _coded(json.dumps(said, separators=(",", ":")).encode())


def _coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


CHANNEL: Final = PushChannel(
    "google",
    address=lambda _: _ADDRESS,
    pusher=_pusher,
    twin=GoogleTwin,
    fields=_FIELDS,
    renewal=Renewal(lambda _: _TOKENS, _renewing),
)
