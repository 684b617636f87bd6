"""Whether a shipment can be what it says: everything wrong with it is found at once, with a JSON pointer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from landed_cost.goods import Meaning
from landed_cost.measures import VOCABULARY, WEIGHT, check
from landed_cost.model import Amount, Item, Shipment
from landed_cost.rates import RateTable, UnknownCurrencyError
from landed_cost.rulebook.attributes import attributes
from landed_cost.rulebook.book import Rulebook

_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2099, 12, 31)
# Beyond this an amount is a slip of the keyboard, and minor units no longer fit where quotes are kept.
_HEAVY_KG: Final = 1_000
_LARGEST: Final = Decimal(10) ** 18

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
    destination = rulebook.destinations.get(shipment.destination.country)
    regions = () if destination is None else destination.regions
    if regions and shipment.destination.region not in (None, *regions):
        yield Problem("/destination/region", "region.unknown", {"known": ", ".join(regions)})
    wanted = shipment.currency if destination is None else destination.currency
    named = list(_amounts(shipment))
    for pointer, amount in named:
        if not amount.value.is_finite() or amount.value < 0:
            yield Problem(f"{pointer}/amount", "amount.invalid")
        elif amount.value >= _LARGEST:
            yield Problem(f"{pointer}/amount", "total.too_large")
    currencies = {amount.currency for _, amount in named} | {shipment.currency}
    unknown = {one for one in currencies if not _converts(rulebook.rates, one, wanted, shipment.currency)}
    if unknown:
        for pointer, currency in (("", shipment.currency), *((place, amount.currency) for place, amount in named)):
            if currency in unknown:
                yield Problem(f"{pointer}/currency", "currency.unknown", {"currency": currency})
    for index, item in enumerate(shipment.items):
        yield from _item(f"/items/{index}", item, rulebook)


def codes_unread(meanings: Iterable[Meaning]) -> Iterator[Problem]:
    """Find the tariff codes that do not exist."""
    for index, found in enumerate(meanings):
        if found.problem is not None:
            code, params = found.problem
            yield Problem(f"/items/{index}/hs_code", code, params)


def _amounts(shipment: Shipment) -> Iterator[tuple[str, Amount]]:
    importer = shipment.importer
    for name, amount in (
        ("/freight", shipment.freight),
        ("/insurance", shipment.insurance),
        ("/importer/prior_use/day_value", importer.day_value),
        ("/importer/prior_use/year_value", importer.year_value),
    ):
        if amount is not None:
            yield name, amount
    for index, item in enumerate(shipment.items):
        yield f"/items/{index}/unit_price", item.unit_price
        if item.declared_value is not None:
            yield f"/items/{index}/declared_value", item.declared_value


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
    if item.attributes:
        yield from unread_attributes(where, item.attributes)
    if item.measures or not _is_plain(item.weight_kg):
        yield from _measures(where, item)
    if item.preference not in ("auto", "none"):
        ways = ["auto", "none", *(one.id for one in rulebook.agreements)]
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


def _is_plain(weight: Decimal | None) -> bool:
    """Whether there is nothing to say of a weight: what parcels weigh, which is what is asked most."""
    return weight is None or (weight.is_finite() and 0 < weight < _HEAVY_KG)


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
