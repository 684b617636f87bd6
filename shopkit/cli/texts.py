"""A shop's texts on the command line: out to a translator as XLIFF or PO, and back as drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopkit.cli.common import acting_for, counted, language_option, migrate, open_shop, stop
from shopkit.services import text_files
from shopkit.services.text_files import SeveralLanguagesError
from translations.exchange.errors import ExchangeError
from translations.exchange.passages import FORMATS
from translations.exchange.xliff import MOST_BYTES
from translations.locales import known

if TYPE_CHECKING:
    from typing import IO

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.text_files import Came, Outcome
    from translations.exchange.passages import Format

# What came of a text, in the order in which it is told; the first two are nothing to tell text by text.
_TOLD: dict[Came, str] = {
    "taken": "taken as drafts",
    "same": "there already",
    "empty": "not translated",
    "stale": "of another source",
    "approved": "kept back: an approved text stands",
    "written": "kept back: somebody wrote another",
    "locked": "locked",
    "said": "said by the seller for the market",
    "gone": "of no text of this shop",
    "long": "too long",
    "twice": "twice in the file",
}
_QUIET = frozenset({"same", "empty"})
HELD_BACK = 3
_seller = click.option("--seller", required=True, help="Short name or id of the seller.")


@click.group("texts")
def group() -> None:
    """Texts of listings: out to a translator as a file, and back."""


@group.command("export")
@_seller
@click.option("--to", "locale", required=True, help="Language and market to translate into, such as en-US.")
@click.option("--from", "source", help="Language of the listings, where they are written in several.")
@click.option("--format", "name", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True)
@click.option("--listing", "keys", multiple=True, help="Id of a listing; several may be named. All, if none is.")
@click.option("--waiting", is_flag=True, help="Only texts that are missing, drafts, or of a source that changed.")
@click.option("--output", "-o", type=click.File("w", encoding="utf-8"), default="-", help="File to write.")
def export(
    *, seller: str, locale: str, source: str | None, name: Format, keys: tuple[str, ...], waiting: bool, output: IO[str]
) -> None:
    """Write the texts of listings, with what there is of their translation, for a translator's program."""
    services, actor = _shop(seller)
    if not known(locale):
        stop(f"{locale} is no language that we write", 2)
    try:
        text, count = text_files.write(services, actor, name, locale, keys or None, source=source, waiting=waiting)
    except SeveralLanguagesError as error:
        stop(f"listings are written in {error}; say which with --from", 2)
    except ExchangeError as error:
        stop(str(error), 1)
    output.write(text)
    click.echo(f"{counted(count, 'text')} written as {name}", err=True)


@group.command("import")
@click.argument("file", type=click.File("rb"))
@_seller
@click.option("--replace", is_flag=True, help="Also over texts that were approved or written here: you have seen them.")
@language_option
@click.pass_context
def import_file(context: click.Context, *, file: IO[bytes], seller: str, replace: bool, lang: str) -> None:
    """Take the translations of a FILE in, XLIFF or PO, as drafts, and tell what came of each text.

    The exit code is 0 when every translated text is there now, and 3 when some were not taken.
    """
    services, actor = _shop(seller)
    try:
        found = text_files.read(services, actor, file.read(MOST_BYTES + 1), replace=replace)
    except ExchangeError as error:
        stop(f"{getattr(file, 'name', '-')}: {error}; nothing was kept", 1)
    for one in found.outcomes:
        for line in _lines(one, lang):
            click.echo(line)
    counts = found.counts
    told = [f"{counts[came]:,} {words}" for came, words in _TOLD.items() if counts[came]]
    click.echo(f"{found.locale}: {', '.join(told)}")
    context.exit(0 if counts.keys() <= {"taken"} | _QUIET else HELD_BACK)


def _lines(one: Outcome, lang: str) -> list[str]:
    where = f"{one.id} ({one.title})" if one.title else one.id
    if one.came in _QUIET:
        return []
    if one.came == "taken":
        return [f"{where}: cannot be approved yet: {each.why(lang)}" for each in one.stops]
    lines = [f"{where}: {_TOLD[one.came]}"]
    if one.came == "stale":
        lines.append(f"  source now: {one.source}")
    if one.came in {"approved", "written"}:
        lines += [f"  here: {one.now}", f"  file: {one.text}"]
    return lines


def _shop(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)
