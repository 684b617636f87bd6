"""Whether a shipment can be what it says: everything wrong with it is found at once, with a JSON pointer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from landed_cost.countries import COUNTRIES
from landed_cost.goods import Meaning
from landed_cost.measures import VOCABULARY, WEIGHT, check
from landed_cost.model import Amount, Item, Shipment
from landed_cost.rates import RateTable, UnknownCurrencyError
from landed_cost.rulebook.attributes import attributes
from landed_cost.rulebook.book import Rulebook

_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2099, 12, 31)
# Beyond this an amount is a slip of the keyboard, and minor units no longer fit where quotes are kept.
_LARGEST: Final = Decimal(10) ** 18
_LETTERS: Final = 2
# An origin may be unknown.
_KNOWN: Final = COUNTRIES | {None}
_ANY_AGREEMENT: Final = ("auto", "none")

# An amount and where it stands in the request.
Named = tuple[tuple[str | int, ...], Amount]

_MEASURE_CODES: Final = {"unknown_measure": "measure.unknown", "not_an_amount": "measure.invalid"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a request, and where: ``pointer`` is a JSON pointer."""

    pointer: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)


class ShipmentError(ValueError):
    """The shipment cannot be what it says; ``problems`` lists everything that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{one.pointer}: {one.code} {dict(one.params)}" for one in problems))
        self.problems = problems


def problems(shipment: Shipment, rulebook: Rulebook) -> Iterator[Problem]:
    """Find what is wrong with a shipment but for its tariff codes, which are a matter of the day's law."""
    if not _FIRST_DAY <= shipment.date <= _LAST_DAY:
        limits = {"first": str(_FIRST_DAY), "last": str(_LAST_DAY)}
        yield Problem("/date", "date.range", {"value": str(shipment.date)} | limits)
    if not shipment.items:
        yield Problem("/items", "count.too_few", {"limit": "1"})
    yield from _countries(shipment, rulebook)
    destination = rulebook.destinations.get(shipment.destination.country)
    region, regions = shipment.destination.region, () if destination is None else destination.regions
    if regions and region is not None and region not in regions:
        yield Problem("/destination/region", "region.unknown", {"known": ", ".join(regions)})
    wanted = shipment.currency if destination is None else destination.currency
    odd = [index for index, item in enumerate(shipment.items) if not _is_ordinary(item)]
    if odd or wanted not in rulebook.rates.currencies or not _are_plain(shipment, wanted):
        named = _amounts(shipment)
        for place, amount in named:
            if not amount.value.is_finite() or amount.value < 0:
                yield Problem(_pointer(*place, "amount"), "amount.invalid")
            elif amount.value >= _LARGEST:
                yield Problem(_pointer(*place, "amount"), "total.too_large")
        yield from _currencies(shipment.currency, wanted, named, rulebook.rates)
    for index in odd:
        yield from _item(f"/items/{index}", shipment.items[index], rulebook)


def _countries(shipment: Shipment, rulebook: Rulebook) -> Iterator[Problem]:
    """Find codes that name no country: law that names countries one by one would pass over them as over any other."""
    if {shipment.dispatch.country, shipment.destination.country, *[item.origin for item in shipment.items]} <= _KNOWN:
        return
    named = {"/dispatch/country": shipment.dispatch.country, "/destination/country": shipment.destination.country}
    for index, item in enumerate(shipment.items):
        if item.origin is not None:
            named[f"/items/{index}/origin"] = item.origin
    # Law of a made-up country may speak of others that are made up.
    is_real = COUNTRIES.issuperset(rulebook.destinations)
    for pointer, code in named.items():
        if not (code.isascii() and code.isalpha() and code.isupper() and len(code) == _LETTERS):
            yield Problem(pointer, "country.invalid", {"value": code})
        elif is_real and code not in COUNTRIES:
            yield Problem(pointer, "country.unknown", {"value": code})


def codes_unread(meanings: Iterable[Meaning]) -> Iterator[Problem]:
    """Find the tariff codes that do not exist."""
    for index, found in enumerate(meanings):
        if found.problem is not None:
            code, params = found.problem
            yield Problem(f"/items/{index}/hs_code", code, params)


def _pointer(*place: str | int) -> str:
    return "".join([f"/{part}" for part in place])


def _amounts(shipment: Shipment) -> list[Named]:
    """Return every amount with its place; a pointer is written only where something is wrong."""
    importer = shipment.importer
    found: list[Named] = []
    if shipment.freight is not None:
        found.append((("freight",), shipment.freight))
    if shipment.insurance is not None:
        found.append((("insurance",), shipment.insurance))
    if importer.day_value is not None:
        found.append((("importer", "prior_use", "day_value"), importer.day_value))
    if importer.year_value is not None:
        found.append((("importer", "prior_use", "year_value"), importer.year_value))
    for index, item in enumerate(shipment.items):
        found.append((("items", index, "unit_price"), item.unit_price))
        if item.declared_value is not None:
            found.append((("items", index, "declared_value"), item.declared_value))
    return found


