"""Catalogs for channels on the command line: made, checked, listed, their addresses given out and taken back."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from listings.channels.checking import checked
from listings.channels.port import Feed, UnreadableError
from shopkit.cli import pushing
from shopkit.cli.common import (
    LANGUAGES,
    acting_for,
    complain,
    counted,
    language_option,
    migrate,
    open_shop,
    seller_option,
    stop,
    table,
)
from shopkit.plugins import PluginError
from shopkit.services import catalog_diffs, catalog_files, catalog_runs, catalogs
from shopkit.services.actors import Actor
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.channels.port import CatalogFormat, Finding
    from shopkit.services.catalogs import Kept
    from shopkit.services.context import Services

_WRONG = 1
_PIECE = 1 << 18
_SHOWN = 20


@click.group("catalog")
def group() -> None:
    """Catalogs for the places to sell: see docs/catalogs.md."""


group.add_command(pushing.push)
group.add_command(pushing.settle)
group.add_command(pushing.accounts)


@group.command("export")
@seller_option
@click.option("--channel", required=True, help="Where it goes, such as google.")
@click.option("--market", required=True, metavar="CC", help="Country of its buyers.")
@click.option("--lang", "language", required=True, metavar="LOCALE", help="Language of its texts: es, es-US, pt-BR.")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else only kept.")
@click.option("--kind", default="", help="Kind of file, such as rss or tsv.")
@click.option("--link", help="Where a product's page is: https://shop.example/p/{key}")
@click.option("--charges", help="Where charges of import are: in the price, in the shipping, or apart.")
@click.option("--estimates", type=click.Choice(catalogs.ESTIMATES), help="What of an estimate counts in a price.")
@click.option("--card", metavar="CARD/SERVICE", help="Rate card and service that price the freight.")
@click.option(
    "--agreed", metavar="NAME=VALUE", multiple=True, help="What you settled with the channel; all of it, once each."
)
@click.option("--stop/--skip", "stops", default=None, help="A row that cannot leave stops the run, or is left out.")
@click.option("--dry-run", is_flag=True, help="Say what would come of it, keep nothing.")
@click.option("--report-lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of what is told.")
def export(  # noqa: PLR0913  # options of a command
    *,
    seller: str,
    channel: str,
    market: str,
    language: str,
    output: Path | None,
    kind: str,
    link: str | None,
    charges: str | None,
    estimates: str | None,
    card: str | None,
    agreed: tuple[str, ...],
    stops: bool | None,
    dry_run: bool,
    report_lang: str,
) -> None:
    """Make a catalog of a shop's active listings, whole or not at all; what is left out is told with its reason.

    The first time it is kept with its settings, and an option given later changes them. A run that was interrupted is
    gone on with.
    """
    services, actor = _enter(seller)
    given: dict[str, object] = {"link": link, "charges": charges, "estimates": estimates, "stops": stops}
    if card is not None:
        given["card"], _, given["service"] = card.partition("/")
    if agreed:
        given["agreed"] = catalogs.read_agreed("\n".join(agreed))
    chosen = {name: value for name, value in given.items() if value is not None}
    try:
        found = _feed(services, actor, (channel, market.upper(), language, kind), chosen)
    except RequestError as error:
        for problem in error.problems:
            complain(f"{problem.pointer}: {problem.message(report_lang)}")
        sys.exit(2)
    if not services.settings.public_url:
        complain("SHOPKIT_PUBLIC_URL is not set: your photos stand under http://localhost:8000, which nobody else sees")
    try:
        made = catalog_runs.create(services, actor, found.id, is_dry=dry_run)
        made = catalog_runs.run(services, actor, made.id, _progress if sys.stderr.isatty() else None)
    except catalog_runs.RunBusyError as error:
        stop(f"the catalog is being made already (run {error.other})", _WRONG)
    _tell(services, actor, made, report_lang)
    if made.state != "done":
        sys.exit(_WRONG)
    path = catalog_files.path_of(services, catalogs.get_feed(services, actor, found.id))
    if output is not None and path is not None and not dry_run:
        catalog_files.put(output, _pieces(path))


@group.command("validate")
@click.argument("file", type=click.File("rb"))
@click.option("--channel", required=True, help="By whose rules, such as google.")
@click.option("--market", default="US", show_default=True, metavar="CC", help="Country of its buyers.")
@click.option("--currency", metavar="CODE", help="Of its prices; else that of the market.")
@click.option("--kind", default="", help="Kind of file; told by its name where this is left out.")
@language_option
def validate(*, file: BinaryIO, channel: str, market: str, currency: str | None, kind: str, lang: str) -> None:
    """Check a catalog FILE by the channel's rules of today: row, field, what is wrong, what to do."""
    try:
        taken = catalogs.format_of(channel)
    except PluginError:
        stop(f"no channel {channel!r} takes a file; there are {', '.join(sorted(catalogs.formats()))}")
    services = open_shop()
    kind = kind or _kind(taken, getattr(file, "name", ""))
    if kind not in taken.kinds:
        stop(f"{channel} has no {kind!r}; there are {', '.join(taken.kinds)}")
    market = market.upper()
    money = currency or catalogs.currency_of(taken.channel, market)
    feed = Feed(market, "", money, kind, services.today(market))
    rows = wrong = 0
    try:
        for _, found in checked(taken, taken.read(file, feed), feed):
            rows += 1
            wrong += any(not one.is_warning for one in found)
            for one in found:
                _say(one, lang)
    except UnreadableError as error:
        stop(f"{getattr(file, 'name', '-')}: {error}", _WRONG)
    click.echo(f"{counted(rows, 'row')}, {wrong:,} wrong", err=True)
    if wrong:
        sys.exit(_WRONG)


