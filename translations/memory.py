"""A translation memory: what a text, or one near it, was translated to before, the most trusted first.

A wording that was taken back is never offered again, and a near hit never passes for an exact one: a match tells in
what its source differs. Where that is numbers alone, they are put into the old translation, and the match says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from rapidfuzz.distance import Indel

from translations.locales import chain
from translations.numbers import NumberError, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from translations.candidates import Candidates

Status = Literal["approved", "draft", "withdrawn", "superseded"]
Kind = Literal["context", "exact", "numbers", "fuzzy"]
Difference = Literal["placeholders", "numbers", "units", "words", "writing"]
STATUSES: Final[tuple[Status, ...]] = ("approved", "draft", "withdrawn", "superseded")
NEAR: Final = 0.8
_NEARLY: Final = 0.99
_TENTHS: Final = 10
_KINDS: Final[tuple[Kind, ...]] = ("context", "exact", "numbers", "fuzzy")
_PLACEHOLDER: Final = re.compile(r"\{\{[^{}]*\}\}|\{[^{}]*\}|%\(\w+\)[a-z]|%[sd]\b|</?[a-zA-Z][^<>]*>|https?://\S+")
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*(?:(?<=\d)[/\u2044]\d+)?")
_MEASURE: Final = (
    r"\s?(?:(?i:mm|cm|km|m|in|ft|yd|mg|kg|g|lbs?|fl\.? ?oz|oz|ml|cl|l|gal|pulg(?:adas?)?|pol(?:egadas?)?)|"
    r"[A-Z]{3}|[WV]|°[CF])(?![^\W_])|\s?[%\u2033\"]"
)
_UNIT: Final = re.compile(_MEASURE)
_MASK: Final = {"placeholder": "\ue000", "number": "\ue001"}
# A number with its unit, in a text whose numbers are masked.
_MEASURED: Final = re.compile(f"{_MASK['number']}(?:{_MEASURE})?")
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Context:
    """Where a text stands: the field of a listing, its category, the seller's market, and the texts around it."""

    field: str = ""
    category: str = ""
    market: str = ""
    previous: str = ""
    following: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A text and its translation; a row of a memory.

    ``status`` is that of the translation: *withdrawn* was wrong, *superseded* was replaced. ``origin`` is who wrote it:
    ``person``, or an engine with its version. ``written`` has a time zone.
    """

    id: str
    source: str
    target: str
    source_locale: str
    target_locale: str
    context: Context = Context()
    status: Status = "draft"
    origin: str = "person"
    written: datetime | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not self.source.strip() or not self.target.strip():
            raise ValueError(f"unit {self.id!r}: source and target have text")
        if self.written is not None and self.written.tzinfo is None:
            raise ValueError(f"unit {self.id!r}: {self.written.isoformat()} has no time zone; write it with one")


@dataclass(frozen=True, slots=True)
class Match:
    """What a memory offers for a text.

    ``text`` is the translation to use; for ``numbers`` it is the unit's with ``replaced`` numbers (old, new) in it.
    ``similarity`` is that of the sources, 1 for an exact or context match alone. ``differs`` tells in what the unit's
    source is another: placeholders, numbers, units of measure, words, or the writing alone (capitals, spaces).
    """

    unit: Unit
    text: str
    kind: Kind
    similarity: float
    differs: tuple[Difference, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Parts:
    """A text taken apart: the words with marks for what is counted, and the counted things themselves."""

    masked: str
    placeholders: tuple[str, ...]
    numbers: tuple[str, ...]
    units: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a memory looks by: capitals are no difference, nor are the numbers themselves."""
        return self.masked.casefold()

    @property
    def words(self) -> str:
        """The text without numbers and their units."""
        return _MEASURED.sub(_MASK["number"], self.masked).casefold()


@dataclass(slots=True)
class _Shelf:
    """The units of one pair of languages; those of one source key under its number."""

    keys: Candidates
    units: list[list[Unit]] = field(default_factory=list)
    withdrawn: dict[tuple[str, str, str], datetime | None] = field(default_factory=dict)


def _shelf(keys: Iterable[str]) -> _Shelf:
    # The index stands on numpy, which is slow to load, and a shop that only quotes has no memory.
    from translations.candidates import Candidates  # noqa: PLC0415

    return _Shelf(Candidates(keys))


