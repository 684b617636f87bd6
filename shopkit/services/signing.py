"""Marks of the shop's own: who does not hold its secret makes none, so that a name with a mark can be a link."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shopkit.services.context import Services

_MARK: Final = 24


def mark(services: Services, said: str) -> str:
    """Return the mark of what is said, 96 bits in hexadecimal; ``said`` begins with what it is for, as ``order:``."""
    text = said.encode("utf-8", "replace")
    return hmac.new(services.settings.secret().encode(), text, hashlib.sha256).hexdigest()[:_MARK]


def is_marked(services: Services, said: str, given: str) -> bool:
    """Return whether a mark is that of what is said, in the same time for every wrong one."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), mark(services, said).encode())
