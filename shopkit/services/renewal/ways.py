"""Days on which no way in is open though there is one before or after: a hole that no single figure shows.

A way in may hold for certain days only. Where one ends and the next begins later, nothing is said of the days between,
and every parcel would be refused. A closure that is law is written as a refusal, with its sentence; that is no hole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Final

from landed_cost import Amount, Importer, Item, Place, Shipment, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from landed_cost import Rulebook
    from landed_cost.rulebook import Destination

_CHANNELS: Final = (("postal", None), ("courier", None), ("freight", "air"))
_PRICES: Final = (Decimal(20), Decimal(5_000))
_KINDS: Final = ("consumer", "business")


@dataclass(frozen=True, slots=True)
class Closed:
    """A span of days without a way in, for which parcels."""

    country: str
    first: date
    last: date
    parcel: str

    def __str__(self) -> str:
        """Say where, when and for what nothing is said."""
        return f"{self.country}: no way in is open from {self.first} to {self.last} for {self.parcel}"


def closed(rulebook: Rulebook) -> Iterator[Closed]:
    """Give every hole among the ways in, tried with plain parcels on each day on which a rule begins or ends."""
    for destination in rulebook.destinations.values():
        begins, ends = destination.evidence_from, destination.evidence_until
        days = [begins, *sorted(day for day in destination.days if begins < day <= ends)]
        for (channel, transport), price, kind in product(_CHANNELS, _PRICES, _KINDS):
            parcels = [_parcel(destination, day, channel, transport, price, kind) for day in days]
            none = [_is_closed(parcel, rulebook) for parcel in parcels]
            if all(none):
                continue
            for index, day in enumerate(days):
                if none[index]:
                    last = ends if index + 1 == len(days) else days[index + 1] - timedelta(days=1)
                    yield Closed(destination.country, day, last, f"a {channel} parcel of {price} USD to a {kind}")


def _is_closed(parcel: Shipment, rulebook: Rulebook) -> bool:
    refused = {reason.code for reason in quote(parcel, rulebook).reasons if reason.level == "refused"}
    return refused == {"regime.none"}


def _parcel(
    destination: Destination, on: date, channel: str, transport: str | None, price: Decimal, kind: str
) -> Shipment:
    home = "MX" if destination.country == "CO" else "CO"
    return Shipment(
        on,
        Place(home),
        Place(destination.country, next(iter(destination.regions), None)),
        channel,  # type: ignore[arg-type]  # one of the three
        "USD",
        (Item("1", "", Decimal(1), Amount(price, "USD"), hs_code="610910", origin=home, weight_kg=Decimal("0.5")),),
        transport=transport,  # type: ignore[arg-type]  # one of the three
        importer=Importer(kind=kind),  # type: ignore[arg-type]  # one of the two
        gross_weight_kg=Decimal(1),
        freight=Amount(Decimal(10), "USD"),
        insurance=Amount(Decimal(0), "USD"),
    )
