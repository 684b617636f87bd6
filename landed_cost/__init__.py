"""The landed-cost engine: what goods cost at the buyer's door, under the law of a given day.

>>> from datetime import date
>>> from decimal import Decimal
>>> from landed_cost import Amount, Item, Place, Shipment, load_rulebook, quote
>>> shirts = Item("1", "cotton T-shirt", Decimal(2), Amount(Decimal("25.00"), "USD"), hs_code="610910", origin="MX")
>>> shipment = Shipment(
...     date(2026, 10, 1),
...     Place("MX"),
...     Place("US", "CA"),
...     "courier",
...     "USD",
...     (shirts,),
...     freight=Amount(Decimal(12), "USD"),
... )
>>> answer = quote(shipment, load_rulebook())
>>> [(charge.id, charge.formula, charge.amount) for charge in answer.charges if charge.kind == "duty"]
[('us.mfn', '50.00 × 16.5%', 825), ('us.s301fl', '50.00 × 10%', 500)]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from landed_cost.model import Amount, Charge, Importer, Item, Place, Quote, Reason, Seller, Shipment
from landed_cost.money import Money
from landed_cost.quoting import Problem, ShipmentError, quote
from landed_cost.rulebook import Rulebook, RulebookError, load_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from landed_cost.bulk import Priced

__all__ = [
    "Amount",
    "Charge",
    "Importer",
    "Item",
    "Money",
    "Place",
    "Problem",
    "Quote",
    "Reason",
    "Rulebook",
    "RulebookError",
    "Seller",
    "Shipment",
    "ShipmentError",
    "load_rulebook",
    "quote",
    "quote_many",
]


def quote_many(shipments: Iterable[Shipment], rulebook: Rulebook) -> Priced:
    """Return what many shipments come to, in columns; each to the last minor unit as :func:`quote` answers it.

    A shipment that ``quote`` would not read is a row that says so. :mod:`landed_cost.bulk` also takes columns.
    """
    from landed_cost import bulk  # noqa: PLC0415  # numpy is loaded only where many are asked at once

    return bulk.quote_many(shipments, rulebook)
