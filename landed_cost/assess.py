"""One assessment: the charges of one regime on one consignment, in order, each line with how it came about.

Everything is reckoned in whole minor units of the law's currency. What is not known is reckoned three times, for a
``low``, a ``typical`` and a ``high`` scenario; nothing is ever averaged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Final, Literal

from landed_cost.currencies import exponent
from landed_cost.expressions import Expression
from landed_cost.goods import Candidate, preferred
from landed_cost.measures import BROKER, Quantities
from landed_cost.model import Amount, Item, Reason, Shipment
from landed_cost.money import allocate, decimal_text, half_up, round_to, to_minor
from landed_cost.rates import RateTable
from landed_cost.rulebook.book import Law
from landed_cost.rulebook.conditions import Answer, Test
from landed_cost.rulebook.facts import Evidence, Fact, State, fixed_amount
from landed_cost.rulebook.law import ChargeRule, Exemption, RateSource, Regime

Scenario = Literal["low", "typical", "high"]
Level = Literal["info", "estimated", "refused"]
# Freight that is not given but taxed: from nothing to half of the goods. A stated guess, so that a range can be shown.
ASSUMED_FREIGHT: Final = Fraction(1, 2)
KEPT_DECISIONS: Final = 20_000
_ZERO: Final = Fraction(0)
# What the sentence of a doubt calls the thing that is not known.
_PARAMETER: Final = {"list.not_loaded": "list", "attribute.absent": "attribute", "rule.unknown": "what"}
_COLUMN: Final = {"low": 0, "typical": 1, "high": 2}


@dataclass(slots=True)
class Line:
    """One charge on one item (or on the consignment: ``item`` is ``None``), in minor units of the law's currency."""

    rule: ChargeRule
    item: int | None
    amount: int
    base: int | None
    rate: str | None
    formula: str
    evidence: Evidence
    shares: list[int] | None = None
    exempt: bool = False


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
class Run:
    """One reckoning of one consignment under one law, in one scenario, with one set of claims and lines."""

    shipment: Shipment
    law: Law
    rates: RateTable
    candidates: tuple[tuple[Candidate, ...], ...]
    prices: tuple[int, ...]
    # Price × quantity of each item as it was given: minor units of its own currency.
    given: tuple[tuple[int, str], ...]
    scenario: Scenario = "typical"
    pick: list[int] = field(default_factory=list)
    claims: list[str | None] = field(default_factory=list)
    explain: bool = False
    stay: Regime | None = None
    # Everything about the way and the parties that a condition can ask: what decisions are kept by.
    way: tuple[object, ...] = ()
    started: bool = False
    included: int = 0
    goods: list[int] = field(default_factory=list)
    customs: list[int] = field(default_factory=list)
    freight: int = 0
    insurance: int = 0
    amounts: dict[str, list[int]] = field(default_factory=dict)
    uncertain: bool = False
    unbounded: bool = False
    why: list[tuple[str, str]] = field(default_factory=list)
    used: dict[str, Evidence] = field(default_factory=dict)
    notes: dict[tuple[str, str | None, str], Reason] = field(default_factory=dict)
    # Pairs of currencies that an amount was converted between.
    converted: set[tuple[str, str]] = field(default_factory=set)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the consignment."""
        return self.shipment.items

    @property
    def currency(self) -> str:
        """The law's currency."""
        return self.law.destination.currency

    # -- what conditions ask ----------------------------------------------------------------------------------
    def candidate(self, index: int) -> Candidate:
        """The tariff line that this run takes an item for."""
        return self.candidates[index][self.pick[index]]

    def code(self, index: int) -> str:
        """The digits of that line."""
        return self.candidate(index).code

    def threshold(self, id_: str) -> tuple[int, str] | None:
        """Return a limit of law, and remember that the answer rests on it."""
        if self.explain:
            state, fact = self.law.fact(id_)
            if state != "none":
                self.used[fact.id] = fact
        return self.law.threshold(id_)

    def value_in(self, name: str, currency: str) -> int:
        """Return goods, customs value or freight of the consignment in minor units of ``currency``.

        Prices given in that very currency are summed as given, so that 40.00 + 10.00 USD is 50.00 USD whatever the
        rate of the law's own currency.
        """
        if name == "freight":
            return self._exact(self.freight, self.shipment.freight, currency)
        if name == "goods" or self.law.destination.basis == "FOB":
            return self._goods_in(currency)
        carried = self._exact(self.freight, self.shipment.freight, currency)
        return self._goods_in(currency) + carried + self._exact(self.insurance, self.shipment.insurance, currency)

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
            self.why.append(("list.not_loaded", rule.evidence.what))
        return on_it, () if key is None else (key,)

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
        return any(self.amounts[id_][index] > 0 for id_ in ids if id_ in self.amounts)

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

    def say(self, why: Iterable[tuple[str, str]], item: int | None, rule: str | None = None) -> None:
        """Say what was not known when a condition was asked."""
        for code, what in why:
            params = {_PARAMETER[code]: what} if code in _PARAMETER else {}
            self.note(code, "estimated", params, item, rule if code == "list.not_loaded" else None)

    def rest_on(self, evidence: Evidence) -> None:
        """Remember that the answer rests on a rule."""
        if self.explain:
            self.used[evidence.id] = evidence

    def text(self, minor: int) -> str:
        """An amount of the law's currency as text."""
        return decimal_text(minor, exponent(self.currency))

    def to_local(self, minor: int, currency: str) -> int:
        """Convert minor units of another currency into the law's."""
        return self._convert(minor, currency, self.currency)


