"""Groups of origin and where they live: figures that ship with their year, and those that a seller imports.

Audiences are counts of people in published tables. Nothing of a person is in them, nothing is derived from a buyer's
name or address, and no price depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal, cast

from landed_cost.rulebook.reader import read_text
from listings.campaigns.figures import Figure, millions, rounded, share, summed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from landed_cost.rulebook.reader import Node

Kind = Literal["origin", "ancestry"]
PAN_LATINO: Final = "latino"
NATION: Final = "US"
# Which languages a campaign can be written in; Haitian Creole is read at home and not served by our texts.
SERVED: Final = frozenset({"es", "pt", "en"})
_STATUSES: Final = ("verified", "reported", "conflicting", "memory")
_LANGUAGES: Final = ("portuguese", "haitian")
_BY_STATE: Final = ("mx", "pr", "cu")
_THOUSAND: Final = 1_000


@dataclass(frozen=True, slots=True)
class Group:
    """A group of origin; ``country`` is ``None`` for all of Latin America, ``figure`` counts the nation."""

    id: str
    country: str | None
    kind: Kind
    language: str
    name: Mapping[str, str]
    figure: Figure | None
    code: int | None


@dataclass(frozen=True, slots=True)
class State:
    """A state: ``groups`` holds figures by group, ``speakers`` those of a language at home by its code.

    ``limited`` is the percentage of the Spanish speakers who speak English less than very well, as it was rounded.
    """

    id: str
    fips: str
    name: Mapping[str, str]
    groups: Mapping[str, Figure]
    speakers: Mapping[str, Figure]
    limited: int | None

    @property
    def place(self) -> str:
        """The code of ISO 3166-2."""
        return f"{NATION}-{self.id}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One group in one state, and who of the state reads the group's language at home; ``None`` is not known."""

    state: State
    people: Figure | None
    speakers: Figure | None
    limited: int | None


@dataclass(frozen=True, slots=True)
class Audience:
    """A group in some states, the largest first; ``known`` is what the known ones come to, ``unknown`` the others.

    ``mixed`` tells that the figures are of several years: then there is no sum, for they do not add up.
    """

    group: Group
    cells: tuple[Cell, ...]
    known: Figure | None
    unknown: tuple[State, ...]
    mixed: bool

    @property
    def served(self) -> bool:
        """Whether texts can be written in the group's language."""
        return self.group.language in SERVED


@dataclass(frozen=True, slots=True)
class Given:
    """Figures that a seller imported, by group and state; they go before those that ship, which stay as they were."""

    people: Mapping[tuple[str, str], Figure] = field(default_factory=dict)


def audience(group_id: str, states_: Iterable[str], given: Given | None = None) -> Audience:
    """Return a group in some states; ``KeyError`` for a group or state that is not there.

    >>> found = audience("mx", ["CA", "TX", "IL"])
    >>> [cell.state.id for cell in found.cells], found.known.bounds()
    (['CA', 'TX', 'IL'], (23900000, 24400000))
    """
    group = groups()[group_id]
    wanted = [states()[code] for code in dict.fromkeys(states_)]
    imported = {} if given is None else given.people
    cells = [
        Cell(
            state,
            imported.get((group.id, state.id)) or state.groups.get(group.id),
            state.speakers.get(group.language),
            state.limited if group.language == "es" else None,
        )
        for state in wanted
    ]
    cells.sort(key=lambda one: (one.people is None, -(one.people.high if one.people else 0), one.state.id))
    known = [one.people for one in cells if one.people is not None]
    mixed = len({(one.year, tuple(sorted(one.source.items()))) for one in known}) > 1
    return Audience(
        group,
        tuple(cells),
        None if mixed else summed(known),
        tuple(one.state for one in cells if one.people is None),
        mixed,
    )


@cache
def groups() -> Mapping[str, Group]:
    """Return the groups by name, the largest of each kind first."""
    book = _read("origins.yaml")
    year, status, source = _head(book)
    book.need("counted").translated()
    found = [_group(one, year, status, source) for one in book.need("groups").items()]
    book.done()
    return {one.id: one for one in found}


@cache
def states() -> Mapping[str, State]:
    """Return the states by the letters of their post code, those with figures first."""
    book = _read("states.yaml")
    year, status, source = _head(book)
    found = [_state(one, year, status, source) for one in book.need("states").items()]
    book.done()
    return {one.id: one for one in found}


@cache
def counted() -> Mapping[str, str]:
    """Return which people the figures of the nation count, by language."""
    return _read("origins.yaml").need("counted").translated()


def _read(name: str) -> Node:
    return read_text(files(__package__).joinpath(name).read_text("utf-8"), name)


def _head(book: Node) -> tuple[int, str, Mapping[str, str]]:
    return book.need("year").whole(), book.need("status").word(*_STATUSES), book.need("source").translated()


def _group(node: Node, year: int, status: str, source: Mapping[str, str]) -> Group:
    text = node.take("millions", lambda one: one.text(), None)
    found = Group(
        node.need("id").text(),
        node.take("country", lambda one: one.text(), None),
        cast("Kind", node.need("kind").word("origin", "ancestry")),
        node.need("language").text(),
        node.need("name").translated(),
        None if text is None else Figure(*millions(text), year, source, status),
        node.take("code", lambda one: one.whole(), None),
    )
    node.done()
    return found


def _state(node: Node, year: int, status: str, source: Mapping[str, str]) -> State:
    def figure(bounds: tuple[int, int]) -> Figure:
        return Figure(*bounds, year, source, status)

    people: dict[str, Figure] = {}
    speakers: dict[str, Figure] = {}
    whole = node.take("hispanic", lambda one: millions(one.text()), None)
    if whole is not None:
        people[PAN_LATINO] = figure(whole)
        for name in _BY_STATE:
            people[name] = figure(share(whole, node.need(name).whole()))
    spanish = node.take("spanish", lambda one: millions(one.text()), None)
    if spanish is not None:
        speakers["es"] = figure(spanish)
        for name, code in zip(_LANGUAGES, ("pt", "ht"), strict=True):
            speakers[code] = figure(rounded(str(node.need(name).whole()), _THOUSAND))
    found = State(
        node.need("id").text(),
        node.need("fips").text(),
        node.need("name").translated(),
        people,
        speakers,
        node.take("limited", lambda one: one.whole(), None),
    )
    node.done()
    return found
