"""The wholesale list as paper: cases with pictures, what each comes to at each door, an order form; in three languages.

An estimate is printed as its range and says so, and why; what is not known or refused is printed as that. A partner's
own list bears its code, and shows what it may see.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from listings.campaigns.audiences import states
from shopkit.printing import pdf
from shopkit.services.companies import get_company
from shopkit.services.letters import N_
from shopkit.services.photos import PhotoNotFoundError, get_photo
from shopkit.services.qr import qr_svg
from shopkit.services.wholesale import get_terms
from shopkit.services.wholesale_prices import LOCALES, Offer, offer
from translations.ui import speech

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from listings.model import Listing
    from shopkit.services.actors import Actor
    from shopkit.services.companies import Company
    from shopkit.services.context import Services
    from shopkit.services.partners import Kept as Partner
    from shopkit.services.wholesale import Terms
    from shopkit.services.wholesale_prices import Door, Offered
    from translations.ui import Speech

Json = dict[str, Any]
_LETTER: Final = frozenset("MX US CA CO CL VE CR GT HN NI PA PR SV DO".split())  # noqa: SIM905 - read as a line
_WAYS: Final = {"courier": N_("by courier"), "postal": N_("by post"), "freight": N_("as air freight")}
_WORDS: Final = {
    "code": N_("Code"),
    "product": N_("Product"),
    "cases": N_("Cases"),
    "price": N_("Price of the case"),
    "amount": N_("Amount"),
    "weight": N_("Weight packed"),
    "sides": N_("Size packed"),
    "minimum": N_("Smallest order"),
    "door": N_("The case at your door"),
    "estimated": N_("estimate"),
    "order": N_("Order form"),
    "business": N_("Business"),
    "name": N_("Name"),
    "address": N_("Address for the delivery"),
    "contact": N_("Telephone or e-mail"),
    "signature": N_("Date and signature"),
    "total": N_("Total"),
    "your_code": N_("Your code"),
    "link": N_("Order at"),
    "asked": N_("Asked of the goods there"),
    "why": N_("Why these are estimates"),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A list that was printed, and which packs it leaves out, by code, with why."""

    data: bytes
    left_out: tuple[tuple[str, str], ...]


def wholesale_list(
    services: Services, actor: Actor, language: str, partner: Partner | None = None, link: str | None = None
) -> Paper:
    """Print the list of today in ``es``, ``pt`` or ``en``, for everybody or for a partner.

    ``link`` is an address that is counted as the partner's, printed with its QR code.
    """
    company, terms = get_company(services, actor), get_terms(services, actor)
    found = offer(services, actor, company, terms, language)
    if partner is not None and partner.said.cases is not None:
        found = Offer(tuple(one for one in found.cases if one.pack.id in partner.said.cases), found.left_out)
    to, on = speech(language, [LOCALES[language]]), services.now().date()
    pictures = _pictures(services, actor, found)
    if link is not None:
        pictures["link"] = qr_svg(link)
    data = _data(company, terms, found, to, on, partner, link, set(pictures))
    return Paper(pdf("wholesale", data, on=on, language=language, pictures=pictures), found.left_out)


def place_name(place: str, to: Speech) -> str:
    """Return the name of a destination as a reader writes it.

    >>> place_name("US-CA", speech("es", [])), place_name("PE", speech("pt", []))
    ('Estados Unidos, California', 'Peru')
    """
    country, _, region = place.partition("-")
    name = str(to.locale.territories.get(country, country))
    return f"{name}, {states()[region].name[to.language]}" if region else name


def _data(
    company: Company,
    terms: Terms,
    found: Offer,
    to: Speech,
    on: date,
    partner: Partner | None,
    link: str | None,
    pictures: set[str],
) -> Json:
    say = to.sentences.gettext
    prices = partner is None or partner.said.sees == "prices"
    way = _WAYS[terms.way]
    facts = [
        [say(N_("Made on")), to.day(on)],
        *([[say(N_("Holds until")), to.day(on + timedelta(days=terms.holds_days))]] if prices else []),
        *([[say(N_("How it travels")), say(way)]] if prices else []),
    ]
    if prices and terms.smallest is not None:
        facts.append([say(N_("Smallest order in all")), to.money(_text(terms.smallest), terms.currency)])
    if partner is not None:
        facts += [[say(N_("For")), partner.said.name], [say(_WORDS["your_code"]), partner.code]]
    contact = [company.profile.get(name) for name in ("phone", "email")]
    return {
        "title": say(N_("Wholesale list")) if prices else say(N_("What there is")),
        "seller": company.name,
        "subtitle": say(N_("By the case, for shops")),
        "foot": " · ".join([company.name, *(one for one in contact if one)]),
        "paper": "us-letter" if company.country in _LETTER else "a4",
        "words": {name: say(text) for name, text in _WORDS.items()},
        "facts": facts,
        "cases": [_case(one, to, pictures, prices=prices) for one in found.cases],
        "places": [place_name(one, to) for one in terms.places] if prices else [],
        "doors": _doors(found, terms, to) if prices else [],
        "asked": _asked(found, to),
        "whys": _whys(found, to) if prices else [],
        "notes": [*_notes(terms, to, prices=prices)],
        "order": [[one.pack.case.code, one.name, _price(one, to)] for one in found.cases] if prices else [],
        "link": link or "",
        "code": partner.code if partner is not None else "",
        "nothing": say(N_("There is nothing to offer yet.")),
    }


