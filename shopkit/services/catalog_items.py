"""A variant on offer, and the row a channel is shown of it: in the words that leave, with pictures anybody can see."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Final

from listings.channels.item import CatalogItem, Shipping, Text
from listings.shipment import centimetres, dimensions_of, making_of, weight_of
from listings.texts import leaves
from shopkit.services.catalogs import format_of, link_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landed_cost.model import Shipment
    from listings.channels.item import Author
    from listings.channels.port import Finding
    from listings.model import Listing, Variant
    from listings.outgoing import Outgoing
    from shopkit.models import Seller
    from shopkit.services.catalog_prices import Taken
    from shopkit.services.catalogs import Kept
    from shopkit.services.context import Services
    from shopkit.services.translations import Translation

# The shortest of the limits that channels have for an id.
LONGEST_ID: Final = 50
_MARK: Final = 12
_BARCODES: Final = frozenset({8, 12, 13, 14})
# Engines that translate by rules, without training: whether what they write is a machine's is the seller's to say.
RULE_BASED: Final = frozenset({"apertium", "apy"})
_OPTIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("color", "colour", "cor", "colores", "cores"), "color"),
    **dict.fromkeys(("talla", "tamaño", "size", "tamanho", "talle", "medida"), "size"),
    **dict.fromkeys(("material", "materiales", "materiais"), "material"),
    **dict.fromkeys(("diseño", "estampado", "patrón", "pattern", "estampa", "padrão"), "pattern"),
}


@dataclass(slots=True)
class Offer:
    """One variant to be priced and shown; ``said`` is the listing in the words that leave.

    ``taken`` is what the buyer pays, ``against`` why there is no such thing; ``answered`` is the row of the engine.
    """

    listing_id: str
    listing: Listing
    said: Listing
    variant: Variant | None
    as_said: Variant | None
    going: Outgoing
    texts: Mapping[tuple[str, str, str], Translation]
    shipment: Shipment | None = None
    taken: Taken | None = None
    against: Finding | None = None
    answered: Mapping[str, Any] | None = None

    @property
    def id(self) -> str:
        """The id of the row: the SKU, else the listing's key."""
        return stable_id(self.variant.sku if self.variant is not None else self.listing.key)

    @property
    def sku(self) -> str:
        """The SKU, else the key."""
        return self.variant.sku if self.variant is not None else self.listing.key


def stable_id(name: str) -> str:
    """Return a name as an id that every channel takes: long ones keep their beginning and a mark of the whole.

    >>> stable_id("TAZ-AZU"), len(stable_id("a" * 120))
    ('TAZ-AZU', 50)
    """
    if len(name) <= LONGEST_ID:
        return name
    return f"{name[: LONGEST_ID - _MARK - 1]}-{hashlib.sha256(name.encode()).hexdigest()[:_MARK]}"


def item_of(services: Services, seller: Seller, found: Kept, offer: Offer) -> CatalogItem:
    """Return the row of an offer that was priced."""
    listing, said, variant, taken = offer.listing, offer.said, offer.variant, offer.taken
    assert taken is not None  # noqa: S101  # only what has a price comes here
    weight = weight_of(listing, variant)
    sides = dimensions_of(listing, variant)
    barcode = variant.barcode if variant is not None else None
    options = {} if offer.as_said is None else offer.as_said.options
    names = [] if variant is None else [_OPTIONS.get(name.casefold()) for name in variant.options]
    own = {name: value for name, value in zip(names, options.values(), strict=False) if name is not None}
    stock = None if variant is None else variant.stock
    # What a seller says for one channel alone: "mercadolibre.category_id".
    mine = f"{format_of(found.channel).channel}."
    return CatalogItem(
        id=offer.id,
        listing=listing.key,
        sku=offer.sku,
        market=found.market,
        language=found.language,
        title=Text(said.title, _author(offer, found, "title")),
        description=Text(said.description, _author(offer, found, "description")),
        link=link_of(
            found.settings.link,
            key=listing.key,
            sku=offer.sku,
            id_=offer.id,
            market=found.market,
            language=found.language,
        ),
        price=taken.price,
        photos=_photos(services, seller, listing, variant),
        group=stable_id(listing.key) if len(listing.variants) > 1 else None,
        availability="in_stock" if stock is None or stock > 0 else "out_of_stock",
        stock=stock,
        charges=found.settings.charges,
        due=taken.due,
        shipping=()
        if taken.shipping is None
        else (Shipping(found.market, taken.service, taken.shipping, taken.handling, taken.transit),),
        dispatch=seller.country,
        brand=listing.brand or None,
        gtin=barcode if barcode is not None and barcode.isdigit() and len(barcode) in _BARCODES else None,
        category=said.category or None,
        tags=said.tags,
        options=options,
        color=own.get("color"),
        size=own.get("size"),
        material=own.get("material"),
        pattern=own.get("pattern"),
        grams=None if weight is None else int((weight * 1000).to_integral_value(ROUND_CEILING)),
        millimetres=None if sides is None else _millimetres(centimetres(sides)),
        hs_code=listing.hs_code,
        origin=listing.origin,
        materials=tuple(one.name for one in said.materials),
        attributes=listing.attributes,
        making=making_of(listing),
        returns_days=listing.aftercare.returns_days,
        warranty=said.aftercare.warranty or None,
        own={name.removeprefix(mine): text for name, text in listing.extra.items() if name.startswith(mine)},
    )


def photo_path(services: Services, seller_id: str, photo_id: str) -> str:
    """Return the path under which anybody sees a photo of a catalog: signed, so that no other can be asked for."""
    return f"/feeds/photos/{seller_id}/{photo_id}-{_mark(services, seller_id, photo_id)}.jpg"


def may_see(services: Services, seller_id: str, photo_id: str, mark: str) -> bool:
    """Return whether a mark is the one of a photo."""
    return hmac.compare_digest(mark.encode("utf-8", "replace"), _mark(services, seller_id, photo_id).encode())


def _mark(services: Services, seller_id: str, photo_id: str) -> str:
    said = f"photo:{seller_id}:{photo_id}".encode("utf-8", "replace")
    return hmac.new(services.settings.secret().encode(), said, hashlib.sha256).hexdigest()[:24]


def _author(offer: Offer, found: Kept, field: str) -> Author:
    """Return who a text that leaves is from: a machine where an engine wrote it and nobody changed a word."""
    if not offer.texts:
        return "person"
    locale = offer.going.supplied.get(field)
    path = next((leaf.path for leaf in leaves(offer.listing, offer.going.locale) if leaf.field == field), field)
    text = None if locale is None else offer.texts.get((offer.listing_id, locale, path))
    if text is None or text.origin.kind != "engine":
        return "person"
    return "machine" if found.settings.rule_based or text.origin.engine not in RULE_BASED else "person"


def _photos(services: Services, seller: Seller, listing: Listing, variant: Variant | None) -> tuple[str, ...]:
    ids = [one.id for one in listing.photos]
    if variant is not None and variant.photo in ids:
        ids.remove(variant.photo)
        ids.insert(0, variant.photo)
    base = services.settings.public_url.rstrip("/") or "http://localhost:8000"
    return tuple(base + photo_path(services, seller.id, one) for one in ids) or listing.pictures


def _millimetres(sides: tuple[Decimal, Decimal, Decimal]) -> tuple[int, int, int]:
    length, width, height = (int((one * 10).to_integral_value(ROUND_CEILING)) for one in sides)
    return length, width, height
