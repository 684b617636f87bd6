"""Accounts of sellers at carriers that are asked for prices: what they say is sealed, and never shown again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select

from shopkit import plugins, sealing
from shopkit.models import CarrierAccount
from shopkit.services import audit
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shopkit.sending.carriers.port import Carrier
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

MOST: Final = 4_000


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is shown: everything but what it says."""

    carrier: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """An account for calls: ``details`` are ``None`` where no key opens the seal any more."""

    carrier: str
    details: Mapping[str, str] | None = field(repr=False)


@cache
def carriers() -> Mapping[str, Carrier]:
    """Return the carriers that can be asked, by name; one that cannot be loaded is told by ``shopkit doctor``."""
    return {one.name: one.found for one in plugins.plugins(plugins.CARRIERS) if one.problem is None}


def connect(services: Services, actor: Actor, carrier: str, details: Mapping[str, str]) -> Account:
    """Keep an account in place of the carrier's former one; ``ForbiddenError``, ``RequestError`` with what is wrong."""
    actor.must("owner")
    found = carriers().get(carrier)
    if found is None:
        known = ", ".join(sorted(carriers()))
        raise RequestError([RequestProblem("/carrier", "choice", {"expected": known})])
    problems = []
    names = {one.name for one in found.fields}
    for name, text in details.items():
        if name not in names:
            problems.append(RequestProblem(f"/details/{name}", "push.no_field", {"known": ", ".join(sorted(names))}))
        elif len(text) > MOST or not (text.isascii() and text.isprintable()):
            # A line break would end the header that it goes in.
            problems.append(RequestProblem(f"/details/{name}", "text.characters"))
    problems += [
        RequestProblem(f"/details/{one.name}", "required")
        for one in found.fields
        if one.is_required and not details.get(one.name, "").strip()
    ]
    if problems:
        raise RequestError(problems)
    kept = {name: text.strip() for name, text in details.items() if text.strip()}
    sealed = sealing.seal(services.settings, json.dumps(kept)) if kept else ""
    now = services.now()
    with services.database.writing.begin() as session:
        session.merge(
            CarrierAccount(
                seller_id=actor.seller_id, carrier=carrier, created_at=now, user_id=actor.user_id, sealed=sealed
            )
        )
        audit.note(session, actor, now, "carrier.connected", carrier)
    return Account(carrier, now)


def disconnect(services: Services, actor: Actor, carrier: str) -> bool:
    """Forget an account; return whether there was one. ``ForbiddenError``."""
    actor.must("owner")
    query = delete(CarrierAccount).where(CarrierAccount.seller_id == actor.seller_id, CarrierAccount.carrier == carrier)
    with services.database.writing.begin() as session:
        gone = bool(session.execute(query).rowcount)  # type: ignore[attr-defined]  # a result of a deletion has it
        if gone:
            audit.note(session, actor, services.now(), "carrier.disconnected", carrier)
    return gone


def every(services: Services, actor: Actor) -> tuple[Account, ...]:
    """Return the accounts of a seller by carrier."""
    query = select(CarrierAccount).where(CarrierAccount.seller_id == actor.seller_id).order_by(CarrierAccount.carrier)
    with services.database.reading() as session:
        return tuple(Account(one.carrier, one.created_at) for one in session.scalars(query))


def opened(services: Services, seller_id: str) -> tuple[Opened, ...]:
    """Return the accounts of a seller with their seals open, for calls and no longer."""
    query = select(CarrierAccount).where(CarrierAccount.seller_id == seller_id).order_by(CarrierAccount.carrier)
    with services.database.reading() as session:
        rows = [(one.carrier, one.sealed) for one in session.scalars(query)]
    return tuple(Opened(carrier, _details(services, sealed)) for carrier, sealed in rows)


def _details(services: Services, sealed: str) -> Mapping[str, str] | None:
    if not sealed:
        return {}
    try:
        found: dict[str, str] = json.loads(sealing.unseal(services.settings, sealed))
    except sealing.SealError:
        return None
    return found
