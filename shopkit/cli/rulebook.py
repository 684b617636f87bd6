"""Renewing the rules: checking, putting in force, going back, and what that does to quotes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from landed_cost import RulebookError
from shopkit.cli.common import complain, counted, migrate, open_shop, read_settings, stop, table
from shopkit.db import current_revision
from shopkit.services.alerts import KeptQuotes, View, alerts
from shopkit.services.case_files import CasesError
from shopkit.services.context import utc_now
from shopkit.services.days import read_day
from shopkit.services.problems import RequestError
from shopkit.services.renewal import signing
from shopkit.services.renewal.shelf import SHIPPED, ShelfError
from shopkit.services.renewal.signing import SignatureError
from shopkit.services.renewal.unpack import UnpackError
from shopkit.services.renewal.update import CaseFailedError, check, load_kept, shelf, update, use
from shopkit.services.tariffs import DownloadError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from shopkit.services.alerts import Alert
    from shopkit.services.context import Services
    from shopkit.services.renewal.update import Checked

_TROUBLE: Final = (
    CaseFailedError, CasesError, DownloadError, RulebookError, ShelfError, SignatureError, UnpackError, OSError,
)  # fmt: skip
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_cases_option = click.option(
    "--cases",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="More worked cases to hold it against.",
)


@click.group("rulebook")
def group() -> None:
    """The rules as a whole: renewed without a new application."""


@group.command("check")
@click.argument("place", metavar="DIR|ARCHIVE|URL")
@_cases_option
def check_rules(place: str, cases: Path | None) -> None:
    """Check rules and change nothing: schema, holes, signature, and the worked cases that came with them."""
    try:
        found = check(read_settings(), place, utc_now().date(), cases)
    except _TROUBLE as error:
        stop(str(error), 1)
    click.echo(_told(found))


@group.command("update")
@click.argument("place", metavar="DIR|ARCHIVE|URL")
@_cases_option
def update_rules(place: str, cases: Path | None) -> None:
    """Check rules and put them in force; on any trouble the old ones stay.

    Running processes answer by the new rules within seconds. Quotes that were kept stay as they were answered.
    """
    settings = read_settings()
    try:
        found = update(settings, place, utc_now().date(), cases)
    except _TROUBLE as error:
        stop(f"{error}\n{_still()}", 1)
    click.echo(_told(found.checked))
    click.echo(f"in force: {found.after} (before: {found.before})")
    services = open_shop()
    if current_revision(services.database) is None:
        # A shop that was never served keeps no quotes.
        return
    today = services.now().date()
    before, after = _views(services, found.before, today)
    count = _tell(alerts(KeptQuotes(services).still_held(today), before, after, today))
    click.echo(f"{counted(count, 'kept quote')} still held to {'comes' if count == 1 else 'come'} to something else")


@group.command("list")
def list_rules() -> None:
    """List the versions that are kept, and mark the one in force."""
    settings = read_settings()
    kept = shelf(settings)
    try:
        current = kept.in_force()
        shipped = load_kept(settings, SHIPPED).version
    except _TROUBLE as error:
        stop(str(error), 1)
    named = [(SHIPPED, f"{shipped}, came with the application"), *((one, "") for one in kept.versions())]
    table(("*" if version == current else "", version, what) for version, what in named)


@group.command("use")
@click.argument("version")
def use_rules(version: str) -> None:
    """Put a kept VERSION in force again; `shipped` is the one that came with the application."""
    try:
        before, after = use(read_settings(), version)
    except _TROUBLE as error:
        stop(str(error), 1)
    click.echo(f"in force: {after} (before: {before})")


@group.command("rollback")
def rollback() -> None:
    """Put the version that was kept before the one in force in force again."""
    settings = read_settings()
    try:
        kept = shelf(settings)
        every = [SHIPPED, *kept.versions()]
        current = kept.in_force()
        if current not in every[1:]:
            raise ShelfError("the shipped rules are in force; there is nothing before them")
        before, after = use(settings, every[every.index(current) - 1])
    except _TROUBLE as error:
        stop(str(error), 1)
    click.echo(f"in force: {after} (before: {before})")


@group.command("alerts")
@click.option("--since", metavar="DATE|VERSION", help="What changed since a day, or since a kept version of the rules.")
@click.option("--quote", "ids", multiple=True, metavar="ID", help="This kept quote, held to or not; may be repeated.")
def show_alerts(since: str | None, ids: tuple[str, ...]) -> None:
    """Show which kept quotes that are still held to come to something else, by how much, and by which rules.

    With a day, each is reckoned as of that day and as of today; with a version, by its rules and by those in force.
    """
    services = open_shop()
    migrate(services)
    today = services.now().date()
    try:
        before, after = _views(services, since, today)
    except _TROUBLE as error:
        stop(str(error), 1)
    quotes = KeptQuotes(services)
    promises = quotes.of(ids) if ids else quotes.still_held(today)
    if not _tell(alerts(promises, before, after, today)):
        complain("no kept quote that is still held to comes to something else")


def _views(services: Services, since: str | None, today: date) -> tuple[View, View]:
    """Return the two ways to look at the law that ``--since`` sets side by side."""
    now = services.rulebook
    if since is not None and _DAY.fullmatch(since):
        try:
            return View(now, read_day(since, "")), View(now, today)
        except RequestError as error:
            raise ShelfError(f"--since {since}: {error.problems[0].message('en')}") from None
    version = SHIPPED if since is None else since
    old = load_kept(services.settings, version).with_rates(now.rates)
    return View(old if now.store is None else old.with_schedules(now.store)), View(now)


def _tell(found: Iterable[Alert]) -> int:
    """Print each alert as it is found and return how many there were."""
    count = 0
    for one in found:
        count += 1
        sides = zip((one.before, one.after), one.outcomes, strict=True)
        figures = [outcome if amount is None else amount for amount, outcome in sides]
        by = "" if one.difference is None else f" ({one.difference:+} {one.currency})"
        rules = f"; {', '.join(one.rules)}" if one.rules else ""
        click.echo(f"{one.promise.kind} {one.promise.id} {one.promise.destination}: {' → '.join(figures)}{by}{rules}")
    return count


@group.command("sign")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--key", required=True, type=click.File("rb"), help="Private Ed25519 key (PEM).")
def sign_rules(folder: Path, key: IO[bytes]) -> None:
    """Write the list of files and its signature into a folder of rules, before it is packed and sent."""
    try:
        public = signing.sign(folder, key.read())
    except _TROUBLE as error:
        stop(str(error), 1)
    click.echo(f"signed; who trusts you sets SHOPKIT_RULEBOOK_KEY={public}")


def _told(found: Checked) -> str:
    skipped = f", {found.skipped} left out for want of an official tariff" if found.skipped else ""
    if not found.cases:
        complain("no worked case came with the rules; give some with --cases")
    places, cases = counted(found.destinations, "destination"), counted(found.cases, "worked case")
    come = "comes" if found.cases == 1 else "come"
    return f"rulebook {found.version}: {places}, {cases} {come} out{skipped}; {found.signature}"


def _still() -> str:
    return "nothing was changed; the rules that were in force stay in force"
