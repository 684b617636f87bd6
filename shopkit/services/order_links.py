"""The address of an order's page for its buyer: it opens the order without a password, so nobody can guess it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopkit.services.signing import is_marked, mark

if TYPE_CHECKING:
    from shopkit.services.context import Services


def name_of(services: Services, order_id: str) -> str:
    """Return an order's id with the mark that makes it a link."""
    return f"{order_id}-{mark(services, f'order:{order_id}')}"


def opened(services: Services, name: str) -> str | None:
    """Return the id of the order that a link's name opens; nothing for a name that was not made here."""
    order_id, _, given = name.rpartition("-")
    return order_id if is_marked(services, f"order:{order_id}", given) else None
