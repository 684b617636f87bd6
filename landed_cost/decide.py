"""Deciding whether, at what rate and with which exemptions a charge falls on goods of a kind.

A decision looks at no amount, so it is made once for all consignments of such goods under the law of a day.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from landed_cost.expressions import Expression
from landed_cost.goods import Candidate, preferred
from landed_cost.model import Reason, by_language
from landed_cost.money import plain
from landed_cost.rulebook.facts import Evidence, Fact, State
from landed_cost.rulebook.law import ChargeRule, Exemption, RateSource, Regime
from landed_cost.rulebook.logic import Answer, Test
from landed_cost.run import Doubt, Run

COLUMN: Final = {"low": 0, "typical": 1, "high": 2}
_ZERO: Final = Fraction(0)
# What a charge may be reckoned on that no claim changes.
_PARTS: Final = frozenset({"goods", "freight", "insurance", "customs_value", "invoice"})
# Where a rate is looked up by the line that goods are on.
_OF_LINE: Final = frozenset({"schedule", "by_key"})


@dataclass(slots=True)
class Resolved:
    """A rate of one item: low, typical and high as fractions (``None``: unbounded), or an expression of law."""

    evidence: Evidence
    text: str
    mode: str = "add"
    ratio: Fraction | None = None
    bounds: tuple[Fraction, Fraction, Fraction | None] | None = None
    expression: Expression | None = None


@dataclass(slots=True)
class Decision:
    """That and at what rate a charge falls on goods of a kind, and all that was learnt in deciding it.

    Kept by the law of the day, because it holds for every consignment of such goods: no amount enters it. ``when`` is
    what is still to be asked of the amounts, ``later`` the exemptions that look at them.
    """

    rule: ChargeRule
    when: Test | None
    rate: Resolved | None = None
    exemption: Exemption | None = None
    later: tuple[Exemption, ...] = ()
    uncertain: bool = False
    unbounded: bool = False
    used: Mapping[str, Evidence] = field(default_factory=dict)
    notes: tuple[Reason, ...] = ()
    # Whether the sums hang on what was learnt.
    is_unsure: bool = False
    # What is asked most, a bare percentage n/d of the customs value that falls whatever the amounts are: 2n, d and 2d.
    bare: tuple[int, int, int] | None = None
    # The same where it surely falls and nothing is to be said of it: the charge and, behind that, the rate's text and
    # its evidence.
    plain: tuple[ChargeRule, int, int, int, str, Evidence] | None = None
    # Whether a charge on the whole consignment hangs on what falls on its items, and whether on their lines.
    asks_items: bool = False
    asks_lines: bool = False

    def settle(self, falling: AbstractSet[str]) -> None:
        """Work out once what every reckoning asks; ``falling`` are the charges that may fall on such goods."""
        self.later = tuple(row for row in self.later if not row.when.must or row.when.must & falling)
        self.is_unsure = self.uncertain or self.unbounded
        rule, rate = self.rule, self.rate
        self.asks_items = rule.of.item_level or not _PARTS.issuperset(rule.base)
        of_line = rule.rate is not None and rule.rate.kind in _OF_LINE
        self.asks_lines = self.asks_items or rule.when.asks_others or rule.per == "hs6" or of_line
        if rate is None or rate.ratio is None or rate.mode != "add":
            return
        if rule.is_plain and rule.base == ("customs_value",) and not self.is_asked and self.exemption is None:
            n, d = rate.ratio.numerator, rate.ratio.denominator
            self.bare = (2 * n, d, 2 * d)
            if rule.rule is None and not self.is_unsure and not self.notes:
                self.plain = (rule, *self.bare, rate.text, rate.evidence)

    @property
    def is_asked(self) -> bool:
        """Whether amounts are still to be asked before the charge falls or is free."""
        return self.when is not None or bool(self.later)


def kept(run: Run, regime: Regime, index: int) -> tuple[tuple[int, Decision], ...]:
    """Return the decisions on goods like an item's (on the whole consignment for -1), made once and kept."""
    key: tuple[object, ...]
    if index < 0:
        known, key = run.lane.decisions, (id(regime), run.scenario)
    else:
        known, key = run.kinds[index].decisions, (id(regime), run.scenario, run.pick[index], run.claims[index])
    found = known.get(key)
    if found is None:
        found = known[key] = _decided(run, regime, index)
        run.lane.settled.count()
    return found


