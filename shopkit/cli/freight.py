"""The seller's own freight on the command line: rate cards, and parcels that were observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from landed_cost.cells import TableError
from landed_cost.delivery.observed import ENOUGH
from landed_cost.money import Money
from shopkit.cli.common import complain, counted, migrate, open_shop, owner_of, seller_or_shop, stop, table
from shopkit.services import freight, parcels

if TYPE_CHECKING:
    from typing import IO


@click.group("cards")
def cards_group() -> None:
    """Rate cards: what carriers ask by zone and weight."""


@cards_group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--name", required=True, help="Name of the card; one of that name is replaced.")
@seller_or_shop
@click.option("--dry-run", is_flag=True, help="Read and check everything, keep nothing.")
def import_card(file: IO[bytes], name: str, seller: str | None, *, dry_run: bool) -> None:
    """Import a rate card from a CSV FILE (see docs/freight.md); anything wrong is listed by row and column."""
    services = open_shop()
    migrate(services)
    try:
        card = freight.import_card(services, owner_of(services, seller), name, _text(file), dry_run=dry_run)
    except freight.CardNameError as error:
        stop(str(error), 1)
    except TableError as error:
        _refuse(file, error)
    steps = sum(len(zone.steps) for service in card.services for zone in service.zones)
    kept = "would be kept" if dry_run else "is kept"
    click.echo(f"card {card.name} {kept}: {counted(len(card.services), 'service')}, {counted(steps, 'step')}")


@cards_group.command("list")
@seller_or_shop
def list_cards(seller: str | None) -> None:
    """List the cards and their services."""
    services = open_shop()
    migrate(services)
    rows = []
    for kept in freight.cards(services, owner_of(services, seller)):
        since = "ships with shopkit, illustrative" if kept.imported_at is None else f"of {kept.imported_at.date()}"
        rows += [
            (kept.card.name, one.name, one.channel, one.currency, counted(len(one.zones), "zone"), since)
            for one in kept.card.services
        ]
    table(rows)


@cards_group.command("show")
@click.argument("name")
@seller_or_shop
def show_card(name: str, seller: str | None) -> None:
    """Show every step of a card."""
    services = open_shop()
    migrate(services)
    card = freight.find_card(services, owner_of(services, seller), name)
    if card is None:
        stop(f"there is no card {name!r}; see shopkit cards list", 1)
    table(
        (
            service.name,
            zone.name,
            f"up to {step.up_to_kg} kg",
            Money(step.price, service.currency),
            f"{zone.min_days}-{zone.max_days} days",
            " ".join(f"{area.country}/{area.prefix}".rstrip("/") for area in zone.areas),
        )
        for service in card.services
        for zone in service.zones
        for step in zone.steps
    )
    if card.is_illustrative:
        complain("this card is illustrative: no carrier offers these prices")


@cards_group.command("remove")
@click.argument("name")
@seller_or_shop
def remove_card(name: str, seller: str | None) -> None:
    """Remove a card; quotes that were made with it stay as they are."""
    services = open_shop()
    migrate(services)
    try:
        freight.remove_card(services, owner_of(services, seller), name)
    except freight.CardNameError as error:
        stop(str(error), 1)
    click.echo(f"card {name} was removed")


@click.group("parcels")
def parcels_group() -> None:
    """Parcels that were observed: they sharpen the dates of quotes."""


@parcels_group.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Read and check everything, keep nothing.")
def import_parcels(file: IO[bytes], *, dry_run: bool) -> None:
    """Import a CSV FILE of dispatched, delivered, lane (MX-US) and service (a channel, or a service of a card)."""
    services = open_shop()
    migrate(services)
    try:
        found = parcels.import_parcels(services, _text(file), dry_run=dry_run)
    except parcels.SameFileError as error:
        stop(str(error), 1)
    except TableError as error:
        _refuse(file, error)
    table((f"{lane[0]}-{lane[1]}", lane[2], counted(count, "parcel")) for lane, count in sorted(found.items()))
    if dry_run:
        click.echo("nothing was kept")


@parcels_group.command("list")
def list_parcels() -> None:
    """List the lanes, how many parcels each has, and the range once there are enough."""
    services = open_shop()
    migrate(services)
    table(
        (
            f"{lane[0]}-{lane[1]}",
            lane[2],
            counted(count, "parcel"),
            f"{ENOUGH - count} more {'is' if ENOUGH - count == 1 else 'are'} needed"
            if found is None
            else f"{found.low_days} to {found.high_days} days, {found.likely_days} likely",
        )
        for lane, count, found in parcels.ranges(services)
    )


@parcels_group.command("remove")
@click.confirmation_option(prompt="Forget all observed parcels?")
def remove_parcels() -> None:
    """Forget all observed parcels; quotes rest on what is assumed again."""
    services = open_shop()
    migrate(services)
    gone = parcels.remove_parcels(services)
    click.echo(f"{counted(gone, 'parcel')} {'was' if gone == 1 else 'were'} forgotten")


def _name(file: IO[bytes]) -> str:
    return str(getattr(file, "name", "-"))


def _text(file: IO[bytes]) -> str:
    try:
        return file.read().decode("utf-8")
    except UnicodeDecodeError as error:
        stop(f"{_name(file)}: byte {error.start} is not UTF-8; save the table as CSV UTF-8", 1)


def _refuse(file: IO[bytes], error: TableError) -> NoReturn:
    found = len(error.problems)
    for problem in error.problems:
        complain(f"{_name(file)}: {problem}")
    stop(f"{_name(file)}: {counted(found, 'thing')} {'is' if found == 1 else 'are'} wrong; nothing was kept", 1)