class Memory:
    """Units that can be asked; more may be added at any time, and the last word on a wording counts.

    Any number of threads may ask; one that adds must be alone.
    """

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        self._shelves: dict[tuple[str, str], _Shelf] = {}
        self._count = 0
        grouped: dict[tuple[str, str], list[tuple[str, Unit]]] = {}
        for unit in units:
            grouped.setdefault(_pair(unit.source_locale, unit.target_locale), []).append(
                (_parts(unit.source).key, unit)
            )
        for pair, rows in grouped.items():
            self._shelves[pair] = _shelf(key for key, _ in rows)
            for key, unit in rows:
                self._put(self._shelves[pair], key, unit)

    def __len__(self) -> int:
        return self._count

    def add(self, unit: Unit) -> None:
        """Take a unit in. One that is withdrawn or superseded takes its wording back wherever else it stands."""
        pair = _pair(unit.source_locale, unit.target_locale)
        shelf = self._shelves.get(pair)
        if shelf is None:
            shelf = self._shelves[pair] = _shelf(())
        self._put(shelf, _parts(unit.source).key, unit)

    def look_up(
        self,
        text: str,
        source: str,
        target: str,
        context: Context = Context(),
        *,
        threshold: float = NEAR,
        limit: int = 5,
    ) -> tuple[Match, ...]:
        """Return what a text from ``source`` for ``target`` was translated to before, the best first.

        Units of the target's own locale and of those it falls back on are offered, never those of another market.
        Whole texts come before such with numbers replaced, and these before near ones by tenths of similarity; then
        approved ones, the same category, field and market, the latest, and the most similar. Of one wording the best
        unit is offered. ``threshold`` is the least similarity of near ones: nothing above it is lost.
        """
        shelf = self._shelves.get(_pair(source, target))
        if shelf is None or not text.strip():
            return ()
        asked = _parts(text)
        places = chain(target)
        best: dict[str, tuple[_Rank, Match]] = {}
        tenth = _TENTHS
        for number, similarity in shelf.keys.near(asked.key, threshold):
            # Whole texts, and such with other numbers alone, have the key that was asked for: they came first.
            if int(similarity * _TENTHS) < tenth and len(best) >= limit:
                break
            tenth = int(similarity * _TENTHS)
            for unit in shelf.units[number]:
                if unit.target_locale in places and self._offered(shelf, unit):
                    match = _match(unit, text, asked, similarity, context)
                    rank = _rank(match, context, places)
                    if match.text not in best or rank < best[match.text][0]:
                        best[match.text] = (rank, match)
        ranked = sorted(best.values(), key=lambda one: (one[0], one[1].unit.id))
        return tuple(match for _, match in ranked[:limit])

    # -- inside -----------------------------------------------------------------------------------------------
    def _put(self, shelf: _Shelf, key: str, unit: Unit) -> None:
        number = shelf.keys.add(key)
        shelf.units += [[] for _ in range(len(shelf.keys) - len(shelf.units))]
        shelf.units[number].append(unit)
        self._count += 1
        if unit.status in {"withdrawn", "superseded"}:
            wording = _wording(unit)
            before = shelf.withdrawn.get(wording, _NEVER)
            shelf.withdrawn[wording] = None if before is None or unit.written is None else max(before, unit.written)

    @staticmethod
    def _offered(shelf: _Shelf, unit: Unit) -> bool:
        """Whether a unit stands: only one approved later brings back a wording that was taken back."""
        if unit.status in {"withdrawn", "superseded"}:
            return False
        wording = _wording(unit)
        if wording not in shelf.withdrawn:
            return True
        since = shelf.withdrawn[wording]
        return since is not None and unit.status == "approved" and (unit.written or _NEVER) > since


_Rank = tuple[float, ...]


def _pair(source: str, target: str) -> tuple[str, str]:
    return source.partition("-")[0], target.partition("-")[0]


def _wording(unit: Unit) -> tuple[str, str, str]:
    return _plain(unit.source), _plain(unit.target), unit.target_locale