def _decided(run: Run, regime: Regime, index: int) -> tuple[tuple[int, Decision], ...]:
    rules = run.law.live(regime)
    found = tuple(
        (position, decision)
        for position, rule in enumerate(rules)
        if (rule.per == "item") is (index >= 0) and (decision := _decide(run, rule, index)) is not None
    )
    # An exemption that hangs on another charge is out of the question where that charge cannot fall.
    falling = {decision.rule.id for _, decision in found} | {rule.id for rule in rules if rule.per != "item"}
    for _, decision in found:
        decision.settle(falling)
    return found


def recall(run: Run, decision: Decision, index: int) -> None:
    """Bring back what was learnt when the decision was made."""
    run.uncertain |= decision.uncertain
    run.unbounded |= decision.unbounded
    if run.explain:
        run.used.update(decision.used)
        for one in decision.notes:
            run.note(one.code, one.level, one.params, None if one.item is None else index, one.rule)


def _decide(run: Run, rule: ChargeRule, index: int) -> Decision | None:
    """Decide one charge with everything written down, whatever this run itself wants to know."""
    outer = (run.explain, run.uncertain, run.unbounded, run.used, run.notes)
    run.explain, run.uncertain, run.unbounded, run.used, run.notes = True, False, False, {}, {}
    run.why.clear()
    found: Decision | None = None
    if holds(run, rule, rule.when.static(run, max(index, 0)), None if index < 0 else index):
        found = Decision(rule, rule.when.dynamic)
        if index >= 0 and rule.rate is not None:
            found.rate = rate_of(run, rule, rule.rate, index)
            if found.rate is None:
                found = None
            elif rule.exempt:
                rows = run.law.exemptions(rule)
                found.exemption = find_exemption(run, [row for row in rows if row.when.dynamic is None], index)
                found.later = tuple(row for row in rows if row.when.dynamic is not None)
    if found is not None:
        found.uncertain, found.unbounded = run.uncertain, run.unbounded
        found.used, found.notes = run.used, tuple(run.notes.values())
    run.explain, run.uncertain, run.unbounded, run.used, run.notes = outer
    return found


def holds(run: Run, rule: ChargeRule, answer: Answer, index: int | None) -> bool:
    """Decide a *perhaps* by the scenario: not charged when low, charged otherwise; and say what was not known."""
    if answer is not None:
        return answer
    run.uncertain = True
    run.say(run.why, index, rule.id)
    return run.scenario != "low"


def find_exemption(run: Run, rows: Iterable[Exemption], index: int) -> Exemption | None:
    """Return the row that frees the item: the first that surely holds, or in the low scenario one that perhaps does."""
    perhaps: Exemption | None = None
    doubts: list[tuple[Exemption, list[Doubt]]] = []
    for row in rows:
        run.why.clear()
        answer = row.when.test(run, index)
        if answer is False:
            continue
        if row.ask is not None:
            given = run.items[index].attributes.get(row.ask)
            if given == "no":
                continue
            if given is None:
                answer = None
        if answer is True:
            run.rest_on(row.evidence)
            return row
        perhaps = perhaps or row
        doubts.append((row, list(run.why)))
    # Only now: a row that surely frees the item leaves nothing to ask about the others.
    for row, why in doubts:
        run.uncertain = True
        _say_perhaps(run, row, why, index)
    return perhaps if run.scenario == "low" else None


def _say_perhaps(run: Run, row: Exemption, why: list[Doubt], index: int) -> None:
    run.rest_on(row.evidence)
    if row.ask is not None and row.question is not None and not run.items[index].attributes.get(row.ask):
        params = {"heading": row.evidence.heading or row.evidence.id, "attribute": row.ask}
        params |= by_language("question", row.question)
        run.note("exemption.asked", "estimated", params, index, row.evidence.id)
        return
    run.say(why, index, row.evidence.id)


