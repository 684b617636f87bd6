"""Holes in a destination's law: each stops the loader with the days of which nothing is said."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.unit.landed_cost.rulebook.small import SMALL, changed, fault, line_of, load

if TYPE_CHECKING:
    from pathlib import Path

FEE = "what: Fee, value: 5, unit: USD, from: null,"
LATE_FEE = "what: Fee, value: 5, unit: USD, from: 2026-03-01,"
RATE = 'value: "10", unit: percent, from: 2026-01-01,'
LATE_RATE = 'value: "10", unit: percent, from: 2026-02-15,'
BY_FACT = "rate: {fact: qy.rate}}"
HINT = "add before: none if there was no such rule yet, or before: unknown"


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        (
            FEE,
            LATE_FEE,
            "id: qy.fee, what",
            "qy.fee: nothing is said from 2026-01-01 to 2026-02-28, and charge qy.fee asks for it; ",
        ),
        (
            "unit: text, from: null,",
            "unit: text, from: 2026-01-02,",
            "id: qy.value",
            "qy.value: nothing is said from 2026-01-01 to 2026-01-01, and valuation asks for it; ",
        ),
        (
            RATE,
            LATE_RATE,
            "id: qy.rate, group",
            "qy.rate: nothing is said from 2026-01-01 to 2026-02-14, and charge qy.duty asks for it; ",
        ),
    ],
)
def test_days_before_the_first_row(tmp_path: Path, old: str, new: str, at: str, message: str) -> None:
    """A figure that begins after the evidence does stops the loader with the days before it."""
    law = changed(SMALL, old, new)

    where = law[: law.index(at)].count("\n") + 1
    assert fault(tmp_path, law=law) == f"qy.yaml:{where}: {message}{HINT}"


def test_a_region_that_a_tax_reaches_late(tmp_path: Path) -> None:
    """A tax by region has to say of every region what it was from the first day, also where no charge asks by name."""
    law = changed(changed(SMALL, RATE, LATE_RATE), BY_FACT, "rate: {fact: qy.insurance}}")

    message = "qy.rate in A: nothing is said from 2026-01-01 to 2026-02-14, and charge qy.tax asks for it; "
    assert fault(tmp_path, law=law).endswith(message + HINT)


def test_a_limit_of_a_way_in(tmp_path: Path) -> None:
    """A limit that a way in, a refusal or a charge compares with is looked at like a rate."""
    late = changed(SMALL, FEE, LATE_FEE)
    late = changed(late, "per: consignment, amount: {fact: qy.fee}}", "per: consignment, amount: {fact: qy.other}}")
    other = late[late.index("- {id: qy.fee, what") : late.index("lists:")]
    late = changed(late, "lists:", other.replace("qy.fee", "qy.other").replace("2026-03-01", "null") + "lists:")
    compared = "goods: {at_most: qy.fee}"
    faults = []
    for old, new in (
        ("- id: qy.entry\n", f"- id: qy.entry\n  when: {{{compared}}}\n"),
        ('when: {hs: ["61"]}', f'when: {{hs: ["61"], {compared}}}'),
        ("when: {terms: [DDP]}", f"when: {{{compared}}}"),
    ):
        faults.append(fault(tmp_path, law=changed(late, old, new)).split("02-28, and ")[1].split(" asks")[0])

    assert faults == ["regime qy.entry", "charge qy.tax", "qy.no"]


@pytest.mark.parametrize(("said", "state"), [("none", "none"), ("unknown", "unknown")])
def test_what_is_said_of_the_days_before(tmp_path: Path, said: str, state: str) -> None:
    """A rule that did not exist yet charges nothing; one of which nobody knows is unknown."""
    book = load(tmp_path, law=changed(SMALL, FEE, f"{LATE_FEE} before: {said},"))

    assert book.at("QY", date(2026, 2, 28)).state("qy.fee") == state
    assert book.at("QY", date(2026, 3, 1)).state("qy.fee") == "in_force"


def test_before_belongs_to_the_first_row(tmp_path: Path) -> None:
    """On a later row it would contradict the row before."""
    law = changed(SMALL, "from: 2026-06-01, to: null,", "from: 2026-06-01, before: none, to: null,")

    where, first = line_of(law, "from: 2026-06-01"), law[: law.index("id: qy.rate, group")].count("\n") + 1
    assert fault(tmp_path, law=law) == (
        f"qy.yaml:{where}: qy.rate: before: none stands on the first row only; the row at qy.yaml:{first} is before it"
    )
