"""A rate card: services with zones, weight steps and limits; and the price it gives for one parcel.

A carrier charges the greater of what a parcel weighs and what its volume counts for, rounded up to the step of the
card. Prices are whole minor units, weights exact decimals of kilograms, lengths of centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money, half_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from landed_cost.model import Place

_GRAM: Final = Decimal("0.001")
_SEPARATORS: Final = str.maketrans("", "", " -")


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed over: its weight with packing, and length, width and height where they are known."""

    gross_kg: Decimal
    dimensions_cm: tuple[Decimal, Decimal, Decimal] | None = None

    @property
    def longest_cm(self) -> Decimal | None:
        """The longest side."""
        return None if self.dimensions_cm is None else max(self.dimensions_cm)

    @property
    def girth_cm(self) -> Decimal | None:
        """The longest side and once around the other two, as posts measure.

        >>> Parcel(Decimal(1), (Decimal(20), Decimal(30), Decimal(10))).girth_cm
        Decimal('90')
        """
        if self.dimensions_cm is None:
            return None
        longest = max(self.dimensions_cm)
        return longest + 2 * (sum(self.dimensions_cm) - longest)

    def volumetric_kg(self, divisor: int) -> Fraction | None:
        """What the volume counts for: cubic centimetres over the divisor of the service."""
        if self.dimensions_cm is None:
            return None
        length, width, height = self.dimensions_cm
        return Fraction(length * width * height) / divisor


@dataclass(frozen=True, slots=True)
class Step:
    """Up to so many kilograms, so much; ``price`` in minor units of the service's currency."""

    up_to_kg: Decimal
    price: int


@dataclass(frozen=True, slots=True)
class Area:
    """A country, or the part of it whose postal codes begin so; ``*`` is every country."""

    country: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """Where a price holds: its areas, its steps upwards, its days. ``per_kg_over`` is asked above the last step."""

    name: str
    areas: tuple[Area, ...]
    steps: tuple[Step, ...]
    min_days: int
    max_days: int
    per_kg_over: int | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a card; what is ``None`` is not limited."""

    name: str
    channel: str
    currency: str
    zones: tuple[Zone, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    fuel_percent: Decimal = Decimal(0)
    divisor: int | None = None
    max_kg: Decimal | None = None
    max_length_cm: Decimal | None = None
    max_girth_cm: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RateCard:
    """The services of one seller under one name; an illustrative card is nobody's offer."""

    name: str
    services: tuple[Service, ...]
    is_illustrative: bool = False

    def service(self, name: str) -> Service | None:
        """Return the service of that name."""
        return next((one for one in self.services if one.name == name), None)


@dataclass(frozen=True, slots=True)
class FreightBasis:
    """How a card came to a freight; weights in kilograms, ``volumetric_kg`` rounded up to the gram."""

    card: str
    service: str
    channel: str
    zone: str
    gross_kg: Decimal
    volumetric_kg: Decimal | None
    charged_kg: Decimal
    price: Money
    fuel_percent: Decimal
    fuel: Money
    total: Money
    min_days: int
    max_days: int
    is_illustrative: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return it as the quote's JSON has it."""
        return {
            "card": self.card,
            "service": self.service,
            "zone": self.zone,
            "gross_kg": _text(self.gross_kg),
            "volumetric_kg": None if self.volumetric_kg is None else _text(self.volumetric_kg),
            "charged_kg": _text(self.charged_kg),
            "price": _money(self.price),
            "fuel_percent": _text(self.fuel_percent),
            "fuel": _money(self.fuel),
            "total": _money(self.total),
            "min_days": self.min_days,
            "max_days": self.max_days,
            "illustrative": self.is_illustrative,
        }


class FreightError(ValueError):
    """A card has no price for a parcel; ``problems`` holds each reason: what it is about, its code, its parameters.

    It is about ``service``, ``card``, ``country``, ``postal_code``, ``weight`` or ``dimensions``.
    """

    def __init__(self, problems: tuple[tuple[str, str, Mapping[str, str]], ...]) -> None:
        super().__init__("; ".join(f"{about}: {code} {dict(params)}" for about, code, params in problems))
        self.problems = problems


