"""AWS Signature Version 4 for a POST to the root of a host, as AWS describes it; its test suite is among our tests."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs; ``token`` belongs to keys that are lent for a while."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str = field(default="", repr=False)


def sign(
    who: Credentials, region: str, service: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> dict[str, str]:
    """Return the headers with date, token and signature; ``headers`` hold ``Host``, ``at`` is in UTC."""
    moment = f"{at:%Y%m%dT%H%M%SZ}"
    every = dict(headers) | {"X-Amz-Date": moment}
    if who.token:
        every["X-Amz-Security-Token"] = who.token
    signed = sorted((name.lower(), " ".join(value.split())) for name, value in every.items())
    names = ";".join(name for name, _ in signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed)
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{who.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    credential = f"Credential={who.access_key}/{scope}"
    return every | {"Authorization": f"{_ALGORITHM} {credential}, SignedHeaders={names}, Signature={signature}"}
