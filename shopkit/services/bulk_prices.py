"""Prices at the door for a file of listings: read in parts, priced by every way, each wrong row told by itself.

The file is our own CSV of listings (``shopkit listings export``) or any with these of its columns: ``key``, ``sku``,
``title``, ``hs_code``, ``origin``, ``origin_evidence``, ``price`` (``12.50 MXN``), ``weight`` (``250 g``),
``attributes`` and ``measures`` (JSON), a variant's own ``variant_price`` and ``variant_weight``, and ``quantity``.
What a later row of a key leaves empty is as in its first row.
"""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from landed_cost.bulk import ABSENT, OUTCOMES, Goods, Way, quote_goods, quote_many
from landed_cost.countries import is_country
from landed_cost.currencies import exponent, is_known
from landed_cost.hs import HsCodeError, normalise
from landed_cost.measures import VOCABULARY
from landed_cost.model import Amount, Item
from landed_cost.money import decimal_text
from landed_cost.rulebook.attributes import attributes
from listings.shipment import KILOGRAMS
from shopkit.services.problems import RequestProblem

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import IO

    from landed_cost import Rulebook, Shipment
    from landed_cost.bulk import Priced

PART: Final = 20_000
"""How many rows are held at a time."""

COLUMNS: Final = (
    *("key", "sku", "destination", "channel", "date", "outcome", "currency", "goods", "freight", "duties", "taxes"),
    *("fees", "import_charges", "import_charges_low", "import_charges_high", "landed", "landed_low", "landed_high"),
    *("regime", "reasons", "rulebook"),
)
"""The columns of the answer; amounts are decimals in ``currency``, empty where they are not known."""

_MONEY: Final = COLUMNS[COLUMNS.index("goods") : COLUMNS.index("regime")]
_OF_KIND: Final = ("title", "hs_code", "origin", "origin_evidence", "attributes", "measures")
_INHERITED: Final = (*_OF_KIND, "price", "weight")
_PRICE: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s+([A-Za-z]{3})", re.ASCII)
_WEIGHT: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,12})?)\s*(kg|g|lb|oz)", re.ASCII | re.IGNORECASE)
_QUANTITY: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_EVIDENCE: Final[dict[str, Literal["none", "declared", "certificate"]]] = {
    "": "none",
    "none": "none",
    "declared": "declared",
    "certificate": "certificate",
}
_GRAMS: Final = 1000


