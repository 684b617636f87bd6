"""Files of observed parcels: read strictly, everything wrong told at once."""

from datetime import date

import pytest

from landed_cost.cells import TableError
from landed_cost.delivery.parcels import Seen, read_parcels

TODAY = date(2026, 11, 27)
HEAD = "dispatched,delivered,lane,service\n"


def test_parcels_are_read() -> None:
    """Each row is a parcel; a lane is two countries, a service any name."""
    assert read_parcels(f"{HEAD}2026-03-02,2026-03-09,mx-us,courier\n", TODAY) == (
        Seen("MX", "US", "courier", date(2026, 3, 2), date(2026, 3, 9)),
    )


def test_everything_wrong_is_told() -> None:
    """Delivered before dispatched, after a year, in the future, no lane, no date: each by its place."""
    text = (
        f"{HEAD}2026-03-09,2026-03-02,MX-US,courier\n2025-01-01,2026-03-02,MX-US,courier\n"
        "2026-11-20,2026-11-28,MX-US,courier\n2026-02-29,2026-03-02,MXUS,courier\n"
    )

    with pytest.raises(TableError) as caught:
        read_parcels(text, TODAY)

    assert sorted((one.row, one.column) for one in caught.value.problems) == [
        (2, "delivered"),
        (3, "delivered"),
        (4, "delivered"),
        (5, "dispatched"),
        (5, "lane"),
    ]
