"""The address of an order's page for its buyer: it opens the order without a password, so nobody can guess it."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shopkit.services.context import Services

_MARK: Final = 24


def name_of(services: Services, order_id: str) -> str:
    """Return an order's id with the mark that makes it a link."""
    return f"{order_id}-{_mark(services, order_id)}"


def opened(services: Services, name: str) -> str | None:
    """Return the id of the order that a link's name opens; nothing for a name that was not made here."""
    order_id, _, mark = name.rpartition("-")
    is_ours = hmac.compare_digest(mark.encode("utf-8", "replace"), _mark(services, order_id).encode())
    return order_id if is_ours else None


def _mark(services: Services, order_id: str) -> str:
    said = f"order:{order_id}".encode("utf-8", "replace")
    return hmac.new(services.settings.secret().encode(), said, hashlib.sha256).hexdigest()[:_MARK]
