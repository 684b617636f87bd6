"""One fact of law: a dated value with its sources and how sure it is; and the book that finds it by date.

*Ended*, *unknown* and *zero* are three states: a fact past its last day with ``then: ended`` no longer applies; one
with ``then: unknown`` or ``value: unknown`` applies with an amount nobody knows; zero is a value like any other. The
same holds before the first day, with ``before: none`` or ``before: unknown``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from landed_cost.currencies import exponent, is_known
from landed_cost.model import RuleRef, Source, Texts
from landed_cost.rulebook.reader import LANGUAGES, Node, RulebookError

_SEPARATORS = re.compile(r"[-_+%]+")
_LONGEST_TITLE = 90
_DERIVED = frozenset({"ref", "fresh_until", "sure_until", "said"})
# What an overlay supposes: never written in a file, and said once for the whole answer.
ASSUMED = "assumed"
_SURE = ("verified", "reported", ASSUMED)
STATUSES = ("verified", "reported", "memory", "conflicting")
# How long past ``known_until`` a fact is still trusted (design/rulebook.md): parcels' flat rates move within months,
# statutes within years.
TOLERANCE = {"high": timedelta(days=120), "low": timedelta(days=731)}
_UNITS = ("percent", "per_mille", "kg", "days", "text", "count")
State = Literal["in_force", "unknown", "none"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well a rule is known: what a quote's outcome hangs on; ``what`` it is about, in words for the reader."""

    id: str
    what: Texts = field(hash=False)
    since: date | None
    until: date | None
    known_until: date | None
    volatility: str
    status: str
    source_count: int
    sources: tuple[Source, ...]
    heading: str | None
    note: str | Texts | None = field(hash=False)
    where: str
    # The rule as a quote cites it, and the last day on which its evidence is not too old.
    ref: RuleRef = field(init=False, repr=False, compare=False)
    fresh_until: date = field(init=False, repr=False, compare=False)
    # The same where the evidence is good enough to say nothing of it, and no day at all where it is not.
    sure_until: date = field(init=False, repr=False, compare=False)
    # ``what`` as the parameters of a sentence that names the rule.
    said: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Work out once what every quote asks."""
        if self.known_until is not None:
            fresh = self.known_until + TOLERANCE[self.volatility]
        else:
            # Without a day only what is from memory, or supposed, is not too old: it never claimed to be recent.
            fresh = date.max if self.status in ("memory", ASSUMED) else date.min
        ref = RuleRef(
            self.id,
            self.sources,
            self.since,
            self.until,
            self.known_until,
            self.status,
            self.heading,
            self.source_count,
        )
        object.__setattr__(self, "ref", ref)
        object.__setattr__(self, "fresh_until", fresh)
        object.__setattr__(self, "sure_until", fresh if self.status in _SURE else date.min)
        what = self.what
        object.__setattr__(self, "said", {"what_en": what["en"], "what_es": what["es"], "what_pt": what["pt"]})

    def is_stale(self, on: date) -> bool:
        """Whether the evidence is too old on ``on``."""
        return on > self.fresh_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Evidence):
    """One dated value. ``value`` is ``None`` when unknown; ``ratio`` is a rate as a plain fraction (16 % is 4/25)."""

    group: str | None
    origin: frozenset[str]
    region: frozenset[str]
    key: str | None
    mode: str
    value: Fraction | None
    text: str
    low: Fraction | None
    high: Fraction | None
    unit: str
    then: str | None
    before: str | None
    shared: tuple[str, ...]
    # ``maker``: whose goods they are decides between low and high (no high: anything); it is no dispute of sources.
    varies: str | None = None
    # What a fact of unit ``text`` says, where it is more than a code such as CIF.
    words: Texts | None = field(default=None, hash=False)

    def ratio(self, value: Fraction) -> Fraction:
        """Return ``value`` of this fact's unit as a plain fraction."""
        return value / (1000 if self.unit == "per_mille" else 100)

    def shown(self, language: str = "en") -> str:
        """The value as people write it, ``16.5%`` or ``33.58 USD``; words in the language."""
        if self.unit == "text":
            return self.text if self.words is None else self.words[language]
        sign = {"percent": "%", "per_mille": "‰"}.get(self.unit, f" {self.unit}")
        if self.value is not None:
            return f"{self.text}{sign}"
        if self.high is None:
            return f"?{sign}"
        low = self.low or Fraction(0)
        return f"{_decimal(self.high)}{sign}" if low == self.high else f"{_decimal(low)}–{_decimal(self.high)}{sign}"

    def in_force(self, on: date) -> bool:
        """Whether ``on`` lies between the first and the last day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


def _title(text: str) -> str:
    """Name a source that is only an address: its host (of GitHub the repository), and what the last part is called."""
    if "//" not in text:
        return text
    host, *parts = [part for part in text.split("//", 1)[1].split("?", maxsplit=1)[0].split("/") if part]
    host = host.removeprefix("www.")
    place = "/".join([host, *parts[:2]]) if host == "github.com" else host
    last = parts[-1] if parts else ""
    words = _SEPARATORS.sub(" ", last.rsplit(".", 1)[0] if "." in last[-6:] else last).strip()
    return f"{place}: {words[:_LONGEST_TITLE]}" if words else place


def _named(node: Node) -> str | Texts:
    return node.translated() if isinstance(node.value, dict) else node.text()


def read_sources(node: Node, status: str) -> tuple[Source, ...]:
    """Read ``sources``: addresses, or maps of title and url; required unless the fact is from memory."""
    listed = node.get("sources")
    sources = []
    for source in listed.items() if listed else ():
        if isinstance(source.value, dict):
            sources.append(Source(_named(source.need("title")), source.take("url", Node.text, "")))
            source.done()
        else:
            text = source.text()
            sources.append(Source(_title(text), text if "//" in text else ""))
    if not sources and status != "memory":
        raise node.fail(f"status {status} needs sources; add sources: [...] or write status: memory")
    return tuple(sources)


def in_all(text: str) -> Texts:
    """Return what is called the same in every language, as the title of a publication is."""
    return dict.fromkeys(LANGUAGES, text)


def read_evidence(node: Node, what: Texts) -> Evidence:
    """Read the keys that every dated rule has."""
    status = node.need("status").word(*STATUSES)
    since, until = node.take("from", Node.day, None), node.take("to", Node.day, None)
    if since and until and until < since:
        raise node.need("to").fail(f"the last day {until} is before the first {since}")
    return Evidence(
        id=node.need("id").text(),
        what=what,
        since=since,
        until=until,
        known_until=node.take("known_until", Node.day, None),
        volatility=node.take("volatility", lambda found: found.word("high", "low"), "high"),
        status=status,
        source_count=node.take("source_count", Node.whole, 1),
        sources=read_sources(node, status),
        heading=node.take("heading", Node.text, None),
        note=node.take("note", _named, None),
        where=node.where,
    )


def read_fact(node: Node) -> Fact:
    """Read one fact; every fault is an error with file and line."""
    base = read_evidence(node, node.need("what").translated())
    unit = node.need("unit").text()
    if unit not in _UNITS and not is_known(unit):
        raise node.need("unit").fail(f"unit {unit!r} is neither a currency nor one of {', '.join(_UNITS)}")
    value_node = node.need("value")
    unknown = value_node.value == "unknown"
    words = value_node.translated() if unit == "text" and isinstance(value_node.value, dict) else None
    if unit == "text":
        value, text = None, value_node.text() if words is None else words["en"]
    else:
        value = None if unknown else value_node.number()
        text = str(value_node.value)
    low, high = node.take("low", Node.number, None), node.take("high", Node.number, None)
    _check_values(node, unit, low, value, high)
    node.get("per")
    if not node.has("from") or not node.has("to"):
        raise node.fail("from and to are both required; write to: null where no end is known")
    return Fact(
        **{name: getattr(base, name) for name in Evidence.__slots__ if name not in _DERIVED},
        group=node.take("group", Node.text, None),
        origin=frozenset(node.take("origin", Node.texts, ())),
        region=frozenset(node.take("region", Node.texts, ())),
        key=node.take("key", Node.text, None),
        mode=node.take("mode", lambda found: found.word("add", "total_at_least", "total_at_most"), "add"),
        value=value,
        text=text,
        low=low,
        high=high,
        unit=unit,
        then=node.take("then", lambda found: found.word("ended", "unknown"), None),
        before=node.take("before", lambda found: found.word("none", "unknown"), None),
        shared=node.take("fact", _shared_ids, ()),
        varies=node.take("varies", lambda found: found.word("maker"), None),
        words=words,
    )


def _check_values(node: Node, unit: str, *ends: Fraction | None) -> None:
    """Low, value and high rise, none is below zero, and amounts of money are whole in their smallest unit."""
    known = [end for end in ends if end is not None]
    if known != sorted(known):
        raise node.fail(f"low, value and high must rise; they are {', '.join(str(end) for end in known)}")
    for end in known:
        if end < 0:
            raise node.fail(f"{end} is below zero; law charges or it does not")
        if is_known(unit) and (end * 10 ** exponent(unit)).denominator != 1:
            raise node.fail(f"{end} {unit} is finer than the smallest unit of {unit}")


def _shared_ids(node: Node) -> tuple[str, ...]:
    return node.texts() if isinstance(node.value, list) else (node.text(),)


def _decimal(value: Fraction) -> str:
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"


class FactBook:
    """The facts of one destination by id and by group; checks that no two rows of one rule overlap."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_id: dict[str, list[Fact]] = {}
        self._by_group: dict[str, list[str]] = {}
        for fact in facts:
            self._by_id.setdefault(fact.id, []).append(fact)
        for id_, rows in self._by_id.items():
            rows.sort(key=lambda row: row.since or date.min)
            _check_periods(rows)
            group = rows[0].group
            for row in rows:
                if row.group != group:
                    raise _fault(row, f"is of group {row.group}, but of {group} at {rows[0].where}; keep one")
            if group:
                self._by_group.setdefault(group, []).append(id_)
        for group in self._by_group:
            _check_selectors(group, self.group_rows(group))

    def __iter__(self) -> Iterator[Fact]:
        """All rows, a rule's rows in order of time."""
        return (row for rows in self._by_id.values() for row in rows)

    def __contains__(self, id_: object) -> bool:
        """Whether a rule of this id exists at any time."""
        return id_ in self._by_id

    def rows(self, id_: str) -> list[Fact]:
        """The rows of one rule in order of time; ``KeyError`` for an id that does not exist."""
        return self._by_id[id_]

    def group_rows(self, group: str) -> list[Fact]:
        """All rows of all members of a group, at any time; none for a group that does not exist."""
        return [row for id_ in self._by_group.get(group, ()) for row in self._by_id[id_]]

    def at(self, id_: str, on: date) -> tuple[State, Fact]:
        """Return the state of rule ``id_`` on ``on`` and the row that says so; the nearest when none is in force."""
        rows = self._by_id[id_]
        for row in rows:
            if row.in_force(on):
                return ("unknown" if row.value is None and row.unit != "text" else "in_force"), row
        past = [row for row in rows if row.until is not None and row.until < on]
        if past:
            return ("unknown" if past[-1].then == "unknown" else "none"), past[-1]
        return ("unknown" if rows[0].before == "unknown" else "none"), rows[0]

    def group_at(self, group: str, on: date) -> list[tuple[State, Fact]]:
        """Return the members of ``group`` that are in force, or whose value is unknown, on ``on``."""
        found = (self.at(id_, on) for id_ in self._by_group[group])
        return [(state, row) for state, row in found if state != "none"]


