"""What a carrier is asked for its prices and answers: calls one after the other, made of what the last answered.

A carrier is one :class:`Carrier`, which an entry point of ``shopkit.carriers`` names by ``module:CARRIER``. Its calls,
replies, fields, tokens and errors are those of the port of tracking: a provider that is asked is asked alike. It knows
neither sockets nor clocks nor where keys are kept, and is told of no person: prices follow from countries, postal
codes, parcel and goods.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Protocol

from landed_cost.currencies import is_known
from landed_cost.money import Money, to_minor
from landed_cost.rulebook.reader import read_text
from shopkit.tracking.port import Call, Reply, TrackingError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from landed_cost.freight import Parcel
    from landed_cost.rulebook.reader import Node
    from shopkit.tracking.port import Field

_LARGEST: Final = Decimal(10) ** 7
_MAX_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """Whence or whither: nobody's name, no street."""

    country: str
    postal_code: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of what is sent; ``value`` is that of all its pieces, ``net_kg`` the weight of all, where known."""

    description: str
    quantity: int
    value: Money
    net_kg: Decimal | None
    hs_code: str
    origin: str


@dataclass(frozen=True, slots=True)
class Consignment:
    """What a carrier is asked the price of: one parcel on a day."""

    dispatch: Spot
    destination: Spot
    parcel: Parcel
    goods: tuple[Goods, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Rate:
    """What a carrier asks for a parcel by one of its services, in its own names; days as it says them."""

    carrier: str
    service: str
    price: Money
    days: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A service that has no price for the parcel, in the carrier's own words; no service means the carrier."""

    carrier: str
    service: str
    text: str


@dataclass(frozen=True, slots=True)
class Rates:
    """What a carrier answered: prices, and what it does not take."""

    rates: tuple[Rate, ...]
    refusals: tuple[Refusal, ...] = ()


Calls = Generator[Call, Reply, Rates]


class Carrier(Protocol):
    """A carrier, or who asks many of them. ``details`` are what an account said, by the names of ``fields``."""

    @property
    def name(self) -> str:
        """The name it has in accounts and ways."""
        ...

    @property
    def fields(self) -> tuple[Field, ...]:
        """What an account has to say."""
        ...

    def address(self, details: Mapping[str, str]) -> str:
        """Return the base address of its calls, without a slash at the end."""
        ...

    def sign(self, call: Call, details: Mapping[str, str], token: str) -> Mapping[str, str]:
        """Return the headers that prove who makes a call; ``token`` is empty for who needs none."""
        ...

    def takes(self, asked: Consignment) -> bool:
        """Return whether it can be asked for this parcel at all: it carries from there."""
        ...

    def rates(self, asked: Consignment, details: Mapping[str, str]) -> Calls:
        """Return the calls that bring its prices; they raise ``TrackingError``."""
        ...


# -- services --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Known:
    """What we know of a carrier's service: the channel whose law it goes by, its kind of item, and its name."""

    channel: str
    kind: str
    title: str


def known(carrier: str, service: str) -> Known | None:
    """Return what is known of a service by the carrier's own names; ``None`` for one that is not in our table.

    >>> known("USPS", "PriorityMailInternational").kind, known("FedEx", "NEW_THING").channel, known("Nobody", "X")
    ('parcel', 'courier', None)
    """
    table = _table()
    return table.get((carrier.lower(), service.lower())) or table.get((carrier.lower(), ""))


def read_services(tree: Node) -> Mapping[tuple[str, str], Known]:
    """Read the table of carriers' services; ``RulebookError`` names file and line of what is wrong."""
    tree.need("as_of").day()
    found: dict[tuple[str, str], Known] = {}
    for node in tree.need("services").items():
        service = node.take("service", lambda one: one.text(), "")
        key = (node.need("carrier").text().lower(), service.lower())
        channel = node.need("channel").word("postal", "courier")
        if key in found:
            raise node.fail(f"{key[0]} {service or 'without a service'} stands twice; keep one")
        found[key] = Known(channel, node.need("kind").text(), node.take("title", lambda one: one.text(), service))
        node.done()
    tree.done()
    return found


@cache
def _table() -> Mapping[tuple[str, str], Known]:
    name = "carriers.yaml"
    text = files("shopkit.sending").joinpath(f"data/{name}").read_text("utf-8")
    return read_services(read_text(text, name, begin="as_of: ..."))


# -- answers ---------------------------------------------------------------------------------------------------------
def object_of(body: bytes) -> dict[str, Any]:
    """Return the object of a body of JSON, its numbers as exact decimals; *garbage* for anything else."""
    try:
        value = json.loads(body, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise TrackingError("garbage", "the answer is not JSON") from error
    if not isinstance(value, dict):
        raise TrackingError("garbage", "the answer is no object of JSON")
    return value


def price_of(amount: object, currency: object) -> Money | None:
    """Return a price as it is asked, ``None`` for what is none: no number, none at all or below, no currency.

    >>> str(price_of("14.965", "USD")), price_of("-1", "USD"), price_of("1e400", "USD"), price_of("5", "dollars")
    ('14.97 USD', None, None, None)
    """
    if not isinstance(currency, str) or not is_known(currency):
        return None
    if not isinstance(amount, str | Decimal):
        return None
    try:
        exact = Decimal(amount)
    except InvalidOperation:
        return None
    if not exact.is_finite() or not 0 < exact < _LARGEST:
        return None
    return Money(to_minor(exact, currency), currency)


def days_of(value: object) -> tuple[int, int] | None:
    """Return days as a carrier says them, ``None`` where it does not say a whole number that a parcel may take."""
    if isinstance(value, Decimal) and value == value.to_integral_value() and 0 <= value <= 365:  # noqa: PLR2004 - a year
        return int(value), int(value)
    return None


def text_of(value: object) -> str:
    """Return a text of an answer on one line, no more of it than is readable; empty for anything else."""
    return " ".join(value.split())[:_MAX_TEXT] if isinstance(value, str) else ""


def objects_in(value: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects in a list of an answer, and nothing else of it; a list that is none is *garbage*."""
    found = value.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise TrackingError("garbage", f"{name} is no list")
    return [one for one in found if isinstance(one, dict)]


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no number")
