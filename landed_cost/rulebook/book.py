"""The whole rulebook and the law of one destination on one day, compiled once and kept."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from landed_cost.model import Texts, told
from landed_cost.rates import RateTable, default_rates
from landed_cost.rulebook.agreements import Agreement, read_agreements
from landed_cost.rulebook.bands import Bands, read_bands
from landed_cost.rulebook.destination import read_destination
from landed_cost.rulebook.facts import Evidence, Fact, State, fixed_amount
from landed_cost.rulebook.folder import Folder
from landed_cost.rulebook.law import ChargeRule, Destination, Exemption, Regime, RestrictionRule
from landed_cost.rulebook.lazily import Lazily
from landed_cost.rulebook.lists import ListRule
from landed_cost.rulebook.origins import Origin, read_origins
from landed_cost.rulebook.overlay import Overlay, OverlayError, faults, lay_over
from landed_cost.rulebook.papers import NO_VOCABULARY, Vocabulary, read_vocabulary
from landed_cost.rulebook.reader import RulebookError, read
from landed_cost.rulebook.settled import Settled
from landed_cost.schedules.model import ProductList, Schedule
from landed_cost.schedules.store import list_editions, list_product_lists, load, load_list

_HOME = Path(__file__).parent
# A code that ISO 3166 leaves to its users: a country that no law names.
ELSEWHERE = "XX"
_KEPT = 256
_KEPT_OVERLAYS = 16
_VALID_FOR = timedelta(days=14)
# Our own ranges, where no tariff is loaded.
_BANDS = {"en": "bands", "es": "bandas", "pt": "faixas"}


class Law:
    """The law of one destination on one day: facts resolved by date, groups by their selector."""

    def __init__(self, destination: Destination, on: date, schedule: Schedule | None, tables: "_Tables") -> None:
        self.destination = destination
        self.on = on
        self.schedule = schedule
        self._tables = tables
        self.imported = tables.lists
        self._facts: dict[str, tuple[State, Fact]] = {}
        self._groups: dict[tuple[str, str], dict[str, tuple[State, Fact]]] = {}
        self._exemptions: dict[int, tuple[Exemption, ...]] = {}
        self._fixed: dict[str, tuple[State, Fact, int]] = {}
        self.limits: dict[str, tuple[Fact | None, tuple[int, str] | None]] = {}
        self._live: dict[int, tuple[ChargeRule, ...]] = {}
        # What is settled for goods of a kind on a lane, and what a code means: the same for every consignment.
        self.settled = Settled()
        self.meanings: dict[tuple[object, ...], Any] = {}
        self.agreements = tables.agreements
        self.restrictions = tuple(row for row in destination.restrictions if _in_force(row.evidence, on))
        self.refusals = tuple(row for row in destination.refusals if _in_force(row.evidence, on))
        self._binding: dict[str, tuple[Agreement, ...]] = {}
        self._restricting: dict[tuple[str | None, bool], tuple[RestrictionRule, ...]] = {}

    def fact(self, id_: str) -> tuple[State, Fact]:
        """Return the state of a rule on this day and the row that says so."""
        found = self._facts.get(id_)
        if found is None:
            found = self._facts[id_] = self.destination.facts.at(id_, self.on)
        return found

    def state(self, id_: str) -> State:
        """Return whether a rule is in force, unknown or not there on this day."""
        return self.fact(id_)[0]

    def fixed(self, id_: str) -> tuple[State, Fact, int]:
        """Return a money fact with its amount in minor units of its own currency (0 when unknown)."""
        found = self._fixed.get(id_)
        if found is None:
            state, fact = self.fact(id_)
            found = self._fixed[id_] = (state, fact, fixed_amount(fact.value or Fraction(0), fact.unit))
        return found

    def limit(self, id_: str) -> tuple[Fact | None, tuple[int, str] | None]:
        """Read a money fact into ``limits``: the fact if there is one on this day, the limit and its currency.

        A limit that nobody knows is ``None``; one that is not in force is below every value.
        """
        state, fact, minor = self.fixed(id_)
        if state == "none":
            self.limits[id_] = None, (-1, fact.unit)
        else:
            self.limits[id_] = fact, None if state == "unknown" else (minor, fact.unit)
        return self.limits[id_]

    def live(self, regime: Regime) -> tuple[ChargeRule, ...]:
        """Return the charges of a regime whose rate or amount exists on this day."""
        found = self._live.get(id(regime))
        if found is None:
            found = self._live[id(regime)] = tuple(rule for rule in regime.charges if self._is_live(rule))
        return found

    def _is_live(self, rule: ChargeRule) -> bool:
        if rule.amount is not None:
            return self.state(rule.amount) != "none"
        source = rule.rate
        if source is None or source.kind == "schedule":
            return True
        if source.kind == "fact":
            return self.state(source.name) != "none"
        return bool(self.group(source.name, source.kind.removeprefix("by_")))

    def group(self, name: str, selector: str) -> dict[str, tuple[State, Fact]]:
        """Return the members of a group in force, by ``origin``, ``region`` or ``key``; ``*`` is every other."""
        found = self._groups.get((name, selector))
        if found is None:
            found = {}
            for state, fact in self.destination.facts.group_at(name, self.on):
                chosen = {"origin": fact.origin, "region": fact.region, "key": (fact.key,)}[selector]
                for value in chosen:
                    if value is not None:
                        found[value] = (state, fact)
            self._groups[name, selector] = found
        return found

    def exemptions(self, rule: ChargeRule) -> tuple[Exemption, ...]:
        """Return the exemption rows of a charge that are in force on this day."""
        found = self._exemptions.get(id(rule))
        if found is None:
            found = self._exemptions[id(rule)] = tuple(row for row in rule.exempt if _in_force(row.evidence, self.on))
        return found

    def agreements_for(self, origin: str | None) -> tuple[Agreement, ...]:
        """Return the agreements under which goods of ``origin`` may come in on this day."""
        if origin is None:
            return ()
        found = self._binding.get(origin)
        if found is None:
            country = self.destination.country
            found = self._binding[origin] = tuple(one for one in self.agreements if one.binds(origin, country, self.on))
        return found

    def restricting(self, chapter: str | None, *, by_law: bool = True) -> tuple[RestrictionRule, ...]:
        """Return the rows that may concern goods of an HS chapter (the consignment with ``None``).

        ``by_law`` leaves out what only the trade asks for.
        """
        found = self._restricting.get((chapter, by_law))
        if found is None:
            found = self._restricting[chapter, by_law] = tuple(
                row for row in self.restrictions if row.concerns(chapter) and (row.level == "law" or not by_law)
            )
        return found

    def list_in_force(self, name: str) -> ListRule | None:
        """Return the list of this name if it is in force on this day."""
        found = self.destination.lists[name]
        return found if _in_force(found.evidence, self.on) else None

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Every country of origin that the law of the day tells from others, and one that it does not.

        Countries of the second column (no ordinary trade) are not among what goods of unknown origin may be.
        """
        named = {origin for fact in self.destination.facts for origin in fact.origin} - {"*"}
        named |= {member for one in self.agreements for member in one.members}
        return (*sorted(named - {self.destination.country} - self.destination.column2), ELSEWHERE)

    @cached_property
    def bands(self) -> Bands | None:
        """The ranges that stand in for a tariff; read when first asked for, as where a tariff is held few goods do."""
        return self._tables.bands.get(self.destination.bands or "")

    @cached_property
    def schedule_name(self) -> str | Texts:
        """What the tariff of the day is taken from; our own bands in each language."""
        if self.schedule is not None:
            return self.schedule.edition.title
        if self.bands is None:
            return "none"
        return {language: f"{word}: {told(self.bands.source, language)}" for language, word in _BANDS.items()}

    @cached_property
    def valid_until(self) -> date:
        """The last day an answer of this day is held to: two weeks, or the eve of a change of law that is known."""
        until = self.on + _VALID_FOR
        return until if self.next_change is None else min(until, self.next_change - timedelta(days=1))

    @cached_property
    def next_change(self) -> date | None:
        """The first later day on which a rule of this destination is known to begin or to end."""
        return min((day for day in self.destination.days if day > self.on), default=None)