@dataclass(frozen=True, slots=True)
class Faulty:
    """A row that is left out; ``number`` counts as a spreadsheet does, the header being 1; in Parquet from 1."""

    number: int
    problems: tuple[RequestProblem, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One piece for sale: a kind of goods, what one costs in minor units, how many, and what one weighs in kg."""

    key: str
    sku: str
    kind: Item
    price: int
    quantity: int
    weight: Decimal | None

    @property
    def item(self) -> Item:
        """The goods of a quote."""
        currency = self.kind.unit_price.currency
        price = Amount(Decimal(self.price).scaleb(-exponent(currency)), currency)
        return replace(self.kind, unit_price=price, quantity=Decimal(self.quantity), weight_kg=self.weight)


class NoColumnsError(ValueError):
    """A file without columns that it takes; the message names them."""


def must_have(names: Iterable[str]) -> None:
    """Raise ``NoColumnsError`` where one of the columns that every row needs is missing."""
    if missing := sorted({"hs_code", "origin", "price"} - {*names}):
        raise NoColumnsError(", ".join(missing))


@dataclass(slots=True)
class Reader:
    """Reads a file part by part; ``faulty`` are the rows of the last part that were left out."""

    file: IO[Any]
    faulty: list[Faulty] = field(default_factory=list)
    _kinds: dict[tuple[str, ...], Item | tuple[RequestProblem, ...]] = field(default_factory=dict)

    def parts(self, size: int = PART) -> Iterator[list[Row]]:
        """Yield the rows that can be read, so many of the file at a time; ``NoColumnsError``."""
        part: list[Row] = []
        first: dict[str, str] = {}
        for number, cells in self.given():
            given = dict(cells)
            if given.get("key") and given["key"] == first.get("key"):
                given |= {name: first[name] for name in _INHERITED if name in given and not given[name]}
            else:
                first = given
            row = self._row(given)
            if isinstance(row, Row):
                part.append(row)
            else:
                self.faulty.append(Faulty(number, row))
            if len(part) + len(self.faulty) >= size:
                yield part
                part, self.faulty = [], []
        yield part

    def given(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield each row as the text of its cells, with its number as a spreadsheet counts."""
        reader = csv.DictReader(self.file)
        names = [name.strip().casefold() for name in reader.fieldnames or ()]
        must_have(names)
        reader.fieldnames = names
        for number, cells in enumerate(reader, start=2):
            yield number, {name: (cells[name] or "").strip() for name in names}

    def _row(self, given: Mapping[str, str]) -> Row | tuple[RequestProblem, ...]:
        """Return the row, or everything that is wrong with it."""
        problems: list[RequestProblem] = []
        price, currency = _price(given.get("variant_price") or given["price"], problems)
        weight = _weight(given.get("variant_weight") or given.get("weight", ""), problems)
        quantity = given.get("quantity") or "1"
        if not _QUANTITY.fullmatch(quantity):
            problems.append(RequestProblem("/quantity", "measure.invalid"))
        said = tuple(given.get(name, "") for name in _OF_KIND)
        kind = self._kinds.get((*said, currency))
        if kind is None:
            if len(self._kinds) >= PART:
                self._kinds.clear()
            kind = self._kinds[*said, currency] = _kind(dict(zip(_OF_KIND, said, strict=True)), currency)
        if not isinstance(kind, Item):
            return (*problems, *kind)
        if problems:
            return tuple(problems)
        return Row(given.get("key", ""), given.get("sku", ""), kind, price, int(quantity), weight)


def _price(text: str, problems: list[RequestProblem]) -> tuple[int, str]:
    """Return minor units and currency of ``12.50 MXN``; nothing, and finer than the currency's smallest, are wrong."""
    found = _PRICE.fullmatch(text)
    currency = "" if found is None else found[2].upper()
    if found is not None and not is_known(currency):
        problems.append(RequestProblem("/price", "currency.unknown", {"currency": currency}))
        return 0, currency
    minor = Decimal(0) if found is None else Decimal(found[1]).scaleb(exponent(currency))
    if not minor or minor % 1:
        problems.append(RequestProblem("/price", "price.invalid"))
    return int(minor), currency


def _weight(text: str, problems: list[RequestProblem]) -> Decimal | None:
    if not text:
        return None
    found = _WEIGHT.fullmatch(text)
    if found is None:
        problems.append(RequestProblem("/weight", "weight.invalid"))
        return None
    return Decimal(found[1]) * KILOGRAMS[found[2].lower()]


def _kind(said: Mapping[str, str], currency: str) -> Item | tuple[RequestProblem, ...]:
    """Return what goods of a row are, whatever they cost and weigh, or everything that is wrong with that."""
    problems: list[RequestProblem] = []
    try:
        normalise(said["hs_code"])
    except HsCodeError:
        problems.append(RequestProblem("/hs_code", "hs.invalid"))
    origin = said["origin"].upper()
    if not is_country(origin):
        problems.append(RequestProblem("/origin", "country.unknown", {"value": said["origin"]}))
    if said["origin_evidence"] not in _EVIDENCE:
        problems.append(RequestProblem("/origin_evidence", "choice", {"expected": ", ".join([*_EVIDENCE][1:])}))
    given = {name: _object(said[name], name, problems) for name in ("attributes", "measures")}
    if problems:
        return tuple(problems)
    known = attributes()
    return Item(
        "1",
        said["title"],
        Decimal(1),
        Amount(Decimal(1), currency),
        hs_code=said["hs_code"],
        origin=origin,
        origin_evidence=_EVIDENCE[said["origin_evidence"]],
        # As of a listing: what the engine has no word for is no business of customs.
        attributes={
            name: one for name, one in given["attributes"].items() if name in known and known[name].allows(one)
        },
        measures={name: Decimal(one) for name, one in given["measures"].items() if name in VOCABULARY and Decimal(one)},
    )


def _object(text: str, name: str, problems: list[RequestProblem]) -> dict[str, Any]:
    """Return an object of texts that a cell holds as JSON; nothing for an empty one."""
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        problems.append(RequestProblem(f"/{name}", "json.invalid", {"detail": str(error)}))
        return {}
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        problems.append(RequestProblem(f"/{name}", "type.object"))
        return {}
    return found


def cells(
    rows: Sequence[Row], ways: Sequence[Shipment], rulebook: Rulebook, counts: Counter[str]
) -> Iterator[list[str]]:
    """Yield what each row comes to by each way under :data:`COLUMNS`, in the order of the rows and then of the ways.

    ``ways`` are shipments without items. ``counts`` grows by the outcomes, and by what was answered one by one.
    """
    found: dict[tuple[int, int], tuple[Priced, int]] = {}
    whole = [number for number, row in enumerate(rows) if row.weight is None or not row.weight * _GRAMS % 1]
    for block in quote_goods(_goods([rows[number] for number in whole]), [Way(one) for one in ways], rulebook):
        counts.update({f"alone: {why}": count for why, count in block.priced.fallbacks.items()})
        for place, number in enumerate(block.rows.tolist()):
            found[whole[number], block.way] = block.priced, place
    # Ounces and the like are no whole grams: these are asked as shipments, exactly as they were given.
    others = [pair for pair in product(range(len(rows)), range(len(ways))) if pair not in found]
    told = quote_many((replace(ways[way], items=(rows[number].item,)) for number, way in others), rulebook)
    counts.update({f"alone: {why}": count for why, count in told.fallbacks.items()})
    found |= {pair: (told, place) for place, pair in enumerate(others)}
    for number, way in product(range(len(rows)), range(len(ways))):
        priced, place = found[number, way]
        outcome = OUTCOMES[priced.outcome[place]]
        counts[outcome] += 1
        currency, shipment = priced.currency[place], ways[way]
        digits = exponent(currency)
        amounts = [int(priced.money[name][place]) for name in _MONEY]
        yield [
            rows[number].key,
            rows[number].sku,
            shipment.destination.country,
            shipment.channel,
            shipment.date.isoformat(),
            outcome,
            currency,
            *("" if one == ABSENT else decimal_text(one, digits) for one in amounts),
            priced.regime[place] or "",
            " ".join(priced.reasons[place]),
            priced.rulebook,
        ]


def _goods(rows: Sequence[Row]) -> Goods:
    kinds = {id(row.kind): row.kind for row in rows}
    numbers = {one: number for number, one in enumerate(kinds)}
    return Goods(
        tuple(kinds.values()),
        np.array([numbers[id(row.kind)] for row in rows], np.int32),
        np.array([row.price for row in rows], np.int64),
        np.array([row.quantity for row in rows], np.int64),
        np.array([-1 if row.weight is None else int(row.weight * _GRAMS) for row in rows], np.int64),
    )
