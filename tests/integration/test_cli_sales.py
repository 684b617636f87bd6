"""``shopkit sales``: past sales brought in, listed and taken back on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from listings.model import Listing
from shopkit.cli import main
from shopkit.services import companies, listings
from tests.shop import open_demo

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

FILE = """order,market,listing,date,quantity,value,currency
1,US,taza,2026-09-01,2,960.00,MXN
2,CL,taza,2026-10-01,1,480,MXN
"""


@pytest.fixture
def ventas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of two sales for a shop of the demonstration with a mug."""
    app = open_demo(tmp_path / "shop")
    services = app.extensions["shopkit"]
    listings.create_listing(services, companies.command_actor(services, "demo"), Listing(key="taza", title="Taza"))
    services.database.dispose()
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(tmp_path / "shop"))
    found = tmp_path / "ventas.csv"
    found.write_text(FILE, "utf-8")
    return found


def run(*words: object) -> Result:
    """Run a command as from a terminal."""
    return CliRunner().invoke(main, ["sales", *map(str, words)])


def test_sales_are_imported_listed_and_taken_back(ventas: Path) -> None:
    """A dry run keeps nothing, a second import changes nothing, an undo takes all of it back."""
    dry = run("import", ventas, "--seller", "demo", "--dry-run")
    first = run("import", ventas, "--seller", "demo")
    again = run("import", ventas, "--seller", "demo")
    listed = run("list", "--seller", "demo")
    import_id = listed.output.split()[0]
    undone = run("undo", import_id, "--seller", "demo")

    assert dry.output == "2 orders: 2 new lines, 0 known already; nothing was kept\n"
    assert first.output == (
        f"2 orders: 2 new lines, 0 known already; shopkit sales undo {import_id} --seller demo takes it back\n"
    )
    assert again.output == "2 orders: 0 new lines, 2 known already\n"
    assert listed.output.split()[2:] == ["2", "lines", str(ventas)]
    assert undone.output == "2 lines were taken back\n"
    assert run("list", "--seller", "demo").output == ""


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (FILE.replace("taza", "tasa").encode(), "is it taza?"),
        (FILE.encode("utf-16"), "is not UTF-8"),
        ((FILE + '3,US,"taza,2026-09-01,1,5,MXN').encode(), "this is no CSV"),
        (b"a" * 10_000_001, "larger than 10,000,000 bytes"),
    ],
)
def test_a_wrong_file_is_refused_whole(ventas: Path, data: bytes, wrong: str) -> None:
    """Everything wrong goes to stderr, nothing is kept."""
    ventas.write_bytes(data)

    found = run("import", ventas, "--seller", "demo")

    assert (found.exit_code, wrong in found.stderr) == (1, True), found.stderr
    assert run("list", "--seller", "demo").output == ""


def test_unknown_sellers_and_imports_are_named(ventas: Path) -> None:
    """Neither is guessed."""
    seller = run("import", ventas, "--seller", "nobody")
    undo = run("undo", "si_0", "--seller", "demo")

    assert (seller.exit_code, "there is no seller 'nobody'" in seller.stderr) == (2, True)
    assert (undo.exit_code, "there is no import 'si_0'" in undo.stderr) == (1, True)
