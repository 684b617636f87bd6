"""How a listing stands with the law of a market: may it go in, what paper is missing, what has to be answered first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from landed_cost.readiness import Finding, Held, Product, Question, readiness
from landed_cost.rulebook.attributes import attributes
from landed_cost.rulebook.reader import LANGUAGES
from listings.shipment import code_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landed_cost import Rulebook
    from landed_cost.model import Channel, Place
    from listings.model import Certificate, Listing

_PARCELS: Final[tuple[Channel, ...]] = ("courier", "postal")
_DIGITS: Final = 6
# What of the findings explains each status.
_BECAUSE: Final = {
    "blocked": ("blocked", "perhaps_blocked"),
    "needs": ("unmet",),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """``unknown`` where code or origin is missing; ``names`` are what stands in the way, in three languages each."""

    status: Literal["unknown", "ready", "needs", "asks", "blocked"]
    names: tuple[Mapping[str, str], ...] = ()
    # The attributes whose answers would settle it.
    questions: tuple[str, ...] = ()


def standing(listing: Listing, dispatch: Place, destination: Place, rulebook: Rulebook, on: date) -> Standing:
    """Return how a listing of goods stands at a destination that is covered, by the best way for a parcel.

    A certificate counts that is called by the name of a paper (``us.fda.facility``) and has not ended.
    """
    code, schedule = code_in(listing, destination.country)
    if code is None or len(code) < _DIGITS or listing.origin is None:
        return Standing("unknown")
    known = rulebook.vocabulary.papers
    found = readiness(
        Product(
            listing.title,
            code,
            schedule,
            listing.origin,
            {name: said for name, said in listing.attributes.items() if name in attributes()},
        ),
        dispatch,
        destination,
        rulebook,
        on,
        channels=_PARCELS,
        papers=[_held(one) for one in listing.certificates if one.kind in known],
    )
    asked = tuple(one.name for one in found.questions if one.kind == "attribute")
    if found.status == "asks":
        return Standing("asks", tuple(_question(one) for one in found.questions), asked)
    because = _BECAUSE.get(found.status, ())
    return Standing(found.status, tuple(_name(one) for one in found.findings if one.state in because), asked)


def _held(one: Certificate) -> Held:
    return Held(
        one.kind, None, one.number or None, None if one.expires_on is None else date.fromisoformat(one.expires_on)
    )


def _question(asked: Question) -> Mapping[str, str]:
    return {language: asked.text(language) for language in LANGUAGES}


def _name(found: Finding) -> Mapping[str, str]:
    return found.rule.message if found.rule.paper is None else found.rule.paper.name
