"""Shares of what a pool cost, by weight: exact to the cent, and together the cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landed_cost.money import allocate

if TYPE_CHECKING:
    from collections.abc import Mapping


def shares(minor: int, grams: Mapping[str, int]) -> dict[str, int]:
    """Return what each pays, in minor units: largest remainder by grams, ties in the order of the names.

    >>> shares(1_000, {"b": 1_000, "a": 1_000, "c": 1_000})
    {'a': 334, 'b': 333, 'c': 333}
    >>> shares(12_050, {"a": 2_500, "b": 500})
    {'a': 10042, 'b': 2008}
    """
    names = sorted(grams)
    return dict(zip(names, allocate(minor, [grams[name] for name in names]), strict=True))
