"""Files of worked cases by somebody who never saw the engine: what is wrong is named, with what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopkit.services.cases import CasesError, read_cases

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
- name: Two shirts
  source: Act 1
  working: 50.00 x 10 % = 5.00
  request: {channel: courier}
  expect: {outcome: complete}
"""


def write(folder: Path, text: str | bytes) -> Path:
    """Write a file of cases of QY and return the folder of all cases."""
    (folder / "qy").mkdir()
    (folder / "qy" / "a.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """Name, request and what is expected, found again by file and name."""
    (case,) = read_cases(write(tmp_path, GOOD))

    assert (case.id, case.request, case.expect) == (
        "qy/a.yaml: Two shirts",
        {"channel": "courier"},
        {"outcome": "complete"},
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.encode().replace(b"Two", b"\xff"), "qy/a.yaml: byte 8 is not UTF-8; save the file as UTF-8"),
        ("- name: [", "qy/a.yaml: not YAML: "),
        ("name: x\n", "qy/a.yaml: a list of cases is expected; begin each with - name:"),
        ("- source: x\n", "qy/a.yaml: case 1 has no name; write name: in one line what it shows"),
        (GOOD.replace("source: Act 1", "source:"), "qy/a.yaml: Two shirts: source is missing; "),
        (GOOD.replace("  working: 50.00 x 10 % = 5.00\n", ""), "qy/a.yaml: Two shirts: working is missing; "),
        (GOOD.replace("request: {channel: courier}", "request:"), "qy/a.yaml: Two shirts: request is missing; "),
        (GOOD.replace("{outcome: complete}", "complete"), "qy/a.yaml: Two shirts: expect is missing; "),
        (GOOD.replace("source", "sources", 1) + "  source: Act\n", "qy/a.yaml: Two shirts: unknown 'sources'; known: "),
        (GOOD.replace("complete}", "complete, total: 5}"), "qy/a.yaml: Two shirts: expect: unknown 'total'; known: "),
        (GOOD.replace("complete", "sure"), "expect: outcome is one of complete, estimated, refused"),
        (
            GOOD.replace("courier}", "courier, date: 2026-01-01}"),
            "request: date: 2026-01-01 is not a text; put codes, dates and amounts in quotes",
        ),
        (
            GOOD.replace("complete}", "complete, charges: [{id: qy.duty, amount: 5.00}]}"),
            "expect: charges: amount: 5.0 is not a text; put codes, dates and amounts in quotes",
        ),
        (GOOD + GOOD, "qy/a.yaml: Two shirts: the name stands twice; give each case a name of its own"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str | bytes, message: str) -> None:
    """Whatever a person may get wrong stops with the file, the case and what to write instead."""
    with pytest.raises(CasesError) as caught:
        read_cases(write(tmp_path, text))

    assert message in str(caught.value)
