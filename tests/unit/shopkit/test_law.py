"""The law in force: renewed when its files change, and kept when what comes is broken."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from shopkit.services.context import LawInForce, open_services
from tests.shop import settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HEADER = "base,quote,rate,date,kind,source\n"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def write(path: Path, text: str, when: int) -> None:
    """Write a file as of another moment, so that its stamp differs however coarse the clock of the disk."""
    path.write_text(text)
    os.utime(path, (when, when))


def rates(day: str) -> str:
    """Return a table of one rate."""
    return f"{HEADER}USD,MXN,18.50,{day},market,test\n"


def test_new_rates_are_in_force_within_seconds(tmp_path: Path) -> None:
    """A file that changed is read at the next look, two seconds later at most."""
    write(tmp_path / "rates.csv", rates("2026-11-19"), 1)
    clock = Clock()
    law = LawInForce(settings(tmp_path), clock)
    write(tmp_path / "rates.csv", rates("2026-11-20"), 2)

    days = []
    for clock.now in (1.9, 2.0):
        days.append(law.rulebook.rates.as_of)

    assert days == [date(2026, 11, 19), date(2026, 11, 20)]


def test_a_broken_file_leaves_the_old_in_force(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Broken rates change nothing but are said and logged; mended ones are in force again."""
    write(tmp_path / "rates.csv", rates("2026-11-19"), 1)
    law = LawInForce(settings(tmp_path))
    found = []
    for when, text in ((2, "nonsense"), (3, rates("2026-11-20"))):
        write(tmp_path / "rates.csv", text, when)
        law.refresh()
        found.append((law.rulebook.rates.as_of, law.trouble is None))

    assert found == [(date(2026, 11, 19), False), (date(2026, 11, 20), True)]
    assert "rates.csv:1" in caplog.text


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    """Looking costs no reading: the same rulebook goes on, with all it has compiled."""
    law = LawInForce(settings(tmp_path))
    before = law.rulebook

    law.refresh()

    assert law.rulebook is before


def test_a_file_that_is_gone_gives_back_the_shipped_rates(tmp_path: Path) -> None:
    """Without refreshed rates the shipped ones are in force."""
    shipped = LawInForce(settings(tmp_path)).rulebook.rates
    write(tmp_path / "rates.csv", rates("2026-11-19"), 1)
    law = LawInForce(settings(tmp_path))

    (tmp_path / "rates.csv").unlink()
    law.refresh()

    assert law.rulebook.rates == shipped


def test_today_is_the_destinations_own(tmp_path: Path) -> None:
    """At three in the morning UTC it is still yesterday in New York; where nothing is known UTC counts."""
    services = open_services(settings(tmp_path), lambda: datetime(2026, 7, 24, 3, tzinfo=UTC))

    assert services.today("US") == services.today("US") == date(2026, 7, 23)
    assert services.today("DE") == date(2026, 7, 24)
    services.database.dispose()
