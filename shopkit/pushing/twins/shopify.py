"""A twin of Shopify's GraphQL Admin API: the shop's currency, products by id or handle, ``productSet``, publications.

Queries are known by the field they ask for; what they select is not looked at. What they are given has to be of the
types that ``shopify_schema`` has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from shopkit.pushing.sandbox import Twin
from shopkit.pushing.twins.shopify_schema import wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from listings.pushing.port import Call

_PATH: Final = "/graphql.json"
_HANDLE: Final = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")
_LONGEST_TITLE: Final = 255
_MOST_VARIANTS: Final = 2048
_MOST_OPTIONS: Final = 3


@dataclass(slots=True)
class ShopifyTwin(Twin):
    """A shop that sells in ``currency`` and keeps its stock in ``locations`` (``None``: anywhere).

    ``throttled`` is how many of the next calls find no points left: this API says that with 200.
    """

    currency: str = "USD"
    locations: frozenset[str] | None = frozenset({"gid://shopify/Location/1"})
    page: int = 100
    throttled: int = 0
    numbers: int = 0

    def answer(self, call: Call, body: dict[str, Any]) -> tuple[int, Any]:
        """Answer a query or a mutation."""
        if (call.method, call.path) != ("POST", _PATH):
            return 404, {"errors": "Not Found"}
        if self.throttled:
            self.throttled -= 1
            return 200, _THROTTLED
        query, said = str(body.get("query", "")), body.get("variables") or {}
        for field, types, do in (
            ("productByIdentifier(", {"by": "ProductIdentifierInput!"}, self._find),
            ("productSet(", {"by": "ProductSetIdentifiers", "input": "ProductSetInput!"}, self._set),
            ("publishablePublish(", {"id": "ID!", "on": "[PublicationInput]!"}, self._show),
        ):
            if field in query:
                found = [one for name, kind in types.items() for one in wrong(said.get(name), kind, (name,))]
                if found:
                    return 200, _invalid(found)
                return 200, {"data": do(said), "extensions": _COST}
        return 200, {"errors": [{"message": "Field doesn't exist", "extensions": {"code": "undefinedField"}}]}

    def _find(self, said: Mapping[str, Any]) -> dict[str, Any]:
        product = self._product(said["by"])
        shop = {"currencyCode": self.currency}
        if product is None:
            return {"shop": shop, "productByIdentifier": None}
        first = int(said["after"]) if said.get("after") else 0
        last = first + min(int(said["first"]), self.page)
        nodes = [
            {name: one[name] for name in ("id", "sku", "selectedOptions")} for one in product["variants"][first:last]
        ]
        info = {"hasNextPage": last < len(product["variants"]), "endCursor": str(last)}
        found = {"id": product["id"], "variants": {"nodes": nodes, "pageInfo": info}}
        return {"shop": shop, "productByIdentifier": found}

    def _set(self, said: Mapping[str, Any]) -> dict[str, Any]:
        by, given = said.get("by") or {}, said["input"]
        product = self._product(by)
        errors = list(self._refused(by, given, product))
        if errors:
            return {"productSet": {"product": None, "userErrors": errors}}
        if product is None:
            product = {"id": self._id("Product"), "variants": [], "published": []}
            self.kept[product["id"]] = product
        there = {one["id"]: one for one in product["variants"]}
        product.update({name: one for name, one in given.items() if name != "variants"})
        if "variants" in given:
            product["variants"] = [self._variant(one, there) for one in given["variants"]]
        return {"productSet": {"product": {"id": product["id"]}, "userErrors": []}}

    def _refused(
        self, by: Mapping[str, Any], given: Mapping[str, Any], product: Mapping[str, Any] | None
    ) -> Iterator[dict[str, Any]]:
        """Yield what ``productSet`` does not take."""
        if "id" in by and product is None:
            yield _error("NOT_FOUND", "Resource matching the identifier was not found.", "identifier", "id")
        if "handle" in by and given.get("handle") != by["handle"]:
            code = "INPUT_MISMATCH" if "handle" in given else "MISSING_FIELD_REQUIRED"
            yield _error(code, "The input field corresponding to the identifier is required.", "input", "handle")
        if product is None and not given.get("title"):
            yield _error("INVALID_PRODUCT", "Title can't be blank", "input", "title")
        if len(given.get("title") or "") > _LONGEST_TITLE:
            yield _error("INVALID_PRODUCT", "Title is too long (maximum is 255 characters)", "input", "title")
        if given.get("handle") and not _HANDLE.fullmatch(given["handle"]):
            yield _error("INVALID_PRODUCT", "Handle is invalid", "input", "handle")
        yield from _refused_options(given.get("variants"), given.get("productOptions"))
        known = {one["name"]: {value["name"] for value in one["values"]} for one in given.get("productOptions") or ()}
        files = [one.get("originalSource") for one in given.get("files") or ()]
        seen: list[dict[str, str]] = []
        for place, one in enumerate(given.get("variants") or ()):
            yield from self._refused_variant(str(place), one, known, files, product)
            values = {value["optionName"]: value["name"] for value in one["optionValues"]}
            if values in seen:
                yield _error("INVALID_VARIANT", "The variant already exists.", "input", "variants", str(place))
            seen.append(values)

    def _refused_variant(
        self,
        place: str,
        one: Mapping[str, Any],
        known: Mapping[str, set[str]],
        files: list[str | None],
        product: Mapping[str, Any] | None,
    ) -> Iterator[dict[str, Any]]:
        at = ("input", "variants", place)
        there = {} if product is None else {one["id"]: one for one in product["variants"]}
        if "id" in one and one["id"] not in there:
            yield _error("PRODUCT_VARIANT_DOES_NOT_EXIST", "Product variant does not exist.", *at, "id")
        values = {value["optionName"]: value["name"] for value in one["optionValues"]}
        if values.keys() != known.keys():
            yield _error("OPTION_DOES_NOT_EXIST", "Option does not exist.", *at, "optionValues")
        elif any(value not in known[name] for name, value in values.items()):
            yield _error("OPTION_VALUE_DOES_NOT_EXIST", "Option value does not exist.", *at, "optionValues")
        if "id" not in one and not _is_money(one.get("price")):
            yield _error("INVALID_VARIANT", "Price must be greater than or equal to 0", *at, "price")
        if "file" in one and one["file"].get("originalSource") not in files:
            yield _error("INVALID_INPUT", "Variant file must be in the files of the product.", *at, "file")
        for held in one.get("inventoryQuantities") or ():
            if self.locations is not None and held["locationId"] not in self.locations:
                yield _error("INVALID_INPUT", "The location could not be found.", *at, "inventoryQuantities")

    def _variant(self, given: Mapping[str, Any], there: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        kept = there.get(
            given.get("id", ""), {"id": self._id("ProductVariant"), "sku": ""} if "id" not in given else {}
        )
        options = [{"name": one["optionName"], "value": one["name"]} for one in given["optionValues"]]
        return {**kept, **given, "id": kept["id"], "selectedOptions": options}

    def _show(self, said: Mapping[str, Any]) -> dict[str, Any]:
        product = self.kept.get(said["id"])
        if product is None:
            error = {"field": ["id"], "message": "Resource does not exist"}
            return {"publishablePublish": {"userErrors": [error]}}
        product["published"] = [one["publicationId"] for one in said["on"]]
        return {"publishablePublish": {"userErrors": []}}

    def _product(self, by: Mapping[str, Any]) -> dict[str, Any] | None:
        if "id" in by:
            return self.kept.get(by["id"])
        return next((one for one in self.kept.values() if one.get("handle") == by.get("handle")), None)

    def _id(self, kind: str) -> str:
        self.numbers += 1
        return f"gid://shopify/{kind}/{self.numbers}"


_COST: Final = {
    "cost": {
        "requestedQueryCost": 14,
        "actualQueryCost": 14,
        "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 1986, "restoreRate": 100.0},
    }
}
_THROTTLED: Final = {
    "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
    "extensions": {
        "cost": {
            "requestedQueryCost": 702,
            "actualQueryCost": None,
            "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 2, "restoreRate": 100.0},
        }
    },
}


def _refused_options(variants: list[Any] | None, options: list[Any] | None) -> Iterator[dict[str, Any]]:
    """Yield what is wrong with how many there are; the one is not set without the other."""
    if variants is not None and options is None:
        yield _error("PRODUCT_OPTIONS_INPUT_MISSING", "Must specify product options when updating variants.", "input")
    if options is not None and variants is None:
        yield _error("VARIANTS_INPUT_MISSING", "Must specify variants when updating options.", "input")
    if len(variants or ()) > _MOST_VARIANTS:
        yield _error("VARIANTS_OVER_LIMIT", "Number of product variants exceeds shop limit.", "input", "variants")
    if len(options or ()) > _MOST_OPTIONS:
        yield _error("OPTIONS_OVER_LIMIT", "Options over limit.", "input", "productOptions")


def _invalid(wrong: list[tuple[tuple[str, ...], str]]) -> dict[str, Any]:
    problems = [{"path": list(path[1:]), "explanation": text} for path, text in wrong]
    told = f"Variable ${wrong[0][0][0]} was provided invalid value"
    return {"errors": [{"message": told, "extensions": {"code": "INVALID_VARIABLE", "problems": problems}}]}


def _error(code: str, message: str, *field: str) -> dict[str, Any]:
    return {"code": code, "message": message, "field": list(field)}


def _is_money(held: object) -> bool:
    try:
        return Decimal(str(held)) >= 0
    except InvalidOperation:
        return False
