"""What rows say of a listing, taken down field by field, with the place of each and what is wrong with it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from listings.formats.html import cleaned
from listings.formats.numbers import NumberError
from listings.formats.port import Draft, Problem

if TYPE_CHECKING:
    from listings.changes import Document
    from listings.formats.port import Sheet

_YES: Final = frozenset({"1", "true", "yes", "sí", "si", "sim", "verdadero", "verdadeiro"})
_NO: Final = frozenset({"0", "false", "no", "não", "nao", "falso"})
_INTEGER: Final = re.compile(r"-?[0-9]{1,9}(?:[.,]0+)?")
_URL: Final = re.compile(r"https?://[^\s\x00-\x1f\x7f]+")
MAX_SKU: Final = 64


def slug(text: str) -> str:
    """Return a text as it stands in an address.

    >>> slug("Playera de Algodón, S/M")
    'playera-de-algodon-s-m'
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def made_sku(key: str, values: list[str]) -> str:
    """Return a name for a variant that has none: the product's and its options', short enough and always the same.

    >>> made_sku("playera", ["Azul", "S"])
    'playera-azul-s'
    """
    name = "-".join([key, *(slug(value) or hashlib.sha256(value.encode()).hexdigest()[:6] for value in values)])
    if len(name) <= MAX_SKU:
        return name
    return f"{name[: MAX_SKU - 13]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


class Saying:
    """A draft in the making: ``said`` and what was wrong on the way."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.said: Document = {}
        self.problems: list[Problem] = []
        self.places: dict[str, tuple[int, str]] = {}

    def column(self, field: str) -> str:
        """Return the header of a field as it stands in the file."""
        return self.sheet.headers.get(field, field)

    def has(self, field: str) -> bool:
        """Return whether the file has a column for a field."""
        return field in self.sheet.headers

    def wrong(self, code: str, row: int | None, field: str | None = None, **values: str) -> None:
        """Take down a problem."""
        column = None if field is None else self.column(field)
        self.problems.append(Problem(code, row, column, {name: _short(value) for name, value in values.items()}))

    def note(self, code: str, row: int | None, field: str | None = None, **values: str) -> None:
        """Take down a note."""
        column = None if field is None else self.column(field)
        found = {name: _short(value) for name, value in values.items()}
        self.problems.append(Problem(code, row, column, found, is_note=True))

    def put(self, into: Document, name: str, value: object, row: int, field: str, place: str | None = None) -> None:
        """Take down a value; ``None`` and empty ones say that the cell is blank."""
        into[name] = value if value not in ("", [], {}) else None
        self.places[place or name] = (row, self.column(field))

    def html(self, text: str, row: int, field: str) -> str:
        """Return a description without what runs, with a note where something went."""
        found = cleaned(text)
        if _marks(found) != _marks(text):
            self.note("html_cleaned", row, field)
        return found

    def number(self, kind: str, cell: str, row: int, field: str) -> str | None:
        """Return a number as a decimal with a point; ``None`` where it is none, with the problem taken down."""
        try:
            return self.sheet.signs.read(kind, cell)
        except NumberError as error:
            # What is told of a price, to leave its currency out, would puzzle beside a weight.
            code = "quantity_bad" if error.code == "number_bad" and kind == "measure" else error.code
            self.wrong(code, row, field, value=cell.strip())
            return None

    def money(self, cell: str, row: int, field: str, currency: str | None = None) -> dict[str, str] | None:
        """Return an amount with its currency; ``None`` where the cell is blank or wrong."""
        if not cell.strip():
            return None
        amount = self.number("price", cell, row, field)
        if amount is None:
            return None
        code = currency or self.sheet.options.currency
        if code is None:
            self.wrong("currency_missing", row, field, value=cell.strip())
            return None
        return {"amount": amount, "currency": code}

    def integer(self, cell: str, row: int, field: str) -> int | None:
        """Return a whole number; ``None`` where the cell is blank or wrong."""
        text = cell.strip()
        if not text:
            return None
        if not _INTEGER.fullmatch(text):
            self.wrong("integer_bad", row, field, value=text)
            return None
        return int(re.split(r"[.,]", text)[0])

    def truth(self, cell: str, row: int, field: str) -> bool | None:
        """Return yes or no; ``None`` where the cell is blank or wrong."""
        text = cell.strip().casefold()
        if not text:
            return None
        if text in _YES or text in _NO:
            return text in _YES
        self.wrong("truth_bad", row, field, value=cell.strip())
        return None

    def addresses(self, cells: list[str], row: int, field: str) -> list[str]:
        """Return the addresses of pictures, each once; what is none is a problem."""
        found = []
        for cell in dict.fromkeys(text.strip() for text in cells):
            if _URL.fullmatch(cell):
                found.append(cell)
            elif cell:
                self.wrong("address_bad", row, field, value=cell)
        return found

    def draft(self, key: str, rows: list[int]) -> Draft:
        """Return the draft."""
        return Draft(key, tuple(rows), self.said, tuple(self.problems), self.places)


def whole(value: object) -> Any:  # noqa: ANN401  # JSON
    """Return JSON without what is ``None``, for a list or an object that is said as one."""
    if isinstance(value, dict):
        return {name: whole(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [whole(one) for one in value]
    return value


def _short(text: str) -> str:
    limit = 80
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _marks(text: str) -> int:
    """Count the tags and attributes of a text, so that another way to write the same is no change."""
    return len(re.findall(r"<[a-zA-Z]", text)) + len(re.findall(r"\s(?!rel=)[a-zA-Z-]+=", text))
