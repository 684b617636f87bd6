"""The bar of a quote."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shopkit.web.bar import WIDTH, draw
from translations.ui import speech

KINDS = ("goods", "freight", "duties", "taxes", "fees")


@given(st.lists(st.integers(0, 10**12), min_size=5, max_size=5))
def test_parts_fill_the_bar_in_their_order(amounts: list[int]) -> None:
    """What is there at all can be seen, nothing overlaps, nothing stands out, and the order never changes."""
    bar = draw([(kind, kind, Decimal(amount)) for kind, amount in zip(KINDS, amounts, strict=True)], speech("en", []))

    end = Decimal(0)
    for segment in bar.drawn:
        assert Decimal(segment.x) >= end
        assert Decimal(segment.width) >= 5
        end = Decimal(segment.x) + Decimal(segment.width)
    assert end <= WIDTH + Decimal("0.05")
    assert [one.kind for one in bar.segments] == list(KINDS)
    assert [one.kind for one in bar.drawn] == [kind for kind, amount in zip(KINDS, amounts, strict=True) if amount]


def test_shares_and_widths_are_those_of_the_amounts() -> None:
    """Each part has its share in words and its room in the drawing."""
    bar = draw([("goods", "Goods", Decimal(75)), ("fees", "Fees", Decimal(25))], speech("en", []))

    assert [(one.share, one.x, one.width) for one in bar.segments] == [
        ("75\xa0%", "0.00", "476.00"),
        ("25\xa0%", "478.00", "162.00"),
    ]
