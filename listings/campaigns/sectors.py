"""Sectors of goods by tariff chapter: what to say of them, and which claims need a proof."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, cast

from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landed_cost.rulebook.reader import Node
    from listings.campaigns.claims import Claim
    from listings.model import Listing

_CLAIMS: Final = ("organic", "medicinal", "handmade", "origin")


@dataclass(frozen=True, slots=True, eq=False)
class Sector:
    """A sector: its name and advice by language, and the claims that are usually made of its goods."""

    id: str
    name: Mapping[str, str]
    advice: Mapping[str, str]
    claims: tuple[Claim, ...]


def sector_of(listing: Listing) -> Sector | None:
    """Return the sector of a listing by its tariff code; ``None`` for none of them, or where the code is not known.

    >>> from listings.model import Listing
    >>> found = sector_of(Listing(key="a", title="Café", hs_code="090121"))
    >>> found and found.id
    'food'
    """
    return None if listing.hs_code is None else _by_chapter().get(int(listing.hs_code[:2]))


@cache
def sectors() -> tuple[Sector, ...]:
    """Return the sectors in their order."""
    return tuple(dict.fromkeys(_by_chapter().values()))


@cache
def _by_chapter() -> Mapping[int, Sector]:
    name = "sectors.yaml"
    book = read_text(files(__package__).joinpath(name).read_text("utf-8"), name)
    found: dict[int, Sector] = {}
    for node in book.need("sectors").items():
        sector, chapters = _sector(node)
        for chapter in chapters:
            if chapter in found:
                raise ValueError(f"{name}: chapter {chapter} is in {found[chapter].id} and in {sector.id}")
            found[chapter] = sector
    book.done()
    return found


def _sector(node: Node) -> tuple[Sector, list[int]]:
    chapters = [one.whole() for one in node.need("chapters").items()]
    claims = tuple(cast("Claim", one.word(*_CLAIMS)) for one in node.need("claims").items())
    sector = Sector(node.need("id").text(), node.need("name").translated(), node.need("advice").translated(), claims)
    node.done()
    return sector, chapters
