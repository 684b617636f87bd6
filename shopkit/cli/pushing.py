"""Catalogs sent by calls on the command line: accounts at channels, what would be sent, and sending it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import click

from shopkit.cli.common import (
    acting_for,
    complain,
    counted,
    language_option,
    migrate,
    open_shop,
    read_all,
    seller_option,
    stop,
    table,
)
from shopkit.services import channel_accounts, pushes
from shopkit.services.catalogs import FeedNotFoundError
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.channel_accounts import Place
    from shopkit.services.context import Services

_WRONG = 1


@click.command("push")
@seller_option
@click.option("--catalog", "feed_id", required=True, metavar="ID", help="As shopkit catalog list names it.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent and what not, and send nothing.")
@language_option
def push(*, seller: str, feed_id: str, dry_run: bool, lang: str) -> None:
    """Send the rows of a catalog to the shop's account at its channel, each once.

    A run that waits, was stopped by the channel or was killed is gone on with. Fails where not every row is there.
    """
    from shopkit.sealing import SealError  # noqa: PLC0415  # the other commands seal nothing

    services, actor = _enter(seller)
    try:
        if dry_run:
            _plan(pushes.plan(services, actor, feed_id))
            return
        run = pushes.create(services, actor, feed_id)
        run = pushes.run(services, actor, run.id, progress=_progress if sys.stderr.isatty() else None)
    except FeedNotFoundError:
        stop(f"there is no catalog {feed_id!r}; see shopkit catalog list --seller {seller}", _WRONG)
    except RequestError as error:
        _refuse(error, lang)
    except SealError as error:
        stop(str(error), _WRONG)
    except pushes.PushBusyError as error:
        stop(f"the account is being sent to already (run {error.other})", _WRONG)
    rows = pushes.rows_of(services, actor, run.id)
    for row in rows:
        click.echo(f"{row.key}: {row.state}, {row.reason}")
        for one in row.problems:
            click.echo(f"  {one.code} {one.text}".rstrip() + (f" ({', '.join(one.fields)})" if one.fields else ""))
    for one, number in pushes.warned(services, actor, run.id):
        click.echo(f"{counted(number, 'row')}: {one.code} {one.text}".rstrip())
    counts = ", ".join(f"{number:,} {name}" for name, number in run.counts.items())
    until = f"; go on after {run.wait_until:%Y-%m-%d %H:%M:%S} UTC" if run.wait_until is not None else ""
    complain(f"{run.state}{f' ({run.why})' if run.why else ''}: {counts or 'nothing to send'}{until}")
    if run.state != "done" or rows:
        sys.exit(_WRONG)


@click.command("settle")
@click.argument("key")
@seller_option
@click.option("--catalog", "feed_id", required=True, metavar="ID", help="As shopkit catalog list names it.")
@click.option(
    "--id", "ids", multiple=True, metavar="NAME=VALUE", help="The channel's own: item_id=MLM123. None: not there."
)
@language_option
def settle(*, key: str, seller: str, feed_id: str, ids: tuple[str, ...], lang: str) -> None:
    """Say of a row whose outcome is unknown what you found at the channel; the next push goes on from there."""
    services, actor = _enter(seller)
    said = dict(one.partition("=")[::2] for one in ids)
    if not all(said.values()):
        stop("write --id NAME=VALUE, such as item_id=MLM123")
    try:
        pushes.settle(services, actor, feed_id, key, said)
    except FeedNotFoundError:
        stop(f"catalog {feed_id!r} has no row {key!r} whose outcome is unknown", _WRONG)
    except RequestError as error:
        _refuse(error, lang)


@click.group("accounts")
def accounts() -> None:
    """Accounts of a shop at the channels that catalogs are sent to."""


@accounts.command("add")
@seller_option
@click.option("--channel", required=True, help="As shopkit catalog accounts channels names it.")
@click.option("--name", required=True, help="What you call the account; another name is another account.")
@click.option("--token", "file", type=click.File("rb"), default="-", help="File with the token; else read from stdin.")
@click.option(
    "--set", "said", multiple=True, metavar="NAME=VALUE", help="What the channel asks for besides; no secret."
)
@click.option("--expires", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="When the token runs out, in UTC.")
@click.option("--sandbox", is_flag=True, help="Send to a channel in memory that takes everything, to try it out.")
@language_option
def add(  # options of a command
    *,
    seller: str,
    channel: str,
    name: str,
    file: BinaryIO,
    said: tuple[str, ...],
    expires: datetime | None,
    sandbox: bool,
    lang: str,
) -> None:
    """Connect an account, or give the one that is connected a new token.

    Secrets are never an argument: the file holds the token, or a JSON object with "access_token" and whatever else the
    channel asks for by its name.
    """
    details = dict(one.partition("=")[::2] for one in said)
    known = channel_accounts.channels().get(channel)
    secrets = {one.name for one in known.fields if one.is_secret} if known is not None else set()
    if not_here := secrets & set(details):
        stop(f"{', '.join(sorted(not_here))} would be read by others here; say it in the JSON object with the token")
    services, actor = _enter(seller)
    place: Place = "sandbox" if sandbox else "live"
    until = None if expires is None else expires.replace(tzinfo=UTC)
    try:
        secret = read_all(file).decode()
    except UnicodeDecodeError:
        stop("the token is no text")
    try:
        made = channel_accounts.connect(
            services, actor, channel, name, secret, details=details, place=place, expires_at=until
        )
    except RequestError as error:
        _refuse(error, lang)
    click.echo(made.id)


@accounts.command("list")
@seller_option
def list_accounts(seller: str) -> None:
    """List the accounts, without their tokens."""
    services, actor = _enter(seller)
    now = services.now()
    table(
        (one.channel, one.name, one.place, "run out" if one.is_over(now) else one.expires_at or "no end known")
        for one in channel_accounts.all_accounts(services, actor)
    )


@accounts.command("channels")
@language_option
def list_channels(lang: str) -> None:
    """List the channels that catalogs can be sent to, and what an account at each says besides its token."""
    for name, channel in sorted(channel_accounts.channels().items()):
        click.echo(name)
        for one in channel.fields:
            kind = ("secret, " if one.is_secret else "") + ("" if one.is_required else "optional, ")
            click.echo(f"  {one.name}  {one.label[lang]} ({kind}as {one.example})")


@accounts.command("remove")
@click.argument("channel")
@seller_option
def remove(channel: str, seller: str) -> None:
    """Forget the account at a channel and its token; what is on sale there stays."""
    services, actor = _enter(seller)
    try:
        channel_accounts.disconnect(services, actor, channel)
    except channel_accounts.AccountNotFoundError:
        stop(f"no account at {channel!r} is connected", _WRONG)


def _plan(planned: tuple[pushes.Planned, ...]) -> None:
    for one in planned:
        if one.what != "same":
            click.echo(f"{one.key}: {one.what}" + (f", {one.reason}" if one.reason else ""))
    sent = sum(one.what in {"make", "replace"} for one in planned)
    same, left = (sum(one.what == what for one in planned) for what in ("same", "left"))
    complain(f"{counted(sent, 'row')} would be sent, {same:,} there already, {left:,} left out; nothing was sent")


def _refuse(error: RequestError, lang: str) -> NoReturn:
    for problem in error.problems:
        complain(f"{problem.pointer}: {problem.message(lang)}".removeprefix(": "))
    sys.exit(2)


def _progress(done: int, total: int) -> None:
    click.echo(f"\r{done:,} of {total:,} rows", nl=done >= total, err=True)


def _enter(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)
