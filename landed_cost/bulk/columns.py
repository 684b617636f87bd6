"""What goes into a bulk quote and what comes out, in columns: goods, ways in, and what each piece comes to.

Amounts are whole minor units in 64 bits. What is not known is :data:`ABSENT`, which is no amount: never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from landed_cost.currencies import exponent
from landed_cost.model import Amount, Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from landed_cost.model import Shipment

T = TypeVar("T")
Whole: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.int32]

_ONE: Final = Decimal(1)
_A_GRAM: Final = Decimal("0.001")
ABSENT: Final = -(2**63)
"""Stands where an amount is not known: of a refusal, of a range without an upper end, of freight nobody gave."""

OUTCOMES: Final = ("complete", "estimated", "refused", "wrong")
"""What an answer may be; ``wrong`` is a request that ``quote`` would not read (``ShipmentError``)."""

MONEY: Final = (
    "goods",
    "freight",
    "insurance",
    "customs_value",
    "duties",
    "taxes",
    "fees",
    "import_charges",
    "landed",
    "import_charges_low",
    "import_charges_high",
    "landed_low",
    "landed_high",
)
"""The amounts of an answer: the totals of a quote, and from where to where import charges and landed cost go."""


@dataclass(frozen=True, slots=True)
class Coded(Generic[T]):
    """A column of few different things: ``codes`` are places in ``names``."""

    codes: Codes
    names: tuple[T, ...]

    def __getitem__(self, row: int) -> T:
        """Return what stands in a row."""
        return self.names[int(self.codes[row])]


class Coding(Generic[T]):
    """Numbers things as they are met."""

    def __init__(self) -> None:
        self._numbers: dict[T, int] = {}

    def __call__(self, name: T) -> int:
        """Return the number of a thing, a new one for what was not met yet."""
        return self._numbers.setdefault(name, len(self._numbers))

    @property
    def names(self) -> tuple[T, ...]:
        """What was met so far, in the order of the numbers."""
        return tuple(self._numbers)


@dataclass(frozen=True, slots=True)
class Goods:
    """Listings in columns: of which kind each is, what one piece costs, how many there are and what one weighs.

    A kind is an :class:`Item` that stands for all goods of which everything else is the same: code, origin, evidence,
    attributes, and the currency that ``price`` counts minor units of. Its own price, quantity and weight say nothing.
    ``grams`` is the net weight of one piece, below zero where it was not given.
    """

    kinds: tuple[Item, ...]
    kind: Codes
    price: Whole
    quantity: Whole
    grams: Whole

    def __len__(self) -> int:
        """Count the listings."""
        return len(self.kind)

    @classmethod
    def of(
        cls,
        hs_codes: Sequence[str],
        origins: Sequence[str],
        prices: Sequence[int] | Whole,
        currency: str,
        *,
        quantities: Sequence[int] | Whole | None = None,
        grams: Sequence[int] | Whole | None = None,
    ) -> Self:
        """Return plain goods: HS code, origin and price in minor units of ``currency``; one piece of each unless said.

        >>> goods = Goods.of(["610910", "691200", "610910"], ["MX", "MX", "MX"], [25_00, 18_00, 30_00], "USD")
        >>> [kind.hs_code for kind in goods.kinds], goods.kind.tolist()
        (['610910', '691200'], [0, 1, 0])
        """
        coding: Coding[tuple[str, str]] = Coding()
        kind = np.array([coding(pair) for pair in zip(hs_codes, origins, strict=True)], np.int32)
        kinds = tuple(plain_item(code, origin, currency) for code, origin in coding.names)
        count = len(kind)
        return cls(
            kinds,
            kind,
            _whole(prices, count),
            np.ones(count, np.int64) if quantities is None else _whole(quantities, count),
            np.full(count, -1, np.int64) if grams is None else _whole(grams, count),
        )

    def shipment(self, way: Way, row: int) -> Shipment:
        """Return one listing by one way as the shipment that :func:`landed_cost.quote` is asked."""
        kind = self.kinds[self.kind[row]]
        grams = int(self.grams[row])
        item = replace(
            kind,
            quantity=Decimal(int(self.quantity[row])),
            unit_price=_amount(int(self.price[row]), kind.unit_price.currency),
            weight_kg=None if grams < 0 else grams * _A_GRAM,
        )
        shipment = replace(way.shipment, items=(item,))
        if way.freight is None:
            return shipment
        return replace(shipment, freight=_amount(int(way.freight[row]), way.freight_currency))


def plain_item(hs_code: str, origin: str | None, currency: str) -> Item:
    """Return goods of which nothing is known but code and origin, priced in ``currency``."""
    return Item("1", "", _ONE, Amount(_ONE, currency), hs_code=hs_code, origin=origin)


def _amount(minor: int, currency: str) -> Amount:
    return Amount(Decimal(minor).scaleb(-exponent(currency)), currency)


def _whole(values: Sequence[int] | Whole, count: int) -> Whole:
    found = np.asarray(values, np.int64)
    if found.shape != (count,):
        raise ValueError(f"a column has {found.shape} values where there are {count} goods")
    return found


@dataclass(frozen=True, slots=True)
class Way:
    """One way in for each of the goods: a shipment without items, and freight where it differs from piece to piece.

    ``freight`` holds minor units of ``freight_currency``; without it every piece has the freight of ``shipment``.
    """

    shipment: Shipment
    freight: Whole | None = None
    freight_currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Priced:
    """What many consignments come to, one row each, in the order they were given.

    ``money`` has a column for each of :data:`MONEY`, in minor units of ``currency``. ``reasons`` are the codes for
    which an answer is not complete, sorted; of a *wrong* request what is wrong with it. ``fallbacks`` counts the rows
    that the scalar engine answered, by why they were not vectorised.
    """

    rulebook: str
    outcome: npt.NDArray[np.int8]
    reasons: Coded[tuple[str, ...]]
    regime: Coded[str | None]
    currency: Coded[str]
    date: Coded[date]
    money: Mapping[str, Whole]
    fallbacks: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.outcome)

    def row(self, number: int) -> dict[str, Any]:
        """Return one row with its names; amounts that are not known are ``None``."""
        amounts = {name: int(column[number]) for name, column in self.money.items()}
        return {
            "outcome": OUTCOMES[self.outcome[number]],
            "reasons": self.reasons[number],
            "regime": self.regime[number],
            "currency": self.currency[number],
            "date": self.date[number],
            **{name: None if amount == ABSENT else amount for name, amount in amounts.items()},
        }


@dataclass(frozen=True, slots=True)
class Block:
    """What some of the goods come to by one way: row 0 of ``priced`` is the listing ``rows[0]``, and so on."""

    way: int
    rows: npt.NDArray[np.intp]
    priced: Priced


class Sheet:
    """Rows of an answer while they are written, in any order; who writes one writes all of its columns."""

    def __init__(self, count: int) -> None:
        self.outcome = np.empty(count, np.int8)
        self.reasons = np.empty(count, np.int32)
        self.regime = np.empty(count, np.int32)
        self.currency = np.empty(count, np.int32)
        self.date = np.empty(count, np.int32)
        self.money = {name: np.empty(count, np.int64) for name in MONEY}
        self.reason_sets: Coding[tuple[str, ...]] = Coding()
        self.regimes: Coding[str | None] = Coding()
        self.currencies: Coding[str] = Coding()
        self.dates: Coding[date] = Coding()
        self.fallbacks: dict[str, int] = {}

    def priced(self, rulebook: str) -> Priced:
        """Return what was written."""
        return Priced(
            rulebook,
            self.outcome,
            Coded(self.reasons, self.reason_sets.names),
            Coded(self.regime, self.regimes.names),
            Coded(self.currency, self.currencies.names),
            Coded(self.date, self.dates.names),
            self.money,
            dict(sorted(self.fallbacks.items())),
        )