def _in_force(evidence: Evidence, on: date) -> bool:
    return (evidence.since is None or evidence.since <= on) and (evidence.until is None or on <= evidence.until)


@dataclass(frozen=True, slots=True)
class _Tables:
    """What is read beside the destinations' files."""

    agreements: tuple[Agreement, ...]
    bands: Mapping[str, Bands]
    lists: Mapping[str, ProductList] = field(default_factory=dict)
    vocabulary: Vocabulary = NO_VOCABULARY
    origins: Mapping[str, Origin] = field(default_factory=dict)


@dataclass(frozen=True)
class Rulebook:
    """Rules, schedules and exchange rates that a quote is answered with; never changed, only replaced."""

    version: str
    destinations: Mapping[str, Destination]
    rates: RateTable
    tables: _Tables
    store: Path | None = None
    # What is supposed beside the law; ``None`` for the law as it is.
    overlay: Overlay | None = None
    _laws: dict[tuple[str, date], Law] = field(default_factory=dict, repr=False, compare=False)
    _schedules: dict[str, Schedule | None] = field(default_factory=dict, repr=False, compare=False)
    _supposing: dict[Overlay, "Rulebook"] = field(default_factory=dict, repr=False, compare=False)

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """All trade agreements."""
        return self.tables.agreements

    @property
    def vocabulary(self) -> Vocabulary:
        """The papers and bodies that restrictions name."""
        return self.tables.vocabulary

    @property
    def origins(self) -> Mapping[str, Origin]:
        """The export side of each country of dispatch that is known."""
        return self.tables.origins

    def at(self, country: str, on: date) -> Law:
        """Return the law of ``country`` on ``on``; ``KeyError`` for a destination that is not covered."""
        law = self._laws.get((country, on))
        if law is None:
            destination = self.destinations[country]
            law = Law(destination, on, self.schedule(country, on), self.tables)
            if len(self._laws) >= _KEPT:
                self._laws.clear()
            self._laws[country, on] = law
        return law

    def schedule(self, country: str, on: date | None = None) -> Schedule | None:
        """Return the official schedule of ``country`` that serves ``on`` (the newest for ``None``), if one is held.

        A place inside another's customs territory has the schedule of that one.
        """
        if self.store is None:
            return None
        destination = self.destinations.get(country)
        country = country if destination is None else destination.territory
        found = load(self.store, country, on)
        if found is None and on is not None:
            # A day before the first edition we hold is answered with that one; the quote says so.
            held = list_editions(self.store, country)
            found = load(self.store, country, edition=held[0].id) if held else None
        # Editions are kept by id, so that the days that share one share its memory.
        return None if found is None else self._schedules.setdefault(f"{country}/{found.edition.id}", found)

    def with_rates(self, rates: RateTable) -> "Rulebook":
        """Return this rulebook with other exchange rates."""
        return replace(self, rates=rates, _laws={}, _schedules={}, _supposing={})

    def with_schedules(self, store: Path) -> "Rulebook":
        """Return this rulebook with the official schedules and lists imported into the folder ``store``."""
        held = {id_ for id_, _, _ in list_product_lists(store)}
        lists = {id_: found for id_ in held if (found := load_list(store, id_)) is not None}
        return replace(
            self, store=store, tables=replace(self.tables, lists=lists), _laws={}, _schedules={}, _supposing={}
        )

    def with_overlay(self, overlay: Overlay) -> "Rulebook":
        """Return this rulebook with supposed figures over its facts; ``OverlayError`` for what does not fit.

        The law of destinations that nothing is supposed of is shared, and so is the rulebook of the same supposition.
        """
        found = self._supposing.get(overlay)
        if found is None:
            if wrong := tuple(faults(overlay, self)):
                raise OverlayError(wrong)
            destinations = {code: lay_over(one, overlay) for code, one in self.destinations.items()}
            same = {
                key: law for key, law in self._laws.copy().items() if destinations[key[0]] is self.destinations[key[0]]
            }
            found = replace(
                self, destinations=destinations, overlay=overlay, _laws=same, _schedules=self._schedules, _supposing={}
            )
            if len(self._supposing) >= _KEPT_OVERLAYS:
                self._supposing.clear()
            self._supposing[overlay] = found
        return found


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Keep the collector away while a rulebook is built: all of it stays, and a third of the time went into looking."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        (gc.enable if collecting else gc.disable)()


