"""Sales that were made elsewhere, on the command line: brought in from a file, listed, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from landed_cost.cells import TableError
from shopkit.cli.common import acting_for, complain, counted, migrate, open_shop, stop, table
from shopkit.services import sales

if TYPE_CHECKING:
    from typing import IO

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_MOST_BYTES = 10_000_000
_seller = click.option("--seller", required=True, help="Short name or id of the seller.")


@click.group("sales")
def group() -> None:
    """Past sales: what the dashboard counts until orders are kept here."""


@group.command("import")
@click.argument("file", type=click.File("rb"))
@_seller
@click.option("--dry-run", is_flag=True, help="Read and check everything, keep nothing.")
def import_file(file: IO[bytes], seller: str, *, dry_run: bool) -> None:
    """Import a CSV FILE of sales (see docs/dashboard.md): whole or not at all, each line once."""
    services, actor = _shop(seller)
    name = str(getattr(file, "name", "-"))
    data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        stop(f"{name}: larger than {_MOST_BYTES:,} bytes; cut it into several files", 1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        stop(f"{name}: byte {error.start} is not UTF-8; save the table as CSV UTF-8", 1)
    try:
        found = sales.import_sales(services, actor, text, name, dry_run=dry_run)
    except TableError as error:
        for problem in error.problems:
            complain(f"{name}: {problem}")
        count = len(error.problems)
        stop(f"{name}: {counted(count, 'thing')} {'is' if count == 1 else 'are'} wrong; nothing was kept", 1)
    told = f"{counted(found.orders, 'order')}: {counted(found.new, 'new line')}, {found.same:,} known already"
    if dry_run:
        click.echo(f"{told}; nothing was kept")
    else:
        click.echo(
            told if found.id is None else f"{told}; shopkit sales undo {found.id} --seller {seller} takes it back"
        )


@group.command("list")
@_seller
def list_imports(seller: str) -> None:
    """List the imports that stand, the last first."""
    services, actor = _shop(seller)
    table(
        (one.id, one.created_at.date(), counted(one.lines, "line"), one.file_name)
        for one in sales.imports(services, actor)
    )


@group.command("undo")
@click.argument("import_id")
@_seller
def undo(import_id: str, seller: str) -> None:
    """Take back the lines that an import brought."""
    services, actor = _shop(seller)
    try:
        gone = sales.undo_import(services, actor, import_id)
    except sales.ImportNotFoundError:
        stop(f"there is no import {import_id!r}; see shopkit sales list --seller {seller}", 1)
    click.echo(f"{counted(gone, 'line')} {'was' if gone == 1 else 'were'} taken back")


def _shop(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)
