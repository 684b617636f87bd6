"""Texts as sellers write them, generated, and engines that treat marks as badly as real ones."""

from __future__ import annotations

import html
import random
import re
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

PROTECTED = (
    *("{size}", "{{name}}", "%(size)s", "%s", "%1$d", "{0}", "{}", "${total}", "%%"),
    "{n, plural, one {# pieza} many {# de piezas} other {# piezas}}",
    *("https://casaola.mx/aretes?a=1&b=2", "www.casaola.mx", "hola@casaola.mx", "@casaola", "#hechoamano"),
    *("<b>", "</b>", "<br/>", '<a href="https://x.mx?a=1&b=2">', "</a>", "<0>", "</0>", "&nbsp;", "&amp;", "&#8212;"),
    *("<!-- nota -->", "⟦", "⟦7⟧"),
    *("🧵", "👩🏽‍🌾", "👨‍👩‍👧‍👦", "🇲🇽", "1️⃣", "❤️", "™"),
    *(
        "12,5 cm",
        "12.5 cm",
        "30 x 40 cm",
        "10 a 12 cm",
        "3 × 500 ml",
        "500ml",
        "30 °C",
        "100%",
        "½ kg",
        "1 1/2 in",
        '7"',
    ),
    *("$1,250.50", "R$ 45,90", "USD 12", "1.250", "1st", "3.ª", "2026-11-27", "10:30", "+52 951 123 4567", "24/7"),
    *("talla M", "XL", "S/M/L", "US 9.5", "40 BR", "MX-TSH-001", "A4", "USB-C3", "18k"),
)
WORDS = (
    *(
        "Playera",
        "de",
        "algodón",
        "hecha",
        "a",
        "mano",
        "en",
        "Oaxaca",
        "y",
        "Casa Ola",
        "C&A",
        "for",
        "in",
        "São Paulo",
    ),
    *(
        "¿Te",
        "gusta?",
        "¡Sí!",
        "«aretes»",
        '"luna"',
        "(nuevo)",
        "5 < 6",
        "a > b",
        "R&D",
        "{",
        "}",
        "%",
        "50 % de",
        "<3",
        "~",
    ),
    *("حقيبة", "يدوية", "手作り", "50 %", "&copy 2024", "&", ";", "“hola”", "…", "—", "d'água"),
)

_pieces = st.sampled_from(PROTECTED + WORDS) | st.text(max_size=6)
_spaces = st.sampled_from((" ", "", "  ", "\u00a0", ", "))
# A segment of words and of things to protect, with and without spaces between.
segments = st.lists(st.tuples(_pieces, _spaces), min_size=1, max_size=12).map(
    lambda parts: "".join(map("".join, parts))
)

_MARK = re.compile(r"<[^<>]*>[^<]*</[^<>]*>|⟦\d+⟧")


def same(sent: str) -> str:
    """Return what came."""
    return sent


def shuffled(sent: str) -> str:
    """Return words and marks in another order."""
    parts = re.findall(rf"{_MARK.pattern}|[^<⟦]+", sent)
    random.Random(len(sent)).shuffle(parts)  # noqa: S311  # not for secrets
    return " ".join(parts)


def escaped(sent: str) -> str:
    """Return the text escaped once more."""
    return html.escape(sent, quote=False)


def capitals(sent: str) -> str:
    """Return everything in capitals."""
    return sent.upper()


def one_lost(sent: str) -> str:
    """Return the text without its first mark."""
    return _MARK.sub("", sent, count=1)


def one_doubled(sent: str) -> str:
    """Return the text with its first mark twice."""
    return _MARK.sub(lambda found: found[0] * 2, sent, count=1)


def spaced(sent: str) -> str:
    """Return the text with spaces around and inside every mark."""
    return _MARK.sub(lambda found: f" {found[0].replace('>', '> ', 1).replace('⟦', '⟦ ')} ", sent)


def half(sent: str) -> str:
    """Return the first half."""
    return sent[: len(sent) // 2]


def lower_first(sent: str) -> str:
    """Return the text with every piece of plain text in small letters."""
    return re.sub(rf"({_MARK.pattern})|[^<⟦]+", lambda found: found[1] or found[0].lower(), sent)


ENGINES: tuple[Callable[[str], str], ...] = (
    *(same, shuffled, escaped, capitals, one_lost, one_doubled, spaced, half, lower_first),
)
