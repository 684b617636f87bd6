"""Files of listings on their way in: kept, looked through without a trace, remembered, listed.

A file lies in ``data_dir/imports`` until it is imported to its end, so that an import that was killed goes on where it
was (:mod:`shopkit.services.importing`).
"""

from __future__ import annotations

import hashlib
import itertools
import json
import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import select

from listings.formats.port import FileRefusedError, Options, Problem
from listings.formats.reading import opened, recognised
from shopkit.models import ListingImport, Seller
from shopkit.services.formats import formats
from shopkit.services.judging import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from sqlalchemy.orm import Session

    from listings.formats.port import Blank, Draft
    from listings.formats.reading import Recognised
    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

MAX_MEGABYTES: Final = 100
# A report that a person reads has an end; the counts are of all.
MAX_PROBLEMS: Final = 500
BATCH: Final = 100
_SAMPLE: Final = 5
_PIECE: Final = 1 << 20


class ImportNotFoundError(LookupError):
    """There is no such import, or it is another seller's: nobody is told which."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person says of a file: its format, if it does not show, and what its cells leave open.

    ``blank`` says what a blank cell does to what is kept: ``keep`` it, or ``erase`` it as Shopify does.
    """

    format: str | None = None
    options: Options = field(default_factory=Options)
    blank: Blank = "keep"

    def to_dict(self) -> dict[str, Any]:
        """Return the choices as JSON."""
        options = self.options
        return {
            "format": self.format,
            "blank": self.blank,
            "currency": options.currency,
            "decimal": options.decimal,
            "language": options.language,
            "columns": dict(options.columns),
            "markets": {name: list(market) for name, market in options.markets.items()},
        }

    @classmethod
    def of(cls, value: dict[str, Any]) -> Choices:
        """Return the choices that :meth:`to_dict` wrote."""
        markets = {name: (market[0], market[1]) for name, market in value.get("markets", {}).items()}
        options = Options(
            value.get("currency"), value.get("decimal"), value.get("language", "es"), value.get("columns", {}), markets
        )
        return cls(value.get("format"), options, value.get("blank", "keep"))


@dataclass(slots=True)
class Report:
    """What a file does, or would do: how many listings are made, changed, left as they are, left out; and why."""

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    # All products of the file, and how many of them were looked at.
    total: int = 0
    looked_at: int = 0
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    # How many problems there are; ``problems`` holds the first of them.
    told: Counter[str] = field(default_factory=Counter)
    sample: list[Listing] = field(default_factory=list)

    def tell(self, problems: Iterable[Problem]) -> None:
        """Take problems down; what has to be mended goes before notes when there are too many."""
        for one in problems:
            self.told[one.code] += 1
            if len(self.problems) < MAX_PROBLEMS:
                self.problems.append(one)
            elif not one.is_note:
                note = next((at for at, other in enumerate(self.problems) if other.is_note), None)
                if note is not None:
                    self.problems[note : note + 1] = []
                    self.problems.append(one)


@dataclass(frozen=True, slots=True)
class Import:
    """An import as it is kept; ``header`` are the columns of its file, empty for items of JSON."""

    id: str
    created_at: datetime
    finished_at: datetime | None
    file_name: str
    format: str
    state: str
    total: int | None
    cursor: int
    choices: Choices
    header: tuple[str, ...]
    columns: dict[str, str]
    counts: dict[str, int]
    problems: tuple[Problem, ...]
    holder: str | None
    beat_at: datetime | None


def settled(services: Services, actor: Actor, choices: Choices) -> Choices:
    """Return the choices with the shop's own currency where none was named; every report says which it was."""
    if choices.options.currency:
        return choices
    with services.database.reading() as session:
        seller = session.get(Seller, actor.seller_id)
    return replace(choices, options=replace(choices.options, currency=None if seller is None else seller.currency))


