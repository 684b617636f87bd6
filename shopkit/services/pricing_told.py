"""The answer about a price as every door gives it: amounts as decimal strings, sentences in the reader's language."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money, half_up
from listings.pricing import SCENARIOS, endings, measure, nearest_that, percent
from listings.pricing.pieces import Trials
from listings.pricing.words import render

if TYPE_CHECKING:
    from landed_cost import Reason
    from listings.pricing import Endings, FeeSource, Jump, Line, MarketPlan, Plan, Priced, Sizes, Solution, Worksheet
    from listings.pricing.market import Course
    from listings.pricing.sizes import Size

Json = dict[str, Any]
_LOWEST: Final = frozenset({"margin", "in_hand"})
_CAUTIOUS: Final = {"margin": "high", "in_hand": "high", "landed": "high", "shelf": "high"}


def amount(minor: int | None, currency: str) -> str | None:
    """Return an amount as a decimal string, ``None`` for one that is not known."""
    return None if minor is None else Money(minor, currency).text


def share(value: Fraction | None) -> str | None:
    """Return a share in percent with two decimals, halves away from zero.

    >>> share(Fraction(1, 3))
    '33.33'
    """
    if value is None:
        return None
    return Money(half_up(value.numerator * 10_000, value.denominator), "USD").text


def answer(now: Priced, plan: Plan, quote: Json, language: str) -> Json:
    """Return what is told of the price as it is now."""
    own, shown = now.currency, now.quote.currency
    low, high = now.left_span
    item = plan.shipment.items[plan.item]
    rate = None if own == shown else plan.rates.rate(shown, own)
    return {
        "date": now.shipment.date.isoformat(),
        "currency": own,
        "outcome": now.outcome,
        "reasons": [reason(one, language) for one in now.reasons],
        "price": {"amount": str(item.unit_price.value), "currency": item.unit_price.currency},
        "in_hand": None
        if now.left is None
        else {"amount": amount(now.left, own), "low": amount(low, own), "high": amount(high, own)},
        "margin_percent": None
        if now.left is None
        else {
            "amount": share(now.margins["likely"]),
            "low": share(now.margins["high"]),
            "high": share(now.margins["low"]),
        },
        "lines": [line(one, own, language) for one in now.lines],
        "fixed_percent": None if not now.price else share(Fraction(now.fixed, now.price)),
        "charged": None if now.charged is None else {"amount": amount(now.charged, shown), "currency": shown},
        "exchange_rate": None
        if rate is None
        else {
            "from": rate.base,
            "to": rate.quote,
            "rate": f"{rate.rate.normalize():f}",
            "date": rate.date.isoformat(),
            "source": rate.source,
        },
        "shelf": shelf(now, language),
        "quote": quote,
    }


def reason(one: Reason, language: str) -> Json:
    """Return a reason with its sentence and the action that would settle it."""
    message, action = render(one.code, one.params, language)
    return {"code": one.code, "level": one.level, "message": message, "action": action}


def line(one: Line, currency: str, language: str) -> Json:
    """Return a line; a cost has the seller's own name, every other its name in the language."""
    name = one.name if one.name is not None else render(f"line.{one.id}", {}, language)[0]
    span = None
    if one.span is not None:
        ends = [amount(end, currency) for end in one.span]
        span = {"at_lowest_charges": ends[0], "at_highest_charges": ends[1]}
    return {
        "id": one.id,
        "name": name,
        "amount": amount(one.amount, currency),
        "formula": one.formula,
        "range": span,
        "source": None if one.source is None else source(one.source),
    }


def source(one: FeeSource) -> Json:
    """Return where the figure of a fee stands."""
    return {
        "title": one.title,
        "url": one.url,
        "as_of": None if one.as_of is None else one.as_of.isoformat(),
        "status": one.status,
    }


def shelf(now: Priced, language: str) -> Json | None:
    """Return the way from the importer's door to the shelf; the first and a last nameless step are ours to name."""
    if now.shelf is None:
        return None
    currency, found = now.quote.currency, now.shelf
    low, high = found.span
    steps = []
    for place, (name, minor, formula) in enumerate(found.steps):
        ours = "step.door" if place == 0 else "step.tax"
        steps.append(
            {
                "name": name or render(ours, {}, language)[0],
                "amount": amount(minor, currency),
                "formula": formula,
            }
        )
    return {
        "amount": amount(found.price, currency),
        "low": amount(low, currency),
        "high": amount(high, currency),
        "currency": currency,
        "steps": steps,
    }


def target(found: Solution, plan: Plan, language: str) -> Json:
    """Return the price that reaches a target, or that none does, with its stretches, jumps, and a price for a shop."""
    goal, to = found.target, found.currency
    prices = {one: amount(found.prices[one], to) for one in SCENARIOS}
    code, params = _said(found, plan)
    message, action = render(code, params, language)
    at = found.at
    return {
        "goal": goal.goal,
        "asked": share(goal.share) if goal.amount is None else goal.amount.text,
        "currency": None if goal.amount is None else goal.amount.currency,
        "price": {
            "amount": prices["likely"],
            "at_lowest_charges": prices["low"],
            "at_highest_charges": prices["high"],
            "currency": to,
        },
        "code": code,
        "message": message,
        "action": action,
        "in_hand": None if at is None else amount(at.left, at.currency),
        "margin_percent": None if at is None else share(at.margins["likely"]),
        "landed": None if at is None else amount(at.landed["likely"], at.quote.currency),
        "outcome": None if at is None else at.outcome,
        "reached": [{"from": amount(first, to), "to": amount(last, to)} for first, last in found.reached],
        "tried_to": amount(found.tried, to),
        "jumps": [jump(one, plan, to, language) for one in found.jumps],
        "ending": _ending(found, plan),
    }


