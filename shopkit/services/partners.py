"""Partners of a seller: shops, associations and media, each with a code of its own, what it may see, and its address.

They are organisations with what they publish of themselves; nobody who works or shops there is kept.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from shopkit.models import CampaignLink, CasePack, Partner
from shopkit.services import audit
from shopkit.services.actors import Actor
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.tokens import new_id
from shopkit.services.wholesale import LANGUAGES, StaleWholesaleError, WholesaleError, is_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from shopkit.services.context import Services

Json = dict[str, Any]
KINDS: Final = ("shop", "association", "medium", "other")
# What its own list shows: case prices with those at the door, or only what there is.
SEES: Final = ("prices", "products")
MOST_PARTNERS: Final = 500
MOST_NAME: Final = 120
_LONGEST: Final[Mapping[str, int]] = {"city": 80, "place": 5, "contact": 200, "note": 600}
# As of the links of campaigns: letters that nobody mistakes for one another on paper.
_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH: Final = 6


class PartnerNotFoundError(ListingNotFoundError):
    """There is no such partner, or it is another seller's."""


class PartnerOverError(LookupError):
    """No such address of a list, or it was taken back."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a seller says of a partner: ``place`` as ``US-CA``, ``cases`` the packs it sees (``None``: all of them)."""

    kind: str
    name: str
    language: str = "es"
    sees: str = "prices"
    city: str = ""
    place: str = ""
    contact: str = ""
    note: str = ""
    cases: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A partner as it is kept; ``serial`` counts the addresses it was given."""

    id: str
    said: Said
    code: str
    serial: int
    is_open: bool
    version: int


def partners(services: Services, actor: Actor) -> tuple[Kept, ...]:
    """Return the partners of the seller by name."""
    with services.database.reading() as session:
        rows = session.scalars(_mine(actor).order_by(Partner.name, Partner.id)).all()
    return tuple(_kept(row) for row in rows)


def get_partner(services: Services, actor: Actor, partner_id: str) -> Kept:
    """Return a partner; ``PartnerNotFoundError``."""
    with services.database.reading() as session:
        return _kept(_own(session, actor, partner_id))


def keep_partner(services: Services, actor: Actor, said: Said, partner_id: str | None = None, version: int = 0) -> Kept:
    """Keep a new partner, or one as it was changed since ``version``.

    Codes of ``WholesaleError``: ``kind``, ``name``, ``language``, ``sees``, ``place``, ``long``, ``cases``, ``many``.
    """
    actor.must("editor")
    said = replace(said, name=" ".join(said.name.split()))
    problems = _wrong(said)
    now = services.now()
    with services.database.writing.begin() as session:
        row = None if partner_id is None else _own(session, actor, partner_id, lock=True)
        if row is not None and row.version != version:
            raise StaleWholesaleError
        if said.cases is not None:
            there = select(func.count()).where(CasePack.seller_id == actor.seller_id, CasePack.id.in_(said.cases))
            if (session.scalar(there) or 0) != len(set(said.cases)):
                problems.append(("cases", "cases"))
        if row is None and (session.scalar(select(func.count()).select_from(_mine(actor).subquery())) or 0) >= (
            MOST_PARTNERS
        ):
            problems.append(("name", "many"))
        if problems:
            raise WholesaleError(problems)
        if row is None:
            code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
            row = Partner(id=new_id("pa", now), seller_id=actor.seller_id, created_at=now, code=code, version=0)
            row.serial, row.is_open = 1, False
            session.add(row)
        row.kind, row.name = said.kind, said.name
        row.said = {
            **{name: getattr(said, name) for name in ("language", "sees", *_LONGEST)},
            "cases": None if said.cases is None else list(said.cases),
        }
        row.version += 1
        audit.note(session, actor, now, "partner.kept", row.id, name=said.name)
        session.flush()
        return _kept(row)


def open_list(services: Services, actor: Actor, partner_id: str) -> Kept:
    """Give a partner a new address under which its list is always today's; the one before ends."""
    return _address(services, actor, partner_id, is_open=True)


def close_list(services: Services, actor: Actor, partner_id: str) -> Kept:
    """Take the address of a partner's list back."""
    return _address(services, actor, partner_id, is_open=False)


def remove_partner(services: Services, actor: Actor, partner_id: str) -> None:
    """Take a partner off: its address ends; its links go on leading and are counted. :func:`restore_partner` undoes."""
    _mark(services, actor, partner_id, gone=True)


