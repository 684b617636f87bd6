"""Papers for people: price lists, order forms, invoices, printed as PDF by typst from templates of our own.

A template beside this file reads the data and sets them; nothing of a seller's or buyer's is ever part of a template,
so that no title of theirs is taken for an order to the printer. What is printed are strings: amounts, dates and words
are written in the reader's language by whoever asks. Only the fonts inside typst are used, and no network: the same
data on the same day are the same file, byte for byte, on every machine.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import unicodedata
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from typst import Fonts

_HERE: Final = Path(__file__).parent
_TEMPLATE: Final = re.compile(r"[a-z][a-z_]*")
_PICTURE: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")
# From here on lie emoji and other signs that no font inside typst draws; below, the joiners that hold them together.
_EMOJI: Final = 0x1F000
_JOINERS: Final = frozenset("\u200d\ufe0e\ufe0f\u20e3")


class PrintingError(RuntimeError):
    """A paper that could not be printed, in typst's words: data that do not fit their template, a broken picture."""


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    on: date,
    language: str = "es",
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a paper as PDF: the template ``<template>.typ`` with data that JSON can hold.

    ``on`` is the day that the file says it was made; ``language`` (``es``, ``pt``, ``en``, or a locale of these) is
    told to screen readers and rules how words break. ``pictures`` are JPEG, PNG, WebP or SVG, by the name under which
    the data refer to them: letters, digits, ``-`` and ``_``. Emoji and control characters are left out of the data.
    ``ValueError`` for a name that is none, ``PrintingError`` for a template that does not take its data.

    >>> pdf("sheet", {"title": "Lista de precios"}, on=datetime(2026, 11, 28).date())[:5]
    b'%PDF-'
    """
    made = _printed(template, data, "pdf", on, language, pictures or {})
    return made[0]


def pages(
    template: str,
    data: Mapping[str, Any],
    *,
    on: date,
    language: str = "es",
    pictures: Mapping[str, bytes] | None = None,
) -> list[bytes]:
    """Return the pages of the same paper as PNG, to look at."""
    return _printed(template, data, "png", on, language, pictures or {})


def _printed(
    template: str,
    data: Mapping[str, Any],
    kind: Literal["pdf", "png"],
    on: date,
    language: str,
    pictures: Mapping[str, bytes],
) -> list[bytes]:
    # 80 MB that only printing needs.
    import typst  # noqa: PLC0415

    if not _TEMPLATE.fullmatch(template) or not (_HERE / f"{template}.typ").is_file():
        raise ValueError(f"there is no template {template!r} in shopkit/printing")
    wrong = [name for name in pictures if not _PICTURE.fullmatch(name)]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no name for a picture: letters, digits, - and _ only")
    # A folder of its own is all that the template can read.
    with tempfile.TemporaryDirectory(prefix="shopkit-print-") as folder:
        root = Path(folder)
        for one in _HERE.glob("*.typ"):
            shutil.copyfile(one, root / one.name)
        (root / "data.json").write_text(json.dumps(_printable({**data, "language": language[:2]})), encoding="utf-8")
        for name, picture in pictures.items():
            (root / f"{name}.picture").write_bytes(picture)
        try:
            made = typst.compile(
                str(root / f"{template}.typ"),
                root=folder,
                font_paths=_fonts(),
                ignore_system_fonts=True,
                package_path=folder,
                package_cache_path=folder,
                format=kind,
                timestamp=datetime.combine(on, time(), UTC),
            )
        except typst.TypstError as error:
            raise PrintingError(f"{template}.typ: {error.message}; {' '.join(error.trace)}") from error
    # One page comes as bytes, several pictures of pages as a list, which the types of typst do not say.
    found: bytes | list[bytes] = made
    return found if isinstance(found, list) else [found]


@cache
def _fonts() -> Fonts:
    """Return the fonts that typst brings along: the same on every machine."""
    import typst  # noqa: PLC0415 - as above

    return typst.Fonts(include_system_fonts=False)


def _printable(value: Any) -> Any:  # noqa: ANN401 - JSON is what it is
    """Return data without the signs that cannot be drawn, put together as fonts expect them."""
    if isinstance(value, str):
        return "".join(one for one in unicodedata.normalize("NFC", value) if _drawn(one))
    if isinstance(value, dict):
        return {name: _printable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value


def _drawn(sign: str) -> bool:
    if sign in _JOINERS or ord(sign) >= _EMOJI:
        return False
    return sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs", "Co", "Cn"}
