"""Events in words of ours: who may bring them (a program's message, a person's sheet), and what they are called.

Neither can be asked: what there is, was brought.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopkit.tracking.codes import Vocabulary, post, vocabulary
from shopkit.tracking.folding import folded
from shopkit.tracking.port import Pace, TrackingError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shopkit.tracking.port import Ask, Call, Calls, Field

# Of no matter: nobody is asked.
_PACE: Final = Pace(1, 1, 1.0)


@dataclass(frozen=True, slots=True)
class Brought:
    """A provider that nobody asks."""

    name: str
    fields: tuple[Field, ...] = ()
    pushes: bool = True
    pace: Pace = _PACE

    @property
    def vocabulary(self) -> Vocabulary:
        """Our own names, the codes of posts (EMSEVT) and their wordings."""
        return _vocabulary()

    def takes(self, number: str, carrier: str) -> bool:  # noqa: ARG002 - none at all
        """Return that it cannot be asked for any number."""
        return False

    def address(self, details: Mapping[str, str]) -> str:  # noqa: ARG002 - there is none
        """Return nothing: there is nobody to call."""
        return ""

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:  # noqa: ARG002 - no calls
        """Return nothing to sign with."""
        return {}

    def track(self, asks: Sequence[Ask], *, now: datetime) -> Calls:  # noqa: ARG002 - none is asked for
        """Refuse: there is nobody to ask."""
        yield from ()
        raise TrackingError("refused", "there is nobody to ask")


def word_of(text: str) -> str | None:
    """Return what one of our names or words says, ``None`` where it is neither.

    >>> word_of("Entregado"), word_of("DELIVERED"), word_of("EMI"), word_of("llegó")
    ('delivered', 'delivered', 'EMI', None)
    """
    if text.strip().upper() in post().codes and not text.strip().isdigit():
        return text.strip().upper()
    return _words().get(folded(text))


@cache
def _words() -> dict[str, str]:
    table: dict[str, Any] = yaml.safe_load(files("shopkit.tracking").joinpath("data/plain.yaml").read_text("utf-8"))
    words = {folded(word): code for code, row in table["codes"].items() for word in row.get("words", ())}
    return words | {code: code for code in table["codes"]} | {code.replace("_", " "): code for code in table["codes"]}


@cache
def _vocabulary() -> Vocabulary:
    posts, own = post(), vocabulary("plain")
    return replace(posts, codes={**posts.codes, **own.codes})
