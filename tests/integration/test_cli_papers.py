"""``shopkit papers``: the forms of an order of the demonstration, read back; what stands against one, said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner
from pypdf import PdfReader

from shopkit.cli import main
from shopkit.services import orders
from shopkit.services.companies import command_actor
from shopkit.services.order_lists import id_of
from tests.shop import lay_demo, open_shop

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a demonstration with its orders, which these tests only read."""
    folder = tmp_path_factory.mktemp("papers")
    lay_demo(folder, has_orders=True)
    return folder


@pytest.fixture(autouse=True)
def _there(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(demo))


def run(*words: object) -> Result:
    """Run a command as from a terminal."""
    return CliRunner().invoke(main, ["papers", *map(str, words)])


def test_cn23_of_an_order_reads_back_as_the_order(demo: Path, tmp_path: Path) -> None:
    """Its buyer, its goods, its value and the number of the post stand on the paper; the barcode is the number."""
    path = tmp_path / "cn23.pdf"
    found = run("cn23", "--order", "demo-1001", "--number", "rr 123 456 785 mx", "-o", path)
    services = open_shop(demo).extensions["shopkit"]
    actor = command_actor(services, "demo")
    order = orders.load(services, actor, id_of(services, actor, "1001"))
    services.database.dispose()
    text = " ".join(PdfReader(path).pages[0].extract_text().split())
    with pypdfium2.PdfDocument(path) as document:
        codes = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())

    assert found.exit_code == 0, found.output
    assert [one.text for one in codes] == ["RR123456785MX"]
    assert all(said in text for said in (order.buyer.name, order.buyer.phone, str(order.buyer.address["line1"])))
    assert f"Total value {order.totals.goods.text} USD" in text
    for line, item in zip(order.lines, order.request["items"], strict=True):
        assert f" {line.quantity} " in text
        assert f"{line.total.text} USD {item['hs_code']} {item['origin']}" in text


def test_a_declaration_is_read_by_programs() -> None:
    """As JSON: the form that is needed and why, what the papers say, what is to be known."""
    found = run("cn23", "--order", "1001", "--seller", "demo", "--json", "--lang", "en")
    said = json.loads(found.stdout)

    assert found.exit_code == 0
    assert said["form"] == {
        "asked": "cn23",
        "needed": "cn23",
        "reason": "form_parcel",
        "message": "Parcels and EMS take CN 23 at any value.",
        "rate_date": None,
    }
    assert [one["description"] for one in said["declaration"]["lines"]] == [
        "Personalized enamel mug, 12 oz",
        "Personalized enamel mug, 12 oz",
        "Cotton T-shirt with an embroidered name",
    ]
    assert {(one["level"], one["code"]) for one in said["findings"]} == {
        ("warn", "quoted_courier"),
        ("warn", "restriction"),
        ("warn", "restriction_perhaps"),
        ("warn", "number_missing"),
    }


def test_cn22_waits_for_a_rate_of_its_day(tmp_path: Path) -> None:
    """The rates that ship are too old to say what 300 SDR are: CN 23 is asked for, and nothing is written."""
    path = tmp_path / "cn22.pdf"
    found = run("cn22", "--order", "demo-1001", "--lang", "en", "-o", path)

    assert found.exit_code == 1
    assert "BLOCK  form: CN 22 is not enough here; print CN 23." in found.output
    assert "The rate of the SDR that we have is of 2026-09-29" in found.output
    assert not path.exists()


