"""Official tariff schedules and exchange rates on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from landed_cost.rates import RATE_LIMIT_DAYS, RatesFileError
from landed_cost.schedules import ScheduleError
from landed_cost.schedules.importer import Stated
from shopkit.cli.common import complain, counted, read_settings, stop, table
from shopkit.plugins import PluginError
from shopkit.services import rates, tariffs
from shopkit.services.context import utc_now

if TYPE_CHECKING:
    from datetime import date, datetime

    from landed_cost.schedules.differences import Differences
    from shopkit.config import Settings

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("tariffs")
def tariffs_group() -> None:
    """Official tariff schedules: imported, not shipped."""


@tariffs_group.command("import")
@click.argument("kind")
@click.argument("place", metavar="FILE|URL")
@click.option("--edition", help="Name of the edition, where the file does not say it.")
@click.option("--effective", type=_DAY, help="First day in force, where the file does not say it.")
@click.option("--known-until", type=_DAY, help="Last day it is known to be in force.")
@click.option("--country", help="Whose tariff it is, where the file serves several or does not say it.")
@click.option("--partial", is_flag=True, help="Take a schedule that lacks whole chapters all the same.")
@click.option("--dry-run", is_flag=True, help="Read, check and compare everything, store nothing; tells every fault.")
@click.option("--show", default=10, show_default=True, metavar="N", help="How many changed lines to show of a kind.")
def import_tariff(  # noqa: PLR0913  # click hands over each option by itself
    kind: str,
    place: str,
    edition: str | None,
    effective: datetime | None,
    known_until: datetime | None,
    country: str | None,
    show: int,
    *,
    partial: bool,
    dry_run: bool,
) -> None:
    """Import a schedule of KIND (see `tariffs list`) from a file or an https address.

    Anything wrong stops the import with the place and what to write instead; the old edition stays in force.
    """
    try:
        reports = tariffs.import_tariff(
            read_settings(),
            kind,
            place,
            stated=Stated(edition, _day(effective), _day(known_until), country=country),
            dry_run=dry_run,
            partial=partial,
        )
    except ScheduleError as error:
        if dry_run and error.faults:
            stop("\n".join([f"{error.file}: {fault}" for fault in error.faults]), 1)
        stop(str(error), 1)
    except (tariffs.DownloadError, PluginError) as error:
        stop(str(error), 1)
    for report in reports:
        click.echo(f"{report.message} ({report.country}, in force from {report.effective})")
    # What was read is the same for all countries that the file is of.
    table(("", name, f"{count:,}") for name, count in reports[0].counts.items())
    for report in reports:
        if report.differences is not None:
            _show(report.country, report.differences, show)
    for remark in reports[0].remarks:
        complain(remark)


def _show(country: str, found: Differences, most: int) -> None:
    """Print what an edition changes, and of each kind of change the first lines."""
    click.echo(f"{country} {found}")
    kinds = {"new": found.new, "gone": found.gone, "changed": found.changed}
    shown = [(kind, change) for kind, changes in kinds.items() for change in changes[:most]]
    table(("", kind, change.code, change.before, "→", change.after) for kind, change in shown)


@tariffs_group.command("list")
def list_tariffs() -> None:
    """List the imported editions, and the kinds that can be imported."""
    settings = read_settings()
    found = tariffs.standings(settings, utc_now().date())
    click.echo(f"{counted(len(found), 'edition')} in {settings.schedules_dir}")
    table(
        (one.country, one.id, f"from {one.effective}", standing, counted(one.lines, "line"), one.title)
        for one, standing in found
    )
    lists = tariffs.product_lists(settings)
    if lists:
        click.echo("lists")
        table(("", id_, f"from {effective}", counted(rows, "row")) for id_, effective, rows in lists)
    click.echo("kinds")
    table(("", one.name, one.problem or one.found().describe()) for one in tariffs.kinds())


@tariffs_group.command("use")
@click.argument("country")
@click.argument("edition")
def use_tariff(country: str, edition: str) -> None:
    """Let an EDITION of COUNTRY be the newest in force; later ones are set aside, and kept.

    With the name of one that was set aside it counts again.
    """
    settings = read_settings()
    try:
        later = tariffs.use_edition(settings, country, edition)
    except KeyError:
        _stop_unknown(settings, country, edition)
    click.echo(f"{country.upper()} {edition} is the newest in use")
    for one in later:
        click.echo(f"{one.country} {one.id} was set aside")


@tariffs_group.command("rollback")
@click.argument("country")
def roll_back_tariff(country: str) -> None:
    """Set the newest edition of COUNTRY aside; the one before it is in force again."""
    try:
        unused, newest = tariffs.roll_back(read_settings(), country)
    except KeyError:
        stop(f"{country} has no edition in use; see shopkit tariffs list", 1)
    instead = "our own bands count now" if newest is None else f"{newest.id} is the newest in use"
    click.echo(f"{unused.country} {unused.id} was set aside; {instead}")


@tariffs_group.command("remove")
@click.argument("country")
@click.argument("edition")
def remove_tariff(country: str, edition: str) -> None:
    """Remove an EDITION of COUNTRY; the one before it is in force again."""
    settings = read_settings()
    try:
        removed = tariffs.remove_edition(settings, country, edition)
    except KeyError:
        _stop_unknown(settings, country, edition)
    click.echo(f"{removed.country} {removed.id} was removed")


def _stop_unknown(settings: Settings, country: str, edition: str) -> NoReturn:
    found = tariffs.standings(settings, utc_now().date())
    names = ", ".join(one.id for one, _ in found if one.country == country.upper())
    stop(f"{country} has no edition {edition!r}; there are {names or 'none'}", 1)


@click.group("rates")
def rates_group() -> None:
    """Exchange rates."""


@rates_group.command("show")
def show_rates() -> None:
    """Show the rates in force, their dates and who says so."""
    try:
        found, origin = rates.current(read_settings())
    except RatesFileError as error:
        stop(str(error), 1)
    click.echo(f"{counted(len(found.rates), 'rate')} from {origin}")
    table((one.base, one.quote, one.rate, one.date, one.kind, one.source) for one in found.rates)
    age = found.age(utc_now().date())
    if age > RATE_LIMIT_DAYS:
        complain(f"the oldest rate is {counted(age, 'day')} old, so answers are estimated; run shopkit rates refresh")


@rates_group.command("refresh")
@click.option("--source", help="Name of the source; the setting SHOPKIT_RATES_SOURCE without it.")
@click.option("--date", "on", type=_DAY, help="Rates in force on this day; the latest without it.")
def refresh_rates(source: str | None, on: datetime | None) -> None:
    """Ask the source for rates and keep them; on any trouble those at hand stay in force."""
    settings = read_settings()
    try:
        renewal = rates.refresh(settings, rates.source(settings, source), _day(on))
    except (PluginError, rates.RateOptionsError, RatesFileError) as error:
        stop(str(error), 1)
    if renewal.problem is not None:
        stop(f"{renewal.problem}; the rates at hand stay in force", 1)
    click.echo(
        f"{counted(len(renewal.table.rates), 'rate')}, the oldest of {renewal.table.as_of}, in {settings.rates_path}"
    )


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
