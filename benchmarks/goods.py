"""What is quoted in a measurement: two kinds of T-shirts from Mexico, and baskets of all sorts."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from landed_cost import Amount, Item, Place, Shipment
from landed_cost.schedules.store import import_schedule
from landed_cost.schedules.us_hts import UsHts

ROOT: Final = Path(__file__).resolve().parent.parent
DAY: Final = "2026-11-23"
# Prices and quantities change from quote to quote, so that no answer can be kept and given again.
PRICES: Final = 1_999
# Everyday goods by six digits, and where they may come from.
# fmt: off
CODES: Final = (
    "090121", "170490", "180632", "190590", "210390", "220300", "330499", "340111", "392490", "420221",
    "420222", "420231", "420292", "481910", "490199", "570242", "610910", "611020", "611030", "620342",
    "620462", "621410", "630221", "640399", "650500", "691200", "701337", "711311", "711319", "711790",
    "732393", "821192", "847330", "851762", "852351", "940360", "940511", "950300", "950490", "970121",
)
# fmt: on
ORIGINS: Final = ("MX", "CO", "CN", "BR", "PE", "GT", "VN", "US")


def request(number: int, *, save: bool = False) -> dict[str, Any]:
    """Return the body of the quote of this number, as a client sends it."""
    dollars, cents = divmod(1_000 + number % PRICES, 100)
    prices = (f"{dollars}.{cents:02d}", "18.50")
    return {
        "date": DAY,
        "dispatch": {"country": "MX", "postal_code": "50000"},
        "destination": {"country": "US", "region": "CA", "postal_code": "90012"},
        "channel": "courier",
        "terms": "DDP",
        "currency": "USD",
        "items": [
            {
                "id": str(index),
                "description": "Playera de algodón",
                "hs_code": "6109100012",
                "origin": "MX",
                "quantity": quantity,
                "unit_price": {"amount": price, "currency": "USD"},
                "weight": {"value": "0.2", "unit": "kg"},
                "attributes": {"fiber": "cotton"},
            }
            for index, (price, quantity) in enumerate(zip(prices, (str(1 + number % 4), "1"), strict=True), start=1)
        ],
        "parcel": {"gross_weight": {"value": "1.2", "unit": "kg"}},
        "freight": {"amount": "12.00", "currency": "USD"},
        "insurance": {"amount": "0.00", "currency": "USD"},
        "save": save,
    }


def shipment(number: int) -> Shipment:
    """Return the same for the engine."""
    body = request(number)
    items = tuple(
        Item(
            id=item["id"],
            description=item["description"],
            quantity=Decimal(item["quantity"]),
            unit_price=_amount(item["unit_price"]),
            hs_code=item["hs_code"],
            origin=item["origin"],
            weight_kg=Decimal(item["weight"]["value"]),
            attributes=item["attributes"],
        )
        for item in body["items"]
    )
    return _shipment(items)


def mixed(count: int) -> list[Shipment]:
    """Return two-item baskets of many kinds of goods and origins; the same ones every time."""
    chance = random.Random(count)  # noqa: S311  # a sample that can be had again, not a secret
    return [_shipment((_any_item("1", chance), _any_item("2", chance))) for _ in range(count)]


def _any_item(id_: str, chance: random.Random) -> Item:
    return Item(
        id=id_,
        description="goods",
        quantity=Decimal(chance.randint(1, 3)),
        unit_price=Amount(Decimal(chance.randint(500, 9_000)) / 100, "USD"),
        hs_code=chance.choice(CODES),
        origin=chance.choice(ORIGINS),
        weight_kg=Decimal(chance.randint(1, 15)) / 10,
    )


def _shipment(items: tuple[Item, ...]) -> Shipment:
    return Shipment(
        date=date.fromisoformat(DAY),
        dispatch=Place("MX", postal_code="50000"),
        destination=Place("US", "CA", "90012"),
        channel="courier",
        currency="USD",
        items=items,
        terms="DDP",
        gross_weight_kg=Decimal("1.2"),
        freight=Amount(Decimal("12.00"), "USD"),
        insurance=Amount(Decimal("0.00"), "USD"),
    )


def _amount(value: dict[str, str]) -> Amount:
    return Amount(Decimal(value["amount"]), value["currency"])


def official_schedule() -> Path | None:
    """Return the official US schedule in the reference data (``SHOPKIT_SHARED``), or ``None`` where there is none."""
    path = Path(os.environ.get("SHOPKIT_SHARED", ROOT.parent / "shared")) / "data/us/hts_2026_rev_10.json.gz"
    return path if path.is_file() else None


@contextmanager
def data_dir() -> Iterator[Path]:
    """Give a shop's folder with the official US schedule imported; without it, the bands that ship answer."""
    with TemporaryDirectory(prefix="shopkit-bench-") as name:
        folder = Path(name)
        official = official_schedule()
        if official is not None:
            import_schedule(UsHts(), official, folder / "schedules")
        yield folder
