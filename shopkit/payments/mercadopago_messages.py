"""The signature of Mercado Pago's notifications: over the id in the address, the request's own id and a moment.

Their documents and their library disagree about the moment (milliseconds, seconds) and about the case of the id, so
both are taken. A notification is not signed over its body, of which a label is kept and nothing is used.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopkit.payments.port import WINDOW_S, SignatureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

# Sent again every quarter of an hour while nobody answers; nothing says whether a repeat bears a new moment.
OLDEST: Final = timedelta(days=3, hours=1)
_IN_SECONDS, _IN_MILLISECONDS = 10, 13


def prove(
    headers: Mapping[str, str], query: Mapping[str, str], secrets: Sequence[str], now: datetime
) -> tuple[str, str]:
    """Return the id a notification speaks of, and a name for it made of what was signed; ``SignatureError``."""
    keys = [one for one in secrets if one.strip()]
    if not keys:
        raise SignatureError("no secret is set")
    parts = [part.strip().partition("=") for part in headers.get("x-signature", "").split(",")]
    stamps = [value.strip() for name, _, value in parts if name.strip().lower() == "ts"]
    given = [value.strip() for name, _, value in parts if name.strip().lower() == "v1"]
    if len(stamps) != 1 or not given or not stamps[0].isascii() or not stamps[0].isdigit():
        raise SignatureError("the header holds no time or no signature")
    [stamp] = stamps
    request, data = headers.get("x-request-id", "").strip(), query.get("data.id", "").strip()
    signed = {_manifest(one, request, stamp) for one in (data, data.lower())}
    made = [hmac.new(key.encode(), one.encode(), hashlib.sha256).hexdigest().encode() for key in keys for one in signed]
    if not any([hmac.compare_digest(one, other.encode()) for one in made for other in given]):  # noqa: C419  # all are tried
        raise SignatureError("no signature is of this notification")
    if len(stamp) not in {_IN_SECONDS, _IN_MILLISECONDS}:
        raise SignatureError("the moment is in no unit that is known")
    seconds = int(stamp) / (1000 if len(stamp) == _IN_MILLISECONDS else 1)
    if not -OLDEST.total_seconds() <= seconds - now.timestamp() <= WINDOW_S:
        raise SignatureError("signed too long ago, or in the future")
    return data, f"{data}:{request}:{stamp}"


def _manifest(data: str, request: str, stamp: str) -> str:
    """Return what is signed; parts that are not there are left out, the last semicolon stays."""
    named = (("id", data), ("request-id", request), ("ts", stamp))
    return "".join(f"{name}:{value};" for name, value in named if value)
