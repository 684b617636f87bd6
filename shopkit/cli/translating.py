"""Drafts on the command line: one text from a file, or one on each line, for one language or several."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click

from shopkit.cli.common import UNREADABLE, acting_for, complain, language_option, migrate, open_shop, print_json
from shopkit.services import drafts
from shopkit.services.problems import RequestError, UnreadableError, sentence
from shopkit.services.reading import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

REFUSED = 3


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--lines", is_flag=True, help="One request on each line; one answer on each line, in order.")
@click.option("--seller", help="Short name or id of the shop whose memory and words are used, such as demo.")
@language_option
@click.pass_context
def translate(context: click.Context, file: IO[bytes], seller: str | None, *, lines: bool, lang: str) -> None:
    """Draft the text in FILE (or stdin), a JSON object with text, from and to.

    A draft is a draft: people finish it. The exit code is 0 when every text was drafted, 2 when a request could not be
    read or is wrong, and 3 when a draft was refused, with its reasons.
    """
    services = open_shop()
    for trouble in services.engines.troubles:
        complain(f"engine {trouble.engine}: {trouble.message}")
    if seller is not None or services.engines.counted:
        migrate(services)
    actor = None if seller is None else acting_for(services, seller)
    worst = 0
    for number, body in _bodies(file, lines=lines):
        code, result = _answer(services, actor, body, lang, f"line {number}: " if lines else "")
        worst = UNREADABLE if UNREADABLE in {worst, code} else max(worst, code)
        print_json(result, pretty=not lines)
    context.exit(worst)


def _bodies(file: IO[bytes], *, lines: bool) -> Iterator[tuple[int, bytes]]:
    if not lines:
        yield 1, file.read()
        return
    for number, line in enumerate(file, start=1):
        if line.strip():
            yield number, line


def _answer(services: Services, actor: Actor | None, body: bytes, lang: str, where: str) -> tuple[int, Any]:
    try:
        found = drafts.ask(services, actor, decode(body), lang)
    except UnreadableError as error:
        detail = sentence("json.invalid", {"detail": error.detail}, lang)
        complain(f"{where}{detail}")
        return UNREADABLE, _problem(400, lang, detail)
    except RequestError as error:
        for problem in error.problems:
            complain(f"{where}{problem.pointer or '/'}: {problem.message(lang)}")
        return UNREADABLE, _problem(422, lang, errors=error.problems)
    return (0 if all(one["draft"] is not None for one in found["drafts"]) else REFUSED), found


def _problem(status: int, lang: str, detail: str | None = None, errors: Any = ()) -> object:  # noqa: ANN401  # problems
    from shopkit.api.errors import problem_body  # noqa: PLC0415  # the JSON door takes half a second to import

    return problem_body(status, lang, detail, errors)
