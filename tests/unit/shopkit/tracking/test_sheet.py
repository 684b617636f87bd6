"""A sheet of events by hand: what is read, and what is refused with which words."""

from __future__ import annotations

import codecs
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.cells import TableError
from shopkit.tracking.events import normalise
from shopkit.tracking.sheet import TRACKER, read
from shopkit.tracking.timeline import fold

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
NUMBER = "RB123456785GB"
_SUCH = "write one such as posted, in customs, delivered, or a code of EMSEVT"
_MADE = "what a spreadsheet made of a long number; make the column text and paste it again"


def _events(text: str) -> list[tuple[str, str | None, str | None]]:
    """Return number, time and code of what a sheet tells."""
    return [(told.number, event.time, event.code) for told in read(text.encode(), now=NOW) for event in told.events]


def _times(*cells: str) -> list[str | None]:
    rows = "".join(f'{NUMBER},"{cell}",delivered\n' for cell in cells)
    return [time for _, time, _ in _events(f"number,time,status\n{rows}")]


def _refused(text: str | bytes) -> list[str]:
    with pytest.raises(TableError) as caught:
        read(text if isinstance(text, bytes) else text.encode(), now=NOW)
    return [str(problem) for problem in caught.value.problems]


class TestReading:
    """What a sheet tells."""

    def test_all_columns(self) -> None:
        """Numbers as people type them, words of three languages, and what else a row says, kept whole."""
        sheet = (
            "Number,Time,Status,Zone,Place,Country,Text\n"
            "rb 123 456 785 gb,2026-11-20 14:05,Entregado,America/Guatemala,Mixco,gt,en mano\n"
            f"{NUMBER},2026-11-18,na alfândega,,,,\n"
            "1Z999AA10123456784,2026-11-19T08:00:00-06:00,EMC,,,,\n"
        )
        first, second = read(sheet.encode(), now=NOW)

        assert [(told.number, told.outcome, len(told.events)) for told in (first, second)] == [
            (NUMBER, "told", 2),
            ("1Z999AA10123456784", "told", 1),
        ]
        raw = first.events[0]
        assert (raw.provider, raw.code, raw.text, raw.time, raw.zone, raw.place, raw.country, raw.body) == (
            "csv",
            "delivered",
            "en mano",
            "2026-11-20T14:05:00",
            "America/Guatemala",
            "Mixco",
            "GT",
            {
                "number": NUMBER,
                "time": "2026-11-20 14:05",
                "status": "delivered",
                "zone": "America/Guatemala",
                "place": "Mixco",
                "country": "GT",
                "text": "en mano",
            },
        )

    def test_a_way(self) -> None:
        """Customs by hand stands beside the headline as it does by a post."""
        sheet = (
            f"number,time,status\n{NUMBER},2026-11-20 09:00,customs payment due\n"
            f"{NUMBER},2026-11-21 09:00,aduana pagada\n{NUMBER},2026-11-22,released by customs\n"
        )
        (told,) = read(sheet.encode(), now=NOW)
        lines = [
            fold([normalise(raw, TRACKER.vocabulary) for raw in told.events[:most]], now=NOW) for most in (1, 2, 3)
        ]

        assert [(line.headline, line.customs.state) for line in lines] == [
            ("held_customs_import", "payment_due"),
            ("in_customs_import", "paid"),
            ("in_transit", "released"),
        ]

    @pytest.mark.parametrize(
        "encode",
        [
            lambda text: text.encode(),
            lambda text: codecs.BOM_UTF8 + text.encode(),
            lambda text: text.encode("utf-16"),
            lambda text: text.encode("utf-16-le"),
            lambda text: text.encode("cp1252"),
            lambda text: text.replace(",", ";").encode(),
            lambda text: text.replace(",", "\t").replace("\n", "\r\n").encode(),
        ],
        ids=["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "semicolons", "tabs"],
    )
    def test_encodings_and_delimiters(self, encode: Any) -> None:
        """Whatever a spreadsheet saves as CSV reads the same."""
        sheet = f"number,time,status,place\n{NUMBER},2026-11-20,delivered,Cancún ñandú\n"
        (told,) = read(encode(sheet), now=NOW)

        assert [(event.place, event.time) for event in told.events] == [("Cancún ñandú", "2026-11-20")]


class TestTimes:
    """Days and clocks as spreadsheets and people write them."""

    @pytest.mark.parametrize(
        ("cell", "time"),
        [
            ("2026-11-20", "2026-11-20"),
            ("2026-11-20 14:05", "2026-11-20T14:05:00"),
            ("2026-11-20T14:05:09", "2026-11-20T14:05:09"),
            ("2026-11-20 14:05 -06:00", "2026-11-20T14:05:00-06:00"),
            ("2026-11-20T20:05:00Z", "2026-11-20T20:05:00+00:00"),
            ("20/11/2026", "2026-11-20"),
            ("11/20/2026 2:05 PM", "2026-11-20T14:05:00"),
            ("20.11.2026 12:05 a. m.", "2026-11-20T00:05:00"),
            ("20-11-2026, 12:05 p.m.", "2026-11-20T12:05:00"),
            ("5/5/2026", "2026-05-05"),
        ],
    )
    def test_one_reading(self, cell: str, time: str) -> None:
        """What can be one time alone is that."""
        assert _times(cell) == [time]

    def test_the_column_proves_the_order(self) -> None:
        """A day beyond the twelfth says for the whole column which comes first."""
        assert _times("3/4/2026", "20/4/2026") == ["2026-04-03", "2026-04-20"]
        assert _times("3/4/2026", "4/20/2026") == ["2026-03-04", "2026-04-20"]

    @pytest.mark.parametrize("others", [[], ["20/4/2026", "4/20/2026"], ["5/5/2026"]])
    def test_two_days(self, others: list[str]) -> None:
        """Where the column proves no order, or two, nobody guesses."""
        rows = "".join(f"{NUMBER},{cell},delivered\n" for cell in ["3/4/2026", *others])

        assert _refused(f"number,time,status\n{rows}") == [
            "row 2, time: '3/4/2026' may be two days; write it as 2026-03-04 or 2026-04-03"
        ]

    @pytest.mark.parametrize(
        "cell",
        [
            *("31/02/2026", "2026-13-01", "20/11/26", "yesterday", "2026-11-20 25:00", "2026-11-20 13:05 PM"),
            *("1899-01-01", "2026-11-20 0:05 am", "2026-11-20 14", "20/11-2026", "\uff12026-11-20"),
        ],
    )
    def test_no_time(self, cell: str) -> None:
        """What is no time is refused with one that is."""
        assert _refused(f"number,time,status\n{NUMBER},{cell},delivered\n") == [
            f"row 2, time: {cell!r} is no time; write one such as 2026-01-31 14:05"
        ]

    @pytest.mark.parametrize("cell", ["46115", "46115.5", "46115,25"])
    def test_a_spreadsheets_number(self, cell: str) -> None:
        """A number of a day is refused with the two days that it may be, by the calendars of two spreadsheets."""
        # 46115 days after 1899-12-30 is 2026-04-03; after 1904-01-01 it is 2030-04-04.
        (said,) = _refused(f'number,time,status\n{NUMBER},"{cell}",delivered\n')

        assert said.startswith(f"row 2, time: {cell!r} is a spreadsheet's number, of 2026-04-03, or 2030-04-04 by some")

    @given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from("/.-"))
    def test_no_day_becomes_another(self, day: date, mark: str) -> None:
        """A day written day first is read as itself, or refused; where its number proves it, it is read."""
        cell = f"{day.day}{mark}{day.month}{mark}{day.year}"
        try:
            (found,) = _times(cell)
        except TableError:
            found = None

        assert found == (day.isoformat() if day.day > 12 or day.day == day.month else None)


