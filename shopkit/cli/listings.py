"""Listings on the command line: how good they are, and what to mend next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from landed_cost.countries import is_country
from listings.channels import channels
from shopkit.cli.common import (
    acting_for,
    counted,
    language_option,
    migrate,
    open_shop,
    print_json,
    seller_option,
    table,
)
from shopkit.cli.imports import export, import_file, imports_group
from shopkit.services import listings, qualities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept

_HEAD: Final = ("score", "market", "channel", "key", "next")


@click.group("listings")
def group() -> None:
    """The listings of a shop."""


for _command in (import_file, export, imports_group):
    group.add_command(_command)


def _market(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    codes = tuple(one.upper() for one in values)
    wrong = [one for one in codes if not is_country(one)]
    if wrong:
        raise click.BadParameter(f"{wrong[0]} is not a country of ISO 3166")
    return codes


@group.command()
@click.argument("keys", nargs=-1)
@seller_option
@click.option("--market", "markets", multiple=True, callback=_market, help="Country to judge for; may be repeated.")
@click.option(
    "--channel", type=click.Choice([*channels()]), default=qualities.OWN_PAGE, show_default=True, help="Place to sell."
)
@click.option("--details", is_flag=True, help="Under each listing, everything that costs points.")
@click.option("--json", "as_json", is_flag=True, help="Print what the API answers.")
@language_option
def check(
    keys: tuple[str, ...],
    seller: str,
    markets: tuple[str, ...],
    channel: str,
    lang: str,
    *,
    details: bool,
    as_json: bool,
) -> None:
    """Tell how good listings are: those named by KEYS, or all of the shop; the worst first."""
    services = open_shop()
    migrate(services)
    actor = acting_for(services, seller)
    home = qualities.home_of(services, actor)
    kept = [one for one in _all(services, actor) if not keys or one.listing.key in keys]
    missing = sorted(set(keys) - {one.listing.key for one in kept})
    if missing:
        raise click.BadParameter(f"no listing is called {', '.join(missing)}")
    found = [
        (one, judged.read(lang))
        for market in (markets or (None,))
        if channels()[channel].serves(market)
        for one, judged in zip(kept, qualities.judge_shown(services, actor, kept, home, market, channel), strict=True)
    ]
    found.sort(key=lambda pair: (pair[1]["score"], pair[0].listing.key))
    if as_json:
        print_json({"results": [{"id": one.id, "key": one.listing.key} | judged for one, judged in found]}, pretty=True)
        return
    if not found:
        click.echo(f"nothing to judge: {counted(len(kept), 'listing')}, none of them sold there through {channel}")
        return
    rows: list[tuple[object, ...]] = [_HEAD]
    for one, judged in found:
        then = judged["next"]
        rows.append(
            (judged["score"], judged["market"] or "*", channel, one.listing.key, "" if then is None else then["action"])
        )
        if details:
            rows += [("", "", "", f"-{fault['points']}", f"{fault['reason']}") for fault in judged["faults"]]
    table(rows)


def _all(services: Services, actor: Actor) -> Iterator[Kept]:
    page = 1
    while True:
        found = listings.find_listings(services, actor, page=page)
        yield from found.listings
        if page * listings.PAGE >= found.total:
            return
        page += 1
