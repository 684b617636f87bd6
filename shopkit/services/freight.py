"""Freight by rate card: keeping each seller's cards, and asking them for the price of a parcel.

Every function takes whose cards they are: a seller's id, ``THE_SHOP`` for commands that name no seller, or ``None`` for
a stranger, who has the illustrative card alone. Nobody's card prices another's freight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select

from landed_cost.freight import ILLUSTRATIVE, FreightError, RateCard, illustrative_card, load_card, price
from landed_cost.model import Amount
from shopkit.models import StoredCard
from shopkit.services.problems import RequestProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from landed_cost.freight import FreightBasis, Parcel
    from landed_cost.model import Place
    from shopkit.services.context import Services
    from shopkit.services.reading import Reading

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.+-]{0,63}", re.ASCII)


class CardNameError(ValueError):
    """A card cannot have this name, or there is none of it; the message says what to write."""


@dataclass(frozen=True, slots=True)
class KeptCard:
    """A card and when it was imported; ``None`` for the one that ships."""

    card: RateCard
    imported_at: datetime | None


def import_card(services: Services, owner: str, name: str, text: str, *, dry_run: bool = False) -> RateCard:
    """Read a card and keep it under a name, in place of one of that name.

    ``TableError`` lists everything wrong with the file, ``CardNameError`` says what a name may be.
    """
    if not NAME.fullmatch(name) or name == ILLUSTRATIVE:
        raise CardNameError(f"{name!r} cannot be a name; write small letters, digits, _ . + -, and not {ILLUSTRATIVE}")
    card = load_card(text, name)
    if not dry_run:
        with services.database.writing.begin() as session:
            session.merge(StoredCard(seller_id=owner, name=name, imported_at=services.now(), text=text))
    return card


def cards(services: Services, owner: str | None) -> list[KeptCard]:
    """Return the owner's cards by name, and the one that ships last."""
    if owner is None:
        return [KeptCard(illustrative_card(), None)]
    query = select(StoredCard).where(StoredCard.seller_id == owner).order_by(StoredCard.name)
    with services.database.reading() as session:
        rows = session.scalars(query).all()
    return [
        *(KeptCard(_card(row.text, row.name), row.imported_at) for row in rows),
        KeptCard(illustrative_card(), None),
    ]


def find_card(services: Services, owner: str | None, name: str) -> RateCard | None:
    """Return the owner's card of a name."""
    if name == ILLUSTRATIVE:
        return illustrative_card()
    if owner is None:
        return None
    with services.database.reading() as session:
        row = session.get(StoredCard, (owner, name))
    return None if row is None else _card(row.text, row.name)


def remove_card(services: Services, owner: str, name: str) -> None:
    """Forget a card; quotes that were made with it keep what it said. ``CardNameError`` if there is none."""
    query = delete(StoredCard).where(StoredCard.seller_id == owner, StoredCard.name == name)
    with services.database.writing.begin() as session:
        gone: Any = session.execute(query)
    if not gone.rowcount:
        raise CardNameError(f"there is no card {name!r}")


@lru_cache(maxsize=64)
def _card(text: str, name: str) -> RateCard:
    return load_card(text, name)


def fill_in(services: Services, reading: Reading, owner: str | None) -> None:
    """Ask the card that the request names for its freight; what is against it goes to the problems of ``reading``."""
    asked, shipment = reading.freight, reading.shipment
    if asked is None or shipment is None:
        return
    card = find_card(services, owner, asked.card)
    if card is None:
        known = ", ".join(one.card.name for one in cards(services, owner))
        reading.problems.append(RequestProblem("/freight_service/card", "freight.no_card", {"known": known}))
        return
    service = card.service(asked.service)
    if service is not None and service.channel != shipment.channel:
        params = {"service": service.name, "channel": service.channel}
        reading.problems.append(RequestProblem("/freight_service/service", "freight.other_channel", params))
    places = {
        "service": "/freight_service/service",
        "card": "/freight_service/card",
        "weight": "/parcel/gross_weight",
        "dimensions": "/parcel/dimensions",
        "country": f"{asked.where}/country",
        "postal_code": f"{asked.where}/postal_code",
    }
    on = shipment.exported_on or shipment.ready_on or shipment.date
    try:
        found = price(card, asked.service, asked.parcel, shipment.destination, on)
    except FreightError as error:
        reading.problems += [RequestProblem(places[about], code, params) for about, code, params in error.problems]
    else:
        amount = Amount(Decimal(found.total.text), found.total.currency)
        reading.shipment = replace(shipment, freight=amount, freight_basis=found)


def offers(
    services: Services, owner: str | None, parcel: Parcel, destination: Place, on: date, card: str | None = None
) -> Iterator[tuple[RateCard, str, str, FreightBasis | FreightError]]:
    """Yield card, service, channel and price, or what is against it, for every service that could take a parcel."""
    for kept in cards(services, owner):
        if card not in (None, kept.card.name):
            continue
        for service in kept.card.services:
            try:
                found: FreightBasis | FreightError = price(kept.card, service.name, parcel, destination, on)
            except FreightError as error:
                found = error
            yield kept.card, service.name, service.channel, found
