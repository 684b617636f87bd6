"""A shop's texts on their way to a translator outside and back: XLIFF and PO, each text under its listing and path.

What comes back is a draft by a person. What somebody approved or wrote here meanwhile is never written over unseen: it
is told with both wordings, and whoever has seen them names the texts that shall give way. A text whose source is
another by now is told with that source, and not taken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select

from listings.outgoing import serves
from shopkit.models import StoredListing
from shopkit.services import audit
from shopkit.services.checking import Checker
from shopkit.services.listings import ListingNotFoundError, all_kept, own
from shopkit.services.translation_plans import plan_of
from shopkit.services.translation_progress import what
from shopkit.services.translations import (
    MAX_TEXT,
    LockedError,
    SameLanguageError,
    SourceChangedError,
    TextChangedError,
    TooLongError,
    Written,
    put,
    rows_of,
    texts_of,
)
from translations.exchange.errors import ExchangeError
from translations.exchange.passages import Passage
from translations.freshness import digest, normalised
from translations.locales import known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept
    from shopkit.services.translations import Row
    from translations.exchange.passages import Format, Returned, State
    from translations.findings import Finding

Came = Literal["taken", "same", "empty", "stale", "approved", "written", "locked", "said", "gone", "long", "twice"]
MAX_TEXTS: Final = 20_000
_STATES: Final[Mapping[str, State]] = {"missing": "missing", "changed": "changed", "draft": "draft", "done": "approved"}
_AT_ONCE: Final = 100
_LOCALE: Final = 16


class SeveralLanguagesError(ValueError):
    """A file is of one source language; ``languages`` are those of the listings, the most frequent first."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        super().__init__(", ".join(languages))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one text of a file.

    ``taken``     is a draft now; ``stops`` are the findings that keep it from being approved
    ``same``      is there already
    ``empty``     nobody translated it
    ``stale``     the source is another by now: ``source``
    ``approved``  somebody approved ``now``; the file has ``text``
    ``written``   a person wrote ``now``; the file has ``text``
    ``locked``, ``said`` (by the seller, for the market), ``gone`` (no such text in the shop), ``long``, ``twice``
    """

    came: Came
    id: str
    title: str = ""
    text: str = ""
    now: str = ""
    source: str = ""
    digest: str = ""
    version: int = 0
    stops: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a file, text by text, in the file's order."""

    locale: str
    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> Counter[Came]:
        """How many texts came to what."""
        return Counter(one.came for one in self.outcomes)


def write(
    services: Services,
    actor: Actor,
    name: Format,
    locale: str,
    listing_ids: Collection[str] | None = None,
    *,
    source: str | None = None,
    waiting: bool = False,
) -> tuple[str, int]:
    """Return a file with the texts of these listings, or of all that are not archived, and how many texts it holds.

    ``source``: of those that are written in this language; ``waiting``: texts alone that somebody has to see to. What
    is locked, or said by the seller for the market, is nobody's to translate. Raises ``SeveralLanguagesError``, and
    ``ExchangeError`` where the format cannot hold a text, or there are more than ``MAX_TEXTS``.
    """
    with services.database.reading() as session:
        found = _languages(session, actor, listing_ids)
        if source is None and len(found) > 1:
            raise SeveralLanguagesError(found)
        language = source or next(iter(found), "es")
        passages = [
            _passage(kept, row)
            for kept, row in _rows(session, actor, locale, language, listing_ids)
            if not waiting or what(row) != "done"
        ]
    if len(passages) > MAX_TEXTS:
        raise ExchangeError(
            "size", "", f"{len(passages):,} texts are more than the {MAX_TEXTS:,} of a file; choose fewer listings"
        )
    # Imported with the first file: the reading and writing of XML take their time.
    from translations.exchange import jobs  # noqa: PLC0415

    return jobs.write(passages, name, language, locale), len(passages)


def languages(services: Services, actor: Actor) -> tuple[str, ...]:
    """Return the languages that the shop's listings are written in, the most frequent first."""
    with services.database.reading() as session:
        return _languages(session, actor, None)


def read(services: Services, actor: Actor, data: bytes, *, replace: bool = False) -> Taken:
    """Take the texts of a file in as drafts, listing by listing, and tell what came of each.

    ``replace``: also over what was approved or written here, by whoever has seen both. Raises ``ExchangeError`` for a
    file that cannot be read or is in no language of ours, ``ForbiddenError``.
    """
    actor.must("editor")
    from translations.exchange import jobs  # noqa: PLC0415  # with the first file, as above

    job = jobs.read(data)
    locale = job.target_locale
    if len(locale) > _LOCALE or not known(locale):
        raise ExchangeError("content", "", f"{locale!r} is no language that we write; name one in the file")
    if len(job.texts) > MAX_TEXTS:
        raise ExchangeError("size", "", f"a file holds {MAX_TEXTS:,} texts at most; split it")
    times = Counter(one.id for one in job.texts)
    came = {one.id: Outcome("twice", one.id) for one in job.texts if times[one.id] > 1}
    by_listing: dict[str, list[Returned]] = {}
    for one in job.texts:
        if one.id not in came:
            by_listing.setdefault(one.id.partition("/")[0], []).append(one)
    with services.database.reading() as session:
        checker = Checker.of(session, actor, plan_of(session, actor), services.now().date())
    for listing_id, texts in by_listing.items():
        with services.database.writing.begin() as session:
            came |= _listing(session, services.now(), actor, listing_id, locale, texts, checker, replace=replace)
    with services.database.writing.begin() as session:
        taken = sum(one.came == "taken" for one in came.values())
        audit.note(session, actor, services.now(), "texts.imported", locale, taken=taken)
    return Taken(locale, tuple(came[id_] for id_ in times))


