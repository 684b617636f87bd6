"""Accounts of sellers at channels: connected with a token that is sealed before it is kept, and never shown again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sqlalchemy import select

from shopkit import plugins, sealing
from shopkit.models import ChannelAccount
from shopkit.services import audit
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from listings.pushing.port import Pusher, Transport
    from shopkit.pushing.channels import PushChannel
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Place = Literal["live", "sandbox"]
MAX_NAME: Final = 120
MAX_SECRET: Final = 20_000
_TOKENS: Final = ("access_token", "refresh_token")


class AccountNotFoundError(ListingNotFoundError):
    """There is no such account, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is shown: everything but its token."""

    id: str
    channel: str
    name: str
    place: Place
    created_at: datetime
    expires_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Return whether its token is known to be taken no more."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Opened:
    """An account with its seal open, for calls and no longer: its channel, its token, what it said besides."""

    channel: PushChannel
    token: str = field(repr=False)
    details: Mapping[str, str] = field(repr=False)

    def pusher(self, market: str, language: str) -> Pusher:
        """Return the calls of its channel for the rows of a catalog."""
        return self.channel.pusher({**self.details, "market": market, "language": language})


@cache
def channels() -> Mapping[str, PushChannel]:
    """Return the channels that take rows by calls; one that cannot be loaded is told by ``shopkit doctor``."""
    return {one.name: one.found for one in plugins.plugins(plugins.PUSHERS) if one.problem is None}


def connect(  # what an account is
    services: Services,
    actor: Actor,
    channel: str,
    name: str,
    secret: str,
    *,
    details: Mapping[str, str] | None = None,
    place: Place = "live",
    expires_at: datetime | None = None,
) -> Account:
    """Keep an account in place of the channel's former one; of the same name and place it is the same, its token new.

    ``secret`` is the token, or a JSON object with an ``access_token`` that may hold ``details`` too: what the channel's
    ``fields`` name. With another value of a field that is the account's it is another account. A trial account needs
    neither. Raises ``RequestError``, ``ForbiddenError``.
    """
    actor.must("owner")
    problems = []
    found = channels().get(channel)
    if found is None:
        problems.append(RequestProblem("/channel", "push.no_calls", {"known": ", ".join(sorted(channels()))}))
    if not name.strip():
        problems.append(RequestProblem("/name", "required"))
    elif len(name.strip()) > MAX_NAME:
        problems.append(RequestProblem("/name", "text.too_long", {"limit": str(MAX_NAME)}))
    kept: dict[str, Any] = {}
    if found is not None:
        kept, more = _kept(found, secret, details or {}, place)
        problems += more
    if found is None or problems:
        raise RequestError(problems)
    # Nothing to entrust to anybody: trying things needs no key to seal by.
    sealed = sealing.seal(services.settings, json.dumps(kept)) if kept else ""
    now = services.now()
    with services.database.writing.begin() as session:
        stored = _stored(session, actor, channel, lock=True)
        if stored is not None and (
            (stored.name, stored.place) != (name.strip(), place) or not _is_same(services, found, stored, kept)
        ):
            session.delete(stored)
            session.flush()
            stored = None
        if stored is None:
            stored = ChannelAccount(
                id=new_id("ca", now),
                seller_id=actor.seller_id,
                created_at=now,
                user_id=actor.user_id,
                channel=channel,
                name=name.strip(),
                place=place,
            )
            session.add(stored)
        stored.sealed, stored.expires_at = sealed, expires_at
        audit.note(session, actor, now, "account.connected", channel, name=stored.name)
        session.flush()
        return _account(stored)


def disconnect(services: Services, actor: Actor, channel: str) -> None:
    """Forget the account at a channel and its token; what is on sale there stays."""
    actor.must("owner")
    with services.database.writing.begin() as session:
        stored = _stored(session, actor, channel, lock=True)
        if stored is None:
            raise AccountNotFoundError(channel)
        session.delete(stored)
        audit.note(session, actor, services.now(), "account.removed", channel, name=stored.name)


def all_accounts(services: Services, actor: Actor) -> tuple[Account, ...]:
    """Return the accounts of a seller by channel."""
    query = select(ChannelAccount).where(ChannelAccount.seller_id == actor.seller_id).order_by(ChannelAccount.channel)
    with services.database.reading() as session:
        return tuple(_account(one) for one in session.scalars(query))


def account_of(services: Services, actor: Actor, channel: str) -> Account | None:
    """Return the seller's account at a channel."""
    with services.database.reading() as session:
        stored = _stored(session, actor, channel)
        return None if stored is None else _account(stored)