def line_price(item: Item, price: Amount) -> int:
    """Return price × quantity of one item in minor units of the price's own currency, exact before it is rounded."""
    amount, per = price.value.as_integer_ratio()
    count, of = item.quantity.as_integer_ratio()
    return half_up(amount * count * 10 ** exponent(price.currency), per * of)


def customs_price(item: Item) -> Amount:
    """Return what a unit is worth to customs: the price, or the declared value of what has none."""
    return item.declared_value or item.unit_price


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
    used: tuple[Evidence, ...] = ()
    notes: tuple[Reason, ...] = ()


Step = tuple[int, int, Decision]


def assess(run: Run, regime: Regime) -> list[Line]:
    """Return the lines of ``regime`` in order; zero lines stand for *free* and *exempt*, so that the law is shown."""
    run.amounts = {}
    lines: list[Line] = []
    count = len(run.items)
    for _, index, decision in _steps(run, regime):
        rule = decision.rule
        if decision.when is not None:
            run.why.clear()
            if not _holds(run, rule, decision.when(run, max(index, 0)), None if index < 0 else index):
                continue
        if decision.notes or decision.used or decision.uncertain or decision.unbounded:
            _recall(run, decision, index)
        if index < 0:
            line = _group_line(run, rule)
            if line is not None:
                line.shares = run.amounts[rule.id] = allocate(line.amount, _weights(run, rule))
                lines.append(line)
            continue
        line = _item_line(run, decision, index)
        if line is not None:
            amounts = run.amounts.get(rule.id)
            if amounts is None:
                amounts = run.amounts[rule.id] = [0] * count
            amounts[index] = line.amount
            lines.append(line)
    return lines


def _steps(run: Run, regime: Regime) -> list[Step]:
    """Return what is to be reckoned under a regime, charge by charge in order: on each item, or on the whole (-1)."""
    steps = [(position, -1, decision) for position, decision in _kept(run, regime, -1)]
    for index in range(len(run.items)):
        steps += [(position, index, decision) for position, decision in _kept(run, regime, index)]
    steps.sort(key=_ORDER)
    return steps


_ORDER: Final = itemgetter(0, 1)


def _kept(run: Run, regime: Regime, index: int) -> tuple[tuple[int, Decision], ...]:
    """Return the decisions on goods like an item's (on the whole consignment for -1), made once and kept."""
    if index < 0:
        key: tuple[object, ...] = (id(regime), run.scenario, run.way)
    else:
        item, candidate = run.items[index], run.candidate(index)
        key = (
            id(regime),
            run.scenario,
            run.way,
            candidate.code,
            candidate.column if candidate.general is not None else None,
            item.origin,
            run.claims[index],
            frozenset(item.attributes.items()) if item.attributes else None,
            len(run.candidates[index]) > 1,
        )
    found = run.law.decisions.get(key)
    if found is None:
        if len(run.law.decisions) >= KEPT_DECISIONS:
            run.law.decisions.clear()
        found = run.law.decisions[key] = tuple(
            (position, decision)
            for position, rule in enumerate(run.law.live(regime))
            if (rule.per == "item") is (index >= 0) and (decision := _decide(run, rule, index)) is not None
        )
    return found