def rate_of(run: Run, rule: ChargeRule, source: RateSource, index: int) -> Resolved | None:
    """Return the rate of a charge on an item, or ``None`` where it has none on this day or for such goods."""
    if source.kind == "schedule":
        return _schedule_rate(run, source.name, source.fallback, index)
    if source.kind == "fact":
        return _of_fact(run, *run.law.fact(source.name))
    if source.kind == "by_origin":
        return _of_group(run, run.law.group(source.name, "origin"), run.items[index].origin, "origin.absent", index)
    if source.kind == "by_region":
        group = run.law.group(source.name, "region")
        return _of_group(run, group, run.shipment.destination.region, "region.absent", index)
    return _by_key(run, rule, source, index)


def _of_fact(run: Run, state: State, fact: Fact) -> Resolved | None:
    if state == "none":
        return None
    run.rest_on(fact)
    if state == "in_force" and fact.value is not None:
        ratio = fact.ratio(fact.value)
        if fact.low is None and fact.high is None:
            return Resolved(fact, fact.shown(), fact.mode, ratio=ratio)
        if fact.varies:
            _say_by_maker(run, fact)
        else:
            say_conflicting(run, fact)
        low, high = _ends(state, fact)
        return Resolved(fact, fact.shown(), fact.mode, bounds=(low, ratio, high))
    if fact.varies:
        _say_by_maker(run, fact)
    else:
        say_unknown(run, fact, bounded=fact.high is not None)
    low, high = _ends(state, fact)
    text = "?" if high is None else span(low, high)
    return Resolved(fact, text, fact.mode, bounds=(low, low if high is None else high, high))


def _ends(state: State, fact: Fact) -> tuple[Fraction, Fraction | None]:
    """How low and how high a rate may be; an unknown one starts at nothing and may have no end."""
    value = fact.value if state == "in_force" else None
    low = value if fact.low is None else fact.low
    high = value if fact.high is None and not fact.varies else fact.high
    return fact.ratio(low or _ZERO), None if high is None else fact.ratio(high)


def _of_group(
    run: Run, group: Mapping[str, tuple[State, Fact]], selector: str | None, absent: str, index: int
) -> Resolved | None:
    """The member of a group that a selector picks; no selector: from the lowest member to the highest."""
    if selector is not None:
        found = group.get(selector) or group.get("*")
        return None if found is None else _of_fact(run, *found)
    run.uncertain = True
    run.note(absent, "estimated", {}, None if absent == "region.absent" else index)
    # An origin on no row of a list of origins pays nothing; a region always has its row.
    return _any_of(run, group, from_zero=absent != "region.absent" and "*" not in group)


def _any_of(run: Run, group: Mapping[str, tuple[State, Fact]], *, from_zero: bool) -> Resolved:
    """Return what any member of a group may come to: the highest is cited, and decides how it is reckoned."""
    ends = [(*_ends(state, fact), fact) for state, fact in group.values()]
    low = _ZERO if from_zero else min(found for found, _, _ in ends)
    endless = [fact for _, high, fact in ends if high is None]
    if endless:
        say_unknown(run, endless[0], bounded=False)
        return Resolved(endless[0], "?", endless[0].mode, bounds=(low, low, None))
    high, evidence = max(((high or _ZERO, fact) for _, high, fact in ends), key=lambda pair: pair[0])
    run.rest_on(evidence)
    return Resolved(evidence, span(low, high), evidence.mode, bounds=(low, high, high))


def _by_key(run: Run, rule: ChargeRule, source: RateSource, index: int) -> Resolved | None:
    run.why.clear()
    on_it, keys = run.list_key(source.list or "", index)
    if on_it is False:
        return None
    origin = run.items[index].origin
    members = run.law.group(source.name, "key").items()
    group = {key: found for key, found in members if not found[1].origin or origin in found[1].origin}
    if on_it is None:
        if not group:
            return None
        holds(run, rule, None, index)
        return _any_of(run, group, from_zero=True)
    found = [group[key] for key in keys if key in group]
    if not found:
        return None
    # A line under two headings pays the one with the higher rate, not their sum; one nobody knows may be the higher.
    return _of_fact(run, *max(found, key=lambda pair: _highest(*pair)))


def _highest(state: State, fact: Fact) -> tuple[bool, Fraction]:
    high = _ends(state, fact)[1]
    return high is None, high or _ZERO


