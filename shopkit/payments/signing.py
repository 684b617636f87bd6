"""Signatures over raw bodies: a time and an HMAC in a header, as Stripe does it and the sandbox after it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from shopkit.payments.port import WINDOW_S, SignatureError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


def check_stamped(body: bytes, header: str, secrets: Sequence[str], now: datetime) -> None:
    """Raise ``SignatureError`` unless ``t=…,v1=…`` proves a body to be of now by one of the secrets.

    Several ``v1`` may stand in a header, and several secrets hold, while one is replaced. What comes from the future is
    refused like what is old: a clock that is set back would let a kept message in again.
    """
    keys = [one for one in secrets if one.strip()]
    if not keys:
        raise SignatureError("no secret is set")
    pairs = [part.partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    given = [value for name, _, value in pairs if name == "v1"]
    # Sixteen digits hold every moment there will be; more only make int() work.
    if len(stamps) != 1 or not given or not stamps[0].isascii() or not stamps[0].isdigit() or len(stamps[0]) > 16:  # noqa: PLR2004
        raise SignatureError("the header holds no time or no signature")
    signed = stamps[0].encode() + b"." + body
    made = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest().encode() for key in keys]
    # Compared whole, one with each: nothing is learnt from how long it takes.
    if not any([hmac.compare_digest(one, other.encode()) for one in made for other in given]):  # noqa: C419
        raise SignatureError("no signature is of this body")
    if abs(now.timestamp() - int(stamps[0])) > WINDOW_S:
        raise SignatureError("signed too long ago, or in the future")


def stamped(body: bytes, secret: str, now: datetime) -> str:
    """Return the header that signs a body."""
    stamp = str(int(now.timestamp()))
    mark = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={mark}"


def read_json(body: bytes) -> dict[str, Any]:
    """Return the object in a body that was verified; ``SignatureError`` for what is none."""
    try:
        found = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SignatureError("not a JSON text in UTF-8") from error
    if not isinstance(found, dict):
        raise SignatureError("not a JSON object")
    return found
