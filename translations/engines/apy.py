"""Apertium behind APY, its server, which somebody runs for us: the same engine over HTTP.

Shape read in the server's own source (apertium-apy, handlers/translate.py): ``/translate`` takes ``langpair``, ``q``,
``format`` and ``markUnknown`` and answers ``responseData.translatedText``. The server binds every interface and has no
option for it (0.11.7): who runs it closes it in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from translations.engines import apertium
from translations.engines.port import Answer, Band, Hop, HttpRequest, Limits, Question, Reply
from translations.engines.wire import Reader
from translations.masks import APERTIUM, Idiom

_LIMITS: Final = Limits(texts=100, body_bytes=30_000)


@dataclass(frozen=True, slots=True)
class Apy:
    """The server at ``base_url``, with its ``key`` where it asks for one."""

    base_url: str
    key: str = field(default="", repr=False)
    version: str = "apy"
    hops: frozenset[Hop] = apertium.EVERY_HOP
    name: str = "apy"
    idiom: Idiom = APERTIUM
    limits: Limits = _LIMITS
    signs: tuple[str, ...] = apertium.SIGNS

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return one step or two."""
        return apertium.find_route(self.hops, source, target)

    def ceiling(self, source: str, target: str) -> Band:
        """Return the most that may be said of a draft."""
        return apertium.find_ceiling(source, target)

    def request(self, question: Question) -> HttpRequest:
        """Return the call for one step."""
        fields = {
            "langpair": f"{question.hop.source}|{question.hop.target}",
            "format": "html",
            "markUnknown": "yes",
            "q": apertium.write(question.texts),
        }
        if self.key:
            fields["key"] = self.key
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return HttpRequest(f"{self.base_url.rstrip('/')}/translate", urlencode(fields).encode(), headers)

    def read(self, question: Question, reply: Reply) -> Answer:
        """Return the texts of the answer."""
        reader = Reader(self.name, reply)
        reader.must_be_well("explanation", "message")
        data = reader.field(reader.json(), "responseData", dict)
        return Answer(apertium.read(self.name, question, reader.field(data, "translatedText", str)))