def _schedule_rate(run: Run, column: str, fallback: str | None, index: int) -> Resolved | None:
    candidate = run.candidate(index)
    if column != "duty":
        run.uncertain |= len(run.candidates[index]) > 1
        return _extra_rate(run, candidate, column, fallback)
    claimed = _claimed_rate(run, candidate, index)
    if claimed is not None:
        return claimed
    run.uncertain |= len(run.candidates[index]) > 1
    expression = candidate.general
    if run.items[index].origin in run.law.destination.column2:
        expression = None if candidate.line is None else candidate.line.other
    return _of_expression(run, candidate, expression, candidate.evidence, index)


def _claimed_rate(run: Run, candidate: Candidate, index: int) -> Resolved | None:
    """The rate under the agreement that is claimed; ``None`` where none is, or where it gives this line nothing."""
    claim = run.claims[index]
    if claim is None:
        return None
    agreement = next(one for one in run.law.agreements if one.id == claim)
    given = preferred(candidate, agreement, run.law)
    if given is None:
        return None
    run.rest_on(agreement.evidence)
    if given.status in ("memory", "conflicting"):
        # The agreement may be well known and this country's rate under it not.
        run.note(f"rule.{given.status}", "estimated", agreement.evidence.said, rule=agreement.id)
    if not given.is_known:
        run.uncertain = True
        run.note("preference.line_unknown", "estimated", {}, index)
    expression = given.rates[COLUMN[run.scenario]]
    by_line = (candidate.line is not None and not given.by_row) or expression is None
    run.uncertain |= by_line and len(run.candidates[index]) > 1
    # A rate that the agreement's own row gives is cited as such; one of the schedule's special column by its line.
    evidence = candidate.evidence if by_line else agreement.evidence
    return _of_expression(run, candidate, expression or candidate.general, evidence, index)


def _of_expression(
    run: Run, candidate: Candidate, expression: Expression | None, evidence: Evidence, index: int
) -> Resolved:
    if expression is None:
        run.uncertain = run.unbounded = True
        params = {"code": candidate.code, "country": run.law.destination.country}
        run.note("duty.unknown", "refused", params, index)
        return Resolved(evidence, "?", bounds=(_ZERO, _ZERO, None))
    run.rest_on(evidence)
    if expression.ad_valorem is not None:
        return Resolved(evidence, expression.text, ratio=expression.ad_valorem)
    return Resolved(evidence, expression.text, expression=expression)


def _extra_rate(run: Run, candidate: Candidate, column: str, fallback: str | None) -> Resolved | None:
    """A national column beside the duty, such as Brazil's IPI."""
    value: Decimal | None = None
    if candidate.line is not None:
        text = candidate.line.extra.get(column)
        # NT (não tributado) is a line outside the tax: nothing is due, by law and not for want of a figure.
        value = Decimal(0) if text in ("NT", "") else None if text is None else Decimal(text)
    elif candidate.band is not None:
        value = candidate.band.extra.get(f"{column}_{candidate.column}", candidate.band.extra.get(column))
    if value is not None:
        return Resolved(candidate.evidence, f"{value.normalize():f}%", ratio=Fraction(value) / 100)
    return None if fallback is None else _of_fact(run, *run.law.fact(fallback))


def span(low: Fraction, high: Fraction) -> str:
    """Return from where to where a rate goes, in percent; one figure where both ends are the same.

    >>> span(Fraction("0.04"), Fraction("0.21")), span(Fraction("0.21"), Fraction("0.21"))
    ('4–21%', '21%')
    """
    return f"{plain(high * 100)}%" if low == high else f"{plain(low * 100)}–{plain(high * 100)}%"


def say_conflicting(run: Run, fact: Fact) -> None:
    """Say that sources disagree: there is the figure we hold for right, and how far the others go."""
    run.uncertain = True
    run.note("rule.conflicting", "estimated", fact.said, rule=fact.id)


def _say_by_maker(run: Run, fact: Fact) -> None:
    """Say that the rate hangs on who made the goods; without an upper end there is no answer at all."""
    run.uncertain = True
    level: Literal["estimated", "refused"] = "refused" if fact.high is None else "estimated"
    # The order is named, whatever the charge of all orders is called.
    run.note("rule.by_maker", level, by_language("order", fact.what), rule=fact.id)


def say_unknown(run: Run, fact: Fact, *, bounded: bool) -> None:
    """Say that nobody knows a figure; without an upper end there is no answer at all."""
    run.uncertain = True
    run.note("rule.unknown", "estimated" if bounded else "refused", fact.said, rule=fact.id)
