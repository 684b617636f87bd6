"""What is said of ways to send: codes with parameters, and their sentences in three languages (``messages.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from landed_cost import messages
from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from landed_cost.model import Texts

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """A code with its parameters; ``texts`` are the law's own words where it has them."""

    code: str
    params: Params = field(default_factory=dict)
    texts: Texts | None = None


def say(said: Said, language: str) -> str:
    """Return the sentence of a code: our own, else the engine's.

    >>> say(Said("rate_missing", {"base": "MXN", "quote": "USD", "limit": "5000 USD"}), "es")
    'El límite es 5000 USD y no hay tipo de cambio de MXN a USD.'
    """
    if said.texts is not None:
        return said.texts[language]
    if "." in said.code:
        return messages.render(said.code, dict(said.params), language)[0]
    return word(said.code, language).format(**said.params)


def word(name: str, language: str) -> str:
    """Return a sentence or a word of ``messages.yaml``, with its parameters still in it."""
    return _texts()[name][language]


@cache
def _texts() -> Mapping[str, Texts]:
    name = "messages.yaml"
    tree = read_text(files("shopkit.sending").joinpath(name).read_text("utf-8"), name, begin="code: {en: ...}")
    return {key: node.translated() for key, node in tree.map().items()}
