"""What people say of texts in other languages: the team and who reviews by a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from shopkit.models import ReviewShare, TranslationComment, User
from shopkit.services.listings import ListingNotFoundError, own
from shopkit.services.translations import who_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

MAX_COMMENT: Final = 2_000


class CommentError(ValueError):
    """A comment that says nothing, or too much."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One remark on a text (``path`` empty: on all of the listing's), and whether it was settled."""

    id: int
    path: str
    at: datetime
    who: str
    text: str
    resolved_at: datetime | None


def comment(services: Services, actor: Actor, listing_id: str, locale: str, path: str, text: str) -> Comment:
    """Keep a remark, whoever reads the listing; ``CommentError``, ``ListingNotFoundError``."""
    said = text.replace("\r\n", "\n").strip()
    if not said or len(said) > MAX_COMMENT or "\x00" in said:
        raise CommentError(len(said))
    with services.database.writing.begin() as session:
        own(session, actor, listing_id)
        stored = TranslationComment(
            seller_id=actor.seller_id,
            listing_id=listing_id,
            locale=locale,
            path=path,
            at=services.now(),
            who=who_of(actor),
            via=actor.via,
            text=said,
        )
        session.add(stored)
        session.flush()
        return _comments(session, [stored])[0]


def comments(services: Services, actor: Actor, listing_id: str, locale: str) -> tuple[Comment, ...]:
    """Return what was said of a listing's texts in a locale, the first first."""
    query = select(TranslationComment).where(
        TranslationComment.seller_id == actor.seller_id,
        TranslationComment.listing_id == listing_id,
        TranslationComment.locale == locale,
    )
    with services.database.reading() as session:
        own(session, actor, listing_id)
        return _comments(session, session.scalars(query.order_by(TranslationComment.id)).all())


def resolve(services: Services, actor: Actor, comment_id: int) -> Comment:
    """Settle a remark; ``ListingNotFoundError`` for none and for another seller's."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = session.get(TranslationComment, comment_id, with_for_update=True)
        if stored is None or stored.seller_id != actor.seller_id:
            raise ListingNotFoundError(str(comment_id))
        stored.resolved_at = stored.resolved_at or services.now()
        return _comments(session, [stored])[0]


def names(session: Session, people: Iterable[str]) -> dict[str, str]:
    """Return what people are called by how they are kept: a person's name, a reviewer's, else nothing."""
    wanted = set(people)
    found = {one.id: one.name for one in session.scalars(select(User).where(User.id.in_(wanted)))}
    links = [one.removeprefix("review:") for one in wanted if one.startswith("review:")]
    shares = session.scalars(select(ReviewShare).where(ReviewShare.id.in_(links)))
    return found | {f"review:{one.id}": one.name for one in shares}


def _comments(session: Session, rows: Iterable[TranslationComment]) -> tuple[Comment, ...]:
    stored = list(rows)
    known = names(session, (one.who for one in stored))
    return tuple(
        Comment(one.id, one.path, one.at, known.get(one.who, one.who), one.text, one.resolved_at) for one in stored
    )