def _plain(text: str) -> str:
    """Return a text as exactness asks for it: composed, one space for many, none at the ends; capitals stay."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _parts(text: str) -> _Parts:
    placeholders: list[str] = []
    numbers: list[str] = []
    units: list[str] = []

    def placeholder(found: re.Match[str]) -> str:
        placeholders.append(found[0])
        return _MASK["placeholder"]

    def number(found: re.Match[str]) -> str:
        numbers.append(found[0])
        unit = _UNIT.match(found.string, found.end())
        units.append(unit[0].strip().casefold() if unit else "")
        return _MASK["number"]

    masked = _NUMBER.sub(number, _PLACEHOLDER.sub(placeholder, _plain(text)))
    return _Parts(masked, tuple(placeholders), tuple(numbers), tuple(units))


def _match(unit: Unit, text: str, asked: _Parts, similarity: float, context: Context) -> Match:
    if _plain(unit.source) == _plain(text):
        around = (context.previous, context.following)
        same = any(around) and around == (unit.context.previous, unit.context.following)
        return Match(unit, unit.target, "context" if same else "exact", 1.0)
    had = _parts(unit.source)
    differs = _differs(had, asked)
    near = min(similarity, _NEARLY)
    if differs == ("numbers",):
        near = min(near, Indel.normalized_similarity(_plain(unit.source), _plain(text)))
        replaced = _replaced(unit.target, had.numbers, asked.numbers)
        if replaced is not None:
            return Match(unit, replaced[0], "numbers", near, differs, replaced[1])
    return Match(unit, unit.target, "fuzzy", near, differs)


def _differs(had: _Parts, asked: _Parts) -> tuple[Difference, ...]:
    found: list[Difference] = []
    if Counter(had.placeholders) != Counter(asked.placeholders):
        found.append("placeholders")
    if had.numbers != asked.numbers:
        found.append("numbers")
    if had.units != asked.units:
        found.append("units")
    if had.words != asked.words:
        found.append("words")
    return tuple(found) or ("writing",)


def _replaced(
    target: str, old: tuple[str, ...], new: tuple[str, ...]
) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Return a translation with new numbers, and which; nothing where a number's place or writing is not certain.

    Each old number has to stand in the translation as often as in its source, by value, and to become one new number.
    """
    becomes: dict[str, str] = {}
    for before, after in zip(old, new, strict=True):
        if becomes.setdefault(before, after) != after:
            return None
    written = _NUMBER.findall(target)
    values = {number: _value(number) for number in {*old, *written}}
    if None in values.values() or len({values[number] for number in becomes}) != len(becomes):
        return None
    by_value = {values[before]: (before, after) for before, after in becomes.items()}
    wanted = Counter(values[number] for number in old)
    if any(wanted[values[number]] != count for number, count in Counter(old).items()):
        return None
    found = Counter(values[number] for number in written)
    changed = {value: pair for value, pair in by_value.items() if pair[0] != pair[1]}
    if any(found[value] != wanted[value] for value in changed):
        return None
    swaps: dict[str, str] = {}
    for number in written:
        if values[number] in changed:
            before, after = changed[values[number]]
            fitting = _in_the_way_of(number, before, after)
            if fitting is None:
                return None
            swaps[number] = fitting
    return _NUMBER.sub(lambda one: swaps.get(one[0], one[0]), target), tuple(sorted(swaps.items()))


def _value(number: str) -> str | None:
    """Return the value of a number, or nothing if it can be read in two ways, such as 1.250."""
    try:
        value = read_number(number)
    except NumberError:
        return None
    return value.rstrip("0").rstrip(".") if "." in value else value


def _in_the_way_of(translated: str, before: str, after: str) -> str | None:
    """Return ``after`` with the decimal sign that ``before`` got when it was translated; nothing if that is unknown."""
    if after.isdigit():
        return after
    if before.isdigit() or _value(after) is None:
        return None
    signs = {sign for sign in after if not sign.isdigit()}
    had = {sign for sign in before if not sign.isdigit()}
    got = {sign for sign in translated if not sign.isdigit()}
    if len(signs) == len(had) == len(got) == 1 and signs == had:
        return after.replace(signs.pop(), got.pop())
    return None


def _rank(match: Match, context: Context, places: tuple[str, ...]) -> _Rank:
    """Return what matches are put in order by; the smallest is the best."""
    unit = match.unit
    known = unit.context
    near = int(match.similarity * _TENTHS) if match.kind == "fuzzy" else _TENTHS
    return (
        _KINDS.index(match.kind),
        -near,
        unit.status != "approved",
        not known.category or known.category != context.category,
        not known.field or known.field != context.field,
        not known.market or known.market != context.market,
        places.index(unit.target_locale),
        -unit.written.timestamp() if unit.written else 0.0,
        -match.similarity,
    )