def _said(found: Solution, plan: Plan) -> tuple[str, dict[str, str]]:
    likely, low, high = (found.prices[one] for one in ("likely", "low", "high"))
    money = {
        name: str(Money(minor, found.currency))
        for name, minor in (("price", likely), ("low", low), ("high", high))
        if minor is not None
    }
    if likely is not None:
        if low == likely == high:
            return "target.reached", money
        if low is None or high is None:
            return "target.unbounded", money
        ends = sorted((low, high))
        return "target.range", money | {
            "low": str(Money(ends[0], found.currency)),
            "high": str(Money(ends[1], found.currency)),
        }
    if found.best is None:
        return "target.refused", {}
    if found.target.goal not in _LOWEST:
        return "target.none_below", {}
    best = percent(found.best) if found.target.amount is None else str(Money(int(found.best), plan.currency))
    return "target.none", {"tried": str(Money(found.tried, found.currency)), "best": best}


def jump(one: Jump, plan: Plan, to: str, language: str) -> Json:
    """Return a price at which law changes what is due, before and after, and what comes and goes."""
    shown, own = plan.shipment.currency, plan.currency
    return {
        "below": amount(one.below, to),
        "above": amount(one.above, to),
        "landed": {"below": amount(one.landed[0], shown), "above": amount(one.landed[1], shown)},
        "in_hand": {"below": amount(one.left[0], own), "above": amount(one.left[1], own)},
        "comes": [{"id": id_, "name": name[language]} for id_, name in one.comes],
        "goes": [{"id": id_, "name": name[language]} for id_, name in one.goes],
    }


def _ending(found: Solution, plan: Plan) -> Json | None:
    """Return the nearest price as shops write them that still reaches the target, at the cautious charges if it can."""
    style: Endings | None = endings(found.currency)
    start = found.prices["high"] if found.prices["high"] is not None else found.prices["likely"]
    if style is None or start is None:
        return None
    scenario = "high" if found.prices["high"] is not None else "likely"
    trials, goal = Trials(plan), found.target
    aim = goal.share if goal.amount is None else Fraction(goal.amount.minor)
    up = goal.goal in _LOWEST

    def reaches(price: int) -> bool:
        priced = trials.at(price)
        come = None if priced is None else measure(priced, goal, scenario)  # type: ignore[arg-type]
        return come is not None and (come >= aim if up else come <= aim)

    price = nearest_that(style, start, up=up, reaches=reaches)
    if price is None:
        return None
    at = trials.at(price)
    return {
        "amount": amount(price, found.currency),
        "currency": found.currency,
        "in_hand": None if at is None else amount(at.left, plan.currency),
        "margin_percent": None if at is None else share(at.margins["likely"]),
        "landed": None if at is None else amount(at.landed["likely"], at.quote.currency),
        "as_of": style.as_of.isoformat(),
        "status": style.status,
        "source": style.source,
    }


def sizes(found: Sizes, now: Priced, freight: str) -> Json:
    """Return from which size on an order pays for itself."""
    own, shown = now.currency, now.quote.currency
    return {
        "freight": freight,
        "pays_from": found.first,
        "pays_from_at_highest_charges": found.first_sure,
        "loses_again": [{"from": first, "to": last} for first, last in found.losses],
        "tried_to": found.tried,
        "sizes": [_size(one, own, shown) for one in found.shown],
    }


def _size(one: Size, own: str, shown: str) -> Json:
    return {
        "units": one.units,
        "in_hand": amount(one.left, own),
        "fixed_percent": share(one.fixed_share),
        "landed": amount(one.landed, shown),
    }


def no_market() -> Json:
    """Return a worksheet of which nothing can be told, because nobody knows what an order leaves."""
    return {"known": False, "courses": [], "affordable": None, "worth_it": None, "uses": [], "needed_orders": None} | {
        "outlays": None, "spent": None, "currency": None, "in_hand_per_order": None,
    }  # fmt: skip


def market(found: Worksheet, plan: MarketPlan, currency: str) -> Json:
    """Return the worksheet: three courses, month by month, and the three questions."""
    return {
        "known": True,
        "currency": currency,
        "in_hand_per_order": {name: amount(minor, currency) for name, minor in zip(SCENARIOS, plan.left, strict=True)},
        "courses": [_course(one, plan, currency) for one in found.courses if one is not None],
        "affordable": found.affordable,
        "worth_it": found.worth_it,
        "uses": [
            {
                "name": one.name,
                "takes": amount(one.takes, currency),
                "gain": amount(one.gain, currency),
                "percent": share(one.share),
            }
            for one in found.uses
        ],
        "needed_orders": found.needed,
        "outlays": amount(found.outlays, currency),
        "spent": amount(found.spent, currency),
    }


def _course(one: Course, plan: MarketPlan, currency: str) -> Json:
    return {
        "case": one.case,
        "put_in": amount(one.put_in, currency),
        "back_in": None if one.back is None else _month(plan, one.back),
        "end": amount(one.end, currency),
        "worth_today": amount(one.worth, currency),
        "months": [
            {
                "month": _month(plan, month.month),
                "orders": month.orders,
                "inflow": amount(month.inflow, currency),
                "outflow": amount(month.outflow, currency),
                "total": amount(month.total, currency),
            }
            for month in one.months
        ],
    }


def _month(plan: MarketPlan, number: int) -> str:
    """Return a month of the calendar, as 2027-01."""
    months = plan.start.year * 12 + plan.start.month - 1 + number - 1
    return f"{months // 12:04}-{months % 12 + 1:02}"
