"""From a price to what is left of it: each step once, named, with its formula, in the seller's own currency.

Each line is exact until it is rounded, half up, to the seller's smallest unit; what is left is the sum of the rounded
lines, so that a table adds up. The margin is what is left as a share of the price of the goods.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from landed_cost import Reason
from landed_cost.currencies import units
from landed_cost.money import Money, half_up
from landed_cost.rates import is_stale
from listings.pricing.model import SCENARIOS, Cost, Line, Plan, Priced, Scenario, Shelf, Step

if TYPE_CHECKING:
    from landed_cost import Charge, Quote, Shipment
    from listings.pricing.model import FeeSource, Outcome

_YEAR_DAYS: Final = 365
# Under these terms the buyer pays the carrier: the freight never passes through the seller's hands.
_FREIGHT_BY_BUYER: Final = frozenset({"EXW", "FCA", "FOB"})
# From here on fees that do not grow with the order are worth a word.
_HEAVY: Final = Fraction(15, 100)
_Draft = tuple[str, str | None, Fraction, str, "FeeSource | None"]


def price(plan: Plan, shipment: Shipment | None = None) -> Priced:
    """Return what is left of a price, step by step; ``shipment`` stands in for that of the plan."""
    sent = plan.shipment if shipment is None else shipment
    return reckon(plan, sent, plan.ask(sent))


def reckon(plan: Plan, sent: Shipment, quote: Quote) -> Priced:
    """Return what is left of a price whose cost at the door is known."""
    # What is left is held in the seller's own currency, also where nothing can be told of the way there.
    desk = _Desk(plan, sent, quote)
    reasons = [one for one in quote.reasons if one.level != "info"]
    outcome: Outcome = quote.outcome
    landed: dict[Scenario, int | None] = dict.fromkeys(SCENARIOS)
    if outcome == "refused":
        return _untold(plan, sent, quote, outcome, reasons, landed)
    landed = {one: _landed(quote, one) for one in SCENARIOS}
    reasons += desk.reasons()
    if any(one.level == "estimated" for one in reasons):
        outcome = "estimated"
    drafts = {one: desk.drafts(one) for one in SCENARIOS}
    likely = drafts["likely"]
    if likely is None:
        return _untold(plan, sent, quote, outcome, reasons, landed)
    lines = tuple(_line(index, drafts) for index in range(len(likely)))
    left = {one: None if found is None else sum(_round(draft[2]) for draft in found) for one, found in drafts.items()}
    fixed = -sum(line.amount for line in lines if line.id == "cost.order")
    whole, span = lines[0].amount, (left["high"], left["low"])
    reasons += _warnings(left, fixed, whole, plan.currency)
    return Priced(
        shipment=sent,
        quote=quote,
        currency=plan.currency,
        outcome=outcome,
        reasons=tuple(reasons),
        lines=lines,
        price=whole,
        left=left["likely"],
        left_span=span,
        fixed=fixed,
        charged=desk.charged("likely"),
        landed=landed,
        margins={one: _margin(found) for one, found in drafts.items()},
        shelf=_shelf(plan, sent, quote, landed),
    )


def _untold(  # what is known of a price of which nothing is told
    plan: Plan,
    sent: Shipment,
    quote: Quote,
    outcome: Outcome,
    reasons: list[Reason],
    landed: dict[Scenario, int | None],
) -> Priced:
    nothing: dict[Scenario, Fraction | None] = dict.fromkeys(SCENARIOS)
    return Priced(
        sent, quote, plan.currency, outcome, tuple(reasons), (), None, None, (None, None), 0, None, landed, nothing
    )


def _margin(found: list[_Draft] | None) -> Fraction | None:
    """Return what is left as a share of the price, which stands first, before any rounding."""
    if found is None or not found[0][2]:
        return None
    return sum((draft[2] for draft in found), Fraction(0)) / found[0][2]


def _landed(quote: Quote, scenario: Scenario) -> int | None:
    low, high = quote.ranges["landed"]
    return {"low": low, "likely": quote.totals.landed, "high": high}[scenario]


def _round(value: Fraction) -> int:
    return half_up(value.numerator, value.denominator)


def _line(index: int, drafts: dict[Scenario, list[_Draft] | None]) -> Line:
    likely, low, high = drafts["likely"], drafts["low"], drafts["high"]
    id_, name, exact, formula, source = (likely or [])[index]
    amount = _round(exact)
    ends = tuple(None if found is None else _round(found[index][2]) for found in (low, high))
    span = None if ends == (amount, amount) else (ends[0], ends[1])
    return Line(id_, name, amount, formula, source, span)


def _warnings(left: dict[Scenario, int | None], fixed: int, whole: int, currency: str) -> list[Reason]:
    found = []
    likely = left["likely"]
    worst = left["high"]
    if likely is not None and likely < 0:
        found.append(Reason("pricing.below_cost", "info", {"amount": str(Money(-likely, currency))}))
    elif worst is None:
        found.append(Reason("pricing.may_be_unbounded", "info"))
    elif worst < 0:
        found.append(Reason("pricing.may_be_below_cost", "info", {"amount": str(Money(-worst, currency))}))
    if whole > 0 and Fraction(fixed, whole) >= _HEAVY:
        found.append(Reason("pricing.fixed_heavy", "info", {"percent": percent(Fraction(fixed, whole), 1)}))
    return found


def percent(share: Fraction, digits: int = 2) -> str:
    """Return a plain fraction as a percentage, halves away from zero, without idle noughts.

    >>> percent(Fraction(9, 250)), percent(Fraction(-1, 3), 1), percent(Fraction(1, 2))
    ('3.6%', '-33.3%', '50%')
    """
    scaled = half_up(share.numerator * 100 * 10**digits, share.denominator)
    sign, size = ("-" if scaled < 0 else ""), str(abs(scaled)).zfill(digits + 1)
    text = f"{size[:-digits]}.{size[-digits:]}".rstrip("0").rstrip(".") if digits else size
    return f"{sign}{text}%"


@dataclass(frozen=True, slots=True)
class _Desk:
    plan: Plan
    sent: Shipment
    quote: Quote

    def reasons(self) -> list[Reason]:
        """Return what this side adds to why an answer is not sure."""
        plan, sent, found = self.plan, self.sent, []
        if self.quote.currency != plan.currency:
            rate = plan.rates.rate(self.quote.currency, plan.currency)
            if is_stale(rate.date, sent.date):
                params = {"from": rate.base, "to": rate.quote, "date": str(rate.date), "day": str(sent.date)}
                found.append(Reason("pricing.rate_old", "estimated", params))
        if self.quote.totals.freight is None and "freight" in sent.price_includes:
            found.append(Reason("pricing.freight_unknown", "estimated"))
        elif self.quote.totals.freight is None and any(one.per == "charged" for one in plan.costs):
            found.append(Reason("pricing.freight_not_in_fees", "estimated"))
        if sent.terms == "DDP" and not {"duties", "taxes"} & sent.price_includes:
            found.append(Reason("pricing.ddp_on_top", "info"))
        return found

    def charges(self, scenario: Scenario) -> int | None:
        """Return all charges at import of a scenario, ``None`` when nothing bounds them."""
        low, high = self.quote.ranges["import_charges"]
        return {"low": low, "likely": self.quote.totals.import_charges, "high": high}[scenario]

    def held_charges(self, scenario: Scenario) -> int | None:
        """Return the charges that the price already holds; ``None`` when they cannot be told."""
        held, totals = self.sent.price_includes & {"duties", "taxes"}, self.quote.totals
        if not held:
            return 0
        charges, landed = self.charges(scenario), _landed(self.quote, scenario)
        if len(held) > 1 or charges is None or landed is None or totals.freight is None:
            return charges if len(held) > 1 else None
        # What stands on top of the goods is what the price does not hold.
        freight = 0 if "freight" in self.sent.price_includes else totals.freight
        insurance = totals.insurance or 0
        return charges - (landed - totals.goods - freight - insurance)

    def charged(self, scenario: Scenario) -> int | None:
        """Return all that the buyer pays the seller: goods, freight on top, and the charges the seller collects."""
        totals, sent = self.quote.totals, self.sent
        held = self.held_charges(scenario)
        through = self._through_seller(scenario)
        if held is None or through is None:
            return None
        whole = totals.goods + max(through - held, 0)
        if "freight" not in sent.price_includes and sent.terms not in _FREIGHT_BY_BUYER:
            whole += (totals.freight or 0) + (totals.insurance or 0)
        return whole

    def _through_seller(self, scenario: Scenario) -> int | None:
        """Return the charges that pass through the seller's hands: its own to pay, or collected at the sale."""
        ours = [one for one in self.quote.charges if one.payer == "seller" or one.collected == "at_sale"]
        if not ours or len(ours) == len(self.quote.charges):
            return self.charges(scenario) if ours else 0
        parts = [_at(one, scenario) for one in ours]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    def drafts(self, scenario: Scenario) -> list[_Draft] | None:
        """Return the lines of a scenario, exact, in minor units of the seller's currency; ``None`` if one is not known.

        Every scenario has the same lines in the same order.
        """
        quote, sent, plan = self.quote, self.sent, self.plan
        held, charged = self.held_charges(scenario), self.charged(scenario)
        freight_held = "freight" in sent.price_includes
        if held is None or charged is None or (freight_held and quote.totals.freight is None):
            return None
        goods = quote.totals.goods
        lines = [self._converted("price", goods, self._priced_as())]
        if freight_held:
            lines.append(self._converted("freight_in_price", -(quote.totals.freight or 0)))
        if sent.price_includes & {"duties", "taxes"}:
            lines.append(self._converted("charges_in_price", -held))
        lines += [self._cost(cost, goods, charged) for cost in plan.costs]
        if plan.currency != quote.currency:
            # The bank changes all that comes in: carriers and customs brokers at home are paid in the home currency.
            lines += [
                self._share(id_, charged, share)
                for id_, share in (("spread", plan.spread), ("buffer", plan.buffer))
                if share
            ]
        if plan.days_to_pay and plan.yearly:
            shown = f"{percent(plan.yearly, 4)} × {plan.days_to_pay} ÷ {_YEAR_DAYS}"
            lines.append(self._share("terms", charged, plan.yearly * plan.days_to_pay / _YEAR_DAYS, shown))
        return lines

    def _priced_as(self) -> str | None:
        """Return how the price of the goods came about, where one kind of goods in the quote's currency is sent."""
        if len(self.sent.items) != 1 or self.sent.items[0].unit_price.currency != self.quote.currency:
            return None
        item = self.sent.items[0]
        return f"{item.unit_price.value} {item.unit_price.currency} × {_plain(Fraction(item.quantity))}"

    def _factor(self, from_: str) -> tuple[Fraction, str]:
        """Return minor units of the seller's currency for one minor unit of another, and how that is written."""
        to = self.plan.currency
        if from_ == to:
            return Fraction(1), ""
        exact = self.plan.rates.factor(from_, to) * Fraction(units(to), units(from_))
        return exact, f" × {self.plan.rates.rate(from_, to).rate.normalize():f}"

    def _converted(self, id_: str, minor: int, shown: str | None = None) -> _Draft:
        factor, times = self._factor(self.quote.currency)
        return id_, None, minor * factor, f"{shown or Money(minor, self.quote.currency)}{times}", None

    def _share(self, id_: str, of: int, share: Fraction, shown: str | None = None) -> _Draft:
        factor, times = self._factor(self.quote.currency)
        formula = f"{Money(of, self.quote.currency)} × {shown or percent(share, 4)}{times}"
        return id_, None, -of * share * factor, formula, None

    def _cost(self, cost: Cost, goods: int, charged: int) -> _Draft:
        if cost.amount is None:
            of = goods if cost.per == "price" else charged
            id_, _, exact, formula, _ = self._share(f"cost.{cost.per}", of, cost.share)
            return id_, cost.name, exact, formula, cost.source
        factor, times = self._factor(cost.amount.currency)
        exact = Fraction(cost.amount.value) * units(cost.amount.currency) * factor
        shown = f"{cost.amount.value} {cost.amount.currency}"
        if cost.per == "unit":
            count = units_sent(self.sent)
            exact, shown = exact * count, f"{shown} × {_plain(count)}"
        return f"cost.{cost.per}", cost.name, -exact, f"{shown}{times}", cost.source


