"""What a pool cost is shared by weight: to the cent, and no cent is lost."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shopkit.packing.sharing import shares


@given(
    st.integers(0, 10**12),
    st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(1, 10**7), min_size=1, max_size=12),
)
def test_shares_add_up_and_follow_the_weight(minor: int, grams: dict[str, int]) -> None:
    """Shares add up to the cost, each is less than a cent from its exact part, and who has more pays no less."""
    found = shares(minor, grams)

    whole = sum(grams.values())
    assert sum(found.values()) == minor
    assert all(abs(found[name] - Fraction(minor * grams[name], whole)) < 1 for name in grams)
    assert all(found[a] >= found[b] for a in grams for b in grams if grams[a] > grams[b])


@given(st.permutations(["a", "b", "c"]))
def test_the_order_of_the_members_does_not_matter(names: list[str]) -> None:
    """Equal remainders go by name, so that the same pool is always shared the same."""
    found = shares(100, dict.fromkeys(names, 7))

    assert found == {"a": 34, "b": 33, "c": 33}
