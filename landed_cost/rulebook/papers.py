"""Papers that goods need, and the bodies that give them: named once, so that a requirement only points at them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from landed_cost.model import Body, Texts
from landed_cost.rulebook.reader import Node, read

T = TypeVar("T")
KINDS: Final = (
    "certificate", "registration", "label", "prior_notice", "licence", "test", "declaration", "quota", "ban",
    "formality", "condition", "advice",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper: what it is called, how it looks, how long it is good for.

    ``national``: that of one country proves nothing in another. ``per_shipment``: each parcel needs its own.
    """

    id: str
    kind: str
    name: Texts
    form: Texts | None
    validity: Texts | None
    national: bool
    per_shipment: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The papers and bodies that requirements may name, by id."""

    papers: Mapping[str, Paper]
    bodies: Mapping[str, Body]


NO_VOCABULARY: Final = Vocabulary({}, {})


def read_vocabulary(folder: Path) -> Vocabulary:
    """Read ``papers.yaml`` and ``bodies.yaml`` of a rulebook; either may be absent."""
    return Vocabulary(_named(folder / "papers.yaml", _paper), _named(folder / "bodies.yaml", _body))


def _named(path: Path, read_one: Callable[[str, Node], T]) -> Mapping[str, T]:
    """Read a map of ids; an id written twice is an error of the reader."""
    if not path.is_file():
        return {}
    found = {}
    for id_, node in read(path).map().items():
        found[id_] = read_one(id_, node)
        node.done()
    return found


def _paper(id_: str, node: Node) -> Paper:
    return Paper(
        id=id_,
        kind=node.need("kind").word(*KINDS),
        name=node.need("name").translated(),
        form=node.take("form", Node.translated, None),
        validity=node.take("validity", Node.translated, None),
        national=node.take("national", Node.flag, default=False),
        per_shipment=node.take("per_shipment", Node.flag, default=False),
    )


def _body(id_: str, node: Node) -> Body:
    return Body(id_, node.need("name").text(), node.take("country", Node.text, None), node.need("url").text())
