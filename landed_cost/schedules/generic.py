"""Any country's tariff as a CSV of our own: one row for each code and period. ``docs/tariff-files.md`` describes it.

The file is read strictly. A rate stands either as printed (``rate_text``, the grammar of
:mod:`landed_cost.expressions`) or in split columns; where both are given they must say the same.
"""

import re
from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Final

from landed_cost.currencies import is_known
from landed_cost.expressions import Expression, parse
from landed_cost.expressions.lexer import RateSyntaxError
from landed_cost.expressions.nodes import AdValorem, Greatest, Least, Node, Specific, Sum
from landed_cost.schedules.csvfile import Cells, Problems, decimal_text, read_rows
from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.hs2017 import hs_2022
from landed_cost.schedules.importer import NOTHING_STATED, ParsedSchedule, SourceFile, Stated, StatedImporter
from landed_cost.schedules.marks import AGREEMENTS, ESTIMATE, QUOTA, REMEDY, with_marks
from landed_cost.schedules.model import Edition, RateTexts
from landed_cost.schedules.table import Row

PREFERENCE: Final = "pref_"
FREE: Final = parse("Free")

_NEEDED: Final = ("hs_code", "description", "effective_from", "source", "confidence")
_RATE: Final = ("rate_text", "ad_valorem")
_OPTIONAL: Final = (
    "country",
    "lang",
    *_RATE,
    "specific_amount",
    "specific_unit",
    "currency",
    "compose",
    "min_rate",
    "max_rate",
    "basis",
    "vat_override",
    "excise_text",
    "supplementary_unit",
    "effective_to",
    "quota",
    "quota_rate",
    "remedy",
)
_KEPT: Final = ("lang", "basis", "vat_override", "excise_text", "currency", "source", "confidence", "quota", "remedy")
_UNITS: Final = {
    "kg": "kg",
    "l": "liter",
    "lpa": "lpa",
    "each": "each",
    "pair": "pair",
    "dozen": "doz.",
    "m2": "m2",
    "m3": "m3",
    "t": "t",
    "thousand": "thousand",
}
# How the second part is joined: a bound in the grammar compares from left to right, as the columns mean it.
_COMPOSE: Final = {"sum": " + ", "max": " but not less than ", "min": " but not more than "}
_HIGHEST: Final = 1000
_SHORTEST, _LONGEST = 6, 12
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_AGREEMENT: Final = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class GenericCsv(StatedImporter):
    """Reads our own CSV for one country, which is stated or stands in the column ``country``.

    ``known_hs6`` are the codes of the edition of the HS that it is written in, by default those of 2022.
    """

    name: ClassVar[str] = "generic"
    sentence = "The tariff of any country, CSV in our own format (docs/tariff-files.md); name the country"

    def __init__(self, stated: Stated = NOTHING_STATED, *, known_hs6: Collection[str] | None = None) -> None:
        super().__init__(stated)
        self._known_hs6 = hs_2022() if known_hs6 is None else known_hs6

    def read(self, path: Path) -> ParsedSchedule:
        """Return the schedule; ``ScheduleError`` names every line at fault and what to write instead."""
        source = SourceFile.open(path)
        problems = Problems(path)
        rows: list[Row] = []
        lines: list[int] = []
        country = self.country
        counts: Counter[str] = Counter()
        levels: Counter[str] = Counter()
        for cells in read_rows(source, problems, needed=_NEEDED, optional=_OPTIONAL, prefix=PREFERENCE):
            counts["rows"] += 1
            country = country or cells["country"]
            if cells["country"] not in {"", country}:
                cells.fail("country", f"the others are of {country}; write one file for each country")
            rate = _rate(cells)
            row = _row(cells, rate)
            if rate is not None:
                counts["free" if rate.is_free else rate.kind] += 1
            levels[cells["confidence"]] += 1
            rows.append(row)
            lines.append(cells.line)
        _check_periods(rows, lines, problems)
        problems.stop()
        remarks = tuple(self._remarks(rows, levels))
        return ParsedSchedule(self._edition(source, rows, country), rows, None, dict(counts), remarks)

    def _remarks(self, rows: list[Row], levels: Counter[str]) -> list[str]:
        remarks = [f"rows of confidence {level}: {number}" for level, number in levels.items() if level != "line"]
        unknown = sorted({row.code for row in rows if row.code[:_SHORTEST] not in self._known_hs6})
        if unknown:
            remarks.append(f"codes whose first six digits are not in the HS of 2022: {', '.join(unknown)}")
        return remarks

    def _edition(self, source: SourceFile, rows: list[Row], country: str) -> Edition:
        stated = self._stated
        days = [row.since for row in rows if row.since]
        if not days:
            raise ScheduleError(source.path, "", "has no rows; write one for each code")
        if _COUNTRY.fullmatch(country) is None:
            problem = "does not say whose tariff it is; name the country, or add a column country such as MX"
            raise ScheduleError(source.path, "", problem)
        effective = stated.effective or min(days)
        name = re.sub(r"[^a-z0-9]+", "-", source.path.name.lower().removesuffix(".gz").removesuffix(".csv")).strip("-")
        id_ = stated.edition or name
        return Edition(
            id=id_,
            country=country,
            title=f"{country} {id_}",
            publisher=next(row.extra["source"] for row in rows),
            url=stated.url or "",
            effective=effective,
            hs_edition="HS 2022",
            imported_at="",
            sha256=source.sha256,
            lines=len({row.code for row in rows}),
            status="reported",
            known_until=stated.known_until or max(days),
        )


