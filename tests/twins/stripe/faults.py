"""What goes wrong on purpose with the next requests, before anything was done or after all of it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.twins.stripe.world import World

KINDS: Final = ("500_before", "500_after", "drop_before", "drop_after", "409", "429", "slow")


@dataclass
class Fault:
    """A fault of so many requests: of one method, under one path, after letting some through."""

    kind: str
    times: int = 1
    method: str = "POST"
    path: str = "/v1/"
    after: int = 0
    retry_after: int | None = None
    seconds: float = 0.2

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"fault {self.kind!r}: one of {', '.join(KINDS)}")


def next_fault(world: World, method: str, path: str) -> Fault | None:
    """Return the fault that this request meets, and count it."""
    for fault in world.faults:
        if fault.times and fault.method in (method, "*") and path.startswith(fault.path):
            if fault.after:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
    return None
