"""Enquiries: what somebody asks a store before buying, kept for the seller to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from shopkit.models import Enquiry
from shopkit.services import accounts
from shopkit.services.attempts import Limit, count
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.stores import KeptStore

# What is asked of who asks, and the most signs of each.
FIELDS: Final[Mapping[str, int]] = {"name": 120, "email": 254, "phone": 40, "postal_code": 16, "message": 2_000}
_NEEDED: Final = ("name", "message")
# So many from one connection in an hour: more are a machine's.
BY_ADDRESS: Final = Limit("enquiry from", 10, timedelta(hours=1))
_MOST: Final = 200


class EnquiryNotFoundError(ListingNotFoundError):
    """There is no such enquiry, or it is another seller's."""


@dataclass(frozen=True, slots=True)
class KeptEnquiry:
    """An enquiry: ``asked`` by the names of ``FIELDS``, ``listing_id`` what was looked at."""

    id: str
    created_at: datetime
    market: str
    language: str
    listing_id: str | None
    asked: Mapping[str, str]
    state: str
    campaign_code: str | None


def ask(
    services: Services,
    store: KeptStore,
    place: tuple[str, str],
    listing_id: str | None,
    typed: Mapping[str, str],
    address: str,
    code: str | None = None,
) -> str:
    """Keep an enquiry from a page of a market and language, and return its id.

    ``address`` is where it came from. Raises ``RequestError`` and ``attempts.TooManyError``.
    """
    asked = {name: _clean(typed.get(name, "")) for name in FIELDS}
    problems = [RequestProblem(f"/{name}", "required") for name in _NEEDED if not asked[name]]
    problems += [
        RequestProblem(f"/{name}", "text.too_long", {"limit": str(most)})
        for name, most in FIELDS.items()
        if len(asked[name]) > most
    ]
    if not asked["email"] and not asked["phone"]:
        problems.append(RequestProblem("/email", "enquiry.no_way_back"))
    elif asked["email"] and len(asked["email"]) <= FIELDS["email"]:
        try:
            accounts.read_email(asked["email"])
        except accounts.EmailError:
            problems.append(RequestProblem("/email", "address.email"))
    if problems:
        raise RequestError(problems)
    count(services, BY_ADDRESS, address)
    now = services.now()
    market, language = place
    with services.database.writing.begin() as session:
        row = Enquiry(
            id=new_id("e", now),
            seller_id=store.seller_id,
            created_at=now,
            market=market,
            language=language,
            listing_id=listing_id,
            asked=asked,
            state="open",
            campaign_code=code,
        )
        session.add(row)
        return row.id


def enquiries(services: Services, actor: Actor) -> tuple[KeptEnquiry, ...]:
    """Return the seller's newest enquiries, the open ones first."""
    query = (
        select(Enquiry)
        .where(Enquiry.seller_id == actor.seller_id)
        .order_by(Enquiry.created_at.desc(), Enquiry.id.desc())
        .limit(_MOST)
    )
    with services.database.reading() as session:
        found = [_kept(one) for one in session.scalars(query)]
    return tuple(sorted(found, key=lambda one: one.state != "open"))


def get_enquiry(services: Services, actor: Actor, enquiry_id: str) -> KeptEnquiry:
    """Return an enquiry of the seller's; ``EnquiryNotFoundError``."""
    with services.database.reading() as session:
        return _kept(own(session, actor, enquiry_id))


def close(services: Services, actor: Actor, enquiry_id: str) -> None:
    """Put an enquiry away that nothing comes of."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        own(session, actor, enquiry_id).state = "closed"


def own(session: Session, actor: Actor, enquiry_id: str) -> Enquiry:
    """Return a row of the seller's own; another's is not there."""
    query = select(Enquiry).where(Enquiry.id == enquiry_id, Enquiry.seller_id == actor.seller_id)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise EnquiryNotFoundError(enquiry_id)
    return found


def _clean(text: str) -> str:
    lines = (" ".join("".join(sign for sign in line if sign.isprintable()).split()) for line in text.splitlines())
    return "\n".join(lines).strip()


def _kept(row: Enquiry) -> KeptEnquiry:
    asked: dict[str, Any] = dict(row.asked)
    return KeptEnquiry(
        row.id, row.created_at, row.market, row.language, row.listing_id, asked, row.state, row.campaign_code
    )
