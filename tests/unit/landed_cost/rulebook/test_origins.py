"""The file of the export side: every fault stops the loader with file, line and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landed_cost import RulebookError, load_rulebook
from landed_cost.rulebook.origins import read_origins
from landed_cost.rulebook.reader import read_text
from tests.unit.landed_cost.rulebook.small import changed, write
from tests.unit.landed_cost.test_origins import QY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("country: QY", "land: QY", "country is missing; add country: ..."),
        ('country: "*"', "country: QY", "country QY stands twice; keep one"),
        ("id: qy.heavy", "id: qy.easy", "qy.easy stands in origins.yaml:11 already; ids are unique"),
        ("id: qy.books", "id: qy.easy", "qy.easy stands in origins.yaml:11 already; ids are unique"),
        ("channel: [courier]", "channel: [ship]", "'ship' is not one of postal, courier, freight"),
        ("{at_most: qy.weight}", "{at_most: qy.none}", "fact 'qy.none' does not exist; add it under facts"),
        ("{at_most: qy.weight}", "{at_most: qy.value}", "fact 'qy.value' is in USD; kg is needed here"),
        ("{below: qy.open}", "{below: qy.weight}", "fact 'qy.weight' is in kg; a currency is needed here"),
        ("{below: qy.open}", "{under: qy.open}", "write exactly one of at_most, below, over, at_least"),
        ("{below: qy.open}", "{below: qy.open, over: qy.open}", "write exactly one of at_most, below, over, at_least"),
        ("{below: qy.open}", "{below: qy.open, x: 1}", "unknown key 'x'; known here: at_least, at_most, below, over"),
        ('hs_not: ["71",', 'hs_not: ["7.1",', "'7.1' is not an HS prefix; write digits only, in quotes"),
        ("cost: qy.fee", "cost: qy.refund", "fact 'qy.refund' is in percent; a currency is needed here"),
        ("rate: qy.refund", "rate: qy.fee", "fact 'qy.fee' is in USD; percent is needed here"),
        ("rate: qy.refund", "rate: qy.refund, amount: qy.fee", "an advice has a rate or an amount; keep one"),
        ("kind: refund", "kind: gift", "'gift' is not one of advice, declaration, fee, prohibition, refund,"),
        ("kind: vat,", "kind: vat, sum: yes,", "unknown key 'sum'; known here:"),
        ("{destination: [AA]}", "{to: [AA]}", "unknown key 'to'; known here: channel, destination, destination_not,"),
        ("{en: Books, es: Libros, pt: Livros}", "{en: Books, es: Libros}", "pt is missing; add pt: ..."),
        ("to: 2026-08-31", "to: 2026-02-01", "the last day 2026-02-01 is before the first 2026-03-01"),
    ],
)
def test_a_fault_is_named(old: str, new: str, message: str) -> None:
    """An unknown key, a name that is not there, a unit that cannot be compared: each is told with its line."""
    text = changed(QY, old, new)

    with pytest.raises(RulebookError) as caught:
        read_origins(read_text(text, "origins.yaml"))

    assert message in str(caught.value)
    assert str(caught.value).startswith("origins.yaml:")


def test_what_is_said_of_all_countries_holds_in_each() -> None:
    """The rows under * follow those of each country, and * itself is none."""
    found = read_origins(read_text(QY, "origins.yaml"))

    assert set(found) == {"QY"}
    assert found["QY"].advisories[-1].evidence.id == "all.antiques"


def test_the_file_may_be_empty_of_general_rows(tmp_path: Path) -> None:
    """A rulebook reads the file where it is, and a place has the export side of the territory it lies in."""
    folder = write(tmp_path)
    text = (folder / "qy.yaml").read_text("utf-8")
    inside = changed(text, "destination: QY\n", "destination: QX\ncustoms_territory: QY\n")
    (folder / "qx.yaml").write_text(inside, "utf-8")
    (folder / "origins.yaml").write_text(QY[: QY.index('- country: "*"')], "utf-8")

    book = load_rulebook(folder)

    assert set(book.origins) == {"QX", "QY"}
    assert book.origins["QX"] is book.origins["QY"]
