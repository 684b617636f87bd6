"""One reckoning under way: the consignment, the law of the day, the scenario, and all that conditions may ask of them.

Everything is reckoned in whole minor units of the law's currency. What is not known is reckoned three times, for a
``low``, a ``typical`` and a ``high`` scenario; nothing is ever averaged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal

from landed_cost.currencies import exponent, units
from landed_cost.expressions import Evaluation, Expression, Quantities
from landed_cost.goods import Candidate, Meaning
from landed_cost.measures import DRINKS
from landed_cost.model import Amount, Item, Reason, Shipment, by_language
from landed_cost.money import decimal_text, half_up, plain, to_minor
from landed_cost.rates import RateTable
from landed_cost.rulebook.book import Law
from landed_cost.rulebook.facts import Evidence
from landed_cost.rulebook.law import Regime
from landed_cost.rulebook.settled import Kind, Lane

Scenario = Literal["low", "typical", "high"]
Level = Literal["info", "estimated", "refused"]
# What was not known when a condition was asked: the code of a sentence, and the thing it names.
Doubt = tuple[str, str | Evidence]
# What the sentence of a doubt calls the thing that is not known.
_PARAMETER: Final = {"list.not_loaded": "list", "attribute.absent": "attribute", "rule.unknown": "what"}


@dataclass(slots=True)
class Run:
    """One reckoning of one consignment under one law, in one scenario, with one set of claims and lines."""

    shipment: Shipment
    law: Law
    rates: RateTable
    candidates: tuple[tuple[Candidate, ...], ...]
    prices: tuple[int, ...]
    # Price × quantity of each item as it was given: minor units of its own currency.
    given: tuple[tuple[int, str], ...]
    # What the law has settled for the lane, and for the goods of each item.
    lane: Lane
    kinds: tuple[Kind, ...]
    scenario: Scenario = "typical"
    pick: list[int] = field(default_factory=list)
    # Whether the lines that a code may mean come to different sums.
    split: bool = False
    claims: list[str | None] = field(default_factory=list)
    explain: bool = False
    stay: Regime | None = None
    started: bool = False
    included: int = 0
    goods: list[int] = field(default_factory=list)
    customs: list[int] = field(default_factory=list)
    freight: int = 0
    insurance: int = 0
    amounts: dict[str, list[int]] = field(default_factory=dict)
    # What expressions of law came to, by their identity (they are kept with it), base and item; of every scenario.
    evaluated: dict[tuple[int, int, int], tuple[Expression, Evaluation]] = field(default_factory=dict)
    quantities: dict[int, Quantities] = field(default_factory=dict)
    # What conditions have asked the worth of so far, by name and currency.
    values: dict[tuple[str, str], int] = field(default_factory=dict)
    uncertain: bool = False
    unbounded: bool = False
    why: list[Doubt] = field(default_factory=list)
    used: dict[str, Evidence] = field(default_factory=dict)
    notes: dict[tuple[str, str | None, str], Reason] = field(default_factory=dict)
    # Pairs of currencies that an amount was converted between.
    converted: set[tuple[str, str]] = field(default_factory=set)
    items: tuple[Item, ...] = field(init=False)
    # The law's own, and how many decimals it has.
    currency: str = field(init=False)
    digits: int = field(init=False)

    def __post_init__(self) -> None:
        """Take out what is asked all the time."""
        self.items = self.shipment.items
        self.currency = self.law.destination.currency
        self.digits = exponent(self.currency)

    # -- what conditions ask ----------------------------------------------------------------------------------
    def candidate(self, index: int) -> Candidate:
        """The tariff line that this run takes an item for."""
        return self.candidates[index][self.pick[index]]

    def code(self, index: int) -> str:
        """The digits of that line."""
        return self.candidate(index).code

    def threshold(self, id_: str) -> tuple[int, str] | None:
        """Return a limit of law in minor units and its currency, and remember that the answer rests on it.

        ``None`` when it is not known on this day; one that is not in force is below every value.
        """
        fact, limit = self.law.limits.get(id_) or self.law.limit(id_)
        if self.explain and fact is not None:
            self.used[fact.id] = fact
        return limit

    def value_in(self, name: str, currency: str) -> int:
        """Return goods, customs value, freight or invoice of the consignment in minor units of ``currency``.

        The invoice is what the buyer is asked for: goods, freight and insurance, without what the law only presumes.
        Prices given in that very currency are summed as given, so that 40.00 + 10.00 USD is 50.00 USD whatever the
        rate of the law's own currency.
        """
        known = self.values.get((name, currency))
        if known is None:
            known = self.values[name, currency] = self._value_in(name, currency)
        return known

    def _value_in(self, name: str, currency: str) -> int:
        if name == "freight":
            return self._exact(self.freight, self.shipment.freight, currency)
        if name == "goods" or (name == "customs_value" and self.law.destination.basis == "FOB"):
            return self._goods_in(currency)
        carried = self._exact(self.freight, self.shipment.freight, currency)
        if name == "invoice" and self.shipment.insurance is None:
            return self._goods_in(currency) + carried
        return self._goods_in(currency) + carried + self._exact(self.insurance, self.shipment.insurance, currency)

    def carriage_invoiced(self) -> int:
        """Return freight and insurance that the buyer is asked for; what the law presumes is on no invoice."""
        return self.freight if self.shipment.insurance is None else self.freight + self.insurance

    def _exact(self, local: int, given: Amount | None, currency: str) -> int:
        if given is not None and given.currency == currency and "freight" not in self.shipment.price_includes:
            return to_minor(given.value, currency)
        return self._convert(local, self.currency, currency)

    def _convert(self, minor: int, of: str, to: str) -> int:
        if of == to:
            return minor
        self.converted.add((of, to))
        return self.rates.convert_minor(minor, of, to)

    def _goods_in(self, currency: str) -> int:
        if self.included or "freight" in self.shipment.price_includes:
            return self._convert(sum(self.goods), self.currency, currency)
        whole = 0
        for minor, given in self.given:
            if given != currency:
                return self._convert(sum(self.goods), self.currency, currency)
            whole += minor
        return whole

    def prior_value(self, period: str, currency: str) -> int:
        """Return what the buyer already brought in that day or year; unknown counts as nothing and is said."""
        importer = self.shipment.importer
        given = importer.day_value if period == "day" else importer.year_value
        if given is None:
            self.note("prior_use.assumed_none", "info")
            return 0
        return self._convert(to_minor(given.value, given.currency), given.currency, currency)

    def prior_parcels(self) -> int:
        """Return how many parcels the buyer received this year before this one; unknown counts as none and is said."""
        given = self.shipment.importer.year_parcels
        if given is None:
            self.note("prior_use.assumed_none", "info")
        return given or 0

    def gross_weight(self) -> Fraction | None:
        """Return what the parcel weighs in kg: as given, else the sum of the net weights; ``None`` when not known."""
        if self.shipment.gross_weight_kg is not None:
            return Fraction(self.shipment.gross_weight_kg)
        weights = [self.net_weight(index) for index in range(len(self.items))]
        return None if None in weights else sum((one for one in weights if one is not None), Fraction(0))

    def net_weight(self, index: int) -> Fraction | None:
        """Return what all units of an item weigh in kg; of the only item, at most what the parcel weighs."""
        item = self.items[index]
        if item.weight_kg is not None:
            return Fraction(item.weight_kg) * Fraction(item.quantity)
        if len(self.items) == 1 and self.shipment.gross_weight_kg is not None:
            return Fraction(self.shipment.gross_weight_kg)
        return None

    def pieces(self, index: int) -> Fraction:
        """Return how many pieces an item is."""
        return Fraction(self.items[index].quantity)

    def pairs(self, index: int) -> Fraction:
        """Return how many pairs an item is; one to a piece unless its measures say otherwise."""
        item = self.items[index]
        return Quantities(item.quantity, item.weight_kg, item.measures).total("pr.") or Fraction(0)

    def drinks(self, by: str, index: int) -> tuple[Fraction | None, tuple[str, ...]]:
        """Return how many gallons or barrels of a drink an item is, or ``None`` and the measures that are missing."""
        item = self.items[index]
        unit, each, parts = DRINKS[by]
        held = Quantities(item.quantity, item.weight_kg, item.measures)
        whole = held.total(unit)
        if whole is None:
            return None, held.missing(unit)
        told_apart = whole / each * parts
        return Fraction(half_up(told_apart.numerator, told_apart.denominator), parts), ()

    def on_list(self, name: str, index: int) -> bool | None:
        """Whether the line of an item is on a product list of law."""
        return self.list_key(name, index)[0]

    def list_key(self, name: str, index: int) -> tuple[bool | None, tuple[str, ...]]:
        """Whether the line is on a list, and under which keys (headings, annexes)."""
        rule = self.law.list_in_force(name)
        if rule is None:
            return False, ()
        if self.explain:
            self.used[name] = rule.evidence
        candidate = self.candidate(index)
        if rule.imported:
            found = self._imported(name, candidate)
            if found is not None:
                return bool(found), found
        on_it, key = rule.find(candidate.code)
        if on_it is None:
            self.why.append(("list.not_loaded", rule.evidence))
        return on_it, () if key is None else tuple(key.split())

    def _imported(self, name: str, candidate: Candidate) -> tuple[str, ...] | None:
        """Keys of a line on an imported list; ``None`` when nothing was imported that could tell."""
        table = self.law.imported.get(name)
        if table is not None:
            found = table.match(candidate.code, self.law.on)
            if not found and table.under(candidate.code):
                return None  # a longer code may be on it
            return tuple(next(iter(entry.attributes.values())) for entry in found)
        if name == "us.s301cn" and candidate.line is not None:
            # The official schedule prints the headings of the China lists as footnotes of its lines.
            return tuple(note for note in candidate.line.footnotes if note.startswith(("9903.88", "9903.91")))
        return None

    def was_charged(self, ids: frozenset[str], index: int) -> bool:
        """Whether one of these charges was due on an item so far."""
        amounts = self.amounts
        return any([amounts[id_][index] > 0 for id_ in ids if id_ in amounts])  # noqa: C419  # half the time

    # -- notes ------------------------------------------------------------------------------------------------
    def note(
        self,
        code: str,
        level: Level,
        params: Mapping[str, str] | None = None,
        item: int | None = None,
        rule: str | None = None,
    ) -> None:
        """Remember something to say, once."""
        if self.explain:
            id_ = None if item is None else self.items[item].id
            key = (code, id_, rule or "".join((params or {}).values()))
            self.notes.setdefault(key, Reason(code, level, params or {}, id_, rule))

    def say(self, why: Iterable[Doubt], item: int | None, rule: str | None = None) -> None:
        """Say what was not known when a condition was asked."""
        for code, what in why:
            name, params = _PARAMETER.get(code), {}
            if name is not None:
                params = {name: what} if isinstance(what, str) else by_language(name, what.what)
            # The region and the weight are the parcel's, whichever item asks for them.
            place = None if code in ("region.absent", "weight.absent") else item
            self.note(code, "estimated", params, place, rule if code == "list.not_loaded" else None)

    def rest_on(self, evidence: Evidence) -> None:
        """Remember that the answer rests on a rule."""
        if self.explain:
            self.used[evidence.id] = evidence

    def text(self, minor: int) -> str:
        """An amount of the law's currency as text."""
        return decimal_text(minor, self.digits)

    def number(self, number: Fraction) -> str:
        """A number of kilos or pieces as people write it, without needless zeros."""
        return plain(number)

    def to_local(self, minor: int, currency: str) -> int:
        """Convert minor units of another currency into the law's."""
        return self._convert(minor, currency, self.currency)


