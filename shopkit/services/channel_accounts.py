"""Accounts of sellers at channels: connected with a token that is sealed before it is kept, and never shown again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sqlalchemy import select

from listings.pushing.ebay import Ebay
from listings.pushing.mercadolibre import MercadoLibre
from shopkit import sealing
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
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Place = Literal["live", "sandbox"]
MAX_NAME: Final = 120
MAX_SECRET: Final = 20_000
PUSHERS: Final[Mapping[str, Pusher]] = {
    "ebay": Ebay(),
    "mercadolibre": MercadoLibre(),
    "mercadolibre_global": MercadoLibre("mercadolibre_global"),
}
_ADDRESSES: Final = {
    "ebay": "https://api.ebay.com",
    "mercadolibre": "https://api.mercadolibre.com",
    "mercadolibre_global": "https://api.mercadolibre.com",
}


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


def connect(  # what an account is
    services: Services,
    actor: Actor,
    channel: str,
    name: str,
    secret: str,
    *,
    place: Place = "live",
    expires_at: datetime | None = None,
) -> Account:
    """Keep an account in place of the channel's former one; of the same name and place it is the same, its token new.

    ``secret`` is the token, or a JSON object with an ``access_token``. Raises ``RequestError``, ``ForbiddenError``.
    """
    actor.must("owner")
    problems = []
    if channel not in PUSHERS:
        problems.append(RequestProblem("/channel", "push.no_calls", {"known": ", ".join(sorted(PUSHERS))}))
    if not name.strip():
        problems.append(RequestProblem("/name", "required"))
    elif len(name.strip()) > MAX_NAME:
        problems.append(RequestProblem("/name", "text.too_long", {"limit": str(MAX_NAME)}))
    if (token := _token(secret)) is None:
        problems.append(RequestProblem("/token", "push.token"))
    if problems:
        raise RequestError(problems)
    sealed = sealing.seal(services.settings, json.dumps(token))
    now = services.now()
    with services.database.writing.begin() as session:
        stored = _stored(session, actor, channel, lock=True)
        if stored is not None and (stored.name, stored.place) != (name.strip(), place):
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


def open_transport(services: Services, actor: Actor, account: Account) -> Transport:
    """Return the way to a channel with the seller's token; a twin in memory for the sandbox. ``SealError``."""
    # Imported when something is pushed: the clients of HTTP take their time.
    from shopkit.pushing.sandbox import EbayTwin, MercadoLibreTwin  # noqa: PLC0415
    from shopkit.pushing.transport import HttpTransport  # noqa: PLC0415

    with services.database.reading() as session:
        stored = _stored(session, actor, account.channel)
        if stored is None or stored.id != account.id:
            raise AccountNotFoundError(account.channel)
        token = str(json.loads(sealing.unseal(services.settings, stored.sealed))["access_token"])
    if account.place == "sandbox":
        return EbayTwin(categories=None) if account.channel == "ebay" else MercadoLibreTwin(categories=None)
    return HttpTransport(_ADDRESSES[account.channel], lambda: token)


def _token(secret: str) -> dict[str, Any] | None:
    """Return what is sealed of what was given; nothing where there is no token in it."""
    text = secret.strip()
    if len(text) > MAX_SECRET:
        return None
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            return None
        token = found.get("access_token")
    else:
        found, token = {"access_token": text}, text
    # A line break would end the header that the token goes in.
    return found if isinstance(token, str) and token.isascii() and token.isprintable() and token else None


def _stored(session: Session, actor: Actor, channel: str, *, lock: bool = False) -> ChannelAccount | None:
    query = select(ChannelAccount).where(ChannelAccount.seller_id == actor.seller_id, ChannelAccount.channel == channel)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def _account(stored: ChannelAccount) -> Account:
    place = cast("Place", stored.place)
    return Account(stored.id, stored.channel, stored.name, place, stored.created_at, stored.expires_at)
