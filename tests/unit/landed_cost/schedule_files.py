"""Small schedule files for tests, in the shapes of the official ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from landed_cost.schedules import ScheduleError
from landed_cost.schedules.importer import Importer

Row = dict[str, Any]


def us_row(
    htsno: str,
    indent: int,
    description: str,
    general: str = "",
    special: str = "",
    other: str = "",
    **more: Any,
) -> Row:
    """Return a row as the USITC writes it."""
    return {
        "htsno": htsno,
        "indent": str(indent),
        "superior": None if htsno else "true",
        "description": description,
        "units": [],
        "general": general,
        "special": special,
        "other": other,
        "footnotes": [],
        "quotaQuantity": None,
        "additionalDuties": None,
        "addiitionalDuties": None,
        **more,
    }


def note(value: str, *columns: str) -> Row:
    """Return a footnote as the USITC writes it."""
    return {"columns": list(columns), "marker": "1", "value": value, "type": "endnote"}


US_ROWS: list[Row] = [
    us_row("0901", 0, "Coffee, whether or not roasted:"),
    us_row("", 1, "Coffee, roasted:"),
    us_row("0901.21.00", 2, "Not decaffeinated", "Free", "", "Free"),
    us_row("0901.21.00.35", 3, "Organic", units=["kg"]),
    us_row("2204", 0, "Wine of fresh grapes:"),
    # An indent that jumps by two, as in the official file.
    us_row("2204.21.50", 2, "Other wine", "6.3¢/liter", "Free (CL,PE)2.8¢/liter (JO)", "33¢/liter"),
    us_row(
        "2204.21.50.05",
        3,
        "Red",
        units=["liters", " kg"],
        footnotes=[note("Federal Excise Tax (26 U.S.C. 5041). ", "stat")],
    ),
    us_row("4202", 0, "Handbags:"),
    us_row("4202.21", 1, "With outer surface of leather:"),
    us_row(
        "4202.21.60.00",
        2,
        "Valued not over $20 each",
        "10%",
        "Free (A,AU,CL,PE) 8% (E)",
        "35%",
        units=["No."],
        footnotes=[note("See 9903.88.03. ", "general"), note("See 9903.90.08.", "other"), note("Carry on", "desc")],
    ),
    us_row("4202.21.90.00", 2, "Valued over $20 each", "9%", "Free (A,AU,CL,PE) See 9822.05.20 (P+)", "35%"),
    us_row("6109", 0, "T-shirts, singlets and similar garments, knitted:"),
    us_row(
        "6109.10.00",
        1,
        "Of cotton",
        "16.5%\u00a0",
        "Free (AU,BH,\nCL, CO,PE,S)",
        "90%",
        footnotes=[note("See 9903.88.15 and 9903.91.05", "general", "special")],
    ),
    us_row("", 2, "Men's:"),
    us_row("6109.10.00.12", 3, "T-shirts", units=["doz.", "kg"]),
    us_row("6109.10.00.14", 3, "Other", units=["doz.", "kg"]),
    us_row("9006.59.15", 1, "Cameras", "Free", "", "20%"),
    # A stray cell starts no set of rates: the line stays free.
    us_row("9006.59.15.20", 2, "With flash", "", "", "20%"),
    us_row("9801.00.10", 0, "Products of the United States", "Free", "", ""),
    us_row("", 1, "Grouping in chapter 98"),
    us_row("9903.88.15", 0, "Goods of China", "The duty provided in the applicable subheading + 7.5%", "No change", ""),
]


def write_us(path: Path, rows: list[Row] | None = None) -> Path:
    """Write rows as a file of the USITC and return its path."""
    path.write_text(json.dumps(US_ROWS if rows is None else rows), encoding="utf-8")
    return path


def write_lines(tmp_path: Path, *lines: str) -> Path:
    """Write a file of these lines and return its path."""
    path = tmp_path / "table.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def fault(importer: Importer, path: Path) -> str:
    """Return what the importer says about a broken file, without the path."""
    with pytest.raises(ScheduleError) as caught:
        importer.read(path)
    assert caught.value.file == str(path)
    return str(caught.value).replace(f"{path}: ", "")