def _row(cells: Cells, rate: Expression | None) -> Row:
    for column in _NEEDED:
        if not cells[column]:
            cells.problems.add(cells.line, f"{column} is empty; every row says it")
    code = re.sub(r"[. ]", "", cells["hs_code"])
    if not (code.isascii() and code.isdigit() and _SHORTEST <= len(code) <= _LONGEST) or len(code) % 2:
        cells.fail("hs_code", "write 6, 8, 10 or 12 digits, leading zeros kept")
    if cells["lang"] and _LANGUAGE.fullmatch(cells["lang"]) is None:
        cells.fail("lang", "write a language tag such as es or pt-BR")
    cells.one_of("basis", ("CIF", "FOB"))
    cells.one_of("confidence", ("line", "band", "estimate"))
    cells.decimal("vat_override", highest=_HIGHEST)
    since, until = cells.day("effective_from"), cells.day("effective_to")
    if since and until and until < since:
        cells.fail("effective_to", f"write a day after effective_from, {since}, or leave it blank")
    rates = None if rate is None else RateTexts(rate.text, _preferences(cells))
    unit = cells["supplementary_unit"]
    extra = _marked(cells, {column: cells[column] for column in _KEPT if cells[column]})
    return Row(
        code, cells["description"], units=(unit,) if unit else (), rates=rates, extra=extra, since=since, until=until
    )


def _marked(cells: Cells, extra: dict[str, str]) -> dict[str, str]:
    """Return the columns beside the rate with what is doubtful about it, and the agreements that the file speaks of."""
    if cells["confidence"] in ("band", "estimate"):
        extra = with_marks(extra, [ESTIMATE])
    if cells["quota_rate"] and not cells["quota"]:
        cells.problems.add(cells.line, "has a quota_rate without a quota; write in quota what it is called")
    if cells["quota"]:
        within = _percentage_or_rate(cells, "quota_rate") if cells["quota_rate"] else FREE
        extra = with_marks(extra, [QUOTA], [] if within is None else [within.text])
    if cells["remedy"]:
        extra = with_marks(extra, [REMEDY])
    agreements = [column.removeprefix(PREFERENCE) for column in cells.values if column.startswith(PREFERENCE)]
    return {**extra, AGREEMENTS: " ".join(agreements)} if agreements else extra


def _percentage_or_rate(cells: Cells, column: str) -> Expression | None:
    text = cells[column]
    return _read(cells, column, f"{text}%" if re.fullmatch(r"[0-9.]+", text) else text)


def _preferences(cells: Cells) -> tuple[tuple[tuple[str, ...], str | None, tuple[str, ...]], ...]:
    groups = []
    for column, text in cells.values.items():
        if not column.startswith(PREFERENCE) or not text:
            continue
        agreement = column.removeprefix(PREFERENCE)
        if _AGREEMENT.fullmatch(agreement) is None:
            cells.problems.add(
                cells.line, f"column {column}: write pref_ and the id of an agreement, such as pref_usmca"
            )
        rate = _percentage_or_rate(cells, column)
        if rate is not None:
            groups.append(((agreement,), "Free" if rate.is_free else rate.text, ()))
    return tuple(groups)


