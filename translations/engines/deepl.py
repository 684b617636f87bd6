"""DeepL: JSON over HTTP, texts as XML in which the elements that ``ignore_tags`` names are left alone.

Shapes read in DeepL's own client (deepl-python 1.30, ``translator.py``): 456 means that what was paid for is used up,
429 and 5xx are tried again, a key that ends in ``:fx`` belongs to the free host, ``EN`` and ``PT`` are no targets any
longer. Glossaries are made under the root language and serve its variants, so they are looked up by root languages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from translations.engines.port import Answer, Band, Hop, HttpRequest, Limits, Question, Reply, language, straight
from translations.engines.wire import Reader, dump
from translations.masks import DEEPL, Idiom

if TYPE_CHECKING:
    from collections.abc import Mapping

_QUOTA: Final = 456
# Plain ``more`` and ``less`` are refused for a target without forms of address, these are not.
_FORMALITY: Final = {"formal": "prefer_more", "informal": "prefer_less"}
# 128 KiB for the body; the rest is for what stands beside the texts.
_LIMITS: Final = Limits(texts=50, body_bytes=128 * 1024 - 12_288)


@dataclass(frozen=True, slots=True)
class DeepL:
    """DeepL under a key; ``glossaries`` by their languages, such as ``es>pt``."""

    key: str = field(repr=False)
    base_url: str = ""
    model: str = ""
    glossaries: Mapping[str, str] = field(default_factory=dict)
    name: str = "deepl"
    idiom: Idiom = DEEPL
    limits: Limits = _LIMITS
    signs: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """The model that is asked for, as far as it can be chosen."""
        return f"v2 {self.model}".rstrip()

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return the one step; nothing within one language."""
        return straight(source, target, "deepl", "deepl_source")

    def ceiling(self, source: str, target: str) -> Band | None:  # noqa: ARG002  # it says nothing of how sure it is
        """Return nothing: its answers do not tell."""
        return None

    def request(self, question: Question) -> HttpRequest:
        """Return the call."""
        body: dict[str, Any] = {
            "text": list(question.texts),
            "source_lang": question.hop.source,
            "target_lang": question.hop.target,
            "tag_handling": "xml",
            "ignore_tags": ["x"],
            "show_billed_characters": True,
        }
        if question.formality is not None:
            body["formality"] = _FORMALITY[question.formality]
        if question.context:
            body["context"] = question.context
        if self.model:
            body["model_type"] = self.model
        roots = f"{language(question.hop.source)}>{language(question.hop.target)}"
        if roots in self.glossaries:
            body["glossary_id"] = self.glossaries[roots]
        host = "https://api-free.deepl.com" if self.key.endswith(":fx") else "https://api.deepl.com"
        headers = {"Authorization": f"DeepL-Auth-Key {self.key}", "Content-Type": "application/json"}
        return HttpRequest(f"{(self.base_url or host).rstrip('/')}/v2/translate", dump(body), headers)

    def read(self, question: Question, reply: Reply) -> Answer:
        """Return the texts of the answer."""
        reader = Reader(self.name, reply)
        if reply.status == _QUOTA:
            reader.fail("quota", reader.said("message"))
        reader.must_be_well("message")
        rows = reader.field(reader.json(), "translations", list)
        texts = reader.texts(question, [reader.field(row, "text", str) for row in rows])
        billed = [row.get("billed_characters") for row in rows]
        return Answer(texts, sum(billed) if all(type(one) is int for one in billed) else None)
