"""Ratings on the command line: buyers are asked, and how a shop stands is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from shopkit.cli.common import acting_for, counted, migrate, open_shop, stop, table
from shopkit.services import reputation
from shopkit.services.days import read_day
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from shopkit.orders.standing import Share


@click.group("ratings")
def group() -> None:
    """What buyers say of their orders, and how a shop stands."""


@group.command("invite")
def invite() -> None:
    """Ask the buyers of orders that were delivered lately, each once; meant to run every day."""
    services = open_shop()
    migrate(services)
    base = services.settings.public_url.rstrip("/")
    if not base:
        stop("set SHOPKIT_PUBLIC_URL to the address of the shop: the letters link to it")
    sent = reputation.invite(services, base)
    services.postman.drain()
    click.echo(f"{counted(sent, 'buyer')} asked")


@group.command("show")
@click.option("--seller", required=True, help="Short name or id of the shop.")
@click.option("--until", metavar="DATE", help="The last day that counts; without it, yesterday.")
def show(seller: str, until: str | None) -> None:
    """Tell how a shop stands: what arrived in time, without a dispute, answered, and its stars."""
    services = open_shop()
    migrate(services)
    actor = acting_for(services, seller)
    try:
        last = services.now().date() - timedelta(days=1) if until is None else read_day(until, "--until")
    except RequestError as error:
        stop(error.problems[0].message("en"))
    found = reputation.standing_of(services, actor.seller_id, last)
    click.echo(f"{found.since} to {found.until}, {counted(found.delivered, 'delivery')}")
    table(
        (
            ("in time", *_told(found.on_time)),
            ("undisputed", *_told(found.undisputed)),
            ("answered", *_told(found.answered)),
            ("reliability", "" if found.score is None else f"{found.score} of 100", ""),
            ("stars", "" if found.stars is None else f"{found.stars} of 5", counted(found.ratings, "rating")),
        )
    )


def _told(share: Share) -> tuple[str, str]:
    return f"{share.hits}/{share.of}", "" if share.percent is None else f"{share.percent} %"