def look(
    services: Services,
    actor: Actor,
    file: BinaryIO,
    choices: Choices,
    progress: Callable[[int, int], None] | None = None,
    limit: int | None = None,
) -> Report:
    """Return what a file would do, and leave no trace; ``FileRefusedError`` where none of it can be read.

    With a ``limit`` no more than its first products are judged; all are read.
    """
    choices = settled(services, actor, choices)
    report = Report()
    with opened(file, formats(), name=choices.format, options=choices.options) as reading:
        found = reading.found
        report.format, report.encoding, report.delimiter = found.format.name, found.encoding, found.delimiter
        report.total, report.rows = reading.total, reading.last_row
        report.tell(reading.notes)
        for batch in batches(itertools.islice(reading.drafts(), limit)):
            with services.database.reading() as session:
                for verdict in judged(session, actor, batch, choices.blank):
                    report.counts[verdict.what] += 1
                    report.tell(verdict.problems)
                    if verdict.listing is not None and len(report.sample) < _SAMPLE:
                        report.sample.append(verdict.listing)
            report.looked_at += len(batch)
            if progress is not None:
                progress(report.looked_at, reading.total)
    return report


def keep(services: Services, actor: Actor, file: BinaryIO, name: str, choices: Choices) -> Import:
    """Keep a file that is to be imported, with what is known of it; nothing is imported yet.

    What a person once said of the same columns is remembered. A header that is not recognised is kept too, so that a
    person can say what its columns mean; ``FileRefusedError`` where the file is too large or cannot be read.
    """
    actor.must("editor")
    id_ = f"i_{secrets.token_hex(13)}"
    path = _folder(services) / id_
    try:
        digest = _copied(file, path)
        with path.open("rb") as copy:
            found, header = _known(copy, choices)
        mark = fingerprint(header)
        choices = _remembered(services, actor, mark, choices) if mark and not choices.options.columns else choices
        with path.open("rb") as copy:
            found, header = _known(copy, choices)
        choices = settled(services, actor, choices)
        if found is not None:
            choices = replace(choices, format=found.format.name)
        row = ListingImport(
            id=id_,
            seller_id=actor.seller_id,
            created_at=services.now(),
            user_id=actor.user_id,
            format="" if found is None else found.format.name,
            file_name=_plain(name),
            file_hash=digest,
            path=id_,
            mapping=_mapping(choices, header, found),
            state="previewed",
            cursor=0,
            counts={},
            problems=[],
        )
        with services.database.writing.begin() as session:
            session.add(row)
        return kept(row)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def choose(services: Services, actor: Actor, import_id: str, choices: Choices) -> Import:
    """Keep other choices for a file that was not imported yet; ``FileRefusedError`` where they do not fit it."""
    actor.must("editor")
    choices = settled(services, actor, choices)
    with services.database.writing.begin() as session:
        row = own(session, actor, import_id, lock=True)
        if row.state != "previewed":
            raise ImportNotFoundError(import_id)
        with file_of(services, row).open("rb") as file:
            found = recognised(file, formats(), name=choices.format, options=choices.options)
        row.format, row.counts, row.problems, row.total = found.format.name, {}, [], None
        row.mapping = _mapping(replace(choices, format=found.format.name), found.header, found)
        return kept(row)


def forget(services: Services, actor: Actor, import_id: str) -> None:
    """Let a file go that was not imported."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        row = own(session, actor, import_id, lock=True)
        if row.state != "previewed":
            raise ImportNotFoundError(import_id)
        file_of(services, row).unlink(missing_ok=True)
        session.delete(row)


def find_import(services: Services, actor: Actor, import_id: str) -> Import:
    """Return an import of the seller; ``ImportNotFoundError``."""
    with services.database.reading() as session:
        return kept(own(session, actor, import_id))


def find_imports(services: Services, actor: Actor, limit: int = 50) -> tuple[Import, ...]:
    """Return the seller's last imports, the newest first."""
    query = select(ListingImport).where(ListingImport.seller_id == actor.seller_id)
    query = query.order_by(ListingImport.created_at.desc(), ListingImport.id.desc()).limit(limit)
    with services.database.reading() as session:
        return tuple(kept(row) for row in session.scalars(query))


