"""Carriers on the command line: accounts that are asked for prices, connected and forgotten."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

import click

from shopkit.cli.common import acting_for, complain, language_option, migrate, open_shop, seller_option, stop, table
from shopkit.services import carrier_accounts
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_WRONG = 1


@click.group("carriers")
def group() -> None:
    """Carriers whose prices ``shopkit ways`` asks for: see docs/sending.md."""


@group.command("list")
@seller_option
def list_accounts(seller: str) -> None:
    """List the accounts of a shop, without what they say."""
    services, actor = _enter(seller)
    found = carrier_accounts.every(services, actor)
    table((one.carrier, f"since {one.created_at.date()}") for one in found)
    if not found:
        complain(f"no account; connect one of {', '.join(sorted(carrier_accounts.carriers()))}")


@group.command("fields")
@click.argument("carrier")
@language_option
def fields(carrier: str, lang: str) -> None:
    """Say what CARRIER asks of an account."""
    found = carrier_accounts.carriers().get(carrier)
    if found is None:
        stop(f"there is no carrier {carrier!r}; there are {', '.join(sorted(carrier_accounts.carriers()))}")
    table((one.name, "needed" if one.is_required else "may be left out", one.label[lang]) for one in found.fields)


@group.command("connect")
@click.argument("carrier")
@seller_option
@click.option("--details", type=click.File("r"), default="-", show_default=True, help="JSON: fields by name.")
@language_option
def connect(carrier: str, seller: str, details: IO[str], lang: str) -> None:
    """Keep an account at CARRIER, sealed, in place of the one there was; what it says is read from stdin or a file."""
    services, actor = _enter(seller)
    try:
        said = json.load(details)
    except ValueError:
        stop('the details are not JSON; write an object such as {"key": "…"}')
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        stop('the details are no object of texts; write one such as {"key": "…"}')
    try:
        carrier_accounts.connect(services, actor, carrier, said)
    except RequestError as error:
        for problem in error.problems:
            complain(f"{problem.pointer or '/'}: {problem.message(lang)}")
        raise click.exceptions.Exit(_WRONG) from None
    click.echo(f"{carrier} is connected")


@group.command("disconnect")
@click.argument("carrier")
@seller_option
def disconnect(carrier: str, seller: str) -> None:
    """Forget the account at CARRIER."""
    services, actor = _enter(seller)
    if not carrier_accounts.disconnect(services, actor, carrier):
        stop(f"there is no account at {carrier}", _WRONG)
    click.echo(f"{carrier} is forgotten")


def _enter(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)
