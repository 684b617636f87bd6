"""Tracking on the command line: numbers looked at before a parcel is waited for, and answers that were kept."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any

import click

from shopkit.cli.common import (
    acting_for,
    complain,
    counted,
    language_option,
    migrate,
    open_shop,
    print_json,
    read_all,
    seller_option,
    stop,
    table,
)
from shopkit.plugins import TRACKING, PluginError, plugin
from shopkit.services import feeds, shipment_board, tracking_accounts
from shopkit.services.problems import RequestError
from shopkit.services.trackers import trackers
from shopkit.tracking import services
from shopkit.tracking.events import normalise
from shopkit.tracking.numbers import Recognised, recognise
from shopkit.tracking.port import Ask, Reply, TrackingError, converse
from shopkit.tracking.timeline import fold
from shopkit.tracking.words import say
from translations.ui import Speech, speech

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.tracking.port import Call, Told, Tracker
    from shopkit.tracking.timeline import Timeline

_WRONG = 1


@click.group("tracking")
def group() -> None:
    """Parcels and where they are: see docs/tracking.md."""


@group.command("check")
@click.argument("numbers", nargs=-1, required=True, metavar="NUMBER… | -")
@language_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each number, on a line.")
def check(numbers: tuple[str, ...], lang: str, *, as_json: bool) -> None:
    """Say of each NUMBER what it is: valid, which service, how far it is tracked, where it was issued.

    With - they are the lines of stdin. Written in groups, in small letters, with dashes or dots: all is read. The exit
    code is 1 when a number is not valid or not known; another carrier's, known by its shape, is none of these.
    """
    lines = [line for one in numbers for line in (_lines() if one == "-" else [one])]
    if not lines:
        stop("stdin has no number; give one a line")
    found = [recognise(line) for line in lines]
    to = speech(lang, [])
    for one in found:
        if as_json:
            print_json(_data(one, to))
        else:
            _tell(one, to)
    if any(one.is_valid is False for one in found):
        sys.exit(_WRONG)


def _lines() -> list[str]:
    with click.open_file("-", "r", encoding="utf-8", errors="replace") as file:
        return [line.strip() for line in file if line.strip()]


def _tell(one: Recognised, to: Speech) -> None:
    data = _data(one, to)
    parts = [data["grouped"] or one.number or one.given, data["verdict"]]
    if data["format"] is not None:
        parts.append(data["format_name"])
    if data["service"] is not None:
        parts += [data["service"]["name"], data["service"]["tracked_text"]]
    if data["issuer"] is not None:
        parts.append(data["issuer"]["text"])
    parts += data["remarks"]
    click.echo(": ".join((parts[0], ", ".join(part for part in parts[1:]))))
    if data["problem"] is not None:
        click.echo(f"  {data['problem']['message']}")
    if one.did_you_mean:
        click.echo(f"  {say('did_you_mean', language=to.language)} {', '.join(one.did_you_mean)}")


def _data(one: Recognised, to: Speech) -> dict[str, Any]:
    """Return what is known of a number, with its words."""
    language, item = to.language, one.item
    verdict = {True: "valid", False: "invalid", None: "unchecked"}[one.is_valid]
    remarks = []
    service = issuer = None
    if item is not None:
        country = str(to.locale.territories.get(item.issuer, item.issuer))
        issuer = {"code": item.issuer, "name": country, "text": say("issued_in", language=language, country=country)}
        if item.mail_of is not None:
            used = str(to.locale.territories.get(item.mail_of, item.mail_of))
            remarks.append(say("mail_of", language=language, country=country, used=used))
        if item.service is None:
            remarks.append(say("service_unknown", language=language, indicator=item.indicator))
        else:
            service = _service(item.service, language)
    return {
        "given": one.given,
        "number": one.number,
        "grouped": None if item is None else item.groups,
        "valid": one.is_valid,
        "verdict": say(verdict, language=language),
        "format": one.format,
        "format_name": None if one.format is None else say("format", one.format, language=language),
        "carriers": list(one.carriers),
        "service": service,
        "issuer": issuer,
        "remarks": remarks,
        "expected_check_digit": one.expected,
        "problem": _problem(one, language),
        "did_you_mean": list(one.did_you_mean),
    }


def _service(service: services.Service, language: str) -> dict[str, str]:
    evidence = say("evidence", service.tracked_evidence, language=language)
    return {
        "id": service.id,
        "name": service.name[language],
        "evidence": service.kind_evidence,
        "tracked": service.tracked,
        "tracked_evidence": service.tracked_evidence,
        "tracked_text": f"{say('tracked', service.tracked, language=language)} ({evidence})",
        "as_of": services.as_of(),
    }


def _problem(one: Recognised, language: str) -> dict[str, str] | None:
    if one.problem is None:
        return None
    values = {"expected": str(one.expected), "issuer": one.number[-2:]}
    return {"code": one.problem, "message": say("problem", one.problem, language=language, **values)}


@group.command("read")
@click.argument("file", type=click.File("rb"))
@click.option("--provider", required=True, help="Whose answer it is: a name of docs/tracking.md, such as usps.")
@click.option("--number", default="", help="The number that was asked for; else the first in the answer that fits.")
@language_option
def read(file: IO[bytes], provider: str, number: str, lang: str) -> None:
    """Fold a provider's answer that was kept in FILE (- for stdin) into a timeline.

    Nobody is asked: FILE is the body that the provider sent. Codes that no table has are named, for who keeps tables.
    """
    tracker = _provider(provider)
    body = read_all(file)
    told = _told(tracker, body, number or _number_in(body, tracker))
    events = [normalise(event, tracker.vocabulary) for event in told.events]
    line = fold(events, now=datetime.now(UTC))
    click.echo(f"{told.number}: {say('outcome', told.outcome, language=lang)}")
    if told.outcome != "told":
        return
    if line.headline is not None:
        click.echo(say("status", line.headline.value, language=lang))
    if line.customs.state != "none":
        click.echo(say("customs", line.customs.state, language=lang))
    if line.customs.reason is not None:
        click.echo(say("reason", line.customs.reason, language=lang))
    if told.expected_on is not None:
        click.echo(say("expected_on", language=lang, day=told.expected_on.isoformat()))
    table(_rows(line, lang))
    for _, code, count in line.unmapped:
        click.echo(say("unmapped", language=lang, code=_plain(code), count=str(count)))


def _provider(name: str) -> Tracker:
    try:
        tracker: Tracker = plugin(TRACKING, name)
    except PluginError as error:
        stop(str(error))
    return tracker


def _number_in(body: bytes, tracker: Tracker) -> str:
    """Return the first text of an answer that the provider would be asked about."""
    texts = re.findall(rb"[A-Za-z0-9]{10,34}", body)
    numbers = (text.decode("ascii").upper() for text in texts)
    found: str | None = next((number for number in numbers if tracker.takes(number, "")), None)
    if found is None:
        stop("the file has no number that this provider takes; give it by --number")
    return found


def _told(tracker: Tracker, body: bytes, number: str) -> Told:
    """Return what an answer tells of a number: the provider is given it for whatever it asks."""

    class Kept:
        def send(self, _: Call) -> Reply:
            return Reply(HTTPStatus.OK, body)

    try:
        told: tuple[Told, ...] = converse(tracker.track([Ask(number)], now=datetime.now(UTC)), Kept())
    except TrackingError as error:
        stop(f"{tracker.name} does not answer like this: {error}")
    return told[0]


def _rows(line: Timeline, language: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield when, what, where, and the provider's own code, oldest first; a moment in UTC, else a wall clock."""
    for entry in line.entries:
        event = entry.event
        time = event.utc or event.local
        when = "?" if time is None else f"{time:%Y-%m-%d %H:%M}{' UTC' if event.utc else ''}"
        place, code = (_plain(text or "") for text in (event.raw.place, event.raw.code))
        yield when, say("status", event.status.value, language=language), place, code


