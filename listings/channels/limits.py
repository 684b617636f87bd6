"""The places to sell: which markets they serve, and what they ask of title, text and photos from which day on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from landed_cost.rulebook.reader import Node

FIELDS = ("title", "description", "photos", "side")
STATUSES = ("verified", "reported", "memory", "own")
# Where buyers read a language that is not official there: the diaspora is whom many of our sellers write for.
_ALSO_READ = {"US": ("es",)}


@dataclass(frozen=True, slots=True)
class Limit:
    """The most (or with ``least`` the fewest) of a field: characters, photos, pixels of the shorter side."""

    field: str
    value: int
    least: bool
    since: date
    until: date | None
    markets: tuple[str, ...]
    status: str
    source: str

    def holds(self, market: str | None, on: date) -> bool:
        """Whether it holds in a market on a day; a limit of some markets only is none of *everywhere*."""
        in_time = self.since <= on and (self.until is None or on <= self.until)
        return in_time and (not self.markets or market in self.markets)


@dataclass(frozen=True, slots=True)
class Channel:
    """A place to sell; ``markets`` empty is everywhere, ``currency`` what its prices must be in (``market``: its own).

    ``languages`` are those it takes whatever is spoken in the market; ``measures`` whether it needs sizes. ``words``
    are what it does not take in a title, by language.
    """

    name: str
    label: Mapping[str, str]
    markets: tuple[str, ...]
    languages: tuple[str, ...]
    currency: str | None
    measures: bool
    limits: tuple[Limit, ...]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def serves(self, market: str | None) -> bool:
        """Whether it sells in a market."""
        return market is None or not self.markets or market in self.markets

    def limit(self, field: str, market: str | None, on: date) -> int | None:
        """Return the limit of a field in a market on a day: of several that hold, the newest."""
        found = [one for one in self.limits if one.field == field and one.holds(market, on)]
        return max(found, key=lambda one: one.since).value if found else None


@dataclass(frozen=True, slots=True)
class Market:
    """A country as it buys: its currency, and the languages that are read there, as far as they are known."""

    country: str
    currency: str | None
    languages: tuple[str, ...]

    @classmethod
    def of(cls, country: str) -> Market:
        """Return the market of a country, as CLDR knows it.

        >>> Market.of("BR")
        Market(country='BR', currency='BRL', languages=('pt',))
        """
        spoken = get_official_languages(country, de_facto=True)
        used = get_territory_currencies(country)
        return cls(country, used[0] if used else None, (*spoken, *_ALSO_READ.get(country, ())))


@cache
def channels() -> Mapping[str, Channel]:
    """Return the channels by name, the seller's own page first."""
    text = files(__package__).joinpath("channels.yaml").read_text("utf-8")
    return {name: _channel(name, node) for name, node in read_text(text, "channels.yaml").map().items()}


def _channel(name: str, node: Node) -> Channel:
    found = Channel(
        name,
        node.need("label").translated(),
        tuple(one for one in node.need("markets").texts() if one != "*"),
        node.take("languages", lambda one: one.texts(), ()),
        node.take("currency", lambda one: one.text(), None),
        node.take("measures", lambda one: one.flag(), default=False),
        tuple(_limit(one) for one in node.need("limits").items()),
        node.take("words", lambda one: {name: listed.texts() for name, listed in one.map().items()}, {}),
    )
    node.done()
    return found


def _limit(node: Node) -> Limit:
    least = node.get("min")
    found = Limit(
        node.need("field").word(*FIELDS),
        node.need("max").whole() if least is None else least.whole(),
        least is not None,
        node.need("since").day(),
        node.take("until", lambda one: one.day(), None),
        node.take("markets", lambda one: one.texts(), ()),
        node.need("status").word(*STATUSES),
        node.need("source").text(),
    )
    node.done()
    return found
