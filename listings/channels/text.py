"""Texts as feeds take them: plain, composed, on the lines they were written on."""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import Final

import nh3

# What XML 1.0 cannot hold, what Unicode leaves to private use, and what is no character; tab and line feed are.
FORBIDDEN: Final = re.compile(
    "[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff]"
)
_LINES: Final = re.compile(r"<(?:br|/p|/li|/h[1-6]|/div|/tr|hr)\b[^>]*>", re.IGNORECASE)
_SPACES: Final = re.compile(r"[ \t\u00a0]+")
_LINE_SPACES: Final = re.compile(r"[ \t\n\u00a0]+")
_MANY: Final = re.compile(r"\n{3,}")
# What stands outside of words in an address, and what a comma would cut in two in a list of addresses.
_IN_ADDRESS: Final = {" ": "%20", ",": "%2C", "<": "%3C", ">": "%3E", '"': "%22"}
_STRIPPER: Final = nh3.Cleaner(tags=set())


def plain(text: str) -> str:
    r"""Return a text without marks of HTML, on lines of its own where paragraphs were, composed (NFC).

    >>> plain("<p>Café de <b>altura</b></p><p>Sal &amp; limón</p>"), plain("a < b & c")
    ('Café de altura\nSal & limón', 'a < b & c')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # What no feed holds is told by the rules, and no cleaner may hide it.
    if not FORBIDDEN.search(text) and nh3.is_html(text):
        text = unescape(_STRIPPER.clean(_LINES.sub("\n", text)))
    lines = (_SPACES.sub(" ", line).strip(" ") for line in text.split("\n"))
    return unicodedata.normalize("NFC", _MANY.sub("\n\n", "\n".join(lines)).strip("\n"))


def line(text: str) -> str:
    r"""Return a text on one line.

    >>> line("Café\n de  olla")
    'Café de olla'
    """
    return _LINE_SPACES.sub(" ", plain(text))


def address(url: str) -> str:
    """Return an address that can stand in a list of them.

    >>> address("https://tienda.mx/a,b c?x=1&y=2")
    'https://tienda.mx/a%2Cb%20c?x=1&y=2'
    """
    return "".join(_IN_ADDRESS.get(sign, sign) for sign in url.strip())