def _plain(text: str) -> str:
    """Return a text of a provider as a terminal may show it: without what would move its cursor."""
    return "".join(mark if mark.isprintable() else " " for mark in text)


@group.command("poll")
@click.option("--until-done", is_flag=True, help="Wait as long as the providers' pace asks, until nothing is due.")
@click.option("--seconds", type=click.FloatRange(min=0), default=55.0, show_default=True, help="Else for how long.")
def poll(*, until_done: bool, seconds: float) -> None:
    """Ask providers about the parcels that are due, of every shop: for a timer, such as once a minute.

    Any number of these may run at once; each account's pace is kept over all of them.
    """
    from shopkit.services.polling import Poller  # noqa: PLC0415  # the clients of HTTP take their time
    from shopkit.services.tracking_messages import work  # noqa: PLC0415

    shop = open_shop()
    migrate(shop)
    messages = work(shop)
    done = Poller(shop).poll(for_s=None if until_done else seconds)
    parts = [f"{counted(done.asked, 'parcel')} asked about", f"{done.new:,} with news"]
    parts += [f"{counted(messages, 'message')} worked through"] if messages else []
    parts += [f"{done.unanswered:,} without an answer"] if done.unanswered else []
    click.echo(", ".join(parts))
    for account_id in done.stopped:
        complain(f"account {account_id} is asked no more: see shopkit tracking accounts list")


