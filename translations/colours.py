"""Colours and materials by table: one key, its label in each language, and what a market says instead.

Labels are the form of a list or an attribute, masculine singular. In running text an adjective agrees with its noun, so
that there a label is a suggestion.

>>> COLOURS.label("brown", "es-MX"), COLOURS.label("brown", "es-AR"), COLOURS.label("brown", "pt-BR")
('café', 'marrón', 'marrom')
>>> COLOURS.key("Marrón", "es-AR"), COLOURS.key("bordó", "es-UY"), MATERIALS.key("piel", "es-MX")
('brown', 'burgundy', 'leather')
>>> COLOURS.translated("Azul marino", "es-MX", "en-US"), MATERIALS.translated("unobtainium", "en", "es")
('navy', None)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from translations import locales

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TABLE: Final = Path(__file__).parent / "data" / "colours.yaml"


class UnknownKeyError(KeyError):
    """A key that the table does not have."""


@dataclass(frozen=True)
class Words:
    """One table of the file: ``colours`` or ``materials``."""

    name: str

    @cached_property
    def rows(self) -> Mapping[str, Mapping[str, Any]]:
        """The labels by key."""
        rows: Mapping[str, Mapping[str, Any]] = _tables()[self.name]
        return rows

    def label(self, key: str, tag: str) -> str:
        """Return the label of a key for a locale: its market's own word, else that of the language."""
        try:
            row = self.rows[key]
        except KeyError:
            raise UnknownKeyError(f"{key!r} is none of the {self.name}: {', '.join(self.rows)}") from None
        return str(next(row[link] for link in locales.of(tag).chain if link in row))

    def key(self, text: str, tag: str) -> str | None:
        """Return the key of a word as a seller in that locale writes it, None when no row or several rows say so.

        The market's own label counts first, then the words of the language in any market, then what else is known.
        """
        wanted = _folded(text)
        own = {key for key in self.rows if _folded(self.label(key, tag)) == wanted}
        language = locales.of(tag).language
        near = {key for key, said, word in self._words() if said.startswith(language) and word == wanted}
        further = {key for key, said, word in self._words() if said == "also" and word == wanted}
        found = own or near or further
        return found.pop() if len(found) == 1 else None

    def translated(self, text: str, source: str, target: str) -> str | None:
        """Return the label in another locale, None for a word that is not in the table."""
        key = self.key(text, source)
        return None if key is None else self.label(key, target)

    def _words(self) -> Iterator[tuple[str, str, str]]:
        for key, row in self.rows.items():
            for said, words in row.items():
                for word in words if isinstance(words, list) else [words]:
                    yield key, said, _folded(word)


def _folded(text: str) -> str:
    return " ".join(text.replace("-", " ").split()).casefold()


@lru_cache
def _tables() -> Mapping[str, Any]:
    tables: Mapping[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return tables


COLOURS: Final = Words("colours")
MATERIALS: Final = Words("materials")
