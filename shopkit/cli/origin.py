"""Asking on the command line whether goods originate."""

from __future__ import annotations

from typing import IO

import click

from shopkit.cli.common import UNREADABLE, complain, language_option, open_shop, print_json
from shopkit.services import origin as service
from shopkit.services.problems import RequestError, UnreadableError, sentence
from shopkit.services.reading import decode


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@language_option
@click.pass_context
def origin(context: click.Context, file: IO[bytes], *, lang: str) -> None:
    """Say whether the goods described in FILE (or stdin) originate, agreement by agreement.

    The exit code is 0 for every answered question and 2 for one that cannot be read.
    """
    try:
        print_json(service.ask(open_shop(), decode(file.read()), lang), pretty=True)
    except UnreadableError as error:
        complain(sentence("json.invalid", {"detail": error.detail}, lang))
        context.exit(UNREADABLE)
    except RequestError as error:
        for problem in error.problems:
            complain(f"{problem.pointer or '/'}: {problem.message(lang)}")
        context.exit(UNREADABLE)
