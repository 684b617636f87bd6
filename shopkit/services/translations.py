"""Texts of listings in other languages: read beside their sources, written, approved, taken back.

Whoever writes or approves a text names the source it is for by its digest: when somebody changed the source meanwhile,
that is refused and shown (:class:`SourceChangedError`), so that nobody takes an old text for a new one by mistake. They
name the version of the text as well, as for listings. What is another seller's is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from listings.changes import Change, applied, differences
from listings.texts import base, leaves, own_words
from shopkit.models import StoredTranslation, TranslationChange
from shopkit.services import remembering
from shopkit.services.checking import Checker
from shopkit.services.listings import ListingNotFoundError, all_kept, own
from shopkit.services.translation_plans import plan_of
from translations.freshness import digest, freshness, normalised
from translations.states import PERSON, Origin, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from listings.changes import Document
    from listings.model import Listing
    from listings.texts import Leaf
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept
    from translations.findings import Finding
    from translations.freshness import Freshness
    from translations.states import Review

MAX_TEXT: Final = 100_000
# No language of ours, and no more than the column holds.
MAX_LOCALE: Final = 16


class LeafNotFoundError(ListingNotFoundError):
    """The listing has no such text to translate."""


class SourceChangedError(Exception):
    """The source is not the one that the text was written for; ``row`` is how both are now."""

    def __init__(self, row: Row) -> None:
        self.row = row
        super().__init__(row.leaf.path)


class TextChangedError(Exception):
    """Somebody changed the text since it was read; ``row`` is how it is now."""

    def __init__(self, row: Row) -> None:
        self.row = row
        super().__init__(row.leaf.path)


class LockedError(Exception):
    """The text is locked: it is not to be translated, or not to be changed, until somebody opens it."""


class BlockedError(Exception):
    """A text that nobody may approve as it is; ``findings`` say why, and each may be let be with a reason."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(", ".join(one.id for one in self.findings))


class TooLongError(ValueError):
    """A text that is longer than any text may be."""


class SameLanguageError(ValueError):
    """A listing is not translated into what it is written in."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A text as it is kept, with what it was made of."""

    locale: str
    path: str
    text: str
    origin: Origin
    source: str
    digest: str
    review: Review
    reviewed_by: str | None
    reviewed_at: datetime | None
    locked: bool
    dismissed: tuple[Mapping[str, Any], ...]
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One text of a listing in one locale: its source as it is now, and what is kept of it.

    ``said`` is what the seller says for the locale's market in its language already; nothing is translated then.
    """

    leaf: Leaf
    digest: str
    locale: str
    kept: Translation | None = None
    said: str | None = None

    @property
    def version(self) -> int:
        """The version to name when it is written; 0 where there is none yet."""
        return 0 if self.kept is None else self.kept.version

    @property
    def text(self) -> str:
        """The text there is."""
        return self.said or ("" if self.kept is None else self.kept.text)

    @property
    def freshness(self) -> Freshness:
        """How fresh it is: asked of the source each time."""
        if self.said is not None:
            return "current"
        return freshness(self.kept.digest if self.kept is not None and self.kept.text else None, self.leaf.text)

    @property
    def review(self) -> Review | None:
        """Who stands behind it; what the seller said for the market needs nobody's approval."""
        if self.said is not None:
            return "approved"
        return None if self.kept is None or not self.kept.text else self.kept.review

    def state(self, *, blocked: bool = False) -> State:
        """Return what the gate asks."""
        return State(self.review, self.freshness, blocked)


@dataclass(frozen=True, slots=True)
class Desk:
    """A listing and its texts in a locale, the main ones first."""

    kept: Kept
    locale: str
    rows: tuple[Row, ...]

    def row(self, path: str) -> Row:
        """Return one of them; ``LeafNotFoundError``."""
        found = next((one for one in self.rows if one.leaf.path == path), None)
        if found is None:
            raise LeafNotFoundError(path)
        return found


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be written: the text, the digest of the source that it is for, and the version that was read.

    ``origin`` absent is a person's. ``approve``: whoever writes it stands behind it.
    """

    path: str
    text: str
    digest: str
    version: int = 0
    origin: Origin | None = None
    approve: bool = False


@dataclass(frozen=True, slots=True)
class Saving:
    """One saving in a text's history."""

    id: int
    version: int
    at: datetime
    who: str | None
    via: str
    changes: tuple[Change, ...]


