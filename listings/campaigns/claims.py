"""Words that need proof: organic, medicinal, handmade, and where it was made; and what the listing proves of them.

A claim that a law polices is only as good as its paper, and the paper has a last day. Nothing here says that a claim
is lawful: it says that there is something to show when somebody asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from listings.campaigns.matching import folded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from listings.model import Certificate, Listing

Claim = Literal["organic", "medicinal", "handmade", "origin"]
Standing = Literal["proved", "declared", "expired", "unproved"]
_TERMS: Final[Mapping[Claim, re.Pattern[str]]] = {
    "organic": re.compile(r"\b(?:organic[oa]?s?|ecologic[oa]s?|biologic[oa]s?)\b"),
    "medicinal": re.compile(
        r"\b(?:medicinal(?:es)?|medicinais|terapeutic[oa]s?|therapeutic|curativ[oa]s?|cura[rn]?|cures?|heals?|"
        r"alivi[ao]n?|previene|prevents?|previne)\b"
    ),
    "handmade": re.compile(
        r"\b(?:hech[oa]s? a mano|feit[oa]s? a mao|hand-?made|artesanal(?:es)?|artesanais|bordad[oa]s? a mano|"
        r"hand-?(?:woven|embroidered|painted))\b"
    ),
    "origin": re.compile(
        r"\b(?:(?:hech[oa]s?|fabricad[oa]s?|producid[oa]s?) en|(?:feit[oa]s?|produzid[oa]s?) (?:no|na|em)|made in|"
        r"product of|denominacion de origen|denominacao de origem)\b"
    ),
}
# What the kind of a certificate says that it proves.
_PAPERS: Final[Mapping[Claim, re.Pattern[str]]] = {
    "organic": re.compile(r"\b(?:organic[oa]?s?|ecologic[oa]|biologic[oa]|usda organic)\b"),
    "medicinal": re.compile(r"\b(?:registro sanitario|sanitary registration|cofepris|fda|anvisa|medicament)"),
    "handmade": re.compile(r"\b(?:artesan\w*|hand-?made|hecho a mano|fonart)\b"),
    "origin": re.compile(r"\b(?:origen|origin|origem|denominacion|denominacao)\b"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A claim in a text: the words that make it, how it stands, and the paper that proves it where one does."""

    claim: Claim
    words: str
    standing: Standing
    paper: str | None = None

    @property
    def holds_back(self) -> bool:
        """Whether the text should not leave with it."""
        return self.standing in {"expired", "unproved"}


def claims(text: str, listing: Listing | None, today: date) -> tuple[Found, ...]:
    """Return the claims in a text about a listing, or about a whole shop (``None``), and how each stands.

    A claim of origin is *declared* where the listing says its country, and *proved* with a certificate of it.
    """
    plain = folded(text)
    found = []
    for claim, pattern in _TERMS.items():
        said = pattern.search(plain)
        if said is not None:
            standing, paper = _standing(claim, listing, today)
            found.append(Found(claim, said[0], standing, paper))
    return tuple(found)


def _standing(claim: Claim, listing: Listing | None, today: date) -> tuple[Standing, str | None]:
    if listing is None:
        return "unproved", None
    papers = [one for one in listing.certificates if _PAPERS[claim].search(folded(one.kind))]
    standing = [one for one in papers if one.expires_on is None or one.expires_on >= today.isoformat()]
    if standing:
        return "proved", _name(standing[0])
    if papers:
        return "expired", _name(papers[0])
    if claim == "origin" and listing.origin is not None:
        return "declared", None
    return "unproved", None


def _name(paper: Certificate) -> str:
    return " ".join(part for part in (paper.kind, paper.number) if part)
