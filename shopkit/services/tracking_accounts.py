"""Accounts of sellers at providers of tracking: what they say is sealed, their token too, and neither is shown."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, or_, select, update

from shopkit import sealing
from shopkit.models import ShipmentFeed, TrackingAccount, TrackingMessage
from shopkit.services import audit
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id
from shopkit.services.trackers import trackers
from shopkit.tracking.plain import Brought
from shopkit.tracking.port import Messenger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.tracking.port import Tracker

MOST: Final = 4_000


class AccountNotFoundError(ListingNotFoundError):
    """There is no such account, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is shown: everything but what it says.

    ``trouble`` is why it is not asked any more (``unsigned``, ``refused``, ``sealed``), ``path`` where its provider
    sends messages, ``parcels`` how many it follows.
    """

    id: str
    provider: str
    created_at: datetime
    rank: int
    trouble: str
    path: str | None
    parcels: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An account for calls."""

    id: str
    seller_id: str
    tracker: Tracker
    pace: str
    details: Mapping[str, str] = field(repr=False)


def kinds() -> tuple[Tracker, ...]:
    """Return the providers that an account is of any use at: who can be asked, or tells by messages."""
    return tuple(one for _, one in sorted(trackers().items()) if tells(one) or not isinstance(one, Brought))


def tells(tracker: Tracker) -> bool:
    """Return whether a provider tells by messages to an address of ours."""
    return isinstance(tracker, Messenger)


def connect(services: Services, actor: Actor, provider: str, details: Mapping[str, str]) -> Account:
    """Keep an account in place of the provider's former one, which keeps its id, its parcels and its order.

    Raises ``ForbiddenError``, and ``RequestError`` with all that is wrong.
    """
    actor.must("owner")
    known = {one.name: one for one in kinds()}
    tracker = known.get(provider)
    if tracker is None:
        raise RequestError([RequestProblem("/provider", "choice", {"expected": ", ".join(known)})])
    if problems := _wrong(tracker, details):
        raise RequestError(problems)
    kept = {name: text.strip() for name, text in sorted(details.items()) if text.strip()}
    sealed = sealing.seal(services.settings, json.dumps(kept)) if kept else ""
    now = services.now()
    with services.database.writing.begin() as session:
        of = (TrackingAccount.seller_id == actor.seller_id, TrackingAccount.provider == provider)
        row = session.scalars(select(TrackingAccount).where(*of).with_for_update()).one_or_none()
        if row is None:
            last = session.scalar(
                select(func.max(TrackingAccount.rank)).where(TrackingAccount.seller_id == actor.seller_id)
            )
            row = TrackingAccount(
                id=new_id("ta", now),
                seller_id=actor.seller_id,
                provider=provider,
                created_at=now,
                rank=0 if last is None else last + 1,
            )
            session.add(row)
        row.user_id, row.sealed, row.pace = actor.user_id, sealed, _pace(services, provider, kept, actor.seller_id)
        row.trouble, row.strikes = "", 0
        row.token, row.token_until, row.renewing_by, row.renewing_at = "", None, None, None
        session.flush()
        _choose_anew(session, actor.seller_id)
        audit.note(session, actor, now, "tracking_account.connected", provider)
        session.flush()
        return _account(session, row)


def disconnect(services: Services, actor: Actor, provider: str) -> None:
    """Forget an account; its parcels are given to the others. ``AccountNotFoundError``, ``ForbiddenError``."""
    actor.must("owner")
    with services.database.writing.begin() as session:
        row = _own(session, actor, provider)
        session.execute(delete(ShipmentFeed).where(ShipmentFeed.account_id == row.id))
        session.execute(delete(TrackingMessage).where(TrackingMessage.account_id == row.id))
        session.delete(row)
        audit.note(session, actor, services.now(), "tracking_account.removed", provider)


def prefer(services: Services, actor: Actor, providers: Sequence[str]) -> tuple[Account, ...]:
    """Say whom parcels are asked at first; who is not named follows in the order there was. ``AccountNotFoundError``.

    Parcels that are followed by now stay where they are.
    """
    actor.must("owner")
    with services.database.writing.begin() as session:
        first = [_own(session, actor, one) for one in dict.fromkeys(providers)]
        others = [one for one in _rows(session, actor.seller_id) if one not in first]
        for rank, one in enumerate([*first, *others]):
            one.rank = rank
        session.flush()
        return tuple(_account(session, one) for one in _rows(session, actor.seller_id))


def every(services: Services, actor: Actor) -> tuple[Account, ...]:
    """Return the accounts of a seller in their order of preference."""
    with services.database.reading() as session:
        return tuple(_account(session, one) for one in _rows(session, actor.seller_id))


