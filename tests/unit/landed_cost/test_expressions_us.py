"""The grammar against the official files: every cell of the US schedule, and the EU and UK columns."""

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from landed_cost.expressions import RateSyntaxError, parse
from landed_cost.measures import NAMES
from landed_cost.schedules.special import read_special

CLASSES = {
    "F": "free",
    "A": "ad_valorem",
    "S": "specific",
    "C": "compound",
    "B": "part",
    "X": "reference",
}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Cells of the EU column that leave out the sign of the percentage; a bare number is not read by guess.
WITHOUT_PERCENT_SIGN = {
    "24 + 4.2 EUR/100 kg",
    "6.4 + 24.6 EUR/100 kg",
    "7.2 MIN 0.36 EUR/100 kg",
    "8.3 + 3.8 EUR/100 kg eda",
}


@pytest.fixture(scope="session")
def us_rows(shared: Path) -> list[dict[str, Any]]:
    """Return the rows of the official US file."""
    with gzip.open(shared / "data/us/hts_2026_rev_10.json.gz") as file:
        rows: list[dict[str, Any]] = json.load(file)
    return rows


def _pattern(text: str) -> str:
    return NUMBER.sub("N", " ".join(text.split()))


def _patterns_of_the_facts(shared: Path) -> Iterator[tuple[str, int, str]]:
    """Yield pattern, count and class of the table in section 1.3 of the facts."""
    facts = (shared / "facts/schedules.md").read_text(encoding="utf-8")
    section = facts.split("### 1.3 ")[1].split("### 1.4 ")[0]
    for count, letter, pattern in re.findall(r"^\| ([\d,]+) \| ([FASCBX]) \| (.+?) \|", section, re.MULTILINE):
        yield pattern, int(count.replace(",", "")), CLASSES[letter]


def test_every_row(us_rows: list[dict[str, Any]]) -> None:
    """All 35,509 rows parse, in all three columns and all chapters, and print as they were read."""
    cells: Counter[str] = Counter()
    for row in us_rows:
        for column in ("general", "other"):
            if row[column].strip():
                rate = parse(row[column])
                assert parse(rate.text) == rate
                assert rate.needs <= set(NAMES)
                cells[column] += 1
        cells["special"] += bool(read_special(row["special"]))

    assert len(us_rows) == 35_509
    assert cells == {"general": 13_666, "special": 9_670, "other": 13_510}


def test_patterns_of_the_general_column(us_rows: list[dict[str, Any]], shared: Path) -> None:
    """The 84 patterns of chapters 1 to 97 are all there, as often as the facts count them, and each in its class."""
    found: Counter[tuple[str, str]] = Counter()
    for row in us_rows:
        if row["general"].strip() and not row["htsno"].startswith(("98", "99")):
            found[_pattern(row["general"]), parse(row["general"]).kind] += 1

    expected = {(pattern, kind): count for pattern, count, kind in _patterns_of_the_facts(shared)}

    assert len(expected) == 84
    assert dict(found) == expected


@pytest.mark.parametrize(
    ("column", "currency", "kinds"),
    [
        ("cet_duty_rate", "EUR", {"ad_valorem": 10_519, "specific": 887, "compound": 297, "reference": 117}),
        ("ukgt_duty_rate", "GBP", {"ad_valorem": 10_705, "specific": 869, "compound": 238, "reference": 18}),
    ],
)
def test_europe(shared: Path, column: str, currency: str, kinds: dict[str, int]) -> None:
    """The EU and UK columns of 2021 parse, but for ten cells of the EU's that lack the sign of the percentage."""
    found: Counter[str] = Counter()
    refused = []
    with (shared / "data/eu_uk/global-uk-tariff.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            try:
                rate = parse(row[column], currency)
            except RateSyntaxError as error:
                refused.append(error.text)
            else:
                assert rate.currency == currency
                found[rate.kind] += 1

    assert dict(found) == kinds
    assert set(refused) == (WITHOUT_PERCENT_SIGN if currency == "EUR" else set())
    assert sum(found.values()) + len(refused) == 11_830
