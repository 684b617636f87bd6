"""What the commands share: the services of the shop, and how they say that something is wrong."""

from __future__ import annotations

import json
import sys
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn

import click

from landed_cost import RulebookError
from shopkit import db
from shopkit.config import Settings, SettingsError, load_settings
from shopkit.models.freight import THE_SHOP
from shopkit.services.context import Services, open_services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shopkit.services.actors import Actor

UNREADABLE: Final = 2
LANGUAGES: Final = ("en", "es", "pt")
seller_option = click.option("--seller", required=True, help="Short name or id of the shop, such as demo.")
seller_or_shop = click.option(
    "--seller", help="Whose rate cards: short name or id of a seller; without it, those of commands that name none."
)
language_option = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the answer."
)


def read_settings() -> Settings:
    """Return the settings of the environment, or stop naming the one that is wrong."""
    try:
        return load_settings()
    except SettingsError as error:
        stop(str(error))


def open_shop() -> Services:
    """Return the services of the shop; what is wrong with its law is said on stderr, and the shipped one is used.

    A fault in the shipped one itself, as while a destination is being written, stops with its file and line.
    """
    try:
        services = open_services(read_settings())
    except RulebookError as error:
        stop(str(error))
    if services.law.trouble:
        complain(f"{services.law.trouble} (what was in force before is used)")
    return services


def migrate(services: Services) -> None:
    """Bring the tables to where this program needs them, if they are not."""
    if db.current_revision(services.database) != db.newest_revision(services.database):
        db.upgrade(services.database)


def acting_for(services: Services, seller: str) -> Actor:
    """Return who acts for the seller of this short name or id (``--seller``), or stop naming what is wrong."""
    from shopkit.services.companies import SellerNotFoundError, command_actor  # noqa: PLC0415  # few commands need it

    try:
        return command_actor(services, seller)
    except SellerNotFoundError:
        stop(f"there is no seller {seller!r}; shopkit demo makes the sample ones")


def owner_of(services: Services, seller: str | None) -> str:
    """Return whose rate cards count: the seller of this short name or id, or those of commands that name none."""
    if seller is None:
        return THE_SHOP
    migrate(services)
    return acting_for(services, seller).seller_id


def complain(message: str) -> None:
    """Say on stderr that something is wrong, and go on."""
    click.echo(f"shopkit: {message}", err=True)


def stop(message: str, code: int = UNREADABLE) -> NoReturn:
    """Say on stderr what is wrong, and stop."""
    complain(message)
    sys.exit(code)


def print_json(value: object, *, pretty: bool = False) -> None:
    """Print a value as JSON: on one line, or for people."""
    if pretty:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        click.echo(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def read_all(file: IO[bytes]) -> bytes:
    """Return everything a file or stdin holds."""
    return file.read()


def counted(number: int, thing: str) -> str:
    """Return how many there are of a thing, in the singular where there is one.

    >>> counted(1, "parcel"), counted(1234, "parcel"), counted(0, "country"), counted(2, "process")
    ('1 parcel', '1,234 parcels', '0 countries', '2 processes')
    """
    if number == 1:
        return f"1 {thing}"
    if thing.endswith("y"):
        return f"{number:,} {thing.removesuffix('y')}ies"
    return f"{number:,} {thing}{'es' if thing.endswith('s') else 's'}"


def table(rows: Iterable[Iterable[Any]]) -> None:
    """Print rows with their columns under each other; the last one is as long as it likes."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not texts:
        return
    widths = [max(len(row[index]) for row in texts) for index in range(len(texts[0]))]
    for row in texts:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True)]
        click.echo("  ".join([*cells, row[-1]]).rstrip())
