"""Many quotes at once, in columns: each to the last minor unit what the scalar engine answers.

>>> from datetime import date
>>> from landed_cost import Amount, Place, Shipment, load_rulebook
>>> from decimal import Decimal
>>> goods = Goods.of(["610910", "691200"], ["MX", "MX"], [25_00, 18_00], "USD")
>>> way = Shipment(
...     date(2026, 10, 1),
...     Place("MX"),
...     Place("US", "CA"),
...     "courier",
...     "USD",
...     (),
...     freight=Amount(Decimal(12), "USD"),
... )
>>> for block in quote_goods(goods, [Way(way)], load_rulebook()):
...     money = block.priced.money
...     print(sorted(zip(block.rows.tolist(), money["landed"].tolist(), money["duties"].tolist(), strict=True)))
[(0, 4501, 663), (1, 3460, 322)]
"""

from landed_cost.bulk.columns import ABSENT, MONEY, OUTCOMES, Block, Coded, Goods, Priced, Way
from landed_cost.bulk.pricing import CHUNK, quote_goods
from landed_cost.bulk.shipments import quote_many

__all__ = [
    "ABSENT",
    "CHUNK",
    "MONEY",
    "OUTCOMES",
    "Block",
    "Coded",
    "Goods",
    "Priced",
    "Way",
    "quote_goods",
    "quote_many",
]
