"""Nothing of the law reaches a reader in another language than the reader's."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from landed_cost import load_rulebook
from landed_cost.model import told
from landed_cost.rulebook.help import helpers
from landed_cost.rulebook.reader import LANGUAGES
from landed_cost.serialise import localise, to_dict
from shopkit.services.rules import audit_of, rows
from tests.integration.test_golden import answer
from tests.shop import COVERED

if TYPE_CHECKING:
    from collections.abc import Iterator

# Words that neither Spanish nor Portuguese has.
ENGLISH: Final = re.compile(
    r"\b(and|by|fee|from|goods|is|are|not|of|parcels?|that|the|this|under|until|which|with|without|where)\b",
    re.IGNORECASE,
)
# Names of acts and offices are said as they are, and so are ids, codes and the titles of what was read.
NAMES: Final = re.compile(
    r"Customs and Border Protection|Food and Drug Administration|Office for Product Safety and Standards"
    r"|Defra and APHA|Excise Tax Act|Customs Act|Miscellaneous Taxes Act"
)
NO_TEXTS: Final = frozenset({"id", "code", "rule", "regime", "kind", "covers", "title", "url"})
SPOKEN: Final = tuple(language for language in LANGUAGES if language != "en")
# Days on which other layers of law are in force: the first orders, the end of de minimis, today.
DAYS: Final = (date(2025, 3, 15), date(2025, 9, 15), date(2026, 5, 1), date(2026, 11, 23))


def texts(value: Any) -> Iterator[str]:
    """Yield every text of an answer that is written for a reader."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in NO_TEXTS:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def english(found: Iterator[str]) -> list[str]:
    """Return the texts that hold an English word outside of a name."""
    return sorted({text for text in found if ENGLISH.search(NAMES.sub("", text))})


@pytest.mark.parametrize("country", sorted(COVERED))
@pytest.mark.parametrize("language", SPOKEN)
def test_an_answer_holds_no_english(country: str, language: str) -> None:
    """Reasons, formulas, names, papers and delivery of a basket are in the language that was asked for."""
    told = (localise(to_dict(answer(country, on)), language) for on in DAYS)

    assert english(text for one in told for text in texts(one)) == []


@pytest.mark.parametrize("language", SPOKEN)
def test_who_helps_is_described_in_the_language(language: str) -> None:
    """What an office does, and what is not known of it, stands in every guide."""
    said = [(one.text[language], told(one.evidence.note or "", language)) for one in helpers()]

    assert english(text for both in said for text in both) == []


@pytest.mark.parametrize("country", sorted(COVERED))
@pytest.mark.parametrize("language", SPOKEN)
def test_a_rule_says_in_the_language_what_it_is(country: str, language: str) -> None:
    """What every dated rule of a destination is about and says, and what would make it better known."""
    book = load_rulebook()
    every = rows(book, country)
    said = [*(row.evidence.what[language] for row in every), *(row.value[language] for row in every)]
    said += [raises[language] for _, raises in audit_of(book, country, DAYS[-1]).weak]

    assert [text for text in said if not text] == []
    assert english(iter(said)) == []
