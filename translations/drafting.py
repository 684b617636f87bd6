"""A draft of a text for another market: from the memory where it is known word for word, else from an engine.

A colour or a material that stands by itself is said by its table, not by translation.

Nothing is lost and nothing made up: a segment that no engine gave whole, with every mark in its place, is refused with
the reason, and a text with a refused segment has no draft, only its segments. Numbers and units are written for the
target before an engine sees them, and terms that are certain stand in it as the termbase has them. A text is drafted by
one engine: where that one fails on a segment, the next gets the whole text, for two voices in one text are noticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, Protocol

from translations import checks, segments
from translations.engines.asking import ask, direction
from translations.engines.port import BANDS, EngineError, Translated, language
from translations.freshness import digest
from translations.masks import BrokenMarksError, Keep, Mark, Marked, mark
from translations.memory import Context
from translations.segments import Segment
from translations.terms import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from translations.checks.case import Role
    from translations.colours import Words
    from translations.engines.port import Band, Engine, Formality, Hop, Reason, Transport
    from translations.findings import Finding
    from translations.memory import Memory
    from translations.terms import TermBase

Source = Literal["memory", "table", "engine", "kept"]
Localise = Callable[[Mark, str, str], str]
# What no text of a shop holds on purpose, and what ends the input of some engines.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_FIRST: Final = re.compile(r"[^\w<{%⟦]*[^\W\d_]")
# Of these a click would do no harm in anybody's text, so an engine's is spared the click.
_MENDED: Final = frozenset({"inverted_marks", "euphony", "double_space", "space_before"})
# Share of words that an engine did not know, above which its draft is worth less.
_SOME: Final = 0.1
_CONTEXT: Final = 2_000
# A noun can be put in as it stands in the termbase; what bends with its neighbours cannot.
_SET: Final = frozenset({"noun", "name"})
_NOWHERE: Final = Context()
_WEIGHTIEST: Final[tuple[Source, ...]] = ("engine", "memory", "table")


@dataclass(frozen=True, slots=True)
class Text:
    """A text to draft: ``markup`` when it is HTML, ``keep`` its brands and what else stays letter by letter.

    ``role`` is the part it plays, for the checks; ``table`` where a whole text is looked up that is a colour or a
    material by itself.
    """

    text: str
    markup: bool = False
    keep: tuple[str, ...] = ()
    context: Context = _NOWHERE
    role: Role = "text"
    table: Words | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """What became of one segment; ``text`` ``None``: refused for ``reason``, with what the engine said.

    ``words`` counts those that were left to translate, ``terms`` are the words of the termbase that were put in.
    """

    source: str
    text: str | None
    origin: Source
    words: int = 0
    unknown: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    reason: Reason | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure a draft is: of ``words`` in its source an engine did not know ``unknown``.

    ``band`` ``None``: nobody says how sure it is. It speaks of known words alone: a homograph is known and still wrong.
    """

    band: Band | None
    words: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, marked as one; ``text`` ``None``: it was refused, and ``pieces`` tell where and why.

    ``engine`` is empty where the memory had everything. ``digest`` is that of the source, ``findings`` are of the text.
    """

    source: str
    text: str | None
    digest: str
    engine: str
    version: str
    direction: str
    at: datetime
    confidence: Confidence
    unknown: tuple[str, ...]
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def origin(self) -> Source:
        """Where its words are from: an engine as soon as one had a part in it."""
        origins = {piece.origin for piece in self.pieces}
        return next((one for one in _WEIGHTIEST if one in origins), "kept")

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it was refused, each reason once."""
        return tuple(dict.fromkeys(piece.reason for piece in self.pieces if piece.reason is not None))


class Cache(Protocol):
    """Answers of engines, kept under what was asked."""

    def find(self, keys: Sequence[str]) -> Mapping[str, Translated]:
        """Return the answers that are there."""
        ...

    def keep(self, engine: Engine, answers: Mapping[str, Translated]) -> None:
        """Keep answers."""
        ...


