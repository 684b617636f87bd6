"""shopkit price --listings: a file of listings priced at many doors, and what is wrong with it row by row."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Amount, Item, Place, Shipment, load_rulebook, quote
from landed_cost.money import Money
from shopkit.services import bulk_prices

if TYPE_CHECKING:
    from pathlib import Path

LISTINGS = """\
key,sku,title,hs_code,origin,price,weight,quantity,origin_evidence,attributes,measures,variant_price
shirt,S,Playera,6109.10,MX,25.00 USD,200 g,,declared,"{""fiber"": ""cotton"", ""colour"": ""red""}",,
shirt,M,,,,,,2,,,,27.50 USD
cup,,Taza,6912.00,mx,300 MXN,8 oz,,,,"{""volume_l"": ""0.3""}",
"""
WAYS = ("--destinations", "CL,US-CA", "--dispatch", "MX", "--date", "2026-10-01", "--freight", "12.00 USD")


@pytest.fixture
def listings(tmp_path: Path) -> Path:
    """Return a file of three pieces, one of which weighs no whole grams."""
    file = tmp_path / "listings.csv"
    file.write_text(LISTINGS, "utf-8")
    return file


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of an answer."""
    return [*csv.DictReader(io.StringIO(text))]


def test_every_listing_comes_to_what_it_comes_to_alone_at_each_door(run: Any, listings: Path) -> None:
    """A row for each listing and destination, in their order, with the figures of the engine."""
    printed = run("price", "--listings", str(listings), *WAYS)

    pieces: Any = [
        ("S", "25.00", "USD", "6109.10", "0.2", 1, {"fiber": "cotton"}, "declared"),
        ("M", "27.50", "USD", "6109.10", "0.2", 2, {"fiber": "cotton"}, "declared"),
        ("", "300", "MXN", "6912.00", "0.226796185", 1, {}, "none"),
    ]
    wanted = []
    for sku, price, money, code, weight, pieces_sold, attributes, evidence in pieces:
        for place in (Place("CL"), Place("US", "CA")):
            item = Item(
                *("1", "", Decimal(pieces_sold), Amount(Decimal(price), money)),
                hs_code=code,
                origin="MX",
                origin_evidence=evidence,
                weight_kg=Decimal(weight),
                attributes=attributes,
            )
            shown = load_rulebook().destinations[place.country].currency
            freight = Amount(Decimal("12.00"), "USD")
            asked = Shipment(date(2026, 10, 1), Place("MX"), place, "courier", shown, (item,), "DDP", freight=freight)
            found = quote(asked, load_rulebook())
            landed = "" if found.totals.landed is None else Money(found.totals.landed, shown).text
            wanted.append((sku, place.country, found.outcome, shown, landed, found.regime or ""))
    told = [
        tuple(row[name] for name in ("sku", "destination", "outcome", "currency", "landed", "regime"))
        for row in rows(printed.stdout)
    ]
    assert (printed.exit_code, told) == (0, wanted)
    assert "left out" not in printed.stderr


def test_a_wrong_row_is_told_with_its_line_and_the_others_are_priced(run: Any, tmp_path: Path) -> None:
    """Everything wrong with a row is said at once, in the language asked for; the exit code says that there was one."""
    file = tmp_path / "listings.csv"
    file.write_text(
        "hs_code,origin,price,weight,quantity,origin_evidence,attributes,measures\n"
        '6109.1,ZZ,"25,00 USD",heavy,0,seen,{,[]\n'
        "6109.10,MX,5.00 XXQ,,,,,\n"
        "6109.10,MX,5.001 USD,,,,,\n"
        "6109.10,MX,25.00 USD,,,,,\n"
    )

    printed = run("price", "--listings", str(file), "--destinations", "CL", "--dispatch", "MX", "--lang", "es")

    lines = [line for line in printed.stderr.splitlines() if str(file) in line]
    told = [(line.split(":")[2], line.split(":")[3].strip()) for line in lines]
    names = ["price", "weight", "quantity", "hs_code", "origin", "origin_evidence", "attributes", "measures"]
    assert told == [*[("2", name) for name in names], ("3", "price"), ("4", "price")]
    assert "No es un precio" in lines[0]
    assert (printed.exit_code, len(rows(printed.stdout))) == (1, 1)
    assert printed.stderr.splitlines()[-1].endswith("3 left out")


