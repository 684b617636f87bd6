"""Drafts for a shop: its memory, its words and its engines put to work on a text, or on the texts of a listing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from shopkit.models import MemoryUnit
from shopkit.services.checking import terms_of
from shopkit.services.draft_runs import Drafted
from shopkit.services.engines import AnswerCache, MonthLedger
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.reading import read_shape
from translations import locales, measures, segments, sizes
from translations.colours import COLOURS, MATERIALS
from translations.drafting import Desk, NoCache, NoLedger, Text, draft, draft_all
from translations.freshness import digest
from translations.memory import Context, Memory, Unit
from translations.refusals import told
from translations.states import Origin
from translations.termfiles import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.draft_shapes import DraftRequest
    from shopkit.services.engines import Engines
    from shopkit.services.translations import Row
    from translations.drafting import Draft, Piece
    from translations.engines.port import Formality
    from translations.findings import Finding
    from translations.masks import Mark

Json = dict[str, Any]
_AT_ONCE: Final = 500
_TABLES: Final = {"colours": COLOURS, "materials": MATERIALS}
# The chapter of the tariff.
_SHOES: Final = "64"
_FORMAL: Final = frozenset({"usted"})
_KNOWN: Final = {"names": ", ".join(locales.tags())}


def ask(services: Services, actor: Actor | None, value: Any, language: str) -> Json:  # noqa: ANN401  # what JSON holds
    """Return the drafts of one text, with reasons in ``language``; ``RequestError`` lists everything wrong at once.

    Without an actor nothing is remembered, and what is free leaves no trace in the database.
    """
    request = _read(value)
    text = Text(request.text, request.markup, tuple(request.keep))
    desk = _desk(services, actor, checks=True)
    if actor is not None:
        desk = replace(desk, memory=memory_of(services, actor, [text.text]))
    drafts = [
        draft(replace(desk, formality=request.formality or _formality(target)), text, request.from_, target)
        for target in request.to
    ]
    return {
        "from": request.from_,
        "source": request.text,
        "drafts": [_told(one, target, language) for one, target in zip(drafts, request.to, strict=True)],
        "asked": _asked(services.engines, desk.ledger),
    }


class ListingDrafter:
    """Drafts the texts of a listing for one seller: what a drafting of many texts calls for each of them."""

    def __init__(self, services: Services, actor: Actor) -> None:
        self._services = services
        self._actor = actor
        self._desk = _desk(services, actor)

    def __call__(self, listing: Listing, rows: Sequence[Row], locale: str) -> Iterable[Drafted]:
        """Return the draft of each row, or why there is none."""
        keep = tuple(one for one in (listing.brand, *(variant.sku for variant in listing.variants)) if one)
        texts = [
            Text(
                row.leaf.text,
                markup=row.leaf.role == "description",
                keep=keep,
                context=Context(row.leaf.path, listing.category),
                role=row.leaf.role,
                table=_TABLES.get(row.leaf.table or ""),
            )
            for row in rows
        ]
        memory = memory_of(self._services, self._actor, [one.text for one in texts])
        footwear = (listing.hs_code or "").startswith(_SHOES)
        desk = replace(
            self._desk,
            memory=memory,
            formality=_formality(locale),
            localise=partial(_localised, footwear=footwear),
        )
        found = draft_all(desk, texts, listing.language, locale)
        return [_drafted(row, one) for row, one in zip(rows, found, strict=True)]


def _drafted(row: Row, one: Draft) -> Drafted:
    if one.text is None:
        return Drafted(row.leaf.path, None, problem=one.reasons[0])
    if one.origin == "engine":
        origin = Origin("engine", one.engine, one.version, one.direction, one.at.isoformat())
    elif one.origin == "table":
        origin = Origin("table", at=one.at.isoformat())
    else:
        # Numbers and placeholders alone come from nobody; they are as certain as the memory's own words.
        origin = Origin("memory", at=one.at.isoformat(), match=100)
    return Drafted(row.leaf.path, one.text, origin)


def memory_of(services: Services, actor: Actor, texts: Iterable[str]) -> Memory:
    """Return what the shop's memory holds for the very texts or their sentences: others are not offered as drafts."""
    wanted = {digest(text) for text in texts} | {
        digest(each.text) for text in texts for each in segments.split(text) if each.words
    }
    digests = sorted(wanted)
    units = []
    with services.database.reading() as session:
        for start in range(0, len(digests), _AT_ONCE):
            query = select(MemoryUnit).where(
                MemoryUnit.seller_id == actor.seller_id,
                MemoryUnit.source_digest.in_(digests[start : start + _AT_ONCE]),
                MemoryUnit.withdrawn_at.is_(None),
                MemoryUnit.approved.is_(True),
            )
            units += [_unit(one) for one in session.scalars(query)]
    return Memory(units)


