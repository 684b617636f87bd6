"""Pricing on the command line: one request from a file, the answer as a table for people or as JSON."""

from __future__ import annotations

from datetime import date
from typing import IO, TYPE_CHECKING, Any, Final

import click

from landed_cost.countries import is_country
from landed_cost.currencies import is_known
from shopkit.cli.common import UNREADABLE, complain, language_option, open_shop, print_json, table
from shopkit.services import pricing as service
from shopkit.services.problems import RequestError, UnreadableError, sentence
from shopkit.services.reading import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOLD: Final = 3


def _country(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_country(value.upper()):
        raise click.BadParameter(f"{value!r} is not a country of ISO 3166")
    return None if value is None else value.upper()


def _currency(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_known(value.upper()):
        raise click.BadParameter(f"{value!r} is not a currency; write three letters of ISO 4217")
    return None if value is None else value.upper()


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(f"{value!r} is not a day; write it like 2026-12-01") from error


def _price_listings(given: dict[str, Any], language: str) -> bool:
    from shopkit.cli import bulk  # noqa: PLC0415  # it needs numpy, which no other command does

    for name in ("destinations", "dispatch"):
        if given[name] is None:
            raise click.UsageError(f"--listings needs --{name}")
    services = open_shop()
    ways = bulk.ways(given["destinations"], given, services)
    return bulk.price_file(given["listings"], ways, given["output"], language, services.rulebook)


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as JSON.")
@click.option("--listings", type=click.Path(exists=True, dir_okay=False), help="A CSV of listings to price instead.")
@click.option("--destinations", help="With --listings: where to, such as MX,CL,US-CA.")
@click.option("--dispatch", callback=_country, help="With --listings: the country parcels start in.")
@click.option("--date", "on", callback=_day, help="With --listings: day of entry (today in each destination).")
@click.option("--channel", type=click.Choice(["postal", "courier", "freight"]), default="courier", show_default=True)
@click.option("--terms", type=click.Choice(["DAP", "DDP"]), default="DDP", show_default=True)
@click.option("--freight", help="With --listings: freight of a parcel, such as '12.00 USD'.")
@click.option("--currency", callback=_currency, help="With --listings: money of the answers (that of the destination).")
@click.option("-o", "--output", type=click.Path(dir_okay=False), default="-", help="With --listings: CSV to write.")
@language_option
@click.pass_context
def price(context: click.Context, /, file: IO[bytes], *, as_json: bool, lang: str, **bulk: Any) -> None:  # noqa: ANN401  # the options of --listings
    """Tell what is left of the price described in FILE (or stdin), and which price reaches a target.

    The exit code is 0 for every answered question and 2 for one that cannot be read.

    With --listings every listing of a CSV file is priced at the door of each of the destinations, a parcel each, and
    written as CSV. It takes what ``shopkit listings export`` writes, or any columns hs_code, origin and price
    (``12.50 MXN``), with key, sku, title, weight (``250 g``), quantity, origin_evidence, attributes and measures where
    they are known. A row that cannot be read is said with its line and left out; the exit code is then 1.
    """
    if bulk["listings"] is not None:
        context.exit(0 if _price_listings(bulk, lang) else 1)
    try:
        found = service.ask(open_shop(), decode(file.read()), lang)
    except UnreadableError as error:
        complain(sentence("json.invalid", {"detail": error.detail}, lang))
        context.exit(UNREADABLE)
    except RequestError as error:
        for problem in error.problems:
            complain(f"{problem.pointer or '/'}: {problem.message(lang)}")
        context.exit(UNREADABLE)
    if as_json:
        print_json(found, pretty=True)
        return
    for rows in (_head(found), _lines(found), _targets(found), _sizes(found), _courses(found)):
        listed = [*rows]
        if listed:
            table(listed)
            click.echo()
    for one in found["reasons"]:
        click.echo(f"{one['level']}: {one['message']}{' ' + one['action'] if one['action'] else ''}")


def _head(found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    own, left, margin = found["currency"], found["in_hand"], found["margin_percent"]
    yield "outcome", found["outcome"]
    if left is None:
        yield "in hand", "–"
        return
    yield "in hand", f"{left['amount']} {own}{_span(left)}"
    if margin["amount"] is not None:
        yield "margin", f"{margin['amount']} %{_span(margin)}"
    if found["fixed_percent"] is not None:
        yield "fixed, of the price", f"{found['fixed_percent']} %"
    shelf = found["shelf"]
    if shelf is not None:
        yield "on the shelf", f"{shelf['amount']} {shelf['currency']}{_span(shelf)}"


def _span(found: dict[str, Any]) -> str:
    low, high = found["low"], found["high"]
    return "" if low == high else f" ({low or '?'} … {high or '?'})"


def _lines(found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    rows = [(one["amount"], one["name"], one["formula"]) for one in found["lines"]]
    if rows:
        rows.append((found["in_hand"]["amount"], "=", ""))
    width = max((len(row[0]) for row in rows), default=0)
    for amount, name, formula in rows:
        yield amount.rjust(width), found["currency"], name, formula


def _targets(found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for one in found["targets"]:
        asked = f"{one['asked']} {one['currency'] or '%'}"
        yield one["goal"], asked, one["message"] + (f" {one['action']}" if one["action"] else "")
        if one["ending"] is not None:
            ending = one["ending"]
            yield "", "", f"→ {ending['amount']} {ending['currency']} ({ending['status']}, {ending['as_of']})"
        for jump in one["jumps"][:_TOLD]:
            names = ", ".join(
                [f"+ {name['name']}" for name in jump["comes"]] + [f"- {name['name']}" for name in jump["goes"]]
            )
            doors = " → ".join(jump["landed"][side] or "?" for side in ("below", "above"))
            hands = " → ".join(jump["in_hand"][side] or "?" for side in ("below", "above"))
            yield "", "", f"{jump['below']} | {jump['above']}: {doors} landed, {hands} in hand; {names}"


def _sizes(found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    sizes = found["order_sizes"]
    if sizes is None:
        return
    yield "units", "in hand", "fixed %"
    for one in sizes["sizes"]:
        yield one["units"], one["in_hand"] or "?", one["fixed_percent"] or "?"
    again = ", ".join(f"{run['from']}-{run['to']}" for run in sizes["loses_again"])
    yield "pays from", sizes["pays_from"] or "–", f"loses again: {again}" if again else ""


def _courses(found: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    market = found["market"]
    if market is None:
        return
    if not market["known"]:
        yield "market", "?"
        return
    yield "case", "put in", "back in", "at the end", "worth today"
    for one in market["courses"]:
        yield one["case"], one["put_in"], one["back_in"] or "–", one["end"], one["worth_today"]
    yield "affordable", market["affordable"] or "?", "worth it", market["worth_it"], ""
