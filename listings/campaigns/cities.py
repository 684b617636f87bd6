"""Cities that a campaign may name: which there are, in which state, and who says so. None has a figure of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_STATUSES: Final = ("verified", "reported", "conflicting", "memory")


@dataclass(frozen=True, slots=True)
class City:
    """A city: ``state`` by the letters of its post code, and who names it as one where many live, and when."""

    id: str
    state: str
    name: str
    year: int
    status: str
    source: Mapping[str, str]


@cache
def cities() -> Mapping[str, City]:
    """Return the cities by their id."""
    name = "cities.yaml"
    book = read_text(files(__package__).joinpath(name).read_text("utf-8"), name)
    year, source = book.need("year").whole(), book.need("source").translated()
    found = {}
    for node in book.need("cities").items():
        id_, state = node.need("id").text(), node.need("state").text()
        status = node.need("status").word(*_STATUSES)
        found[id_] = City(id_, state, node.need("name").text(), year, status, source)
        node.done()
    book.done()
    return found


def cities_in(states: Iterable[str]) -> tuple[City, ...]:
    """Return the cities of some states.

    >>> [one.name for one in cities_in(["TX"])]
    ['Dallas', 'San Antonio', 'Houston']
    """
    wanted = set(states)
    return tuple(one for one in cities().values() if one.state in wanted)
