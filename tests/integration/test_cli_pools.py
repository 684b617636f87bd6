"""Pools on the command line, from the group to the shares."""

from __future__ import annotations

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


def run(seller: str, *words: object) -> Result:
    """Run a command of pools for a shop."""
    return CliRunner().invoke(main, ["pools", *map(str, words), "--seller", seller])


@pytest.mark.usefixtures("_shop")
def test_two_shops_pool_and_share() -> None:
    """Founded, joined by its code, filled and settled: each command tells what came of it."""
    group = run("demo", "found", "Vecinas", "--country", "mx", "--city", "Toluca").stdout.split()[0]
    code = run("demo", "invite", group).stdout.strip()
    joined = run("queso-boaco", "join", code)
    again = run("esparrago-ica", "join", code)
    pool = run("demo", "open", group, "Viernes", "--consolidator", "Carga").stdout.split()[0]
    run("demo", "add", pool, 2500, "--order", "demo-1001", "--note", "estante tres")
    theirs = run("queso-boaco", "add", pool, 500).stdout
    settled = run("demo", "settle", pool, "120.50 MXN").stdout
    stranger = run("esparrago-ica", "show", pool)
    listed = run("queso-boaco", "groups").stdout

    assert (joined.exit_code, again.exit_code, stranger.exit_code) == (0, 1, 1)
    assert "estante tres" not in theirs
    assert [line.split("  ")[-1] for line in settled.splitlines()[1:3]] == ["100.42 MXN", "20.08 MXN"]
    assert "closed" in listed


@pytest.mark.usefixtures("_shop")
def test_what_is_not_there_or_wrong_is_said() -> None:
    """A group that is not there, a shop that is founded nowhere, and an amount that is none."""
    found = [
        run("demo", "invite", "pg_1"),
        run("demo", "found", "a", "--country", "zz", "--city", "b"),
        run("demo", "settle", "pl_1", "12"),
    ]

    assert [one.exit_code for one in found] == [1, 1, 2]
    assert "there is no group" in found[0].stderr
    assert "country: zz" in found[1].stderr.lower()
    assert "is no amount" in found[2].stderr
