"""Renewing the rules without a new application: check what came, keep it, put it in force."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from landed_cost import RulebookError, load_rulebook
from shopkit.services.case_files import read_cases
from shopkit.services.cases import differences
from shopkit.services.problems import RequestError
from shopkit.services.quotes import price
from shopkit.services.renewal.shelf import SHIPPED, Shelf
from shopkit.services.renewal.signing import is_signed, verify
from shopkit.services.renewal.unpack import MAX_BYTES, unpack
from shopkit.services.renewal.ways import closed
from shopkit.services.tariffs import download

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from landed_cost import Rulebook
    from shopkit.config import Settings
    from shopkit.services.cases import Case

CASES: Final = "cases"
_SHOWN: Final = 5


class CaseFailedError(ValueError):
    """Worked cases do not come out under the new rules; the message names them."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of a rulebook: its version, how many cases it was held against, and whether it is signed."""

    version: str
    destinations: int
    cases: int
    skipped: int
    signature: str


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update did: what was checked, the version before, and whether anything changed."""

    checked: Checked
    before: str
    after: str


def shelf(settings: Settings) -> Shelf:
    """Return the shelf of rulebooks of a shop."""
    return Shelf(settings.rulebooks_dir)


def load_kept(settings: Settings, version: str) -> Rulebook:
    """Return a kept rulebook, or the shipped one, with the exchange rates that ship."""
    return load_rulebook(shelf(settings).path(version))


def check(settings: Settings, place: str, today: date, cases: Path | None = None) -> Checked:
    """Check a folder, an archive or an address without changing anything.

    Raises ``UnpackError``, ``SignatureError``, ``RulebookError``, ``CasesError``, ``CaseFailedError`` and
    ``DownloadError``.
    """
    with _fetched(place) as source, tempfile.TemporaryDirectory(prefix="shopkit-") as folder:
        unpack(source, Path(folder))
        return check_folder(settings, Path(folder), today, cases)


def update(settings: Settings, place: str, today: date, cases: Path | None = None) -> Updated:
    """Check the rules at ``place`` like :func:`check`, keep them, put them in force; on any trouble nothing changes."""
    kept = shelf(settings)
    with kept.held():
        before = kept.in_force()
        with _fetched(place) as source, kept.making() as made:
            unpack(source, made)
            checked = check_folder(settings, made, today, cases)
            kept.keep(made, checked.version)
        kept.point(checked.version)
    return Updated(checked, before, checked.version)


def use(settings: Settings, version: str) -> tuple[str, str]:
    """Put a kept version (or ``shipped``) in force again and return (before, after); ``ShelfError`` if not kept."""
    kept = shelf(settings)
    with kept.held():
        before = kept.in_force()
        kept.point(version)
    return before, version


def check_folder(settings: Settings, folder: Path, today: date, cases: Path | None) -> Checked:
    """Check an unpacked rulebook: signature, schema, and the cases that came with it and those in ``cases``."""
    if settings.rulebook_key:
        verify(folder, settings.rulebook_key)
        signature = "signed by the trusted key"
    else:
        signature = "signature not checked: set SHOPKIT_RULEBOOK_KEY" if is_signed(folder) else "not signed"
    book = load_rulebook(folder)
    if book.version == SHIPPED:
        raise RulebookError("VERSION", f"{SHIPPED!r} means the rules that came with the application; write a version")
    if (hole := next(closed(book), None)) is not None:
        raise RulebookError("regimes", str(hole))
    found = [case for place in (folder / CASES, cases) if place is not None for case in read_cases(place)]
    # A case that needs an official schedule cannot be held against rules alone.
    runnable = [case for case in found if not case.needs]
    failed = [text for case in runnable if (text := _failure(book, case, today)) is not None]
    if failed:
        more = f"\n… and {len(failed) - _SHOWN} more" if len(failed) > _SHOWN else ""
        raise CaseFailedError(
            f"{len(failed)} of {len(runnable)} cases do not come out:\n" + "\n".join(failed[:_SHOWN]) + more
        )
    return Checked(book.version, len(book.destinations), len(runnable), len(found) - len(runnable), signature)


def _failure(book: Rulebook, case: Case, today: date) -> str | None:
    try:
        found = differences(case, price(book, case.request, today))
    except RequestError as error:
        found = [f"{one.pointer}: {one.message('en')}" for one in error.problems]
    return f"{case.id}: {'; '.join(found)}" if found else None


@contextmanager
def _fetched(place: str) -> Iterator[Path]:
    """Give the folder or file itself, or a temporary file with what the address holds."""
    if "://" not in place:
        yield Path(place)
        return
    with tempfile.TemporaryDirectory(prefix="shopkit-") as folder:
        path = Path(folder) / "rulebook"
        download(place, path, MAX_BYTES)
        yield path
