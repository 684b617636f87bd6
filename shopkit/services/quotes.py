"""Making quotes, finding them again, making them anew as of another day, and laying destinations side by side."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from landed_cost import ShipmentError, quote
from landed_cost.model import told
from landed_cost.serialise import speak, to_dict
from shopkit.services.days import read_day
from shopkit.services.encoding import encode, ready
from shopkit.services.freight import fill_in
from shopkit.services.keeping import find
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.reading import Json, Reading, merge, read_comparison, read_quote
from shopkit.services.what_if import supposing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from landed_cost import Rulebook
    from landed_cost.model import Quote, Shipment
    from shopkit.services.context import Services

_ID: Final = re.compile(r"q_[0-9A-HJKMNP-TV-Z]{26}", re.ASCII)
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME_BITS: Final = 80
# The fields of a request that hold the code of a country or of a currency.
_CODES: Final = ("country", "origin", "currency")


class QuoteNotFoundError(LookupError):
    """There is no quote under this id (or it is no id at all)."""


@dataclass(frozen=True)
class Answer:
    """One answered request; ``head`` is what the shop says of it beside the quote: its id, when, until when."""

    request: Json
    shipment: Shipment
    quote: Quote
    head: Json
    created_at: datetime
    saves: bool = False

    @cached_property
    def stored(self) -> Json:
        """The whole quote with codes, parameters and every language, as it is kept."""
        return self.head | to_dict(self.quote)

    @property
    def id(self) -> str | None:
        """The id under which the quote is (to be) kept; ``None`` when it is not."""
        found: str | None = self.head["id"]
        return found

    def read(self, language: str) -> Json:
        """Return the response in ``es``, ``pt`` or ``en``."""
        return self.head | speak(self.quote, language)

    def text(self, language: str) -> bytes:
        """Return the same as the JSON text of the response."""
        return encode(self.head | speak(self.quote, language, ready))

    def row(self, principal: str) -> dict[str, Any]:
        """Return the quote as a row of its table."""
        versions = self.quote.versions
        return {
            "id": self.id,
            "created_at": self.created_at,
            "date": self.shipment.date,
            "destination": self.shipment.destination.country,
            "outcome": self.quote.outcome,
            "rulebook": versions.rulebook,
            "schedule": told(versions.schedule, "en"),
            "rates": versions.rates,
            "principal": principal,
            "request": encode(self.request).decode(),
            "response": encode(self.head | to_dict(self.quote, ready)).decode(),
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """One basket at many destinations: the country asked for, and its answer or what is wrong there."""

    entries: tuple[tuple[str, Answer | RequestError], ...] = ()
    answers: tuple[Answer, ...] = field(default=())


def new_id(now: datetime) -> str:
    """Return a new id: the moment in milliseconds and eighty bits of chance, sortable and not to be guessed."""
    value = (int(now.timestamp() * 1000) << _TIME_BITS) | secrets.randbits(_TIME_BITS)
    return "q_" + "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))


def answer(services: Services, value: object, *, save: bool | None = None, seller: str | None = None) -> Answer:
    """Answer one request (its JSON value) without keeping it; ``RequestError`` lists everything wrong.

    ``save`` stands in for the request's own word, ``seller`` is whose rate cards it may name (a
    stranger: the illustrative one). Whoever keeps the answer writes its ``row``.
    """
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    reading = read_quote(value, services.today)
    _prepare(services, reading, seller)
    found = _price(reading, _supposing(services.rulebook, reading))
    saves = reading.saves if save is None or reading.what_if is not None else save
    return _answer(services, value, found, saves=saves)


def price(rulebook: Rulebook, value: Json, today: date) -> Json:
    """Return what a request comes to under a rulebook, in English, and nothing else of an answer.

    ``today`` stands for the date that a request does not give. ``RequestError`` lists everything wrong with it.
    """
    return speak(_reckoned(rulebook, value, today), "en")


def reckon(rulebook: Rulebook, value: Json, today: date) -> Json:
    """Return the same as it would be kept, in all languages: a third of the work where only figures are looked at."""
    return to_dict(_reckoned(rulebook, value, today))


def _reckoned(rulebook: Rulebook, value: Json, today: date) -> Quote:
    reading = read_quote(value, lambda _country: today)
    return _price(reading, _supposing(rulebook, reading))[1]


def answer_many(
    services: Services, values: Iterable[object], *, seller: str | None = None
) -> list[Answer | RequestError]:
    """Answer each request on its own, in order; one that is wrong stands as its error."""
    answers: list[Answer | RequestError] = []
    for value in values:
        try:
            answers.append(answer(services, value, seller=seller))
        except RequestError as error:
            answers.append(error)
    return answers


def answer_everywhere(services: Services, value: object, *, seller: str | None = None) -> Compared:
    """Answer one basket for many destinations; ``RequestError`` for a basket that no destination could answer."""
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    rulebook = services.rulebook
    comparison = read_comparison(value, rulebook.destinations, services.today)
    if not comparison.entries:
        raise RequestError(comparison.reading.problems)
    rulebook = _supposing(rulebook, comparison.reading)
    basket = {name: part for name, part in value.items() if name != "destinations"}
    entries: list[tuple[str, Answer | RequestError]] = []
    wrong = {(problem.pointer, problem.code): problem for problem in comparison.reading.problems}
    for place, reading in comparison.entries:
        _prepare(services, reading, seller)
        try:
            found = _price(reading, rulebook)
        except RequestError as error:
            entries.append((place["country"], error))
            continue
        if not wrong:
            request = basket | {"destination": place, "items": _cut(basket["items"], found[0])}
            entries.append((place["country"], _answer(services, request, found, saves=reading.saves)))
    answers = tuple(entry for _, entry in entries if isinstance(entry, Answer))
    if not answers:
        # What is wrong everywhere is wrong with the basket, and is said once.
        problems = (problem for _, entry in entries if isinstance(entry, RequestError) for problem in entry.problems)
        raise RequestError((wrong | {(problem.pointer, problem.code): problem for problem in problems}).values())
    return Compared(tuple(entries), answers)


def get_quote(services: Services, quote_id: str) -> Json:
    """Return the stored quote, all languages in it; ``QuoteNotFoundError`` if there is none."""
    found: Json = json.loads(_find(services, quote_id).response)
    return found


def requote(
    services: Services, quote_id: str, on: str | None, *, save: bool | None = None, seller: str | None = None
) -> Answer:
    """Answer a kept request anew as of a day (without one: today there), by the rules known now."""
    request: Json = json.loads(_find(services, quote_id).request)
    day = services.today(request["destination"]["country"]) if on is None else read_day(on, "query:date")
    return answer(services, as_of(request, day) | {"date": on}, save=save, seller=seller)


def as_of(request: Json, day: date) -> Json:
    """Return a request as it is asked of another day of entry.

    A parcel that left after that day cannot be the one that enters on it: when the supposed one left is not known, so
    it is left out, and a law that looks at it asks. A day of leaving that is not after stays what it is: a fact.
    """
    found = request | {"date": str(day)}
    left = found.get("exported_on")
    return found if left is None or left <= str(day) else found | {"exported_on": None}


def _find(services: Services, quote_id: str) -> Any:  # noqa: ANN401  # a row
    found = find(services, quote_id) if _ID.fullmatch(quote_id) else None
    if found is None:
        raise QuoteNotFoundError(quote_id)
    return found


def _supposing(rulebook: Rulebook, reading: Reading) -> Rulebook:
    """Return the rulebook to answer with; what does not fit of a supposition joins what is wrong with the request."""
    try:
        return supposing(rulebook, reading.what_if)
    except RequestError as error:
        reading.problems += error.problems
        return rulebook


def _price(reading: Reading, rulebook: Rulebook) -> tuple[Shipment, Quote]:
    """Run the engine; what the shape, the doors and the engine find wrong is raised together."""
    shipment, ours = reading.shipment, tuple(reading.problems)
    engines: tuple[RequestProblem, ...] = ()
    # Where nobody knows whither or when, the law of some other place or day has nothing to say.
    if shipment is not None and not any(one.pointer.startswith(("/destination", "/date")) for one in ours):
        try:
            found = quote(shipment, rulebook)
        except ShipmentError as error:
            engines = tuple(RequestProblem(one.pointer, one.code, one.params) for one in error.problems)
        except Exception:
            # Where the doors found something wrong already, the engine was asked for what it can add, on a shipment
            # that it may rightly refuse to think about.
            if not ours:
                raise
        else:
            if not ours:
                return shipment, found
    raise RequestError(merge(ours, engines))


def _prepare(services: Services, reading: Reading, seller: str | None) -> None:
    """Bring what the shop itself knows: the freight of a card, and what its own parcels took on this lane."""
    asked = reading.freight
    if asked is not None:
        fill_in(services, reading, seller)
    shipment = reading.shipment
    if shipment is not None:
        names = (shipment.channel,) if asked is None else (asked.service, shipment.channel)
        found = services.observed.find(shipment.dispatch.country, shipment.destination.country, *names)
        if found is not None:
            reading.shipment = replace(shipment, observed=found)


def _answer(services: Services, request: Json, found: tuple[Shipment, Quote], *, saves: bool) -> Answer:
    shipment, priced = found
    now = services.now()
    head = {
        "id": new_id(now) if saves else None,
        "created_at": now.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z",
        "valid_until": priced.valid_until.isoformat(),
    }
    return Answer(in_capitals(request) if saves else request, shipment, priced, head, now, saves)


def _cut(items: list[Json], shipment: Shipment) -> list[Json]:
    """Return the items as they were asked at a destination: with the six digits that are the same everywhere."""
    return [
        item if item.get("hs_code") is None else item | {"hs_code": read.hs_code}
        for item, read in zip(items, shipment.items, strict=True)
    ]


def in_capitals(request: Any) -> Any:  # noqa: ANN401  # any part of a request
    """Return a request as it is kept: codes of countries and currencies in capitals, however they were written.

    >>> in_capitals({"dispatch": {"country": "mx"}, "seller": {"registrations": ["cl"]}, "place": "lima"})
    {'dispatch': {'country': 'MX'}, 'seller': {'registrations': ['CL']}, 'place': 'lima'}
    """
    if isinstance(request, list):
        return [in_capitals(part) for part in request]
    if not isinstance(request, dict):
        return request
    found = {name: in_capitals(part) for name, part in request.items()}
    found |= {name: found[name].upper() for name in _CODES if isinstance(found.get(name), str)}
    if isinstance(found.get("registrations"), list):
        found["registrations"] = [code.upper() for code in found["registrations"]]
    return found
