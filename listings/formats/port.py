"""What a format of files is: how it knows its own, what it makes of rows, how it writes them.

A record is one row of a table, ``{column: cell}``, or one item of JSON. A group is every record of one product, in the
order of the file, though others may stand between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TextIO

    from listings.changes import Document
    from listings.formats.numbers import Sign, Signs
    from listings.model import Listing

GROUP: Final = "listings.formats"
Record = dict[str, Any]
Blank = Literal["erase", "keep"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend, or a note on what was done with a cell.

    ``row`` counts as a spreadsheet does, the header being 1; it is absent for what concerns the whole file. A listing
    with a problem that is no note is left out whole. ``code`` names the sentence in ``problems.yaml``.
    """

    code: str
    row: int | None = None
    column: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    is_note: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the problem as JSON."""
        return {
            "code": self.code,
            "row": self.row,
            "column": self.column,
            "values": dict(self.values),
            "is_note": self.is_note,
        }

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Problem:
        """Return the problem that :meth:`to_dict` wrote."""
        return cls(**value)


class FileRefusedError(ValueError):
    """A file of which nothing can be taken; ``problem`` says where and what to do.

    ``header`` are its columns where they could be read and nobody knows what they mean.
    """

    def __init__(self, problem: Problem, header: Iterable[str] = ()) -> None:
        self.problem = problem
        self.header = tuple(header)
        super().__init__(f"{problem.code} (row {problem.row}, column {problem.column})")


@dataclass(frozen=True, slots=True)
class Options:
    """What a file does not say and a person does.

    ``currency``  of amounts that name none; without it they are problems
    ``decimal``   the sign of decimals in prices, where the file leaves it open
    ``language``  of the texts
    ``columns``   what a column means: its header to the name of a field; an empty name leaves it aside
    ``markets``   the merchant's own names of markets: to the code of a country, and the currency of its prices
    """

    currency: str | None = None
    decimal: Literal[".", ","] | None = None
    language: str = "es"
    columns: Mapping[str, str] = field(default_factory=dict)
    markets: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """To which product a record belongs.

    ``name`` is its own, or with ``is_member`` one of the ``aliases`` of another; ``skus`` are those it claims.
    """

    name: str
    aliases: tuple[str, ...] = ()
    is_member: bool = False
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """One product as the file says it.

    ``said`` has the shape of a listing; ``None`` stands where a cell is blank, and what has no column is absent.
    ``places`` tells the row and column of a field: ``title``, ``variants/P-M/price``.
    """

    key: str
    rows: tuple[int, ...]
    said: Document
    problems: tuple[Problem, ...] = ()
    places: Mapping[str, tuple[int, str]] = field(default_factory=dict)


class Format(Protocol):
    """A format of files, with a reader and a writer."""

    name: str
    # ``table``: delimited text with a header; ``json``: items.
    kind: Literal["table", "json"]

    @property
    def fields(self) -> Sequence[str]:
        """Names of fields that a column can be mapped to."""
        ...

    # The sign of decimals by kind of number, where the format fixes it and no cell tells the contrary.
    signs: Mapping[str, Sign]

    def columns(self, header: Sequence[str]) -> dict[str, str]:
        """Return what is recognised of a header: column to field. JSON knows its items by their keys."""
        ...

    def is_its_own(self, columns: Mapping[str, str]) -> bool:
        """Return whether what was recognised is enough to take the file for one of this format."""
        ...

    def group(self, record: Record, row: int) -> Group:
        """Return to which product a record belongs; its keys are fields and unmapped columns alike."""
        ...

    def numbers(self, record: Record) -> Iterable[tuple[str, str]]:
        """Return the numbers of a record with their kind, from which the sign of decimals is told."""
        ...

    def notes(self, sheet: Sheet) -> list[Problem]:
        """Return what is to be said of the whole file."""
        ...

    def draft(self, rows: Sequence[tuple[int, Record]], sheet: Sheet) -> Draft:
        """Return what the rows of one product say."""
        ...

    def write(self, listings: Callable[[], Iterable[Listing]], out: TextIO, *, with_costs: bool = False) -> None:
        """Write listings as a file of this format; ``listings`` is asked twice, as a header needs to know all of them.

        Costs are the seller's own matter and left out unless asked for.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the whole file settles for each of its rows: options, headers of fields, the signs of its numbers."""

    options: Options
    # Field to the column's header as it stands in the file.
    headers: Mapping[str, str]
    signs: Signs
    # Columns that mean nothing here, as they stand in the file.
    others: tuple[str, ...] = ()