def _recall(run: Run, decision: Decision, index: int) -> None:
    """Bring back what was learnt when the decision was made."""
    run.uncertain |= decision.uncertain
    run.unbounded |= decision.unbounded
    if run.explain:
        for evidence in decision.used:
            run.used[evidence.id] = evidence
        for one in decision.notes:
            run.note(one.code, one.level, one.params, None if one.item is None else index, one.rule)


def _decide(run: Run, rule: ChargeRule, index: int) -> Decision | None:
    """Decide one charge with everything written down, whatever this run itself wants to know."""
    outer = (run.explain, run.uncertain, run.unbounded, run.used, run.notes)
    run.explain, run.uncertain, run.unbounded, run.used, run.notes = True, False, False, {}, {}
    run.why.clear()
    found: Decision | None = None
    if _holds(run, rule, rule.when.static(run, max(index, 0)), None if index < 0 else index):
        found = Decision(rule, rule.when.dynamic)
        if index >= 0 and rule.amount is None:
            found.rate = _rate(run, rule, index)
            if found.rate is None:
                found = None
            elif rule.exempt:
                rows = run.law.exemptions(rule)
                found.exemption = _exemption(run, [row for row in rows if row.when.dynamic is None], index)
                found.later = tuple(row for row in rows if row.when.dynamic is not None)
    if found is not None:
        found.uncertain, found.unbounded = run.uncertain, run.unbounded
        found.used, found.notes = tuple(run.used.values()), tuple(run.notes.values())
    run.explain, run.uncertain, run.unbounded, run.used, run.notes = outer
    return found


def _counts(run: Run, rule: ChargeRule, index: int) -> bool:
    run.why.clear()
    return _holds(run, rule, rule.of.test(run, index), index)


def _weights(run: Run, rule: ChargeRule) -> list[int]:
    """Value of the items that a charge on the consignment counts."""
    if rule.of.item_level:
        return [value if _counts(run, rule, i) else 0 for i, value in enumerate(run.customs)]
    return run.customs


def _holds(run: Run, rule: ChargeRule, answer: Answer, index: int | None) -> bool:
    """Decide a *perhaps* by the scenario: not charged when low, charged otherwise; and say what was not known."""
    if answer is not None:
        return answer
    run.uncertain = True
    run.say(run.why, index, rule.id)
    return run.scenario != "low"


def _item_line(run: Run, decision: Decision, index: int) -> Line | None:
    rule, exemption = decision.rule, decision.exemption
    if exemption is None and decision.later:
        exemption = _exemption(run, decision.later, index)
    if exemption is not None:
        evidence = exemption.evidence
        return Line(rule, index, 0, None, None, evidence.heading or evidence.what, evidence, exempt=True)
    if decision.rate is None:
        return _fixed_line(run, rule, index, 1)
    return _rated_line(run, rule, decision.rate, _base(run, rule, index), index)


def _group_line(run: Run, rule: ChargeRule) -> Line | None:
    counted: Sequence[int] = range(len(run.items))
    if rule.of.item_level:
        counted = [i for i in counted if _counts(run, rule, i)]
        if not counted:
            return None
    if rule.per == "hs6":
        return _fixed_line(run, rule, None, len({run.code(i)[:6] for i in counted}))
    if rule.amount is not None:
        return _fixed_line(run, rule, None, 1)
    rate = _rate(run, rule, 0)
    if rate is None:
        return None
    return _rated_line(run, rule, rate, sum(_base(run, rule, i) for i in counted), None)


def _base(run: Run, rule: ChargeRule, index: int) -> int:
    base = 0
    for name in rule.base:
        if name == "customs_value":
            base += run.customs[index]
        elif name == "goods":
            base += run.goods[index]
        elif name in ("freight", "insurance"):
            whole: int = getattr(run, name)
            base += allocate(whole, run.goods)[index]
        else:
            # A charge that does not exist on this day adds nothing.
            base += run.amounts[name][index] if name in run.amounts else 0
    return base


def _fixed_line(run: Run, rule: ChargeRule, index: int | None, times: int) -> Line | None:
    state, fact, minor = run.law.fixed(rule.amount or "")
    if state == "none":
        return None
    run.rest_on(fact)
    if state == "unknown":
        minor = _unknown_amount(run, fact)
    each = run.to_local(minor, fact.unit)
    amount = _bounded(run, rule, each * times)
    formula = f"{times} × {fact.shown()}" if times > 1 else fact.shown()
    return Line(rule, index, amount, None, fact.shown(), formula if run.explain else "", _cited(run, rule, fact))