@cache
def _shipped() -> Rulebook:
    # What we ship is read whole by the tests; a process reads what it is asked for.
    return _open(_HOME, default_rates())


def load_rulebook(path: Path | None = None, rates: RateTable | None = None) -> Rulebook:
    """Return the shipped rulebook, or the one in the folder ``path``; ``RulebookError`` names what is wrong where.

    A folder is read whole. Of the shipped one a destination is read when it is first asked for, as its tests read all.
    """
    book = _shipped() if path is None else _load(path, rates or default_rates())
    return book if rates is None or path is not None else book.with_rates(rates)


def _load(folder: Path, rates: RateTable) -> Rulebook:
    """Read a rulebook whole, so that whatever is wrong anywhere is told now."""
    book = _open(folder, rates)
    for destination in book.destinations.values():
        book.tables.bands.get(destination.bands or "")
    return book


def _open(folder: Path, rates: RateTable) -> Rulebook:
    """Return a rulebook whose destinations and bands are read when they are first asked for."""
    files = Folder(folder)
    agreements_file = folder / "agreements.yaml"
    agreements = read_agreements(read(agreements_file)) if agreements_file.is_file() else ()
    vocabulary = read_vocabulary(folder)
    names = frozenset(one.id for one in agreements)
    within = files.territories

    @_no_garbage()
    def destination(code: str) -> Destination:
        parts = files.parts(code)
        found = read_destination(parts, folder, names, vocabulary)
        if found.country != code:
            raise parts[0].fail(f"destination {found.country} stands here; name the file {found.country.lower()}.yaml")
        if found.territory != within.get(code, code):
            raise parts[0].fail(f"write customs_territory: {found.territory} at the beginning of a line")
        return found

    version_file = folder / "VERSION"
    if not version_file.is_file():
        raise RulebookError(folder.name, "there is no file VERSION; write the version of the rules into it")
    try:
        version = version_file.read_text("utf-8").strip()
    except UnicodeDecodeError as error:
        raise RulebookError("VERSION", f"byte {error.start} is not UTF-8; save the file as UTF-8") from None
    origins_file = folder / "origins.yaml"
    origins = dict(read_origins(read(origins_file))) if origins_file.is_file() else {}
    # What leaves a place inside another's customs territory leaves that territory.
    origins |= {place: origins[country] for place, country in within.items() if country in origins}
    bands = folder / "bands"
    tables = _Tables(
        tuple(one.in_territories(within) for one in agreements),
        Lazily(
            (path.stem for path in sorted(bands.glob("*.csv"))),
            _no_garbage()(lambda name: read_bands(bands / f"{name}.csv")),
        ),
        vocabulary=vocabulary,
        origins=origins,
    )
    return Rulebook(version, Lazily(files.own, destination), rates, tables)
