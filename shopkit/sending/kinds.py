"""What kind of item a service sends: by its channel, and for the post by words of its name.

>>> [kind_of("postal", name) for name in ("EMS Mundial", "Encomienda certificada", "Económico")]
['ems', 'registered', None]
>>> kind_of("courier", "EMS"), form_of("registered"), form_of(None)
('courier', 'letter', None)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, cast

from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landed_cost.rulebook.reader import Node
    from shopkit.papers.declaration import Service

_WORD: Final = re.compile(r"[a-z0-9-]+")
_FORMS: Final = ("letter", "parcel", "ems")


@dataclass(frozen=True, slots=True)
class _Kind:
    id: str
    prefix: str
    form: Service
    words: tuple[tuple[str, ...], ...]


def kind_of(channel: str, name: str) -> str | None:
    """Return the kind of a service: ``courier``, ``freight``, one of the post's; ``None`` where nothing tells it."""
    if channel != "postal":
        return channel
    said = _words(name)
    for kind in _kinds().values():
        if any(_has(said, words) for words in kind.words):
            return kind.id
    return None


def form_of(kind: str | None) -> Service | None:
    """Return by what goods of a kind go for ``shopkit.papers.forms``; ``None`` where that is not known."""
    if kind == "courier":
        return "courier"
    found = _kinds().get(kind or "")
    return None if found is None else found.form


def prefix_of(kind: str | None) -> str | None:
    """Return the first letter of the S10 numbers of a kind; ``None`` for what bears none."""
    found = _kinds().get(kind or "")
    return None if found is None else found.prefix


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _WORD.findall(plain)


def _has(said: list[str], words: tuple[str, ...]) -> bool:
    return any(tuple(said[at : at + len(words)]) == words for at in range(len(said)))


@cache
def _kinds() -> Mapping[str, _Kind]:
    name = "kinds.yaml"
    tree = read_text(files("shopkit.sending").joinpath(f"data/{name}").read_text("utf-8"), name, begin="as_of: ...")
    return read_kinds(tree)


def read_kinds(tree: Node) -> Mapping[str, _Kind]:
    """Read the table of kinds; ``RulebookError`` names file and line of what is wrong."""
    tree.need("as_of").day()
    found: dict[str, _Kind] = {}
    for node in tree.need("kinds").items():
        kind = _Kind(
            node.need("id").text(),
            node.need("prefix").text(),
            cast("Service", node.need("form").word(*_FORMS)),
            tuple(tuple(text.split()) for text in node.need("words").texts()),
        )
        node.done()
        if kind.id in found:
            raise node.fail(f"kind {kind.id} stands twice; keep one")
        found[kind.id] = kind
    tree.done()
    return found