def _unknown_amount(run: Run, fact: Fact) -> int:
    """A fixed amount nobody knows: its bounds if the fact has some, else the answer has no upper end."""
    _say_unknown(run, fact, bounded=fact.high is not None)
    if fact.high is None:
        run.unbounded = True
    high = fact.low if fact.high is None else fact.high
    value = fact.low if run.scenario == "low" else high
    return fixed_amount(value or _ZERO, fact.unit)


def _say_unknown(run: Run, fact: Fact, *, bounded: bool) -> None:
    """Say that nobody knows a figure; without an upper end there is no answer at all."""
    run.uncertain = True
    run.note("rule.unknown", "estimated" if bounded else "refused", {"what": fact.what}, rule=fact.id)


def _cited(run: Run, rule: ChargeRule, evidence: Evidence) -> Evidence:
    """The rule that a line cites: the one that the charge names, or the one that gave the figure."""
    if rule.rule is None:
        return evidence
    state, fact = run.law.fact(rule.rule)
    if state == "none":
        return evidence
    run.rest_on(fact)
    return fact


def _exemption(run: Run, rows: Iterable[Exemption], index: int) -> Exemption | None:
    """Return the row that frees the item: the first that surely holds, or in the low scenario one that perhaps does."""
    perhaps: Exemption | None = None
    doubts: list[tuple[Exemption, list[tuple[str, str]]]] = []
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


def _say_perhaps(run: Run, row: Exemption, why: list[tuple[str, str]], index: int) -> None:
    run.rest_on(row.evidence)
    if row.ask is not None and row.question is not None and not run.items[index].attributes.get(row.ask):
        params = {"heading": row.evidence.heading or row.evidence.id, "attribute": row.ask}
        params |= {f"question_{language}": text for language, text in row.question.items()}
        run.note("exemption.asked", "estimated", params, index, row.evidence.id)
        return
    run.say(why, index, row.evidence.id)


# -- rates ----------------------------------------------------------------------------------------------------


def _rate(run: Run, rule: ChargeRule, index: int) -> Resolved | None:
    source = rule.rate
    if source is None:
        return None
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
        # Sources disagree: the figure we hold for right, and how far the others go.
        run.uncertain = True
        run.note("rule.conflicting", "estimated", {"what": fact.what}, rule=fact.id)
        low, high = _ends(state, fact)
        return Resolved(fact, fact.shown(), fact.mode, bounds=(low, ratio, high))
    _say_unknown(run, fact, bounded=fact.high is not None)
    low, high = _ends(state, fact)
    text = "?" if high is None else f"{_plain(low * 100)}–{_plain(high * 100)}%"
    return Resolved(fact, text, fact.mode, bounds=(low, low if high is None else high, high))


def _ends(state: State, fact: Fact) -> tuple[Fraction, Fraction | None]:
    """How low and how high a rate may be; an unknown one starts at nothing and may have no end."""
    value = fact.value if state == "in_force" else None
    low = value if fact.low is None else fact.low
    high = value if fact.high is None else fact.high
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
        _say_unknown(run, endless[0], bounded=False)
        return Resolved(endless[0], "?", endless[0].mode, bounds=(low, low, None))
    high, evidence = max(((high or _ZERO, fact) for _, high, fact in ends), key=lambda pair: pair[0])
    run.rest_on(evidence)
    return Resolved(evidence, f"{_plain(low * 100)}–{_plain(high * 100)}%", evidence.mode, bounds=(low, high, high))


def _by_key(run: Run, rule: ChargeRule, source: RateSource, index: int) -> Resolved | None:
    run.why.clear()
    on_it, keys = run.list_key(source.list or "", index)
    if on_it is False:
        return None
    group = run.law.group(source.name, "key")
    if on_it is None:
        _holds(run, rule, None, index)
        return _any_of(run, group, from_zero=True) if group else None
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
    if not given.is_known:
        run.uncertain = True
        run.note("preference.line_unknown", "estimated", {}, index)
    expression = given.rates[_COLUMN[run.scenario]]
    by_line = candidate.line is not None or expression is None
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