def open_desk(services: Services, actor: Actor, listing_id: str, locale: str) -> Desk:
    """Return a listing's texts in a locale; ``ListingNotFoundError``, ``SameLanguageError``."""
    with services.database.reading() as session:
        return _desk(session, actor, own(session, actor, listing_id), locale)


def write(services: Services, actor: Actor, listing_id: str, locale: str, written: Written) -> Row:
    """Keep a text and return its row. An empty text takes it away; a person's edit makes a draft of it again.

    Raises ``SourceChangedError``, ``TextChangedError``, ``LockedError``, ``TooLongError``, ``LeafNotFoundError``, and
    ``BlockedError`` where it is to be approved and a check found what must not go out.
    """
    actor.must("editor")
    with services.database.writing.begin() as session:
        return put(session, services.now(), actor, listing_id, locale, written)


def review(services: Services, actor: Actor, listing_id: str, locale: str, verdict: Review, at: Written) -> Row:
    """Approve a text, reject it, or make it a draft again; ``at`` names path, digest and version that were looked at.

    Who approves says that the text holds for the source as it is now, also where the source was changed: the text is
    current then. Raises what :func:`write` raises, and ``BlockedError`` where a check found what must not go out.
    """
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        row, stored = _open_for(session, actor, listing_id, locale, at)
        if stored is None or not stored.text:
            raise LeafNotFoundError(at.path)
        document = _document(stored) | _reviewed(verdict, actor, now)
        if verdict == "approved":
            _refuse_blocked(session, actor, now, listing_id, row, stored.text)
            document |= {"source": normalised(row.leaf.text), "digest": row.digest}
        _save(session, now, actor, stored, document)
        return _again(session, actor, listing_id, locale, at.path)


def lock(services: Services, actor: Actor, listing_id: str, locale: str, path: str, *, locked: bool) -> Row:
    """Lock a text against every change, or open it again; one that is not there yet is never translated then."""
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        listing = own(session, actor, listing_id, lock=True)
        row = _desk(session, actor, listing, locale).row(path)
        stored = _stored(session, actor, listing_id, locale, path) or _new(actor, listing_id, row)
        _save(session, now, actor, stored, _document(stored) | {"locked": locked})
        return _again(session, actor, listing_id, locale, path)


def dismiss(
    services: Services, actor: Actor, listing_id: str, locale: str, at: Written, *, finding: str, reason: str
) -> Row:
    """Let a finding be, with the reason: it is not told again until source or text change."""
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        row, stored = _open_for(session, actor, listing_id, locale, at)
        if stored is None:
            raise LeafNotFoundError(at.path)
        entry = {
            "finding": finding,
            "reason": reason,
            "who": who_of(actor),
            "at": now.isoformat(),
            "source": row.digest,
            "text": digest(stored.text),
        }
        others = [one for one in stored.dismissed if one["finding"] != finding]
        _save(session, now, actor, stored, _document(stored) | {"dismissed": [*others, entry]})
        return _again(session, actor, listing_id, locale, at.path)


def history(services: Services, actor: Actor, listing_id: str, locale: str, path: str) -> tuple[Saving, ...]:
    """Return every saving of a text, the last first."""
    with services.database.reading() as session:
        own(session, actor, listing_id)
        query = select(TranslationChange).where(*_of(TranslationChange, actor, listing_id, locale, path))
        return tuple(_saving(one) for one in session.scalars(query.order_by(TranslationChange.id.desc())))


