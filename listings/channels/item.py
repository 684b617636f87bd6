"""One thing on sale as a channel sees it: a variant, its texts in one language, its price and its way to one market.

Nothing here is asked of a database or reckoned: the use cases choose the text that may leave, the price at the door and
the days, and a channel only says it in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from landed_cost.money import Money

# Who a text is from: a ``person`` wrote or revised it, a ``machine`` made it and nobody changed a word.
Author = Literal["person", "machine"]
Availability = Literal["in_stock", "out_of_stock", "preorder", "backorder"]
Condition = Literal["new", "used", "refurbished"]
# Where the charges of import are: inside the ``price``, inside what is paid for ``shipping``, or ``apart`` from both,
# so that the buyer pays them on delivery.
Charges = Literal["price", "shipping", "apart"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text that leaves, and who it is from."""

    text: str
    by: Author = "person"


@dataclass(frozen=True, slots=True)
class Shipping:
    """One way to a country: what the buyer pays for it, and how many working days it takes.

    ``handling`` are the days until it is handed over, ``transit`` those after; fewest and most, ``None`` where nobody
    knows them.
    """

    country: str
    service: str
    price: Money
    handling: tuple[int, int] | None = None
    transit: tuple[int, int] | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogItem:
    """A variant on sale in a market, in one language.

    ``id``         of this variant for ever and in every market; never made from a translated text
    ``group``      the listing's key where it has several variants, which are rows of their own
    ``listing``    the listing's key, always
    ``language``   of all texts, as BCP 47: ``es``, ``es-MX``, ``pt-BR``
    ``title``      of the listing; what tells the variants apart is in ``options``
    ``description``  plain text
    ``link``, ``photos``  absolute addresses, the main photo first
    ``price``      what one piece costs, in the market's currency; ``sale`` a lower one in its days, both included
    ``charges``    where the import charges are; ``due`` how much they come to, where they were reckoned
    ``shipping``   the ways to the market
    ``options``    name to value, as the texts are (``{"Talla": "M"}``); the known ones have fields of their own
    ``category``   the seller's own; ``category_id`` that of Google's taxonomy
    ``attributes`` what else the listing says, in the words of the rulebook's vocabulary
    ``own``        what the seller said of this piece for this channel alone, in its words (``{"category_id": "MLM1"}``)
    """

    id: str
    listing: str
    sku: str
    market: str
    language: str
    title: Text
    description: Text
    link: str
    price: Money
    photos: tuple[str, ...] = ()
    group: str | None = None
    availability: Availability = "in_stock"
    available_on: date | None = None
    stock: int | None = None
    condition: Condition = "new"
    sale: Money | None = None
    sale_from: date | None = None
    sale_until: date | None = None
    charges: Charges = "apart"
    due: Money | None = None
    shipping: tuple[Shipping, ...] = ()
    dispatch: str | None = None
    brand: str | None = None
    gtin: str | None = None
    mpn: str | None = None
    category: str | None = None
    category_id: int | None = None
    tags: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    color: str | None = None
    size: str | None = None
    material: str | None = None
    pattern: str | None = None
    gender: Literal["male", "female", "unisex"] | None = None
    age_group: Literal["newborn", "infant", "toddler", "kids", "adult"] | None = None
    grams: int | None = None
    # Length, width and height of the packed piece.
    millimetres: tuple[int, int, int] | None = None
    hs_code: str | None = None
    origin: str | None = None
    materials: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    making: tuple[int, int] | None = None
    expires_on: date | None = None
    returns_days: int | None = None
    warranty: str | None = None
    own: Mapping[str, str] = field(default_factory=dict)
