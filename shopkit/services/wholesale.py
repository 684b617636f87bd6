"""Selling by the case: packs and bundles, the terms of the list, and the partners who are offered it.

Every use case is on the rows of ``actor.seller_id``; another seller's are not there.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from landed_cost.countries import is_country
from landed_cost.currencies import exponent
from listings.campaigns.audiences import states
from listings.campaigns.cases import Case
from listings.campaigns.cases import wrong as wrong_case
from shopkit.models import CasePack, WholesaleTerms
from shopkit.services import audit
from shopkit.services.listings import ListingNotFoundError, get_listings
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Json = dict[str, Any]
WAYS: Final = ("courier", "postal", "freight")
LANGUAGES: Final = ("es", "pt", "en")
MOST_PACKS: Final = 200
MOST_PLACES: Final = 12
MOST_NOTE: Final = 600
MOST_DAYS: Final = 365
_STATES_OF: Final = "US"


class PackNotFoundError(ListingNotFoundError):
    """There is no such case pack, or it is another seller's."""


class WholesaleError(ValueError):
    """What cannot be kept: ``problems`` are (field, code)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__(", ".join(f"{name}: {code}" for name, code in problems))


class StaleWholesaleError(Exception):
    """Somebody changed it since it was read."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A case pack as it is kept."""

    id: str
    case: Case
    version: int


@dataclass(frozen=True, slots=True)
class Terms:
    """How it is sold by the case: ``places`` are destinations as ``US-CA`` or ``PE``.

    ``freight`` is what the way costs for a case, in the case's own currency; ``None`` is not known, and then prices at
    the door are estimates. ``smallest`` is the least an order comes to, in ``currency``. ``notes`` are by language.
    """

    places: tuple[str, ...] = ()
    way: str = "courier"
    freight: Decimal | None = None
    smallest: Decimal | None = None
    currency: str = "USD"
    holds_days: int = 30
    notes: Mapping[str, str] | None = None
    version: int = 0

    def to_dict(self) -> Json:
        """Return it as it is kept."""
        said = asdict(self)
        del said["version"]
        for name in ("freight", "smallest"):
            said[name] = None if said[name] is None else f"{said[name]:f}"
        return said | {"places": list(self.places), "notes": dict(self.notes or {})}

    @classmethod
    def of(cls, kept: Mapping[str, Any], version: int) -> Terms:
        """Return what :meth:`to_dict` kept."""
        amounts = {name: None if kept[name] is None else Decimal(kept[name]) for name in ("freight", "smallest")}
        return cls(**(dict(kept) | amounts | {"places": tuple(kept["places"])}), version=version)


# -- case packs ----------------------------------------------------------------------------------------------------
def packs(services: Services, actor: Actor) -> tuple[Pack, ...]:
    """Return the case packs of the seller by their code."""
    with services.database.reading() as session:
        rows = session.scalars(_mine(actor).order_by(CasePack.code, CasePack.id)).all()
    return tuple(_pack(row) for row in rows)


def get_pack(services: Services, actor: Actor, pack_id: str) -> Pack:
    """Return a case pack; ``PackNotFoundError``."""
    with services.database.reading() as session:
        return _pack(_own(session, actor, pack_id))


def keep_pack(services: Services, actor: Actor, case: Case, pack_id: str | None = None, version: int = 0) -> Pack:
    """Keep a new case pack, or one as it was changed since ``version``.

    ``WholesaleError`` tells all that is wrong; ``PackNotFoundError``, ``StaleWholesaleError``, ``ForbiddenError``.
    """
    actor.must("editor")
    now = services.now()
    found = get_listings(services, actor, {one.listing_id for one in case.parts})
    problems = wrong_case(case, {id_: one.listing for id_, one in found.items()})
    with services.database.writing.begin() as session:
        row = None if pack_id is None else _own(session, actor, pack_id, lock=True)
        if row is not None and row.version != version:
            raise StaleWholesaleError
        others = _mine(actor).where(CasePack.code == case.code)
        if session.scalar(select(func.count()).select_from(others.where(CasePack.id != (pack_id or "")).subquery())):
            problems.append(("code", "twice"))
        if (
            row is None
            and (session.scalar(select(func.count()).select_from(_mine(actor).subquery())) or 0) >= MOST_PACKS
        ):
            problems.append(("code", "many"))
        if problems:
            raise WholesaleError(problems)
        if row is None:
            row = CasePack(id=new_id("cp", now), seller_id=actor.seller_id, created_at=now, version=0)
            session.add(row)
        row.code, row.currency, row.said = case.code, case.currency, case.to_dict()
        row.version += 1
        audit.note(session, actor, now, "case_pack.kept", row.id, code=case.code)
        session.flush()
        return _pack(row)