class Ledger(Protocol):
    """What engines were asked for and may still be asked for."""

    def reserve(self, engine: Engine, characters: int) -> bool:
        """Set characters aside; ``False`` where that is more than the shop allows."""
        ...

    def settle(self, engine: Engine, reserved: int, billed: int) -> None:
        """Count what was really paid for, instead of what was set aside."""
        ...


class NoCache:
    """Keeps nothing."""

    def find(self, keys: Sequence[str]) -> Mapping[str, Translated]:  # noqa: ARG002  # there is nothing to find
        """Return nothing."""
        return {}

    def keep(self, engine: Engine, answers: Mapping[str, Translated]) -> None:
        """Forget them."""


class NoLedger:
    """Allows everything."""

    def reserve(self, engine: Engine, characters: int) -> bool:  # noqa: ARG002  # whatever it is
        """Allow it."""
        return True

    def settle(self, engine: Engine, reserved: int, billed: int) -> None:
        """Count nothing."""


def unchanged(mark: Mark, source: str, target: str) -> str:  # noqa: ARG001  # whatever they are
    """Return what the mark shows already."""
    return mark.shown


def utc_now() -> datetime:
    """Return the moment, which stands on a draft."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What drafts are made with: ``engines`` in the order in which they are asked.

    ``localise`` writes a number or unit for the target. Without ``protects`` an engine gets the bare text and whatever
    comes back is taken: for measuring what protection is worth, and for nothing else. With ``checks`` a draft tells
    what is found in it; what can be mended without a doubt in an engine's words is mended either way.
    """

    engines: tuple[tuple[Engine, Transport], ...]
    memory: Memory | None = None
    terms: TermBase | None = None
    localise: Localise = unchanged
    formality: Formality | None = None
    cache: Cache = field(default_factory=NoCache)
    ledger: Ledger = field(default_factory=NoLedger)
    now: Callable[[], datetime] = utc_now
    protects: bool = True
    checks: bool = False


@dataclass(slots=True)
class _Work:
    """A text on the desk: its segments, what each has so far, and the best whole attempt of an engine."""

    text: Text
    segments: tuple[Segment, ...]
    known: dict[int, Piece] = field(default_factory=dict)
    made: dict[int, Piece] = field(default_factory=dict)
    engine: Engine | None = None
    way: str = ""
    ceiling: Band | None = None
    reasons: list[EngineError] = field(default_factory=list)

    @property
    def open(self) -> list[int]:
        """The segments that an engine has to do."""
        return [at for at, each in enumerate(self.segments) if each.words and at not in self.known]

    @property
    def done(self) -> bool:
        """Whether every one of them is there."""
        return all(at in self.made and self.made[at].text is not None for at in self.open)


def draft(desk: Desk, text: Text, source: str, target: str) -> Draft:
    """Return the draft of one text from the locale ``source`` for ``target``."""
    return draft_all(desk, [text], source, target)[0]


def draft_all(desk: Desk, texts: Sequence[Text], source: str, target: str) -> tuple[Draft, ...]:
    """Return the draft of each text, in order; engines are asked for all of them together."""
    works = [_begun(desk, text, source, target) for text in texts]
    for engine, transport in desk.engines:
        left = [work for work in works if not work.done]
        if left:
            _ask(desk, engine, transport, left, source, target)
    return tuple(_checked(desk, work.text, _finished(desk, work), source, target) for work in works)


# -- before the engine --------------------------------------------------------------------------------------------


