"""LibreTranslate, which anybody can run: JSON over HTTP, plain text with opaque marks.

Shapes read in its own source (libretranslate/app.py and its tests): a list of texts in ``q`` gives a list in
``translatedText``; what is wrong stands in ``error``. It unescapes every answer, in HTML too, so a ``&lt;`` of ours
would come back as a tag: marks are opaque tokens in plain text instead. It has neither forms of address nor glossaries
by id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from translations.engines.port import Answer, Band, Hop, HttpRequest, Limits, Question, Reply, straight
from translations.engines.wire import Reader, dump
from translations.masks import OPAQUE, Idiom

# Servers set limits of their own and refuse what is above; these are the smallest that are usual.
_LIMITS: Final = Limits(texts=50, characters=2_000)


@dataclass(frozen=True, slots=True)
class LibreTranslate:
    """The server at ``base_url``; ``portuguese`` is its code for the target, since newer ones tell ``pt-BR`` apart."""

    base_url: str
    key: str = field(default="", repr=False)
    portuguese: str = "pt"
    version: str = "?"
    name: str = "libretranslate"
    idiom: Idiom = OPAQUE
    limits: Limits = _LIMITS
    signs: tuple[str, ...] = ()

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return the one step; nothing within one language."""
        route = straight(source, target, "libretranslate")
        return tuple(Hop(hop.source, self.portuguese if hop.target == "pt" else hop.target) for hop in route)

    def ceiling(self, source: str, target: str) -> Band | None:  # noqa: ARG002  # it says nothing of how sure it is
        """Return nothing: its answers do not tell."""
        return None

    def request(self, question: Question) -> HttpRequest:
        """Return the call."""
        body: dict[str, Any] = {
            "q": list(question.texts),
            "source": question.hop.source,
            "target": question.hop.target,
            "format": "text",
        }
        if self.key:
            body["api_key"] = self.key
        url = f"{self.base_url.rstrip('/')}/translate"
        return HttpRequest(url, dump(body), {"Content-Type": "application/json"})

    def read(self, question: Question, reply: Reply) -> Answer:
        """Return the texts of the answer."""
        reader = Reader(self.name, reply)
        reader.must_be_well("error")
        return Answer(reader.texts(question, reader.field(reader.json(), "translatedText", list)))
