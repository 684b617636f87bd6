"""Files of worked cases by somebody who never saw the engine: what is wrong is named, with what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopkit.services.case_files import CasesError, read_cases, survey
from shopkit.services.cases import Case, differences

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
- name: Two shirts
  source: Act 1
  working: 50.00 x 10 % = 5.00
  request:
    dispatch: {country: MX}
    destination: {country: US}
    channel: courier
    items: [{description: shirts, quantity: '2', unit_price: {amount: '25.00', currency: USD}}]
  expect:
    outcome: complete
    charges: [{id: us.mfn, item: '1', amount: '5.00'}]
"""


def write(folder: Path, text: str | bytes) -> Path:
    """Write a file of cases of QY and return the folder of all cases."""
    (folder / "qy").mkdir()
    (folder / "qy" / "a.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """Name, request and what is expected, found again by file and name."""
    (case,) = read_cases(write(tmp_path, GOOD))

    assert (case.id, case.line, case.request["channel"], case.expect) == (
        "qy/a.yaml: Two shirts",
        1,
        "courier",
        {"outcome": "complete", "charges": [{"id": "us.mfn", "item": "1", "amount": "5.00"}]},
    )


def test_a_fault_does_not_hide_the_other_files(tmp_path: Path) -> None:
    """The cases of the files that can be read are there, beside the first fault of each file that cannot."""
    write(tmp_path, GOOD)
    (tmp_path / "qy" / "b.yaml").write_text("- name: x\n", "utf-8")

    cases, faults = survey(tmp_path)
    assert ([case.id for case in cases], faults) == (
        ["qy/a.yaml: Two shirts"],
        [
            "qy/b.yaml:1: x: source is missing; a case shows where its figures are from and how they come about",
        ],
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.encode().replace(b"Two", b"\xff"), "qy/a.yaml: byte 8 is not UTF-8; save the file as UTF-8"),
        ("# nothing yet\n", "qy/a.yaml:1: the file is empty; begin with - name: what the case shows"),
        ("- name: [", "qy/a.yaml:2: not YAML: "),
        ("name: x\n", "qy/a.yaml:1: a list of cases is expected; begin each with - name:"),
        ("- source: x\n", "qy/a.yaml:1: the case has no name; write name: in one line what it shows"),
        ("- a text\n", "qy/a.yaml:1: the case has no name; write name: in one line what it shows"),
        (GOOD.replace("source: Act 1", "source:"), "qy/a.yaml:1: Two shirts: source is missing; "),
        (GOOD.replace("  working: 50.00 x 10 % = 5.00\n", ""), "qy/a.yaml:1: Two shirts: working is missing; "),
        (GOOD[: GOOD.index("  request")], "qy/a.yaml:1: Two shirts: request is missing; "),
        (GOOD[: GOOD.index("\n    outcome")] + " complete\n", "qy/a.yaml:9: Two shirts: expect is missing; "),
        (GOOD.replace("  source", "  sources: x\n  source"), "qy/a.yaml:2: Two shirts: unknown key 'sources'; known "),
        (GOOD + "    total: '5.00'\n", "qy/a.yaml:12: Two shirts: unknown key 'total'; known here: "),
        (GOOD + "    outcome: complete\n", "qy/a.yaml:12: key 'outcome' stands twice; keep one"),
        (GOOD + "    rests_on: us.mfn\n", "qy/a.yaml:12: Two shirts: a list is expected here; write [a, b] or "),
        (
            GOOD + "    totals: {sum: '5.00'}\n",
            "qy/a.yaml:12: Two shirts: unknown key 'sum'; known here: customs_value, ",
        ),
        (GOOD + "    totals: {duties: 5}\n", "5 is not an amount; write its digits in quotes, like '5.00'"),
        (GOOD + "    range: {landed: {low: '1.00', hi: '2.00'}}\n", "unknown key 'hi'; known here: high, low"),
        (GOOD + "    options: [{import_charges: '5.00'}]\n", "regime is missing; add regime: ..."),
        (GOOD + "    preferences: [{agreement: usmca, save: '5.00'}]\n", "unknown key 'save'; known here: advice, "),
        (
            GOOD.replace("complete", "sure"),
            "qy/a.yaml:10: Two shirts: 'sure' is not one of complete, estimated, refused",
        ),
        (GOOD.replace("    outcome: complete\n", ""), "expect: outcome is missing; it is one of complete, estimated, "),
        (GOOD.replace("amount: '5.00'", "amount: 5.00"), "qy/a.yaml:11: Two shirts: 5.00 is not an amount; "),
        (
            GOOD.replace("amount: '5.00'", "amount: {}"),
            "this is not an amount; write its digits in quotes, like '5.00'",
        ),
        (
            GOOD.replace("item: '1', ", ""),
            "item is missing; write the id of its item for a percentage, null for the whole parcel",
        ),
        (
            GOOD.replace("    channel", "    date: 2026-01-01\n    channel"),
            "qy/a.yaml:7: Two shirts: 2026-01-01 is not a text; put codes, dates and amounts in quotes",
        ),
        (GOOD.replace("MX", "NO"), "qy/a.yaml:5: Two shirts: NO was read as true or false; put it in quotes"),
        (
            GOOD.replace("quantity: '2'", "quantity: 2"),
            "qy/a.yaml:8: Two shirts: request/items/0/quantity: Write the number as a text in quotation marks, like",
        ),
        (
            GOOD.replace("channel: courier", "Channel: courier"),
            "qy/a.yaml:7: Two shirts: request/Channel: There is no field “Channel” here. Did you mean “channel”?",
        ),
        (GOOD + GOOD, "qy/a.yaml:12: Two shirts: the name stands twice; give each case a name of its own"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str | bytes, message: str) -> None:
    """Whatever a person may get wrong stops with the file, the case and what to write instead."""
    with pytest.raises(CasesError) as caught:
        read_cases(write(tmp_path, text))

    assert message in str(caught.value)


def test_an_outcome_that_differs_is_told_with_what_made_it() -> None:
    """Whoever worked a case as complete reads which reason makes the answer an estimate."""
    case = Case("qy/a.yaml", 1, "Two shirts", {}, {"outcome": "complete"}, (), None)
    reason = {"level": "estimated", "code": "fx.stale", "message": "The rates are old."}
    answer = {
        "assessment": {"outcome": "estimated", "reasons": [reason]},
        "options": [],
        "rules": [],
        "charges": [],
        "restrictions": [],
    }

    assert differences(case, answer) == [
        "outcome: expected 'complete', got 'estimated'",
        "estimated by fx.stale: The rates are old.",
    ]


def test_a_percentage_on_the_parcel_is_told_where_it_belongs() -> None:
    """The right charges at the wrong place are told to be of their item."""
    expect = {"charges": [{"id": "qy.duty", "item": None, "amount": "5.00"}]}
    answer = {
        "assessment": {"outcome": "complete", "reasons": []},
        "options": [],
        "rules": [],
        "charges": [{"id": "qy.duty", "item": "1", "amount": "5.00", "rule": {"id": "qy.duty"}}],
        "restrictions": [],
    }

    (found,) = differences(Case("qy/a.yaml", 1, "Two shirts", {}, expect, (), None), answer)
    assert found.endswith("; a percentage belongs to its item: write the item's id, null only for the whole parcel")
