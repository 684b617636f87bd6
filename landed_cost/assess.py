"""One assessment: the charges of one regime on one consignment, in order, each line with how it came about."""

from collections.abc import Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Final, NamedTuple

from landed_cost.amounts import bounded, count_of, disputed, fixed, least
from landed_cost.decide import (
    COLUMN,
    Decision,
    Resolved,
    find_exemption,
    holds,
    kept,
    rate_of,
    recall,
)
from landed_cost.expressions import Expression
from landed_cost.measures import BROKER, Quantities
from landed_cost.model import Texts
from landed_cost.money import allocate, half_up, round_to
from landed_cost.rulebook.facts import Evidence
from landed_cost.rulebook.law import ChargeRule, Exemption, Regime
from landed_cost.run import Level, Run, customs_price

_ZERO: Final = Fraction(0)
# Makes a named tuple without the detour of its own constructor.
_new: Final = tuple.__new__


class Line(NamedTuple):
    """One charge on one item (or on the consignment: ``item`` is ``None``), in minor units of the law's currency."""

    rule: ChargeRule
    item: int | None
    amount: int
    base: int | None
    rate: str | None
    formula: str | Texts
    evidence: Evidence
    shares: list[int] | None = None
    exempt: bool = False


_SHARES: Final = Line._fields.index("shares")
# The place of a charge in the regime, the item (-1 for the whole consignment), the decision.
Step = tuple[int, int, Decision]
_ORDER: Final = itemgetter(0, 1)


def assess(run: Run, regime: Regime, only: Sequence[int] | None = None, *, whole: bool = True) -> list[Line]:
    """Return the lines of ``regime`` in order; zero lines stand for *free* and *exempt*, so that the law is shown.

    ``only``: the lines of those items and of the whole consignment, the amounts of the others standing as they are.
    Without ``whole`` those of the consignment are left out.
    """
    count, explain = len(run.items), run.explain
    indexes: Sequence[int] = range(count) if only is None else only
    if only is None:
        run.amounts = {}
    else:
        for known in run.amounts.values():
            for index in only:
                known[index] = 0
    lines: list[Line] = []
    for _, index, decision in _steps(run, regime, indexes, whole=whole):
        plain = decision.plain
        if plain is not None:
            # What is asked most, a bare percentage of the customs value rounded half up, goes without any detour.
            rule, twice, once, below, text, evidence = plain
            base = run.customs[index]
            amount = (base * twice + once) // below
            if explain:
                run.used.update(decision.used)
            formula = f"{run.text(base)} × {text}" if explain else ""
            line = _new(Line, (rule, index, amount, base, text, formula, evidence, None, False))
        elif not _falls(run, decision, index):
            continue
        elif index < 0:
            lines += _shared_line(run, decision.rule, share=explain or decision.rule.id in regime.counted)
            continue
        else:
            line = _item_line(run, decision, index)
        run.amounts.setdefault(line.rule.id, [0] * count)[index] = line.amount
        lines.append(line)
    return lines