def _rate(cells: Cells) -> Expression | None:
    """Return the rate of a row, from its text or its split columns; ``None`` for faults, which are kept."""
    known = len(cells.problems.found)
    split = _split(cells)
    if len(cells.problems.found) > known:
        return None
    printed = _read(cells, "rate_text", cells["rate_text"]) if cells["rate_text"] else None
    if printed is None:
        if split is None and not cells["rate_text"]:
            cells.problems.add(cells.line, "has no rate; write rate_text, or ad_valorem (0 for free)")
        return split
    if split is not None and not _agree(printed, split):
        cells.fail("rate_text", f"the other columns say {split.text}; make them agree or leave one of them out")
    return printed


def _agree(printed: Expression, split: Expression) -> bool:
    if printed.ad_valorem is not None or split.ad_valorem is not None:
        return printed.ad_valorem == split.ad_valorem
    return printed.currency == split.currency and _meaning(printed.root) == _meaning(split.root)


def _meaning(node: Node) -> tuple[object, ...]:
    """Return what a rate means whatever its wording: 10 EUR/100 kg is 0.1 EUR/kg, and a sum has no order."""
    match node:
        case AdValorem():
            return "percent", node.percent, node.parts
        case Specific():
            return "specific", node.amount / node.per, node.unit, node.over
        case Sum():
            return "sum", frozenset(_meaning(term) for term in node.terms)
        case Greatest() | Least():
            return type(node).__name__, frozenset(_meaning(rate) for rate in node.rates)
        case _:
            return "other", node


def _split(cells: Cells) -> Expression | None:
    """Return the rate of the split columns, ``None`` when they are blank."""
    percentage = cells.decimal("ad_valorem", highest=_HIGHEST)
    amount = cells.decimal("specific_amount")
    lowest, highest = cells.decimal("min_rate", highest=_HIGHEST), cells.decimal("max_rate", highest=_HIGHEST)
    compose = cells.one_of("compose", tuple(_COMPOSE)) or "sum"
    unit = cells.one_of("specific_unit", tuple(_UNITS))
    if cells["currency"] and not is_known(cells["currency"]):
        cells.fail("currency", "write the ISO 4217 code, such as USD")
        return None
    if amount is not None and not (unit and cells["currency"]):
        cells.problems.add(cells.line, "has a specific_amount; write its specific_unit and currency too")
        return None
    if amount is not None and unit not in _UNITS:
        return None
    if lowest is not None and highest is not None and lowest > highest:
        cells.fail("min_rate", f"write at most max_rate, {highest}")
    parts = [] if percentage is None else [f"{decimal_text(percentage)}%"]
    if amount is not None:
        per_unit = " each" if unit == "each" else f"/{_UNITS[unit]}"
        parts.append(f"{decimal_text(amount)} {cells['currency']}{per_unit}")
    if not parts:
        if lowest is not None or highest is not None:
            cells.problems.add(cells.line, "has min_rate or max_rate without a rate that they bound; write ad_valorem")
        return None
    text = _COMPOSE.get(compose, " + ").join(parts)
    if lowest is not None:
        text += f" but not less than {decimal_text(lowest)}%"
    if highest is not None:
        text += f" but not more than {decimal_text(highest)}%"
    return _read(cells, "ad_valorem", text)


def _read(cells: Cells, column: str, text: str) -> Expression | None:
    if ("$" in text or "¢" in text) and cells["currency"] != "USD":
        # A dollar sign is the peso's in half of America; only a code says which money is meant.
        cells.problems.add(cells.line, f"{column} is {text!r}; write the ISO 4217 code for the sign, such as 5 MXN/kg")
        return None
    try:
        return parse(text)
    except RateSyntaxError as error:
        cells.problems.add(cells.line, f"{column}: {error}")
        return None


def _check_periods(rows: list[Row], lines: list[int], problems: Problems) -> None:
    """Keep a fault for every code whose periods overlap; a row without a last day ends where the next begins."""
    by_code: dict[str, list[tuple[date, date | None, int]]] = {}
    for row, line in zip(rows, lines, strict=True):
        if row.since is not None:
            by_code.setdefault(row.code, []).append((row.since, row.until, line))
    for code, periods in by_code.items():
        periods.sort(key=lambda period: period[0])
        for (since, until, line), (next_since, _, next_line) in pairwise(periods):
            if next_since == since:
                problems.add(next_line, f"repeats {code} from {since} of line {line}; keep one of them")
            elif until is not None and until >= next_since:
                day = next_since - timedelta(days=1)
                problems.add(line, f"{code} ends after line {next_line} begins; write effective_to {day} or earlier")
