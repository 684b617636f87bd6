"""Signs and spaces: what no reader should stumble over, and what went wrong between two encodings."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from translations.checks.words import words
from translations.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translations.checks.case import Case

_DOUBLE: Final = re.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_BEFORE: Final = re.compile(r"(?<=\w)[ \u00a0]+(?=[,;:!?](?:\s|$)|\.(?:\s|$))")
_AFTER: Final = re.compile(r"(?<=[¿¡]) +(?=\w)")
_ZERO: Final = re.compile(r"[\u200b\u2060\ufeff]")
_TWICE: Final = re.compile(r"(?<!\w)([^\W\d_]{2,})[ \u00a0]+\1(?!\w)", re.IGNORECASE)
_BROKEN: Final = re.compile(
    r"(?:[ÃÂ][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u201a-\u203a\u20ac\u2122]|â€[\u0080-\u00ff\u0153\u2018-\u203a\u2122]?|ï¿½|\ufffd)+"
)
_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff\U000f0000-\U000ffffd]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ENDS: Final = (
    ("end_ellipsis", re.compile(r"(?:…|\.\.\.)$"), "…"),
    ("end_question", re.compile(r"\?$"), "?"),
    ("end_exclamation", re.compile(r"!$"), "!"),
    ("end_colon", re.compile(r":$"), ":"),
    ("end_stop", re.compile(r"(?<!\.)\.$"), "."),
)
_WORD: Final = re.compile(r"[^\W\d_]+")


def spaces(case: Case) -> Iterator[Finding]:
    """Find spaces where none belong: doubled, before a comma or point, after ¿ or ¡, of no width."""
    for found in _DOUBLE.finditer(case.target):
        yield Finding("double_space", "warn", found.span(), "double_space", fix=" ")
    for found in _BEFORE.finditer(case.target):
        if case.source_language != "fr":
            yield Finding("space_before", "warn", found.span(), "space_before", fix="")
    for found in _AFTER.finditer(case.target):
        yield Finding("space_before", "warn", found.span(), "space_before", fix="")
    for found in _ZERO.finditer(case.target):
        yield Finding("zero-width-space", "warn", found.span(), "zero_width", fix="")


def doubled(case: Case) -> Iterator[Finding]:
    """Find a word that stands twice in a row, unless the source does the same."""
    if _TWICE.search(case.source):
        return
    for found in _TWICE.finditer(case.words):
        if found[1].lower() not in words("twice"):
            span = found.end(1), found.end()
            yield Finding("duplicate", "warn", span, "duplicate", {"found": found[1]}, "")


def ending(case: Case) -> Iterator[Finding]:
    """Find a text that ends otherwise than its source: with a point or without, no longer a question."""
    source, target = case.source.rstrip(), case.target.rstrip()
    if not source or not target:
        return
    wanted = next(((name, sign) for name, pattern, sign in _ENDS if pattern.search(source)), ("", ""))
    there = next(((name, sign) for name, pattern, sign in _ENDS if pattern.search(target)), ("", ""))
    if wanted == there:
        return
    name, key = (wanted[0], "end_mark.lost") if wanted[0] else (there[0], "end_mark.new")
    start = len(target) - len(there[1]) if there[0] else len(target)
    values = {"found": there[1], "wanted": wanted[1]}
    # A question that is none any more is not mended by its mark.
    fix = wanted[1] if {wanted[0], there[0]} <= {"", "end_stop", "end_colon", "end_ellipsis"} else None
    yield Finding(
        name, "warn", (start, len(target)), key if not (wanted[0] and there[0]) else "end_mark.other", values, fix
    )


def encoding(case: Case) -> Iterator[Finding]:
    """Find signs that were read in a wrong encoding, that mean nothing to others, or that are not composed."""
    for found in _BROKEN.finditer(case.target):
        if found[0] not in case.source or "\ufffd" in found[0]:
            fix = _read_again(found[0])
            yield Finding("encoding", "block", found.span(), "encoding.broken", {"found": found[0]}, fix)
    for found in _PRIVATE.finditer(case.target):
        code = f"U+{ord(found[0]):04X}"
        yield Finding("encoding", "block", found.span(), "encoding.private", {"found": code}, "")
    composed = unicodedata.normalize("NFC", case.target)
    if composed != case.target:
        yield Finding("encoding", "block", (0, len(case.target)), "encoding.composed", fix=composed)


def _read_again(text: str) -> str | None:
    for wrong in ("cp1252", "latin-1"):
        try:
            return text.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
    return None


def capitals(case: Case) -> Iterator[Finding]:
    """Find a small word with a capital in the middle of a sentence, as engines leave behind an unknown word."""
    small = words("small", case.language)
    there = list(_WORD.finditer(case.words))
    raised = sum(word[0][0].isupper() for word in there)
    if case.target.isupper() or raised * 2 > len(there) + 1:
        return
    for word in there:
        before = case.target[: word.start()].rstrip()
        if word[0][0].isupper() and word[0].lower() in small and before and before[-1] not in '.!?…:¿¡"«“(-–—\n|/':
            if word[0] in _WORD.findall(case.source):
                continue
            fix = word[0].lower()
            yield Finding("simplecaps", "warn", word.span(), "simplecaps", {"found": word[0], "wanted": fix}, fix)
