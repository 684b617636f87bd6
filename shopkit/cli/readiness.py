"""Whether a product may be offered, on the command line: a row for each destination, and what stands in the way."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

import click

from shopkit.api.errors import problem_body
from shopkit.cli.common import UNREADABLE, complain, language_option, open_shop, print_json, stop, table
from shopkit.services import readiness as readiness_of
from shopkit.services.problems import RequestError, UnreadableError, sentence
from shopkit.services.reading import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNS: Final = {"ready": "●", "needs": "◐", "asks": "?", "blocked": "○"}
_HEAD: Final = ("", "", "postal", "courier", "freight", "evidence", "")


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--details", is_flag=True, help="Under each destination, everything that was found.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
@language_option
def readiness(file: IO[bytes], lang: str, *, details: bool, as_json: bool) -> None:
    """Tell whether the product in FILE (or stdin) may be offered, a row for each destination.

    A way is ● ready, ◐ short of papers, ? open until a question is answered, ○ blocked; a – was not asked for.
    """
    services = open_shop()
    try:
        found = [one.read(lang) for one in readiness_of.check(services, decode(file.read()))]
    except UnreadableError as error:
        stop(sentence("json.invalid", {"detail": error.detail}, lang))
    except RequestError as error:
        for problem in error.problems:
            complain(f"{problem.pointer or '/'}: {problem.message(lang)}")
        print_json(problem_body(422, lang, errors=error.problems), pretty=True)
        raise SystemExit(UNREADABLE) from None
    if as_json:
        print_json({"results": found}, pretty=True)
    elif details:
        for result in found:
            table([_row(result)])
            table(("   ", *row) for row in _details(result))
    else:
        table([_HEAD, *map(_row, found)])


def _row(result: dict[str, Any]) -> tuple[str, ...]:
    """Return how a product stands at one destination, and in words what most stands in the way."""
    ways = {way["channel"]: _SIGNS[way["status"]] for way in result["ways"]}
    signs = [ways.get(channel, "–") for channel in ("postal", "courier", "freight")]
    first = next((f"{row[1]}: {row[2]}" for row in _details(result) if row[0] in {"blocks", "asks", "law"}), "")
    return (result["country"], result["status"], *signs, result["evidence"], first)


def _details(result: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what was found, the gravest first: what it is, which rule, what it says."""
    for one in result["blocks"]:
        lifts = f" → {one['lifts']}" if one["lifts"] else ""
        yield "blocks", one["id"], one["message"] + lifts
    for asked in result["questions"]:
        answers = " | ".join(answer["value"] for answer in asked["answers"])
        yield "asks", asked["name"] or asked["kind"], f"{asked['question']} {answers}".strip()
    for level, rows in result["needs"].items():
        for one in rows:
            fault = f" [{one['held']['fault']}]" if one["held"] else ""
            yield level, one["id"], _said(one) + fault
    for kind in ("held", "advice", "formalities"):
        for one in result[kind]:
            yield kind, one["id"], _said(one)


def _said(one: dict[str, Any]) -> str:
    paper = f"{one['paper']['name']}: " if one["paper"] else ""
    body = f" ({one['body']['name']})" if one["body"] else ""
    return f"{paper}{one['message']}{body}"