def bare_sums(run: Run, regime: Regime, index: int) -> list[tuple[ChargeRule, int]] | None:
    """Return what falls on one item where each charge is a bare percentage or an exemption that asks no amount.

    ``None`` where some charge asks more: of other charges, of limits, of the scenario. What is exempt is left out.
    """
    base, sums = run.customs[index], []
    for _, decision in kept(run, regime, index):
        plain = decision.plain
        if plain is not None:
            rule, twice, once, below, _, _ = plain
            sums.append((rule, (base * twice + once) // below))
        elif decision.when is not None or decision.is_unsure or decision.exemption is None:
            return None
    return sums


def sum_on(run: Run, regime: Regime, index: int) -> int:
    """Return what falls on one item in a reckoning that is not written down, the amounts of the others standing.

    What was learnt in deciding it goes into the run, the lines are nobody's.
    """
    base, count, total = run.customs[index], len(run.items), 0
    for _, decision in kept(run, regime, index):
        bare = decision.bare
        if bare is not None:
            twice, once, below = bare
            amount = (base * twice + once) // below
            run.uncertain |= decision.uncertain
            run.unbounded |= decision.unbounded
        elif _falls(run, decision, index):
            amount = _item_line(run, decision, index).amount
        else:
            continue
        total += amount
        if decision.rule.id in regime.counted:
            run.amounts.setdefault(decision.rule.id, [0] * count)[index] = amount
    return total


def _exempt_line(rule: ChargeRule, index: int, exemption: Exemption) -> Line:
    evidence = exemption.evidence
    return Line(rule, index, 0, None, None, evidence.heading or evidence.what, evidence, exempt=True)


def _shared_line(run: Run, rule: ChargeRule, *, share: bool) -> list[Line]:
    """Return the line of a charge on the whole consignment, if it is due, its amount shared over the items."""
    line = _group_line(run, rule)
    if line is None:
        return []
    if share:
        shares = run.amounts[rule.id] = allocate(line.amount, _weights(run, rule))
        return [_new(Line, (*line[:_SHARES], shares, line.exempt))]
    return [line]


def _falls(run: Run, decision: Decision, index: int) -> bool:
    """Ask of the amounts what could not be asked of the goods, and of what falls bring back what was learnt."""
    if decision.when is not None:
        run.why.clear()
        answer = decision.when(run, max(index, 0))
        if not holds(run, decision.rule, answer, None if index < 0 else index):
            return False
    if decision.is_unsure or (run.explain and decision.notes):
        recall(run, decision, index)
    elif run.explain:
        run.used.update(decision.used)
    return True


def _steps(run: Run, regime: Regime, indexes: Sequence[int], *, whole: bool) -> Sequence[Step]:
    """Return what is to be reckoned under a regime, charge by charge in order: on each item, or on the whole (-1).

    That of all items and the whole, which every quote asks, is settled for such goods together.
    """
    if not whole and len(indexes) == 1:
        (index,) = indexes
        return [(position, index, decision) for position, decision in kept(run, regime, index)]
    if not whole or len(indexes) < len(run.items):
        return _sorted_steps(run, regime, indexes, whole=whole)
    lane = run.lane
    key = (id(regime), run.scenario, *map(id, run.kinds), *run.pick, *run.claims)
    found = lane.steps.get(key)
    if found is None:
        found = tuple(_sorted_steps(run, regime, indexes, whole=True))
        lane.keep(lane.steps, key, found)
    return found


def _sorted_steps(run: Run, regime: Regime, indexes: Sequence[int], *, whole: bool) -> list[Step]:
    steps = [(position, -1, decision) for position, decision in kept(run, regime, -1)] if whole else []
    for index in indexes:
        steps += [(position, index, decision) for position, decision in kept(run, regime, index)]
    steps.sort(key=_ORDER)
    return steps


def _counts(run: Run, rule: ChargeRule, index: int) -> bool:
    run.why.clear()
    return holds(run, rule, rule.of.test(run, index), index)


def _weights(run: Run, rule: ChargeRule) -> list[int]:
    """Value of the items that a charge on the consignment counts."""
    if rule.of.item_level:
        return [value if _counts(run, rule, i) else 0 for i, value in enumerate(run.customs)]
    return run.customs


def _item_line(run: Run, decision: Decision, index: int) -> Line:
    rule, exemption, rate = decision.rule, decision.exemption, decision.rate
    if exemption is None and decision.later:
        exemption = find_exemption(run, decision.later, index)
    if exemption is not None:
        return _exempt_line(rule, index, exemption)
    if rate is None:
        return _fixed_line(run, rule, index, 1)
    return _rated_line(run, rule, rate, _base(run, rule, index), index)


def _group_line(run: Run, rule: ChargeRule) -> Line | None:
    counted: Sequence[int] = range(len(run.items))
    if rule.of.item_level:
        counted = [i for i in counted if _counts(run, rule, i)]
        if not counted:
            return None
    if rule.per == "hs6":
        return _fixed_line(run, rule, None, len({run.code(i)[:6] for i in counted}))
    if rule.rate is None:
        return _fixed_line(run, rule, None, 1)
    rate = rate_of(run, rule, rule.rate, 0)
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
        elif name == "invoice":
            base += run.goods[index] + allocate(run.carriage_invoiced(), run.goods)[index]
        elif name in ("freight", "insurance"):
            whole: int = getattr(run, name)
            base += allocate(whole, run.goods)[index]
        else:
            # A charge that does not exist on this day adds nothing.
            base += run.amounts[name][index] if name in run.amounts else 0
    return base


def _fixed_line(run: Run, rule: ChargeRule, index: int | None, times: int) -> Line:
    state, fact, minor = run.law.fixed(rule.amount or "")
    run.rest_on(fact)
    each = fixed(run, state, fact, minor)
    if rule.by is None:
        whole, counted = run.to_local(each, fact.unit) * times, str(times) if times > 1 else ""
    else:
        count = count_of(run, rule, index)
        whole = run.to_local(half_up(each * count.numerator, count.denominator), fact.unit)
        counted = f"{run.number(count)} {rule.by}"
    amount = bounded(run, rule, whole)
    evidence = _cited(run, rule, fact)
    if not run.explain:
        return Line(rule, index, amount, None, None, "", evidence)
    each_shown = fact.shown()
    formula = f"{counted} × {each_shown}" if counted else each_shown
    return Line(rule, index, amount, None, each_shown, formula, evidence)


def _cited(run: Run, rule: ChargeRule, evidence: Evidence) -> Evidence:
    """The rule that a line cites: the one that the charge names, or what gave the figure; of a claim, the agreement."""
    if rule.rule is None or evidence.id in run.claims:
        return evidence
    state, fact = run.law.fact(rule.rule)
    if state == "none":
        return evidence
    run.rest_on(fact)
    return fact


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
            known = state != "unknown"
            taken = run.to_local(
                disputed(run, fact, minor, fact.high, fact.low) if known else least(run, fact), fact.unit
            )
            worth -= taken
            if run.explain:
                formula = f"{formula} − {run.text(taken)}"
    rounded = round_to(worth, rule.step, rule.mode)
    # What tops a total up never lowers it; what caps a total only ever does, as a line below zero.
    rounded = min(rounded, 0) if rate.mode == "total_at_most" else max(rounded, 0)
    final = bounded(run, rule, rounded)
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
        chosen = (low, typical, high)[COLUMN[run.scenario]]
        if high is None:
            run.unbounded = True
        ratio = typical if chosen is None else chosen
    if rule.inside:
        # A tax inside its own base: base = sum / (1 - rate), tax = base × rate.
        formula = f"{run.text(base)} ÷ (1 − {rate.text}) × {rate.text}" if run.explain else ""
        return base * ratio / (1 - ratio), formula
    return base * ratio, f"{run.text(base)} × {rate.text}" if run.explain else ""


def _expressed(run: Run, expression: Expression, base: int, index: int) -> tuple[Fraction, str]:
    known = run.evaluated.get((id(expression), base, index))
    if known is None:
        quantities = run.quantities.get(index)
        if quantities is None:
            item = run.items[index]
            quantities = Quantities(item.quantity, item.weight_kg, item.measures, customs_price(item).value)
            run.quantities[index] = quantities
        known = run.evaluated[id(expression), base, index] = expression, expression.evaluate(base, quantities)
    found = known[1]
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
