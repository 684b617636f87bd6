"""What is left of a price in the seller's own currency, and the price that leaves what it should.

A plan holds a consignment, a way to ask what it costs at the door, and what its seller pays:

>>> from datetime import date
>>> from decimal import Decimal
>>> from fractions import Fraction
>>> from landed_cost import Amount, Item, Place, Shipment, load_rulebook, quote
>>> from listings.pricing import Cost, Plan, Target, price, solve
>>> law = load_rulebook()
>>> shirts = Item("1", "cotton T-shirt", Decimal(2), Amount(Decimal("25.00"), "USD"), hs_code="610910", origin="MX")
>>> sent = Shipment(
...     date(2026, 10, 1),
...     Place("MX"),
...     Place("US", "CA"),
...     "courier",
...     "USD",
...     (shirts,),
...     freight=Amount(Decimal(12), "USD"),
... )
>>> plan = Plan(
...     shipment=sent,
...     ask=lambda one: quote(one, law),
...     rates=law.rates,
...     currency="USD",
...     costs=(
...         Cost("cloth and sewing", "unit", Amount(Decimal("7.50"), "USD")),
...         Cost("marketplace", "price", share=Fraction(10, 100)),
...     ),
... )
>>> answer = price(plan)
>>> [(line.id, line.amount, line.formula) for line in answer.lines]
[('price', 5000, '25.00 USD × 2'), ('cost.unit', -1500, '7.50 USD × 2'), ('cost.price', -500, '50.00 USD × 10%')]
>>> answer.left, answer.margins["likely"]
(3000, Fraction(3, 5))
>>> solve(plan, Target("margin", Fraction(65, 100))).prices["likely"]  # the lowest price of one, in cents
3000
"""

from listings.pricing.endings import Endings, endings, nearest_that
from listings.pricing.market import MarketPlan, OtherUse, Outlay, Sales, Worksheet, worksheet
from listings.pricing.model import (
    SCENARIOS,
    Chain,
    Cost,
    FeeSource,
    Jump,
    Line,
    Plan,
    Priced,
    Scenario,
    Shelf,
    Solution,
    Step,
    Target,
)
from listings.pricing.reckon import percent, price
from listings.pricing.sizes import Size, Sizes, order_sizes
from listings.pricing.solve import measure, solve

__all__ = [
    "SCENARIOS",
    "Chain",
    "Cost",
    "Endings",
    "FeeSource",
    "Jump",
    "Line",
    "MarketPlan",
    "OtherUse",
    "Outlay",
    "Plan",
    "Priced",
    "Sales",
    "Scenario",
    "Shelf",
    "Size",
    "Sizes",
    "Solution",
    "Step",
    "Target",
    "Worksheet",
    "endings",
    "measure",
    "nearest_that",
    "order_sizes",
    "percent",
    "price",
    "solve",
    "worksheet",
]
