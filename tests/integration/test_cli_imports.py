"""Listings on the command line: in, out, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.shop import lay_demo
from tests.unit.listings.formats.files import SHOPIFY, SHOPIFY_2025

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file of a shop, with the sample sellers made."""
    lay_demo(tmp_path)
    path = tmp_path / "tienda.csv"
    path.write_text(SHOPIFY, "utf-8")
    return path


def test_from_the_file_to_the_shop_and_back(run: Any, file: Path) -> None:
    """A dry run, the import, the same again, the export, and the undoing."""
    rehearsed = run("listings", "import", str(file), "--seller", "demo", "--dry-run", "--lang", "es")
    before = run("listings", "export", "--seller", "demo")
    imported = run("listings", "import", str(file), "--seller", "demo").stdout.splitlines()[-1]
    again = run("listings", "import", str(file), "--seller", "demo").stdout.splitlines()[-1]
    exported = run("listings", "export", "--seller", "demo", "--format", "shopify")
    import_id = imported.split()[0]
    undone = run("listings", "imports", "undo", import_id, "--seller", "demo").stdout
    listed = run("listings", "imports", "list", "--seller", "demo").stdout.splitlines()

    assert rehearsed.stdout.splitlines() == [
        (
            "note  row 3  Variant Grams  El peso es cero, es decir que nadie lo pesó. "
            "Sin peso no hay flete ni costo en destino exactos."
        ),
        "shopify, utf-8: 2 products in 4 rows: 2 created, 0 changed, 0 same, 0 wrong (prices in MXN, blank cells keep)",
        "nothing was kept",
    ]
    assert before.stderr == "4 listings written as shopkit\n"
    assert imported.endswith("done: 2 created, 0 changed, 0 same, 0 wrong (prices in MXN, blank cells keep)")
    assert again.endswith("done: 0 created, 0 changed, 2 same, 0 wrong (prices in MXN, blank cells keep)")
    assert "\nblusa,Blusa de manta,<p>Hecha a mano</p>,Telar" in exported.stdout
    assert undone == f"{import_id} was taken back: 2 listings removed, 0 as they were before, 0 left\n"
    assert [line.split()[5] for line in listed] == ["done", "undone"]


def test_a_file_that_cannot_be_read_says_where(run: Any, file: Path) -> None:
    """Row, reason and what to do, and the code of a failure."""
    file.write_text('Handle,Title\na,Uno\nb,"Dos" tres\n', "utf-8")

    found = run("listings", "import", str(file), "--seller", "demo", "--lang", "es")

    assert found.exit_code == 1
    assert "row 3" in found.stdout
    assert "Unas comillas no se cierran bien" in found.stdout


def test_strict_imports_nothing_where_anything_is_wrong(run: Any, file: Path) -> None:
    """And leaves no import behind."""
    file.write_text(SHOPIFY.replace("120", "mucho"), "utf-8")

    found = run("listings", "import", str(file), "--seller", "demo", "--strict")

    assert found.exit_code == 1
    assert "problem  row 3  Variant Price" in found.stdout
    assert run("listings", "imports", "list", "--seller", "demo").stdout == ""


def test_what_a_person_says_is_read(run: Any, file: Path) -> None:
    """Currency, sign, markets, columns; and a slip in one of them is told."""
    file.write_text(SHOPIFY_2025, "utf-8")
    command = ("listings", "import", str(file), "--seller", "demo", "--dry-run")

    good = run(*command, "--currency", "USD", "--market", "Brasil=br:brl", "--map", "Description=", "--blank", "erase")
    bad = run(*command, "--market", "Brasil")
    unknown = run(*command, "--format", "excel")

    assert "1 created" in good.stdout
    assert "prices in USD, blank cells erase" in good.stdout
    assert (bad.exit_code, bad.stderr) == (2, "shopkit: --market Brasil: write NAME=CC:CURRENCY\n")
    assert (unknown.exit_code, "there is no format 'excel'" in unknown.stderr) == (2, True)


def test_no_import_of_that_name(run: Any, file: Path) -> None:
    """It says where to look."""
    del file
    found = run("listings", "imports", "resume", "i_none", "--seller", "demo")

    assert (found.exit_code, found.stderr) == (
        1,
        "shopkit: there is no import i_none; see shopkit listings imports list\n",
    )


def test_an_export_in_a_language_says_what_it_holds_back(run: Any, tmp_path: Path) -> None:
    """What nobody translated stays, named with the reason; a locale that is none is refused."""
    lay_demo(tmp_path)
    held = run(
        "listings", "export", "--seller", "demo", "--format", "shopify", "--locale", "pt-BR", "--channel", "etsy"
    )
    wrong = run("listings", "export", "--seller", "demo", "--locale", "xx")

    assert held.exit_code == 0
    assert "listings written as shopify in pt-BR" in held.stderr
    assert "held back: playera-bordada (title: missing; description: missing)" in held.stderr
    assert (wrong.exit_code, "'xx' is no locale" in wrong.stderr) == (2, True)
