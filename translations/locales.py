"""The locales we write for: their chains of fallback, how they address a buyer, and what other systems call them.

A chain is explicit and per leaf: a title may come from ``es-MX`` while the description comes from ``es-419``, and which
one supplied it is always known. Chains of the Americas never pass through Spain, that of Brazil never through Portugal.
The last link, the language of the listing, serves for showing alone: a text from there is ``foreign``.

>>> chain("es-MX")
('es-MX', 'es-419', 'es')
>>> supply({"es-419": "Aretes", "en": "Earrings"}, "es-CO", source="en")
Supplied(text='Aretes', tag='es-419', foreign=False)
>>> of("es-PR").code("deepl"), of("es-419").code("hreflang"), of("pt-BR").code("ebay")
('ES-419', 'es', None)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml
from babel.core import get_global
from babel.localedata import exists
from babel.numbers import get_decimal_symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TABLE: Final = Path(__file__).parent / "data" / "locales.yaml"
# RFC 5646: language, script, region (two letters, or three digits as in es-419), then variants and extensions.
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_](?P<territory>[a-z]{2}|\d{3}))?(?:[-_][a-z\d]{1,8})*",
    re.IGNORECASE | re.ASCII,
)
_QUALITY: Final = re.compile(r"q\s*=\s*(1(?:\.0{0,3})?|0(?:\.\d{0,3})?)", re.IGNORECASE | re.ASCII)
_LONGEST_HEADER: Final = 4_000


class LocaleError(ValueError):
    """A text that is no tag of a language, or a language we do not write."""


class Tag(NamedTuple):
    """The parts of a tag; ``territory`` is a country or a region of the world such as 419, Latin America."""

    language: str
    script: str | None
    territory: str | None

    def __str__(self) -> str:
        """Return it as BCP 47 writes it."""
        return "-".join(part for part in self if part)


@dataclass(frozen=True, slots=True)
class Locale:
    """A locale; ``address`` is how a buyer is spoken to, ``legal`` how policies do; English has one form, so none.

    ``chain`` begins with the locale itself. ``imperial``: inches and pounds first, metric in brackets.
    """

    tag: str
    language: str
    territory: str | None
    chain: tuple[str, ...]
    address: str | None
    legal: str | None
    imperial: bool

    @property
    def cldr(self) -> str:
        """Its name for Babel, or that of the next in its chain that Babel has."""
        return next(name for link in self.chain if exists(name := link.replace("-", "_")))

    @property
    def decimal(self) -> str:
        """The sign between whole and fraction: a point or a comma."""
        return get_decimal_symbol(self.cldr)

    def speaking(self, address: str) -> Locale:
        """Return it with the form of address that a seller chose; LocaleError when the language has none such."""
        forms = _table()["addresses"][self.language]
        if address not in forms:
            raise LocaleError(f"{self.tag} has no form of address {address!r}; there are: {', '.join(forms) or 'none'}")
        return replace(self, address=address)

    def code(self, system: str) -> str | None:
        """Return what a system calls it, None when it cannot be said there; LocaleError for an unknown system."""
        try:
            codes = _table()["codes"][system]
        except KeyError:
            raise LocaleError(f"{system!r} is no system of the table; there are: {', '.join(systems())}") from None
        links = (self.tag, "*") if "*" in codes else self.chain
        found: str | None = next((codes[link] for link in links if link in codes), None)
        return self.tag if found == "=" else found


class Supplied(NamedTuple):
    """A text and the locale it came from; ``foreign``: it is in the listing's own language, which is no translation."""

    text: str
    tag: str
    foreign: bool


def parse(tag: str) -> Tag:
    """Read a tag of BCP 47 in any case, with ``-`` or ``_``; variants and extensions are left out.

    >>> parse("es-419"), str(parse("PT_br")), str(parse("es-Latn-MX-u-nu-latn"))
    (Tag(language='es', script=None, territory='419'), 'pt-BR', 'es-Latn-MX')
    """
    found = _TAG.fullmatch(tag.strip())
    if found is None:
        raise LocaleError(f"{tag[:40]!r} is no language tag")
    language, script, territory = found["language"], found["script"], found["territory"]
    return Tag(language.lower(), script and script.title(), territory and territory.upper())


def tags() -> tuple[str, ...]:
    """Return the tags of the locales we write for."""
    return tuple(_table()["locales"])