def test_a_paper_that_waits_says_for_what() -> None:
    """Each reason under its paper, in the language that is asked for, and for programs with its code."""
    told = run("list", "--order", "demo-1001", "--lang", "en").stdout
    spanish = run("list", "--order", "demo-1001").stdout
    data = json.loads(run("list", "--order", "demo-1001", "--json").stdout)

    lines = told.splitlines()
    assert lines[:2] == ["waits  cn22", "        form: CN 22 is not enough here; print CN 23."]
    assert lines[2].startswith("        The rate of the SDR that we have is of 2026-09-29, not of the ten days before ")
    assert lines[3:5] == ["ready  cn23", "ready  packing-list"]
    assert "        número S10: Los datos anticipados lo necesitan y no se indicó." in spanish
    assert {name: [one["code"] for one in found] for name, found in data["waits"].items()} == {
        "cn22": ["cn22_not_enough"],
        "advance-data": ["data_missing"],
        "pro-forma": ["pro_forma_sale"],
        "origin": ["origin_criterion"],
        "prior-notice": ["notice_none"],
    }
    assert {name for name, ready in data["can_print"].items() if not ready} == set(data["waits"])


def test_a_box_of_a_choice_is_emptied_by_an_empty_text() -> None:
    """As every other is."""
    filled, emptied = (
        json.loads(run("fill", "--order", "demo-1003", "--category", one, "--undelivered", other).stdout)
        for one, other in (("sample", "return"), ("", ""))
    )

    assert (filled["category"], filled["undelivered"]) == ("sample", "return")
    assert (emptied["category"], emptied["undelivered"]) == (None, None)


