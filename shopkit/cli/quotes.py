"""Asking for quotes on the command line: the same requests and the same answers as over HTTP."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click

from landed_cost import RulebookError
from shopkit.cli.common import (
    LANGUAGES,
    UNREADABLE,
    complain,
    language_option,
    migrate,
    open_shop,
    owner_of,
    print_json,
    seller_or_shop,
    stop,
    table,
)
from shopkit.services import hs, quotes
from shopkit.services.keeping import keep
from shopkit.services.problems import RequestError, UnreadableError, sentence
from shopkit.services.reading import decode
from shopkit.services.what_if import read_what_if

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shopkit.services.context import Services
    from shopkit.services.problems import RequestProblem
    from shopkit.services.quotes import Answer, Compared

_PRINCIPAL = "cli"


_what_if_option = click.option(
    "--what-if", type=click.File("rb"), help="Suppose the figures in this YAML or JSON file instead of the law's."
)


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--lines", is_flag=True, help="One request on each line; one answer on each line, in order.")
@_what_if_option
@seller_or_shop
@language_option
@click.pass_context
def quote(
    context: click.Context, file: IO[bytes], what_if: IO[bytes] | None, seller: str | None, *, lines: bool, lang: str
) -> None:
    """Answer the request in FILE (or stdin).

    The exit code is 0 when every request was answered, and 2 when one could not be read or is wrong: its place in the
    output is taken by the problem, and stderr names its line.
    """
    services = open_shop()
    supposed = _read_what_if(what_if)
    owner = owner_of(services, seller)
    failed = False
    for number, body in _bodies(file, lines=lines):
        where = f"line {number}: " if lines else ""
        answered, result = _answer(services, body, lang, where, owner, supposed)
        failed = failed or not answered
        print_json(result, pretty=not lines)
    context.exit(UNREADABLE if failed else 0)


def _bodies(file: IO[bytes], *, lines: bool) -> Iterator[tuple[int, bytes]]:
    if not lines:
        yield 1, file.read()
        return
    for number, line in enumerate(file, start=1):
        if line.strip():
            yield number, line


def _read_what_if(file: IO[bytes] | None) -> Any:  # noqa: ANN401  # what it holds is checked with the request
    if file is None:
        return None
    try:
        return read_what_if(file.read().decode("utf-8"), file.name)
    except UnicodeDecodeError as error:
        stop(f"{file.name}: byte {error.start} is not UTF-8; save the file as UTF-8")
    except RulebookError as error:
        stop(str(error))


def _under(value: object, supposed: object) -> object:
    """Return the request with what is supposed in it."""
    return value if supposed is None or not isinstance(value, dict) else value | {"save": False, "what_if": supposed}


def _answer(services: Services, body: bytes, lang: str, where: str, owner: str, supposed: object) -> tuple[bool, Any]:
    try:
        answer = quotes.answer(services, _under(decode(body), supposed), seller=owner)
    except UnreadableError as error:
        detail = sentence("json.invalid", {"detail": error.detail}, lang)
        complain(f"{where}{detail}")
        return False, _problem(400, lang, detail)
    except RequestError as error:
        for problem in error.problems:
            complain(f"{where}{problem.pointer or '/'}: {problem.message(lang)}")
        return False, _problem(422, lang, errors=error.problems)
    if answer.saves:
        migrate(services)
        keep(services, [answer.row(_PRINCIPAL)])
    return True, answer.read(lang)


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
@_what_if_option
@seller_or_shop
@language_option
def compare(file: IO[bytes], what_if: IO[bytes] | None, seller: str | None, lang: str, *, as_json: bool) -> None:
    """Answer the basket in FILE (or stdin) for many destinations, a row for each."""
    services = open_shop()
    try:
        found = quotes.answer_everywhere(
            services, _under(decode(file.read()), _read_what_if(what_if)), seller=owner_of(services, seller)
        )
    except UnreadableError as error:
        stop(sentence("json.invalid", {"detail": error.detail}, lang))
    except RequestError as error:
        for problem in error.problems:
            complain(f"{problem.pointer or '/'}: {problem.message(lang)}")
        print_json(_problem(422, lang, errors=error.problems), pretty=True)
        raise SystemExit(UNREADABLE) from None
    kept = [answer.row(_PRINCIPAL) for answer in found.answers if answer.saves]
    if kept:
        migrate(services)
        keep(services, kept)
    if as_json:
        print_json({"results": _results(found, lang)}, pretty=True)
        return
    rows = [_compared_row(country, answer, lang) for country, answer in found.entries]
    table([("", "", "import charges", "landed", "", ""), *rows])


def _results(found: Compared, lang: str) -> Any:  # noqa: ANN401  # the API's own JSON
    # The JSON door takes half a second to import, which a table does without; so below.
    from shopkit.api.results import compared  # noqa: PLC0415

    return compared(found, lang)


def _problem(status: int, lang: str, detail: str | None = None, errors: Sequence[RequestProblem] = ()) -> object:
    from shopkit.api.errors import problem_body  # noqa: PLC0415

    return problem_body(status, lang, detail, errors)


def _compared_row(country: str, entry: Answer | RequestError, lang: str) -> tuple[str | None, ...]:
    """Return what one destination comes to: sums, the way in, and in words what most stands against a sure figure."""
    if isinstance(entry, RequestError):
        return country, "–", None, None, None, entry.problems[0].message(lang)
    answer = entry.read(lang)
    totals, told = answer["totals"], answer["assessment"]
    weak = next((reason["message"] for reason in told["reasons"] if reason["level"] != "info"), None)
    words = ": ".join(part for part in (answer["regime"], weak) if part)
    currency = None if totals["landed"] is None else answer["currency"]
    return country, told["outcome"], totals["import_charges"], totals["landed"], currency, words


@click.group("hs")
def hs_group() -> None:
    """Tariff codes."""


@hs_group.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default="es", show_default=True, help="Language of the names.")
@click.option("--country", help="Search the official text of this destination too.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
def hs_search(words: tuple[str, ...], lang: str, country: str | None, *, as_json: bool) -> None:
    """Find a tariff code by everyday WORDS, or by the beginning of a code."""
    services = open_shop()
    text = " ".join(words)
    code = country.upper() if country else None
    if code is not None and code not in services.rulebook.destinations:
        stop(f"--country {country}: not covered; there are {', '.join(sorted(services.rulebook.destinations))}")
    try:
        found = hs.search(services, text, lang, code)
    except hs.ScheduleNotLoadedError:
        stop(sentence("schedule.not_loaded", {"country": code or ""}, lang), 1)
    if as_json:
        print_json({"q": text, "question": found.question, "results": found.results}, pretty=True)
        return
    if not found.results:
        complain(f"nothing found for {text!r}; try another word, or the name of the material")
    table(
        row
        for one in found.results
        for row in (
            (one["hs_code"], one["rate"], _named(one)),
            *(
                # What a line says beyond the text of its code.
                (f"  {line['hs_code']}", line["rate"], line["name"].removeprefix(f"{one['official']} > "))
                for line in one["lines"]
            ),
        )
    )
    if found.question is not None:
        click.echo(found.question["text"])


def _named(found: dict[str, Any]) -> str:
    """Return what a code is called, and the words that led to it."""
    return f"{found['name']} ← {', '.join(found['matched'])}" if found["matched"] else str(found["name"])
