"""Style sheets: a brace that is missing would swallow every rule that follows it."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path

import pytest

import shopkit

SHEETS = sorted((Path(shopkit.__file__).parent / "static/css").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_rule_is_closed_before_the_next(sheet: Path) -> None:
    """Rules lie at most one deep, in a condition, and none is left open."""
    steps = {"{": 1, "}": -1}
    depths = list(accumulate(steps.get(sign, 0) for sign in sheet.read_text("utf-8")))

    assert (max(depths) <= 2, min(depths), depths[-1]) == (True, 0, 0)
