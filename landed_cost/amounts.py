"""Amounts that law fixes: what counts them, what nobody knows of them or disputes, and the limits of a charge."""

from fractions import Fraction
from typing import Final

from landed_cost.decide import say_conflicting, say_unknown
from landed_cost.measures import DRINKS
from landed_cost.rulebook.facts import Fact, State, fixed_amount
from landed_cost.rulebook.law import ChargeRule
from landed_cost.run import Run

_ZERO: Final = Fraction(0)


def count_of(run: Run, rule: ChargeRule, index: int | None) -> Fraction:
    """Return how many pairs, kilos or gallons an amount is counted by: of the item, or of the whole parcel.

    Without a weight it is from nothing to the most that the rule presumes; where it presumes none there is no answer.
    """
    if rule.by == "pair":
        return run.pairs(index or 0)
    if rule.by is not None and rule.by in DRINKS:
        return _drinks(run, rule, rule.by, index or 0)
    kilos = run.gross_weight() if index is None else run.net_weight(index)
    if kilos is not None:
        return kilos
    run.uncertain = True
    most = None if rule.by_most is None else run.law.fact(rule.by_most)[1]
    if most is None or most.value is None:
        run.unbounded = True
        run.note("weight.absent", "refused", item=index)
        return _ZERO
    run.note("weight.absent", "estimated", item=index)
    run.rest_on(most)
    return _ZERO if run.scenario == "low" else most.value


def _drinks(run: Run, rule: ChargeRule, by: str, index: int) -> Fraction:
    """Return how much of a drink an item is; without its measures nothing bounds the charge from above."""
    count, missing = run.drinks(by, index)
    if count is not None:
        return count
    run.uncertain = run.unbounded = True
    shown = f"{run.law.fixed(rule.amount or '')[1].shown()} / {by}"
    run.note("measure.missing", "refused", {"rate": shown, "measures": ", ".join(missing)}, index)
    return _ZERO


def fixed(run: Run, state: State, fact: Fact, minor: int) -> int:
    """A fixed amount in minor units of its own currency: where it is unknown or in dispute, by the scenario."""
    if state == "unknown":
        return _unknown_amount(run, fact)
    return disputed(run, fact, minor, fact.low, fact.high)


def disputed(run: Run, fact: Fact, minor: int, low: Fraction | None, high: Fraction | None) -> int:
    """The figure we hold for right, or in the low and the high scenario how far other sources go.

    A row that ends as unknown has its bounds for the days after, unless it is the figure itself that is in dispute.
    """
    for_after = fact.then == "unknown" and fact.status != "conflicting"
    if for_after or (low is None and high is None):
        return minor
    say_conflicting(run, fact)
    end = {"low": low, "high": high}.get(run.scenario)
    return minor if end is None else fixed_amount(end, fact.unit)


def _unknown_amount(run: Run, fact: Fact) -> int:
    """A fixed amount nobody knows: its bounds if the fact has some, else the answer has no upper end."""
    say_unknown(run, fact, bounded=fact.high is not None)
    if fact.high is None:
        run.unbounded = True
    high = fact.low if fact.high is None else fact.high
    value = fact.low if run.scenario == "low" else high
    return fixed_amount(value or _ZERO, fact.unit)


def bounded(run: Run, rule: ChargeRule, amount: int) -> int:
    """Hold an amount between the rule's least and most."""
    if rule.at_least is not None:
        state, fact, minor = run.law.fixed(rule.at_least)
        if state != "none":
            run.rest_on(fact)
            amount = max(amount, run.to_local(fixed(run, state, fact, minor), fact.unit))
    if rule.at_most is not None:
        state, fact, minor = run.law.fixed(rule.at_most)
        if state != "none":
            run.rest_on(fact)
            known = state != "unknown"
            most = disputed(run, fact, minor, fact.low, fact.high) if known else _cap(run, fact)
            amount = amount if most is None else min(amount, run.to_local(most, fact.unit))
    return amount


def least(run: Run, fact: Fact) -> int:
    """What an unknown relief takes off: as much as it may when low, as little as it must otherwise."""
    say_unknown(run, fact, bounded=True)
    high = fact.low if fact.high is None else fact.high
    value = high if run.scenario == "low" else fact.low
    return fixed_amount(value or _ZERO, fact.unit)


def _cap(run: Run, fact: Fact) -> int | None:
    """An unknown upper limit: its lowest when low, its highest otherwise; nothing is capped where it has none."""
    say_unknown(run, fact, bounded=True)
    value = (fact.low or _ZERO) if run.scenario == "low" else fact.high
    return None if value is None else fixed_amount(value, fact.unit)
