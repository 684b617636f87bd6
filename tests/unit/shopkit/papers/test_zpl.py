"""CN 23 as ZPL: read by a strict parser of our own, word for word what the label of the PDF says.

A renderer that others wrote (zebrash, by zpl-renderer-js 3.4.0) was asked by hand on 2026-11-28: words and accents
stand as they should, and zxing-cpp reads the barcode at 203 and at 300 dpi.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.papers import sheets, zpl
from tests.unit.shopkit.papers.examples import MUG, PARCEL, RECIPIENT
from tests.unit.shopkit.papers.test_filled import WHOLE

if TYPE_CHECKING:
    from shopkit.papers.declaration import Declaration
    from shopkit.papers.zpl import Dpi

# A command is a caret, two signs, and parameters without a caret or a tilde.
_COMMAND: Final = re.compile(r"\^(A0|[A-Z]{2})([^\^~\n]*)\n?")
_TAKES: Final = {
    "XA": r"",
    "XZ": r"",
    "CI": r"28",
    "PW": r"\d+",
    "LL": r"\d+",
    "LH": r"0,0",
    "FO": r"\d+,\d+",
    "GB": r"\d+,\d+,\d+",
    "BY": r"\d+",
    "BC": r"N,\d+,N,N,N,N",
    "A0": r"N,\d+,\d+",
    "FH": r"_",
    "FD": r"[^\^~]*",
    "FS": r"",
}


@dataclass
class Label:
    """One label: its texts with where they stand and how high, and its barcodes with the width of a module."""

    width: int = 0
    height: int = 0
    texts: list[tuple[int, int, int, str]] = field(default_factory=list)
    bars: list[tuple[int, int, str]] = field(default_factory=list)


def read(made: bytes) -> list[Label]:
    """Return the labels; what is no command that we know, or has no place, fails."""
    source, at, found = made.decode(), 0, []
    now: dict[str, str] = {}
    label: Label | None = None
    while at < len(source):
        match = _COMMAND.match(source, at)
        assert match, source[at : at + 40]
        name, given_text = match.groups()
        assert re.fullmatch(_TAKES[name], given_text), (name, given_text)
        at = match.end()
        if name == "XA":
            assert label is None
            label = Label()
            found.append(label)
            continue
        assert label is not None, name
        if name == "XZ":
            label = None
        elif name == "FS":
            x, y = map(int, now["FO"].split(","))
            if "BC" in now:
                label.bars.append((x, int(now["BY"]), now["FD"]))
            elif "A0" in now:
                assert "FH" in now
                words = re.sub(r"_([0-9A-F]{2})", lambda sign: chr(int(sign[1], 16)), now["FD"])
                label.texts.append((x, y, int(now["A0"].split(",")[1]), words))
            now = {}
        elif name in {"PW", "LL"}:
            setattr(label, {"PW": "width", "LL": "height"}[name], int(given_text))
        else:
            now[name] = given_text
    assert label is None
    assert not now
    return found


def words(labels: list[Label]) -> str:
    """Return all that is written, column by column, without the blanks at which lines were broken."""
    texts = [one for label in labels for one in label.texts]
    columns = dict.fromkeys(x for x, *_ in texts)
    return "".join(text for column in columns for x, *_, text in texts if x == column).replace(" ", "")


def made(of: Declaration, dpi: Dpi = 203) -> list[Label]:
    """Return the labels of a declaration in Spanish."""
    return read(zpl.labels(of, "es", dpi))


@pytest.mark.parametrize(("dpi", "size", "module"), [(203, (812, 1218), 3), (300, (1200, 1800), 5)])
def test_a_label_is_four_by_six_inches(dpi: Dpi, size: tuple[int, int], module: int) -> None:
    """With the number as Code 128, whose bars are 0.375 and 0.42 mm, ten modules free at either side."""
    (label,) = made(PARCEL, dpi)
    ((x, by, text),) = label.bars
    wide = (11 * 15 + 13) * module

    assert (label.width, label.height) == size
    assert (by, text) == (module, "RB123456785MX")
    assert min(x, label.width - x - wide) >= 10 * module


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_label_says_what_the_pdf_says(dpi: Dpi) -> None:
    """Every word of the form is on it: parties, lines, sums, category, boxes, instruction, certificate, signer."""
    of = replace(PARCEL, details=WHOLE, terms="DDP")
    said = sheets.form(of, "cn23", "es", "label")
    found = words(made(of, dpi))
    expected = [
        *said["from"][1],
        *said["to"][1],
        *said["columns"],
        *(cell for sheet in said["sheets"] for row in sheet for cell in row),
        *(text for pair in said["sums"] for text in pair),
        *(f"[{'X' if chosen else ' '}] {label}" for label, chosen in said["category"][1:]),
        *(text for row in said["boxes"] for label, filled in row if filled for text in (label, filled)),
        *(label for label, _ in said["undelivered"][1:]),
        said["certify"],
        said["signed"],
    ]

    assert [text for text in expected if text.split(" / ")[0].replace(" ", "") not in found] == []


@given(st.text(max_size=60))
def test_no_sign_of_a_name_is_taken_for_a_command(name: str) -> None:
    """Carets, tildes and whatever else somebody is called come back as they were, control signs as blanks."""
    of = replace(PARCEL, recipient=replace(RECIPIENT, name=name))
    bare = re.sub(r"[\x00-\x1f\x7f ]", "", name)

    assert bare in words(made(of))


@pytest.mark.parametrize("lines", [1, 5, 6, 31])
def test_what_has_no_room_stands_on_the_next_label(lines: int) -> None:
    """Nothing is written below the edge, every line is there, and every label bears the number."""
    goods = tuple(replace(MUG, minor=1_000 + place, net_kg=Decimal("0.1")) for place in range(lines))
    labels = made(replace(PARCEL, lines=goods, details=WHOLE))
    found = words(labels)

    assert all(y + high <= label.height - 20 for label in labels for _, y, high, _ in label.texts)
    assert all(f"10.{place:02}USD" in found for place in range(lines))
    assert all(label.bars for label in labels)
    assert ("Continuación" in found) == (len(labels) > 1)


def test_without_a_right_number_there_are_no_bars() -> None:
    """Nothing is made up for it."""
    (label,) = made(replace(PARCEL, number="RB123456786MX"))

    assert label.bars == []


def test_a_long_word_is_broken_and_whole() -> None:
    """An address without a blank runs over no edge."""
    of = replace(PARCEL, recipient=replace(RECIPIENT, email="x" * 90 + "@mail.example"))

    assert "x" * 90 + "@mail.example" in words(made(of))
    assert max(len(text) * high // 2 + x for label in made(of) for x, _, high, text in label.texts) <= 812