def _begun(desk: Desk, text: Text, source: str, target: str) -> _Work:
    whole = None if desk.memory is None else _remembered(desk.memory, text.text, source, target, text.context)
    if whole is not None:
        piece = Piece(text.text, whole, "memory", _count(text.text))
        return _Work(text, (Segment(text.text, words=True),), {0: piece})
    label = None if text.table is None else text.table.translated(text.text, source, target)
    if label is not None:
        piece = Piece(text.text, _begins_as(text.text, label), "table", _count(text.text))
        return _Work(text, (Segment(text.text, words=True),), {0: piece})
    found = segments.split(text.text, markup=text.markup)
    work = _Work(text, found)
    spoken = [at for at, each in enumerate(found) if each.words]
    for place, at in enumerate(spoken):
        words = found[at].text
        if _CONTROL.search(words):
            work.known[at] = Piece(words, None, "engine", reason="characters")
            continue
        before = found[spoken[place - 1]].text if place else text.context.previous
        after = found[spoken[place + 1]].text if place + 1 < len(spoken) else text.context.following
        context = replace(text.context, previous=before, following=after)
        remembered = None if desk.memory is None else _remembered(desk.memory, words, source, target, context)
        if remembered is not None:
            work.known[at] = Piece(words, remembered, "memory", _count(words))
            continue
        marked = _marked(desk, words, text.keep, (), source, target)[0]
        if not _WORD.search(marked.words):
            work.known[at] = Piece(words, "".join(_shown(piece) for piece in marked.pieces), "kept")
    return work


def _remembered(memory: Memory, words: str, source: str, target: str, context: Context) -> str | None:
    """Return what the very same words were translated to, by a person or with a person's approval."""
    for match in memory.look_up(words, source, target, context, threshold=1.0, limit=3):
        if match.kind in {"context", "exact"} and (match.unit.status == "approved" or match.unit.origin == "person"):
            return match.text
    return None


def _marked(
    desk: Desk, words: str, keep: Iterable[str], unknown: Iterable[str], source: str, target: str
) -> tuple[Marked, tuple[str, ...]]:
    """Return a segment with its marks as they shall stand in the target, and the terms that were put in."""
    if not desk.protects:
        return Marked((words,)), ()
    kept = [Keep(one) for one in keep]
    terms = [] if desk.terms is None else _terms(desk.terms, words, unknown, source, target)
    marked = mark(words, (*kept, *terms)).showing(lambda one: _localised(desk, one, source, target))
    return marked, tuple(one.shown for one in marked.marks if one.kind == "term")


def _localised(desk: Desk, one: Mark, source: str, target: str) -> str:
    return desk.localise(one, source, target) if one.kind in {"number", "unit", "size"} else one.shown


def _terms(terms: TermBase, words: str, unknown: Iterable[str], source: str, target: str) -> list[Keep]:
    """Return the terms that can be put in without a doubt: one reading, met in its dictionary form, and a noun.

    The unit of a quantity is none: *7 in* is written by table as a whole. In Spanish and Portuguese, whose neighbours
    bend with a noun, an engine does better with a word that it knows (measured, decision 0030): there ours are put in
    for what it does not know alone. A seller's own and names stand everywhere.
    """
    missed = {word.casefold() for word in unknown}
    found = []
    hits = terms.find(words, source, target)
    taken = _taken(words) if hits else frozenset()
    for hit in hits:
        word = hit.target
        if not taken.isdisjoint(range(hit.start, hit.end)):
            continue
        if word is None or not hit.certain or word.part not in _SET or hit.text.casefold() != hit.term.text.casefold():
            continue
        ours = word.origin == hit.term.origin == SHIPPED and word.status != "untranslatable"
        if ours and language(target) != "en" and missed.isdisjoint(_WORD.findall(hit.text.casefold())):
            continue
        shown = word.text if word.status == "untranslatable" else _as(hit.text, word.text)
        found.append(Keep(hit.text, "term", shown, hit.start))
    return found


def _taken(words: str) -> frozenset[int]:
    """Return the places of what is recognised by its shape."""
    places: set[int] = set()
    at = 0
    for piece in mark(words).pieces:
        length = len(piece.source) if isinstance(piece, Mark) else len(piece)
        if isinstance(piece, Mark):
            places.update(range(at, at + length))
        at += length
    return frozenset(places)


def _as(model: str, word: str) -> str:
    """Return a word with the capitals of another."""
    if model.isupper() and len(model) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def _count(words: str) -> int:
    return len(_WORD.findall(words))