def _rated_line(run: Run, rule: ChargeRule, rate: Resolved, base: int, index: int | None) -> Line:
    if rate.ratio is not None and rule.is_plain and rate.mode == "add":
        # The common case, a percentage rounded half up to the smallest unit, without building fractions.
        amount = half_up(base * rate.ratio.numerator, rate.ratio.denominator)
        formula = f"{run.text(base)} × {rate.text}" if run.explain else ""
        return Line(rule, index, amount, base, rate.text, formula, _cited(run, rule, rate.evidence))
    worth, formula = _worth(run, rule, rate, base, index)
    if rate.mode != "add":
        counted = sum(
            run.amounts[id_][index] if index is not None else sum(run.amounts[id_])
            for id_ in rule.total_with
            if id_ in run.amounts
        )
        worth -= counted
        if run.explain:
            formula = f"{formula} − {run.text(counted)}"
    if rule.deduct is not None:
        state, fact, minor = run.law.fixed(rule.deduct)
        if state != "none":
            run.rest_on(fact)
            taken = run.to_local(_least(run, fact) if state == "unknown" else minor, fact.unit)
            worth -= taken
            if run.explain:
                formula = f"{formula} − {run.text(taken)}"
    rounded = max(round_to(worth, rule.step, rule.mode), 0)
    final = _bounded(run, rule, rounded)
    if run.explain and final != rounded:
        formula = f"{formula} → {run.text(final)}"
    return Line(rule, index, final, base, rate.text, formula, _cited(run, rule, rate.evidence))


def _worth(run: Run, rule: ChargeRule, rate: Resolved, base: int, index: int | None) -> tuple[Fraction, str]:
    """Return the unrounded amount of a rate on a base, and the formula."""
    if rate.expression is not None:
        return _expressed(run, rate.expression, base, index or 0)
    ratio = rate.ratio
    if ratio is None:
        low, typical, high = rate.bounds or (_ZERO, _ZERO, None)
        chosen = (low, typical, high)[_COLUMN[run.scenario]]
        if high is None:
            run.unbounded = True
        ratio = typical if chosen is None else chosen
    if rule.inside:
        # A tax inside its own base: base = sum / (1 - rate), tax = base × rate.
        formula = f"{run.text(base)} ÷ (1 − {rate.text}) × {rate.text}" if run.explain else ""
        return base * ratio / (1 - ratio), formula
    return base * ratio, f"{run.text(base)} × {rate.text}" if run.explain else ""


def _expressed(run: Run, expression: Expression, base: int, index: int) -> tuple[Fraction, str]:
    item = run.items[index]
    quantities = Quantities(item.quantity, item.weight_kg, item.measures, customs_price(item).value)
    found = expression.evaluate(base, quantities)
    if not found.exact:
        run.uncertain = True
        level: Level = "refused" if found.high is None else "estimated"
        if BROKER in found.missing:
            run.note("charge.uncomputable", level, {"rate": expression.text}, index)
        else:
            params = {"rate": expression.text, "measures": ", ".join(found.missing)}
            run.note("measure.missing", level, params, index)
    if found.high is None:
        run.unbounded = True
        return found.low, found.formula
    return found.low if run.scenario == "low" else found.high, found.formula


def _bounded(run: Run, rule: ChargeRule, amount: int) -> int:
    """Hold an amount between the rule's least and most."""
    if rule.at_least is not None:
        state, fact, minor = run.law.fixed(rule.at_least)
        if state != "none":
            run.rest_on(fact)
            least = _unknown_amount(run, fact) if state == "unknown" else minor
            amount = max(amount, run.to_local(least, fact.unit))
    if rule.at_most is not None:
        state, fact, minor = run.law.fixed(rule.at_most)
        if state != "none":
            run.rest_on(fact)
            most = _cap(run, fact) if state == "unknown" else minor
            amount = amount if most is None else min(amount, run.to_local(most, fact.unit))
    return amount


def _least(run: Run, fact: Fact) -> int:
    """What an unknown relief takes off: as much as it may when low, as little as it must otherwise."""
    _say_unknown(run, fact, bounded=True)
    high = fact.low if fact.high is None else fact.high
    value = high if run.scenario == "low" else fact.low
    return fixed_amount(value or _ZERO, fact.unit)


def _cap(run: Run, fact: Fact) -> int | None:
    """An unknown upper limit: its lowest when low, its highest otherwise; nothing is capped where it has none."""
    _say_unknown(run, fact, bounded=True)
    value = (fact.low or _ZERO) if run.scenario == "low" else fact.high
    return None if value is None else fixed_amount(value, fact.unit)


def _plain(number: Fraction) -> str:
    """A number as people write it, without needless zeros."""
    return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"