def opened(services: Services, actor: Actor, account: Account) -> Opened:
    """Return an account with its seal open; ``SealError``, ``AccountNotFoundError``."""
    with services.database.reading() as session:
        stored = _stored(session, actor, account.channel)
        if stored is None or stored.id != account.id:
            raise AccountNotFoundError(account.channel)
        kept = _unsealed(services, stored)
    channel = channels()[account.channel]
    details = dict(kept.get("details", {}))
    if account.place == "sandbox":
        details = {one.name: one.example for one in channel.fields} | details
    return Opened(channel, str(kept.get("access_token", "")), details)


def open_transport(services: Services, actor: Actor, account: Account) -> Transport:
    """Return the way to a channel with the seller's token; a twin in memory for the sandbox. ``SealError``."""
    # Imported when something is pushed: the clients of HTTP take their time.
    from shopkit.pushing.guarded import guarded_session  # noqa: PLC0415
    from shopkit.pushing.transport import HttpTransport  # noqa: PLC0415

    found = opened(services, actor, account)
    channel, details = found.channel, found.details
    if account.place == "sandbox":
        return channel.twin()
    transport = HttpTransport(
        channel.address(details),
        lambda call: channel.sign(call, found.token, details, services.now()),
        is_unsigned=channel.is_unsigned,
    )
    # Where a seller says where to, it may be a place of ours.
    return replace(transport, session=guarded_session()) if channel.is_guarded else transport


def _kept(
    channel: PushChannel, secret: str, details: Mapping[str, str], place: Place
) -> tuple[dict[str, Any], list[RequestProblem]]:
    """Return what is sealed of what was given, and what is wrong with it."""
    said = _said(secret)
    if said is None:
        return {}, [RequestProblem("/token", "push.token")]
    problems = []
    tokens = {name: said[name] for name in _TOKENS if said.get(name)}
    # A line break would end the header that the token goes in.
    is_token = all(isinstance(one, str) and one.isascii() and one.isprintable() for one in tokens.values())
    if not is_token or ("access_token" not in tokens and channel.has_token and place == "live"):
        problems.append(RequestProblem("/token", "push.token"))
    given = {one.name: str(said[one.name]) for one in channel.fields if said.get(one.name)} | dict(details)
    kept = {}
    for one in channel.fields:
        text = given.pop(one.name, "")
        checked = one.check(text) if text.strip() else None
        if checked is not None:
            kept[one.name] = checked
        elif text.strip():
            problems.append(RequestProblem(f"/details/{one.name}", "push.field", {"example": one.example}))
        elif one.is_required and place == "live":
            problems.append(RequestProblem(f"/details/{one.name}", "required"))
    names = ", ".join(one.name for one in channel.fields) or "–"
    problems += [RequestProblem(f"/details/{name}", "push.no_field", {"known": names}) for name in given]
    return {**tokens, **({"details": kept} if kept else {})}, problems


def _said(secret: str) -> dict[str, Any] | None:
    """Return a secret as an object; nothing where it is too long or no JSON though it looks like it."""
    text = secret.strip()
    if len(text) > MAX_SECRET:
        return None
    if not text.startswith("{"):
        return {"access_token": text}
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    return found


def _is_same(services: Services, channel: PushChannel, stored: ChannelAccount, kept: Mapping[str, Any]) -> bool:
    """Return whether what was connected is the account that is connected now, as far as it can be known."""
    try:
        before = _unsealed(services, stored).get("details", {})
    except sealing.SealError:
        # Nobody can read it any more: the name is the same.
        return True
    after = kept.get("details", {})
    return all(before.get(one.name) == after.get(one.name) for one in channel.fields if one.is_account)


def _unsealed(services: Services, stored: ChannelAccount) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(sealing.unseal(services.settings, stored.sealed)) if stored.sealed else {}
    return found


def _stored(session: Session, actor: Actor, channel: str, *, lock: bool = False) -> ChannelAccount | None:
    query = select(ChannelAccount).where(ChannelAccount.seller_id == actor.seller_id, ChannelAccount.channel == channel)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def _account(stored: ChannelAccount) -> Account:
    place = cast("Place", stored.place)
    return Account(stored.id, stored.channel, stored.name, place, stored.created_at, stored.expires_at)
