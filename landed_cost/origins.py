"""What the country of dispatch says of a parcel: which simplified way out serves it, what is due, what comes back.

Nothing here enters the landed cost: it is shown beside it. *Yes* and *no* are answers of law at its limits; *unknown*
is a limit or a fact of the parcel that nobody gave, and is never taken for one of the others.

>>> from datetime import date
>>> from fractions import Fraction
>>> from landed_cost import Money, load_rulebook
>>> parcel = Parcel("PE", "US", "postal", date(2026, 6, 1), Money(750_000, "USD"), Fraction(50), ("610910",))
>>> [(one.regime.id, one.verdict) for one in eligible(parcel, load_rulebook())]
[('pe.exporta_facil', 'yes')]
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from landed_cost.currencies import units
from landed_cost.messages import render
from landed_cost.model import Advisory, Reason
from landed_cost.money import Money, half_up
from landed_cost.rulebook.facts import fixed_amount
from landed_cost.rulebook.origins import ExportAdvice
from landed_cost.rulebook.reader import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from landed_cost.rates import RateTable
    from landed_cost.rulebook.book import Rulebook
    from landed_cost.rulebook.facts import Evidence, Fact
    from landed_cost.rulebook.origins import ExportRegime, Limit, Origin, Scope
    from landed_cost.run import Run

Verdict = Literal["yes", "no", "unknown"]
_SAYS: Final[dict[Verdict, str]] = {
    "yes": "export.serves",
    "no": "export.serves_not",
    "unknown": "export.serves_perhaps",
}
_HOLDS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "at_most": operator.le,
    "below": operator.lt,
    "over": operator.gt,
    "at_least": operator.ge,
}
_BEYOND: Final = {"value": "export.value", "weight": "export.weight"}
_ABSENT: Final = {"value": "export.value_absent", "weight": "export.weight_absent"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the export side asks of a parcel: its way, its value at the factory gate and its gross weight in kg.

    ``None`` is a value or a weight that was not given; ``hs`` are the codes of its goods, as long as they are known.
    """

    dispatch: str
    destination: str
    channel: str
    on: date
    goods: Money | None = None
    gross_kg: Fraction | None = None
    hs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a simplified way out serves a parcel, and why not or what is missing."""

    regime: ExportRegime
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


def eligible(parcel: Parcel, rulebook: Rulebook) -> tuple[Eligibility, ...]:
    """Return for each simplified way out of the country on this channel whether it serves the parcel.

    None for a country whose export side is not known, and none where no way is written for the channel or destination.
    """
    origin = rulebook.origins.get(parcel.dispatch)
    if origin is None:
        return ()
    asked = _Asked(parcel, _Known(origin, parcel.on), rulebook.rates)
    return tuple(asked.eligibility(one) for one in origin.simplified if _concerns(one.scope, parcel))


def advise(parcel: Parcel, rulebook: Rulebook) -> tuple[Advisory, ...]:
    """Return what is to be said of the export of a parcel, with amounts in the currency of its value; never summed."""
    return _spoken(_leaving(parcel, rulebook), parcel, rulebook)


def of_quote(run: Run, rulebook: Rulebook, goods: int) -> tuple[Advisory, ...]:
    """Return the advisories of a quote; which rules may concern its way is settled for the lane.

    ``goods`` is the value of the goods in minor units of the quote's currency.
    """
    found, shipment = run.lane.leaving, run.shipment
    way = (shipment.dispatch.country, shipment.destination.country, shipment.channel, shipment.date)
    if found is None:
        found = run.lane.leaving = _leaving(Parcel(*way), rulebook)
    if found.known is None:
        return found.said
    codes = tuple([run.code(index) for index in range(len(run.items))])
    if found.asks_amounts:
        return _spoken(found, Parcel(*way, Money(goods, shipment.currency), run.gross_weight(), codes), rulebook)
    said = found.by_codes.get(codes)
    if said is None:
        said = found.by_codes[codes] = _spoken(found, Parcel(*way, hs=codes), rulebook)
        run.lane.settled.count()
    return said


class _Bounds(NamedTuple):
    """A limit on a day: its ends in kg or in minor units; ``None`` is an end nobody found."""

    exists: bool
    least: Fraction | int | None
    most: Fraction | int | None
    fact: Fact


class _Known:
    """The figures of a country on a day, read once; ``ready`` is what is said of parcels in the same words."""

    def __init__(self, origin: Origin, on: date) -> None:
        self._origin = origin
        self._on = on
        self._bounds: dict[tuple[str, str], _Bounds] = {}
        self._figures: dict[str, Fact | None] = {}
        self.ready: dict[str, Advisory] = {}

    def bounds(self, name: str, id_: str) -> _Bounds:
        """Return the ends of a limit of value or weight."""
        found = self._bounds.get((name, id_))
        if found is None:
            state, fact = self._origin.facts.at(id_, self._on)
            least, most = (fact.value if end is None else end for end in (fact.low, fact.high))
            found = _Bounds(state != "none", _as_asked(name, least, fact), _as_asked(name, most, fact), fact)
            self._bounds[name, id_] = found
        return found

    def figure(self, id_: str) -> Fact | None:
        """Return an amount or a rate that is known and in force."""
        if id_ not in self._figures:
            state, fact = self._origin.facts.at(id_, self._on)
            self._figures[id_] = fact if state == "in_force" and fact.value is not None else None
        return self._figures[id_]


@dataclass(frozen=True, slots=True)
class Leaving:
    """The rules that concern a way on a day; without ``known`` they ask nothing else of a parcel and say ``said``."""

    rules: tuple[ExportRegime | ExportAdvice, ...]
    said: tuple[Advisory, ...] = ()
    known: _Known | None = None
    # Whether value or weight decide what is said; where they do not, it is kept by the codes of the goods.
    asks_amounts: bool = True
    by_codes: dict[tuple[str, ...], tuple[Advisory, ...]] = field(default_factory=dict)


def _leaving(parcel: Parcel, rulebook: Rulebook) -> Leaving:
    origin = rulebook.origins.get(parcel.dispatch)
    if origin is None:
        return Leaving(())
    ways = tuple(one for one in origin.simplified if _concerns(one.scope, parcel))
    notes = tuple(
        one for one in origin.advisories if _concerns(one.scope, parcel) and _in_force(one.evidence, parcel.on)
    )
    if ways or any(_asks(one) for one in notes):
        scopes = [*(one.scope for one in ways), *(one.scope for one in notes)]
        asks = any(one.goods or one.weight for one in scopes) or any(one.rate for one in notes)
        return Leaving((*ways, *notes), known=_Known(origin, parcel.on), asks_amounts=asks)
    return Leaving(notes, tuple(Advisory(one.evidence.id, texts=one.message) for one in notes))


def _as_asked(name: str, end: Fraction | None, fact: Fact) -> Fraction | int | None:
    return end if end is None or name == "weight" else fixed_amount(end, fact.unit)


def _asks(advice: ExportAdvice) -> bool:
    """Whether an advice looks at more of a parcel than its way."""
    scope = advice.scope
    return bool(scope.hs or scope.hs_not or scope.goods or scope.weight or advice.rate or advice.amount)


def _spoken(found: Leaving, parcel: Parcel, rulebook: Rulebook) -> tuple[Advisory, ...]:
    if found.known is None:
        return found.said
    asked = _Asked(parcel, found.known, rulebook.rates)
    ways = [asked.eligibility(one) for one in found.rules if not isinstance(one, ExportAdvice)]
    said = [asked.of_way(one) for one in ways]
    if ways and all(one.verdict == "no" for one in ways):
        said.append(Advisory("export.ordinary"))
    notes = (asked.of_advice(one) for one in found.rules if isinstance(one, ExportAdvice))
    return (*said, *(one for one in notes if one is not None))


def _concerns(scope: Scope, parcel: Parcel) -> bool:
    return (
        (not scope.channels or parcel.channel in scope.channels)
        and (not scope.destinations or parcel.destination in scope.destinations)
        and parcel.destination not in scope.destinations_not
    )


def _in_force(evidence: Evidence, on: date) -> bool:
    return (evidence.since is None or evidence.since <= on) and (evidence.until is None or on <= evidence.until)


@dataclass(slots=True)
class _Asked:
    """One parcel before the rules of its country."""

    parcel: Parcel
    known: _Known
    rates: RateTable

    def eligibility(self, regime: ExportRegime) -> Eligibility:
        """Return whether a simplified way out serves the parcel."""
        found = [*self._limits(regime.scope), *self._codes(regime.scope)]
        against = tuple(reason for verdict, reason in found if verdict == "no")
        open_ = tuple(reason for verdict, reason in found if verdict == "unknown")
        if against:
            return Eligibility(regime, "no", against)
        return Eligibility(regime, "unknown" if open_ else "yes", open_)

    def of_way(self, found: Eligibility) -> Advisory:
        """Return what is said of a simplified way out."""
        regime = found.regime
        if found.verdict != "yes":
            return self._said_of_way(found)
        said = self.known.ready.get(regime.id)
        if said is None:
            said = self.known.ready[regime.id] = self._said_of_way(found)
        return said

    def _said_of_way(self, found: Eligibility) -> Advisory:
        regime = found.regime
        params = {"rule": regime.id}
        for language in LANGUAGES:
            params[f"name_{language}"] = regime.name[language]
            params[f"files_{language}"] = regime.files[language]
            params[f"why_{language}"] = " ".join(render(one.code, one.params, language)[0] for one in found.reasons)
        return Advisory(_SAYS[found.verdict], params, amount=self._cost(regime))

    def _cost(self, regime: ExportRegime) -> Money | None:
        return None if regime.cost is None else self._money(regime.cost)

    def of_advice(self, advice: ExportAdvice) -> Advisory | None:
        """Return the advice with its amount; one that perhaps concerns the parcel is said without."""
        said = self.known.ready.get(advice.evidence.id)
        if said is not None:
            return said
        if not _asks(advice):
            said = self.known.ready[advice.evidence.id] = Advisory(advice.evidence.id, texts=advice.message)
            return said
        verdicts = {verdict for verdict, _ in (*self._limits(advice.scope), *self._codes(advice.scope))}
        if "no" in verdicts:
            return None
        amount = None if "unknown" in verdicts else self._amount(advice)
        return Advisory(advice.evidence.id, texts=advice.message, amount=amount)

    def _amount(self, advice: ExportAdvice) -> Money | None:
        if advice.amount is not None:
            return self._money(advice.amount)
        goods = self.parcel.goods
        fact = None if advice.rate is None else self.known.figure(advice.rate)
        if goods is None or fact is None or fact.value is None:
            return None
        ratio = fact.ratio(fact.value)
        return Money(half_up(goods.minor * ratio.numerator, ratio.denominator), goods.currency)

    def _money(self, id_: str) -> Money | None:
        fact = self.known.figure(id_)
        return None if fact is None or fact.value is None else Money(fixed_amount(fact.value, fact.unit), fact.unit)

    def _limits(self, scope: Scope) -> list[tuple[Verdict, Reason]]:
        """Compare value and weight with their limits; a comparison that holds says nothing."""
        found = []
        for name, limit in (("value", scope.goods), ("weight", scope.weight)):
            if limit is not None:
                said = self._compared(name, limit)
                if said is not None:
                    found.append(said)
        return found

    def _compared(self, name: str, limit: Limit) -> tuple[Verdict, Reason] | None:
        exists, least, most, fact = self.known.bounds(name, limit.fact)
        if not exists:
            # There is no such limit on this day: nothing reaches it.
            return _said_of_limit("no", _BEYOND[name], fact) if limit.comparison in ("over", "at_least") else None
        if least is None or most is None:
            return _said_of_limit("unknown", "export.limit_unknown", fact)
        given = self._given(name, fact.unit)
        if given is None:
            return _said_of_limit("unknown", _ABSENT[name], fact)
        if name == "value" and given in (least, most):
            # A value that was converted may have been rounded onto the limit.
            given = self._exact_value(fact.unit)
        holds = _HOLDS[limit.comparison]
        first, last = holds(given, least), holds(given, most)
        if first != last:
            # Between two limits that sources give.
            return _said_of_limit("unknown", "export.limit_unknown", fact)
        return None if first else _said_of_limit("no", _BEYOND[name], fact)

    def _given(self, name: str, unit: str) -> Fraction | int | None:
        if name == "weight":
            return self.parcel.gross_kg
        goods = self.parcel.goods
        return None if goods is None else self.rates.convert_minor(goods.minor, goods.currency, unit)

    def _exact_value(self, unit: str) -> Fraction:
        goods = cast("Money", self.parcel.goods)
        return Fraction(goods.minor, units(goods.currency)) * self.rates.factor(goods.currency, unit) * units(unit)

    def _codes(self, scope: Scope) -> tuple[tuple[Verdict, Reason], ...]:
        return _said_of_codes(scope.hs, scope.hs_not, self.parcel.hs) if scope.hs or scope.hs_not else ()


@lru_cache(maxsize=4_096)
def _said_of_codes(
    hs: tuple[str, ...], hs_not: tuple[str, ...], codes: tuple[str, ...]
) -> tuple[tuple[Verdict, Reason], ...]:
    """Say whether goods are among those a rule is for; a code that is too short to tell is *unknown*.

    The same goods leave by the same rules time and again, whatever they are worth.
    """
    found = []
    if hs and not any(code.startswith(hs) for code in codes):
        perhaps = not codes or any(_may_begin(code, hs) for code in codes)
        found.append(_said_of_goods(hs, perhaps=perhaps))
    if hs_not:
        within = next((code for code in codes if code.startswith(hs_not)), None)
        if within is not None:
            found.append(_said_of_goods((within,), perhaps=False))
        elif not codes or any(_may_begin(code, hs_not) for code in codes):
            found.append(_said_of_goods(hs_not, perhaps=True))
    return tuple(found)


def _said_of_limit(verdict: Verdict, code: str, fact: Fact) -> tuple[Verdict, Reason]:
    return verdict, Reason(code, "info", {"limit": fact.shown()})


def _may_begin(code: str, prefixes: tuple[str, ...]) -> bool:
    return any(prefix.startswith(code) for prefix in prefixes)


def _said_of_goods(codes: tuple[str, ...], *, perhaps: bool) -> tuple[Verdict, Reason]:
    params = {"codes": ", ".join(codes)}
    if perhaps:
        return "unknown", Reason("export.goods_perhaps", "info", params)
    return "no", Reason("export.goods", "info", params)
