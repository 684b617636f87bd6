"""What a change of rules touches, on the command line: listings, quotes and open orders, seller by seller."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import click

from landed_cost import RulebookError
from shopkit.cli.common import acting_for, complain, counted, language_option, migrate, open_shop, stop
from shopkit.services.alerts import View, alerts
from shopkit.services.companies import command_actor, sellers
from shopkit.services.days import read_day
from shopkit.services.problems import RequestError
from shopkit.services.renewal.shelf import SHIPPED, ShelfError
from shopkit.services.renewal.update import load_kept
from shopkit.services.subjects import KeptQuotes
from shopkit.services.touched import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from shopkit.services.actors import Actor
    from shopkit.services.alerts import Alert, Side
    from shopkit.services.context import Services

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# How many listings or quotes are looked at between two words of progress.
_STEP: Final = 200


@click.command("alerts")
@click.option("--since", metavar="DATE|VERSION", help="What changed since a day, or since a kept version of the rules.")
@click.option("--until", metavar="DATE|VERSION", help="Up to this day or version; without it, today's rules in force.")
@click.option("--seller", help="Short name or id of the shop; without it, every shop's and the quotes of nobody.")
@click.option("--quote", "ids", multiple=True, metavar="ID", help="This kept quote, held to or not; may be repeated.")
@language_option
def show_alerts(since: str | None, until: str | None, seller: str | None, ids: tuple[str, ...], lang: str) -> None:
    """Show what a change of rules touches: listings at their seller's markets, quotes held to, open orders.

    A line for each that comes to something else at the door: before, after, by how much, by which rules. With days,
    each is reckoned as of both; with versions, by the rules of both. Freight and exchange rates stay the same.
    """
    services = open_shop()
    migrate(services)
    try:
        before, after = views(services, since, until)
    except (RulebookError, ShelfError, OSError) as error:
        stop(str(error), 1)
    actor = None if seller is None else acting_for(services, seller)
    if ids:
        found = alerts(KeptQuotes(services, actor).of(ids), before, after, services.now().date())
        if not _tell(found, lang, ""):
            complain("no quote of these comes to something else")
    elif actor is not None:
        _sum_up(*_of_seller(services, actor, before, after, lang, ""))
    else:
        tell_changes(services, before, after, lang)


def views(services: Services, since: str | None, until: str | None) -> tuple[View, View]:
    """Return the two ways to look at the rules that two words (days or versions) set side by side.

    Without the first it is the rules that came with the application. ``ShelfError`` for a word that is neither, and for
    a day beside a version.
    """
    now = services.rulebook
    if since is not None and _DAY.fullmatch(since):
        if until is not None and not _DAY.fullmatch(until):
            raise ShelfError(f"--until {until}: --since is a day, so give a day, like 2026-07-24")
        days = _day("--since", since), services.now().date() if until is None else _day("--until", until)
        return View(now, days[0]), View(now, days[1])
    if until is not None and _DAY.fullmatch(until):
        raise ShelfError(f"--until {until}: --since is a version, so give a version; shopkit rulebook list names them")
    return _version(services, since or SHIPPED), View(now) if until is None else _version(services, until)


def tell_changes(services: Services, before: View, after: View, lang: str = "en") -> None:
    """Print what a change touches of every seller's and of the quotes of nobody, then how much was looked at."""
    count, looked, unasked = 0, Counter[str](), 0
    for id_, name in sellers(services):
        actor = command_actor(services, id_)
        one = _of_seller(services, actor, before, after, lang, f"{name} ")
        count, looked, unasked = count + one[0], looked + one[1], unasked + one[2]
    today = services.now().date()
    nobodys = [one for one in KeptQuotes(services).still_held(today) if one.seller is None]
    count += _tell(alerts(nobodys, before, after, today), lang, "")
    looked["quote"] += len(nobodys)
    _sum_up(count, looked, unasked)


def _of_seller(
    services: Services, actor: Actor, before: View, after: View, lang: str, head: str
) -> tuple[int, Counter[str], int]:
    """Print a seller's alerts as they are found; return their number, what was looked at, and what nobody could ask."""
    count, looked, unasked, cursor = 0, Counter[str](), 0, None
    while True:
        step = look(services, actor, before, after, cursor, _STEP)
        count += _tell(step.alerts, lang, head)
        looked += Counter(step.counts)
        unasked += len(step.unasked)
        cursor = step.cursor
        if cursor is None:
            return count, looked, unasked
        complain(f"{head}{looked.total():,} looked at so far")


def _sum_up(count: int, looked: Counter[str], unasked: int) -> None:
    quotes, listings = counted(looked["quote"], "quote still held to"), counted(looked["listing"], "listing")
    quotes = quotes.replace("quote still held tos", "quotes still held to")
    comes = "comes" if count == 1 else "come"
    orders = f" and {counted(looked['order'], 'open order')}" if looked["order"] else ""
    click.echo(f"{count:,} {comes} to something else, of {listings} and {quotes}{orders}", err=True)
    if unasked:
        complain(f"{counted(unasked, 'listing')} without a price, or with a fault in it: nothing can be said of it")


def _tell(found: Iterable[Alert], lang: str, head: str) -> int:
    count = 0
    for one in found:
        count += 1
        subject = one.subject
        name = {"listing": f" “{subject.name}”", "order": f" {subject.name}"}.get(subject.kind, "")
        plain = [rule.id for rule in one.touched if rule.is_plain]
        rest = f" and {len(one.touched) - len(plain)} that stand behind" if len(one.touched) > len(plain) else ""
        rules = f"; {', '.join(plain)}{rest}" if plain else f"; {', '.join(one.rules)}" if one.rules else ""
        sides = f"{_figure(one.before)} → {_figure(one.after)}{_by(one)}"
        click.echo(f"{head}{subject.kind} {subject.id}{name} {subject.destination}: {sides}{rules}")
        for line in _whys(one, lang):
            click.echo(f"    {line}")
    return count


def _by(alert: Alert) -> str:
    if alert.difference is None:
        return ""
    piece = f", {alert.per_piece:+} a piece" if alert.subject.pieces != 1 and alert.per_piece is not None else ""
    return f" ({alert.difference:+} {alert.currency}{piece})"


def _figure(side: Side) -> str:
    if side.landed is None:
        return side.outcome
    if side.low == side.high:
        return side.landed if side.outcome == "complete" else f"{side.landed} {side.outcome}"
    return f"{side.landed} {side.outcome} {side.low}–{side.high or '?'}"


def _whys(alert: Alert, lang: str) -> Iterator[str]:
    """Give why a side has no figure, where one of the two has none."""
    for side in (alert.before, alert.after):
        if side.landed is None:
            yield from side.why(lang)[:1]


def _version(services: Services, version: str) -> View:
    now = services.rulebook
    old = load_kept(services.settings, version).with_rates(now.rates)
    return View(old if now.store is None else old.with_schedules(now.store))


def _day(option: str, text: str) -> date:
    try:
        return read_day(text, "")
    except RequestError as error:
        raise ShelfError(f"{option} {text}: {error.problems[0].message('en')}") from None
