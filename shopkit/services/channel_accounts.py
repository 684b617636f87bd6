"""Accounts of sellers at channels: connected with a token that is sealed before it is kept, and never shown again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sqlalchemy import select

from shopkit import plugins, sealing
from shopkit.models import ChannelAccount
from shopkit.services import audit
from shopkit.services.channel_tokens import Kept, Keyring, read, renewing
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from listings.pushing.port import Call, Pusher, Transport
    from shopkit.pushing.channels import PushChannel, Renewal
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Place = Literal["live", "sandbox"]
MAX_NAME: Final = 120
MAX_SECRET: Final = 20_000
_TOKENS: Final = ("access_token", "refresh_token")
_LONGEST_S: Final = 20 * 366 * 86_400


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
    """An account with its seal open, for calls and no longer."""

    channel: PushChannel
    kept: Kept

    def pusher(self, market: str, language: str) -> Pusher:
        """Return the calls of its channel for the rows of a catalog."""
        return self.channel.pusher({**self.kept.details, "market": market, "language": language})


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

    ``secret`` is the token, or a JSON object with ``access_token``, ``refresh_token`` and ``expires_in`` (seconds), as
    token end points answer, that may hold ``details`` too: what the channel's ``fields`` name. With another value of a
    field that is the account's it is another account. A trial account needs neither. ``expires_at`` is when the token
    runs out; an account that can renew it goes on. Raises ``RequestError``, ``ForbiddenError``.
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
    now = services.now()
    kept = Kept()
    if found is not None:
        kept, more = _kept(found, secret, details or {}, place, now)
        problems += more
    if found is None or problems:
        raise RequestError(problems)
    kept = replace(kept, until=expires_at or kept.until)
    if renewing(found, kept, now) is None:
        kept, expires_at = replace(kept, until=None), kept.until
    else:
        expires_at = None
    sealed = kept.sealed(services)
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
        stored.renewing_by = stored.renewing_at = None
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
        kept = read(services, stored)
    channel = channels()[account.channel]
    if account.place == "sandbox":
        kept = replace(kept, details={one.name: one.example for one in channel.fields} | dict(kept.details))
    return Opened(channel, kept)


def open_transport(services: Services, actor: Actor, account: Account) -> Transport:
    """Return the way to a channel with the seller's token; a twin in memory for the sandbox. ``SealError``."""
    # Imported when something is pushed: the clients of HTTP take their time.
    from shopkit.guarded import guarded_session  # noqa: PLC0415
    from shopkit.pushing.channels import Signed  # noqa: PLC0415
    from shopkit.pushing.transport import HttpTransport  # noqa: PLC0415

    found = opened(services, actor, account)
    channel, details = found.channel, found.kept.details
    if account.place == "sandbox":
        return channel.twin()

    def reaching(address: str, sign: Callable[[Call], Signed], **more: Any) -> HttpTransport:  # noqa: ANN401 - as it is there
        transport = HttpTransport(address, sign, **more)
        # Where a seller says where to, it may be a place of ours.
        return replace(transport, session=guarded_session()) if channel.is_guarded else transport

    def asking() -> HttpTransport:
        renewal = cast("Renewal", channel.renewal)
        return reaching(renewal.address(details), lambda _: Signed())

    ring = Keyring(services, account.id, channel, found.kept, asking)
    return reaching(
        channel.address(details),
        lambda call: channel.sign(call, ring.token(), details, services.now()),
        renew=ring.renew,
        is_unsigned=channel.is_unsigned,
    )


def _kept(
    channel: PushChannel, secret: str, details: Mapping[str, str], place: Place, now: datetime
) -> tuple[Kept, list[RequestProblem]]:
    """Return what is sealed of what was given, and what is wrong with it."""
    said = _said(secret)
    if said is None:
        return Kept(), [RequestProblem("/token", "push.token")]
    problems = []
    given = {one.name: str(said[one.name]) for one in channel.fields if said.get(one.name)} | dict(details)
    checked = {}
    for one in channel.fields:
        text = given.pop(one.name, "")
        found = one.check(text) if text.strip() else None
        if found is not None:
            checked[one.name] = found
        elif text.strip():
            problems.append(RequestProblem(f"/details/{one.name}", "push.field", {"example": one.example}))
        elif one.is_required and place == "live":
            problems.append(RequestProblem(f"/details/{one.name}", "required"))
    names = ", ".join(one.name for one in channel.fields) or "–"
    problems += [RequestProblem(f"/details/{name}", "push.no_field", {"known": names}) for name in given]
    tokens = {name: said.get(name) or "" for name in _TOKENS}
    # A line break would end the header that the token goes in.
    is_token = all(isinstance(one, str) and one.isascii() and one.isprintable() for one in tokens.values())
    if not is_token:
        return Kept(), [*problems, RequestProblem("/token", "push.token")]
    lasts = said.get("expires_in")
    until = now + timedelta(seconds=lasts) if isinstance(lasts, int) and 0 < lasts <= _LONGEST_S else None
    kept = Kept(tokens["access_token"], tokens["refresh_token"], until, checked)
    needed = channel.has_token and place == "live" and not kept.access_token and renewing(channel, kept, now) is None
    return kept, [*problems, *([RequestProblem("/token", "push.token")] if needed else [])]


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


def _is_same(services: Services, channel: PushChannel, stored: ChannelAccount, kept: Kept) -> bool:
    """Return whether what was connected is the account that is connected now, as far as it can be known."""
    try:
        before = read(services, stored).details
    except sealing.SealError:
        # Nobody can read it any more: the name is the same.
        return True
    return all(before.get(one.name) == kept.details.get(one.name) for one in channel.fields if one.is_account)


def _stored(session: Session, actor: Actor, channel: str, *, lock: bool = False) -> ChannelAccount | None:
    query = select(ChannelAccount).where(ChannelAccount.seller_id == actor.seller_id, ChannelAccount.channel == channel)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def _account(stored: ChannelAccount) -> Account:
    place = cast("Place", stored.place)
    return Account(stored.id, stored.channel, stored.name, place, stored.created_at, stored.expires_at)
