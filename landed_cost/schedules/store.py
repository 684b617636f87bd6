"""Imported editions on disk: one file each, written whole or not at all, and the law in force on a day.

``<store>/<country>/<edition>.json.gz`` holds two lines of JSON: what the edition is, then its columns. A list of
products is ``<store>/lists/<id>/<edition>.json.gz``. In force on a day is the file with the latest ``effective`` date
up to it, but for those that ``<store>/<country>/aside.json`` names; an import adds a file and changes none.
"""

import gzip
import hashlib
import json
import os
import re
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from landed_cost.schedules.differences import Differences, differences
from landed_cost.schedules.errors import ScheduleError
from landed_cost.schedules.importer import Importer, ParsedList, ParsedSchedule
from landed_cost.schedules.model import Edition, ListEntry, ProductList, Schedule
from landed_cost.schedules.table import Table, pack

FORMAT: Final = 1
_SUFFIX: Final = ".json.gz"
_LISTS: Final = "lists"
_ASIDE: Final = "aside.json"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_LOADED: Final = 8


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did or, as a rehearsal, would do.

    ``changed`` is whether something was stored; ``message`` says it in a sentence. ``counts`` and ``remarks`` are the
    importer's; ``differences`` what a schedule changes against the edition in force on its first day, if there is one.
    """

    id: str
    country: str
    effective: date
    changed: bool
    message: str
    counts: Mapping[str, int]
    remarks: tuple[str, ...]
    path: Path
    differences: Differences | None = None


def import_schedule(
    importer: Importer,
    source: Path,
    store: Path,
    *,
    dry_run: bool = False,
    partial: bool = True,
    now: datetime | None = None,
) -> ImportReport:
    """Read ``source`` with ``importer`` and put it in the store beside what is there.

    An edition that is there already is left as it is, and the report says so; another file under the name of an edition
    that is there is refused. ``partial`` false refuses a schedule that lacks whole chapters. ``dry_run`` reads and
    checks everything and stores nothing. Raises ``ScheduleError`` for a fault in the source, which leaves the store as
    it is.
    """
    parsed = importer.read(source)
    if not partial and isinstance(parsed, ParsedSchedule) and parsed.gaps:
        problem = f"has no line in {parsed.gaps}; take the whole schedule, or say that it is partial"
        raise ScheduleError(source, "", problem)
    changes: Differences | None = None
    stamp = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(parsed, ParsedList):
        products = replace(parsed.products, imported_at=stamp)
        edition_id = f"{products.effective.isoformat()}-{products.sha256[:8]}"
        path = _path(store / _LISTS / products.id, edition_id, source)
        head = {"kind": "list", "list": _plain({**_fields(products), "lines": len(products)})}
        payload: Any = [_plain(asdict(entry)) for entries in products.entries.values() for entry in entries]
        about = (products.id, products.country, products.effective, products.sha256)
    else:
        edition = replace(parsed.edition, imported_at=stamp)
        path = _path(store / edition.country.lower(), edition.id, source)
        head = {"kind": "schedule", "edition": _plain(asdict(edition))}
        payload = pack(parsed.rows, parsed.line_digits)
        changes = None if path.exists() else _changes(store, edition, payload)
        about = (edition.id, edition.country, edition.effective, edition.sha256)
    id_, country, effective, sha256 = about
    changed, message = _put(path, head, payload, sha256=sha256, source=source, dry_run=dry_run)
    return ImportReport(
        id_, country, effective, changed, f"{id_}: {message}", parsed.counts, parsed.remarks, path, changes
    )


def list_editions(store: Path, country: str | None = None, *, with_aside: bool = False) -> list[Edition]:
    """Return the stored editions (of one country), by country and first day; lists of products are not among them.

    Those that were set aside are left out unless they are asked for.
    """
    found = sorted((edition for edition, _ in _editions(store, country)), key=_order)
    return [one for one in found if with_aside or one.id not in aside(store, one.country)]


def list_product_lists(store: Path) -> list[tuple[str, date, int]]:
    """Return id, first day and number of rows of each stored list of products, by id and day."""
    heads = [_head(path)["list"] for path in sorted((store / _LISTS).glob(f"*/*{_SUFFIX}"))]
    return sorted((head["id"], date.fromisoformat(head["effective"]), head["lines"]) for head in heads)


def load(store: Path, country: str, on: date | None = None, edition: str | None = None) -> Schedule | None:
    """Return the schedule of ``country`` in force ``on`` a day (the newest for ``None``), or the named ``edition``.

    ``None`` when there is none: nothing is known then of that day. An edition that was set aside is loaded by its name
    alone. Loaded files are kept, so that asking again costs
    nothing. Raises ``ScheduleError`` for a stored file that is damaged.
    """
    found = _in_force(store, country, on, edition)
    if found is None:
        return None
    newest, path = found
    stamp = path.stat()
    payload = _payload(path, stamp.st_mtime_ns, stamp.st_size)
    return _schedule(path, stamp.st_mtime_ns, newest, None if payload["since"] is None else on)


def load_list(store: Path, id_: str, on: date | None = None) -> ProductList | None:
    """Return the list of products ``id_`` in the newest edition (in force ``on`` a day), or ``None``.

    Raises ``ScheduleError`` for a stored file that is damaged.
    """
    found = []
    for path in sorted((store / _LISTS / id_).glob(f"*{_SUFFIX}")):
        about = _head(path)["list"]
        effective = date.fromisoformat(about["effective"])
        if on is None or effective <= on:
            found.append((effective, about["imported_at"], path, about))
    if not found:
        return None
    _, _, path, about = max(found, key=lambda one: one[:2])
    stamp = path.stat()
    return _list(path, stamp.st_mtime_ns, stamp.st_size)


def remove(store: Path, country: str, edition: str) -> Edition:
    """Delete a stored edition, so that the one before it is in force again, and return what was deleted.

    Raises ``KeyError`` when there is none of that name.
    """
    for found, path in _editions(store, country):
        if found.id == edition:
            path.unlink()
            _sync(path.parent)
            unused = aside(store, country)
            if edition in unused:
                # Imported again under this name it is to count.
                _put_aside(store, country, unused - {edition})
            return found
    raise KeyError(edition)


def aside(store: Path, country: str) -> frozenset[str]:
    """Return the names of the editions that were set aside: they are kept, and are in force on no day."""
    path = store / country.lower() / _ASIDE
    try:
        names = json.loads(path.read_bytes())
    except FileNotFoundError:
        return frozenset()
    except ValueError:
        names = None
    if not isinstance(names, list):
        raise ScheduleError(path, "", "is damaged; say anew which edition to use: shopkit tariffs use")
    return frozenset(map(str, names))


def use(store: Path, country: str, edition: str) -> list[Edition]:
    """Let ``edition`` be the newest in force: later ones are set aside, and are returned; nothing is deleted.

    Older ones stay what they were, for the days before. Raises ``KeyError`` when there is none of that name.
    """
    editions = list_editions(store, country, with_aside=True)
    place = next((index for index, found in enumerate(editions) if found.id == edition), None)
    if place is None:
        raise KeyError(edition)
    later = editions[place + 1 :]
    # A damaged note of what was set aside is what this mends, so it is not asked.
    older = frozenset() if _is_damaged(store, country) else aside(store, country)
    kept = (older - {edition}) & {found.id for found in editions}
    _put_aside(store, country, kept | {found.id for found in later})
    return [found for found in later if found.id not in older]


def rollback(store: Path, country: str) -> tuple[Edition, Edition | None]:
    """Set the newest edition aside, and return it with the one that is the newest now, if there is one.

    Raises ``KeyError`` when none is in use.
    """
    editions = list_editions(store, country)
    if not editions:
        raise KeyError(country)
    newest = editions[-1]
    _put_aside(store, country, aside(store, country) | {newest.id})
    return newest, editions[-2] if len(editions) > 1 else None


def _put_aside(store: Path, country: str, names: Iterable[str]) -> None:
    _write(store / country.lower() / _ASIDE, json.dumps(sorted(names)).encode())


def _is_damaged(store: Path, country: str) -> bool:
    try:
        aside(store, country)
    except ScheduleError:
        return True
    return False


def _in_force(store: Path, country: str, on: date | None, edition: str | None = None) -> tuple[Edition, Path] | None:
    """Return the edition in force on a day (the newest for ``None``), or the named one, with its file."""
    unused = aside(store, country) if edition is None else frozenset()
    found = [
        (one, path)
        for one, path in _editions(store, country)
        if one.id not in unused and (edition is None or one.id == edition) and (on is None or one.effective <= on)
    ]
    return max(found, key=lambda pair: _order(pair[0]), default=None)


def _changes(store: Path, edition: Edition, payload: Mapping[str, Any]) -> Differences | None:
    found = _in_force(store, edition.country, edition.effective)
    if found is None:
        return None
    old, path = found
    stamp = path.stat()
    before = Table.of(_payload(path, stamp.st_mtime_ns, stamp.st_size), edition.effective)
    return differences(old.id, before, Table.of(payload, edition.effective))


def _order(edition: Edition) -> tuple[str, date, str]:
    return edition.country, edition.effective, edition.imported_at


def _fields(products: ProductList) -> dict[str, Any]:
    names = ("id", "country", "title", "url", "effective", "imported_at", "sha256", "known_until")
    return {name: getattr(products, name) for name in names}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as JSON writes them: dates as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _path(folder: Path, edition: str, source: Path) -> Path:
    if _NAME.fullmatch(edition) is None:
        raise ScheduleError(source, "", f"edition {edition!r}: write small letters, digits, dots and hyphens only")
    return folder / f"{edition}{_SUFFIX}"


def _put(
    path: Path,
    head: Mapping[str, Any],
    payload: Any,  # noqa: ANN401  # JSON
    *,
    sha256: str,
    source: Path,
    dry_run: bool,
) -> tuple[bool, str]:
    if path.exists():
        known = _head(path)
        if known["source_sha256"] == sha256:
            name, country = path.name.removesuffix(_SUFFIX), path.parent.name
            if name in aside(path.parent.parent, country):
                again = f"shopkit tariffs use {country.upper()} {name}"
                return False, f"is imported already, but set aside; {again} brings it back; nothing was changed"
            return False, "is imported already; nothing was changed"
        raise ScheduleError(
            source,
            "",
            f"differs from the file that was imported as {path.name.removesuffix(_SUFFIX)}; give it another edition "
            "name, or remove the old one first",
        )
    if dry_run:
        return False, "was read and checked; nothing was stored"
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    first = {
        "format": FORMAT,
        **head,
        "source_sha256": sha256,
        "payload_sha256": hashlib.sha256(body).hexdigest(),
    }
    data = json.dumps(first, ensure_ascii=False).encode() + b"\n" + body + b"\n"
    _write(path, gzip.compress(data, compresslevel=6, mtime=0))
    return True, "was imported"


def _write(path: Path, data: bytes) -> None:
    """Write beside the place, to the disk, and only then under the name: a reader sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for the owner alone; editions are no secret and other workers read them.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _editions(store: Path, country: str | None) -> Iterator[tuple[Edition, Path]]:
    for path in sorted(store.glob(f"{'*' if country is None else country.lower()}/*{_SUFFIX}")):
        stamp = path.stat()
        yield _edition(path, stamp.st_mtime_ns, stamp.st_size), path