def give_way(services: Services, actor: Actor, locale: str, seen: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Put texts of a file in the place of those that stood back for them, and return those that were.

    ``seen`` names digest and version that somebody looked at: what is another by now stays.
    """
    actor.must("editor")
    done = []
    for one in seen:
        listing_id, _, path = one.id.partition("/")
        written = Written(path, one.text, one.digest, one.version)
        try:
            with services.database.writing.begin() as session:
                put(session, services.now(), actor, listing_id, locale, written)
        except (
            SourceChangedError,
            TextChangedError,
            LockedError,
            TooLongError,
            ListingNotFoundError,
            SameLanguageError,
        ):
            continue
        done.append(one)
    return tuple(done)


def _mine(actor: Actor, ids: Collection[str] | None) -> Select[StoredListing]:
    query = select(StoredListing).where(StoredListing.seller_id == actor.seller_id)
    return query.where(StoredListing.status != "archived" if ids is None else StoredListing.id.in_(ids))


def _languages(session: Session, actor: Actor, ids: Collection[str] | None) -> tuple[str, ...]:
    column = StoredListing.document["language"].as_string()
    found = Counter(one or "es" for one in session.scalars(_mine(actor, ids).with_only_columns(column)))
    return tuple(language for language, _ in found.most_common())


def _rows(
    session: Session, actor: Actor, locale: str, language: str, ids: Collection[str] | None
) -> Iterator[tuple[Kept, Row]]:
    """Return the texts of listings written in a language, page by page, the oldest listing first."""
    last = ""
    while stored := session.scalars(
        _mine(actor, ids).where(StoredListing.id > last).order_by(StoredListing.id).limit(_AT_ONCE)
    ).all():
        last = stored[-1].id
        page = [one for one in all_kept(session, stored) if one.listing.language == language != locale]
        texts = texts_of(session, actor, [one.id for one in page], [locale])
        for kept in page:
            here = {path: one for (id_, _, path), one in texts.items() if id_ == kept.id}
            if here or not serves(language, locale):
                for row in rows_of(kept.listing, locale, here):
                    if row.said is None and not (row.kept is not None and row.kept.locked):
                        yield kept, row


def _passage(kept: Kept, row: Row) -> Passage:
    # Photos and words of lists are named by a hash, which tells a translator nothing.
    kind, _, rest = row.leaf.path.partition("/")
    note = kind if kind in {"photos", "words"} else rest if kind in {"attributes", "extra"} else row.leaf.path
    title = "" if row.leaf.path == "title" else f" · {kept.listing.title}"
    return Passage(f"{kept.id}/{row.leaf.path}", row.leaf.text, row.text, _STATES[what(row)], f"{note}{title}")


def _listing(
    session: Session,
    now: datetime,
    actor: Actor,
    listing_id: str,
    locale: str,
    texts: Iterable[Returned],
    checker: Checker,
    *,
    replace: bool,
) -> dict[str, Outcome]:
    """Take the texts of one listing in, and return what came of each, by id."""
    try:
        (kept,) = all_kept(session, [own(session, actor, listing_id, lock=True)])
    except ListingNotFoundError:
        return {one.id: Outcome("gone", one.id) for one in texts}
    held = {path: one for (_, _, path), one in texts_of(session, actor, [listing_id], [locale]).items()}
    rows = (
        {} if kept.listing.language == locale else {one.leaf.path: one for one in rows_of(kept.listing, locale, held)}
    )
    found = {}
    for one in texts:
        row = rows.get(one.id.partition("/")[2])
        came = _came(row, one, replace=replace)
        if row is None:
            found[one.id] = Outcome(came, one.id, kept.listing.title)
            continue
        text = normalised(one.target)
        stops: tuple[Finding, ...] = ()
        if came == "taken":
            put(
                session,
                now,
                actor,
                listing_id,
                locale,
                Written(row.leaf.path, text, row.digest, row.version),
            )
            stops = tuple(each for each in checker.findings(kept.listing, row, text) if each.severity == "block")
        found[one.id] = Outcome(
            came, one.id, kept.listing.title, text, row.text, row.leaf.text, row.digest, row.version, stops
        )
    return found


def _came(row: Row | None, one: Returned, *, replace: bool) -> Came:
    """Return what is to come of a text, before anything is kept."""
    if row is None:
        return "gone"
    text = normalised(one.target)
    held = row.kept if row.kept is not None and row.kept.text else None
    # A program leaves a stale translation where it is: that it still holds is said by marking it as done.
    same = held is not None and text == normalised(held.text) and (row.freshness == "current" or not one.is_done)
    reasons: tuple[tuple[Came, bool], ...] = (
        ("empty", not text),
        ("said", row.said is not None),
        ("locked", row.kept is not None and row.kept.locked),
        ("stale", digest(one.source) != row.digest),
        ("same", same),
        ("long", len(text) > MAX_TEXT),
        ("approved", held is not None and held.review == "approved" and not replace),
        ("written", held is not None and held.origin.kind == "person" and text != held.text and not replace),
    )
    return next((came for came, is_so in reasons if is_so), "taken")