def _at(charge: Charge, scenario: Scenario) -> int | None:
    low, high = charge.range or (charge.amount, charge.amount)
    return {"low": low, "likely": charge.amount, "high": high}[scenario]


def units_sent(sent: Shipment) -> Fraction:
    """Return how many units are in the consignment, of all kinds of goods together."""
    return sum((Fraction(item.quantity) for item in sent.items), Fraction(0))


def _plain(value: Fraction) -> str:
    """Return a quantity as it was given: it has six decimals at most."""
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"


def _shelf(plan: Plan, sent: Shipment, quote: Quote, landed: dict[Scenario, int | None]) -> Shelf | None:
    """Return what one unit costs on the shelf: the cost at the importer's door, then everybody who sells on."""
    chain = plan.chain
    if chain is None or quote.totals.landed is None or quote.totals.freight is None:
        return None
    found = {one: _climb(plan, sent, quote, one, landed[one]) for one in SCENARIOS}
    likely = found["likely"]
    low, high = found["low"], found["high"]
    if likely is None or low is None:
        return None
    return Shelf(likely[-1][1], (low[-1][1], None if high is None else high[-1][1]), likely)


def _climb(
    plan: Plan, sent: Shipment, quote: Quote, scenario: Scenario, landed: int | None
) -> tuple[tuple[str, int, str], ...] | None:
    chain, currency = plan.chain, quote.currency
    if chain is None or landed is None:
        return None
    count, taxes = units_sent(sent), 0
    if chain.recovers_taxes:
        parts = [_at(one, scenario) for one in quote.charges if one.kind == "tax"]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        taxes = sum(known)
    back = f" − {Money(taxes, currency)}" if chain.recovers_taxes else ""
    each = Fraction(landed - taxes) / count
    steps = [("", _round(each), f"({Money(landed, currency)}{back}) ÷ {_plain(count)}")]
    for one in chain.steps:
        each, shown = _sold_on(each, one, currency)
        steps.append((one.name, _round(each), shown))
    if chain.sales_tax is not None:
        shown = f"{Money(_round(each), currency)} × (1 + {percent(chain.sales_tax, 4)})"
        each *= 1 + chain.sales_tax
        steps.append(("", _round(each), shown))
    return tuple(steps)


def _sold_on(each: Fraction, step: Step, currency: str) -> tuple[Fraction, str]:
    paid = Money(_round(each), currency)
    if step.of == "cost":
        return each * (1 + step.share), f"{paid} × (1 + {percent(step.share, 4)})"
    return each / (1 - step.share), f"{paid} ÷ (1 − {percent(step.share, 4)})"