def _shown(piece: str | Mark) -> str:
    return piece.shown if isinstance(piece, Mark) else piece


# -- the engine ---------------------------------------------------------------------------------------------------


def _ask(desk: Desk, engine: Engine, transport: Transport, works: Sequence[_Work], source: str, target: str) -> None:
    route = engine.route(source, target)
    if not route:
        reason: Reason = "none" if engine.name == "none" else "pair"
        for work in works:
            work.reasons.append(EngineError(engine.name, reason))
        return
    jobs = [(work, at) for work in works for at in work.open]
    context = works[0].text.text[:_CONTEXT] if len(works) == 1 and len(jobs) > 1 else ""
    pieces = _round(desk, engine, transport, jobs, [()] * len(jobs), (source, target), context)
    again = [at for at, piece in enumerate(pieces) if _helps(desk, piece, source, target)]
    if again:
        unknown = [pieces[at].unknown for at in again]
        second = _round(desk, engine, transport, [jobs[at] for at in again], unknown, (source, target), context)
        for at, piece in zip(again, second, strict=True):
            pieces[at] = pieces[at] if piece.text is None else piece
    tried: dict[int, dict[int, Piece]] = {}
    for (work, at), piece in zip(jobs, pieces, strict=True):
        tried.setdefault(id(work), {})[at] = piece
    for work in works:
        made = tried[id(work)]
        good = sum(piece.text is not None for piece in made.values())
        if work.engine is None or good > sum(piece.text is not None for piece in work.made.values()):
            work.made, work.engine, work.way = made, engine, direction(route)
            work.ceiling = engine.ceiling(source, target)


def _round(
    desk: Desk,
    engine: Engine,
    transport: Transport,
    jobs: Sequence[tuple[_Work, int]],
    unknown: Sequence[tuple[str, ...]],
    pair: tuple[str, str],
    context: str,
) -> list[Piece]:
    """Return what an engine made of segments, with the terms put in for the words that it did not know."""
    source, target = pair
    marked = [
        _marked(desk, work.segments[at].text, (*work.text.keep, *engine.signs), words, source, target)
        for (work, at), words in zip(jobs, unknown, strict=True)
    ]
    sent = [one.render(engine.idiom) for one, _ in marked]
    answers = _answers(desk, engine, transport, sent, engine.route(source, target), context)
    return [
        replace(_piece(desk, work.segments[at].text, one, answer, engine), words=_count(one.words), terms=terms)
        for (work, at), (one, terms), answer in zip(jobs, marked, answers, strict=True)
    ]


def _helps(desk: Desk, piece: Piece, source: str, target: str) -> bool:
    """Whether the termbase has a word for something that the engine did not know and passed over as it was."""
    if desk.terms is None or not desk.protects or piece.text is None or not piece.unknown:
        return False
    return len(_terms(desk.terms, piece.source, piece.unknown, source, target)) > len(piece.terms)


def _answers(
    desk: Desk, engine: Engine, transport: Transport, sent: Sequence[str], route: Sequence[Hop], context: str
) -> list[Translated | EngineError]:
    """Return an answer for each question: kept ones, and new ones as far as the shop allows; equal ones asked once."""
    keys = {one: _key(engine, one, direction(route), desk.formality, context) for one in dict.fromkeys(sent)}
    kept = desk.cache.find(list(keys.values()))
    told: dict[str, Translated | EngineError] = {one: kept[key] for one, key in keys.items() if key in kept}
    new = [one for one in keys if one not in told]
    characters = sum(map(len, new)) * len(route)
    if new and not desk.ledger.reserve(engine, characters):
        told |= dict.fromkeys(new, EngineError(engine.name, "budget"))
    elif new:
        found = ask(engine, transport, new, route, formality=desk.formality, context=context)
        desk.ledger.settle(engine, characters, found.billed)
        told |= dict(zip(new, found.texts, strict=True))
        desk.cache.keep(
            engine,
            {keys[one]: answer for one, answer in zip(new, found.texts, strict=True) if isinstance(answer, Translated)},
        )
    return [told[one] for one in sent]


