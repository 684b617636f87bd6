"""A parcel that may be sent: declarations of tests begin from it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from shopkit.invoices import Party
from shopkit.papers.declaration import Declaration, Line

DAY: Final = date(2026, 11, 23)
SENDER: Final = Party(
    "Textiles Lucero",
    "MX",
    street="Av. Hidalgo 12",
    city="Toluca",
    postal_code="50000",
    email="hola@lucero.example",
)
RECIPIENT: Final = Party(
    "Ana Pérez & <Hijos>",
    "US",
    street="1 Main St",
    city="Los Angeles",
    region="CA",
    postal_code="90012",
    phone="+1 213 555 0100",
)
SHIRT: Final = Line("Embroidered cotton shirt, women", "en", 2, 5_000, "6109.10", "MX", Decimal("0.3801"), "PLA-M", 2)
MUG: Final = Line("Enamel mug, hand-painted", "en", 1, 1_599, "732394", "MX", Decimal("0.18"), "TAZ", 1)
PARCEL: Final = Declaration(
    order=1001,
    posted_on=DAY,
    service="parcel",
    category="sale",
    currency="USD",
    sender=SENDER,
    recipient=RECIPIENT,
    lines=(SHIRT, MUG),
    goods=6_599,
    gross_kg=Decimal("0.7"),
    number="RB123456785MX",
    quoted="US",
    channel="post",
)
