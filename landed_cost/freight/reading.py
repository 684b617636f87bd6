"""A rate card from a CSV file, read strictly: everything wrong is told at once, with its row and its column.

One row for each service, zone and weight step. The columns are named in the first row, in any order; those of
``NEEDED`` have to be there, those of ``OPTIONAL`` may be. ``countries`` lists where the zone is: ``US`` the country,
``US/9`` its postal codes that begin so, ``*`` everywhere else, with spaces between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from landed_cost import cells
from landed_cost.cells import TableReader
from landed_cost.currencies import exponent, is_known
from landed_cost.freight.cards import Area, RateCard, Service, Step, Zone

if TYPE_CHECKING:
    from collections.abc import Iterator

ILLUSTRATIVE: Final = "illustrative"
_OF_SERVICE: Final = (
    "channel",
    "currency",
    "valid_from",
    "valid_to",
    "fuel_percent",
    "divisor",
    "max_kg",
    "max_length_cm",
    "max_girth_cm",
)
_OF_ZONE: Final = ("countries", "min_days", "max_days", "per_kg_over")
_AREA: Final = re.compile(r"\*|[A-Z]{2}(/[0-9A-Z]{1,10})?", re.ASCII)
_LONGEST_DAYS: Final = 365


def _currency(cell: str) -> str:
    if not is_known(cell):
        raise ValueError(f"{cell!r} is not a currency; write a code of ISO 4217, like USD")
    return cell


def _areas(cell: str) -> tuple[Area, ...]:
    words = cell.upper().split()
    wrong = [word for word in words if not _AREA.fullmatch(word)]
    if wrong or not words:
        raise ValueError(f"{' '.join(wrong) or cell!r} is no place; write US, US/9 or *, with spaces between")
    return tuple(Area(country, prefix) for country, _, prefix in (word.partition("/") for word in words))


NEEDED: Final = {
    "service": cells.name,
    "channel": cells.word("postal", "courier", "freight"),
    "zone": cells.name,
    "countries": _areas,
    "up_to_kg": cells.number(zero=False),
    "price": cells.number(zero=True),
    "currency": _currency,
    "min_days": cells.whole(0, _LONGEST_DAYS),
    "max_days": cells.whole(0, _LONGEST_DAYS),
}
OPTIONAL: Final = {
    "valid_from": cells.day,
    "valid_to": cells.day,
    "fuel_percent": cells.number(zero=True),
    "per_kg_over": cells.number(zero=True),
    "divisor": cells.whole(1, 999_999),
    "max_kg": cells.number(zero=False),
    "max_length_cm": cells.number(zero=False),
    "max_girth_cm": cells.number(zero=False),
}


@cache
def illustrative_card() -> RateCard:
    """Return the card that ships with the project: plausible steps to try things with, the offer of no carrier."""
    text = (files("landed_cost") / "freight" / "illustrative.csv").read_text("utf-8")
    return load_card(text, ILLUSTRATIVE, is_illustrative=True)


def load_card(text: str, name: str, *, is_illustrative: bool = False) -> RateCard:
    """Return the rate card in the text of a CSV file; ``TableError`` lists everything wrong with it at once."""
    reader = _CardReader(NEEDED, OPTIONAL)
    rows = list(reader.card_rows(text))
    reader.stop()
    services: dict[str, list[_Row]] = {}
    for row in rows:
        services.setdefault(row.service, []).append(row)
    made = tuple(reader.service(title, of) for title, of in services.items())
    reader.stop()
    return RateCard(name, made, is_illustrative)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    service: str
    zone: str
    cells: dict[str, Any]

    @property
    def up_to_kg(self) -> Decimal:
        weight: Decimal = self.cells["up_to_kg"]
        return weight


class _CardReader(TableReader):
    """Reads the rows of a card and puts them together."""

    __slots__ = ()

    def card_rows(self, text: str) -> Iterator[_Row]:
        """Yield the rows; what does not fit together within one is complained of."""
        for number, read in self.rows(text):
            if read["min_days"] > read["max_days"]:
                self.complain(number, "max_days", f"{read['max_days']} is less than min_days {read['min_days']}")
            if "valid_from" in read and "valid_to" in read and read["valid_from"] > read["valid_to"]:
                self.complain(number, "valid_to", f"{read['valid_to']} is before valid_from {read['valid_from']}")
            for column in ("price", "per_kg_over"):
                if column in read:
                    read[column] = self.minor(number, column, read[column], read["currency"])
            yield _Row(number, read["service"], read["zone"], read)

    def minor(self, number: int, column: str, amount: Decimal, currency: str) -> int:
        minor = amount.scaleb(exponent(currency))
        if minor != minor.to_integral_value():
            self.complain(number, column, f"{amount} has more decimals than {currency} has")
        return int(minor)

    def service(self, name: str, rows: list[_Row]) -> Service:
        first = self.same(rows, _OF_SERVICE, f"service {name}")
        zones: dict[str, list[_Row]] = {}
        for row in rows:
            zones.setdefault(row.zone, []).append(row)
        made = tuple(self.zone(title, of) for title, of in zones.items())
        taken: dict[Area, str] = {}
        for zone in made:
            for area in zone.areas:
                if taken.setdefault(area, zone.name) != zone.name:
                    place = f"{area.country}/{area.prefix}".rstrip("/")
                    self.complain(zones[zone.name][0].number, "countries", f"{place} is in zone {taken[area]} already")
        return Service(
            name,
            first["channel"],
            first["currency"],
            made,
            first.get("valid_from"),
            first.get("valid_to"),
            first.get("fuel_percent", Decimal(0)),
            first.get("divisor"),
            first.get("max_kg"),
            first.get("max_length_cm"),
            first.get("max_girth_cm"),
        )

    def zone(self, name: str, rows: list[_Row]) -> Zone:
        first = self.same(rows, _OF_ZONE, f"zone {name}")
        steps: dict[Decimal, int] = {}
        for row in sorted(rows, key=lambda one: one.up_to_kg):
            if row.up_to_kg in steps:
                self.complain(row.number, "up_to_kg", f"zone {name} has a step up to {row.up_to_kg} kg already")
            steps[row.up_to_kg] = row.cells["price"]
        return Zone(
            name,
            first["countries"],
            tuple(Step(weight, price) for weight, price in steps.items()),
            first["min_days"],
            first["max_days"],
            first.get("per_kg_over"),
        )

    def same(self, rows: list[_Row], columns: tuple[str, ...], whose: str) -> dict[str, Any]:
        """Return the cells of the first row; what another row of the same says otherwise is wrong."""
        first = rows[0]
        for row in rows[1:]:
            for column in columns:
                if row.cells.get(column) != first.cells.get(column):
                    self.complain(row.number, column, f"{whose} says otherwise in row {first.number}; write the same")
        return first.cells