def systems() -> tuple[str, ...]:
    """Return the systems whose names for locales are known."""
    return tuple(_table()["codes"])


@lru_cache(maxsize=256)
def of(tag: str) -> Locale:
    """Return the locale of a tag; one that is not in the table has what its chain has, in a language of the table.

    Raises LocaleError for another language.
    """
    language, _, territory = parse(tag)
    links = chain(tag)
    rows = _table()["locales"]
    row = next((rows[link] for link in links if link in rows), None)
    if row is None:
        raise LocaleError(f"we do not write {language!r}; there are: {', '.join(_table()['addresses'])}")
    return Locale(
        links[0], language, territory, links, row.get("address"), row.get("legal"), row.get("imperial", False)
    )


def known(tag: str) -> bool:
    """Return whether it is a locale of a language that we write."""
    try:
        of(tag)
    except LocaleError:
        return False
    return True


def chain(tag: str) -> tuple[str, ...]:
    """Return the locales to try, the wanted one first. One that we do not write for falls back as CLDR has it.

    >>> chain("pt-BR"), chain("es-BZ"), chain("es-PH"), chain("fr-HT")
    (('pt-BR', 'pt'), ('es-BZ', 'es-419', 'es'), ('es-PH', 'es'), ('fr-HT', 'fr'))
    """
    language, _, territory = parse(tag)
    plain = str(Tag(language, None, territory))
    row = _table()["locales"].get(plain)
    if row is not None:
        return (plain, *row["parents"])
    middle = ("es-419",) if get_global("parent_exceptions").get(plain.replace("-", "_")) == "es_419" else ()
    return (plain, *middle, language) if territory else (plain,)


def supply(texts: Mapping[str, str], wanted: str, source: str | None = None) -> Supplied | None:
    """Return the text of one leaf for a locale and where it is from, or None when no link of its chain has one.

    ``source`` is the language of the listing, tried last and for showing alone. An empty text is none.
    """
    links = chain(wanted)
    for link in links:
        if texts.get(link, "").strip():
            return Supplied(texts[link], link, foreign=False)
    if source is not None:
        for link in chain(source):
            if texts.get(link, "").strip():
                return Supplied(texts[link], link, foreign=link not in links)
    return None


def accepted(header: str) -> tuple[str, ...]:
    """Return the tags of an ``Accept-Language`` header, most wanted first; what cannot be read is left out.

    >>> accepted("es-419,es;q=0.9, en;q=0.8, fr;q=0, *;q=0.1")
    ('es-419', 'es', 'en', '*')
    """
    wanted: list[tuple[float, str]] = []
    for item in header[:_LONGEST_HEADER].split(","):
        name, _, parameter = item.partition(";")
        found = _QUALITY.fullmatch(parameter.strip()) if parameter.strip() else None
        if parameter.strip() and found is None:
            continue
        quality = float(found[1]) if found else 1.0
        tag = name.strip()
        if quality > 0 and (tag == "*" or _TAG.fullmatch(tag)):
            wanted.append((-quality, tag if tag == "*" else str(parse(tag))))
    return tuple(dict.fromkeys(tag for _, tag in sorted(wanted, key=lambda one: one[0])))


def negotiate(wanted: str | Iterable[str], available: Iterable[str]) -> str | None:
    """Return the available locale that serves a reader best: parents are walked, then children and siblings.

    Of each wanted tag the chain is tried first, then another locale of the same language; a reader in the Americas is
    never given the wording of Spain for it. ``available`` is in the order of preference.

    >>> negotiate("es-PA", ["es", "es-419"]), negotiate("es-419,en;q=0.5", ["en", "es-MX"])
    ('es-419', 'es-MX')
    >>> negotiate("es-MX, en;q=0.5", ["es-ES", "en-US"])
    'en-US'
    """
    there = {str(parse(tag)): tag for tag in available}
    for tag in accepted(wanted) if isinstance(wanted, str) else wanted:
        if tag == "*":
            return next(iter(there.values()), None)
        links = chain(tag)
        found = next((there[link] for link in links if link in there), None)
        if found is None:
            language, _, territory = parse(tag)
            near = (name for name in there if parse(name).language == language)
            abroad = language == "es" and territory != "ES"
            found = next((there[name] for name in near if not (abroad and parse(name).territory == "ES")), None)
        if found is not None:
            return found
    return None


@lru_cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return table
