"""A shop's memory of wordings on the command line: as a file of other programs, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopkit.cli.common import acting_for, counted, migrate, open_shop, stop
from shopkit.services import memory_files
from shopkit.services.memory_files import FORMATS, MAX_UNITS, TooManyUnitsError
from translations.exchange.errors import ExchangeError

if TYPE_CHECKING:
    from typing import IO

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.memory_files import Format

_seller = click.option("--seller", required=True, help="Short name or id of the seller.")
_format = click.option(
    "--format",
    "name",
    type=click.Choice(FORMATS),
    default="tmx",
    show_default=True,
    help="TMX 1.4, a table, XLIFF or PO.",
)


@click.group("memory")
def group() -> None:
    """The shop's memory: wordings that were approved, offered where the same is said again."""


@group.command("export")
@_seller
@_format
@click.option("--from", "source", help="Only what is written in this language.")
@click.option("--to", "target", help="Only what is translated into this one; XLIFF 2.0 and PO hold one.")
@click.option("--output", "-o", type=click.File("w", encoding="utf-8"), default="-", help="File to write.")
def export(*, seller: str, name: Format, source: str | None, target: str | None, output: IO[str]) -> None:
    """Write the memory as a file that other translation programs read."""
    services, actor = _shop(seller)
    try:
        count = memory_files.write(services, actor, name, output, source=source, target=target)
    except ExchangeError as error:
        stop(f"{error}; choose languages with --from and --to", 1)
    click.echo(f"{counted(count, 'unit')} written as {name}", err=True)


@group.command("import")
@click.argument("file", type=click.File("rb"))
@_seller
@_format
@click.option("--from", "source", default="", help="Language of the sources of a PO file, which does not say it.")
def import_file(*, file: IO[bytes], seller: str, name: Format, source: str) -> None:
    """Take the units of a FILE into the memory: whole or not at all, each once."""
    services, actor = _shop(seller)
    try:
        found = memory_files.read(services, actor, name, file, source=source)
    except ExchangeError as error:
        stop(f"{getattr(file, 'name', '-')}: {error}; nothing was kept", 1)
    except TooManyUnitsError:
        stop(f"a memory holds {MAX_UNITS:,} units at most; nothing was kept", 1)
    told = f"{counted(found.new, 'unit')} new, {found.same:,} known already"
    click.echo(told if not found.strange else f"{told}, {found.strange:,} in languages we do not write left out")


def _shop(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)
