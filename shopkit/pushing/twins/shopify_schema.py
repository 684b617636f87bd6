"""What the inputs of Shopify's GraphQL Admin API may hold, so that a twin refuses what Shopify does not know.

Restated from Shopify's own schema of 2026-07 (``@shopify/dev-mcp`` 1.16.0), which for these inputs is that of 2026-10
too: every field of them and its type. What is not looked into further is called JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Wrong = tuple[tuple[str, ...], str]
# The fields of each input and what they hold: a name of an input, of an enum or of a scalar, in brackets a list.
INPUTS: Final[Mapping[str, Mapping[str, str]]] = {
    "ProductSetInput": {
        "category": "ID",
        "claimOwnership": "JSON",
        "collections": "[ID]",
        "combinedListingRole": "String",
        "descriptionHtml": "String",
        "files": "[FileSetInput]",
        "giftCard": "Boolean",
        "giftCardTemplateSuffix": "String",
        "handle": "String",
        "id": "ID",
        "metafields": "[JSON]",
        "productOptions": "[OptionSetInput]",
        "productType": "String",
        "redirectNewHandle": "Boolean",
        "requiresSellingPlan": "Boolean",
        "seo": "JSON",
        "status": "ProductStatus",
        "tags": "[String]",
        "templateSuffix": "String",
        "title": "String",
        "variants": "[ProductVariantSetInput]",
        "vendor": "String",
    },
    "ProductVariantSetInput": {
        "barcode": "String",
        "compareAtPrice": "Money",
        "file": "FileSetInput",
        "id": "ID",
        "inventoryItem": "InventoryItemInput",
        "inventoryPolicy": "ProductVariantInventoryPolicy",
        "inventoryQuantities": "[ProductSetInventoryInput]",
        "metafields": "[JSON]",
        "optionValues": "[VariantOptionValueInput]!",
        "position": "Int",
        "price": "Money",
        "published": "Boolean",
        "requiresComponents": "Boolean",
        "showUnitPrice": "Boolean",
        "sku": "String",
        "taxCode": "String",
        "taxable": "Boolean",
        "unitPriceMeasurement": "JSON",
    },
    "FileSetInput": {
        "alt": "String",
        "contentType": "FileContentType",
        "duplicateResolutionMode": "String",
        "filename": "String",
        "id": "ID",
        "originalSource": "String",
    },
    "OptionSetInput": {
        "id": "ID",
        "linkedMetafield": "JSON",
        "name": "String",
        "position": "Int",
        "values": "[OptionValueSetInput]",
    },
    "OptionValueSetInput": {"id": "ID", "name": "String"},
    "VariantOptionValueInput": {
        "id": "ID",
        "linkedMetafieldValue": "String",
        "name": "String",
        "optionId": "ID",
        "optionName": "String",
    },
    "InventoryItemInput": {
        "cost": "Money",
        "countryCodeOfOrigin": "String",
        "countryHarmonizedSystemCodes": "[JSON]",
        "harmonizedSystemCode": "String",
        "measurement": "InventoryItemMeasurementInput",
        "provinceCodeOfOrigin": "String",
        "requiresShipping": "Boolean",
        "sku": "String",
        "tracked": "Boolean",
    },
    "InventoryItemMeasurementInput": {"shippingPackageId": "ID", "weight": "WeightInput"},
    "WeightInput": {"unit": "WeightUnit!", "value": "Float!"},
    "ProductSetInventoryInput": {"locationId": "ID!", "name": "String!", "quantity": "Int!"},
    "ProductSetIdentifiers": {"customId": "JSON", "handle": "String", "id": "ID"},
    "ProductIdentifierInput": {"customId": "JSON", "handle": "String", "id": "ID"},
    "PublicationInput": {"channelId": "ID", "publicationId": "ID", "publishDate": "String"},
}
ENUMS: Final[Mapping[str, frozenset[str]]] = {
    "ProductStatus": frozenset({"ACTIVE", "ARCHIVED", "DRAFT", "UNLISTED"}),
    "ProductVariantInventoryPolicy": frozenset({"CONTINUE", "DENY"}),
    "WeightUnit": frozenset({"GRAMS", "KILOGRAMS", "OUNCES", "POUNDS"}),
    "FileContentType": frozenset({"EXTERNAL_VIDEO", "FILE", "IMAGE", "MODEL_3D", "VIDEO"}),
}
_SCALARS: Final[Mapping[str, type | tuple[type, ...]]] = {
    "Boolean": bool,
    "Float": (int, float),
    "ID": (str, int),
    "Int": int,
    "Money": (str, int, float),
    "String": str,
}
_ONE_OF: Final = frozenset({"ProductIdentifierInput", "ProductSetIdentifiers"})


def wrong(held: Any, type_: str, path: tuple[str, ...]) -> Iterator[Wrong]:  # noqa: ANN401 - a value of JSON
    """Yield path and explanation of what is not of a type.

    >>> list(wrong({"unit": "GRAMS"}, "WeightInput", ("weight",)))
    [(('weight', 'value'), 'Expected value to not be null')]
    """
    name = type_.removesuffix("!")
    if held is None:
        if name != type_:
            yield path, "Expected value to not be null"
    elif name.startswith("["):
        for place, one in enumerate(held if isinstance(held, list) else [held]):
            yield from wrong(one, f"{name[1:-1]}!", (*path, str(place)))
    elif name in INPUTS:
        yield from _wrong_input(held, name, path)
    elif name in ENUMS:
        if held not in ENUMS[name]:
            yield path, f"Expected {held!r} to be one of: {', '.join(sorted(ENUMS[name]))}"
    elif name in _SCALARS and (not isinstance(held, _SCALARS[name]) or (isinstance(held, bool) and name != "Boolean")):
        yield path, f"Could not coerce value {held!r} to {name}"


def _wrong_input(held: Any, name: str, path: tuple[str, ...]) -> Iterator[Wrong]:  # noqa: ANN401 - a value of JSON
    if not isinstance(held, dict):
        yield path, f"Expected {held!r} to be an object"
        return
    if name in _ONE_OF and len(held) != 1:
        yield path, f"'{name}' requires exactly one argument"
    for one in held.keys() - INPUTS[name].keys():
        yield (*path, one), f"Field is not defined on {name}"
    for field, kind in INPUTS[name].items():
        yield from wrong(held.get(field), kind, (*path, field))
