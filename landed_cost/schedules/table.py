"""The rows of an edition as columns: small on disk, quick to load, nothing read before it is asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self

from landed_cost.schedules.model import RateTexts

NO_RATE: Final = -1
_JOIN: Final = " > "


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a schedule as an importer read it.

    ``parent`` is the index of the row above (-1 for none); ``rates`` is set on the row that carries them, ``inherited``
    the index of that row for those below it. ``since`` and ``until`` bound a row that is dated by itself.
    """

    code: str
    text: str
    parent: int = -1
    units: tuple[str, ...] = ()
    rates: RateTexts | None = None
    inherited: int = NO_RATE
    notes: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of an edition; the same index is the same row in each of them.

    ``lines`` are the rows that carry a rate, ``rated`` those and the ones that inherit it. ``line_digits`` is the
    length of a line's code where longer codes are statistical (8 in the US), ``None`` where every code is a line.
    """

    line_digits: int | None
    codes: list[str]
    texts: list[str]
    parents: list[int]
    rates: list[int]
    units: list[int]
    notes: list[int]
    extras: list[int]
    rate_sets: list[RateTexts]
    unit_sets: list[tuple[str, ...]]
    note_sets: list[tuple[str, ...]]
    extra_sets: list[dict[str, str]]
    lines: list[int]
    rated: list[int]

    def path(self, row: int) -> str:
        """Return the description of a row behind those of all rows above it."""
        parts = []
        while row >= 0:
            parts.append(self.texts[row])
            row = self.parents[row]
        return _JOIN.join(part for part in reversed(parts) if part)

    @classmethod
    def of(cls, payload: Mapping[str, Any], on: date | None) -> Self:
        """Return the table of a stored payload; dated rows count as of ``on``, the newest of a code without it."""
        rates = [RateTexts(general, _groups(special), other) for general, special, other in payload["rate_sets"]]
        chosen = _chosen(payload, on)
        return cls(
            line_digits=payload["line_digits"],
            codes=payload["codes"],
            texts=payload["texts"],
            parents=payload["parents"],
            rates=payload["rates"],
            units=payload["units"],
            notes=payload["notes"],
            extras=payload["extras"],
            rate_sets=rates,
            unit_sets=[tuple(units) for units in payload["unit_sets"]],
            note_sets=[tuple(notes) for notes in payload["note_sets"]],
            extra_sets=payload["extra_sets"],
            lines=[row for row in payload["lines"] if chosen is None or row in chosen],
            rated=[
                row
                for row, (code, rate) in enumerate(zip(payload["codes"], payload["rates"], strict=True))
                if code and rate != NO_RATE and (chosen is None or row in chosen)
            ],
        )


def pack(rows: list[Row], line_digits: int | None) -> dict[str, Any]:
    """Return the rows as what is stored: columns, with every distinct set of values written once."""
    rate_sets, unit_sets, note_sets, extra_sets = _Sets(), _Sets(), _Sets(), _Sets()
    carried = [NO_RATE if row.rates is None else rate_sets.index(row.rates) for row in rows]
    rates = [
        carried[row.inherited] if row.rates is None and row.inherited != NO_RATE else rate
        for row, rate in zip(rows, carried, strict=True)
    ]
    is_dated = any(row.since or row.until for row in rows)
    return {
        "line_digits": line_digits,
        "codes": [row.code for row in rows],
        "texts": [row.text for row in rows],
        "parents": [row.parent for row in rows],
        "rates": rates,
        "units": [unit_sets.index(row.units) for row in rows],
        "notes": [note_sets.index(row.notes) for row in rows],
        "extras": [extra_sets.index(tuple(row.extra.items())) for row in rows],
        "lines": [index for index, row in enumerate(rows) if row.rates is not None],
        "rate_sets": [[one.general, one.special, one.other] for one in rate_sets.values],
        "unit_sets": unit_sets.values,
        "note_sets": note_sets.values,
        "extra_sets": [dict(items) for items in extra_sets.values],
        "since": [_text(row.since) for row in rows] if is_dated else None,
        "until": [_text(row.until) for row in rows] if is_dated else None,
    }


class _Sets:
    """Distinct values with their numbers."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def index(self, value: Any) -> int:  # noqa: ANN401  # any hashable set of values of a row
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]


def _groups(special: Iterable[Any]) -> tuple[tuple[tuple[str, ...], str | None, tuple[str, ...]], ...]:
    return tuple((tuple(symbols), rate, tuple(see)) for symbols, rate, see in special)


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _chosen(payload: Mapping[str, Any], on: date | None) -> set[int] | None:
    """Return the rows in force, or ``None`` when rows have no dates of their own. ISO dates compare as text."""
    if payload["since"] is None:
        return None
    newest: dict[str, tuple[str, int]] = {}
    for row, (code, since, until) in enumerate(zip(payload["codes"], payload["since"], payload["until"], strict=True)):
        if on is not None and (since > on.isoformat() or (until and until < on.isoformat())):
            continue
        newest[code] = max(newest.get(code, ("", -1)), (since, row))
    return {row for _, row in newest.values()}