def test_cn22_is_printed_by_a_rate_of_its_day(tmp_path: Path) -> None:
    """Posted in the days after the rate, 85 dollars are below 300 SDR."""
    path = tmp_path / "cn22.pdf"
    found = run("cn22", "--order", "demo-1001", "--on", "2026-09-30", "-o", path)

    assert found.exit_code == 0, found.output
    assert "CN 22" in PdfReader(path).pages[0].extract_text()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("cn23", "--order", "1001"), 2, "does not say whose it is"),
        (("cn23", "--order", "demo-9999"), 1, "there is no order demo-9999"),
        (("cn23", "--order", "demo-1001", "--seller", "queso-boaco"), 1, "there is no order demo-1001"),
        (("cn23", "--order", "nobody-1001"), 2, "there is no seller 'nobody'"),
        (("cn23", "--order", "demo-1001", "--number", "RR123456786MX", "--lang", "en"), 1, "would have to be 5"),
        (("cn23", "--order", "demo-1001", "--number", "JD01", "--lang", "en"), 1, "JD01 is no S10 number"),
        (("cn23", "--order", "demo-1001", "--service", "pigeon"), 2, "Invalid value for '--service'"),
        (("packing-list", "--order", "demo-1001", "--number", "JD01", "--lang", "en"), 1, "JD01 is no S10 number"),
        (("invoice", "--order", "demo-1001"), 1, "has no invoice yet"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    """Wrong orders, shops, numbers and services: the reason on stderr, no file."""
    path = tmp_path / "paper.pdf"
    found = run(*words, "-o", path)

    assert (found.exit_code, said in found.stderr, path.exists()) == (code, True, False), found.output


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A paper that cannot be written is no error of the program."""
    found = run("cn23", "--order", "demo-1001", "-o", tmp_path / "none" / "cn23.pdf")

    assert (found.exit_code, "cannot be written: No such file or directory" in found.stderr) == (2, True)


def test_an_order_that_was_cancelled_has_no_papers() -> None:
    """Nor a packing list."""
    found = [run(form, "--order", "demo-1006", "--lang", "en") for form in ("cn23", "packing-list")]

    assert [one.exit_code for one in found] == [1, 1]
    assert all("BLOCK  The order was cancelled or ended" in one.stderr for one in found)


def test_a_packing_list_is_printed(tmp_path: Path) -> None:
    """In the language that was asked for, with all pieces of the order."""
    path = tmp_path / "list.pdf"
    found = run("packing-list", "--order", "demo-1001", "--lang", "pt", "-o", path)

    assert found.exit_code == 0, found.output
    assert "Lista de embalagem / Packing list" in PdfReader(path).pages[0].extract_text()


def test_boxes_are_filled_from_the_command_line(tmp_path: Path) -> None:
    """Those that are named, the others stay; an empty text empties one; an earlier paper is void."""
    path = tmp_path / "cn23.pdf"
    run("cn23", "--order", "demo-1002", "-o", path)
    first = run("fill", "--order", "demo-1002", "--postage", "412.50 MXN", "--signer", "Rosa", "--comment", "fragile")
    again = run("fill", "--order", "demo-1002", "--importer", "X-1", "--importer-kind", "vat", "--comment", "")
    run("cn23", "--order", "demo-1002", "-o", path)
    said = json.loads(again.stdout)
    listed = json.loads(run("list", "--order", "demo-1002", "--json").stdout)
    text = run("list", "--order", "demo-1002", "--lang", "en").stdout

    assert (first.exit_code, again.exit_code) == (0, 0), first.output + again.output
    assert {name: value for name, value in said.items() if value} == {
        "postage": {"amount": "412.50", "currency": "MXN"},
        "signer": "Rosa",
        "importer": {"kind": "vat", "number": "X-1"},
    }
    assert "412.50 MXN" in PdfReader(path).pages[0].extract_text()
    assert [(one["void"], one["changed"]) for one in listed["printed"]] == [
        (False, []),
        (True, ["importer", "postage", "signer"]),
    ]
    assert "waits  cn22" in text
    assert "Void: since it was printed this changed: importer’s reference; postal charges; signer." in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--postage", "12,5 MXN"), 1, "/postage/amount"),
        (("--postage", "12.5"), 1, "/postage/currency"),
        (("--signed-on", "yesterday"), 1, "/signed_on"),
        (("--redirect", "{"), 2, "is no JSON"),
        (("--redirect", '{"name": "Rosa"}'), 1, "/redirect/city"),
        (("--category", "present"), 2, "Invalid value for '--category'"),
    ],
)
def test_boxes_that_cannot_be_read_are_said(words: tuple[str, ...], code: int, said: str) -> None:
    """The place on stderr, nothing kept."""
    found = run("fill", "--order", "demo-1003", *words)

    assert (found.exit_code, said in found.stderr) == (code, True), found.output
    assert json.loads(run("list", "--order", "demo-1003", "--json").stdout)["printed"] == []


def test_ranges_are_noted_and_numbers_taken(tmp_path: Path) -> None:
    """The order's number is printed, the same when asked again, with a warning when few are left; ZPL bears it."""
    noted = run("ranges", "note", "RB 12345678-12345679 MX", "--seller", "demo")
    taken = [run("number", "--order", "demo-1005") for _ in range(2)]
    over = run("ranges", "note", "RB 12345679-12345690 MX", "--seller", "demo")
    listed = run("ranges", "list", "--seller", "demo").stdout
    label = run("cn23", "--order", "demo-1005", "--format", "zpl", "--dpi", "300", "-o", tmp_path / "l.zpl")
    run("ranges", "note", "CP 12345678-12345679 MX", "--seller", "demo")
    other = run("number", "--order", "demo-1005", "--indicator", "CP")
    both = run("number", "--order", "demo-1005", "--indicator", "CP", "--another")
    closed = run("ranges", "close", noted.stdout.split()[0], "--seller", "demo")

    assert [one.stdout for one in taken] == ["RB123456785MX\n"] * 2
    assert "1 numbers are left of RB 12345678-12345679 MX" in taken[0].stderr
    assert (over.exit_code, "/range: RB 12345678-12345679 MX is noted already" in over.stderr) == (1, True)
    assert "1 handed out, 1 left  few left" in listed
    assert label.exit_code == 0, label.output
    assert b"^FDRB123456785MX^FS" in (tmp_path / "l.zpl").read_bytes()
    assert (other.exit_code, other.stdout) == (1, "")
    assert "/indicator: The order has the number RB123456785MX already" in other.stderr
    assert both.stdout == "CP123456785MX\n"
    assert "is closed: 1 numbers" in closed.stdout
    assert run("ranges", "close", "n_none", "--seller", "demo").exit_code == 1
