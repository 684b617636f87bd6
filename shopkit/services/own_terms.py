"""A seller's own words over our termbase: what a thing is called, what is never said, what stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import select

from shopkit.models import StoredTerm
from shopkit.services import audit
from shopkit.services.checking import term_of, terms_of
from shopkit.services.listings import ListingNotFoundError
from translations.freshness import digest, normalised
from translations.locales import known
from translations.terms import EVERYWHERE, Term

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Kind = Literal["called", "never", "keep"]
MAX_TERMS: Final = 2_000
MAX_WORD: Final = 120
_KEY: Final = 12


class TermError(ValueError):
    """A term that cannot be kept: ``field`` is ``word``, ``other``, ``locale`` or ``count``."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(field)


@dataclass(frozen=True, slots=True)
class Own:
    """A word of a seller's own, under the key by which it is removed."""

    key: str
    term: Term


@dataclass(frozen=True, slots=True)
class Said:
    """What a seller says of a word.

    ``called``  ``word`` of ``source`` (a language) is ``other`` in ``locale``.
    ``never``   ``word`` is not said in ``locale``, but ``other``.
    ``keep``    ``word`` stays as it is everywhere.
    """

    kind: Kind
    word: str
    other: str = ""
    source: str = "es"
    locale: str = EVERYWHERE


def own_terms(services: Services, actor: Actor) -> tuple[Own, ...]:
    """Return the seller's own words, in the order of their concepts."""
    query = select(StoredTerm).where(StoredTerm.seller_id == actor.seller_id).order_by(StoredTerm.key)
    with services.database.reading() as session:
        return tuple(Own(one.key, term_of(one.document)) for one in session.scalars(query))


def keep_term(services: Services, actor: Actor, said: Said) -> tuple[Own, ...]:
    """Keep what a seller says of a word, and return the rows of it; the same again changes nothing.

    Raises ``TermError`` and ``ForbiddenError``.
    """
    actor.must("editor")
    now = services.now()
    word, other = _word(said.word, "word"), said.other
    if said.kind != "keep":
        other = _word(said.other, "other")
        if not known(said.locale):
            raise TermError("locale")
    with services.database.writing.begin() as session:
        rows = [_kept(session, services, actor, one) for one in _terms(session, actor, said, word, other)]
        count = len(session.scalars(select(StoredTerm.key).where(StoredTerm.seller_id == actor.seller_id)).all())
        if count > MAX_TERMS:
            raise TermError("count")
        audit.note(session, actor, now, "term.kept", word)
    return tuple(rows)


def remove_term(services: Services, actor: Actor, key: str) -> None:
    """Take a word out again; ``ListingNotFoundError`` for none and for another seller's."""
    actor.must("editor")
    with services.database.writing.begin() as session:
        stored = session.get(StoredTerm, (actor.seller_id, key))
        if stored is None:
            raise ListingNotFoundError(key)
        audit.note(session, actor, services.now(), "term.removed", str(stored.document.get("text", "")))
        session.delete(stored)


def _terms(session: Session, actor: Actor, said: Said, word: str, other: str) -> list[dict[str, Any]]:
    """Return the rows of a termbase that say it; a thing that the termbase knows keeps its concept."""
    language = said.source.partition("-")[0]
    if said.kind == "keep":
        return [_row(_concept(word), word, EVERYWHERE, "untranslatable", part="name")]
    at = said.locale if said.kind == "never" else said.source
    hits = terms_of(session, actor).find(word, at, said.locale)
    met = next((hit.term.concept for hit in hits if hit.text.casefold() == word.casefold()), None)
    concept = met or _concept(word)
    if said.kind == "never":
        return [_row(concept, word, said.locale, "forbidden", reason="house", replacement=other)]
    target = _row(concept, other, said.locale, "preferred")
    return [target] if met else [_row(concept, word, language, "allowed"), target]


def _row(concept: str, text: str, locale: str, status: str, **more: str) -> dict[str, Any]:
    return {"concept": concept, "text": text, "locale": locale, "status": status} | more


def _concept(word: str) -> str:
    return f"own-{digest(word.casefold())[:_KEY]}"


def _kept(session: Session, services: Services, actor: Actor, document: dict[str, Any]) -> Own:
    key = "|".join((document["concept"], document["locale"], digest(document["text"])[:_KEY]))
    stored = session.get(StoredTerm, (actor.seller_id, key))
    if stored is None:
        stored = StoredTerm(seller_id=actor.seller_id, key=key, document={}, version=0)
        stored.updated_at = services.now()
        session.add(stored)
    if stored.document != document:
        stored.document, stored.updated_at, stored.user_id = document, services.now(), actor.user_id
        stored.version += 1
    session.flush()
    return Own(key, term_of(document))


def _word(text: str, field: str) -> str:
    found = " ".join(normalised(text).split())
    if not any(sign.isalnum() for sign in found) or len(found) > MAX_WORD or not found.isprintable():
        raise TermError(field)
    return found