def _case(one: Offered, to: Speech, pictures: set[str], *, prices: bool) -> Json:
    case, say = one.pack.case, to.sentences.gettext
    inside = [
        f"{part.pieces} × {_titled(listing, part.sku)}"
        + (f" · {to.money(_text(part.price), case.currency)}" if prices else "")
        for part, listing in zip(case.parts, one.listings, strict=True)
    ]
    lines = []
    if case.kilograms is not None:
        lines.append([say(_WORDS["weight"]), f"{to.number(_plain(case.kilograms))} kg"])
    if case.sides is not None:
        lines.append([say(_WORDS["sides"]), " × ".join(to.number(_plain(side)) for side in case.sides) + " cm"])
    many = to.sentences.ngettext("%(count)s case", "%(count)s cases", case.minimum) % {"count": case.minimum}
    lines.append([say(_WORDS["minimum"]), many])
    return {
        "code": case.code,
        "name": one.name,
        "inside": inside,
        "lines": lines,
        "price": _price(one, to) if prices else "",
        "picture": one.photo if one.photo in pictures else "",
    }


def _titled(listing: Listing, sku: str | None) -> str:
    variant = None if sku is None else listing.variant(sku)
    options = "" if variant is None else ", ".join(variant.options.values())
    return f"{listing.title} ({options or sku})" if sku else listing.title


def _doors(found: Offer, terms: Terms, to: Speech) -> list[Json]:
    """Return a row for each case: code, name, and a cell for each place: its amount, and what that is."""
    return [
        {"code": one.pack.case.code, "name": one.name, "cells": [_cell(door, to) for door in one.doors]}
        for one in found.cases
        if terms.places
    ]


def _cell(door: Door, to: Speech) -> Json:
    say = to.sentences.gettext
    currency = door.currency or ""
    if door.outcome == "complete" and door.landed is not None:
        return {"says": to.money(door.landed, currency), "is": ""}
    if door.outcome == "estimated" and door.low is not None and door.high is not None:
        low, high = to.money(door.low, currency), to.money(door.high, currency)
        return {"says": low if low == high else f"{low} – {high}", "is": say(_WORDS["estimated"])}
    if door.outcome == "estimated" and door.low is not None:
        return {"says": say(N_("from %(low)s")) % {"low": to.money(door.low, currency)}, "is": say(_WORDS["estimated"])}
    return {"says": "—", "is": say(N_("refused")) if door.outcome == "refused" else say(N_("not known"))}


def _whys(found: Offer, to: Speech) -> list[str]:
    """Return why figures are no firm ones or missing, with the places for which that holds."""
    told: dict[str, dict[str, None]] = {}
    for one in found.cases:
        for door in one.doors:
            if door.outcome != "complete" and door.why is not None:
                told.setdefault(door.place, {}).update(dict.fromkeys(door.why[to.language]))
    return _together(told, " ", to)


def _asked(found: Offer, to: Speech) -> list[str]:
    """Return what is asked of the goods for certain, with the places that ask it."""
    told: dict[str, dict[str, None]] = {}
    for one in found.cases:
        for door in one.doors:
            told.setdefault(door.place, {}).update(dict.fromkeys((door.papers or {}).get(to.language, ())))
    return _together(told, " · ", to)


def _together(told: Mapping[str, Mapping[str, None]], between: str, to: Speech) -> list[str]:
    """Return what is told of places as lines: places of which the same is told share one."""
    places: dict[str, list[str]] = {}
    for place, sentences in told.items():
        if sentences:
            places.setdefault(to.written(between.join(sentences)), []).append(place_name(place, to))
    return [f"{' · '.join(names)}: {text}" for text, names in places.items()]


def _notes(terms: Terms, to: Speech, *, prices: bool) -> list[str]:
    say = to.sentences.gettext
    found = [(terms.notes or {}).get(to.language, "")]
    if prices:
        found.append(
            say(
                N_(
                    "At the door: a case's share of its smallest order, with duties, taxes and fees by the rules and "
                    "rates of the day this was made. A larger or mixed order is quoted anew."
                )
            )
        )
        if terms.freight is None:
            found.append(say(N_("What the way costs is not in it: it is told with the order.")))
    return [one for one in found if one]


def _price(one: Offered, to: Speech) -> str:
    return to.money(_text(one.pack.case.price), one.pack.case.currency)


def _text(amount: Decimal) -> str:
    return f"{amount:f}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _pictures(services: Services, actor: Actor, found: Offer) -> dict[str, bytes]:
    made = {}
    for one in found.cases:
        if one.photo is not None:
            with suppress(PhotoNotFoundError):
                made[one.photo] = get_photo(services, actor, one.photo, "medium").data
    return made
