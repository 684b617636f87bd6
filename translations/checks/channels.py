"""What a channel asks of a text: its length, words it does not take, HTML, a size with its system."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from translations.checks.words import words
from translations.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translations.checks.case import Case, Limit
    from translations.findings import Severity

_EXPANDS: Final = {
    ("es", "en"): (0.5, 1.4),
    ("es", "pt"): (0.65, 1.5),
    ("pt", "es"): (0.65, 1.5),
    ("pt", "en"): (0.5, 1.4),
    ("en", "es"): (0.7, 2.0),
    ("en", "pt"): (0.7, 2.0),
}
_ENOUGH: Final = 20
_TAG: Final = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9-]*)\b[^<>]*>?")
_NUMBERED: Final = re.compile(
    r"(?<!\w)(?:tallas?|talles?|tamanhos?|numeração|calce|sizes?)(?:\s?:)?\s(?P<size>\d{1,2}(?:[.,]5)?)(?!\s?(?:cm|in|mm|US|EU|BR|MX|AR|UK))(?![\d.,]*\d)",
    re.IGNORECASE,
)


def length(case: Case) -> Iterator[Finding]:
    """Find a text that is longer than a channel takes, in the channel's own unit."""
    for limit in case.context.limits:
        count = measured(case.target, limit)
        if count > limit.most:
            values = {"channel": limit.channel, "count": str(count), "limit": str(limit.most)}
            start = _cut(case.target, limit)
            key = f"channel_length.{limit.unit}"
            yield Finding("channel_length", "export", (start, len(case.target)), key, values, channel=limit.channel)


def measured(text: str, limit: Limit) -> int:
    """Return how long a text is in the unit of a limit."""
    if limit.unit == "bytes":
        return len(text.encode("utf-8", "surrogatepass"))
    if limit.unit == "utf16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text)


def _cut(text: str, limit: Limit) -> int:
    """Return where the text would have to end."""
    done = 0
    for place, sign in enumerate(text):
        done += measured(sign, limit)
        if done > limit.most:
            return place
    return len(text)


def banned(case: Case) -> Iterator[Finding]:
    """Find words that a channel does not take in a listing."""
    for channel, listed in case.context.banned.items():
        for word in listed:
            pattern = rf"(?<!\w){re.escape(word)}(?!\w)"
            for found in re.finditer(pattern, case.target, re.IGNORECASE):
                values = {"channel": channel, "found": found[0]}
                yield Finding("channel_words", "export", found.span(), "channel_words", values, channel=channel)


def expansion(case: Case) -> Iterator[Finding]:
    """Warn of a text that is much shorter or longer than its source, as half an answer is."""
    band = _EXPANDS.get((case.source_language, case.language))
    if band is None or len(case.source) < _ENOUGH or not case.target:
        return
    ratio = len(case.target) / len(case.source)
    if not band[0] <= ratio <= band[1]:
        key = "expansion.short" if ratio < band[0] else "expansion.long"
        values = {"percent": str(round(ratio * 100))}
        yield Finding("expansion", "warn", (0, len(case.target)), key, values)


def markup(case: Case) -> Iterator[Finding]:
    """Find tags that are not let through, and ones that do not open and close in pairs."""
    if "<" not in case.target:
        return
    allowed = case.context.tags
    if allowed is not None:
        for found in _TAG.finditer(case.target):
            if found[1].lower() not in allowed:
                values = {"found": found[0]}
                yield Finding("html_policy", "export", found.span(), "html_policy", values, "")
    reader = _Reader()
    reader.feed(case.target)
    reader.close()
    source = _Reader()
    source.feed(case.source)
    source.close()
    if (reader.wrong or reader.open) and not (source.wrong or source.open):
        name = (reader.wrong or reader.open)[0]
        end = len(case.target)
        yield Finding("html_pairs", "block", (0, end), "html_pairs", {"found": name})


class _Reader(HTMLParser):
    """Reads markup and keeps what is left open and what closes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # its name
        """Take in a tag."""
        if tag not in words("void"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Take in the end of one."""
        if tag in words("void"):
            return
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(tag)


def sizes(case: Case) -> Iterator[Finding]:
    """Find a size without its system, and one that is no size any more; a number alone fits nobody."""
    for found in _NUMBERED.finditer(case.target):
        size = found["size"]
        system = case.context.size_system
        fix = f"{system} {size}" if system else None
        severity: Severity = "block" if case.context.sized else "warn"
        yield Finding("size_system", severity, found.span("size"), "size_system", {"found": found[0]}, fix)
    said = sum(one.kind == "size" for one in case.source_marks)
    left = sum(one.kind == "size" for one in case.target_marks)
    if said > left:
        lost = [one.text for one in case.source_marks if one.kind == "size"]
        end = len(case.target)
        yield Finding("size_kept", "warn", (end, end), "size_kept", {"wanted": ", ".join(lost)})
