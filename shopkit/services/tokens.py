"""Secrets of chance: sessions, links and keys are held by people and programs, their hashes by us."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LONGEST: Final = 200


def new_token() -> str:
    """Return 256 bits of chance as text that fits an address."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return what is kept of a token. It is chance already: a slow hash would protect nothing.

    >>> len(hashed("abc")), hashed("abc") == hashed("abe")
    (64, False)
    """
    return hashlib.sha256(token[:_LONGEST].encode("utf-8", "replace")).hexdigest()


def new_id(kind: str, now: datetime) -> str:
    """Return a new id, ``u_…`` or ``s_…``: the moment in milliseconds and eighty bits of chance."""
    value = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return f"{kind}_" + "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))