def remove_pack(services: Services, actor: Actor, pack_id: str) -> None:
    """Take a case pack off; :func:`restore_pack` brings it back."""
    _mark(services, actor, pack_id, gone=True)


def restore_pack(services: Services, actor: Actor, pack_id: str) -> None:
    """Bring back a case pack that was taken off; ``WholesaleError`` where its code is another one's by now."""
    _mark(services, actor, pack_id, gone=False)


# -- terms ---------------------------------------------------------------------------------------------------------
def get_terms(services: Services, actor: Actor) -> Terms:
    """Return the terms of the seller; those that nobody kept yet have version 0 and no destination."""
    with services.database.reading() as session:
        row = session.get(WholesaleTerms, actor.seller_id)
        return Terms() if row is None else Terms.of(row.said, row.version)


def keep_terms(services: Services, actor: Actor, terms: Terms) -> Terms:
    """Keep the terms that were read at ``terms.version``; ``WholesaleError``, ``StaleWholesaleError``."""
    actor.must("editor")
    problems = _wrong_terms(terms)
    if problems:
        raise WholesaleError(problems)
    now = services.now()
    with services.database.writing.begin() as session:
        row = session.get(WholesaleTerms, actor.seller_id, with_for_update=True)
        if (0 if row is None else row.version) != terms.version:
            raise StaleWholesaleError
        if row is None:
            row = WholesaleTerms(seller_id=actor.seller_id, version=0)
            session.add(row)
        row.said, row.version = terms.to_dict(), row.version + 1
        audit.note(session, actor, now, "wholesale.terms", actor.seller_id, places=len(terms.places))
        session.flush()
        return Terms.of(row.said, row.version)


def is_place(code: str) -> bool:
    """Return whether a code is a destination of a list: a country, or a state of the United States.

    >>> [is_place(one) for one in ("PE", "US-CA", "US", "US-PR", "PE-LIM", "XX")]
    [True, True, True, False, False, False]
    """
    country, _, region = code.partition("-")
    if not region:
        return is_country(country)
    # Puerto Rico is a destination of its own, as PR.
    return country == _STATES_OF and region in states() and region != "PR"


def _wrong_terms(terms: Terms) -> list[tuple[str, str]]:
    found = []
    if not 1 <= len(terms.places) <= MOST_PLACES or not all(is_place(one) for one in terms.places):
        found.append(("places", "places"))
    if terms.way not in WAYS:
        found.append(("way", "way"))
    digits = exponent(terms.currency)
    for name, amount in (("freight", terms.freight), ("smallest", terms.smallest)):
        if amount is not None and (amount < 0 or amount >= Decimal(10) ** 9 or amount.scaleb(digits) % 1):
            found.append((name, "amount"))
    if not 1 <= terms.holds_days <= MOST_DAYS:
        found.append(("holds_days", "days"))
    if any(one not in LANGUAGES or len(text) > MOST_NOTE for one, text in (terms.notes or {}).items()):
        found.append(("notes", "long"))
    return found


# -- rows ----------------------------------------------------------------------------------------------------------
def _mine(actor: Actor) -> Select[CasePack]:
    return select(CasePack).where(CasePack.seller_id == actor.seller_id, CasePack.removed_at.is_(None))


def _own(session: Session, actor: Actor, pack_id: str, *, lock: bool = False) -> CasePack:
    query = _mine(actor).where(CasePack.id == pack_id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise PackNotFoundError(pack_id)
    return row


def _mark(services: Services, actor: Actor, pack_id: str, *, gone: bool) -> None:
    actor.must("editor")
    now = services.now()
    query = select(CasePack).where(CasePack.seller_id == actor.seller_id, CasePack.id == pack_id)
    with services.database.writing.begin() as session:
        row = session.scalars(query.with_for_update()).one_or_none()
        if row is None or (row.removed_at is None) is not gone:
            raise PackNotFoundError(pack_id)
        if not gone and session.scalars(_mine(actor).where(CasePack.code == row.code)).first() is not None:
            raise WholesaleError([("code", "twice")])
        row.removed_at = now if gone else None
        audit.note(session, actor, now, "case_pack.removed" if gone else "case_pack.restored", pack_id)


def _pack(row: CasePack) -> Pack:
    return Pack(row.id, Case.of(row.code, row.currency, row.said), row.version)
