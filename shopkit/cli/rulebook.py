"""Renewing the rules: checking, putting in force, going back, and what that does to quotes."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from landed_cost import RulebookError
from shopkit.cli.alerts import show_alerts, tell_changes, views
from shopkit.cli.common import complain, counted, open_shop, read_settings, stop, table
from shopkit.db import current_revision
from shopkit.services.case_files import CasesError
from shopkit.services.context import utc_now
from shopkit.services.renewal import signing
from shopkit.services.renewal.shelf import SHIPPED, ShelfError
from shopkit.services.renewal.signing import SignatureError
from shopkit.services.renewal.unpack import UnpackError
from shopkit.services.renewal.update import CaseFailedError, check, load_kept, shelf, update, use
from shopkit.services.tariffs import DownloadError

if TYPE_CHECKING:
    from shopkit.services.renewal.update import Checked

_TROUBLE: Final = (
    CaseFailedError, CasesError, DownloadError, RulebookError, ShelfError, SignatureError, UnpackError, OSError,
)  # fmt: skip
_cases_option = click.option(
    "--cases",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="More worked cases to hold it against.",
)


@click.group("rulebook")
def group() -> None:
    """The rules as a whole: renewed without a new application."""


group.add_command(show_alerts)


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
        # A shop that was never served has no listings and keeps no quotes.
        return
    if found.before != found.after:
        before, after = views(services, found.before, None)
        tell_changes(services, before, after)


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
