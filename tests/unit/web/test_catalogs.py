"""The sentences of the pages: every language has every one, with the same placeholders, compiled and up to date."""

from __future__ import annotations

import re
from functools import cache
from gettext import GNUTranslations, translation
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[3]
CATALOGS = ROOT / "translations" / "catalogs"
LANGUAGES = ("en", "es", "pt_BR")
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|%")


@cache
def catalog(language: str) -> Catalog:
    """Return the catalogue of a language as translators see it."""
    with (CATALOGS / language / "LC_MESSAGES" / "shopkit.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def extracted() -> set[str | tuple[str, ...]]:
    """Return every sentence that stands in code and templates."""
    methods = [("migrations/**", "ignore"), ("**/migrations/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")]
    found = extract_from_dir(ROOT / "shopkit", methods, keywords=DEFAULT_KEYWORDS)
    return {message for _, _, message, _, _ in found}


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_hold_what_the_pages_say(language: str) -> None:
    """Each catalogue holds exactly the sentences of the pages; `make messages` brings it up to date."""
    assert {message.id for message in catalog(language) if message.id} == extracted()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_or_fuzzy(language: str) -> None:
    """Every sentence is translated, in every plural form of the language, and none waits for a second look."""
    open_ones = []
    for message in catalog(language):
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(forms)):
            open_ones.append(message.id)
        if message.pluralizable:
            assert len(forms) == catalog(language).num_plurals

    assert open_ones == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_equal(language: str) -> None:
    """A translation fills in what the sentence fills in; the singular may leave the number out."""
    wrong = []
    for message in catalog(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        forms = message.string if isinstance(message.string, tuple | list) else (message.string or "",)
        wanted = sorted(PLACEHOLDER.findall(ids[-1]))
        found = [sorted(PLACEHOLDER.findall(form)) for form in forms]
        if found[-1] != wanted or any(one not in (wanted, sorted(PLACEHOLDER.findall(ids[0]))) for one in found):
            wrong.append(message.id)

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_files_say_what_the_sources_say(language: str) -> None:
    """The compiled catalogue that ships says what its source says."""
    compiled = BytesIO()
    write_mo(compiled, catalog(language))
    compiled.seek(0)
    with (CATALOGS / language / "LC_MESSAGES" / "shopkit.mo").open("rb") as file:
        shipped = GNUTranslations(file)

    assert _entries(shipped) == _entries(GNUTranslations(compiled))


def _entries(translations: GNUTranslations) -> dict[object, str]:
    found: dict[object, str] = vars(translations)["_catalog"]
    return {key: text for key, text in found.items() if key}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 lines", "one line", "2 lines", "1000000 lines", "1000001 lines"]),
        ("es", ["0 renglones", "un renglón", "2 renglones", "1000000 de renglones", "1000001 renglones"]),
        ("pt_BR", ["uma linha", "uma linha", "2 linhas", "1000000 de linhas", "1000001 linhas"]),
    ],
)
def test_whole_millions_are_many(language: str, said: list[str]) -> None:
    """Spanish and Portuguese say *un millón de*: one, many and other, as CLDR has them."""
    words = translation("shopkit", CATALOGS, [language])
    found = [
        words.ngettext("one line", "%(count)s lines", count) % {"count": count}
        for count in (0, 1, 2, 1_000_000, 1_000_001)
    ]

    assert found == said