def undo(services: Services, actor: Actor, listing_id: str, locale: str, path: str, change_id: int) -> Row:
    """Take one saving of a text back; the first one takes the text away.

    Raises ``ConflictError`` with the fields that were changed again since, and ``LeafNotFoundError``.
    """
    actor.must("editor")
    now = services.now()
    with services.database.writing.begin() as session:
        own(session, actor, listing_id, lock=True)
        stored = _stored(session, actor, listing_id, locale, path)
        saved = session.get(TranslationChange, change_id)
        if stored is None or saved is None or not _is_of(saved, stored):
            raise LeafNotFoundError(path)
        if stored.locked and any(one["path"] != ["locked"] for one in saved.changes):
            raise LockedError(path)
        inverses = [Change.of(one).inverse for one in reversed(saved.changes)]
        if saved.version == 1:
            # What was never said cannot come back: the text is taken away, what it was made of stays to be seen.
            document = applied(_document(stored), [one for one in inverses if one.path == ("text",)])
            document |= {"text": ""} | _reviewed("draft", actor, now)
        else:
            document = applied(_document(stored), inverses)
        _save(session, now, actor, stored, document, via=f"undo:{change_id}")
        return _again(session, actor, listing_id, locale, path)


def texts_of(
    session: Session, actor: Actor, listing_ids: Collection[str], locales: Collection[str]
) -> dict[tuple[str, str, str], Translation]:
    """Return what is kept of listings in locales, by listing, locale and path."""
    query = select(StoredTranslation).where(
        StoredTranslation.seller_id == actor.seller_id,
        StoredTranslation.listing_id.in_(listing_ids),
        StoredTranslation.locale.in_(locales),
    )
    return {(one.listing_id, one.locale, one.path): _kept(one) for one in session.scalars(query)}


def rows_of(listing: Listing, locale: str, kept: Mapping[str, Translation]) -> tuple[Row, ...]:
    """Return a listing's texts in a locale; ``kept`` are those there are, by path."""
    said = own_words(listing, locale)
    return tuple(
        Row(leaf, digest(leaf.text), locale, kept.get(leaf.path), said.get(leaf.field))
        for leaf in leaves(listing, locale)
    )


def who_of(actor: Actor) -> str:
    """Return who acts as it is kept: the person, else the door."""
    return actor.user_id or actor.via


# -- inside a transaction of the caller ---------------------------------------------------------------------------
def put(session: Session, now: datetime, actor: Actor, listing_id: str, locale: str, written: Written) -> Row:
    """Keep a text in a transaction of the caller; see :func:`write`."""
    if len(written.text) > MAX_TEXT:
        raise TooLongError(written.path)
    row, stored = _open_for(session, actor, listing_id, locale, written)
    if stored is None:
        stored = _new(actor, listing_id, row)
    text = normalised(written.text)
    document = _document(stored)
    if text != stored.text or written.digest != stored.digest or written.origin is not None:
        origin = Origin.of(stored.origin) if stored.text else PERSON
        origin = written.origin or (origin.edited() if text != stored.text else origin)
        document |= {"text": text, "origin": origin.to_dict(), "source": normalised(row.leaf.text)}
        document |= {"digest": row.digest} | _reviewed("draft", actor, now)
    if written.approve and text:
        _refuse_blocked(session, actor, now, listing_id, row, text)
        document |= _reviewed("approved", actor, now)
    _save(session, now, actor, stored, document)
    return _again(session, actor, listing_id, locale, written.path)


def _open_for(
    session: Session, actor: Actor, listing_id: str, locale: str, at: Written
) -> tuple[Row, StoredTranslation | None]:
    """Return the row that is to be changed, its listing locked, so that its source stays what it is meanwhile."""
    listing = own(session, actor, listing_id, lock=True)
    row = _desk(session, actor, listing, locale).row(at.path)
    if at.digest != row.digest:
        raise SourceChangedError(row)
    if at.version != row.version:
        raise TextChangedError(row)
    stored = _stored(session, actor, listing_id, locale, at.path)
    if stored is not None and stored.locked:
        raise LockedError(at.path)
    return row, stored


def _refuse_blocked(session: Session, actor: Actor, now: datetime, listing_id: str, row: Row, text: str) -> None:
    (kept,) = all_kept(session, [own(session, actor, listing_id)])
    checker = Checker.of(session, actor, plan_of(session, actor), now.date())
    found = [one for one in checker.findings(kept.listing, row, text) if one.severity == "block"]
    if found:
        raise BlockedError(found)


