"""Proofs of origin that a seller makes out: which there is for an agreement, and its words, quoted as law."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["elements", "statement", "form"]


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof of origin under an agreement: its ``words`` by language, none where a form of others is needed.

    Above ``limit`` euros a statement needs the exporter's number, from the countries ``numbered`` always. ``status``
    and ``source`` say how well the words are known, ``as_of`` when they were looked up.
    """

    agreement: str
    kind: Kind
    words: Mapping[str, str]
    source: str = ""
    status: str = ""
    as_of: str = ""
    limit: int | None = None
    numbered: tuple[str, ...] = ()
    signed: bool = False

    def says(self, language: str, **filled: str) -> str:
        """Return its words in a language it has, English or Spanish before the others; empty for a form."""
        if not self.words:
            return ""
        text = self.words.get(language) or self.words.get("en") or next(iter(self.words.values()))
        return text.format(**filled)


def proof_of(agreement: str) -> Proof:
    """Return the proof of an agreement; of one that is not listed it is a form, whose data the sheet holds.

    >>> proof_of("usmca").kind, proof_of("eu_cariforum").limit, proof_of("mercosur").kind
    ('elements', 6000, 'form')
    """
    data = _read()
    found = data["proofs"].get(agreement)
    if found is None:
        return Proof(agreement, "form", {})
    return Proof(
        agreement,
        found["kind"],
        data["words"][found["words"]],
        str(found["source"]),
        str(found["status"]),
        str(found["as_of"]),
        found.get("limit"),
        tuple(found.get("numbered", ())),
        bool(found.get("signed", found["kind"] == "elements")),
    )


@cache
def _read() -> dict[str, Any]:
    text = files("shopkit.papers").joinpath("data/origin.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data