def _key(engine: Engine, sent: str, way: str, formality: Formality | None, context: str) -> str:
    """Return what an answer is kept under: the whole question, terms in it included, and who answers it."""
    return digest("\x1f".join((engine.name, engine.version, way, formality or "", context, sent)))


def _piece(desk: Desk, source: str, marked: Marked, answer: Translated | EngineError, engine: Engine) -> Piece:
    if isinstance(answer, EngineError):
        return Piece(source, None, "engine", reason=answer.reason, detail=answer.detail)
    unknown = tuple(dict.fromkeys(answer.unknown or ()))
    if not desk.protects:
        return Piece(source, answer.text, "engine", unknown=unknown)
    try:
        text = marked.restore(answer.text, engine.idiom)
    except BrokenMarksError as error:
        return Piece(source, None, "engine", unknown=unknown, reason="marks", detail=str(error))
    return Piece(source, _begins_as(source, text.strip()), "engine", unknown=unknown)


def _begins_as(source: str, text: str) -> str:
    """Return the text with a capital at its beginning where the source has one: engines forget it."""
    had, has = _FIRST.match(source), _FIRST.match(text)
    if had is None or has is None or not source[had.end() - 1].isupper():
        return text
    at = has.end() - 1
    return text[:at] + text[at].upper() + text[at + 1 :]


# -- after the engine ---------------------------------------------------------------------------------------------


def _finished(desk: Desk, work: _Work) -> Draft:
    last = work.reasons[-1] if work.reasons else EngineError("none", "none")
    pieces = []
    for at, each in enumerate(work.segments):
        if each.words:
            unmade = Piece(each.text, None, "engine", reason=last.reason, detail=last.detail)
            pieces.append(work.known.get(at) or work.made.get(at) or unmade)
    texts = [piece.text for piece in pieces if piece.text is not None]
    whole = segments.join(work.segments, texts) if len(texts) == len(pieces) else None
    unknown = tuple(dict.fromkeys(word for piece in pieces for word in piece.unknown))
    engine = work.engine if any(piece.origin == "engine" and piece.text is not None for piece in pieces) else None
    return Draft(
        source=work.text.text,
        text=whole,
        digest=digest(work.text.text),
        engine=engine.name if engine else "",
        version=engine.version if engine else "",
        direction=work.way if engine else "",
        at=desk.now(),
        confidence=_confidence(pieces, work.ceiling if engine else None, asked=engine is not None or whole is None),
        unknown=unknown,
        pieces=tuple(pieces),
    )


def _checked(desk: Desk, text: Text, made: Draft, source: str, target: str) -> Draft:
    """Return the draft with small faults of an engine mended, and with what is found in it where that is wanted."""
    if made.text is None or not desk.protects or not (desk.checks or made.origin == "engine"):
        return made
    context = checks.Context(source, target, role=text.role, keep=text.keep, terms=desk.terms)
    found = checks.check(made.source, made.text, context)
    mended = made.text
    if made.origin == "engine":
        safe = [one for one in found if one.id in _MENDED and one.fix is not None]
        begun = len(mended)
        for one in sorted(safe, key=lambda each: each.span, reverse=True):
            if one.span[1] <= begun:
                mended, begun = one.mended(mended), one.span[0]
    if mended != made.text:
        found = checks.check(made.source, mended, context) if desk.checks else ()
    return replace(made, text=mended, findings=found if desk.checks else ())


def _confidence(pieces: Sequence[Piece], ceiling: Band | None, *, asked: bool) -> Confidence:
    words = sum(piece.words for piece in pieces)
    unknown = sum(len(piece.unknown) for piece in pieces)
    if not asked:
        return Confidence("high", words, unknown)
    if ceiling is None:
        return Confidence(None, words, unknown)
    band: Band = "high" if not unknown else "medium" if unknown <= words * _SOME else "low"
    return Confidence(min(band, ceiling, key=BANDS.index), words, unknown)
