"""Spanish for the Americas: opening marks, *e* and *u* for the ear, no *vosotros*, one form of address."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from translations.checks.words import words
from translations.euphony import faults
from translations.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from translations.checks.case import Case

_SENTENCE: Final = re.compile(r"[^.!?…\n]*[.!?…]*")
_OPENERS: Final = {"?": "¿", "!": "¡"}
_VOSOTROS: Final = {
    "vosotros": "ustedes",
    "vosotras": "ustedes",
    "vuestro": "su",
    "vuestra": "su",
    "vuestros": "sus",
    "vuestras": "sus",
}
_PLURAL_YOU: Final = re.compile(r"(?<!\w)\w+[áé]is(?!\w)", re.IGNORECASE)
_NUMERALS: Final = frozenset({"dieciséis", "veintiséis"})
_OS: Final = re.compile(
    r"(?<!\w)os(?=\s+(?:\w+(?:mos|á|é|ó|an|en|rá|rán|ría)|gusta|ofrece|invita|llega|encanta|trae)(?!\w))", re.IGNORECASE
)
_FORMS: Final = ("tu", "usted", "vos")
_NAMES: Final = {"tu": "tú", "usted": "usted", "vos": "vos", "voce": "você"}
_WORD: Final = re.compile(r"[^\W\d_]+")
_PT_OTHER: Final = {
    "tu": "você",
    "teu": "seu",
    "tua": "sua",
    "teus": "seus",
    "tuas": "suas",
    "contigo": "com você",
    "vós": "vocês",
    "vosso": "seu",
    "vossa": "sua",
    "vossos": "seus",
    "vossas": "suas",
    "convosco": "com vocês",
}


def opening_marks(case: Case) -> Iterator[Finding]:
    """Find questions and exclamations that do not open with ¿ or ¡, and ones that do not close."""
    if case.language != "es":
        return
    for found in _SENTENCE.finditer(case.words):
        sentence = found[0]
        for closing, opening in _OPENERS.items():
            end = sentence.rstrip(".…").endswith(closing) or closing in sentence[-3:]
            if end and opening not in sentence:
                start = found.start() + len(sentence) - len(sentence.lstrip(' \t-–—•*"«“(¡¿'))
                values = {"wanted": opening}
                yield Finding("inverted_marks", "warn", (start, start), "inverted_marks.opening", values, opening)
            elif opening in sentence and closing not in sentence:
                place = found.start() + sentence.index(opening)
                yield Finding(
                    "inverted_marks", "warn", (place, place + 1), "inverted_marks.closing", {"wanted": closing}
                )


def euphony(case: Case) -> Iterator[Finding]:
    """Find *y* before the sound i and *o* before the sound o: *e índigo*, *u otro*."""
    if case.language != "es":
        return
    # Numbers are no words elsewhere, and are spoken here.
    for fault in faults(case.target):
        values = {"found": fault.wrong.lower(), "wanted": fault.right.lower()}
        yield Finding("euphony", "warn", (fault.start, fault.start + 1), "euphony", values, fault.right)


def vosotros(case: Case) -> Iterator[Finding]:
    """Find the plural *you* of Spain, which no buyer in the Americas is spoken to with."""
    if case.language != "es" or case.context.target == "es-ES":
        return
    for found in _WORD.finditer(case.words):
        word = found[0].lower()
        if word in _VOSOTROS:
            other = _VOSOTROS[word]
            fix = other.capitalize() if found[0][0].isupper() else other
            yield Finding("vosotros", "block", found.span(), "vosotros.word", {"found": found[0], "wanted": other}, fix)
        elif word in words("vosotros", "es"):
            yield Finding("vosotros", "block", found.span(), "vosotros.verb", {"found": found[0]})
    for pattern in (_PLURAL_YOU, _OS):
        for found in pattern.finditer(case.words):
            if found[0].lower() not in _NUMERALS:
                yield Finding("vosotros", "block", found.span(), "vosotros.verb", {"found": found[0]})


def address(case: Case) -> Iterator[Finding]:
    """Find a text that speaks to the buyer in two ways, or in another than the market's."""
    if case.language == "pt":
        yield from _portuguese(case)
        return
    if case.language != "es":
        return
    found = [
        (form, word) for word in _WORD.finditer(case.words) for form in _FORMS if word[0].lower() in words(form, "es")
    ]
    count = Counter(form for form, _ in found)
    asked = case.context.register
    main = asked if asked in _FORMS else next((form for form, _ in count.most_common(1)), "")
    if not main:
        return
    others = [(form, word) for form, word in found if form != main]
    if main == "vos":
        # "contigo" and "ti" are of tú alone, but its possessives are those of vos as well.
        others = [(form, word) for form, word in others if word[0].lower() not in {"tuyo", "tuya", "tuyos", "tuyas"}]
    for form, word in others:
        values = {"found": word[0], "form": _NAMES[form], "wanted": _NAMES[main]}
        key = "address_form.other" if asked in _FORMS else "address_form.mixed"
        yield Finding("address_form", "warn", word.span(), key, values)


def _portuguese(case: Case) -> Iterator[Finding]:
    if case.context.target == "pt-PT":
        return
    for word in _WORD.finditer(case.words):
        other = _PT_OTHER.get(word[0].lower())
        if other is not None:
            values = {"found": word[0], "form": word[0].lower(), "wanted": other}
            yield Finding("address_form", "warn", word.span(), "address_form.other", values)
