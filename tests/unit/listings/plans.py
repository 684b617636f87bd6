"""Laws that do not exist, with limits, least and most, and plans of a seller to be priced under them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from landed_cost import Amount
from landed_cost.model import Totals
from landed_cost.money import round_to, to_minor
from listings.pricing import Cost, Plan
from tests.unit.landed_cost import qz

if TYPE_CHECKING:
    from collections.abc import Callable

    from landed_cost import Charge, Quote, Shipment


@dataclass(frozen=True)
class Due:
    """A charge on the goods from a value on: a share of them, at least and at most so much, rounded to a step."""

    since: int
    share: Fraction
    least: int = 0
    most: int | None = None
    step: int = 1

    def on(self, goods: int) -> int:
        """Return what is due, in cents."""
        if goods < self.since:
            return 0
        whole = max(round_to(goods * self.share, self.step, "half_up"), self.least)
        return whole if self.most is None else min(whole, self.most)


@cache
def _pattern() -> tuple[Quote, Charge]:
    quote = qz.ask()
    return quote, quote.charges[0]


def law(*dues: Due, uncertain: Fraction = Fraction(0)) -> Callable[[Shipment], Quote]:
    """Return a way to ask what goods cost under these charges; ``uncertain`` is how far off they may be, both ways."""

    def ask(sent: Shipment) -> Quote:
        pattern, line = _pattern()
        goods = sum(to_minor(one.unit_price.value * one.quantity, "USD") for one in sent.items)
        freight = None if sent.freight is None else to_minor(sent.freight.value, "USD")
        charges = tuple(
            line._replace(
                id=f"zz.{place}", amount=due.on(goods), rate=str(due.share), formula=f"{goods} x", payer=payer(sent)
            )
            for place, due in enumerate(dues)
            if goods >= due.since
        )
        whole = sum(one.amount for one in charges)
        held = whole if {"duties", "taxes"} & sent.price_includes else 0
        held += (freight or 0) if "freight" in sent.price_includes else 0
        landed = goods + (freight or 0) + whole - held
        off = round(whole * uncertain)
        swing = 0 if {"duties", "taxes"} & sent.price_includes else off
        return pattern._replace(
            charges=charges,
            outcome="estimated" if uncertain else "complete",
            reasons=(),
            totals=Totals(goods, freight, 0, goods, whole, 0, 0, whole, landed),
            ranges={"import_charges": (whole - off, whole + off), "landed": (landed - swing, landed + swing)},
        )

    return ask


def payer(sent: Shipment) -> str:
    """Return who bears the charges under the terms."""
    return "seller" if sent.terms == "DDP" else "buyer"


def plan(ask: Callable[[Shipment], Quote], *costs: Cost, price: str = "100", **more: Any) -> Plan:
    """Return a plan of one unit at a price in dollars, the seller's own currency, or what ``more`` makes of it."""
    sent = {key: more.pop(key) for key in ("terms", "price_includes", "freight") if key in more}
    quantity = more.pop("quantity", 1)
    shipment = qz.shipment(qz.item(price=price, quantity=Decimal(quantity)), **sent)
    plain: dict[str, Any] = {"shipment": shipment, "ask": ask, "rates": qz.RATES, "currency": "USD", "costs": costs}
    return Plan(**(plain | more))


def each(amount: str, currency: str = "USD") -> Cost:
    """Return a cost of every unit."""
    return Cost("made", "unit", Amount(Decimal(amount), currency))


def once(amount: str, currency: str = "USD") -> Cost:
    """Return a cost of every order."""
    return Cost("packed", "order", Amount(Decimal(amount), currency))


def fee(percent: str, per: Any = "price") -> Cost:
    """Return a fee in hundredths of the price or of all charged."""
    return Cost("fee", per, share=Fraction(percent) / 100)
