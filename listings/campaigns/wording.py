"""What a campaign's own text says that it should not: a country that is not theirs, and claims that need proof.

A pan-Latino text names no country and no people; one for a country names that one alone. Where a thing was made is a
fact of the product and stays (``hecho en Ecuador``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from babel import Locale

from listings.campaigns.audiences import groups
from listings.campaigns.claims import claims
from listings.campaigns.matching import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from listings.campaigns.audiences import Group
    from listings.campaigns.claims import Claim
    from listings.model import Listing

# What stands before a country where goods were made.
_MADE: Final = re.compile(
    r"(?:hech[oa]s? en|fabricad[oa]s? en|producid[oa]s? en|feit[oa]s? (?:no|na|em)|produzid[oa]s? (?:no|na|em)|made in|"
    r"product of|de origen|of origin)\s+(?:la |el |the )?$"
)
_ENDING: Final = re.compile(r"(?:os|as|es|o|a|s)$")
# A stem shorter than this would be found in words that name nobody.
_SHORTEST: Final = 5


@dataclass(frozen=True, slots=True)
class Named:
    """A country or people that a text names and should not: the words, and whose they are."""

    words: str
    group: str


@dataclass(frozen=True, slots=True)
class Unproved:
    """A claim that a campaign's text makes of goods, and the keys of those that do not prove it."""

    claim: Claim
    words: str
    listings: tuple[str, ...]


def named(text: str, group: Group) -> tuple[Named, ...]:
    """Return the countries and peoples in a text that are not the group's own; a pan-Latino group has none."""
    plain = folded(text)
    found = []
    for other, pattern in _patterns().items():
        if other == group.id:
            continue
        said = next((one for one in pattern.finditer(plain) if not _MADE.search(plain[: one.start()])), None)
        if said is not None:
            found.append(Named(said[0], other))
    return tuple(found)


def unproved(text: str, listings: Iterable[Listing], today: date) -> tuple[Unproved, ...]:
    """Return the claims of a text that some of its listings do not prove; without listings nothing is proved."""
    goods = list(listings)
    found = []
    for one in claims(text, None, today):
        without = tuple(
            listing.key
            for listing in goods
            if any(own.claim == one.claim and own.holds_back for own in claims(text, listing, today))
        )
        if without or not goods:
            found.append(Unproved(one.claim, one.words, without))
    return tuple(found)


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """Return what names each group: its country in three languages, and its people by their stem."""
    territories = [Locale.parse(one).territories for one in ("es", "pt", "en")]
    found = {}
    for one in groups().values():
        if one.country is None:
            continue
        names = {re.escape(folded(names[one.country])) for names in territories}
        stems = {_ENDING.sub("", folded(name)) for name in one.name.values() if " " not in name}
        names |= {f"{re.escape(stem)}(?:os|as|es|o|a|s)?" for stem in stems if len(stem) >= _SHORTEST}
        found[one.id] = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
    return found
