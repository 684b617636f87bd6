"""Official tariff schedules of the shop: importing them from a file or an address, listing and removing them."""

from __future__ import annotations

import inspect
import re
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import requests

from landed_cost.schedules.importer import NOTHING_STATED, Stated
from landed_cost.schedules.store import (
    ImportReport,
    aside,
    import_schedule,
    list_editions,
    list_product_lists,
    remove,
    rollback,
    use,
)
from shopkit import plugins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from landed_cost.schedules import Edition
    from shopkit.config import Settings

LARGEST_BYTES: Final = 100_000_000
_TIMEOUT_S: Final = 10.0
_DEADLINE_S: Final = 300.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_SAFE_NAME: Final = re.compile(r"[^A-Za-z0-9._-]")


class DownloadError(Exception):
    """A file could not be fetched; the message says why."""


def kinds() -> list[plugins.Plugin]:
    """Return the importers that there are, broken ones too."""
    return plugins.plugins(plugins.SCHEDULES)


def import_tariff(
    settings: Settings,
    kind: str,
    place: str,
    *,
    stated: Stated = NOTHING_STATED,
    dry_run: bool = False,
    partial: bool = False,
) -> list[ImportReport]:
    """Import a file or an address with the importer of that name; nothing changes when anything is wrong.

    ``stated`` is what the file does not say itself. A file that is the law of several countries is imported for each of
    them, or for the one that is stated. A schedule that lacks whole chapters is wrong, unless it is ``partial``.

    Raises ``ScheduleError`` with file and place, ``DownloadError``, ``PluginError``.
    """
    made = plugins.plugin(plugins.SCHEDULES, kind)
    stated = replace(stated, url=place if "://" in place else None)
    # An importer that can be told what its file does not say takes ``stated``.
    if "stated" not in inspect.signature(made).parameters:
        importers = [made()]
    else:
        countries = (stated.country,) if stated.country else getattr(made, "of", ()) or (None,)
        importers = [made(stated=replace(stated, country=country)) for country in countries]
    with _fetched(place) as path:
        # The first reads and checks the file for all of them, so that a fault stops before anything is stored.
        return [
            import_schedule(importer, path, settings.schedules_dir, dry_run=dry_run, partial=partial)
            for importer in importers
        ]


def editions(settings: Settings) -> list[Edition]:
    """Return the imported editions that are in use."""
    return list_editions(settings.schedules_dir)


def standings(settings: Settings, today: date) -> list[tuple[Edition, str]]:
    """Return every imported edition with how it stands today: in force, to come, of earlier days, or set aside."""
    store = settings.schedules_dir
    found = list_editions(store, with_aside=True)
    unused = {one.country: aside(store, one.country) for one in found}
    # They come by country and day, so that the last one up to today is the one in force.
    in_force = {one.country: one.id for one in found if one.effective <= today and one.id not in unused[one.country]}
    return [(one, _standing(one, today, unused[one.country], in_force.get(one.country))) for one in found]


def _standing(edition: Edition, today: date, unused: frozenset[str], in_force: str | None) -> str:
    if edition.id in unused:
        return "set aside"
    if edition.effective > today:
        return "to come"
    return "in force" if edition.id == in_force else "of earlier days"


def product_lists(settings: Settings) -> list[tuple[str, date, int]]:
    """Return the imported lists of products: what each is called, its first day, its rows."""
    return list_product_lists(settings.schedules_dir)


def use_edition(settings: Settings, country: str, edition: str) -> list[Edition]:
    """Let an edition be the newest in force, and return the later ones that were set aside for it.

    Raises ``KeyError`` when there is none of that name.
    """
    return use(settings.schedules_dir, country, edition)


def roll_back(settings: Settings, country: str) -> tuple[Edition, Edition | None]:
    """Set the newest edition of a country aside, and return it with the one that is the newest now.

    Raises ``KeyError`` when none is in use.
    """
    return rollback(settings.schedules_dir, country)


def remove_edition(settings: Settings, country: str, edition: str) -> Edition:
    """Delete an edition, so that the one before it is in force again; ``KeyError`` when there is none."""
    return remove(settings.schedules_dir, country, edition)


@contextmanager
def _fetched(place: str) -> Iterator[Path]:
    """Give the file itself, or a temporary one with what the address holds, under the name it has there."""
    if "://" not in place:
        yield Path(place)
        return
    with tempfile.TemporaryDirectory(prefix="shopkit-") as folder:
        name = _SAFE_NAME.sub("_", unquote(urlsplit(place).path).rsplit("/", 1)[-1]) or "schedule"
        path = Path(folder) / name
        download(place, path)
        yield path


def download(url: str, path: Path, largest_bytes: int | None = None) -> None:
    """Fetch an address into a file, within limits of time and size; https only, or the machine itself."""
    largest_bytes = LARGEST_BYTES if largest_bytes is None else largest_bytes
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise DownloadError(f"{url}: only https is fetched; download the file and give its path")
    end = time.monotonic() + _DEADLINE_S
    size = 0
    try:
        with requests.get(url, timeout=_TIMEOUT_S, stream=True, allow_redirects=False) as response:
            if response.status_code != requests.codes.ok:
                where = f" towards {response.headers['Location']}" if "Location" in response.headers else ""
                raise DownloadError(f"{url}: answered {response.status_code}{where}")
            with path.open("wb") as file:
                for piece in response.iter_content(65_536):
                    size += len(piece)
                    if size > largest_bytes:
                        raise DownloadError(f"{url}: more than {largest_bytes:,} bytes")
                    if time.monotonic() > end:
                        raise DownloadError(f"{url}: took more than {_DEADLINE_S:.0f} s")
                    file.write(piece)
    except requests.RequestException as error:
        raise DownloadError(f"{url}: {type(error).__name__}") from error
