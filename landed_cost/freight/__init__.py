"""Freight by a seller's rate card: what a parcel weighs to a carrier, and what the card asks for it.

>>> from datetime import date
>>> from decimal import Decimal
>>> from landed_cost.model import Place
>>> parcel = Parcel(Decimal("0.4"), (Decimal(30), Decimal(20), Decimal(10)))
>>> found = price(illustrative_card(), "express", parcel, Place("US"), date(2026, 11, 25))
>>> found.volumetric_kg, found.charged_kg, str(found.total)
(Decimal('1.200'), Decimal('2'), '42.56 USD')
"""

from landed_cost.freight.cards import (
    Area,
    FreightBasis,
    FreightError,
    Parcel,
    RateCard,
    Service,
    Step,
    Zone,
    price,
)
from landed_cost.freight.reading import ILLUSTRATIVE, illustrative_card, load_card

__all__ = [
    "ILLUSTRATIVE",
    "Area",
    "FreightBasis",
    "FreightError",
    "Parcel",
    "RateCard",
    "Service",
    "Step",
    "Zone",
    "illustrative_card",
    "load_card",
    "price",
]