def test_a_file_is_written_whole_or_not_at_all(
    run: Any, listings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was there before stays until everything is written, and no half of it lies about."""
    out = tmp_path / "out.csv"
    out.write_text("before")

    def breaks(*_args: object) -> None:
        raise RuntimeError("no power")

    with monkeypatch.context() as patch:
        patch.setattr(bulk_prices, "quote_many", breaks)
        with pytest.raises(RuntimeError, match="no power"):
            run("price", "--listings", str(listings), *WAYS, "-o", str(out))
    kept = out.read_text()
    fine = run("price", "--listings", str(listings), *WAYS, "--channel", "freight", "--currency", "eur", "-o", str(out))

    assert (kept, fine.exit_code) == ("before", 0)
    assert {row["currency"] for row in rows(out.read_text())} == {"EUR"}
    assert sorted(one.name for one in tmp_path.iterdir() if "out" in one.name) == ["out.csv"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--dispatch", "MX"), "--listings needs --destinations"),
        (("--destinations", "CL"), "--listings needs --dispatch"),
        (("--destinations", "JP", "--dispatch", "MX"), "'JP' is not covered; known: AR,"),
        (("--destinations", "BR-ZZ", "--dispatch", "MX"), "'ZZ' is no region of BR; known:"),
        (("--destinations", "CL", "--dispatch", "Mexico"), "'Mexico' is not a country of ISO 3166"),
        (("--destinations", "CL", "--dispatch", "MX", "--date", "1.12."), "'1.12.' is not a day"),
        (("--destinations", "CL", "--dispatch", "MX", "--currency", "XXQ"), "'XXQ' is not a currency"),
        (("--destinations", "CL", "--dispatch", "MX", "--freight", "12"), "'12' is no amount"),
    ],
)
def test_what_is_wrong_with_the_options_is_said(run: Any, listings: Path, given: tuple[str, ...], said: str) -> None:
    """A place, a day or an amount that is none stops with what to write instead."""
    printed = run("price", "--listings", str(listings), *given)

    assert (printed.exit_code, said in printed.stderr.replace("\n", " ")) == (2, True)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"key,price\nshirt,25.00 USD\n", "the header lacks hs_code, origin"),
        (b"", "the header lacks hs_code, origin, price"),
        (b"hs_code,origin,price\n6109.10,MX,\xff\n", "not a CSV file in UTF-8"),
    ],
)
def test_what_is_no_file_of_listings_is_said(run: Any, tmp_path: Path, body: bytes, said: str) -> None:
    """A file without the columns that are needed, or in other letters, is not priced."""
    file = tmp_path / "listings.csv"
    file.write_bytes(body)

    printed = run("price", "--listings", str(file), *WAYS)

    assert (printed.exit_code, said in printed.stderr) == (1, True)


def test_a_long_file_is_read_in_parts(listings: Path) -> None:
    """No more of a file is held than was asked for, and a key goes on over the end of a part."""
    with listings.open(encoding="utf-8") as file:
        parts = [[(row.key, row.sku, row.price) for row in part] for part in bulk_prices.Reader(file).parts(1)]

    assert parts == [[("shirt", "S", 25_00)], [("shirt", "M", 27_50)], [("cup", "", 300_00)], []]


def test_kinds_are_forgotten_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of ever new goods does not grow in memory."""
    monkeypatch.setattr(bulk_prices, "PART", 2)
    titles = "".join(f"6109.10,MX,5.00 USD,{json.dumps(str(number))}\n" for number in range(9))
    reader = bulk_prices.Reader(io.StringIO("hs_code,origin,price,title\n" + titles))

    count = sum(len(part) for part in reader.parts())

    assert (count, len(reader._kinds) <= 2) == (9, True)
