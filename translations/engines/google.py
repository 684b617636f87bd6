"""Google Cloud Translation, version 3: texts as HTML in which ``translate="no"`` is left alone.

Shapes read in Google's published description (googleapis, google/cloud/translate/v3/translation_service.proto): up to
1,024 texts, of 30,000 code points in all as it recommends; with a glossary the texts stand in ``glossaryTranslations``;
a text that failed may simply be missing. A token is got by the application, which holds the account.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from translations.engines.port import Answer, Band, Hop, HttpRequest, Limits, Question, Reply, language, straight
from translations.engines.wire import Reader, dump
from translations.masks import GOOGLE, Idiom

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAILY: Final = "per day"
_LIMITS: Final = Limits(texts=1024, characters=30_000)


@dataclass(frozen=True, slots=True)
class Google:
    """A project of Google's cloud; ``token`` is put in by the transport. ``glossaries`` by languages: ``es>pt``."""

    project: str
    location: str = "global"
    model: str = ""
    glossaries: Mapping[str, str] = field(default_factory=dict)
    base_url: str = "https://translate.googleapis.com"
    name: str = "google"
    idiom: Idiom = GOOGLE
    limits: Limits = _LIMITS
    signs: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The model that is asked for."""
        return f"v3 {self.model or 'general/nmt'}"

    @property
    def parent(self) -> str:
        """The project and place that is called."""
        return f"projects/{self.project}/locations/{self.location}"

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return the one step; nothing within one language."""
        return straight(source, target, "google_translate")

    def ceiling(self, source: str, target: str) -> Band | None:  # noqa: ARG002  # it says nothing of how sure it is
        """Return nothing: its answers do not tell."""
        return None

    def request(self, question: Question) -> HttpRequest:
        """Return the call; it has no form of address."""
        body: dict[str, Any] = {
            "contents": list(question.texts),
            "mimeType": "text/html",
            "sourceLanguageCode": question.hop.source,
            "targetLanguageCode": question.hop.target,
        }
        if self.model:
            body["model"] = f"{self.parent}/models/{self.model}"
        if self._glossary(question):
            body["glossaryConfig"] = {"glossary": f"{self.parent}/glossaries/{self._glossary(question)}"}
        url = f"{self.base_url.rstrip('/')}/v3/{self.parent}:translateText"
        return HttpRequest(url, dump(body), {"Content-Type": "application/json"})

    def read(self, question: Question, reply: Reply) -> Answer:
        """Return the texts of the answer."""
        reader = Reader(self.name, reply)
        if reply.status != 200 and _DAILY in reader.said("error", "message").lower():  # noqa: PLR2004  # it is well
            # A limit per minute passes by itself, one per day does not while anybody waits.
            reader.fail("quota", reader.said("error", "message"))
        reader.must_be_well("error", "message")
        name = "glossaryTranslations" if self._glossary(question) else "translations"
        rows = reader.field(reader.json(), name, list)
        return Answer(reader.texts(question, [reader.field(row, "translatedText", str) for row in rows]))

    def _glossary(self, question: Question) -> str:
        return self.glossaries.get(f"{language(question.hop.source)}>{language(question.hop.target)}", "")
