"""Simplified export of a parcel: eligible, not, or not known, with what each limit says and how well it is known.

The law is that of ``landed_cost.origins``. Here its answer is made fit to act on: a country or a way of which nothing
is written is *unknown*, never *no*; so is a verdict that a moved exchange rate could turn, and one on goods that may
need a permit. What rests on memory, on sources that differ or on old ones is a verdict with its doubts told.

>>> from datetime import date
>>> from fractions import Fraction
>>> from landed_cost import Money, load_rulebook
>>> from landed_cost.origins import Parcel
>>> parcel = Parcel("BR", "US", "postal", date(2026, 11, 28), Money(90_000, "USD"), Fraction("29.999"), ("610910",))
>>> found = judge(parcel, load_rulebook())
>>> found.verdict, [(one.id, one.verdict, [doubt.code for doubt in one.doubts]) for one in found.ways][0]
('yes', ('br.exporta_facil.list', 'yes', ['evidence_old']))
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from landed_cost.currencies import UnknownCurrencyError, units
from landed_cost.money import Money
from landed_cost.origins import advise, eligible
from landed_cost.rates import is_stale
from shopkit.sending.telling import Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from landed_cost.model import Texts
    from landed_cost.origins import Eligibility, Parcel, Verdict
    from landed_cost.rates import ExchangeRate
    from landed_cost.rulebook.book import Rulebook
    from landed_cost.rulebook.facts import Fact
    from landed_cost.rulebook.origins import ExportRegime, Origin

DRIFT: Final = Fraction(1, 10)
"""How far an old rate may have moved: a verdict that this could turn is none. A rule of the house, not of law."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of a way out and the parcel before it; ``given`` in the limit's unit, ``None`` where it is not known.

    ``over`` is by how much the parcel is beyond it: zero or less within, exact.
    """

    of: str
    comparison: str
    fact: Fact
    given: Fraction | None
    over: Fraction | None


@dataclass(frozen=True, slots=True)
class WayOut:
    """One simplified way out; ``reasons`` say why not, or what is missing; ``doubts`` what a verdict rests on."""

    id: str
    name: Texts
    verdict: Verdict
    reasons: tuple[Said, ...]
    doubts: tuple[Said, ...]
    limits: tuple[Limit, ...]
    files: Texts
    excludes: Texts | None

    @property
    def is_estimated(self) -> bool:
        """Whether the verdict rests on less than fresh evidence of the law."""
        return self.verdict != "unknown" and bool(self.doubts)


@dataclass(frozen=True, slots=True)
class Export:
    """Whether a parcel may leave by simplified export: *yes* by one way suffices, *no* needs all to say so.

    ``rate`` is the one that a value was converted by.
    """

    country: str
    channel: str
    verdict: Verdict
    reasons: tuple[Said, ...] = ()
    ways: tuple[WayOut, ...] = ()
    rate: ExchangeRate | None = None


def judge(parcel: Parcel, rulebook: Rulebook) -> Export:
    """Return whether a parcel may leave by simplified export, way by way."""
    origin = rulebook.origins.get(parcel.dispatch)
    if origin is None:
        return _unknown(parcel, "origin_unknown", country=parcel.dispatch)
    asked = _Asked(parcel, origin, rulebook)
    found = asked.ways()
    if not found:
        return _unknown(parcel, "nothing_written", country=parcel.dispatch)
    verdicts = Counter(one.verdict for one in found)
    verdict: Verdict = "yes" if verdicts["yes"] else "unknown" if verdicts["unknown"] else "no"
    return Export(parcel.dispatch, parcel.channel, verdict, (), found, asked.rate)


def _unknown(parcel: Parcel, code: str, **params: str) -> Export:
    return Export(parcel.dispatch, parcel.channel, "unknown", (Said(code, params),))


class _Asked:
    """One parcel before the simplified ways out of its country."""

    def __init__(self, parcel: Parcel, origin: Origin, rulebook: Rulebook) -> None:
        self._parcel = parcel
        self._origin = origin
        self._rulebook = rulebook
        self.rate: ExchangeRate | None = None

    def ways(self) -> tuple[WayOut, ...]:
        """Return what is to be said of each."""
        goods = self._parcel.goods
        if goods is not None and not self._convertible(goods):
            # Without a rate the value is as good as not given; that it was is said below.
            parcel = replace(self._parcel, goods=None)
        else:
            parcel = self._parcel
        found = eligible(parcel, self._rulebook)
        # Once as they are, and as they would be were an old rate a tenth higher or lower.
        moved = [eligible(_scaled(parcel, 1 + way * DRIFT), self._rulebook) for way in (-1, 1)]
        permits = tuple(Said("permit", {}, texts) for texts in self._permits())
        return tuple(
            self._way(one, {others[place].verdict for others in moved}, permits) for place, one in enumerate(found)
        )

    def _way(self, found: Eligibility, moved: set[Verdict], permits: tuple[Said, ...]) -> WayOut:
        regime = found.regime
        limits = tuple(self._limits(regime))
        rate = self._rate_of(limits)
        verdict = found.verdict
        reasons = [Said(one.code, one.params) for one in found.reasons if one.code != "export.value_absent"]
        if len(reasons) != len(found.reasons):
            reasons.append(self._without_value(limits))
        doubts = list(self._doubts(regime, limits))
        absent = [one for one in limits if not _is_dated(one.fact, self._parcel)]
        if rate is not None and is_stale(rate.date, self._parcel.on):
            said = {"day": rate.date.isoformat(), "base": rate.base, "quote": rate.quote}
            if verdict != "unknown" and moved != {verdict}:
                verdict, reasons = "unknown", [Said("rate_decides", said)]
            else:
                doubts.append(Said("rate_old", said))
        if absent:
            verdict = "unknown"
            reasons = [Said("day_unknown", {"day": self._parcel.on.isoformat()})]
        if permits and verdict == "yes":
            verdict, reasons = "unknown", list(permits)
        return WayOut(
            regime.id, regime.name, verdict, tuple(reasons), tuple(doubts), limits, regime.files, regime.excludes
        )

    def _limits(self, regime: ExportRegime) -> Iterator[Limit]:
        for of, limit in (("value", regime.scope.goods), ("weight", regime.scope.weight)):
            if limit is None:
                continue
            _, fact = self._origin.facts.at(limit.fact, self._parcel.on)
            given = self._parcel.gross_kg if of == "weight" else self._value(fact.unit)
            end = fact.value if fact.value is not None else fact.high
            over = None if given is None or end is None else given - end
            yield Limit(of, limit.comparison, fact, given, over)

    def _value(self, unit: str) -> Fraction | None:
        goods = self._parcel.goods
        if goods is None:
            return None
        try:
            factor = self._rulebook.rates.factor(goods.currency, unit)
        except UnknownCurrencyError:
            return None
        return Fraction(goods.minor, units(goods.currency)) * factor

    def _rate_of(self, limits: tuple[Limit, ...]) -> ExchangeRate | None:
        """Return the rate that a limit of value was compared by, ``None`` where it is in the same currency."""
        goods = self._parcel.goods
        for one in limits:
            if one.of == "value" and goods is not None and one.given is not None and one.fact.unit != goods.currency:
                self.rate = self._rulebook.rates.rate(goods.currency, one.fact.unit)
                return self.rate
        return None

    def _convertible(self, goods: Money) -> bool:
        limits = [one.scope.goods for one in self._origin.simplified if one.scope.goods is not None]
        facts = (self._origin.facts.at(one.fact, self._parcel.on)[1] for one in limits)
        return all(self._value(fact.unit) is not None or fact.unit == goods.currency for fact in facts)

    def _without_value(self, limits: tuple[Limit, ...]) -> Said:
        fact = next(one.fact for one in limits if one.of == "value")
        goods = self._parcel.goods
        if goods is None:
            return Said("export.value_absent", {"limit": fact.shown()})
        return Said("rate_missing", {"base": goods.currency, "quote": fact.unit, "limit": fact.shown()})

    def _doubts(self, regime: ExportRegime, limits: tuple[Limit, ...]) -> Iterator[Said]:
        """Yield what the way rests on where that is less than fresh evidence, each kind once."""
        if not limits:
            yield Said("undated", {"name": regime.id})
        said = set()
        for one in limits:
            fact = one.fact
            code = fact.status if fact.status in ("memory", "conflicting") else "old" if self._is_old(fact) else ""
            if code and code not in said:
                said.add(code)
                yield Said(f"evidence_{code}", {"day": str(fact.known_until or "")})

    def _is_old(self, fact: Fact) -> bool:
        return fact.is_stale(self._parcel.on)

    def _permits(self) -> list[Texts]:
        """Return what is said of goods that leave with a permit only, or perhaps."""
        kinds = {one.evidence.id for one in self._origin.advisories if one.kind == "prohibition" and one.scope.hs}
        said = advise(replace(self._parcel, goods=None), self._rulebook)
        return [one.texts for one in said if one.code in kinds and one.texts is not None]


def _scaled(parcel: Parcel, by: Fraction) -> Parcel:
    goods = parcel.goods
    return parcel if goods is None else replace(parcel, goods=Money(int(goods.minor * by), goods.currency))


def _is_dated(fact: Fact, parcel: Parcel) -> bool:
    """Whether a limit is written for the day; before its first day, or past its last, nobody knows of the way."""
    return fact.in_force(parcel.on)
