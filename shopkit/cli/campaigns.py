"""Campaigns on the command line: who lives where, which days they keep, a plan and its catalog, newer figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from listings.campaigns.audiences import PAN_LATINO, audience, groups, states
from listings.campaigns.calendar import coming, events
from listings.campaigns.census import MOST_BYTES, CensusError
from listings.campaigns.matching import said
from shopkit.cli.common import acting_for, complain, counted, migrate, open_shop, stop, table
from shopkit.services import campaigns

if TYPE_CHECKING:
    from typing import IO

    from listings.campaigns.figures import Figure
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_seller = click.option("--seller", required=True, help="Short name or id of the seller.")
_language = click.option(
    "--language", type=click.Choice(["en", "es", "pt"]), default="en", show_default=True, help="Of what is told."
)


@click.group("campaigns")
def group() -> None:
    """Campaigns for people far from home: audiences, calendar, plans."""


@group.command("audiences")
@click.option("--group", "group_id", help="A group of origin by states, such as mx; without it all groups.")
@click.option("--states", "wanted", help="States by their letters, with commas; without it all that have figures.")
@_language
def audiences(group_id: str | None, wanted: str | None, language: str) -> None:
    """Show how many people of which origin live where, with the year they were counted in."""
    if group_id is None:
        table((one.id, one.name[language], _people(one.figure), _year(one.figure)) for one in groups().values())
        return
    if group_id not in groups():
        stop(f"there is no group {group_id!r}; known: {', '.join(groups())}")
    codes = wanted.upper().split(",") if wanted else [one.id for one in states().values() if one.groups]
    missing = [one for one in codes if one not in states()]
    if missing:
        stop(f"{', '.join(missing)}: no state; write the letters of its post code, such as CA,TX,IL")
    found = audience(group_id, codes)
    table(
        (
            one.state.id,
            one.state.name[language],
            _people(one.people),
            _year(one.people),
            f"speak it: {_people(one.speakers)}",
        )
        for one in found.cells
    )
    if found.known is not None:
        without = f", without {len(found.unknown)} not known" if found.unknown else ""
        click.echo(f"together {_people(found.known)}{without}; {found.known.source[language]}, {found.known.year}")


@group.command("calendar")
@click.option("--group", "group_id", default=PAN_LATINO, show_default=True, help="A group of origin, such as mx.")
@click.option("--days", type=click.IntRange(1, 732), default=366, show_default=True, help="How far to look.")
@_language
def calendar(group_id: str, days: int, language: str) -> None:
    """Show the days that a group keeps who lives in the United States, from today on."""
    if group_id not in groups():
        stop(f"there is no group {group_id!r}; known: {', '.join(groups())}")
    today = open_shop().today(campaigns.MARKET)
    table(
        (one.first, one.event.id, one.event.name[language], one.country, one.rule.status)
        for one in coming(groups()[group_id], campaigns.MARKET, today, days)
    )


@group.command("plan")
@_seller
@click.option("--group", "group_id", required=True, help="Whom it is for, such as mx.")
@click.option("--states", "wanted", required=True, help="Where they live, with commas, such as CA,TX,IL.")
@click.option("--event", required=True, help="For which day, such as mothers-day.")
@click.option("--way", type=click.Choice(campaigns.WAYS), default="courier", show_default=True)
@click.option("--channel", default="shop", show_default=True, help="Where it is sold.")
@click.option("--locale", "locales", multiple=True, default=("es-US",), show_default=True, help="One, or two.")
@click.option("--margin", type=int, default=campaigns.USUAL_MARGIN, show_default=True, help="Days to spare.")
@click.option("--name", help="What it is called; else the day and the group.")
@click.option("--keep", is_flag=True, help="Keep it among the campaigns of the shop.")
@click.option("-o", "--output", type=click.File("w", encoding="utf-8", lazy=True), help="Write its catalog as CSV.")
@_language
def plan(  # noqa: PLR0913 - a plan has so many sides
    *,
    seller: str,
    group_id: str,
    wanted: str,
    event: str,
    way: str,
    channel: str,
    locales: tuple[str, ...],
    margin: int,
    name: str | None,
    output: IO[str] | None,
    language: str,
    keep: bool,
) -> None:
    """Plan a campaign: by when to order, which products fit and why, and the catalog of those that do."""
    from shopkit.services import campaign_plans  # noqa: PLC0415 - heavy for who only looks at the calendar

    services, actor = _shop(seller)
    day = campaigns.day_of(services, group_id, event)
    asked = campaigns.Asked(
        group_id,
        tuple(dict.fromkeys(wanted.upper().split(","))),
        event,
        day or services.today(campaigns.MARKET),
        way,
        channel,
        tuple(dict.fromkeys(locales)),
        margin,
        "pan_latino" if group_id == PAN_LATINO else "country_of_origin",
    )
    problems = campaigns.wrong(services, asked)
    if problems:
        for field, code in problems:
            complain(f"{field}: {_told(code, group_id)}")
        stop("nothing was planned")
    title = name or f"{events()[event].name[language]} {asked.day.year} · {groups()[group_id].name[language]}"
    found = campaigns.create(services, actor, title, asked) if keep else campaigns.draft(services, actor, title, asked)
    planned = campaign_plans.plan(services, actor, found)
    click.echo(f"{title}: {asked.day}")
    table(
        (state.id, "order by", until.order_by or "not known", until.state.replace("_", " "))
        for state, until in planned.deadlines
    )
    table((one.worst.match.score, one.kept.listing.key, one.kept.listing.title) for one in planned.chosen)
    for one in planned.left_out:
        told = " ".join(said(code, {}, language) for code in one.worst.match.out)
        click.echo(f"left out: {one.kept.listing.key}: {told}")
    if planned.unseen:
        click.echo(f"not looked at: {counted(planned.unseen, 'product')}")
    if output is not None:
        output.write(campaign_plans.catalog_csv(planned, asked.locales[0], language))
    if keep:
        click.echo(f"kept as {found.id}")


@group.command("wholesale")
@_seller
@click.option("--partner", "code", help="The code of a partner, for its own list.")
@click.option("--language", type=click.Choice(["es", "pt", "en"]), help="Of the list; else es, or the partner's.")
@click.option("-o", "--output", type=click.File("wb", lazy=True), required=True, help="Where the PDF is written.")
def wholesale(seller: str, code: str | None, language: str | None, output: IO[bytes]) -> None:
    """Print the wholesale list as PDF: cases, what they come to at each door, the order form."""
    from shopkit.services import partners, wholesale_papers  # noqa: PLC0415 - heavy for who only looks at the calendar

    services, actor = _shop(seller)
    partner = None
    if code is not None:
        partner = next((one for one in partners.partners(services, actor) if one.code == code), None)
        if partner is None:
            stop(f"there is no partner with the code {code!r}")
    spoken = language or ("es" if partner is None else partner.said.language)
    paper = wholesale_papers.wholesale_list(services, actor, spoken, partner)
    for name, why in paper.left_out:
        told = {"gone": "a product in it is not there or not active"}
        complain(f"left out: {name}: {told.get(why, 'its texts are not approved in this language')}")
    output.write(paper.data)


@group.command("import-census")
@click.argument("file", type=click.File("rb"))
@_seller
@click.option("--column", "columns", multiple=True, required=True, help="Which column counts whom: B03001_014E=sv.")
@click.option("--year", type=int, required=True, help="The vintage of the table.")
@click.option("--table", "table_name", required=True, help="Which table it is, such as 'ACS 5-year B03001'.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, keep nothing.")
def import_census(
    file: IO[bytes], seller: str, columns: tuple[str, ...], year: int, table_name: str, *, dry_run: bool
) -> None:
    """Import figures from FILE, the JSON that the Census API answers for=state:* with: whole or not at all."""
    services, actor = _shop(seller)
    name = str(getattr(file, "name", "-"))
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        stop(f"{name}: larger than {MOST_BYTES:,} bytes", 1)
    pairs = [one.partition("=") for one in columns]
    if any(not sign or not to for _, sign, to in pairs):
        stop("write each --column as VARIABLE=group, such as DP05_0072E=mx")
    try:
        text = data.decode("utf-8")
        found = campaigns.import_census(
            services, actor, text, {one: to for one, _, to in pairs}, year, table_name, dry_run=dry_run
        )
    except UnicodeDecodeError as error:
        stop(f"{name}: byte {error.start} is not UTF-8", 1)
    except CensusError as error:
        for one in error.problems:
            complain(f"{name}: row {one.row}, {one.column or 'all of it'}: {one.what}")
        stop(f"{name}: nothing was kept", 1)
    told = f"{counted(found.figures, 'figure')} of {counted(found.states, 'state')}"
    if found.open:
        told += f"; not published, so not known: {', '.join(f'{to} in {state}' for to, state in found.open)}"
    click.echo(told if found.id is None else f"{told}; kept as {found.id}")


def _told(code: str, group_id: str) -> str:
    known = {
        "group": f"there is no such group; known: {', '.join(groups())}",
        "states": "write the letters of post codes, such as CA,TX,IL",
        "event": f"there is no such day; known: {', '.join(events())}",
        "not_kept": f"{group_id} keeps no such day there; see shopkit campaigns calendar --group {group_id}",
        "locales": f"one or two of {', '.join(campaigns.LOCALES)}",
        "channel": "there is no such place to sell",
        "margin": "from 0 to 60 days",
    }
    return known[code]


def _people(figure: Figure | None) -> str:
    if figure is None:
        return "not known"
    low, high = figure.bounds()
    return f"{low:,}" if figure.is_exact else f"{low:,}-{high:,}"


def _year(figure: Figure | None) -> str:
    return "" if figure is None else f"{figure.year} ({figure.status})"


def _shop(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)