def look_at(services: Services, actor: Actor, import_id: str, limit: int | None = None) -> Report:
    """Return what a kept file would do, or its first products."""
    with services.database.reading() as session:
        row = own(session, actor, import_id)
        path, choices = file_of(services, row), kept(row).choices
    with path.open("rb") as file:
        return look(services, actor, file, choices, limit=limit)


def fingerprint(header: tuple[str, ...]) -> str:
    """Return what tells a header from others; nothing for items of JSON."""
    return hashlib.sha256(json.dumps(header).encode()).hexdigest() if header else ""


# -- inside ---------------------------------------------------------------------------------------------------------
def own(session: Session, actor: Actor, import_id: str, *, lock: bool = False) -> ListingImport:
    """Return a row of the seller's own; another's is not there."""
    query = select(ListingImport).where(ListingImport.id == import_id, ListingImport.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise ImportNotFoundError(import_id)
    return found


def kept(row: ListingImport) -> Import:
    """Return a row as others see it."""
    mapping = cast("dict[str, Any]", row.mapping)
    return Import(
        row.id,
        row.created_at,
        row.finished_at,
        row.file_name,
        row.format,
        row.state,
        row.total,
        row.cursor,
        Choices.of(mapping),
        tuple(mapping.get("header", ())),
        dict(mapping.get("recognised", {})),
        dict(row.counts),
        tuple(Problem.of(one) for one in row.problems),
        row.holder,
        row.beat_at,
    )


def file_of(services: Services, row: ListingImport) -> Path:
    """Return where the file of an import lies."""
    return _folder(services) / row.path


def batches(drafts: Iterator[Draft], size: int = BATCH) -> Iterator[list[Draft]]:
    """Return the drafts in lists of a size."""
    while batch := list(itertools.islice(drafts, size)):
        yield batch


def _folder(services: Services) -> Path:
    folder = services.settings.data_dir / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _copied(file: BinaryIO, path: Path) -> str:
    """Copy a file and return its hash; one that is too large is refused before it is whole."""
    digest = hashlib.sha256()
    left = MAX_MEGABYTES << 20
    with path.open("xb") as copy:
        while piece := file.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise FileRefusedError(Problem("too_large", values={"limit": str(MAX_MEGABYTES)}))
            digest.update(piece)
            copy.write(piece)
    return digest.hexdigest()


def _known(file: BinaryIO, choices: Choices) -> tuple[Recognised | None, tuple[str, ...]]:
    """Return what a file is, and its header; a header that nobody knows yet is kept for a person to explain."""
    try:
        found = recognised(file, formats(), name=choices.format, options=choices.options)
    except FileRefusedError as error:
        if error.problem.code != "format_unknown" or error.problem.row is None:
            raise
        return None, error.header
    return found, found.header


def _remembered(services: Services, actor: Actor, mark: str, choices: Choices) -> Choices:
    """Return the choices with what was said of the same header before."""
    query = select(ListingImport).where(ListingImport.seller_id == actor.seller_id)
    query = query.order_by(ListingImport.created_at.desc(), ListingImport.id.desc()).limit(200)
    with services.database.reading() as session:
        for row in session.scalars(query):
            if row.mapping.get("fingerprint") == mark and row.format:
                before = kept(row).choices
                options = replace(
                    before.options,
                    currency=choices.options.currency or before.options.currency,
                    decimal=choices.options.decimal or before.options.decimal,
                    markets={**before.options.markets, **choices.options.markets},
                )
                return replace(before, format=choices.format or before.format, options=options)
    return choices


def _mapping(choices: Choices, header: tuple[str, ...], found: Recognised | None) -> dict[str, Any]:
    return choices.to_dict() | {
        "fingerprint": fingerprint(header),
        "header": list(header),
        "recognised": {} if found is None else dict(found.columns),
    }


def _plain(name: str) -> str:
    """Return the name of a file without its folders and without signs that cannot be shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:250] or "file"
