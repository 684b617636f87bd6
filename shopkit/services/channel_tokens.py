"""Tokens of accounts at channels: kept sealed, and renewed when they run out, by one process at a time.

Some refresh tokens are good for one renewal (MercadoLibre, Etsy): asked for twice, the account is lost until its seller
connects it again. Who renews writes so into the account's row first, then asks, then keeps what came; everybody else
waits and reads. No transaction is open while the channel is asked: SQLite has one writer, and it would be us.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from listings.pushing.port import PushError
from shopkit import sealing
from shopkit.models import ChannelAccount
from shopkit.services.holding import is_holding, new_holder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from listings.pushing.port import Call, Reply, Transport
    from shopkit.pushing.channels import PushChannel, Renewed
    from shopkit.services.context import Services

# A token that runs out while a call is on its way is no better than one that has.
_EARLY: Final = timedelta(minutes=2)
_LOOKS: Final = 150
_LOOK_S: Final = 0.2
_REFUSED: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Kept:
    """What is sealed of an account. ``until`` is when the first token runs out, where that is known."""

    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    until: datetime | None = None
    details: Mapping[str, str] = field(default_factory=dict, repr=False)

    def sealed(self, services: Services) -> str:
        """Return it sealed; an empty text where there is nothing to entrust to anybody. ``RequestError``."""
        said: dict[str, Any] = {
            "access_token": self.access_token,
            "refresh_token": self.refresh_token,
            "until": self.until.isoformat() if self.until is not None else None,
            "details": dict(self.details),
        }
        said = {name: value for name, value in said.items() if value}
        return sealing.seal(services.settings, json.dumps(said)) if said else ""


def read(services: Services, stored: ChannelAccount) -> Kept:
    """Return what is sealed of an account; ``SealError``."""
    if not stored.sealed:
        return Kept()
    said = json.loads(sealing.unseal(services.settings, stored.sealed))
    until = datetime.fromisoformat(said["until"]) if said.get("until") else None
    return Kept(said.get("access_token", ""), said.get("refresh_token", ""), until, said.get("details", {}))


def renewing(channel: PushChannel, kept: Kept, now: datetime) -> Call | None:
    """Return the call that asks for new tokens; nothing for an account that cannot."""
    return None if channel.renewal is None else channel.renewal.call(kept.refresh_token, kept.details, now)


@dataclass(slots=True)
class Keyring:
    """The token of one account in use. ``asking`` carries calls to the token end point."""

    services: Services
    account_id: str
    channel: PushChannel
    kept: Kept
    asking: Callable[[], Transport]
    sleep: Callable[[float], None] = time.sleep

    def token(self) -> str:
        """Return the token, renewed before it runs out; ``PushError`` where nobody could be asked."""
        until = self.kept.until
        if not self.kept.access_token or (until is not None and until - _EARLY <= self.services.now()):
            self.renew()
        return self.kept.access_token

    def renew(self) -> bool:
        """Get another token than the one in use; return whether there is one. ``PushError`` as in :meth:`token`."""
        if renewing(self.channel, self.kept, self.services.now()) is None:
            return False
        used, holder = self.kept.access_token, new_holder()
        for _ in range(_LOOKS):
            found = self._claimed(used, holder)
            if found is not None:
                break
            self.sleep(_LOOK_S)
        else:
            raise PushError("unavailable", "another process is renewing the token")
        if found:
            self._ask(used, holder)
        return self.kept.access_token not in {"", used}

    def _claimed(self, used: str, holder: str) -> bool | None:
        """Return whether it is ours to renew, or not any more; nothing where somebody else is at it."""
        with self.services.database.writing.begin() as session:
            stored, now = self._stored(session), self.services.now()
            if stored is None:
                return False
            # Read again under the lock: whoever renewed it meanwhile used the refresh token that we know up.
            self.kept = read(self.services, stored)
            if self.kept.access_token != used or (stored.expires_at is not None and stored.expires_at <= now):
                return False
            if is_holding(stored.renewing_by, stored.renewing_at, now):
                return None
            stored.renewing_by, stored.renewing_at = holder, now
            return True

    def _ask(self, used: str, holder: str) -> None:
        answer = None
        is_over = False
        try:
            call = renewing(self.channel, self.kept, self.services.now())
            if call is None:
                return
            answer = self._read(self.asking().send(call))
            is_over = answer is None
        except PushError as error:
            # Whether it was done nobody knows, and it makes nothing that could be there twice.
            raise PushError("unavailable", "the token could not be renewed", wait_s=error.wait_s) from error
        finally:
            with self.services.database.writing.begin() as session:
                stored, now = self._stored(session), self.services.now()
                # Where the account was connected anew meanwhile, what it holds is newer than what we asked for.
                if stored is not None and read(self.services, stored).access_token == used:
                    if answer is not None:
                        self.kept = _next(self.kept, answer, now)
                        stored.sealed = self.kept.sealed(self.services)
                    elif is_over:
                        stored.expires_at = now
                if stored is not None and stored.renewing_by == holder:
                    stored.renewing_by = stored.renewing_at = None

    def _read(self, reply: Reply) -> Renewed | None:
        """Return the new tokens; nothing where they are refused for good; ``PushError`` where it may be tried again."""
        try:
            said = json.loads(reply.body)
        except ValueError:
            said = None
        if reply.status in _REFUSED:
            return None
        if reply.status != HTTPStatus.OK or not isinstance(said, dict) or self.channel.renewal is None:
            raise PushError("unavailable", f"the token end point answered {reply.status}", wait_s=reply.wait_s)
        return self.channel.renewal.read(said, self.services.now())

    def _stored(self, session: Session) -> ChannelAccount | None:
        return session.get(ChannelAccount, self.account_id, with_for_update=True)


def _next(kept: Kept, answer: Renewed, now: datetime) -> Kept:
    lasts = answer.expires_in_s
    until = None if lasts is None else now + timedelta(seconds=lasts)
    return Kept(answer.access_token, answer.refresh_token or kept.refresh_token, until, kept.details)
