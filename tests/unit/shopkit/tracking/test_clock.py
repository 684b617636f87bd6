"""When something happened, and what is not known of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.tracking.clock import Basis, Moment, moment

_TEN = datetime(2026, 1, 5, 10)  # noqa: DTZ001  # a wall clock has no zone
_NEVER = Moment(None, None, Basis.UNKNOWN)


def _utc(hour: int, day: int = 5, month: int = 1) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_fields", "expected"),
    [
        ({"time": "2026-01-05T10:00:00-06:00"}, Moment(_TEN, _utc(16), Basis.OFFSET)),
        ({"time": "2026-01-05T10:00:00Z"}, Moment(_TEN, _utc(10), Basis.OFFSET)),
        ({"time": "2026-01-05 10:00"}, Moment(_TEN, None, Basis.UNKNOWN)),
        ({"time": "2026-01-05T10:00", "zone": "America/Sao_Paulo"}, Moment(_TEN, _utc(13), Basis.OFFICE_ZONE)),
        ({"time": "2026-01-05T10:00", "country": "GT"}, Moment(_TEN, _utc(16), Basis.COUNTRY_ZONE)),
        ({"time": "2026-01-05T10:00", "country": "BO"}, Moment(_TEN, _utc(14), Basis.COUNTRY_ZONE)),
        ({"time": "2026-01-05T10:00", "country": "BR"}, Moment(_TEN, None, Basis.UNKNOWN)),
        ({"time": "2026-01-05T10:00", "country": "QZ"}, Moment(_TEN, None, Basis.UNKNOWN)),
        ({"time": "2026-01-05T10:00", "zone": "Nowhere/At_All"}, Moment(_TEN, None, Basis.UNKNOWN)),
        ({"time": "2026-01-05T10:00", "zone": "../etc/passwd"}, Moment(_TEN, None, Basis.UNKNOWN)),
        ({"time": "2026-01-05T10:00", "utc": "2026-01-05T15:00"}, Moment(_TEN, _utc(15), Basis.UTC_FIELD)),
        ({"time": "2026-01-05T10:00", "utc": "2026-01-05T15:00Z"}, Moment(_TEN, _utc(15), Basis.UTC_FIELD)),
        ({"time": "2026-01-05T10:00Z", "utc": "2026-01-05T15:00"}, Moment(_TEN, _utc(15), Basis.UTC_FIELD)),
        ({"time": "/Date(1767607200000)/"}, Moment(None, _utc(10), Basis.EPOCH)),
        ({"time": "/Date(1767607200000-0600)/"}, Moment(None, _utc(10), Basis.EPOCH)),
        ({"time": None}, _NEVER),
        ({"time": ""}, _NEVER),
        ({"time": "1"}, _NEVER),
        ({"time": "05/01/2026 10:00"}, _NEVER),
        ({"time": "2026-02-30T10:00"}, _NEVER),
        ({"time": "0001-01-01T00:00+14:00"}, _NEVER),
        ({"time": "/Date(999999999999999)/"}, _NEVER),
    ],
)
def test_moments(given_fields: dict[str, str], expected: Moment) -> None:
    """UTC comes from a field, an offset, the office's zone, or a country with one zone; else it stays unknown."""
    fields = dict(given_fields)

    assert moment(fields.pop("time"), **fields) == expected


def test_a_bare_date_is_no_midnight() -> None:
    """A date without a clock is no instant, whatever zone is known."""
    assert moment("2026-01-05", country="GT").utc is None


@pytest.mark.parametrize("clock", ["2026-10-25T01:30:00", "2026-03-29T01:30:00"])
def test_clocks_that_change(clock: str) -> None:
    """A time that London's clocks showed twice, or never, is not resolved."""
    assert moment(clock, country="GB").utc is None


def test_december_and_june() -> None:
    """The same clock is another hour in summer."""
    found = [moment(f"2026-{month:02}-05T10:00", country="GB").utc for month in (1, 6)]

    assert found == [_utc(10), _utc(9, month=6)]


@given(text=st.text(max_size=30), other=st.text(max_size=30))
def test_any_text_is_a_moment(text: str, other: str) -> None:
    """No text is an error."""
    assert isinstance(moment(text, utc=other, zone=other, country=text), Moment)
