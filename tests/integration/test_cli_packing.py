"""Boxes and packing on the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from shopkit.cli import main
from tests.shop import lay_demo

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def _shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_demo(tmp_path / "shop", has_orders=True)
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(tmp_path / "shop"))


def run(*words: object) -> Result:
    """Run a command as from a terminal."""
    return CliRunner().invoke(main, [*map(str, words), "--seller", "demo"])


@pytest.mark.usefixtures("_shop")
def test_boxes_are_added_listed_and_removed() -> None:
    """A box is added by its size, listed with the others, found by its name, and gone."""
    added = run("boxes", "add", "Tubo", "600x80x80", "--weight", 120, "--bears", 3000, "--cost", "9.50 MXN")
    listed = run("boxes", "list").stdout.splitlines()
    gone = [run("boxes", "remove", "Tubo").exit_code for _ in range(2)]

    assert added.exit_code == 0
    (line,) = [one for one in listed if one.startswith("Tubo")]
    assert re.split(" {2,}", line)[1:] == ["600 × 80 × 80", "120 g", "bears 3,000 g", "wall not said", "9.50 MXN"]
    assert gone == [0, 1]


@pytest.mark.usefixtures("_shop")
def test_an_order_is_packed() -> None:
    """An order of the demonstration goes into one of its boxes, each piece with its place."""
    found = run("packing", "show", "demo-1001")

    assert found.exit_code == 0
    assert found.stdout.splitlines()[0].startswith("1. ")
    assert found.stdout.splitlines()[1].strip().startswith("1001-1-1")
    assert "at 0, 0, 0 mm" in found.stdout


@pytest.mark.usefixtures("_shop")
def test_orders_are_compared_and_a_split_is_judged() -> None:
    """Two open orders of one buyer are told apart and together; an order cut in two is judged by its rule."""
    found = run("packing", "together", "demo-1005", "demo-1007")
    cut = run("packing", "split", "demo-1001", "--parcel", "1,1,0", "--parcel", "1,1,1")

    lines = [re.split(" {2,}", line.strip()) for line in found.stdout.splitlines()]
    assert (found.exit_code, cut.exit_code) == (0, 0)
    assert ["goods", "40.00", "40.00", "0.00"] in lines
    assert ["fees", "2.76", "1.38", "1.38"] in lines
    assert "sending apart is allowed: 19 CFR 141.51" in found.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("boxes", "add", "a", "30cm", "--weight", 1, "--bears", 1), "is no size"),
        (("boxes", "add", "a", "30x20x10", "--weight", 0, "--bears", 1), "own_grams: The number is outside"),
        (("boxes", "add", "a", "30x20x10", "--weight", 1, "--bears", 1, "--cost", "1.005 MXN"), "is no amount"),
        (("packing", "show", "9999"), "9999"),
        (("packing", "together", "demo-1001", "demo-1007"), "another person's"),
        (("packing", "split", "demo-1001", "--parcel", "1"), "Put every piece in exactly one"),
    ],
)
@pytest.mark.usefixtures("_shop")
def test_what_is_wrong_is_said(words: tuple[object, ...], said: str) -> None:
    """A size, a number or an amount that is none, and an order that is not there."""
    found = run(*words)

    assert found.exit_code in {1, 2}
    assert said in found.stderr