def _unit(stored: MemoryUnit) -> Unit:
    context = Context(str(stored.context.get("path", "")), str(stored.context.get("category", "")))
    return Unit(
        str(stored.id),
        stored.source,
        stored.target,
        stored.source_locale,
        stored.target_locale,
        context,
        "approved",
        written=stored.at,
    )


def _desk(services: Services, actor: Actor | None, *, checks: bool = False) -> Desk:
    engines = services.engines
    terms = shipped()
    if actor is not None:
        with services.database.reading() as session:
            terms = terms_of(session, actor)
    counts = actor is not None or engines.counted
    seller_id = None if actor is None else actor.seller_id
    return Desk(
        engines=tuple((one.engine, one.transport) for one in engines.machines),
        terms=terms,
        cache=AnswerCache(services.database, seller_id, services.now) if counts else NoCache(),
        ledger=MonthLedger(services.database, engines, services.now, seller_id) if counts else NoLedger(),
        localise=_localised,
        checks=checks,
        now=services.now,
    )


def _localised(mark: Mark, source: str, target: str, *, footwear: bool = False) -> str:
    """Return what a number, a quantity or a size shows in the target; sizes of shoes where the goods are shoes."""
    if mark.kind == "size":
        return sizes.localised(mark.shown, source, target, footwear=footwear)
    return measures.localise(mark, source, target)


def _read(value: Any) -> DraftRequest:  # noqa: ANN401  # what JSON holds
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    # Slow to build, and only who asks for drafts needs it.
    from shopkit.services.draft_shapes import DraftRequest  # noqa: PLC0415

    problems: list[RequestProblem] = []
    request = read_shape(DraftRequest, value, problems)
    if request is not None:
        if not _is_known(request.from_):
            problems.append(RequestProblem("/from", "draft.locale", _KNOWN))
        for at, tag in enumerate(request.to):
            if not _is_known(tag):
                problems.append(RequestProblem(f"/to/{at}", "draft.locale", _KNOWN))
            elif tag == request.from_:
                problems.append(RequestProblem(f"/to/{at}", "draft.same"))
            elif tag in request.to[:at]:
                problems.append(RequestProblem(f"/to/{at}", "draft.twice"))
    if problems or request is None:
        raise RequestError(problems)
    return request


def _is_known(tag: str) -> bool:
    return tag in locales.tags()


def _formality(target: str) -> Formality | None:
    """Return how an engine is asked to speak to the buyers of a market; English has one form."""
    address = locales.of(target).address
    return None if address is None else "formal" if address in _FORMAL else "informal"


def _told(one: Draft, target: str, language: str) -> Json:
    return {
        "to": target,
        "draft": one.text,
        "origin": one.origin if one.text is not None else None,
        "engine": one.engine or None,
        "version": one.version or None,
        "direction": one.direction or None,
        "at": one.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "digest": one.digest,
        "confidence": {"band": one.confidence.band, "words": one.confidence.words, "unknown": list(one.unknown)},
        "reasons": [_reason(piece, language) for piece in _distinct(one.pieces)],
        "segments": [
            {
                "source": piece.source,
                "draft": piece.text,
                "origin": piece.origin if piece.text is not None else None,
                "terms": list(piece.terms),
                "reason": piece.reason,
            }
            for piece in one.pieces
        ],
        "findings": [_finding(found, language) for found in one.findings],
    }


def _finding(found: Finding, language: str) -> Json:
    return {
        "id": found.id,
        "severity": found.severity,
        "span": list(found.span),
        "message": found.why(language),
        "action": found.how(language),
        "fix": found.fix,
    }


def _distinct(pieces: Sequence[Piece]) -> list[Piece]:
    return list({piece.reason: piece for piece in reversed(pieces) if piece.reason is not None}.values())


def _reason(piece: Piece, language: str) -> Json:
    assert piece.reason is not None  # noqa: S101  # only refused ones come here
    message, action = told(piece.reason, language)
    return {"code": piece.reason, "message": message, "action": action, "detail": piece.detail or None}


def _asked(engines: Engines, ledger: object) -> list[Json]:
    """Return what was asked of each engine; ``cost`` is nothing where nobody said what it costs."""
    spent = ledger.spent if isinstance(ledger, MonthLedger) else {}
    found = []
    for name, characters in spent.items():
        machine = engines.machine(name)
        price = None if machine is None else machine.price
        cost = None if price is None else {"amount": f"{price.of(characters):f}", "currency": price.currency}
        found.append({"engine": name, "characters": characters, "cost": cost})
    return found