def restore_partner(services: Services, actor: Actor, partner_id: str) -> None:
    """Bring back a partner that was taken off, without an address."""
    _mark(services, actor, partner_id, gone=False)


def token_of(services: Services, found: Kept) -> str | None:
    """Return what stands in the address of a partner's list, signed by the shop; ``None`` while it is closed."""
    return _token(services, found.id, found.serial) if found.is_open else None


def opened(services: Services, token: str) -> tuple[Actor, Kept]:
    """Return whose list an address opens, as somebody who only looks, and for which partner; ``PartnerOverError``."""
    partner_id, _, rest = token.partition(".")
    serial = rest.partition(".")[0]
    if not serial.isascii() or not serial.isdigit() or len(serial) > len(str(2**31)):
        raise PartnerOverError(token)
    if not hmac.compare_digest(token.encode("utf-8", "replace"), _token(services, partner_id, int(serial)).encode()):
        raise PartnerOverError(token)
    with services.database.reading() as session:
        row = session.get(Partner, partner_id)
        if row is None or not row.is_open or row.removed_at is not None or row.serial != int(serial):
            raise PartnerOverError(token)
        return Actor(row.seller_id, "viewer", None), _kept(row)


def newest_link(services: Services, actor: Actor, partner_id: str) -> str | None:
    """Return the code of the last link that a campaign made for a partner; its follows are counted as the partner's."""
    query = select(CampaignLink.code).where(
        CampaignLink.seller_id == actor.seller_id, CampaignLink.partner_id == partner_id
    )
    with services.database.reading() as session:
        return session.scalars(query.order_by(CampaignLink.created_at.desc(), CampaignLink.code).limit(1)).first()


def _token(services: Services, partner_id: str, serial: int) -> str:
    said = f"partner:{partner_id}:{serial}".encode("utf-8", "replace")
    mac = hmac.new(services.settings.secret().encode(), said, hashlib.sha256).digest()
    return f"{partner_id}.{serial}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def _wrong(said: Said) -> list[tuple[str, str]]:
    found = []
    if said.kind not in KINDS:
        found.append(("kind", "kind"))
    if not said.name or len(said.name) > MOST_NAME or not said.name.isprintable():
        found.append(("name", "name"))
    if said.language not in LANGUAGES:
        found.append(("language", "language"))
    if said.sees not in SEES:
        found.append(("sees", "sees"))
    if said.place and not is_place(said.place):
        found.append(("place", "place"))
    found += [(name, "long") for name, most in _LONGEST.items() if name != "place" and len(getattr(said, name)) > most]
    return found


def _address(services: Services, actor: Actor, partner_id: str, *, is_open: bool) -> Kept:
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        row = _own(session, actor, partner_id, lock=True)
        row.serial, row.is_open = row.serial + 1, is_open
        audit.note(
            session, actor, now, "partner.opened" if is_open else "partner.closed", partner_id, serial=row.serial
        )
        session.flush()
        return _kept(row)


def _mark(services: Services, actor: Actor, partner_id: str, *, gone: bool) -> None:
    actor.must("editor")
    now = services.now()
    query = select(Partner).where(Partner.seller_id == actor.seller_id, Partner.id == partner_id)
    with services.database.writing.begin() as session:
        row = session.scalars(query.with_for_update()).one_or_none()
        if row is None or (row.removed_at is None) is not gone:
            raise PartnerNotFoundError(partner_id)
        row.removed_at, row.is_open = (now if gone else None), False
        audit.note(session, actor, now, "partner.removed" if gone else "partner.restored", partner_id)


def _mine(actor: Actor) -> Select[Partner]:
    return select(Partner).where(Partner.seller_id == actor.seller_id, Partner.removed_at.is_(None))


def _own(session: Session, actor: Actor, partner_id: str, *, lock: bool = False) -> Partner:
    query = _mine(actor).where(Partner.id == partner_id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise PartnerNotFoundError(partner_id)
    return row


def _kept(row: Partner) -> Kept:
    cases = row.said["cases"]
    texts = {name: row.said[name] for name in ("language", "sees", *_LONGEST)}
    said = Said(row.kind, row.name, **texts, cases=None if cases is None else tuple(cases))
    return Kept(row.id, said, row.code, row.serial, row.is_open, row.version)
