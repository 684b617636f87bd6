"""What is recognised in a text by its shape alone: tags, addresses, placeholders, emoji, quantities, sizes, numbers.

``firm`` finds what wins over anything given by the caller, ``soft`` what yields to it. Every search takes time that
grows with the length of the text, whatever stands in it: by repetitions that are bounded or possessive, and a border
before each start.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from translations.units import MINUS, NUMBER, quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["placeholder", "brand", "number", "unit", "size", "sku", "url", "html", "emoji", "term"]
Bound = Literal["most", "least"]
Span = tuple[int, int, Kind]

ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# A tag with its attributes; <0> … </0> are the numbered tags of interface texts.
_TAG: Final = re.compile(
    r"</?(?P<name>[A-Za-z][A-Za-z0-9:-]{0,40}+)(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+'|[\"'])*+>|</?\d{1,3}\s?/?>"
)
# A tag that the text breaks off in: nothing closes it, and its name and addresses are no words all the same.
_CUT: Final = re.compile(
    r"</?[A-Za-z][\w:-]{0,40}+(?:\s++[\w:-]{1,40}+\s*+=\s*+(?:\"[^\"<>]{0,200}+\"?+|'[^'<>]{0,200}+'?+|[^\s\"'<>]++))*+\s*+\Z"
)
_RAW: Final = frozenset(("script", "style"))
_URL: Final = re.compile(
    r"(?<![\w@])(?:(?:https?|ftp)://|www\.)[^\s<>\"⟦⟧]++"
    r"|(?<![\w@.+-])[\w-]{1,63}+(?:\.[\w-]{1,63}+)*?\.(?:com|net|org|shop|store)(?:\.[a-z]{2})?(?![\w-])(?:/[^\s<>\"⟦⟧]*+)?",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"(?<![\w.+@-])[\w.+-]{1,64}+@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_HANDLE: Final = re.compile(r"(?<![\w@#&./])[@#][^\W\d_][\w.]{0,60}\b")
_TRAILING: Final = ".,;:!?…'’)]}»"
_PRINTF: Final = re.compile(
    r"%\([\w.-]{1,60}\)[-+0#]?\d{0,3}(?:\.\d{1,3})?[A-Za-z]|%\d{1,2}\$[-+0#]?\d{0,3}(?:\.\d{1,3})?[@A-Za-z]"
    r"|(?<!\d)(?<!\d )%[-+0#]?\d{0,3}(?:\.\d{1,3})?[sdifgeExXc@](?!\w)|%%|%\{[^{}\n]{1,60}\}|\$\{[^{}\n]{1,60}\}"
)
_BRACKET: Final = re.compile(r"[⟦⟧]")
_PICTURE: Final = (
    r"(?:[\U0001F1E6-\U0001F1FF]{2}|[0-9#*]\uFE0F?\u20E3"
    r"|[\u00A9\u00AE\u203C\u2049\u2122\u2139\u2194-\u21AA\u231A-\u23FF\u24C2\u25AA-\u25FE\u2600-\u27BF\u2934\u2935"
    r"\u2B05-\u2B55\u3030\u303D\u3297\u3299\U0001F000-\U0001F1E5\U0001F200-\U0001FAFF]"
    r"[\uFE0E\uFE0F\U0001F3FB-\U0001F3FF]*+[\U000E0020-\U000E007F]*+)"
)
_EMOJI: Final = re.compile(rf"(?:{_PICTURE}(?:\u200D{_PICTURE})*+)++")

_MONEY_CODE: Final = (
    "ARS|BBD|BOB|BRL|BZD|CAD|CLP|COP|CRC|CUP|DOP|EUR|GBP|GTQ|GYD|HNL|HTG|JMD|MXN|NIO|PAB|PEN|PYG|TTD|USD|UYU|VES|XCD"
)
_MONEY: Final = (
    rf"(?<![\w$])(?:(?:{_MONEY_CODE}|US|MX|RD|[A-Z])?\$U?|[€£¥₡₲]|S/\.?|{_MONEY_CODE})[ \u00a0\u202f]?{NUMBER}"
    rf"(?:[ \u00a0](?:{_MONEY_CODE})(?!\w))?|(?<![\w.,]){NUMBER}[ \u00a0\u202f]?(?:(?:{_MONEY_CODE})(?!\w)|[€£])"
)
_ORDINAL: Final = r"(?<![\w.,])\d{1,4}(?:\.?[ºª]|(?:st|nd|rd|th|er|ro|do|da|ra|to|ta|mo|ma|vo|va)(?!\w))"
_TIMES: Final = rf"(?<![\w.,]){NUMBER}(?:[ \u00a0]?[x×][ \u00a0]?{NUMBER}){{1,3}}(?![\w])"
SUM: Final = re.compile(_MONEY)
_FIGURE: Final = re.compile(f"{_ORDINAL}|{_TIMES}")
_LETTERS: Final = "XXXXL|XXXL|XXXS|XXL|XXS|XL|XS|XGG|XG|EGG|EG|GG|PP|[2-6]XL|[SMLPG]"
# DE, IT and CN are systems too, and everyday words or nothing of the kind in a title in capitals: "LOTE DE 5".
_SYSTEM: Final = "AR|AU|BR|EU|EUR|FR|JP|MEX|MX|UK|US|USA"
SIZED: Final = re.compile(
    r"(?<!\w)(?P<word>(?i:tallas?|talles?|tamanhos?|tam\.|sizes?|numeração|calce))(?P<gap>(?:\s?:)?\s)"
    rf"(?P<size>(?:(?:{_SYSTEM})\s)?(?:\d{{1,3}}(?:[.,]5)?(?:\s(?:{_SYSTEM}))?|CH|{_LETTERS})(?:[/–-](?:\d{{1,3}}|CH|{_LETTERS}))*)"
    r"(?![\w.,]*\w)"
)
_SIZE: Final = re.compile(
    rf"(?<![\w.'’&-])(?:(?:{_SYSTEM})\s\d{{1,2}}(?:[.,]5)?|\d{{1,2}}(?:[.,]5)?\s(?:{_SYSTEM})"
    rf"|(?:{_LETTERS})(?:[/–-](?:{_LETTERS}))*)(?![\w'’&])(?!\.\w)"
)
_ARTICLE: Final = re.compile(
    r"(?<!\w)(?=[\w./-]{0,40}?\d)(?=[\d_./-]{0,40}[^\W\d_]|[^\W\d_])[^\W_]\w{0,40}(?:[-_./]\w{1,40}){0,6}(?!\w)"
)
# Its number belongs to the name, whatever the decimal sign of the market.
_VERSION: Final = re.compile(
    r"(?<!\w)(?:USB|HDMI|Bluetooth|Wi-?Fi|Android|iOS|Windows|[vV])[ \u00a0.-]?\d+(?:\.\d+)*(?!\w)"
)
_PLAIN: Final = re.compile(rf"(?:[+~≈±]|{MINUS}|(?<![\w.])\.(?=\d))?{NUMBER}(?:[:/-]{NUMBER}){{0,6}}")

_MOST: Final = (
    "hasta|máx[.]?|máximo|máxima|max[.]?|maximum|soporta|aguanta|resiste|suporta|até|up to|no more than|holds|supports"
)
_LEAST: Final = "mín[.]?|mínimo|mínima|min[.]?|minimum|al menos|por lo menos|pelo menos|ao menos|at least|a partir de"
_BOUND: Final = re.compile(
    rf"(?<!\w)(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))(?:[ \u00a0](?:de|los|of))?[ \u00a0:]*$", re.IGNORECASE
)


def bound_before(text: str, start: int) -> Bound | None:
    """Return which limit the words before a place make of the quantity there, so that it is not rounded beyond it."""
    found = _BOUND.search(text, max(0, start - 30), start)
    if found is None:
        return None
    return "most" if found["most"] else "least"


def firm(text: str) -> Iterator[Span]:
    """Find what nothing else may cut into, in no order: markup, addresses, placeholders, emoji."""
    yield from _markup(text)
    yield from _braces(text)
    for pattern, kind in _FIRM:
        yield from ((*found.span(), kind) for found in pattern.finditer(text))
    for found in _URL.finditer(text):
        address = _without_stop(found[0])
        yield found.start(), found.start() + len(address), "url"


def soft(text: str, start: int, end: int) -> Iterator[tuple[int, int, Kind]]:
    """Find quantities, money, sizes, article numbers and numbers between two places, in order."""
    yield from _soft(text, start, end, 0)


def _soft(text: str, start: int, end: int, level: int) -> Iterator[Span]:
    if level == len(_yielding()):
        return
    pattern, kind, group = _yielding()[level]
    done = start
    for found in pattern.finditer(text, start, end):
        left, right = found.span(group)
        if kind == "unit" and text[right - 1] == '"' and _closes(text, left, right):
            right -= 1
            yield from _soft(text, done, right, level + 1)
            done = right
            continue
        if kind == "sku" and not _mixed(text[left:right]):
            continue
        yield from _soft(text, done, left, level + 1)
        yield left, right, kind
        done = right
    yield from _soft(text, done, end, level + 1)


def _closes(text: str, left: int, right: int) -> bool:
    """Whether the sign behind a number closes a quotation that opened shortly before, and so means no inches."""
    start = max(0, left - 200)
    opened = False
    for found in re.finditer('"', text[start : right - 1]):
        place = start + found.start()
        opened = not opened and not (place > 0 and text[place - 1].isdigit())
    return opened


def _mixed(token: str) -> bool:
    return any(c.isdigit() for c in token) and any(c.isalpha() for c in token)


def _markup(text: str) -> Iterator[Span]:
    place = text.find("<")
    ends: dict[str, bool] = {}
    while place >= 0:
        if text.startswith("<!--", place):
            close = text.find("-->", place + 4) if ends.get("-->", True) else -1
            ends["-->"] = close >= 0
            if close >= 0:
                yield place, close + 3, "html"
                place = text.find("<", close + 3)
                continue
        found = _TAG.match(text, place)
        if found is None:
            place = text.find("<", place + 1)
            continue
        end = found.end()
        name = (found["name"] or "").lower()
        if name in _RAW and text[place + 1] != "/":
            close = _close(text, name, end) if ends.get(name, True) else -1
            ends[name] = close >= 0
            end = max(end, close)
        yield place, end, "html"
        place = text.find("<", end)


def _close(text: str, name: str, start: int) -> int:
    found = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, start)
    return found.end() if found else -1


def _braces(text: str) -> Iterator[Span]:
    """Placeholders in braces, nested ones whole: what ICU writes in them an engine would break."""
    opened: list[int] = []
    inner: list[tuple[int, int]] = []
    for found in re.finditer(r"[{}\n]", text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "\n":
            opened.clear()
        elif opened:
            start = opened.pop()
            while inner and inner[-1][0] > start:
                inner.pop()
            inner.append((start, found.end()))
    for start, end in inner:
        yield start, end, "placeholder"


def _without_stop(address: str) -> str:
    """Return an address without the stop of its sentence; a bracket stays when it was opened inside."""
    while address and address[-1] in _TRAILING:
        last = address[-1]
        if last in ")]}" and address.count({")": "(", "]": "[", "}": "{"}[last]) >= address.count(last):
            break
        address = address[:-1]
    return address


_FIRM: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (ENTITY, "html"),
    (_CUT, "html"),
    (_MAIL, "url"),
    (_HANDLE, "url"),
    (_PRINTF, "placeholder"),
    (_BRACKET, "placeholder"),
    (_EMOJI, "emoji"),
)


@cache
def _yielding() -> tuple[tuple[re.Pattern[str], Kind, str | int], ...]:
    # The pattern of quantities is read from the table of units: not before somebody needs it.
    return (
        (_VERSION, "sku", 0),
        (SUM, "number", 0),
        (quantity(), "unit", 0),
        (_FIGURE, "number", 0),
        (SIZED, "size", 0),
        (_SIZE, "size", 0),
        (_ARTICLE, "sku", 0),
        (_PLAIN, "number", 0),
    )
