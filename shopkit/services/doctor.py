"""Whether the shop can work: what is missing, broken or getting old, each with what to do about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import SQLAlchemyError

from landed_cost.rates import RATE_LIMIT_DAYS, RatesFileError
from landed_cost.schedules import ScheduleError
from shopkit import db, plugins, sealing
from shopkit.mail.port import MailSettingsError
from shopkit.services import rates, tariffs
from shopkit.services.context import LawInForce
from shopkit.services.engines import open_engines
from shopkit.services.posting import mail_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from shopkit.config import Settings

WORKS: Final = "ok"
WARNS: Final = "warn"
FAILS: Final = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``ok``, ``warn`` or ``FAIL``, and what to do."""

    level: str
    subject: str
    message: str


def examine(settings: Settings, today: date | None = None) -> list[Finding]:
    """Look at everything the shop stands on."""
    day = datetime.now(UTC).date() if today is None else today
    return [
        *_paths(settings),
        *_secret(settings),
        *_seals(settings),
        *_database(settings),
        *_law(settings, day),
        *_schedules(settings, day),
        *_rates(settings, day),
        *_mail(settings),
        *_engines(settings),
        *_plugins(),
    ]


def _paths(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        yield Finding(FAILS, "data folder", f"{folder}: {error.strerror}; set SHOPKIT_DATA_DIR to a folder of yours")
        return
    if os.access(folder, os.W_OK):
        yield Finding(WORKS, "data folder", str(folder.resolve()))
    else:
        yield Finding(FAILS, "data folder", f"{folder} cannot be written to; set SHOPKIT_DATA_DIR to a folder of yours")


def _secret(settings: Settings) -> Iterator[Finding]:
    minimum = 32
    if not settings.secret_key:
        yield Finding(WORKS, "secret", f"made by the shop itself, in {settings.data_dir / 'secret.key'}")
    elif len(settings.secret_key) < minimum:
        yield Finding(FAILS, "secret", f"SHOPKIT_SECRET_KEY is shorter than {minimum} characters; make a longer one")
    else:
        yield Finding(WORKS, "secret", "set")


def _seals(settings: Settings) -> Iterator[Finding]:
    if (why := sealing.trouble(settings)) is not None:
        yield Finding(FAILS if settings.secret_keys else WARNS, "sealing", why)
    elif (count := len(settings.secret_keys)) > 1:
        yield Finding(WORKS, "sealing", f"by the first of {count} keys; the others only open what was sealed before")
    else:
        yield Finding(WORKS, "sealing", "by one key")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        database = db.open_database(settings.database)
        current, newest = db.current_revision(database), db.newest_revision(database)
        database.dispose()
    except (SQLAlchemyError, OSError, ImportError) as error:
        first = str(error).partition("\n")[0]
        yield Finding(FAILS, "database", f"cannot be opened: {first}; look at SHOPKIT_DATABASE_URL")
        return
    if current == newest:
        yield Finding(WORKS, "database", f"at revision {current}")
    else:
        yield Finding(FAILS, "database", f"at revision {current or 'none'}, not {newest}; run shopkit db upgrade")


def _law(settings: Settings, day: date) -> Iterator[Finding]:
    law = LawInForce(settings)
    if law.trouble:
        yield Finding(FAILS, "rulebook", law.trouble)
    for country, destination in sorted(law.rulebook.destinations.items()):
        age = (day - destination.evidence_until).days
        message = f"{law.rulebook.version}, evidence until {destination.evidence_until}"
        yield Finding(WORKS if age <= _OLD_DAYS else WARNS, f"rules of {country}", message)
        try:
            ZoneInfo(destination.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            advice = f"no time zone {destination.timezone}; install the system's tzdata"
            yield Finding(FAILS, f"time of {country}", advice)


# How old evidence may be before a shop should look for news: the tolerance for what moves within months.
_OLD_DAYS: Final = 120


def _schedules(settings: Settings, day: date) -> Iterator[Finding]:
    try:
        found = tariffs.editions(settings)
    except ScheduleError as error:
        yield Finding(FAILS, "schedules", str(error))
        return
    if not found:
        advice = "none imported: duties come from our own bands; run shopkit tariffs import us-hts FILE|URL"
        yield Finding(WARNS, "schedules", advice)
    for edition in found:
        level = WORKS if (day - edition.known_until).days <= _OLD_DAYS else WARNS
        yield Finding(level, f"schedule {edition.country}", f"{edition.title}, known until {edition.known_until}")


def _rates(settings: Settings, day: date) -> Iterator[Finding]:
    try:
        table, origin = rates.current(settings)
    except RatesFileError as error:
        yield Finding(FAILS, "exchange rates", str(error))
        return
    age = table.age(day)
    message = f"{origin}, of {table.as_of}"
    if age > RATE_LIMIT_DAYS:
        yield Finding(WARNS, "exchange rates", f"{message}: {age} days old; run shopkit rates refresh")
    else:
        yield Finding(WORKS, "exchange rates", message)


def _mail(settings: Settings) -> Iterator[Finding]:
    try:
        mail = mail_of(settings)
    except (plugins.PluginError, MailSettingsError) as error:
        yield Finding(FAILS, "mail", f"SHOPKIT_MAIL_URL: {error}")
        return
    if mail.name == "smtp" and not settings.public_url:
        yield Finding(FAILS, "mail", "letters need the address their links begin with; set SHOPKIT_PUBLIC_URL")
    elif mail.name == "smtp":
        yield Finding(WORKS, "mail", f"smtp, from {settings.mail_from}")
    else:
        yield Finding(WARNS, "mail", f"{mail.name}: nobody gets a letter; set SHOPKIT_MAIL_URL")
    if settings.demo:
        yield Finding(WARNS, "demonstration", "anybody on this machine may enter the sample shops (SHOPKIT_DEMO)")


def _engines(settings: Settings) -> Iterator[Finding]:
    found = open_engines(settings)
    for machine in found.machines:
        budget = "" if machine.budget is None else f", {machine.budget:,} characters a month"
        yield Finding(WORKS, f"engine {machine.engine.name}", f"{machine.engine.version or 'drafts nothing'}{budget}")
    for trouble in found.troubles:
        yield Finding(WARNS if trouble.absent else FAILS, f"engine {trouble.engine}", trouble.message)


def _plugins() -> Iterator[Finding]:
    for group in plugins.GROUPS:
        for one in plugins.plugins(group):
            level = WORKS if one.problem is None else FAILS
            yield Finding(level, f"{group} {one.name}", one.problem or f"from {one.package}")