class TestRefusing:
    """What is wrong is told all at once, by row and column, and then nothing is taken."""

    def test_everything_at_once(self) -> None:
        """Each cell that is wrong is told, with what to write."""
        sheet = (
            "number,time,status,zone,country\n"
            f"{NUMBER},2026-11-20,delivered,,\n"
            "RB123456786GB,soon,arrived?,Mars/Phobos,Guatemala\n"
            "9.40011E+21,2026-11-20,delivered,,\n"
        )

        assert _refused(sheet) == [
            "row 3, number: 'RB123456786GB' is no tracking number (check_digit); you may have meant "
            + _refused(sheet)[0].partition("meant ")[2],
            "row 3, time: 'soon' is no time; write one such as 2026-01-31 14:05",
            f"row 3, status: 'arrived?' is no status; {_SUCH}",
            "row 3, zone: 'Mars/Phobos' is no zone; write one such as America/Guatemala",
            "row 3, country: 'Guatemala' is no country; write two letters, such as GT",
            f"row 4, number: '9.40011E+21' is {_MADE}",
        ]
        assert NUMBER in _refused(sheet)[0]

    def test_row_by_row(self) -> None:
        """A day that may be two shows only when every row was read, and stands with its row all the same."""
        sheet = f"number,time,status\n{NUMBER},3/4/2026,delivered\n{NUMBER},2026-11-20,x\n{NUMBER},4/5/2026,delivered\n"

        assert [one.partition(":")[0] for one in _refused(sheet)] == ["row 2, time", "row 3, status", "row 4, time"]

    @pytest.mark.parametrize(
        ("sheet", "said"),
        [
            ("", "row 1, -: write the names of the columns, number, time, status, and at least one row"),
            ("number,time\n1,2\n", "row 1, status: this column is missing"),
            ("number,time,status,colour\nA,B,C,D\n", "row 1, colour: unknown column; known are number, time, status, "),
            (f"number,time,status\n{NUMBER},2026-11-20\n", "row 2, -: 2 cells where the first row has 3"),
            ('number,time,status\n"RB', "row 2, -: this is no CSV: unexpected end of data"),
        ],
    )
    def test_no_table(self, sheet: str, said: str) -> None:
        """What is no table with these columns says so."""
        assert _refused(sheet)[0].startswith(said)

    @pytest.mark.parametrize("data", [b"\x00\x01\x02", b"PK\x03\x04\x00\x00\x00\x00", b"\xff\xfeA"])
    def test_no_text(self, data: bytes) -> None:
        """A workbook, or another file that is no text, is told what to save it as."""
        assert _refused(data) == ["row 1, -: this is no text; save the sheet as CSV in UTF-8"]

    @given(st.binary(max_size=200))
    def test_any_bytes(self, data: bytes) -> None:
        """No file raises anything but the table's own error."""
        with suppress(TableError):
            read(data, now=NOW)
