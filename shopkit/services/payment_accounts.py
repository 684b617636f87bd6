"""Sellers' accounts at providers of payments: their keys sealed at rest, opened for a call and never shown again."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from landed_cost.countries import is_country
from shopkit import plugins
from shopkit.models import PaymentAccount
from shopkit.payments import fields, methods
from shopkit.payments.port import Account
from shopkit.sealing import SealError, seal, unseal
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

PROVIDERS: Final = ("stripe", "paypal", "mercadopago", "bank", "sandbox")
# Which of them offers buyers another currency than that of the order.
ADAPTIVE: Final = frozenset({"stripe"})
_NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "stripe": ("key",),
    "paypal": ("client_id", "client_secret"),
    "mercadopago": ("access_token",),
}
_LONGEST: Final = 4096
# Marks an account that nobody connected: it stands for wherever money came that was noted by hand.
STANDS_IN: Final = "stands_in"
# As many secrets of signing as a change of them needs: the one before is taken until the provider signs by the new one.
_SIGNING: Final = 3


class AccountNotFoundError(LookupError):
    """There is no such account, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An account as its seller sees it: which secrets are set, and none of them.

    ``lines`` are what buyers read, ``methods`` the ways that are used (``None``: all), ``path`` where its provider
    sends messages. ``is_shut``: what was sealed cannot be opened by the keys the shop has. ``is_adaptive``: buyers may
    be offered their own currency there.
    """

    id: str
    provider: str
    country: str
    is_live: bool
    is_active: bool
    set: tuple[str, ...]
    signing: int
    created_at: datetime
    lines: Mapping[str, str]
    methods: tuple[str, ...] | None
    path: str | None
    is_shut: bool = False
    is_adaptive: bool = False

    @property
    def has_keys(self) -> bool:
        """Whether payments at it can be read and given back."""
        there = {*self.set, *self.lines}
        return not self.is_shut and all(one.is_optional or one.name in there for one in self.kind.fields)

    @property
    def kind(self) -> fields.Kind:
        """What its provider asks for."""
        return fields.kind(self.provider, _NEEDED.get(self.provider, ()))


def kinds() -> list[fields.Kind]:
    """Return the providers that can be connected, with what each asks for."""
    return fields.kinds(PROVIDERS, _NEEDED)


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
    given = dict(options or {})
    problems = _wrong(provider, secrets, signing, given, is_live=is_live)
    if not is_country(country.upper()):
        problems.append(RequestProblem("/country", "country.unknown", {"value": country[:2]}))
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
            options=given,
            created_at=now,
        )
        session.add(row)
        audit.note(session, actor, now, "payment_account.created", provider, account=row.id)
        return _shown(services, row)


def change(
    services: Services,
    actor: Actor,
    account_id: str,
    *,
    secrets: Mapping[str, str] | None = None,
    signing: Sequence[str] = (),
    lines: Mapping[str, str] | None = None,
    names: Sequence[str] | None = None,
    adaptive: bool | None = None,
) -> Shown:
    """Change what is given and leave the rest: a new secret of signing stands beside those before it.

    ``names`` are the ways to pay that are used, of those the provider has; ``adaptive`` lets Stripe offer buyers their
    own currency at its rate, while the order stays in ours. Raises ``AccountNotFoundError``,
    ``RequestError``, ``ForbiddenError``.
    """
    actor.must("owner")
    with services.database.writing.begin() as session:
        row = _own(session, actor, account_id, lock=True)
        try:
            kept = _kept(services, row)
        except SealError:
            # Keys that nobody can open any more are typed anew.
            kept = {"secrets": {}, "signing": []}
        typed = {name: text.strip() for name, text in (secrets or {}).items() if text.strip()}
        kept["secrets"] |= typed
        fresh = [one.strip() for one in signing if one.strip()]
        kept["signing"] = list(dict.fromkeys([*fresh, *kept["signing"]]))[: max(_SIGNING, len(fresh))]
        options = dict(row.options)
        if lines is not None:
            options["lines"] = dict(lines)
        if names is not None:
            options["methods"] = [one.name for one in _methods(row.provider) if one.name in names]
        if adaptive is not None:
            options["adaptive"] = adaptive
        problems = _wrong(row.provider, kept["secrets"], kept["signing"], options, is_live=row.is_live)
        if adaptive and row.provider not in ADAPTIVE:
            problems.append(RequestProblem("/adaptive", "payment.adaptive", {"known": ", ".join(sorted(ADAPTIVE))}))
        unknown = set(names or ()) - {one.name for one in _methods(row.provider)}
        problems += [RequestProblem("/methods", "payment.method_unknown", {"name": one}) for one in sorted(unknown)]
        if problems:
            raise RequestError(problems)
        if typed or fresh:
            row.sealed = seal(services.settings, json.dumps(kept))
        row.options = options
        audit.note(session, actor, services.now(), "payment_account.changed", row.provider, account=row.id)
        return _shown(services, row)


def disconnect(services: Services, actor: Actor, account_id: str, *, forgets: bool = False) -> Shown:
    """Begin no more payments at an account; what was paid there is still read and given back.

    ``forgets`` takes its keys away too, for good: then neither can be done from here. Raises ``AccountNotFoundError``
    and ``ForbiddenError``.
    """
    actor.must("owner")
    with services.database.writing.begin() as session:
        row = _own(session, actor, account_id, lock=True)
        row.is_active = False
        if forgets:
            row.sealed = ""
        deed = "payment_account.forgotten" if forgets else "payment_account.disconnected"
        audit.note(session, actor, services.now(), deed, row.provider, account=row.id)
        return _shown(services, row)


def reconnect(services: Services, actor: Actor, account_id: str) -> Shown:
    """Take an account up again in place of the one used with its provider.

    Raises ``AccountNotFoundError``, ``RequestError`` where its keys are gone, ``ForbiddenError``.
    """
    actor.must("owner")
    with services.database.writing.begin() as session:
        row = _own(session, actor, account_id, lock=True)
        if not _shown(services, row).has_keys:
            raise RequestError([RequestProblem("/secrets", "payment.secret_missing")])
        for other in _active(session, actor.seller_id, row.provider):
            other.is_active = False
        row.is_active = True
        audit.note(session, actor, services.now(), "payment_account.reconnected", row.provider, account=row.id)
        return _shown(services, row)


def find(services: Services, actor: Actor, account_id: str) -> Shown:
    """Return an account of the seller's; ``AccountNotFoundError``."""
    with services.database.reading() as session:
        return _shown(services, _own(session, actor, account_id))


