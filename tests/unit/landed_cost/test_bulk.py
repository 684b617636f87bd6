"""Many quotes at once come to what each comes to by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest

from landed_cost import Amount, Place, Shipment, load_rulebook, quote, quote_many
from landed_cost.bulk import Goods, Way, quote_goods
from landed_cost.bulk.scalar import row_of

if TYPE_CHECKING:
    from landed_cost import Rulebook

DAY = date(2026, 10, 1)
GOODS = Goods.of(["610910", "691200", "610910"], ["MX", "CN", "MX"], [25_00, 18_00, 30_00], "USD", grams=[200, 400, -1])
US = Shipment(DAY, Place("MX"), Place("US", "CA"), "courier", "USD", (), freight=Amount(Decimal(12), "USD"))
CHILE = replace(US, destination=Place("CL"), currency="CLP")


@pytest.fixture(scope="module")
def law() -> Rulebook:
    """Return the rulebook that ships."""
    return load_rulebook()


def test_goods_come_to_what_each_comes_to_alone(law: Rulebook) -> None:
    """Each listing by each way is the row that the engine answers for that one shipment, whatever the chunk."""
    ways = [Way(US), Way(CHILE)]

    found = {
        (block.way, block.first + row): block.priced.row(row)
        for block in quote_goods(GOODS, ways, law, chunk=2)
        for row in range(len(block.priced))
    }

    assert found == {
        (number, row): row_of(quote(GOODS.shipment(way, row), law))
        for number, way in enumerate(ways)
        for row in range(len(GOODS))
    }


def test_freight_may_differ_from_listing_to_listing(law: Rulebook) -> None:
    """A column of freight goes before the freight of the way."""
    way = Way(US, np.array([9_00, 0, 15_50], np.int64), "USD")

    (block,) = quote_goods(GOODS, [way], law)

    assert block.priced.money["freight"].tolist() == [9_00, 0, 15_50]


def test_a_request_that_cannot_be_read_is_a_row_that_says_so(law: Rulebook) -> None:
    """What is wrong with one shipment stops none of the others."""
    fine = GOODS.shipment(Way(US), 0)
    wrong = replace(fine, items=(replace(fine.items[0], hs_code="6109.1"),))

    priced = quote_many([wrong, fine], law)

    told = [(row["outcome"], row["reasons"], row["landed"]) for row in map(priced.row, range(2))]
    assert told == [("wrong", ("hs.invalid",), None), ("estimated", ("rule.memory",), 45_01)]


def test_columns_of_different_length_are_refused() -> None:
    """A column that is shorter than the others is said, not filled up."""
    with pytest.raises(ValueError, match=r"a column has \(1,\) values where there are 2 goods"):
        Goods.of(["610910", "691200"], ["MX", "MX"], [25_00], "USD")
