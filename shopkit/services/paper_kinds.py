"""Every kind of paper of an order by its name: what stands against it, and what is handed out of it.

The doors go by this table, so that a kind that is added is on the page, the command line and the API at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shopkit.papers.sheets import SIZES
from shopkit.services import customs_papers, printed_papers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shopkit.papers.declaration import Service
    from shopkit.papers.findings import Finding
    from shopkit.papers.forms import Form
    from shopkit.papers.sheets import Size
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.customs_papers import Looked

_SHEETS: Final[tuple[Size, ...]] = ("a4", "letter")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of paper: for which ``form`` its declaration is looked at, by what it goes, on which sizes it is printed.

    ``find`` tells what is wrong with it, of which every block keeps it from being made; ``make`` makes it as PDF.
    """

    name: str
    form: Form
    service: Service
    sizes: tuple[Size, ...]
    find: Callable[[Looked], Sequence[Finding]]
    make: Callable[[Looked, str, Size], bytes]

    def against(self, looked: Looked) -> tuple[Finding, ...]:
        """Return what keeps it from being made."""
        return tuple(one for one in self.find(looked) if one.level == "block")

    @property
    def size(self) -> Size:
        """The size it is printed on unless another is asked for."""
        return "a6" if self.name == "cn22" else "a4"


def _all(looked: Looked) -> tuple[Finding, ...]:
    return looked.findings


KINDS: Final[dict[str, Kind]] = {
    one.name: one
    for one in (
        Kind("cn22", "cn22", "letter", SIZES, _all, customs_papers.paper),
        Kind("cn23", "cn23", "parcel", SIZES, _all, customs_papers.paper),
        Kind("packing-list", "cn23", "parcel", _SHEETS, customs_papers.against_packing, customs_papers.packing_list),
    )
}


class BlockedError(ValueError):
    """Something stands against the paper; ``findings`` say all of it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("something stands against the paper")
        self.findings = tuple(findings)


def hand_out(
    services: Services, actor: Actor, order_id: str, kind: Kind, looked: Looked, language: str, size: Size
) -> bytes:
    """Return a paper as PDF and write down that it was printed; ``BlockedError`` where something stands against it."""
    found = kind.against(looked)
    if found:
        raise BlockedError(found)
    made = kind.make(looked, language, size if size in kind.sizes else kind.sizes[0])
    printed_papers.note(services, actor, order_id, kind.name, looked.declaration)
    return made
