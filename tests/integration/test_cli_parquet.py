"""shopkit price with Parquet: the same figures as with CSV, and files whose types lose something are refused."""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from shopkit.services.bulk_parquet import ParquetReader, write
from shopkit.services.bulk_prices import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

WAYS = ("--destinations", "CL,US-CA", "--dispatch", "MX", "--date", "2026-10-01", "--freight", "12.00 USD")
CSV = """\
key,sku,title,hs_code,origin,price,weight,quantity,origin_evidence,attributes,variant_price
shirt,S,Playera,610910,MX,25.00 USD,200 g,,declared,"{""fiber"": ""cotton""}",
shirt,M,,,,,,2,,,27.50 USD
cup,,Taza,691200,mx,300 MXN,226.796185 g,,,,
"""
SAME: dict[str, Any] = {
    "key": ["shirt", "shirt", "cup"],
    "sku": ["S", "M", None],
    "title": ["Playera", None, "Taza"],
    "hs_code": ["610910", None, "691200"],
    "origin": ["MX", None, "mx"],
    "price": pa.array([Decimal(25), None, Decimal(300)], pa.decimal128(18, 6)),
    "variant_price": pa.array([None, Decimal("27.50"), None], pa.decimal128(9, 2)),
    "currency": pa.array(["USD", "USD", "MXN"]).dictionary_encode(),
    "weight_grams": pa.array([Decimal(200), None, Decimal("226.796185")], pa.decimal128(12, 6)),
    "quantity": pa.array([None, 2, None], pa.int32()),
    "origin_evidence": ["declared", None, None],
    "attributes": ['{"fiber": "cotton"}', None, None],
    "margin": [0.5, 0.25, 0.125],
}


def made(tmp_path: Path, **more: Any) -> Path:
    """Return a file of the same pieces, with some of its columns replaced; ``None`` leaves one out."""
    file = tmp_path / "listings.parquet"
    parquet.write_table(pa.table({name: one for name, one in (SAME | more).items() if one is not None}), file)
    return file


def test_parquet_comes_to_what_csv_comes_to(run: Any, tmp_path: Path) -> None:
    """Row by row, whatever the type of a column is; what is null is empty, and amounts are decimals."""
    plain = tmp_path / "listings.csv"
    plain.write_text(CSV, "utf-8")
    target = tmp_path / "doors.parquet"
    printed = run("price", "--listings", str(plain), *WAYS)
    run("price", "--listings", str(made(tmp_path)), *WAYS, "-o", str(target))

    wanted = [
        {
            name: text.split()
            if name == "reasons"
            else date.fromisoformat(text)
            if name == "date"
            else (Decimal(text) if name in COLUMNS[7:18] else text)
            if text
            else None
            for name, text in row.items()
        }
        for row in csv.DictReader(io.StringIO(printed.stdout))
    ]
    found = parquet.read_table(target)
    assert found.to_pylist() == wanted
    assert {found.schema.field(name).type for name in COLUMNS[7:18]} == {pa.decimal128(23, 4)}


def test_a_wrong_row_is_told_with_its_number(run: Any, tmp_path: Path) -> None:
    """Counted from 1, for a file without a header; the others are priced."""
    price = pa.array([Decimal("25.005"), Decimal(1), Decimal(300)], pa.decimal128(18, 6))
    file = made(tmp_path, price=price, currency=["USD", "XXQ", "MXN"], variant_price=None, origin=["MX", "ZZ", "MX"])
    told = run("price", "--listings", str(file), *WAYS)

    assert [line.split(": ")[:3] for line in told.stderr.splitlines() if ".parquet:" in line] == [
        ["shopkit", f"{file}:1", "price"],
        ["shopkit", f"{file}:2", "price"],
        ["shopkit", f"{file}:2", "origin"],
    ]
    assert len(told.stdout.splitlines()) == 1 + 2


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"price": [25.0, None, 300.0]}, "a column 'price' without loss: double has to be a decimal"),
        ({"hs_code": [610910, 610910, 691200]}, "a column 'hs_code' without loss: int64 has to be text"),
        ({"weight_grams": [200.0, None, 226.8]}, "'weight_grams' without loss: double has to be whole numbers"),
        ({"quantity": [1.0, 2.0, 1.0]}, "'quantity' without loss: double has to be whole numbers"),
        ({"currency": None}, "the header lacks 'currency', which a decimal price needs"),
        ({"origin": None}, "the header lacks origin"),
        ({" Price ": ["1 USD"] * 3}, "a single column 'price': it stands twice"),
    ],
)
def test_a_file_whose_types_lose_something_is_refused(
    run: Any, tmp_path: Path, more: dict[str, Any], said: str
) -> None:
    """As a whole, with the column and what it has to be, and nothing is written."""
    target = tmp_path / "doors.parquet"
    told = run("price", "--listings", str(made(tmp_path, **more)), *WAYS, "-o", str(target))

    assert said in told.stderr
    assert not target.exists()


@pytest.mark.parametrize("body", [b"", b"PAR1", b"key,price\n1,2\n", b"PAR1" + b"\x00" * 50 + b"PAR1"])
def test_what_is_no_parquet_is_said(run: Any, tmp_path: Path, body: bytes) -> None:
    """Empty, cut off, of another kind."""
    file = tmp_path / "listings.parquet"
    file.write_bytes(body)

    assert "not a Parquet file" in run("price", "--listings", str(file), *WAYS).stderr


def test_without_pyarrow_the_extra_is_named(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has not installed it is told how."""
    file = made(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    assert "pip install 'shopkit[parquet]'" in run("price", "--listings", str(file), *WAYS).stderr


def test_a_long_file_is_read_and_written_in_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more rows are held than a part has, whatever the file is made of."""
    monkeypatch.setattr("shopkit.services.bulk_parquet.PART", 2)
    with made(tmp_path).open("rb") as file:
        parts = [[row.sku for row in part] for part in ParquetReader(file).parts(1)]
    out = io.BytesIO()
    write(out, ([""] * len(COLUMNS) for _ in range(5)))
    groups = parquet.ParquetFile(out)

    assert parts == [["S"], ["M"], [""], []]
    assert [groups.metadata.row_group(n).num_rows for n in range(groups.num_row_groups)] == [2, 2, 1]
