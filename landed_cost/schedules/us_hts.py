"""The Harmonized Tariff Schedule of the United States, as the USITC publishes it in JSON.

The file is one list of rows in the order of the book. Rates stand on one row of each eight-digit line and count for the
rows below it, by indent: cutting digits would not find the grouping rows, which have no code. Chapters 98 and 99 are
read and checked but kept out of the lines, because what they add depends on origin, date and use.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Final

from landed_cost.expressions import parse
from landed_cost.expressions.lexer import RateSyntaxError
from landed_cost.hs import dotted
from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.importer import ParsedSchedule, SourceFile, StatedImporter
from landed_cost.schedules.model import Edition, RateTexts
from landed_cost.schedules.special import read_special
from landed_cost.schedules.table import NO_RATE, Row
from landed_cost.schedules.us_quota import SAFEGUARDS, with_quotas

LINE_DIGITS: Final = 8
EXCISE: Final = "us.excise"
"""Key of ``TariffLine.extra``: sections of title 26 U.S.C. that a note of the line names, such as ``5041``."""

_NATIONAL_CHAPTERS: Final = ("98", "99")
_CODE: Final = re.compile(r"\d{4}(\.\d{2}){0,3}")
_HEADING_99: Final = re.compile(r"\b99\d\d\.\d\d\.\d\d\b")
_SAFEGUARDS: Final = re.compile(r"9904\.\d\d\.\d\d(?:-9904\.\d\d\.\d\d)?")
_EXCISE_SECTION: Final = re.compile(r"26 U\.S\.C\. ?(\d{4})")
_EDITION: Final = re.compile(r"(?i)hts[_-](\d{4})[_-](?:rev(?:ision)?[_-]?(\d+)|(basic))")
_TEXTS: Final = ("htsno", "indent", "description", "general", "special", "other")
_CHAPTERS: Final = frozenset(f"{number:02d}" for number in range(1, 98)) - {"77"}
_STATISTICAL: Final = 10

# First day of an edition, and the last day up to which its rates of chapters 1 to 97 are known to stand: the page of
# Revision 21 is of 2026-10-07. Source: USITC, change record of the 2026 schedule.
_KNOWN: Final = {(2026, 10): (date(2026, 6, 8), date(2026, 10, 7))}


@dataclass(frozen=True, slots=True)
class _Above:
    """A row on the stack: its indent, its index, and the row its rates come from (-1 for none)."""

    indent: int
    index: int
    rated: int


class UsHts(StatedImporter):
    """Reads the JSON export of the USITC (plain or gzip)."""

    name: ClassVar[str] = "us-hts"
    of = ("US",)
    sentence = "Harmonized Tariff Schedule of the United States, JSON of the USITC (.json or .json.gz)"

    def read(self, path: Path) -> ParsedSchedule:
        """Return the schedule; ``ScheduleError`` names the object of the first fault and what to write instead."""
        source = SourceFile.open(path)
        objects = _objects(source)
        reader = _Reader(path)
        for index, row in enumerate(objects):
            reader.add(index, row)
        reader.check()
        edition = self._edition(source, reader)
        remarks = tuple(reader.remarks())
        return ParsedSchedule(edition, reader.rows, LINE_DIGITS, dict(reader.counts), remarks, reader.gaps())

    def _edition(self, source: SourceFile, reader: "_Reader") -> Edition:
        stated = self._stated
        named = _EDITION.search(source.path.name)
        if stated.edition is not None:
            id_, title = stated.edition, f"US HTS {stated.edition}"
        elif named is not None:
            year, revision, _ = named.groups()
            id_ = f"hts-{year}-rev-{revision}" if revision else f"hts-{year}-basic"
            title = f"US HTS {year} rev. {revision}" if revision else f"US HTS {year} basic edition"
        else:
            raise ScheduleError(
                source.path, "", "does not say which edition it is; name it (hts-2026-rev-10) or the file so"
            )
        numbers = re.search(r"(\d{4})-rev-(\d+)", id_)
        first_day, last_day = _KNOWN.get((int(numbers[1]), int(numbers[2])), (None, None)) if numbers else (None, None)
        effective = stated.effective or first_day
        if effective is None:
            raise ScheduleError(source.path, "", f"does not say from which day {id_} counts; give the effective date")
        return Edition(
            id=id_,
            country=self.country,
            title=title,
            publisher="United States International Trade Commission",
            url=stated.url or "https://hts.usitc.gov/",
            effective=effective,
            hs_edition="HS 2022",
            imported_at="",
            sha256=source.sha256,
            lines=len(reader.lines),
            status="verified",
            known_until=stated.known_until or last_day or effective,
        )


def _objects(source: SourceFile) -> list[Any]:
    text = source.text()
    try:
        objects = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ScheduleError(source.path, where, f"is no JSON ({error}); fetch the file again") from error
    if not isinstance(objects, list) or not objects:
        raise ScheduleError(source.path, "", "is not a list of rows; take the JSON export of the whole schedule")
    return objects


class _Reader:
    """Walks the rows once, keeping the rows above the current one on a stack."""

    def __init__(self, path: Path) -> None:
        self.rows: list[Row] = []
        self.lines: dict[str, int] = {}
        self.counts: Counter[str] = Counter()
        self._path = path
        self._stack: list[_Above] = []
        self._objects: list[int] = []
        self._seen: dict[str, int] = {}
        self._is_national = False
        self._additional: dict[str, str] = {}

    def add(self, index: int, row: Any) -> None:  # noqa: ANN401  # JSON, checked here
        where = _where(index, row)
        texts = _texts(self._path, where, row)
        code = texts["htsno"]
        if code:
            self._check_code(code, index, where)
            # A grouping row has no code: it belongs to the chapter of the row before it.
            self._is_national = code.startswith(_NATIONAL_CHAPTERS)
        rates = self._rates(texts, where)
        self.counts["rows"] += 1
        if self._is_national:
            self.counts["chapters 98 and 99"] += 1
            if row.get("additionalDuties"):
                self._additional[code] = " ".join(str(row["additionalDuties"]).split())
            return
        self._place(index, row, texts, rates, where)

    def check(self) -> None:
        """Raise ``ScheduleError`` for a statistical row that no rate counts for, and for a file without lines.

        Only the whole file says which lines stand beside which: their quotas are marked here.
        """
        for row, index in zip(self.rows, self._objects, strict=True):
            if len(row.code) == _STATISTICAL and row.rates is None and row.inherited == NO_RATE:
                problem = 'has no rate and stands below none; write its column "general" or its indent'
                raise ScheduleError(self._path, f"object {index} ({dotted(row.code)})", problem)
        self.rows = with_quotas(self.rows, self._additional)
        if not self.lines:
            raise ScheduleError(self._path, "", "has no line with a rate; take the JSON export of the whole schedule")

    def remarks(self) -> Iterator[str]:
        """Say what a person should look at before this edition counts."""
        missing = self._missing()
        if missing:
            yield f"chapters without a line: {missing}; codes of them will not be found"

    def gaps(self) -> str:
        """Name the chapters of goods that have no line; empty when all have one."""
        missing = self._missing()
        return f"chapters {missing}" if missing else ""

    def _missing(self) -> str:
        return ", ".join(sorted(_CHAPTERS - {code[:2] for code in self.lines}))

    def _check_code(self, code: str, index: int, where: str) -> None:
        if _CODE.fullmatch(code) is None:
            raise ScheduleError(self._path, where, 'is no code; write "htsno" like 6109, 6109.10, 6109.10.00.12')
        if code in self._seen:
            raise ScheduleError(self._path, where, f"repeats the code of object {self._seen[code]}; keep one of them")
        self._seen[code] = index

    def _rates(self, texts: Mapping[str, str], where: str) -> RateTexts | None:
        """Return the three columns of a row that starts a set; every cell that is printed is read all the same."""
        column = "general"
        try:
            general = parse(texts["general"]) if texts["general"] else None
            column = "special"
            special = read_special(texts["special"])
            column = "other"
            other = parse(texts["other"]) if texts["other"] else None
        except RateSyntaxError as error:
            raise ScheduleError(self._path, where, f'column "{column}": {error}') from error
        if general is None:
            # A stray cell (9006.59.15.20 repeats its column 2 rate) starts no set.
            return None
        if not self._is_national:
            self.counts[general.kind] += 1
        return RateTexts(general.text, special, None if other is None else other.text)

    def _place(
        self,
        index: int,
        row: Mapping[str, Any],
        texts: Mapping[str, str],
        rates: RateTexts | None,
        where: str,
    ) -> None:
        indent = int(texts["indent"])
        while self._stack and self._stack[-1].indent >= indent:
            self._stack.pop()
        above = self._stack[-1] if self._stack else _Above(-1, -1, NO_RATE)
        digits = texts["htsno"].replace(".", "")
        here = len(self.rows)
        if rates is not None:
            self._check_line(digits, above, where)
            self.lines[digits[:LINE_DIGITS]] = here
        rated = above.rated if rates is None else here
        notes = [note for note in row.get("footnotes") or [] if isinstance(note, dict)]
        self.rows.append(
            Row(
                code=digits,
                text=texts["description"].rstrip(":").rstrip(),
                parent=above.index,
                units=tuple(str(unit).strip() for unit in row.get("units") or []),
                rates=rates,
                inherited=above.rated if rates is None else NO_RATE,
                notes=tuple(_named(notes, _HEADING_99, general_only=True)),
                extra=_of_notes(notes),
            )
        )
        self._objects.append(index)
        self._stack.append(_Above(indent, here, rated))

    def _check_line(self, digits: str, above: _Above, where: str) -> None:
        if len(digits) < LINE_DIGITS:
            raise ScheduleError(self._path, where, "has a rate but no code of 8 or 10 digits; rates stand on those")
        if above.rated != NO_RATE:
            problem = f'has a rate below the rate of {self.rows[above.rated].code}; correct the "indent" of one of them'
            raise ScheduleError(self._path, where, problem)
        if digits[:LINE_DIGITS] in self.lines:
            raise ScheduleError(self._path, where, f"gives the line {digits[:LINE_DIGITS]} a second rate; keep one")


def _where(index: int, row: Any) -> str:  # noqa: ANN401  # JSON, not checked yet
    code = row.get("htsno") if isinstance(row, dict) else None
    return f"object {index} ({code})" if code else f"object {index}"


def _texts(path: Path, where: str, row: Any) -> dict[str, str]:  # noqa: ANN401  # JSON, checked here
    if not isinstance(row, dict):
        raise ScheduleError(path, where, 'is no object; write {"htsno": …, "indent": …, "description": …}')
    texts = {}
    for key in _TEXTS:
        value = row.get(key) or ""
        if not isinstance(value, str):
            raise ScheduleError(path, where, f'"{key}" is {value!r}; write a text in quotation marks')
        texts[key] = " ".join(value.split())
    if not texts["indent"].isdecimal():
        raise ScheduleError(path, where, f'"indent" is {texts["indent"]!r}; write a number such as "2"')
    if not isinstance(row.get("units") or [], list) or not isinstance(row.get("footnotes") or [], list):
        raise ScheduleError(path, where, '"units" and "footnotes" are lists; write [] for none')
    return texts


def _named(notes: list[dict[str, Any]], pattern: re.Pattern[str], *, general_only: bool) -> list[str]:
    """Return what ``pattern`` finds in the notes, each once, in order."""
    found: dict[str, None] = {}
    for note in notes:
        columns = note.get("columns")
        if not general_only or (isinstance(columns, list) and "general" in columns):
            found.update(dict.fromkeys(pattern.findall(str(note.get("value")))))
    return list(found)


def _of_notes(notes: list[dict[str, Any]]) -> dict[str, str]:
    sections = _named(notes, _EXCISE_SECTION, general_only=False)
    found = {EXCISE: ",".join(sections)} if sections else {}
    headings = _named(notes, _SAFEGUARDS, general_only=False)
    return {**found, SAFEGUARDS: headings[0]} if headings else found