def _desk(session: Session, actor: Actor, listing: Any, locale: str) -> Desk:  # noqa: ANN401  # a row of listings
    (kept,) = all_kept(session, [listing])
    if locale == kept.listing.language or not base(locale):
        raise SameLanguageError(locale)
    found = texts_of(session, actor, [kept.id], [locale])
    return Desk(kept, locale, rows_of(kept.listing, locale, {path: one for (_, _, path), one in found.items()}))


def _again(session: Session, actor: Actor, listing_id: str, locale: str, path: str) -> Row:
    return _desk(session, actor, own(session, actor, listing_id), locale).row(path)


def _of(table: Any, actor: Actor, listing_id: str, locale: str, path: str) -> Iterable[Any]:  # noqa: ANN401  # a table
    """Return what finds the rows of one text."""
    return (
        table.seller_id == actor.seller_id,
        table.listing_id == listing_id,
        table.locale == locale,
        table.path == path,
    )


def _stored(session: Session, actor: Actor, listing_id: str, locale: str, path: str) -> StoredTranslation | None:
    query = select(StoredTranslation).where(*_of(StoredTranslation, actor, listing_id, locale, path))
    return session.scalars(query).one_or_none()


def _new(actor: Actor, listing_id: str, row: Row) -> StoredTranslation:
    """Return a text that nobody wrote yet; it comes into the database when it is saved."""
    return StoredTranslation(
        seller_id=actor.seller_id,
        listing_id=listing_id,
        locale=row.locale,
        path=row.leaf.path,
        text="",
        origin=PERSON.to_dict(),
        source="",
        digest="",
        review="draft",
        locked=False,
        dismissed=[],
        version=0,
    )


def _is_of(saved: TranslationChange, stored: StoredTranslation) -> bool:
    names = ("seller_id", "listing_id", "locale", "path")
    return all(getattr(saved, name) == getattr(stored, name) for name in names)


_FIELDS: Final = ("text", "origin", "source", "digest", "review", "reviewed_by", "locked", "dismissed")


def _document(stored: StoredTranslation) -> Document:
    at = stored.reviewed_at
    return {name: getattr(stored, name) for name in _FIELDS} | {"reviewed_at": None if at is None else at.isoformat()}


def _reviewed(verdict: Review, actor: Actor, now: datetime) -> Document:
    if verdict == "draft":
        return {"review": verdict, "reviewed_by": None, "reviewed_at": None}
    return {"review": verdict, "reviewed_by": who_of(actor), "reviewed_at": now.isoformat()}


def _save(
    session: Session,
    now: datetime,
    actor: Actor,
    stored: StoredTranslation,
    document: Document,
    via: str | None = None,
) -> None:
    """Write a document over a text and remember what changed; nothing where nothing differs."""
    before = {} if stored.version == 0 else _document(stored)
    found = differences(before, document)
    if not found or (stored.version and document == before):
        return
    for name in _FIELDS:
        setattr(stored, name, document.get(name, [] if name == "dismissed" else None))
    at = document.get("reviewed_at")
    stored.reviewed_at = None if at is None else type(now).fromisoformat(at)
    stored.version += 1
    stored.updated_at = now
    session.add(stored)
    session.add(
        TranslationChange(
            seller_id=stored.seller_id,
            listing_id=stored.listing_id,
            locale=stored.locale,
            path=stored.path,
            version=stored.version,
            at=now,
            who=who_of(actor),
            via=via or actor.via,
            changes=[one.to_dict() for one in found],
        )
    )
    session.flush()
    remembering.sync(session, actor, stored, now)


def _kept(one: StoredTranslation) -> Translation:
    return Translation(
        one.locale,
        one.path,
        one.text,
        Origin.of(one.origin),
        one.source,
        one.digest,
        one.review,  # type: ignore[arg-type]  # written by us
        one.reviewed_by,
        one.reviewed_at,
        one.locked,
        tuple(one.dismissed),
        one.version,
        one.updated_at,
    )


def _saving(one: TranslationChange) -> Saving:
    return Saving(one.id, one.version, one.at, one.who, one.via, tuple(Change.of(change) for change in one.changes))
