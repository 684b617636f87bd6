"""What a case comes to at each door: the smallest order asked as one shipment, its outcome and why, and a case's share.

Kept as long as pack, products, terms, law, rates and day stay, as the prices of campaigns are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from landed_cost.model import Place
from landed_cost.serialise import localise
from listings.campaigns.cases import order_of, share
from listings.channels import Market
from listings.shipment import NotGoodsError
from shopkit.services import quotes
from shopkit.services.gate import going_out_all
from shopkit.services.listings import get_listings
from shopkit.services.problems import RequestError
from shopkit.services.wholesale import packs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.companies import Company
    from shopkit.services.context import Services
    from shopkit.services.listings import Kept
    from shopkit.services.wholesale import Pack, Terms

# Texts leave by the seller's own shop, in the words of these places.
LOCALES: Final[Mapping[str, str]] = {"es": "es-US", "pt": "pt-BR", "en": "en-US"}
_CHANNEL: Final = "shop"


@dataclass(frozen=True, slots=True)
class Door:
    """A case at a door: ``landed`` of a complete quote, ``low`` and ``high`` of an estimate, by the case.

    Amounts are decimal texts in ``currency``, a case's share of the smallest order. ``why`` says in three languages
    what makes it an estimate or refuses it; ``unasked`` is a case that could not be asked.
    """

    place: str
    outcome: Literal["complete", "estimated", "refused", "unasked"]
    currency: str | None = None
    landed: str | None = None
    low: str | None = None
    high: str | None = None
    why: Mapping[str, tuple[str, ...]] | None = None
    papers: Mapping[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """A case in a language: its name, what is in it, and its doors; ``photo`` is the first picture of its products."""

    pack: Pack
    name: str
    listings: tuple[Listing, ...]
    photo: str | None
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """The cases that leave in a language, and those that do not, by code, with why.

    Why: ``gone`` (a product is not there or not active) or ``not_approved`` (a text may not leave in the language).
    """

    cases: tuple[Offered, ...]
    left_out: tuple[tuple[str, str], ...]


def offer(services: Services, actor: Actor, company: Company, terms: Terms, language: str) -> Offer:
    """Return what is offered by the case today, in ``es``, ``pt`` or ``en``."""
    kept = packs(services, actor)
    found = get_listings(services, actor, {part.listing_id for pack in kept for part in pack.case.parts})
    today = services.now().date()
    with services.database.reading() as session:
        going = going_out_all(session, actor, list(found.values()), LOCALES[language], _CHANNEL, today)
    cases, left_out = [], []
    for pack in kept:
        inside = [found.get(part.listing_id) for part in pack.case.parts]
        there = [one for one in inside if one is not None and one.listing.status == "active"]
        if len(there) < len(inside):
            left_out.append((pack.case.code, "gone"))
        elif not all(going[one.id].is_open for one in there):
            left_out.append((pack.case.code, "not_approved"))
        else:
            shown = tuple(going[one.id].listing(one.listing) for one in there)
            own = (pack.case.names or {}).get(language, "")
            photos = [photo.id for one in shown for photo in one.photos[:1]]
            doors = tuple(door(services, company, pack, there, terms, place) for place in terms.places)
            titles = " + ".join(dict.fromkeys(one.title for one in shown))
            cases.append(Offered(pack, own or titles, shown, photos[0] if photos else None, doors))
    return Offer(tuple(cases), tuple(left_out))


def door(services: Services, company: Company, pack: Pack, inside: list[Kept], terms: Terms, place: str) -> Door:
    """Return what a case comes to at a place."""
    versions = tuple((one.id, one.version) for one in inside)
    country = place.partition("-")[0]
    name = ("case", company.id, company.country, pack.id, pack.version, versions, place, terms.way, terms.freight)
    on = services.today(country)
    found: Door = services.lately.get(
        services.rulebook, (*name, on), lambda: _door(services, company, pack, inside, terms, place)
    )
    return found


def _door(services: Services, company: Company, pack: Pack, inside: list[Kept], terms: Terms, place: str) -> Door:
    country, _, region = place.partition("-")
    if country == company.country:
        return Door(place, "unasked", why=_HOME)
    case = pack.case
    currency = Market.of(country).currency or case.currency
    try:
        request = order_of(
            case,
            [one.listing for one in inside],
            Place(company.country),
            Place(country, region or None),
            services.today(country),
            cast("Any", terms.way),
            currency,
            terms.freight,
        )
        stored = quotes.answer(services, request, save=False).stored
    except NotGoodsError:
        return Door(place, "unasked", why=_HOME)
    except RequestError as error:
        told = {one: tuple(problem.message(one) for problem in error.problems) for one in LOCALES}
        return Door(place, "unasked", why=told)
    outcome = stored["assessment"]["outcome"]
    spread = stored["range"].get("landed") or {"low": None, "high": None}
    landed, low, high = (
        None if one is None else share(one, case.minimum, currency)
        for one in (stored["totals"]["landed"] if outcome == "complete" else None, spread["low"], spread["high"])
    )
    return Door(
        place,
        outcome,
        currency,
        landed,
        low,
        high,
        why=_told(stored, outcome),
        papers=_papers(stored),
    )


_HOME: Final[Mapping[str, tuple[str, ...]]] = {
    "es": ("Es el país del vendedor.",),
    "pt": ("É o país do vendedor.",),
    "en": ("It is the seller's own country.",),
}


def _told(stored: Any, outcome: str) -> Mapping[str, tuple[str, ...]]:  # noqa: ANN401 - a stored quote
    """Return the sentences of the reasons that make it what it is, each once."""
    found = {}
    for language in LOCALES:
        reasons = localise(stored, language)["assessment"]["reasons"]
        found[language] = tuple(dict.fromkeys(one["message"] for one in reasons if one["level"] == outcome))
    return found


def _papers(stored: Any) -> Mapping[str, tuple[str, ...]]:  # noqa: ANN401 - a stored quote
    """Return what is asked of the goods there for certain, each once."""
    asked = [one for one in stored["restrictions"] if one["severity"] in {"requires", "prohibits"} and one["certain"]]
    return {language: tuple(dict.fromkeys(one["message"][language] for one in asked)) for language in LOCALES}