def stopped(services: Services, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Return the providers of a seller's accounts that are asked no more, each with its trouble."""
    query = select(TrackingAccount.provider, TrackingAccount.trouble).where(
        TrackingAccount.seller_id == actor.seller_id, TrackingAccount.trouble != ""
    )
    with services.database.reading() as session:
        return tuple((provider, trouble) for provider, trouble in session.execute(query.order_by(TrackingAccount.rank)))


def opened(services: Services, account_id: str) -> Opened | None:
    """Return an account with its seal open, for calls and no longer.

    Nothing where it is gone or its provider is; ``SealError``.
    """
    with services.database.reading() as session:
        row = session.get(TrackingAccount, account_id)
    tracker = None if row is None else trackers().get(row.provider)
    if row is None or tracker is None:
        return None
    details = json.loads(sealing.unseal(services.settings, row.sealed)) if row.sealed else {}
    return Opened(row.id, row.seller_id, tracker, row.pace, details)


def stop(services: Services, account_id: str, trouble: str) -> None:
    """Ask nobody there any more until its seller connects it anew; what was to be asked stays due."""
    with services.database.writing.begin() as session:
        row = session.get(TrackingAccount, account_id, with_for_update=True)
        if row is not None and not row.trouble:
            row.trouble = trouble


def chosen(accounts: Sequence[TrackingAccount], number: str, carrier: str, refused: Sequence[str]) -> str | None:
    """Return the id of the first account, in the order given, whose provider can be asked for a number."""
    for one in accounts:
        tracker = trackers().get(one.provider)
        if tracker is not None and one.id not in refused and tracker.takes(number, carrier):
            return one.id
    return None


def _wrong(tracker: Tracker, details: Mapping[str, str]) -> list[RequestProblem]:
    names = {one.name for one in tracker.fields}
    problems = []
    for name, text in details.items():
        if name not in names:
            known = ", ".join(sorted(names)) or "–"
            problems.append(RequestProblem(f"/details/{name}", "tracking.no_field", {"known": known}))
        elif len(text) > MOST or not text.isprintable():
            # A line break would end the header that it goes in.
            problems.append(RequestProblem(f"/details/{name}", "text.characters"))
    return problems + [
        RequestProblem(f"/details/{one.name}", "required")
        for one in tracker.fields
        if one.is_required and not details.get(one.name, "").strip()
    ]


def _pace(services: Services, provider: str, details: Mapping[str, str], seller_id: str) -> str:
    """Return the name of an account's allowance: the same for who has the same keys, and nothing to guess them by."""
    said = json.dumps([provider, details or seller_id], sort_keys=True)
    key = services.settings.secret_keys[0] if services.settings.secret_keys else ""
    return hmac.new(key.encode(), said.encode(), hashlib.sha256).hexdigest()


def _choose_anew(session: Session, seller_id: str) -> None:
    """Let parcels that nobody follows be given to an account again."""
    nobody = or_(ShipmentFeed.account_id.is_(None), ShipmentFeed.label == "rejected")
    session.execute(delete(ShipmentFeed).where(ShipmentFeed.seller_id == seller_id, nobody))


def _own(session: Session, actor: Actor, provider: str) -> TrackingAccount:
    of = (TrackingAccount.seller_id == actor.seller_id, TrackingAccount.provider == provider)
    row = session.scalars(select(TrackingAccount).where(*of).with_for_update()).one_or_none()
    if row is None:
        raise AccountNotFoundError(provider)
    return row


def _rows(session: Session, seller_id: str) -> Sequence[TrackingAccount]:
    query = select(TrackingAccount).where(TrackingAccount.seller_id == seller_id)
    return session.scalars(query.order_by(TrackingAccount.rank, TrackingAccount.id)).all()


def _account(session: Session, row: TrackingAccount) -> Account:
    count = session.scalar(
        select(func.count()).where(ShipmentFeed.account_id == row.id, ShipmentFeed.due_at.is_not(None))
    )
    tracker = trackers().get(row.provider)
    path = f"/webhooks/tracking/{row.id}" if tracker is not None and tells(tracker) else None
    return Account(row.id, row.provider, row.created_at, row.rank, row.trouble, path, count or 0)


def strike(services: Services, account_id: str) -> int:
    """Note that an ask had no answer, and return how many in a row had none."""
    with services.database.writing.begin() as session:
        session.execute(
            update(TrackingAccount).where(TrackingAccount.id == account_id).values(strikes=TrackingAccount.strikes + 1)
        )
        return session.scalar(select(TrackingAccount.strikes).where(TrackingAccount.id == account_id)) or 0