def every(services: Services, actor: Actor) -> list[Shown]:
    """Return the accounts that the seller connected, newest first."""
    with services.database.reading() as session:
        query = select(PaymentAccount).where(PaymentAccount.seller_id == actor.seller_id)
        rows = session.scalars(query.order_by(PaymentAccount.id.desc()))
        return [_shown(services, row) for row in rows if not row.options.get(STANDS_IN)]


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
    kept = _kept(services, row)
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


def _kept(services: Services, row: PaymentAccount) -> dict[str, Any]:
    kept: dict[str, Any] = {"secrets": {}, "signing": []}
    return json.loads(unseal(services.settings, row.sealed)) if row.sealed else kept


def _own(session: Session, actor: Actor, account_id: str, *, lock: bool = False) -> PaymentAccount:
    query = select(PaymentAccount).where(PaymentAccount.id == account_id, PaymentAccount.seller_id == actor.seller_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None or found.options.get(STANDS_IN):
        raise AccountNotFoundError(account_id)
    return found


def _methods(provider: str) -> list[methods.Method]:
    return [one for one in methods.matrix() if one.provider == provider]


def _wrong(
    provider: str, secrets: Mapping[str, str], signing: Sequence[str], options: Mapping[str, Any], *, is_live: bool
) -> list[RequestProblem]:
    """Return what is missing or does not fit; buyers read the lines of a bank account, which are no secret."""
    places: dict[str, Mapping[str, str]] = {"secrets": secrets, "lines": dict(options.get("lines") or {})}
    problems = []
    for one in fields.kind(provider, _NEEDED.get(provider, ())).fields:
        text = str(places.get(one.place, {}).get(one.name, "")).strip()
        pointer = f"/options/lines/{one.name}" if one.place == "lines" else f"/secrets/{one.name}"
        if not text and not one.is_optional:
            problems.append(RequestProblem(pointer, "payment.secret_missing"))
        elif len(text) > _LONGEST or not text.isprintable():
            problems.append(RequestProblem(pointer, "text.characters"))
    if any(len(one) > _LONGEST or not one.strip().isprintable() for one in signing):
        problems.append(RequestProblem("/signing", "text.characters"))
    key = secrets.get("key", "")
    if provider == "stripe" and key and ("_live_" in key) is not is_live:
        problems.append(RequestProblem("/secrets/key", "payment.key_mode"))
    token = secrets.get("access_token", "")
    if provider == "mercadopago" and token and token.startswith("TEST-") is is_live:
        problems.append(RequestProblem("/secrets/access_token", "payment.key_mode"))
    return problems


def _shown(services: Services, row: PaymentAccount) -> Shown:
    try:
        found, is_shut = opened(services, row), False
    except SealError:
        found, is_shut = Account(row.id, row.provider, row.country, row.is_live, {}), True
    names = tuple(sorted(name for name, text in found.secrets.items() if text))
    only = row.options.get("methods")
    takes = fields.kind(row.provider).takes_messages
    return Shown(
        row.id,
        row.provider,
        row.country,
        row.is_live,
        row.is_active,
        names,
        len(found.signing),
        row.created_at,
        dict(row.options.get("lines") or {}),  # type: ignore[call-overload]  # a mapping, as it was kept
        None if only is None else tuple(only),  # type: ignore[arg-type]  # a list, as it was kept
        f"/webhooks/{row.provider}/{row.id}" if takes else None,
        is_shut,
        bool(row.options.get("adaptive")),
    )
