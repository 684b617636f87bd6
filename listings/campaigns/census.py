"""The Census API's answer, as a person downloaded it: an array of arrays with a header, read into figures by state.

Every value is a string or null; the geography's code stands in the last columns with its zeros in front. Numbering of
variables moves between vintages, so the person who imports says which column counts whom. Negative sentinels and null
mean that there is no figure, which is not the figure zero.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from listings.campaigns.audiences import groups, states
from listings.campaigns.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# Annotated values of the American Community Survey: too few cases, not published, not applicable.
SENTINELS: Final = frozenset({-222222222, -333333333, -555555555, -666666666, -888888888, -999999999})
MOST_ROWS: Final = 5_000
MOST_BYTES: Final = 2_000_000
FIRST_YEAR: Final = 2005
_GEOGRAPHY: Final = "state"
_LONGEST: Final = 12


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: the row as the file counts (the header is 1, 0 the whole file), its column, and what."""

    row: int
    column: str
    what: str


class CensusError(ValueError):
    """A file that is not taken, with everything that is wrong with it."""

    def __init__(self, problems: list[Wrong]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"row {one.row}, {one.column}: {one.what}" for one in problems))


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: figures by group and state, and the cells that it leaves open."""

    people: Mapping[tuple[str, str], Figure]
    open: tuple[tuple[str, str], ...]


def read_census(text: str, columns: Mapping[str, str], year: int, table: str) -> Read:
    """Return the figures of an answer; ``columns`` names the group that a variable counts (``{"DP05_0072E": "mx"}``).

    A column ``…M`` beside ``…E`` is its margin of error, and widens the figure. Raises ``CensusError`` with all that is
    wrong, by row; then nothing of the file counts.
    """
    rows, header = _rows(text)
    wrong = [*_heading(header, columns), *_year(year)]
    if wrong:
        raise CensusError(wrong)
    source = dict.fromkeys(("es", "pt", "en"), f"US Census Bureau, {table}, {year}")
    by_fips = {one.fips: one.id for one in states().values()}
    people: dict[tuple[str, str], Figure] = {}
    left: list[tuple[str, str]] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if not isinstance(row, list) or len(row) != len(header):
            wrong.append(Wrong(number, "", f"has not the {len(header)} values of the header"))
            continue
        cells = dict(zip(header, row, strict=True))
        state = by_fips.get(cells[_GEOGRAPHY]) if isinstance(cells[_GEOGRAPHY], str) else None
        if state is None:
            wrong.append(Wrong(number, _GEOGRAPHY, f"{_short(cells[_GEOGRAPHY])} is no state's code, such as 06"))
            continue
        if state in seen:
            wrong.append(Wrong(number, _GEOGRAPHY, f"{cells[_GEOGRAPHY]} stands twice"))
            continue
        seen.add(state)
        for column, group in columns.items():
            try:
                count, margin = _count(cells[column]), _count(cells.get(f"{column[:-1]}M"))
            except ValueError as error:
                wrong.append(Wrong(number, column, str(error)))
                continue
            if count is None:
                left.append((group, state))
                continue
            spread = margin or 0
            people[group, state] = Figure(max(0, count - spread), count + spread, year, source, "reported")
    wrong += _above(people, {state: number for number, state in _numbered(rows, header, by_fips)}, columns)
    if wrong:
        raise CensusError(wrong)
    return Read(people, tuple(left))


def _rows(text: str) -> tuple[list[Any], list[str]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise CensusError([Wrong(0, "", "is not JSON; save the answer of the API as it came")]) from None
    if not isinstance(found, list) or not found or not isinstance(found[0], list):
        raise CensusError([Wrong(0, "", "is not an array of arrays whose first is the header")])
    header, *rows = found
    if not all(isinstance(one, str) for one in header) or len(set(header)) < len(header):
        raise CensusError([Wrong(1, "", "a header holds names, each once")])
    if not rows:
        raise CensusError([Wrong(0, "", "holds a header and no rows")])
    if len(rows) > MOST_ROWS:
        raise CensusError([Wrong(0, "", f"holds {len(rows)} rows; {MOST_ROWS} are the most")])
    return rows, header


def _heading(header: list[str], columns: Mapping[str, str]) -> list[Wrong]:
    wrong = [] if columns else [Wrong(1, "", "say which column counts whom, such as DP05_0072E=mx")]
    if _GEOGRAPHY not in header:
        wrong.append(Wrong(1, _GEOGRAPHY, "is missing; ask the API with for=state:*"))
    for column, group in columns.items():
        if column not in header:
            wrong.append(Wrong(1, column, "is not in the header"))
        if not column.endswith("E") or column.endswith("PE"):
            wrong.append(Wrong(1, column, "is no estimate of a count: such columns end in E"))
        if group not in groups():
            wrong.append(Wrong(1, column, f"{group!r} is no group; see shopkit campaigns audiences"))
    if len(set(columns.values())) < len(columns):
        wrong.append(Wrong(1, "", "a group is counted by two columns"))
    return wrong


def _year(year: int) -> list[Wrong]:
    return [] if FIRST_YEAR <= year <= 2100 else [Wrong(0, "", f"{year} is no year of the survey")]  # noqa: PLR2004


def _count(value: Any) -> int | None:  # noqa: ANN401 - of a file
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{_short(value)} is not a string, as every value of the API is")  # noqa: TRY004 - of the file
    digits = value.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > _LONGEST:
        raise ValueError(f"{_short(value)} is not a whole number")
    number = int(value)
    if number in SENTINELS:
        return None
    if number < 0:
        raise ValueError(f"{value} is below nothing, and no sentinel that is known")
    return number


def _numbered(rows: list[Any], header: list[str], by_fips: Mapping[str, str]) -> list[tuple[int, str]]:
    place = header.index(_GEOGRAPHY)
    found = []
    for number, row in enumerate(rows, start=2):
        if isinstance(row, list) and len(row) == len(header) and isinstance(row[place], str) and row[place] in by_fips:
            found.append((number, by_fips[row[place]]))
    return found


def _above(
    people: Mapping[tuple[str, str], Figure], numbers: Mapping[str, int], columns: Mapping[str, str]
) -> list[Wrong]:
    """Return the rows in which a part is more than the whole that the same file gives."""
    named = {group: column for column, group in columns.items()}
    return [
        Wrong(numbers[state], named[group], "is more than all Hispanics of the state in the same file")
        for (group, state), figure in people.items()
        if group != "latino" and groups()[group].kind == "origin"
        if (whole := people.get(("latino", state))) is not None and figure.low > whole.high
    ]


def _short(value: Any) -> str:  # noqa: ANN401 - of a file
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004
