"""A twin of TikTok Shop: photos, products with their SKUs, and edits that leave what they do not name.

What a product says and how it is edited is that of TikTok's pages of versions 202309 and 202509, as an independent
client (tiktok-shop-api 0.1.0) and the numbers of errors as others restate them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from listings.pushing.port import Call

_PRODUCT: Final = re.compile(r"/product/202309/products/([0-9]+)")
_EDIT: Final = re.compile(r"/product/202509/products/([0-9]+)/partial_edit")
_URI: Final = re.compile(r"tos-[a-z0-9-]+/[0-9a-f]+")
_NEEDED: Final = ("title", "description", "category_id", "main_images", "skus")
_MADE: Final = frozenset(
    {
        *(*_NEEDED, "save_mode", "category_version", "locale", "external_product_id", "package_weight"),
        *("package_dimensions", "idempotency_key"),
    }
)
_EDITED: Final = _MADE - {"category_id", "idempotency_key"}
_SKU: Final = frozenset(
    {"id", "seller_sku", "external_sku_id", "price", "inventory", "sales_attributes", "identifier_code"}
)
_MOST_PHOTOS: Final = 9
_MOST_KEY: Final = 128


@dataclass(slots=True)
class TikTokTwin(Twin):
    """One shop with the leaf categories it is given; ``None``: any, and any product is one that it has as a draft."""

    categories: frozenset[str] | None = frozenset({"601226"})
    photos: dict[str, str] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Take photos and products, tell of a product, and edit it."""
        if (call.method, call.path) == ("POST", "/product/202309/images/upload"):
            return self._photo(call)
        if (call.method, call.path) == ("POST", "/product/202309/products"):
            return self._make(body)
        told, edited = _PRODUCT.fullmatch(call.path), _EDIT.fullmatch(call.path)
        if call.method == "GET" and told is not None:
            return self._tell(told[1])
        if call.method == "POST" and edited is not None:
            return self._edit(edited[1], body)
        return 404, _error(36009009, "Invalid path. The requested path does not exist.")

    def _photo(self, call: Call) -> tuple[int, Any]:
        if call.photo is None or call.photo.name != "data" or "use_case" not in call.photo.more:
            return 200, _error(12038002, "File is invalid")
        uri = photo_name(call.photo.url)
        self.photos[uri] = call.photo.url
        said = {"uri": uri, "url": f"https://p16.example/{uri}", "height": 720, "width": 720, "use_case": "MAIN_IMAGE"}
        return 200, _good(said)

    def _make(self, body: dict[str, Any]) -> tuple[int, Any]:
        key = str(body.get("idempotency_key", ""))
        if key and key in self.once:
            # The same request again is no other product.
            return 200, _good(self._named(self.once[key]))
        wrong = next(self._wrong(body, _MADE, _NEEDED), None)
        if wrong is None and len(key) > _MOST_KEY:
            wrong = (36009004, "Invalid parameter. `idempotency_key` is too long.")
        if wrong is not None:
            return 200, _error(*wrong)
        id_ = str(1729592969712207008 + len(self.kept))
        skus = [{**one, "id": f"{id_}{number}"} for number, one in enumerate(body["skus"])]
        self.kept[id_] = {**body, "skus": skus, "status": "DRAFT" if body.get("save_mode") == "AS_DRAFT" else "PENDING"}
        if key:
            self.once[key] = id_
        return 200, _good(self._named(id_))

    def _tell(self, id_: str) -> tuple[int, Any]:
        if id_ not in self.kept:
            if self.categories is not None:
                return 200, _error(12019080, "Product not found")
            self.kept[id_] = {"status": "DRAFT", "skus": [{"id": f"{id_}0"}]}
        held = self.kept[id_]
        chains = [{"id": held["category_id"], "is_leaf": True}] if "category_id" in held else []
        return 200, _good({"id": id_, **held, "category_chains": chains})

    def _edit(self, id_: str, body: dict[str, Any]) -> tuple[int, Any]:
        if id_ not in self.kept:
            return 200, _error(12019080, "Product not found")
        wrong = next(self._wrong(body, _EDITED, ()), None)
        if wrong is not None:
            return 200, _error(*wrong)
        held = self.kept[id_]
        ids = {one["id"] for one in held["skus"]}
        if any("id" in one and one["id"] not in ids for one in body.get("skus", ())):
            return 200, _error(12052557, "SKU ID does not belong to this product")
        # Only what is named is edited; SKUs that are not named are dropped, those without an id are new.
        skus = [{"id": f"{id_}9{number}", **one} for number, one in enumerate(body.get("skus", held["skus"]))]
        status = held["status"] if body.get("save_mode") == "AS_DRAFT" else "PENDING"
        self.kept[id_] = {**held, **body, "skus": skus, "status": status}
        return 200, _good(self._named(id_))

    def _named(self, id_: str) -> dict[str, Any]:
        names = ("id", "seller_sku", "external_sku_id")
        skus = [{name: one[name] for name in names if name in one} for one in self.kept[id_]["skus"]]
        return {"product_id": id_, "skus": skus}

    def _wrong(self, body: dict[str, Any], known: frozenset[str], needed: tuple[str, ...]) -> Iterator[tuple[int, str]]:
        """Yield number and words of what is wrong with a product."""
        for name in needed:
            if not body.get(name):
                yield 36009004, f"Invalid parameter. `{name}` is required."
        for name in body.keys() - known:
            yield 36009004, f"Invalid parameter. `{name}` is not known here."
        if self.categories is not None and body.get("category_id", next(iter(self.categories))) not in self.categories:
            yield 12052024, "Category is not final category"
        images = body.get("main_images") or []
        if len(images) > _MOST_PHOTOS:
            yield 12052306, "Main images exceed the limit"
        if any(not _URI.fullmatch(str(one.get("uri"))) for one in images):
            yield 12052300, "Main image is invalid"
        for one in body.get("skus") or ():
            yield from _wrong_sku(one)


def photo_name(address: str) -> str:
    """Return what the twin calls a photo; the same one sent twice has one name."""
    return f"tos-maliva-i-o3syd03w52-us/{hashlib.sha256(address.encode()).hexdigest()[:24]}"


def _wrong_sku(sku: dict[str, Any]) -> Iterator[tuple[int, str]]:
    for name in sku.keys() - _SKU:
        yield 36009004, f"Invalid parameter. `{name}` is not known here."
    price = sku.get("price") or {}
    if not re.fullmatch(r"[0-9]+(?:\.[0-9]{1,2})?", str(price.get("amount"))) or "currency" not in price:
        yield 36009004, "Invalid parameter. `price` is invalid."
    for one in sku.get("inventory") or ():
        if not one.get("warehouse_id"):
            yield 12052097, "Warehouse not found"
        if not isinstance(one.get("quantity"), int):
            yield 36009004, "Invalid parameter. `quantity` is invalid."


def _good(data: dict[str, Any]) -> dict[str, Any]:
    return {"code": 0, "message": "Success", "request_id": "202203070749000101890810281E8C70B7", "data": data}


def _error(code: int, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "request_id": "202203070749000101890810281E8C70B7", "data": None}
