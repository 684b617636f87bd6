r"""The language of a page: which one a person gets, its sentences, and how it writes money, numbers and dates.

Babel is used directly. The language of the page (``es``, ``pt``, ``en``) is one thing; how numbers look is another: a
reader in Chile and one in Mexico share the Spanish sentences, not the decimal sign.

>>> speech("es", ["es-CL"]).money("1234.50", "USD")
'USD\xa01.234,50'
>>> speech("es", ["es-MX"]).money("1234.50", "USD")
'USD\xa01,234.50'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale
from babel.dates import format_date
from babel.localedata import exists

from translations.formats import decimal
from translations.locales import LocaleError, negotiate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LANGUAGES: Final = ("es", "pt", "en")
TAGS: Final = {"es": "es", "pt": "pt-BR", "en": "en"}
CATALOGS: Final = Path(__file__).parent / "catalogs"
DOMAIN: Final = "shopkit"
_CATALOG: Final = {"es": "es", "pt": "pt_BR", "en": "en"}
_LOCALE: Final = {"es": "es_419", "pt": "pt_BR", "en": "en_US"}
_TAG: Final = re.compile(r"([a-z]{2})[-_]([a-z]{2})", re.IGNORECASE | re.ASCII)
_ISO_DATE: Final = re.compile(r"(?<![\d-])\d{4}-\d{2}-\d{2}(?![\d-])", re.ASCII)
# A decimal with a point, but no tariff number such as 9903.05.55 and no version such as 2026.11.1.
_FIGURE: Final = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.]*\d)", re.ASCII)


@dataclass(frozen=True)
class Speech:
    """How to speak to one reader: ``language`` of the sentences, ``locale`` of numbers and dates."""

    language: str
    locale: Locale
    sentences: NullTranslations

    @property
    def tag(self) -> str:
        """The language as HTML writes it."""
        return TAGS[self.language]

    def number(self, text: str) -> str:
        """Return a decimal as the reader writes it, with exactly the decimals that it has."""
        return decimal(Decimal(text), self.locale)

    def money(self, amount: str, currency: str) -> str:
        """Return an amount after the ISO code of its currency, on one line."""
        return f"{currency}\xa0{self.number(amount)}"

    def percent(self, share: Decimal) -> str:
        """Return a share of one as whole percent, with one decimal below ten."""
        hundredths = share * 100
        text = f"{hundredths:.1f}" if 0 < hundredths < 10 else f"{hundredths:.0f}"  # noqa: PLR2004  # two digits say enough
        return f"{self.number(text)}\xa0%"

    def day(self, day: date | str) -> str:
        """Return a date written out; ISO text is read first."""
        return format_date(date.fromisoformat(day) if isinstance(day, str) else day, "long", self.locale)

    def figures(self, text: str) -> str:
        """Return a calculation with its decimals as the reader writes them; tariff numbers stay.

        >>> speech("pt", []).figures("1250.00 × 16.5% (9903.05.55)")
        '1.250,00 × 16,5% (9903.05.55)'
        """
        return _FIGURE.sub(lambda found: self.number(found[0]) if "." in found[0] else found[0], text)

    def written(self, text: str) -> str:
        """Return a sentence with the ISO dates in it written out.

        >>> speech("en", []).written("known until 2026-10-07.")
        'known until October 7, 2026.'
        """
        return _ISO_DATE.sub(self._written, text)

    def _written(self, found: re.Match[str]) -> str:
        try:
            return self.day(found[0])
        except ValueError:
            return found[0]


def choose(asked: str | None, kept: str | None, accepted: Iterable[str]) -> str:
    """Return the language: the one asked for in the address, else the one kept, else the browser's first that we speak.

    >>> choose(None, None, ["fr", "pt-PT", "en"]), choose(None, None, ["est", "es-419"])
    ('pt', 'es')
    """
    found = (_spoken(tag) for tag in (asked, kept, *accepted) if tag and tag != "*")
    return next((language for language in found if language is not None), "en")


@lru_cache(maxsize=512)
def _spoken(tag: str) -> str | None:
    """Return our language for a tag; one that only begins like it, and what is no tag at all, is none."""
    try:
        return negotiate([tag], LANGUAGES)
    except LocaleError:
        return None


def speech(language: str, accepted: Sequence[str]) -> Speech:
    """Return how to speak ``language`` (one of ``LANGUAGES``) to who accepts these tags, most wanted first."""
    for tag in accepted:
        found = _TAG.fullmatch(tag)
        if found and found[1].lower() == language:
            name = f"{language}_{found[2].upper()}"
            if exists(name):
                return _speech(language, name)
    return _speech(language, _LOCALE[language])


@lru_cache(maxsize=128)
def _speech(language: str, locale: str) -> Speech:
    return Speech(language, Locale.parse(locale), catalog(language))


@lru_cache
def catalog(language: str) -> NullTranslations:
    """Return the sentences of the pages in one language."""
    return translation(DOMAIN, str(CATALOGS), [_CATALOG[language]])