@group.group("accounts")
def accounts() -> None:
    """Accounts of a shop at providers of tracking."""


@accounts.command("list")
@seller_option
def list_accounts(seller: str) -> None:
    """List a shop's accounts in the order in which they are asked, without what they say."""
    shop, actor = _enter(seller)
    found = tracking_accounts.every(shop, actor)
    table(
        (
            one.provider,
            f"since {one.created_at.date()}",
            f"stopped: {one.trouble}" if one.trouble else "in use",
            f"{counted(one.parcels, 'parcel')} followed",
            one.path or "",
        )
        for one in found
    )
    if not found:
        complain(f"no account; connect one of {', '.join(sorted(trackers()))}")


@accounts.command("fields")
@click.argument("provider")
@language_option
def fields(provider: str, lang: str) -> None:
    """Say what PROVIDER asks of an account."""
    found = _provider(provider)
    table((one.name, "needed" if one.is_required else "may be left out", one.label[lang]) for one in found.fields)


@accounts.command("connect")
@click.argument("provider")
@seller_option
@click.option("--details", type=click.File("r"), default="-", show_default=True, help="JSON: fields by name.")
@language_option
def connect(provider: str, seller: str, details: IO[str], lang: str) -> None:
    """Keep an account at PROVIDER, sealed, in place of the one there was; what it says is read from stdin or a file."""
    shop, actor = _enter(seller)
    try:
        said = json.load(details)
    except ValueError:
        stop('the details are not JSON; write an object such as {"key": "…"}')
    if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
        stop('the details are no object of texts; write one such as {"key": "…"}')
    try:
        made = tracking_accounts.connect(shop, actor, provider, said)
    except RequestError as error:
        for problem in error.problems:
            complain(f"{problem.pointer or '/'}: {problem.message(lang)}")
        raise click.exceptions.Exit(_WRONG) from None
    click.echo(f"{provider} is connected" + (f"; it sends messages to {made.path}" if made.path else ""))


@accounts.command("disconnect")
@click.argument("provider")
@seller_option
def disconnect(provider: str, seller: str) -> None:
    """Forget the account at PROVIDER; its parcels are given to the others."""
    shop, actor = _enter(seller)
    try:
        tracking_accounts.disconnect(shop, actor, provider)
    except tracking_accounts.AccountNotFoundError:
        stop(f"there is no account at {provider}", _WRONG)
    click.echo(f"{provider} is forgotten")


@accounts.command("prefer")
@click.argument("providers", nargs=-1, required=True, metavar="PROVIDER…")
@seller_option
def prefer(providers: tuple[str, ...], seller: str) -> None:
    """Ask these first, in this order, about parcels from now on."""
    shop, actor = _enter(seller)
    try:
        found = tracking_accounts.prefer(shop, actor, providers)
    except tracking_accounts.AccountNotFoundError as error:
        stop(f"there is no account at {error}", _WRONG)
    click.echo(", ".join(one.provider for one in found))


@group.command("follow")
@click.argument("name", metavar="PARCEL")
@seller_option
@click.option("--by", "provider", default="", help="Ask this provider about it.")
def follow(name: str, seller: str, provider: str) -> None:
    """Ask about PARCEL (its number or its id) again though that was over, or at another provider."""
    shop, actor = _enter(seller)
    named = shipment_board.called(shop, actor, name)
    if not named:
        stop(f"there is no parcel {name}", _WRONG)
    if len(named) > 1:
        each = ", ".join(f"{one.id} (posted {one.posted_on})" for one in named)
        stop(f"{counted(len(named), 'parcel')} had the number {name}; name one by its id: {each}", _WRONG)
    try:
        one = (shop, actor, named[0].id)
        found = feeds.choose(*one, provider) if provider else feeds.resume(*one)
    except RequestError as error:
        by = f"--by {provider}: " if provider else ""
        stop(by + "; ".join(one.message("en") for one in error.problems), _WRONG)
    click.echo(f"asked about at {found.provider}")


def _enter(seller: str) -> tuple[Services, Actor]:
    shop = open_shop()
    migrate(shop)
    return shop, acting_for(shop, seller)