def begin(shipment: Shipment, law: Law, rates: RateTable, meanings: Sequence[Meaning]) -> Run:
    """Return a reckoning that has only just begun: nothing claimed, of several lines the first one taken."""
    currency, lane = law.destination.currency, law.settled.lane(_lane(shipment))
    given: list[tuple[int, str]] = []
    prices: list[int] = []
    kinds: list[Kind] = []
    for item, found in zip(shipment.items, meanings, strict=True):
        worth = customs_price(item)
        minor, of = line_price(item, worth), worth.currency
        given.append((minor, of))
        prices.append(minor if of == currency else rates.convert_minor(minor, of, currency))
        kinds.append(lane.kind(found.lines, item.origin, item.attributes))
    count = len(prices)
    return Run(
        shipment,
        law,
        rates,
        tuple([found.candidates for found in meanings]),
        tuple(prices),
        tuple(given),
        lane,
        tuple(kinds),
        pick=[0] * count,
        claims=[None] * count,
    )


def _lane(shipment: Shipment) -> tuple[object, ...]:
    """Return everything about the way and the parties that a condition can ask."""
    return (
        shipment.channel,
        shipment.transport,
        shipment.terms,
        shipment.importer.kind,
        shipment.destination.region,
        shipment.dispatch.country,
        shipment.seller.schemes,
        shipment.seller.registrations,
    )


def line_price(item: Item, price: Amount) -> int:
    """Return price × quantity of one item in minor units of the price's own currency, exact before it is rounded."""
    amount, per = price.value.as_integer_ratio()
    count, of = item.quantity.as_integer_ratio()
    return half_up(amount * count * units(price.currency), per * of)


def customs_price(item: Item) -> Amount:
    """Return what a unit is worth to customs: the price, or the declared value of what has none."""
    return item.declared_value or item.unit_price