def _currencies(shown: str, law: str, named: list[Named], rates: RateTable) -> Iterator[Problem]:
    currencies = {amount.currency for _, amount in named} | {shown}
    unknown = [one for one in currencies if not _converts(rates, one, law, shown)]
    if unknown:
        for place, currency in (((), shown), *((place, amount.currency) for place, amount in named)):
            if currency in unknown:
                yield Problem(_pointer(*place, "currency"), "currency.unknown", {"currency": currency})


def _converts(rates: RateTable, currency: str, law: str, shown: str) -> bool:
    """Whether an amount can be turned into the law's money, and into that of the answer if that is known itself."""
    if currency not in rates.currencies:
        return False
    if currency == law == shown:
        return True
    try:
        rates.rate(currency, law)
        if shown in rates.currencies:
            rates.rate(currency, shown)
    except UnknownCurrencyError:
        return False
    return True


def _item(where: str, item: Item, rulebook: Rulebook) -> Iterator[Problem]:
    yield from _worth(where, item)
    yield from unread_attributes(where, item.attributes)
    yield from _measures(where, item)
    if item.preference not in _ANY_AGREEMENT:
        ways = [*_ANY_AGREEMENT, *(one.id for one in rulebook.agreements)]
        if item.preference not in ways:
            yield Problem(f"{where}/preference", "choice", {"expected": ", ".join(ways)})


def unread_attributes(where: str, given: Mapping[str, str]) -> Iterator[Problem]:
    """Find attributes that are not in the vocabulary, and answers that are none."""
    for name, value in given.items():
        one = attributes().get(name)
        if one is None:
            known = ", ".join(sorted(attributes()))
            yield Problem(f"{where}/attributes/{name}", "attribute.unknown", {"known": known})
        elif not one.allows(value):
            yield Problem(f"{where}/attributes/{name}", "attribute.value", {"known": ", ".join(one.values)})


def _are_plain(shipment: Shipment, wanted: str) -> bool:
    """Whether there is surely nothing to find in the amounts beside ordinary prices: all of one currency, none odd."""
    currencies = {shipment.currency, *[item.unit_price.currency for item in shipment.items]}
    importer = shipment.importer
    for amount in (shipment.freight, shipment.insurance, importer.day_value, importer.year_value):
        if amount is not None:
            currencies.add(amount.currency)
            if not (amount.value.is_finite() and 0 <= amount.value < _LARGEST):
                return False
    return currencies == {wanted}


def _is_ordinary(item: Item) -> bool:
    """Whether there is surely nothing to find in an item: a price, a quantity, a weight, an agreement at most."""
    price, quantity, weight = item.unit_price.value, item.quantity, item.weight_kg
    return (
        item.declared_value is None
        and not item.measures
        and item.preference in _ANY_AGREEMENT
        and (weight is None or (weight.is_finite() and weight >= 0))
        and price.is_finite()
        and quantity.is_finite()
        and 0 < price < _LARGEST
        and quantity > 0
        and quantity * price < _LARGEST
        and not (item.attributes and any(unread_attributes("", item.attributes)))
    )


def _worth(where: str, item: Item) -> Iterator[Problem]:
    worth = item.unit_price if item.declared_value is None else item.declared_value
    if not item.unit_price.value and not worth.value:
        yield Problem(f"{where}/declared_value", "declared_value.needed")
    if item.unit_price.value and item.declared_value is not None:
        # What is paid is the value; another one beside it would be a second price for customs.
        yield Problem(f"{where}/declared_value", "declared_value.unexpected")
    if not item.quantity.is_finite() or item.quantity < 0:
        yield Problem(f"{where}/quantity", "measure.invalid")
    elif not item.quantity:
        yield Problem(f"{where}/quantity", "measure.zero")
    elif worth.value.is_finite() and item.quantity * max(worth.value, item.unit_price.value) >= _LARGEST:
        yield Problem(f"{where}/quantity", "total.too_large")


def _measures(where: str, item: Item) -> Iterator[Problem]:
    worth = (item.declared_value or item.unit_price).value
    for one in check(item.measures, weight_kg=item.weight_kg, unit_price=worth or None):
        place = where if one.key == WEIGHT else f"{where}/measures"
        code = _MEASURE_CODES.get(one.code, f"measure.{one.code}")
        params = {"value": str(item.measures.get(one.key, item.weight_kg)), "known": ", ".join(VOCABULARY)}
        yield Problem(f"{place}/{one.key}", code, params)