def _check_selectors(group: str, rows: list[Fact]) -> None:
    """No two rules of a group may answer for the same origin, region or key on the same day."""
    answering: dict[tuple[str, str], list[Fact]] = {}
    for row in rows:
        # A member with a key is picked by the key; its origins only say whose goods it is for.
        origins = row.origin if row.key is None else ()
        for name, values in (("origin", origins), ("region", row.region), ("key", [row.key] if row.key else [])):
            for value in values:
                answering.setdefault((name, value), []).append(row)
    for (name, value), others in answering.items():
        others.sort(key=lambda row: row.since or date.min)
        for earlier, later in pairwise(others):
            if earlier.until is None or later.since is None or earlier.until >= later.since:
                message = f"group {group} answers for {name} {value} at {earlier.where} already; one rule per day"
                raise _fault(later, message)


def _check_periods(rows: list[Fact]) -> None:
    for row in rows[1:]:
        if row.before is not None:
            raise _fault(
                row, f"before: {row.before} stands on the first row only; the row at {rows[0].where} is before it"
            )
    for earlier, later in pairwise(rows):
        if earlier.since == later.since:
            begin = later.since or "the beginning"
            raise _fault(
                later, f"stands twice from {begin}, first at {earlier.where}; a rule has one row per first day"
            )
        if later.since is None or earlier.until is None or earlier.until >= later.since:
            raise _fault(later, f"overlaps the row at {earlier.where}; end that one the day before this begins")
        if later.since > earlier.until + timedelta(days=1) and earlier.then is None:
            raise _fault(earlier, f"nothing is said after {earlier.until}; add then: ended or then: unknown")
    last = rows[-1]
    if last.until is not None and last.then is None:
        raise _fault(last, f"nothing is said after {last.until}; add then: ended or then: unknown")


def _fault(fact: Fact, message: str) -> RulebookError:
    return RulebookError(fact.where, f"{fact.id}: {message}")


def fixed_amount(value: Fraction, currency: str) -> int:
    """Return an amount of law in minor units; the loader lets none in that is finer than they are."""
    return int(value * 10 ** exponent(currency))