@lru_cache(maxsize=64)
def _edition(path: Path, _changed: int, _size: int) -> Edition:
    values = _head(path)["edition"]
    days = {name: date.fromisoformat(values[name]) for name in ("effective", "known_until")}
    return Edition(**{**values, **days})


def _damaged(path: Path) -> ScheduleError:
    return ScheduleError(path, "", "is damaged; remove it and import the edition again")


def _head(path: Path) -> dict[str, Any]:
    try:
        with gzip.open(path) as file:
            head = json.loads(file.readline())
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _damaged(path) from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise ScheduleError(path, "", "is of another version of this program; remove it and import the edition again")
    return head


@lru_cache(maxsize=_LOADED)
def _payload(path: Path, _changed: int, _size: int) -> dict[str, Any]:
    return cast("dict[str, Any]", _body(path))


def _body(path: Path) -> Any:  # noqa: ANN401  # JSON
    head = _head(path)
    try:
        with gzip.open(path) as file:
            file.readline()
            body = file.read().rstrip(b"\n")
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path) from error
    if hashlib.sha256(body).hexdigest() != head["payload_sha256"]:
        raise _damaged(path)
    return json.loads(body)


@lru_cache(maxsize=_LOADED)
def _schedule(path: Path, changed: int, edition: Edition, on: date | None) -> Schedule:
    return Schedule(edition, Table.of(_payload(path, changed, path.stat().st_size), on))


@lru_cache(maxsize=_LOADED)
def _list(path: Path, _changed: int, _size: int) -> ProductList:
    about = _head(path)["list"]
    entries: dict[str, list[ListEntry]] = {}
    for row in _body(path):
        days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("effective", "until")}
        entries.setdefault(row["prefix"], []).append(ListEntry(row["prefix"], row["attributes"], **days))
    days = {name: date.fromisoformat(about[name]) for name in ("effective", "known_until")}
    values = {name: value for name, value in about.items() if name != "lines"}
    return ProductList(**{**values, **days}, entries={key: tuple(rows) for key, rows in entries.items()})
