"""The company: what a seller says of itself, who looked that up and until when it holds, and finding it by its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select, update

from shopkit.models import Seller, Verification
from shopkit.services import audit
from shopkit.services.actors import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from shopkit.services.context import Services

# What stands in the profile: contact, story, links. Each is a text, ``links`` are addresses with line breaks between.
PROFILE: Final = ("legal_name", "email", "phone", "street", "city", "postal_code", "story", "links")
_COLUMNS: Final = ("name", "country", "currency", "tax_id")
# What a verification looked at: where one of these changes, it says nothing any more.
_LOOKED_AT: Final = frozenset({"name", "country", "tax_id", "legal_name"})


class SellerNotFoundError(LookupError):
    """No seller of this short name or id."""


class StaleCompanyError(Exception):
    """Somebody changed the company since it was read; ``kept`` is how it is now."""

    def __init__(self, kept: Company) -> None:
        self.kept = kept
        super().__init__(f"version {kept.version} is newer")


@dataclass(frozen=True, slots=True)
class Verified:
    """That somebody looked the business up; ``holds`` on the day asked."""

    source: str
    number: str
    checked_on: date
    checked_by: str
    expires_on: date
    holds: bool


@dataclass(frozen=True, slots=True)
class Company:
    """A seller as it is kept; ``profile`` holds what has no column of its own."""

    id: str
    slug: str | None
    version: int
    name: str
    country: str
    currency: str
    tax_id: str | None
    profile: dict[str, Any]
    verified: tuple[Verified, ...] = ()

    @property
    def badge(self) -> Verified | None:
        """The verification that holds the longest, if one holds."""
        holding = [one for one in self.verified if one.holds]
        return max(holding, key=lambda one: one.expires_on, default=None)


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be kept of a company; ``profile`` has the names of ``PROFILE``."""

    name: str
    country: str
    currency: str
    tax_id: str | None
    profile: Mapping[str, str]


def get_company(services: Services, actor: Actor) -> Company:
    """Return the seller that the actor acts for."""
    with services.database.reading() as session:
        return _company(session, session.get_one(Seller, actor.seller_id), services.now())


def save_company(services: Services, actor: Actor, said: Said, version: int) -> Company:
    """Keep what was read at ``version`` and changed; the same again changes nothing.

    Raises ``StaleCompanyError`` and ``ForbiddenError``. A change of what a verification looked at ends it.
    """
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        row = session.get_one(Seller, actor.seller_id, with_for_update=True)
        if row.version != version:
            raise StaleCompanyError(_company(session, row, now))
        profile = {name: text for name, text in said.profile.items() if name in PROFILE and text}
        # What the profile holds beside these is somebody else's to change.
        others = {name: value for name, value in row.profile.items() if name not in PROFILE}
        before: dict[str, object] = {name: getattr(row, name) for name in _COLUMNS}
        before |= {name: row.profile.get(name) for name in PROFILE}
        after: dict[str, object] = {name: getattr(said, name) for name in _COLUMNS}
        after |= {name: profile.get(name) for name in PROFILE}
        changed = sorted(name for name in after if after[name] != before[name])
        if changed:
            for name in _COLUMNS:
                setattr(row, name, after[name])
            row.profile = others | profile
            row.version += 1
            if _LOOKED_AT & set(changed):
                _end_verifications(session, row.id, now)
            audit.note(session, actor, now, "company.changed", said.name, fields=changed)
        session.flush()
        return _company(session, row, now)


def verify(services: Services, actor: Actor, source: str, number: str, checked_by: str, expires_on: date) -> Company:
    """Write down that the business was looked up today: in which registry, under which number, by whom.

    It is the operator's word and given on the command line; a seller has no door to it. ``ForbiddenError``,
    ``ValueError`` for a day that is over or a text that is empty or too long.
    """
    if actor.via != "cli":
        actor.must("owner")
        raise ValueError("a verification is the operator's, given by shopkit verify")
    now = services.now()
    most = {"source": (source, 200), "number": (number, 64), "checked by": (checked_by, 200)}
    for name, (text, limit) in most.items():
        if not 0 < len(text.strip()) <= limit:
            raise ValueError(f"{name}: 1 to {limit} characters are needed")
    if expires_on <= now.date():
        raise ValueError(f"{expires_on} is over; give a day on which it is to be looked up again")
    with services.database.writing.begin() as session:
        row = session.get_one(Seller, actor.seller_id, with_for_update=True)
        session.add(
            Verification(
                seller_id=row.id,
                source=source.strip(),
                number=number.strip(),
                checked_on=now.date(),
                checked_by=checked_by.strip(),
                expires_on=expires_on,
            )
        )
        audit.note(session, actor, now, "company.verified", source, number=number, until=str(expires_on))
        session.flush()
        return _company(session, row, now)


def command_actor(services: Services, name: str) -> Actor:
    """Return who acts for a seller on the command line, by its short name or id; ``SellerNotFoundError``."""
    query = select(Seller.id).where(or_(Seller.slug == name, Seller.id == name))
    with services.database.reading() as session:
        found = session.scalar(query)
    if found is None:
        raise SellerNotFoundError(name)
    return Actor(found, "owner", None, "cli")


def sellers(services: Services) -> list[tuple[str, str]]:
    """Return the id of every seller and the short name that commands know it by: the operator's view, no seller's."""
    with services.database.reading() as session:
        rows = session.execute(select(Seller.id, Seller.slug).order_by(Seller.id)).all()
    return [(id_, slug or id_) for id_, slug in rows]


def _end_verifications(session: Session, seller_id: str, now: datetime) -> None:
    yesterday = now.date() - timedelta(days=1)
    query = update(Verification).where(Verification.seller_id == seller_id, Verification.expires_on > yesterday)
    session.execute(query.values(expires_on=yesterday))


def _company(session: Session, row: Seller, now: datetime) -> Company:
    today = now.date()
    query = select(Verification).where(Verification.seller_id == row.id).order_by(Verification.id.desc())
    verified = tuple(
        Verified(one.source, one.number, one.checked_on, one.checked_by, one.expires_on, one.expires_on >= today)
        for one in session.scalars(query)
    )
    profile = dict(row.profile)
    return Company(row.id, row.slug, row.version, row.name, row.country, row.currency, row.tax_id, profile, verified)