@group.command("list")
@seller_option
def list_feeds(seller: str) -> None:
    """List the catalogs of a shop, and the addresses under which they are served."""
    services, actor = _enter(seller)
    for one in catalogs.all_feeds(services, actor):
        made = one.changed_at or "never made"
        table([(one.id, one.channel, one.market, one.language, one.kind, made, _address(services, one))])


@group.command("open")
@click.argument("feed_id")
@seller_option
def open_address(feed_id: str, seller: str) -> None:
    """Give out an address for a catalog; the one before opens nothing any more."""
    services, actor = _enter(seller)
    try:
        click.echo(_address(services, catalogs.open_address(services, actor, feed_id)))
    except catalogs.FeedNotFoundError:
        stop(f"there is no catalog {feed_id!r}; see shopkit catalog list --seller {seller}", _WRONG)


@group.command("close")
@click.argument("feed_id")
@seller_option
def close_address(feed_id: str, seller: str) -> None:
    """Take the address of a catalog back."""
    services, actor = _enter(seller)
    try:
        catalogs.close_address(services, actor, feed_id)
    except catalogs.FeedNotFoundError:
        stop(f"there is no catalog {feed_id!r}; see shopkit catalog list --seller {seller}", _WRONG)


@group.command("due")
def due() -> None:
    """Make the catalogs whose schedule asks for it now; for a timer of the system."""
    services = open_shop()
    migrate(services)
    for seller_id, feed_id in catalog_runs.due(services):
        actor = Actor(seller_id, "owner", None, "schedule")
        try:
            made = catalog_runs.run(services, actor, catalog_runs.create(services, actor, feed_id).id)
        except catalog_runs.RunBusyError:
            continue
        click.echo(f"{feed_id}: {made.state}, {counted(made.counts.get('rows', 0), 'row')}")


def _feed(services: Services, actor: Actor, which: tuple[str, str, str, str], chosen: dict[str, object]) -> Kept:
    """Return the shop's catalog, made or changed as the options say."""
    channel, market, language, kind = which
    found = catalogs.find(services, actor, channel, market, language, kind)
    if found is None:
        settings = catalogs.Settings(**{"link": "", **chosen})  # type: ignore[arg-type]  # checked where it is kept
        return catalogs.create(services, actor, catalogs.Said(channel, market, language, settings, kind))
    settings = replace(found.settings, **chosen)  # type: ignore[arg-type]  # the same
    if settings == found.settings:
        return found
    said = catalogs.Said(channel, market, language, settings, found.kind, found.every_hours)
    return catalogs.save(services, actor, found.id, said, found.version)


def _tell(services: Services, actor: Actor, made: catalog_runs.Run, lang: str) -> None:
    counts = made.counts
    for one in made.problems[:_SHOWN]:
        _say(one, lang)
    if not made.is_dry:
        out, total = catalog_diffs.left_out(services, actor, made.feed_id, size=_SHOWN)
        for left in out:
            for one in left.findings:
                _say(one, lang)
        if total > len(out):
            complain(f"{total - len(out):,} more listings are left out; see /catalogs/{made.feed_id}")
    changed = ", ".join(f"{counts[name]:,} {name}" for name in ("added", "changed", "removed") if name in counts)
    complain(
        f"{made.state}: {counted(counts.get('rows', 0), 'row')}, {counts.get('left_out', 0):,} left out, "
        f"{counts.get('reused', 0):,} of {made.done:,} listings as before" + (f"; {changed}" if changed else "")
    )


def _say(finding: Finding, lang: str) -> None:
    what, fix = catalog_diffs.told(finding, lang)
    place = f"row {finding.number}, " if finding.number is not None else ""
    mark = "note: " if finding.is_warning else ""
    click.echo(f"{place}{finding.row}, {finding.field or '-'}: {mark}{what} {fix}", err=True)


def _address(services: Services, found: Kept) -> str:
    token = catalogs.token_of(services, found)
    return "closed" if token is None else f"{services.settings.public_url.rstrip('/')}/feeds/{token}"


def _kind(taken: CatalogFormat, name: str) -> str:
    suffix = Path(name).suffix.lower()
    return next((kind for kind, one in taken.kinds.items() if one.suffix == suffix), next(iter(taken.kinds)))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _progress(done: int, total: int) -> None:
    click.echo(f"\r{done:,} of {total:,} listings", nl=done >= total, err=True)


def _enter(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)
