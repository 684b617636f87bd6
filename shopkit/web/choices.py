"""What the fields of the form let a person choose from, in the reader's language."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, get_args

from babel.dates import get_day_names
from babel.numbers import get_territory_currencies

from landed_cost.countries import COUNTRIES
from landed_cost.currencies import EXPONENTS
from landed_cost.measures import VOCABULARY
from shopkit.services import hs
from shopkit.services.schemas import Weekday
from shopkit.web.language import N_
from shopkit.web.regions import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from landed_cost import Rulebook
    from landed_cost.freight import RateCard
    from translations.ui import Speech

Options = tuple[tuple[str, str], ...]
Groups = tuple[tuple[str, Options], ...]

# Where most of those who use this sell from, and the ones they buy their materials from.
NEAR: Final = frozenset(
    "AR BB BO BR BS BZ CL CO CR CU DO EC GT GY HN HT JM MX NI PA PE PR PY SR SV TT UY VE".split()  # noqa: SIM905  # codes
)
_CURRENCIES_FIRST: Final = ("USD", "MXN", "BRL", "CLP", "COP", "PEN", "ARS", "EUR")
MOST_CODES: Final = 6
# Measures that everyday goods are charged by; any other appears when an answer asks for it.
COMMON_MEASURES: Final = ("volume_l", "alcohol_percent", "pieces", "pairs")
CHANNELS: Final = {"courier": N_("Courier"), "postal": N_("Post"), "freight": N_("Cargo")}
FREIGHT_TERMS: Final = {
    "EXW": N_("EXW: collected at the seller’s"),
    "FCA": N_("FCA: handed to the carrier"),
    "FOB": N_("FOB: on board the ship"),
    "CPT": N_("CPT: carriage paid to"),
    "CIP": N_("CIP: carriage and insurance paid to"),
    "CFR": N_("CFR: sea freight paid to"),
    "CIF": N_("CIF: sea freight and insurance paid to"),
    "DPU": N_("DPU: delivered and unloaded at"),
}
# Questions of the law about one item, as short labels; the full question comes with the answer that asks it.
ATTRIBUTES: Final = {
    "pharmaceutical_use": N_("For use as medicine"),
    "civil_aircraft_use": N_("Part of a civil aircraft"),
    "religious_use": N_("Only for religious use"),
    "described_article": N_("One of the articles named in the list"),
    "donation": N_("A donation"),
    "informational_materials": N_("A book, film, record or work of art"),
    "metal_share": N_("Little steel, aluminium or copper in it"),
    "metal_value": N_("Value of the metal in it"),
    "in_transit": N_("Already on its way when the duty began"),
    "fiber": N_("Main fibre"),
    "used": N_("Second-hand"),
    "food": N_("Food or drink"),
    "alcohol": N_("Contains alcohol"),
    "tobacco": N_("Contains tobacco"),
    "in_quota": N_("Enters within a tariff quota"),
    "under_order": N_("Named by an anti-dumping or countervailing order"),
    "returned_unchanged": N_("Coming back as it left"),
}
SCHEMES: Final = {
    "br.remessa_conforme": N_("Remessa Conforme (Brazil): taxes are collected when the buyer pays"),
    "eu.ioss": N_("IOSS (European Union): VAT on parcels up to 150 EUR is collected at the sale"),
    "gb.marketplace": N_("United Kingdom: a marketplace charges the VAT at the sale"),
    "uy.customs_register": N_("Uruguay: in the customs register of foreign sellers"),
    "us.mail.specific": N_("United States by post: the carrier chose the fixed duty for all its mail"),
    "us.donation": N_("United States: sent as a donation to relieve need"),
}
REGISTRATIONS: Final = {
    "CL": N_("Chile: registered for VAT on remote sales"),
    "GB": N_("United Kingdom: registered for VAT"),
    "CA": N_("Canada: registered for GST"),
}


def by_name(entry: tuple[str, str]) -> str:
    """Return what a choice is sorted by: its name without accents, as a reader looks it up."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", entry[1].lower()) if not unicodedata.combining(mark))


@lru_cache(maxsize=256)
def countries(speech: Speech) -> Groups:
    """Return all countries by name, those of Latin America and the Caribbean first."""
    names = speech.locale.territories

    def named(codes: Iterable[str]) -> Options:
        return tuple(sorted(((code, names[code]) for code in codes), key=by_name))

    translate = speech.sentences.gettext
    return (
        (translate(N_("Latin America and the Caribbean")), named(NEAR)),
        (translate(N_("Other countries")), named(COUNTRIES - NEAR)),
    )


