"""Files of listings on the command line: in and out, what was imported, and how to take it back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from listings.channels import channels
from listings.formats.messages import sentence
from listings.formats.port import FileRefusedError, Options
from shopkit.cli.common import acting_for, complain, language_option, migrate, open_shop, seller_option, stop, table
from shopkit.services import exports, importing, imports
from shopkit.services.formats import formats
from shopkit.services.imports import Choices
from translations.locales import known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TextIO

    from listings.formats.port import Problem
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.imports import Import, Report

_FILE_REFUSED: Final = 1


@click.command("import")
@click.argument("file", type=click.File("rb"))
@seller_option
@click.option("--dry-run", is_flag=True, help="Read and check everything, keep nothing.")
@click.option("--format", "name", help="Format of the file; told by its header where this is left out.")
@click.option("--currency", metavar="CODE", help="Of prices that name none; the shop's own where this is left out.")
@click.option("--decimal", type=click.Choice(["comma", "point"]), help="Sign of decimals in prices.")
@click.option("--language", default="es", show_default=True, metavar="CODE", help="Of the texts of new listings.")
@click.option("--map", "columns", multiple=True, metavar="COLUMN=FIELD", help="What a column means; repeat.")
@click.option("--market", "markets", multiple=True, metavar="NAME=CC[:CURRENCY]", help="Country of a market's name.")
@click.option("--blank", type=click.Choice(["keep", "erase"]), default="keep", show_default=True, help="A blank cell.")
@click.option("--strict", is_flag=True, help="Import nothing where anything has to be mended.")
@language_option
def import_file(  # noqa: PLR0913  # options of a command
    *,
    file: BinaryIO,
    seller: str,
    dry_run: bool,
    name: str | None,
    currency: str | None,
    decimal: str | None,
    language: str,
    columns: tuple[str, ...],
    markets: tuple[str, ...],
    blank: str,
    strict: bool,
    lang: str,
) -> None:
    """Import listings from FILE (see docs/importing.md); what is wrong is told by row and column.

    A listing with a problem is left out whole, the others are imported. The same file again changes nothing.
    """
    services, actor = _enter(seller)
    if name is not None and name not in formats():
        stop(f"there is no format {name!r}; there are {', '.join(sorted(formats()))}")
    sign = {"comma": ",", "point": ".", None: None}[decimal]
    options = Options(currency, sign, language, _pairs(columns, "--map"), _markets(markets))  # type: ignore[arg-type]  # one of three
    choices = Choices(name, options, "erase" if blank == "erase" else "keep")
    try:
        if dry_run:
            report = imports.look(services, actor, file, choices, _bar("looked at"))
            _report(report, imports.settled(services, actor, choices), lang)
            click.echo("nothing was kept")
            return
        kept = imports.keep(services, actor, file, getattr(file, "name", "-"), choices)
        if not kept.format:
            imports.forget(services, actor, kept.id)
            stop("the format is not recognised by its columns; name it with --format, and columns with --map", 1)
        if strict:
            report = imports.look_at(services, actor, kept.id)
            if report.counts["wrong"]:
                imports.forget(services, actor, kept.id)
                _report(report, kept.choices, lang)
                stop("nothing was imported: --strict asks for a file without problems", _FILE_REFUSED)
        _run(services, actor, kept.id, lang)
    except FileRefusedError as error:
        _tell([error.problem], lang)
        sys.exit(_FILE_REFUSED)


@click.command("export")
@seller_option
@click.option("--format", "name", default="shopkit", show_default=True, help="Format of the file.")
@click.option("--output", "-o", type=click.File("w", encoding="utf-8"), default="-", help="File to write.")
@click.option("--with-costs", is_flag=True, help="What things cost you too, and who supplies them.")
@click.option("--archived", is_flag=True, help="Archived listings too.")
@click.option("--locale", help="In another language, such as en-US: those whose texts may leave.")
@click.option(
    "--channel", type=click.Choice([*channels()]), default="shop", show_default=True, help="Whose gate, with --locale."
)
def export(
    *, seller: str, name: str, output: TextIO, with_costs: bool, archived: bool, locale: str | None, channel: str
) -> None:
    """Write the listings as a file that import reads back the same; with --locale as they are said there."""
    services, actor = _enter(seller)
    try:
        if locale is not None:
            if not known(locale):
                stop(f"{locale!r} is no locale of a language that we write; give one such as en-US, pt-BR, es-MX")
            sent = exports.export_in(services, actor, name, output, locale, channel)
            click.echo(f"{sent.count} listings written as {name} in {locale}", err=True)
            for one in sent.back:
                held = "; ".join(f"{leaf.field}: {', '.join(why)}" for leaf, why in one.held if leaf.main)
                click.echo(f"held back: {one.key} ({held})", err=True)
            return
        count = exports.export(services, actor, name, output, with_costs=with_costs, archived=archived)
    except exports.UnknownFormatError as error:
        stop(f"there is no format {name!r}; there are {', '.join(error.known)}")
    click.echo(f"{count} listings written as {name}", err=True)


@click.group("imports")
def imports_group() -> None:
    """Imports that were made: list them, go on with one, take one back."""


@imports_group.command("list")
@seller_option
def list_imports(seller: str) -> None:
    """List the last imports."""
    services, actor = _enter(seller)
    table(
        (
            one.id,
            f"{one.created_at:%Y-%m-%d %H:%M}",
            one.file_name,
            one.format,
            _state(services, one),
            f"{one.cursor}/{one.total if one.total is not None else '?'}",
            _counts(one.counts),
        )
        for one in imports.find_imports(services, actor)
    )


@imports_group.command("resume")
@click.argument("import_id")
@seller_option
@language_option
def resume(import_id: str, seller: str, lang: str) -> None:
    """Go on with an import that was interrupted, from where it is."""
    services, actor = _enter(seller)
    _run(services, actor, import_id, lang)


@imports_group.command("undo")
@click.argument("import_id")
@seller_option
@language_option
def undo(import_id: str, seller: str, lang: str) -> None:
    """Take back everything an import did, but what was changed since, which is told."""
    services, actor = _enter(seller)
    found = _guarded(lambda: importing.undo(services, actor, import_id, _bar("taken back")))
    _tell([one for one in found.problems if one.code == "changed_since"], lang)
    click.echo(
        f"{found.id} was taken back: {found.counts.get('removed', 0)} listings removed, "
        f"{found.counts.get('restored', 0)} as they were before, {found.counts.get('left', 0)} left"
    )


# -- inside -----------------------------------------------------------------------------------------------------------
def _enter(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)


def _run(services: Services, actor: Actor, import_id: str, lang: str) -> None:
    found = _guarded(lambda: importing.run(services, actor, import_id, _bar("imported")))
    _tell(found.problems, lang)
    click.echo(f"{found.id} {found.state}: {_counts(found.counts)} ({_words(found.choices)})")
    if found.state != "done":
        sys.exit(_FILE_REFUSED)


def _guarded(act: Callable[[], Import]) -> Import:
    try:
        return act()
    except imports.ImportNotFoundError as error:
        stop(f"there is no import {error}; see shopkit listings imports list", 1)
    except importing.BusyError as error:
        if error.is_alive:
            stop(f"the import {error.other} of this shop is running; wait until it is done", 1)
        stop(
            f"the import {error.other} of this shop was interrupted: first go on with it (shopkit listings imports "
            f"resume {error.other}) or take it back (… undo {error.other})",
            1,
        )
    except importing.StateError as error:
        stop(f"an import that is {error.state} cannot do this", 1)
    except importing.LostError as error:
        stop(f"another process took the import {error} over", 1)


def _report(report: Report, choices: Choices, lang: str) -> None:
    _tell(report.problems, lang)
    told = sum(report.told.values())
    if told > len(report.problems):
        complain(f"{told - len(report.problems)} more are not shown")
    click.echo(
        f"{report.format}, {report.encoding}: {report.total} products in {report.rows} rows: {_counts(report.counts)} "
        f"({_words(choices)})"
    )


def _tell(problems: Iterable[Problem], lang: str) -> None:
    table(
        (
            "note" if one.is_note else "problem",
            "" if one.row is None else f"row {one.row}",
            one.column or "",
            sentence(one, lang),
        )
        for one in problems
    )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts.get(name, 0)} {name}" for name in ("created", "changed", "same", "wrong"))


def _words(choices: Choices) -> str:
    return f"prices in {choices.options.currency or 'their own currency'}, blank cells {choices.blank}"


def _state(services: Services, one: Import) -> str:
    if one.state in {"running", "undoing"} and not importing.is_alive(services, one):
        return f"{one.state} (interrupted)"
    return one.state


def _pairs(given: tuple[str, ...], option: str, form: str = "COLUMN=FIELD") -> dict[str, str]:
    found = {}
    for one in given:
        name, sign, value = one.rpartition("=")
        if not sign:
            stop(f"{option} {one}: write {form}")
        found[name] = value
    return found


def _markets(given: tuple[str, ...]) -> dict[str, tuple[str, str | None]]:
    found: dict[str, tuple[str, str | None]] = {}
    for name, value in _pairs(given, "--market", "NAME=CC:CURRENCY").items():
        country, _, currency = value.partition(":")
        found[name] = (country.upper(), currency.upper() or None)
    return found


def _bar(word: str) -> Callable[[int, int], None] | None:
    """Return a bar for a terminal; a log gets none."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        width = 30
        full = width * done // max(total, 1)
        line = f"\r[{'#' * full}{'.' * (width - full)}] {done}/{total} {word}"
        click.echo(line, err=True, nl=done >= total)

    return show
