"""Amazon Translate: one text of at most 10,000 bytes in a call, signed; ``translate="no"`` is left alone.

Shapes read in the description that Amazon's own client is made from (botocore, data/translate/2017-07-01): the target
is ``AWSShineFrontendService_20170701.TranslateText``, one terminology may be named, a failure has its kind in
``__type``. That a request comes too often is status 400 with that kind, so the kind is read before the status. The
attribute is described in Amazon's guide (*do-not-translate*). Bytes are of UTF-8: a letter with an accent is two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from translations.engines.port import Answer, Band, Hop, HttpRequest, Limits, Question, Reply, language, straight
from translations.engines.sigv4 import Credentials, sign
from translations.engines.wire import Reader, dump
from translations.masks import GOOGLE, Idiom

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from translations.engines.port import Reason

_KINDS: Final[dict[str, Reason]] = {
    "ThrottlingException": "busy",
    "TooManyRequestsException": "busy",
    "LimitExceededException": "quota",
    "TextSizeLimitExceededException": "too_long",
    "UnsupportedLanguagePairException": "pair",
    "InternalServerException": "unavailable",
    "ServiceUnavailableException": "unavailable",
}


def utc_now() -> datetime:
    """Return the moment, which a signature holds."""
    return datetime.now(UTC)


_LIMITS: Final = Limits(texts=1, text_bytes=10_000)


@dataclass(frozen=True, slots=True)
class Amazon:
    """Amazon Translate of one region; ``terminologies`` by languages, such as ``es>pt``."""

    who: Credentials
    region: str
    terminologies: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""
    now: Callable[[], datetime] = utc_now
    version: str = "2017-07-01"
    name: str = "amazon"
    idiom: Idiom = GOOGLE
    limits: Limits = _LIMITS
    signs: tuple[str, ...] = ()

    def route(self, source: str, target: str) -> tuple[Hop, ...]:
        """Return the one step; nothing within one language."""
        return tuple(Hop(language(hop.source), hop.target) for hop in straight(source, target, "amazon_translate"))

    def ceiling(self, source: str, target: str) -> Band | None:  # noqa: ARG002  # it says nothing of how sure it is
        """Return nothing: its answers do not tell."""
        return None

    def request(self, question: Question) -> HttpRequest:
        """Return the signed call for the one text."""
        (text,) = question.texts
        body: dict[str, Any] = {
            "Text": text,
            "SourceLanguageCode": question.hop.source,
            "TargetLanguageCode": question.hop.target,
        }
        roots = f"{language(question.hop.source)}>{language(question.hop.target)}"
        if roots in self.terminologies:
            body["TerminologyNames"] = [self.terminologies[roots]]
        if question.formality is not None:
            body["Settings"] = {"Formality": question.formality.upper()}
        url = self.base_url or f"https://translate.{self.region}.amazonaws.com"
        sent = dump(body)
        headers = {
            "Host": url.partition("://")[2].partition("/")[0],
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSShineFrontendService_20170701.TranslateText",
        }
        return HttpRequest(
            f"{url.rstrip('/')}/", sent, sign(self.who, self.region, "translate", headers, sent, self.now())
        )

    def read(self, question: Question, reply: Reply) -> Answer:
        """Return the one text of the answer."""
        reader = Reader(self.name, reply)
        # Some answers put a namespace before the kind.
        kind = reader.said("__type").rpartition("#")[2]
        if kind in _KINDS:
            reader.fail(_KINDS[kind], reader.said("Message") or reader.said("message") or kind)
        reader.must_be_well("Message", "message")
        return Answer(reader.texts(question, [reader.field(reader.json(), "TranslatedText", str)]))
