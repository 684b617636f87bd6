"""What a change of law does, month by month: one basket, every destination, from 2025-01 to 2026-12.

``golden/<cc>.csv`` has a row for each month. ``make snapshot`` writes them anew; the difference is read line by line,
for it says what a change of the rules does to a buyer. Exchange rates are those that ship on every day: only law moves
the figures.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from landed_cost import load_rulebook
from landed_cost.currencies import exponent
from landed_cost.money import decimal_text
from landed_cost.quoting import quote
from landed_cost.rates import RateTable
from shopkit.services.reading import read_quote
from shopkit.services.rules import changes_since
from tests.shop import COVERED

if TYPE_CHECKING:
    from landed_cost import Quote, Rulebook

FOLDER: Final = Path(__file__).parent / "golden"
MONTHS: Final = [date(year, month, 1) for year in (2025, 2026) for month in range(1, 13)]
COLUMNS: Final = ["day", "outcome", "import_charges", "low", "high", "regime", "changed"]
# Two shirts and a pound of roasted coffee by courier from Mexico, or from Colombia to Mexico itself; with a region
# where a tax asks for one.
REGIONS: Final = {"US": "CA", "BR": "SP", "CA": "ON", "MX": "CMX", "ES": "MD"}
ITEMS: Final[list[dict[str, Any]]] = [
    {
        "description": "T-shirt",
        "hs_code": "610910",
        "quantity": "2",
        "unit_price": {"amount": "25.00", "currency": "USD"},
        "weight": {"value": "0.2", "unit": "kg"},
        "attributes": {"fiber": "cotton"},
    },
    {
        "description": "roasted coffee",
        "hs_code": "090121",
        "quantity": "1",
        "unit_price": {"amount": "18.00", "currency": "USD"},
        "weight": {"value": "0.454", "unit": "kg"},
    },
]


@cache
def book(on: date) -> Rulebook:
    """Return the shipped rules with the shipped exchange rates as if they were of the day: none is too old."""
    rules = load_rulebook()
    return rules.with_rates(RateTable(tuple(replace(rate, date=on) for rate in rules.rates.rates)))


def answer(country: str, on: date) -> Quote:
    """Return the answer for the basket at a destination on a day."""
    home = "CO" if country == "MX" else "MX"
    destination = {"country": country}
    regions = book(on).destinations[country].regions
    if regions:
        named = REGIONS.get(country)
        destination["region"] = named if named in regions else regions[0]
    request = {
        "date": on.isoformat(),
        "dispatch": {"country": home},
        "destination": destination,
        "channel": "courier",
        "currency": "USD",
        "items": [item | {"origin": home} for item in ITEMS],
        "parcel": {"gross_weight": {"value": "1", "unit": "kg"}},
        "freight": {"amount": "20.00", "currency": "USD"},
        "insurance": {"amount": "0.00", "currency": "USD"},
        "save": False,
    }
    reading = read_quote(request, lambda _country: on)
    assert reading.shipment is not None, reading.problems
    assert not reading.problems
    return quote(reading.shipment, book(on))


def row(country: str, on: date, before: date | None) -> list[str]:
    """Return what the basket comes to on a day, and which of the rules it rests on changed since the month before."""
    found = answer(country, on)
    digits = exponent(found.currency)
    low, high = found.ranges.get("import_charges", (None, None))
    used = {rule.id for rule in found.rules} | {charge.rule.id for charge in found.charges}
    if before is not None:
        past = answer(country, before)
        used |= {rule.id for rule in past.rules} | {charge.rule.id for charge in past.charges}
    changed = [] if before is None else changes_since(book(on), country, before, on)
    ids = sorted({change.id for change in changed} & used)
    figures = [found.totals.import_charges, low, high]
    texts = ["" if minor is None else decimal_text(minor, digits) for minor in figures]
    return [on.isoformat(), found.outcome, *texts, found.regime or "", " ".join(ids)]


def table(country: str) -> str:
    """Return the months of a destination as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for before, on in zip([None, *MONTHS[:-1]], MONTHS, strict=True):
        writer.writerow(row(country, on, before))
    return text.getvalue()


@pytest.mark.parametrize("country", sorted(COVERED))
def test_every_month_comes_to_what_was_read(country: str, request: pytest.FixtureRequest) -> None:
    """Outcome, import charges, range, way in and the rules that changed are those that somebody read last."""
    path = FOLDER / f"{country.lower()}.csv"
    found = table(country)
    if request.config.getoption("--snapshot-update"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, "utf-8")

    assert found.splitlines() == path.read_text("utf-8").splitlines()
