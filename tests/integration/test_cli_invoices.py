"""``shopkit invoices``: issued, listed and written to files on the command line; the history of sales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from shopkit.cli import main
from shopkit.invoices import read
from tests.ordering import order, paid, sell
from tests.shop import open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def seller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a shop with an order that is paid."""
    services = open_shop(tmp_path / "shop").extensions["shopkit"]
    actor, listing = sell(services)
    paid(services, order(services, actor, listing).id)
    services.database.dispose()
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(tmp_path / "shop"))
    return str(actor.seller_id)


def run(*words: object) -> Result:
    """Run a command as from a terminal."""
    return CliRunner().invoke(main, ["invoices", *map(str, words)])


def test_an_invoice_is_issued_listed_and_written(seller: str, tmp_path: Path) -> None:
    """Once, however often it is asked for; as PDF, UBL and frozen JSON."""
    issued = [run("issue", 1001, "--seller", seller).output for _ in range(2)]
    listed = run("list", "--seller", seller).output.splitlines()
    files = {form: tmp_path / f"invoice.{form}" for form in ("pdf", "ubl", "json")}
    for form, path in files.items():
        run("write", 1001, "F-000001", "--seller", seller, "--as", form, "-o", path)

    assert issued[0] == issued[1]
    assert issued[0].split()[0::2][:3] == ["F-000001", "#1001", "USD"]
    assert sorted(line.split()[0] for line in listed if line[1] == "-") == ["F-000001", "R-000001"]
    assert "F-000001" in PdfReader(files["pdf"]).pages[0].extract_text()
    assert files["ubl"].read_bytes().startswith(b"<?xml")
    assert read(files["json"].read_text("utf-8")).total == 7_663


def test_what_is_not_there_is_said(seller: str) -> None:
    """A document or an order that is not there, and a form that a receipt has not."""
    run("due", "--invoices")

    found = [
        run("write", 1001, "F-000009", "--seller", seller),
        run("write", 9, "F-000001", "--seller", seller),
        run("write", 1001, "R-000001", "--as", "ubl", "--seller", seller),
        run("issue", 9, "--seller", seller),
    ]

    assert [one.exit_code for one in found] == [1] * 4


@pytest.mark.usefixtures("seller")
def test_a_timer_issues_what_is_due() -> None:
    """Receipts, and invoices of what is paid where it is asked so; the second time nothing is left."""
    assert [run("due").output, run("due", "--invoices").output, run("due").output] == [
        "1 document\n",
        "1 document\n",
        "0 documents\n",
    ]


def test_the_history_is_written(seller: str, tmp_path: Path) -> None:
    """As CSV for the months that are asked for, and as PDF."""
    path = tmp_path / "history.pdf"
    run("history", "--seller", seller, "--as", "pdf", "--lang", "es", "-o", path)

    lines = run("history", "--seller", seller, "--from", "2026-11", "--to", "2026-11").output.splitlines()

    assert lines[1] == "2026-11,US,USD,1,1,76.63,0.00,0.00,76.63,76.63,0,0,0"
    assert "Historial de ventas" in " ".join(PdfReader(path).pages[0].extract_text().split())
