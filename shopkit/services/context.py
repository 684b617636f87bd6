"""What every use case needs: settings, database, and the law in force, renewed when its files change."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from landed_cost import RulebookError, load_rulebook
from landed_cost.rates import RatesFileError, load_rates
from landed_cost.schedules.store import list_editions
from shopkit.db import Database, open_database
from shopkit.services.lately import Lately
from shopkit.services.observed import ObservedLanes
from shopkit.services.renewal.shelf import Shelf
from shopkit.services.writing import QuoteWriter

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from landed_cost import Rulebook
    from shopkit.config import Settings
    from shopkit.services.engines import Engines
    from shopkit.services.passwords import Passwords
    from shopkit.services.posting import Postman

_LOG: Final = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 2.0
Stamp = tuple[tuple[str, int, int], ...]


class LawInForce:
    """The rulebook in force with its schedules and rates; looks every two seconds whether their files changed.

    A file that cannot be used leaves what was in force in force; ``trouble`` says why.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._shelf = Shelf(settings.rulebooks_dir)
        self._kept: tuple[Path, Rulebook] | None = None
        self._lock = threading.Lock()
        self._stamp = self._stamps()
        self.trouble: str | None = None
        self._rulebook = load_rulebook()
        self._load()
        self._next_look = clock() + _LOOK_EVERY_S

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook to answer with now."""
        if self._clock() >= self._next_look and self._lock.acquire(blocking=False):
            # One thread looks; the others go on with what they have.
            try:
                self._look()
            finally:
                self._lock.release()
        return self._rulebook

    @property
    def stamp(self) -> Stamp:
        """Which files of rates and schedules are in force: path, time and size of each."""
        return self._stamp

    def refresh(self) -> None:
        """Look at the files now, as after an import."""
        with self._lock:
            self._look()

    def warm(self) -> None:
        """Read what no request has asked for yet, so that none has to wait for it: the law of today, everywhere."""
        rulebook = self.rulebook
        for country in rulebook.destinations:
            rulebook.at(country, datetime.now(UTC).date())

    def _look(self) -> None:
        stamp = self._stamps()
        if stamp != self._stamp:
            self._stamp = stamp
            self._load()
        self._next_look = self._clock() + _LOOK_EVERY_S

    def _load(self) -> None:
        rulebook = load_rulebook()
        path = self._settings.rates_path
        try:
            # A file that was named has to be there; the refreshed one may not be yet.
            kept = self._shelf.path(self._shelf.in_force())
            if kept is not None:
                rulebook = self._loaded(kept)
            if path.is_file() or self._settings.rates_file:
                rulebook = rulebook.with_rates(load_rates(path))
            if self._settings.schedules_dir.is_dir():
                rulebook = rulebook.with_schedules(self._settings.schedules_dir)
            # A schedule that cannot be read is found out now, and not by the first request.
            held = {one.country for one in list_editions(self._settings.schedules_dir)}
            for country in sorted(held & set(rulebook.destinations)):
                rulebook.at(country, datetime.now(UTC).date())
        except (RatesFileError, RulebookError, OSError, ValueError) as error:
            self.trouble = str(error)
            _LOG.error("the old rules, rates and schedules stay in force: %s", error)
        else:
            self.trouble = None
            self._rulebook = rulebook

    def _loaded(self, folder: Path) -> Rulebook:
        """Return a kept rulebook; a version never changes, so it is read once."""
        if self._kept is None or self._kept[0] != folder:
            self._kept = folder, load_rulebook(folder)
        return self._kept[1]

    def _stamps(self) -> Stamp:
        paths: list[Path] = [self._settings.rates_path, self._shelf.pointer]
        if self._settings.schedules_dir.is_dir():
            paths += sorted(self._settings.schedules_dir.rglob("*"))
        stamps = []
        for path in paths:
            try:
                found = path.stat()
            except OSError:
                continue
            stamps.append((str(path), found.st_mtime_ns, found.st_size))
        return tuple(stamps)


def utc_now() -> datetime:
    """Return the moment, in UTC: the clock of a running shop."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Services:
    """The ports of the use cases; ``now`` is the clock, so that a test can have its own."""

    settings: Settings
    database: Database
    law: LawInForce
    now: Callable[[], datetime] = utc_now
    writer: QuoteWriter = field(init=False)
    observed: ObservedLanes = field(init=False)
    # Ten markets of a thousand listings; a result is a few hundred bytes.
    lately: Lately[Any] = field(default_factory=lambda: Lately(10_000))
    _zones: dict[str, ZoneInfo] = field(default_factory=dict)
    _passwords: Passwords | None = None
    _postman: Postman | None = None
    _engines: Engines | None = None

    def __post_init__(self) -> None:
        """Make the one writer of this process, and what its shop observed."""
        self.writer = QuoteWriter(self.database)
        self.observed = ObservedLanes(self.database)

    @property
    def passwords(self) -> Passwords:
        """What hashes and compares passwords: commands do without, and start sooner."""
        if self._passwords is None:
            from shopkit.services.passwords import Passwords  # noqa: PLC0415  # slow to import

            self._passwords = Passwords()
        return self._passwords

    @passwords.setter
    def passwords(self, found: Passwords) -> None:
        self._passwords = found

    @property
    def postman(self) -> Postman:
        """Who sends letters; ``PluginError`` and ``MailSettingsError`` where the setting leads nowhere."""
        if self._postman is None:
            from shopkit.services.posting import Postman, mail_of  # noqa: PLC0415  # slow to import

            self._postman = Postman(mail_of(self.settings))
        return self._postman

    @postman.setter
    def postman(self, found: Postman) -> None:
        self._postman = found

    @property
    def engines(self) -> Engines:
        """The engines that draft; opened when the first draft is asked for."""
        if self._engines is None:
            from shopkit.services.engines import open_engines  # noqa: PLC0415  # slow to import

            self._engines = open_engines(self.settings)
        return self._engines

    @engines.setter
    def engines(self, found: Engines) -> None:
        self._engines = found

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook to answer with now."""
        return self.law.rulebook

    def today(self, country: str) -> date:
        """Return today's date in the destination's own time; UTC where its time is not known."""
        return self.now().astimezone(self.zone_of(country)).date()

    def zone_of(self, country: str) -> ZoneInfo:
        """Return the time of a destination; UTC where it is not known."""
        destination = self.rulebook.destinations.get(country)
        name = "UTC" if destination is None else destination.timezone
        zone = self._zones.get(name)
        if zone is None:
            zone = self._zones[name] = ZoneInfo(name)
        return zone


def open_services(settings: Settings, now: Callable[[], datetime] = utc_now) -> Services:
    """Return the services of a shop: its database opened (not migrated), its law loaded."""
    return Services(settings, open_database(settings.database), LawInForce(settings), now)
