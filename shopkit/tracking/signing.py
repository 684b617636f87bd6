"""Signatures of messages, each over the raw body as it came; a body that was parsed and written anew has another.

A check goes through all secrets that an account has at the time, since one is replaced while messages signed with the
other are on their way. Blank secrets prove nothing, and neither does a missing signature. All comparisons take the same
time whatever differs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from typing import TYPE_CHECKING, Final

from shopkit.tracking.port import SignatureError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

# How far a stamped message may be off: what was kept longer is somebody's replay, or of a clock that is wrong.
WINDOW_S: Final = 300
_STAMP_DIGITS: Final = 16


def hmac_hex(body: bytes, secret: str) -> str:
    """Return the hexadecimal HMAC-SHA256 of a body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def hmac_base64(body: bytes, secret: str) -> str:
    """Return the HMAC-SHA256 of a body in Base64."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def hmac_nfkd(body: bytes, secret: str) -> str:
    """Return the hexadecimal HMAC-SHA256 of a body by a secret whose accents are taken apart first, with its name."""
    return f"hmac-sha256-hex={hmac_hex(body, unicodedata.normalize('NFKD', secret))}"


def hash_with_key(body: bytes, secret: str) -> str:
    """Return the hexadecimal SHA-256 of a body, a slash and the key: a plain hash, and no HMAC."""
    return hashlib.sha256(body + b"/" + secret.encode()).hexdigest()


def stamped(body: bytes, secret: str, now: datetime) -> str:
    """Return the header that signs a body and the time it was sent at."""
    stamp = str(int(now.timestamp()))
    return f"t={stamp},v1={hmac_hex(stamp.encode() + b'.' + body, secret)}"


def must_be_signed(
    headers: Mapping[str, str], header: str, body: bytes, secrets: Sequence[str], sign: Callable[[bytes, str], str]
) -> None:
    """Raise ``SignatureError`` unless a header holds what one of the secrets makes of a body."""
    given = headers.get(header, "").strip()
    if not given:
        raise SignatureError(f"there is no signature in {header}")
    _must_be_of(body, [given], secrets, sign)


def must_be_stamped(
    headers: Mapping[str, str], header: str, body: bytes, secrets: Sequence[str], now: datetime
) -> None:
    """Raise ``SignatureError`` unless ``t=…,v1=…`` proves a body to be of now by one of the secrets.

    Several ``v1`` may stand there. What comes from the future is refused like what is old: a clock that is set back
    would let a kept message in again.
    """
    pairs = [part.strip().partition("=") for part in headers.get(header, "").split(",")]
    stamps = [value for name, _, value in pairs if name == "t"]
    given = [value for name, _, value in pairs if name == "v1"]
    if len(stamps) != 1 or not given:
        raise SignatureError(f"there is no time or no signature in {header}")
    stamp = stamps[0]
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > _STAMP_DIGITS:
        raise SignatureError(f"the time in {header} is none")
    _must_be_of(stamp.encode() + b"." + body, given, secrets, hmac_hex)
    if abs(now.timestamp() - int(stamp)) > WINDOW_S:
        raise SignatureError("signed too long ago, or in the future")


def _must_be_of(signed: bytes, given: Sequence[str], secrets: Sequence[str], sign: Callable[[bytes, str], str]) -> None:
    made = [sign(signed, secret).encode() for secret in secrets if secret.strip()]
    if not made:
        raise SignatureError("no secret is set")
    # Each is compared with each and whole: nothing is learnt from how long it takes.
    if not any([hmac.compare_digest(one, other.encode()) for one in made for other in given]):  # noqa: C419
        raise SignatureError("no signature is of this body")
