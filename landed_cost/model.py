"""What goes into a quote and what comes out: the nouns of the engine.

A :class:`Shipment` is one consignment from one sender to one receiver. A :class:`Quote` is the whole answer.
Amounts that come in are decimals with a currency; amounts inside and going out are whole minor units.

What every quote makes anew is a named tuple: a frozen dataclass takes three to four times as long to make.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from landed_cost.delivery import Delivery, Handling, Observed
from landed_cost.freight.cards import FreightBasis
from landed_cost.money import Money
from landed_cost.rates import ExchangeRate

Channel = Literal["postal", "courier", "freight"]
Kind = Literal["duty", "tax", "fee"]
Outcome = Literal["complete", "estimated", "refused"]
Texts = Mapping[str, str]


def told(text: str | Texts, language: str) -> str:
    """Return a text in a language; one that is no mapping is the same in all."""
    return text if isinstance(text, str) else text[language]


def by_language(name: str, texts: Texts) -> dict[str, str]:
    """Return the parameters of a sentence that say ``name`` in each language.

    >>> by_language("what", {"en": "Fee", "es": "Tasa", "pt": "Taxa"})
    {'what_en': 'Fee', 'what_es': 'Tasa', 'what_pt': 'Taxa'}
    """
    return {f"{name}_{language}": text for language, text in texts.items()}


def _refuse_inexact(what: str, value: object) -> None:
    if isinstance(value, (int, float)):
        raise TypeError(f"{what} is a Decimal, which is exact: write Decimal('{value}')")


@dataclass(frozen=True, slots=True)
class Amount:
    """A price as it was given: an exact decimal and its currency; ``TypeError`` for a number that is not exact."""

    value: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse what people type first."""
        _refuse_inexact("an amount", self.value)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel starts or ends; ``country`` is ISO 3166 alpha-2, ``region`` the national code of the state."""

    country: str
    region: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Importer:
    """Who receives, and what that person already brought in (``None``: not known, taken as nothing and said)."""

    kind: Literal["consumer", "business"] = "consumer"
    tax_id: str | None = None
    day_value: Amount | None = None
    year_value: Amount | None = None
    year_parcels: int | None = None


@dataclass(frozen=True, slots=True)
class Seller:
    """Programmes the seller takes part in and countries where it is registered for tax."""

    schemes: frozenset[str] = frozenset()
    registrations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ShelfLife:
    """How many days the goods keep from the day they are ready, and how many have to be left at the door."""

    days: int
    min_remaining_days: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of goods in the consignment.

    ``weight_kg`` is net, per unit. ``origin`` is where the goods were made, never where the parcel starts.
    ``measures`` holds values per unit under the names of :mod:`landed_cost.measures`. ``TypeError`` for a quantity or a
    weight that is a number of Python and no ``Decimal``.
    """

    id: str
    description: str
    quantity: Decimal
    unit_price: Amount
    hs_code: str | None = None
    hs_schedule: str | None = None
    origin: str | None = None
    origin_evidence: Literal["none", "declared", "certificate"] = "none"
    preference: str = "auto"
    weight_kg: Decimal | None = None
    measures: Mapping[str, Decimal] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    declared_value: Amount | None = None
    shelf_life: ShelfLife | None = None

    def __post_init__(self) -> None:
        """Refuse what people type first."""
        _refuse_inexact("a quantity", self.quantity)
        _refuse_inexact("a weight", self.weight_kg)


@dataclass(frozen=True, slots=True)
class Shipment:
    """One consignment: the request of a quote after it was checked.

    ``date`` is the entry at the border and chooses the law. ``freight`` and ``insurance`` absent differ from zero.
    ``handling`` is the seller's own calendar, ``observed`` what the seller's parcels took on this lane,
    ``freight_basis`` how a rate card came to ``freight``.
    """

    date: dt.date
    dispatch: Place
    destination: Place
    channel: Channel
    currency: str
    items: tuple[Item, ...]
    terms: str = "DAP"
    transport: Literal["air", "sea", "road"] | None = None
    place: str | None = None
    ready_on: dt.date | None = None
    exported_on: dt.date | None = None
    importer: Importer = Importer()
    seller: Seller = Seller()
    price_includes: frozenset[str] = frozenset()
    gross_weight_kg: Decimal | None = None
    freight: Amount | None = None
    insurance: Amount | None = None
    # What proving the origin of the goods costs the seller for this consignment, if the seller says it.
    compliance_cost: Amount | None = None
    handling: Handling | None = None
    observed: Observed | None = None
    freight_basis: FreightBasis | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A text that a rule rests on; its title as printed, or in words of ours in each language."""

    title: str | Texts = field(hash=False)
    url: str


@dataclass(frozen=True, slots=True)
class RuleRef:
    """The rule behind a line: its id, its sources, its days in force and how sure it is."""

    id: str
    sources: tuple[Source, ...]
    since: dt.date | None
    until: dt.date | None
    known_until: dt.date | None
    status: str
    heading: str | None = None
    source_count: int = 1


class Charge(NamedTuple):
    """One money line: what it is, how it came about, under which rule.

    ``amount`` is in the quote's currency, ``local`` and ``base`` in the law's. ``range`` (low, high) likewise in the
    quote's currency, ``high`` ``None`` when nothing bounds it. ``allocation`` shares a consignment's charge over items.
    ``formula`` is arithmetic, the same in every language; of what is exempt it names what frees it.
    """

    id: str
    kind: Kind
    covers: tuple[str, ...]
    item: str | None
    name: Texts
    amount: int
    currency: str
    local: Money
    base: Money | None
    rate: str | None
    formula: str | Texts
    payer: str
    collected: str
    rule: RuleRef
    range: tuple[int, int | None] | None = None
    allocation: tuple[tuple[str, int], ...] = ()


class Reason(NamedTuple):
    """Why an answer is not complete, or what was taken for granted (``level`` ``info``); the text comes on reading."""

    code: str
    level: Literal["info", "estimated", "refused"]
    params: Mapping[str, str] = MappingProxyType({})
    item: str | None = None
    rule: str | None = None


class Option(NamedTuple):
    """One lawful way to bring the consignment in; ``import_charges`` in the quote's currency."""

    regime: str
    name: Texts
    lawful: bool
    chosen: bool
    import_charges: int | None
    needs: tuple[Texts, ...] = ()