@lru_cache(maxsize=256)
def currencies(speech: Speech) -> Groups:
    """Return all currencies by code, the common ones first."""
    names = speech.locale.currencies

    def named(codes: Iterable[str]) -> Options:
        return tuple((code, f"{code}, {names.get(code, code)}") for code in codes)

    translate = speech.sentences.gettext
    rest = sorted(EXPONENTS.keys() - set(_CURRENCIES_FIRST))
    return (translate(N_("Most used")), named(_CURRENCIES_FIRST)), (translate(N_("Others")), named(rest))


def currency_of(country: str) -> str:
    """Return the currency that is paid with in a country; the dollar where CLDR knows none that we count in.

    >>> currency_of("MX"), currency_of("SV"), currency_of("AQ")
    ('MXN', 'USD', 'USD')
    """
    return next((code for code in get_territory_currencies(country) if code in EXPONENTS), "USD")


def destinations(rulebook: Rulebook, speech: Speech) -> Options:
    """Return the covered destinations by name."""
    found = ((one.country, one.name[speech.language]) for one in rulebook.destinations.values())
    return tuple(sorted(found, key=by_name))


def regions(rulebook: Rulebook, speech: Speech) -> Groups:
    """Return the states of each covered destination; the values carry the country, ``US-CA``."""
    return tuple(
        (name, tuple((f"{country}-{code}", f"{region} ({code})") for code, region in REGIONS[country].items()))
        for country, name in destinations(rulebook, speech)
        if country in REGIONS
    )


def country_name(country: str, speech: Speech) -> str:
    """Return what a country is called."""
    return str(speech.locale.territories.get(country, country))


def measure_label(key: str, speech: Speech) -> str:
    """Return what a measure is called, with its unit."""
    known = VOCABULARY.get(key)
    return key if known is None else f"{known.label[speech.language]} ({known.unit})"


@dataclass(frozen=True, slots=True)
class Code:
    """A tariff code to choose: what it is called, why it is offered, and what the tariff of the destination says."""

    code: str
    label: str
    why: str = ""
    official: str = ""
    lines: tuple[tuple[str, str, str], ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        """The codes of its lines."""
        return frozenset(code for code, _, _ in self.lines)


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes to choose from, and the one question that separates them."""

    question: str
    found: tuple[Code, ...]


def codes_for(description: str, destination: str, rulebook: Rulebook, speech: Speech) -> Codes:
    """Return the tariff codes that a description may be, as choices; what decides between them is a person."""
    schedule = rulebook.schedule(destination) if destination in rulebook.destinations else None
    told = hs.suggest(description, speech.language, schedule, MOST_CODES)
    return Codes(
        "" if told.question is None else told.question["text"],
        tuple(
            Code(
                one["hs_code"],
                one["name"],
                ", ".join(one["matched"]),
                hs.ending(one["official"]),
                tuple(
                    (
                        line["hs_code"],
                        line["name"].removeprefix(f"{one['official']} > ") or one["name"],
                        line["rate"],
                    )
                    for line in one["lines"]
                ),
            )
            for one in told.results
        ),
    )


def attribute_label(key: str, speech: Speech) -> str:
    """Return what a question about an item is called in short."""
    return speech.sentences.gettext(ATTRIBUTES.get(key, key))


def _translated(names: dict[str, str], speech: Speech) -> Options:
    return tuple((code, speech.sentences.gettext(name)) for code, name in names.items())


def freight_services(cards: Iterable[RateCard], chosen: str, speech: Speech) -> Groups:
    """Return the services of each rate card as ``card/service``, and the chosen one although its card is gone."""
    ways = {code: speech.sentences.gettext(name) for code, name in CHANNELS.items()}
    found = [
        (card.name, tuple((f"{card.name}/{one.name}", f"{one.name}: {ways[one.channel]}") for one in card.services))
        for card in cards
    ]
    if chosen and all(chosen != code for _, inside in found for code, _ in inside):
        card, _, service = chosen.partition("/")
        found.append((card, ((chosen, service),)))
    return tuple(found)


def freight_terms(speech: Speech) -> Options:
    """Return the terms of delivery that only freight has."""
    return _translated(FREIGHT_TERMS, speech)


def schemes(speech: Speech, chosen: Iterable[str]) -> Options:
    """Return the programmes a seller may take part in, and those that were already named through another door."""
    return _translated(SCHEMES | {code: code for code in chosen if code not in SCHEMES}, speech)


def weekdays(speech: Speech) -> Options:
    """Return the days of the week by the names they have in the language, Monday first."""
    names = get_day_names("wide", locale=speech.locale)
    return tuple((code, str(names[index])) for index, code in enumerate(get_args(Weekday)))


def registrations(speech: Speech, chosen: Iterable[str]) -> Options:
    """Return where a tax registration changes an answer, and those that were already named through another door."""
    others = {code: country_name(code, speech) for code in chosen if code not in REGISTRATIONS}
    return _translated(REGISTRATIONS | others, speech)
