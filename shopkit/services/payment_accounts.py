"""Sellers' accounts at providers of payments: their keys sealed at rest, opened for a call and never shown again."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from shopkit import plugins
from shopkit.models import PaymentAccount
from shopkit.payments.port import Account
from shopkit.sealing import seal, unseal
from shopkit.services import audit
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.payments.port import Adapter
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

PROVIDERS: Final = ("stripe", "bank", "sandbox")
_NEEDED: Final[dict[str, tuple[str, ...]]] = {"stripe": ("key",)}
_LINES: Final = ("bank", "account", "holder")


class AccountNotFoundError(LookupError):
    """There is no such account, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An account as its seller sees it: which secrets are set, and none of them."""

    id: str
    provider: str
    country: str
    is_live: bool
    is_active: bool
    set: tuple[str, ...]
    signing: int
    created_at: datetime


def create(  # all of it makes an account
    services: Services,
    actor: Actor,
    provider: str,
    *,
    country: str,
    is_live: bool,
    secrets: Mapping[str, str],
    signing: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
) -> Shown:
    """Keep an account in place of the one used with this provider; ``RequestError``, ``ForbiddenError``."""
    actor.must("owner")
    if provider not in PROVIDERS:
        raise RequestError([RequestProblem("/provider", "payment.provider")])
    problems = [
        RequestProblem(f"/secrets/{name}", "payment.secret_missing")
        for name in _NEEDED.get(provider, ())
        if not secrets.get(name, "").strip()
    ]
    if provider == "bank":
        # Buyers read these: they are no secret.
        lines = dict((options or {}).get("lines", {}))
        problems += [
            RequestProblem(f"/options/lines/{name}", "payment.secret_missing")
            for name in _LINES
            if not str(lines.get(name, "")).strip()
        ]
    key = secrets.get("key", "")
    if provider == "stripe" and key and ("_live_" in key) is not is_live:
        problems.append(RequestProblem("/secrets/key", "payment.key_mode"))
    if problems:
        raise RequestError(problems)
    now = services.now()
    kept = {"secrets": dict(secrets), "signing": [one for one in signing if one.strip()]}
    with services.database.writing.begin() as session:
        for other in _active(session, actor.seller_id, provider):
            # Its payments are still read and given back by it; no new one is begun there.
            other.is_active = False
        row = PaymentAccount(
            id=new_id("pa", now),
            seller_id=actor.seller_id,
            provider=provider,
            country=country.upper(),
            is_live=is_live,
            is_active=True,
            sealed=seal(services.settings, json.dumps(kept)) if kept["secrets"] or kept["signing"] else "",
            options=dict(options or {}),
            created_at=now,
        )
        session.add(row)
        audit.note(session, actor, now, "payment_account.created", row.id, provider=provider)
        return _shown(services, row)


def every(services: Services, actor: Actor) -> list[Shown]:
    """Return the accounts of the seller, newest first."""
    with services.database.reading() as session:
        query = select(PaymentAccount).where(PaymentAccount.seller_id == actor.seller_id)
        return [_shown(services, row) for row in session.scalars(query.order_by(PaymentAccount.id.desc()))]


def active(session: Session, services: Services, seller_id: str) -> list[Account]:
    """Return the accounts a seller is paid to now."""
    return [opened(services, row) for row in _active(session, seller_id)]


def by_id(session: Session, services: Services, account_id: str) -> Account:
    """Return an account by its id, for whoever was given it; ``AccountNotFoundError``."""
    row = session.get(PaymentAccount, account_id)
    if row is None:
        raise AccountNotFoundError(account_id)
    return opened(services, row)


def opened(services: Services, row: PaymentAccount) -> Account:
    """Return an account with its secrets open, for a call and no longer."""
    kept = json.loads(unseal(services.settings, row.sealed)) if row.sealed else {"secrets": {}, "signing": []}
    options = dict(row.options)
    if row.provider == "sandbox":
        # Nothing to entrust to anybody: trying things needs no key to seal by.
        made = hmac.new(services.settings.secret().encode(), row.id.encode(), hashlib.sha256).hexdigest()
        kept = {"secrets": {}, "signing": [made]}
        options.setdefault("pages", f"{services.settings.public_url.rstrip('/')}/sandbox/{row.id}")
        options.setdefault("book", str(services.settings.data_dir / "sandbox-payments.sqlite"))
    return Account(row.id, row.provider, row.country, row.is_live, kept["secrets"], tuple(kept["signing"]), options)


def adapter(provider: str) -> Adapter:
    """Return the adapter of a provider; ``PluginError``."""
    return _adapter(provider)


@cache
def _adapter(provider: str) -> Adapter:
    made: Adapter = plugins.plugin(plugins.PAYMENTS, provider)()
    return made


def _active(session: Session, seller_id: str, provider: str | None = None) -> list[PaymentAccount]:
    query = select(PaymentAccount).where(PaymentAccount.seller_id == seller_id, PaymentAccount.is_active)
    if provider is not None:
        query = query.where(PaymentAccount.provider == provider)
    return list(session.scalars(query.order_by(PaymentAccount.id)))


def _shown(services: Services, row: PaymentAccount) -> Shown:
    found = opened(services, row)
    names = tuple(sorted(name for name, text in found.secrets.items() if text))
    return Shown(
        row.id, row.provider, row.country, row.is_live, row.is_active, names, len(found.signing), row.created_at
    )
