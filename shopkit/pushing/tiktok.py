"""TikTok Shop as a channel that takes rows by calls, each signed with the secret of the seller's application.

The signature is HMAC-SHA256 of path, query in order and body, between the secret twice, without what goes as a file.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, Final

from listings.pushing.port import Call
from listings.pushing.tiktok import PHOTOS, TikTok, is_unsigned
from shopkit.pushing.channels import Field, PushChannel, Renewal, Renewed, Signed, matching, plain
from shopkit.pushing.twins.tiktok import TikTokTwin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from listings.pushing.port import Reply

_ADDRESS: Final = "https://open-api.tiktokglobalshop.com"
_TOKENS: Final = "https://auth.tiktok-shops.com"
_FIELDS: Final = (
    Field(
        "app_key",
        {"en": "App key", "es": "App key", "pt": "App key"},
        "29a39d",
        matching("[A-Za-z0-9]{4,40}"),
    ),
    Field(
        "app_secret",
        {"en": "App secret", "es": "App secret", "pt": "App secret"},
        "a-secret",
        plain,
        is_secret=True,
    ),
    Field(
        "shop_cipher",
        {
            "en": "Shop cipher (of “Get Authorized Shops”)",
            "es": "Shop cipher (de «Get Authorized Shops»)",
            "pt": "Shop cipher (de “Get Authorized Shops”)",
        },
        "GCP_XF90igAAAABh00qsWgtvOiGFNqyubMt3",
        matching("[A-Za-z0-9_-]{4,200}"),
        is_account=True,
    ),
)


def signature(secret: str, path: str, query: Mapping[str, str], body: bytes) -> str:
    """Return the signature of a call; ``query`` is as it is before it is encoded."""
    said = "".join(f"{name}{query[name]}" for name in sorted(query) if name not in {"sign", "access_token"})
    text = f"{secret}{path}{said}".encode() + body + secret.encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def _sign(call: Call, token: str, details: Mapping[str, str], now: datetime) -> Signed:
    added = {"app_key": details["app_key"], "timestamp": str(int(now.timestamp()))}
    if call.path != PHOTOS:
        # A photo is no shop's, and TikTok refuses a call that says whose it is.
        added["shop_cipher"] = details["shop_cipher"]
    body = b"" if call.photo is not None else call.body
    added["sign"] = signature(details["app_secret"], call.path, {**call.query, **added}, body)
    return Signed({"x-tts-access-token": token}, added)


def _renewing(refresh_token: str, details: Mapping[str, str], now: datetime) -> Call | None:  # noqa: ARG001 - the port's
    """Ask for a token of a week. TikTok takes what is secret in the query, and in no other way."""
    key, secret = (details.get(name, "") for name in ("app_key", "app_secret"))
    if not (refresh_token and key and secret):
        return None
    said = {"app_key": key, "app_secret": secret, "refresh_token": refresh_token, "grant_type": "refresh_token"}
    return Call("GET", "/api/v2/token/refresh", query=said)


def _read(answer: Mapping[str, Any], now: datetime) -> Renewed | None:
    """Return the tokens of an answer; it says the moment at which one runs out, where others say how long it lasts."""
    data = answer.get("data")
    if answer.get("code") != 0 or not isinstance(data, dict):
        return None
    token, until, next_ = (data.get(name) for name in ("access_token", "access_token_expire_in", "refresh_token"))
    if not isinstance(token, str) or not token:
        return None
    lasts = until - now.timestamp() if isinstance(until, int) else None
    return Renewed(token, lasts, next_ if isinstance(next_, str) and next_ else None)


def _is_unsigned(reply: Reply) -> bool:
    """Return whether a token is over, which TikTok says with any status and a number of its own."""
    try:
        answer = json.loads(reply.body)
    except ValueError:
        answer = None
    said = answer if isinstance(answer, dict) else {}
    code = said.get("code")
    return is_unsigned(reply.status, code if isinstance(code, int) else 0, str(said.get("message") or ""))


CHANNEL: Final = PushChannel(
    "tiktok",
    address=lambda _: _ADDRESS,
    pusher=lambda _: TikTok(),
    twin=lambda: TikTokTwin(categories=None),
    fields=_FIELDS,
    sign=_sign,
    is_unsigned=_is_unsigned,
    renewal=Renewal(lambda _: _TOKENS, _renewing, _read),
)