def price(card: RateCard, service_name: str, parcel: Parcel, destination: Place, on: date) -> FreightBasis:
    """Return what ``card`` asks for a parcel handed over on a day; ``FreightError`` with everything against it."""
    service = card.service(service_name)
    if service is None:
        known = ", ".join(one.name for one in card.services)
        raise FreightError((("service", "freight.no_service", {"card": card.name, "known": known}),))
    problems = list(_against(service, parcel, on))
    try:
        zone = _zone(service, destination)
    except FreightError as error:
        raise FreightError((*problems, *error.problems)) from None
    volumetric = None if service.divisor is None else parcel.volumetric_kg(service.divisor)
    weighed = max(Fraction(parcel.gross_kg), volumetric or Fraction(0))
    found = _step(zone, weighed)
    if found is None:
        limit = {"limit": _text(zone.steps[-1].up_to_kg), "value": _text(_grams(weighed)), "unit": "kg"}
        problems.append(("weight", "freight.over_limit", limit))
    if problems or found is None:
        raise FreightError(tuple(problems))
    charged, minor = found
    fuel = half_up(*(Fraction(minor) * Fraction(service.fuel_percent) / 100).as_integer_ratio())
    return FreightBasis(
        card=card.name,
        service=service.name,
        channel=service.channel,
        zone=zone.name,
        gross_kg=parcel.gross_kg,
        volumetric_kg=None if volumetric is None else _grams(volumetric),
        charged_kg=charged,
        price=Money(minor, service.currency),
        fuel_percent=service.fuel_percent,
        fuel=Money(fuel, service.currency),
        total=Money(minor + fuel, service.currency),
        min_days=zone.min_days,
        max_days=zone.max_days,
        is_illustrative=card.is_illustrative,
    )


def _against(service: Service, parcel: Parcel, on: date) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Yield what the service does not take, and days on which its prices do not hold."""
    first, last = service.valid_from, service.valid_to
    if (first is not None and on < first) or (last is not None and on > last):
        params = {"from": str(first or "…"), "to": str(last or "…"), "date": str(on)}
        yield "card", "freight.not_valid", params
    measured = service.max_length_cm is not None or service.max_girth_cm is not None or service.divisor is not None
    if measured and parcel.dimensions_cm is None:
        yield "dimensions", "freight.dimensions_needed", {}
    for about, limit, value, unit in (
        ("weight", service.max_kg, parcel.gross_kg, "kg"),
        ("dimensions", service.max_length_cm, parcel.longest_cm, "cm"),
        ("dimensions", service.max_girth_cm, parcel.girth_cm, "cm"),
    ):
        if limit is not None and value is not None and value > limit:
            params = {"limit": _text(limit), "value": _text(value), "unit": unit}
            # Length and girth of one box may both be too much: each is told.
            yield about, "freight.over_girth" if limit is service.max_girth_cm else "freight.over_limit", params


def _zone(service: Service, destination: Place) -> Zone:
    """Return the zone of a place: the longest beginning of its postal code, then its country, then every country."""
    code = None if destination.postal_code is None else destination.postal_code.upper().translate(_SEPARATORS)
    own = [(area, zone) for zone in service.zones for area in zone.areas if area.country == destination.country]
    if code is None and any(area.prefix for area, _ in own):
        raise FreightError((("postal_code", "freight.postal_code_needed", {"service": service.name}),))
    fits = [(len(area.prefix), zone) for area, zone in own if (code or "").startswith(area.prefix)]
    if not fits:
        fits = [(0, zone) for zone in service.zones for area in zone.areas if area.country == "*"]
    if not fits:
        params = {"service": service.name, "country": destination.country}
        raise FreightError((("country", "freight.no_zone", params),))
    return max(fits, key=lambda fit: fit[0])[1]


def _step(zone: Zone, weighed: Fraction) -> tuple[Decimal, int] | None:
    """Return the kilograms charged and the price; ``None`` above the last step where nothing is said of more."""
    for step in zone.steps:
        if weighed <= step.up_to_kg:
            return step.up_to_kg, step.price
    last = zone.steps[-1]
    if zone.per_kg_over is None:
        return None
    more = -(-(weighed - Fraction(last.up_to_kg)) // 1)
    return last.up_to_kg + int(more), last.price + int(more) * zone.per_kg_over


def _grams(weight: Fraction) -> Decimal:
    """Return kilograms rounded up to the gram.

    >>> _grams(Fraction(1, 3))
    Decimal('0.334')
    """
    return Decimal(-(-weight.numerator * 1000 // weight.denominator)) * _GRAM


def _text(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _money(money: Money) -> dict[str, str]:
    return {"amount": money.text, "currency": money.currency}
