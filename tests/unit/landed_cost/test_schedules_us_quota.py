"""Tariff quotas and agricultural safeguards of the US schedule."""

from pathlib import Path
from typing import Any

import pytest

from landed_cost.schedules import Schedule, TariffLine
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.table import Table, pack
from landed_cost.schedules.us_hts import LINE_DIGITS, UsHts
from tests.unit.landed_cost.schedule_files import note, us_row, write_us

WITHIN = "Described in additional U.S. note 16 to this chapter and entered pursuant to its provisions"
GUARD = [note("See 9904.06.38-9904.06.40. ", "desc")]


def _additional(code: str, amount: str) -> dict[str, Any]:
    return us_row(code, 2, "Valued less", additionalDuties=amount)


ADDITIONAL = [
    _additional("9904.06.38", "94.3¢/kg "),
    _additional("9904.06.39", "76.9¢/kg"),
    _additional("9904.06.40", "No additional duty"),
    _additional("9904.06.41", "5¢/kg"),
]


def _schedule(tmp_path: Path, *rows: dict[str, Any]) -> Schedule:
    parsed = UsHts(Stated("hts-2026-rev-10")).read(write_us(tmp_path / "hts.json", [*rows, *ADDITIONAL]))
    return Schedule(parsed.edition, Table.of(pack(parsed.rows, LINE_DIGITS), None))


def _told(line: TariffLine) -> tuple[tuple[str, ...], list[str]]:
    return line.marks, [rate.text for rate in line.alternatives]


def test_two_lines_beside_each_other(tmp_path: Path) -> None:
    """Within the quota 10 %, beyond it an amount by weight, and on top of that each safeguard that a note names."""
    schedule = _schedule(
        tmp_path,
        us_row("0406.10", 0, "Fresh cheese:"),
        us_row("0406.10.04.00", 1, WITHIN, "10%", "", "35%"),
        us_row("0406.10.08.00", 1, "Other", "$1.509/kg", "", "35%", footnotes=GUARD),
        us_row("0406.20.10", 0, "Other cheese", "5%"),
    )
    within, beyond, apart = schedule.lines_under("0406")

    guarded = ["$1.509/kg + 94.3¢/kg", "$1.509/kg + 76.9¢/kg"]
    assert _told(within) == (("in_quota", "safeguard"), ["$1.509/kg", *guarded])
    assert within.extra["us.quota"] == "additional U.S. note 16 to this chapter"
    assert _told(beyond) == (("safeguard",), guarded)
    assert beyond.extra["us.safeguard"] == "9904.06.38-9904.06.40"
    assert _told(apart) == ((), [])


def test_groups_of_lines(tmp_path: Path) -> None:
    """The quota stands on a row above its lines, and what is beyond it on a row above others: the last one first."""
    schedule = _schedule(
        tmp_path,
        us_row("1701", 0, "Sugar:"),
        us_row("", 1, f"{WITHIN}:"),
        us_row("1701.14.05", 2, "Raw", "1%"),
        us_row("1701.14.10", 2, "Refined", "2%"),
        us_row("1701.14.20", 1, "For polyhydric alcohols", "3%"),
        us_row("", 1, "Other:"),
        us_row("1701.14.50", 2, "Raw", "40%"),
        us_row("1701.14.60", 2, "Refined", "50%"),
    )

    assert [_told(line) for line in schedule.lines_under("1701")] == [
        *[(("in_quota",), ["40%", "50%", "3%"])] * 2,
        *[((), [])] * 3,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Described in additional U.S.note 16 to this chapter and entered pursuant to its provisions",
        "Described in additional U.S. note 16 to this chapterand entered pursuant to its provisions",
        "Described in additional U.S. note 16 to chapter pursuant to its provisions",
        "Stilton cheese described in additional U.S. note 16 to this chapter and entered pursuant to its provisions",
    ],
)
def test_misprints(tmp_path: Path, text: str) -> None:
    """What the official file prints wrongly is the same quota."""
    schedule = _schedule(tmp_path, us_row("0406.10.04.00", 0, text, "10%"), us_row("0406.10.08.00", 0, "Other", "20%"))

    assert _told(schedule.lookup("04061004").lines[0]) == (("in_quota",), ["20%"])


def test_a_second_quota_is_not_what_is_beyond_the_first(tmp_path: Path) -> None:
    """Two quotas stand above one other line: beyond either is that line alone."""
    schedule = _schedule(
        tmp_path,
        us_row("0406.10.04.00", 0, WITHIN, "10%"),
        us_row("0406.10.06.00", 0, WITHIN.replace("16", "17"), "12%"),
        us_row("0406.10.08.00", 0, "Other", "20%"),
    )

    assert [_told(line)[1] for line in schedule.lines_under("0406")] == [["20%"], ["20%"], []]


def test_general_note_15_is_no_quota(tmp_path: Path) -> None:
    """Samples and the like are outside the quotas altogether."""
    text = "Described in general note 15 of the tariff schedule and entered pursuant to its provisions"
    schedule = _schedule(tmp_path, us_row("0406.10.02.00", 0, text, "10%"), us_row("0406.10.08.00", 0, "Other", "20%"))

    assert _told(schedule.lookup("04061002").lines[0]) == ((), [])


def test_a_rate_that_takes_no_sum_keeps_the_mark(tmp_path: Path) -> None:
    """A safeguard on top of the greater of two cannot be written; that there is one is told all the same."""
    greater = "5% or 1¢/kg, whichever is greater"
    schedule = _schedule(tmp_path, us_row("0406.10.08.00", 0, "Other", greater, footnotes=GUARD))

    assert _told(schedule.lookup("04061008").lines[0]) == (("safeguard",), [])
