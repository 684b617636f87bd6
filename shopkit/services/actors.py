"""Who acts: a person or a program, for which seller, and how much it may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["viewer", "editor", "owner"]
ROLES: Final[tuple[Role, ...]] = ("viewer", "editor", "owner")


class ForbiddenError(Exception):
    """The role or the key at hand does not allow this; ``needed`` is the role that does."""

    def __init__(self, needed: Role) -> None:
        self.needed: Role = needed
        super().__init__(f"needs the role {needed}")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts for a seller: ``user_id`` is absent for a key or a command, ``via`` is the door.

    Every use case on a seller's rows takes one, and asks for nothing but rows of its ``seller_id``.
    """

    seller_id: str
    role: Role
    user_id: str | None = None
    via: str = "web"
    address: str | None = None

    def may(self, needed: Role) -> bool:
        """Return whether the role is enough."""
        return ROLES.index(self.role) >= ROLES.index(needed)

    def must(self, needed: Role) -> None:
        """Raise ``ForbiddenError`` where the role is not enough."""
        if not self.may(needed):
            raise ForbiddenError(needed)