class PreferenceOffer(NamedTuple):
    """What an agreement would save on one item, and what it takes; amounts in the quote's currency."""

    item: str
    agreement: str
    name: Texts
    available: bool
    claimed: bool
    saving: int | None
    proof: Texts
    waiver: Money | None
    waived: bool
    reason: Reason | None
    # Whether the paper asked for at this value is none, a declaration of the exporter, or a certificate.
    paper: Literal["none", "declaration", "certificate"] = "certificate"
    # The most that can be saved on this item; of equals the one with the least paper.
    best: bool = False
    # The saving by kind of charge: duties, taxes, fees.
    saved: tuple[int, int, int] = (0, 0, 0)
    # Duties that are due all the same: id, name and amount.
    still_due: tuple[tuple[str, Texts, int], ...] = ()
    # What originating goods do not pay at the border beside duty.
    exempt: Texts | None = None
    weighed: "Weighed | None" = None


class Weighed(NamedTuple):
    """A saving held against what the proof costs; all of the consignment, in the quote's currency.

    ``saving`` is what claiming on every item that can saves together. ``break_even`` is the value of the goods from
    which the saving pays the cost, ``None`` where no value was found.
    """

    cost: int
    saving: int
    break_even: int | None


@dataclass(frozen=True, slots=True)
class Body:
    """Who gives a paper or keeps a register; ``country`` is ``None`` for one that is international."""

    id: str
    name: str
    country: str | None
    url: str


class Restriction(NamedTuple):
    """What forbids, conditions or advises; ``severity`` is ``prohibits``, ``requires`` or ``advises``.

    ``kind`` is what it is (certificate, label, ban…), ``paper`` what the paper is called, ``body`` who gives it, and
    ``lifts`` says in words what ends a prohibition. One that is not ``certain`` hangs on an answer that was not given.
    """

    id: str
    severity: str
    item: str | None
    until: dt.date | None
    message: Texts
    action: Texts | None
    rule: RuleRef
    kind: str = "condition"
    paper: Texts | None = None
    body: Body | None = None
    lifts: Texts | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Advisory:
    """An amount or a remark that is not a charge at import and is never summed."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    texts: Texts | None = None
    amount: Money | None = None


class Totals(NamedTuple):
    """Sums in minor units of the quote's currency; ``None`` where the answer is refused."""

    goods: int
    freight: int | None
    insurance: int | None
    customs_value: int | None
    duties: int | None
    taxes: int | None
    fees: int | None
    import_charges: int | None
    landed: int | None


class Versions(NamedTuple):
    """What the answer was made with; ``overlay`` is what was supposed beside the law, if anything was."""

    rulebook: str
    schedule: str | Texts
    rates: str
    overlay: str | None = None


class Quote(NamedTuple):
    """The whole answer to one shipment. ``ranges`` maps ``import_charges`` and ``landed`` to (low, high or None).

    ``rules`` are all the rules it rests on: those of the lines, and the valuation, limits, lists and exemptions too.
    """

    date: dt.date
    valid_until: dt.date
    versions: Versions
    outcome: Outcome
    evidence: Literal["A", "B", "C"]
    reasons: tuple[Reason, ...]
    currency: str
    totals: Totals
    ranges: Mapping[str, tuple[int, int | None]]
    charges: tuple[Charge, ...]
    options: tuple[Option, ...]
    preferences: tuple[PreferenceOffer, ...]
    restrictions: tuple[Restriction, ...]
    exchange_rates: tuple[ExchangeRate, ...]
    delivery: Delivery | None
    advisories: tuple[Advisory, ...]
    not_included: tuple[tuple[str, Texts], ...]
    regime: str | None = None
    rules: tuple[RuleRef, ...] = ()
    freight_basis: FreightBasis | None = None
