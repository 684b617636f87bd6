"""Parcels on the command line: found by what is wrong with them, opened, read with what was told; what lanes took."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

import click

from landed_cost.cells import TableError
from shopkit.cli.common import (
    acting_for,
    counted,
    language_option,
    migrate,
    open_shop,
    read_all,
    seller_option,
    stop,
    table,
)
from shopkit.services import order_lists, orders, shipment_board, shipment_sheets, shipments
from shopkit.services.problems import RequestError
from shopkit.tracking.words import say

if TYPE_CHECKING:
    from datetime import datetime

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.shipment_board import Row
    from shopkit.services.shipment_sheets import Kept
    from shopkit.tracking.timeline import Entry

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("shipments")
def group() -> None:
    """Parcels of a shop in the post: see docs/tracking.md."""


@group.command("list")
@seller_option
@language_option
@click.option("--view", type=click.Choice(shipment_board.VIEWS), default="all", show_default=True, help="Which.")
@click.option("--find", "text", default="", help="A parcel's number, or that of an order.")
@click.option("--page", type=click.IntRange(min=1), default=1, help="Which fifty of them.")
def list_shipments(seller: str, lang: str, view: shipment_board.View, text: str, page: int) -> None:
    """List a shop's parcels; where something is wrong, what waits the longest first."""
    services, actor = _enter(seller)
    found = shipment_board.find(services, actor, view=view, text=text, page=page)
    table(
        (
            one.shipment.number,
            one.shipment.posted_on,
            f"{one.shipment.origin or '?'}-{one.shipment.destination}",
            " ".join(f"#{number}" for _, number in one.numbers) or "-",
            say("late", language=lang, days=str(one.late_days)) if one.late_days else "",
            _headline(one, lang),
        )
        for one in found.rows
    )
    counts = ", ".join(f"{found.counts[one]:,} {one}" for one in shipment_board.VIEWS if one != "all")
    click.echo(f"{counted(found.total, 'parcel')}; {counts}", err=True)


@group.command("show")
@click.argument("number", metavar="NUMBER")
@seller_option
@language_option
def show(number: str, seller: str, lang: str) -> None:
    """Show the parcel with this NUMBER: where it is, and what was told of it, in our words and in the carrier's."""
    services, actor = _enter(seller)
    found = shipment_board.find(services, actor, text=number).rows
    if not found:
        stop(f"no parcel of this shop has the number {number}")
    for row in found:
        one = row.shipment
        click.echo(f"{one.number} {one.id}: {_headline(row, lang)}")
        parts = [
            say("posted", language=lang, day=one.posted_on.isoformat()),
            f"{one.origin or '?'} → {one.destination}",
        ]
        if one.promised is not None:
            first, last = (day.isoformat() for day in one.promised)
            parts.append(say("promised", language=lang, first=first, last=last))
        click.echo(", ".join(parts))
        table(_scan(entry, lang) for entry in shipments.timeline(services, one.id).entries)


@group.command("open")
@click.argument("number", metavar="NUMBER")
@seller_option
@click.option("--posted", "posted", type=_DAY, required=True, help="The day of posting.")
@click.option("--from", "origin", default="", help="Code of the country it comes from.")
@click.option("--to", "destination", required=True, help="Code of the country it goes to.")
@click.option("--service", default="", help="Its service, as in your rate card.")
@click.option("--order", "names", multiple=True, help="An order that is in it; may be given again.")
def open_shipment(  # the parts of a parcel
    number: str, seller: str, posted: datetime, origin: str, destination: str, service: str, names: tuple[str, ...]
) -> None:
    """Follow a parcel from now on; an order that is sent under a number opens its parcel by itself."""
    services, actor = _enter(seller)
    for code in filter(None, (origin, destination)):
        if len(code) != 2 or not (code.isascii() and code.isalpha()):  # noqa: PLR2004 - ISO 3166-1 alpha-2
            stop(f"{code!r} is no code of a country; write two letters, such as MX")
    try:
        ids = [order_lists.id_of(services, actor, one) for one in names]
        made = shipments.create(
            services,
            actor,
            number,
            posted_on=posted.date(),
            destination=destination,
            origin=origin,
            service=service,
            order_ids=ids,
        )
    except orders.OrderNotFoundError as error:
        stop(f"there is no order {error}")
    except RequestError as error:
        stop("; ".join(one.message("en") for one in error.problems))
    click.echo(f"{made.number} {made.id}")


@group.command("record")
@click.argument("file", type=click.File("rb"))
@seller_option
def record(file: IO[bytes], seller: str) -> None:
    """Keep a sheet of events written by hand (CSV in FILE, - for stdin); one thing wrong, and nothing is kept.

    Columns: number, time, status, and if wanted zone, place, country, text. A sheet given again is kept once.
    """
    services, actor = _enter(seller)
    try:
        kept = shipment_sheets.keep(services, actor, read_all(file))
    except TableError as error:
        for problem in error.problems:
            click.echo(f"{file.name}: {problem}", err=True)
        stop(f"nothing was kept: {counted(len(error.problems), 'thing')} to mend")
    table((one.number, f"{counted(one.received.new, 'event')} new", _now(one)) for one in kept)


@group.command("lanes")
@seller_option
@click.option("--since", type=_DAY, help="Posted on this day or later.")
def lanes(seller: str, since: datetime | None) -> None:
    """Tell what parcels took beside what was promised, by lane and service."""
    services, actor = _enter(seller)
    table(
        (
            f"{one.origin}-{one.destination}",
            one.service or "-",
            f"{one.arrived} of {one.sent} arrived",
            f"{one.kept} of {one.judged} in time",
            "" if one.days is None else f"{one.days[0]}/{one.days[1]}/{one.days[2]} days",
            "" if one.promised_days is None else f"promised {one.promised_days}",
            "quotes rest on them" if one.is_enough else "",
        )
        for one in shipment_board.lanes(services, actor, None if since is None else since.date())
    )


def _enter(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)


def _headline(row: Row, lang: str) -> str:
    one, parts = row.shipment, []
    if one.status is not None:
        parts.append(say("status", one.status, language=lang))
    if row.tells_of_customs:
        parts.append(say("customs", one.customs, language=lang))
    if row.silence.label is not None:
        parts.append(say("status", row.silence.label.value, language=lang))
    return " ".join(parts) or "-"


def _now(kept: Kept) -> str:
    headline = kept.received.timeline.headline
    return "-" if headline is None else headline.value


def _scan(entry: Entry, lang: str) -> tuple[str, ...]:
    event, raw = entry.event, entry.event.raw
    when = event.utc or event.local
    own = " ".join(filter(None, (raw.code, raw.text)))
    place = ", ".join(filter(None, (raw.place, raw.country)))
    return (
        "-" if when is None else when.isoformat(timespec="minutes"),
        say("status", event.status.value, language=lang),
        place,
        own,
        raw.provider,
    )
