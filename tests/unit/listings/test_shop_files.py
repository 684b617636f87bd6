"""Files for Shopify and WooCommerce: read back by our own importers, under headers that are said here once more."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from listings.channels.item import Text
from listings.channels.port import Feed, UnreadableError, UnwritableError
from listings.channels.shopify import Shopify
from listings.channels.woocommerce import WooCommerce
from listings.formats.port import Options
from listings.model import Price, Weight
from tests.contracts.channels import ON, item_of
from tests.unit.listings.formats.files import read

if TYPE_CHECKING:
    from listings.channels.item import CatalogItem

MX = Feed("MX", "es", "MXN", "csv", ON)
# As Shopify's template of 2025 says it, without what a seller pays for a piece; and the generation before.
TEMPLATE = (
    "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,"
    "Option1 name,Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,"
    "Option3 value,Option3 Linked To,Price,Compare-at price,Charge tax,Tax code,Unit price total measure,"
    "Unit price total measure unit,Unit price base measure,Unit price base measure unit,Inventory tracker,"
    "Inventory quantity,Continue selling when out of stock,Weight value (grams),Weight unit for display,"
    "Requires shipping,Fulfillment service,Product image URL,Image position,Image alt text,Variant image URL,Gift card,"
    "SEO title,SEO description,Google Shopping / Google product category,Google Shopping / Gender,"
    "Google Shopping / Age group,Google Shopping / Manufacturer part number (MPN),Google Shopping / Ad group name,"
    "Google Shopping / Ads labels,Google Shopping / Condition,Google Shopping / Custom product,"
    "Google Shopping / Custom label 0,Google Shopping / Custom label 1,Google Shopping / Custom label 2,"
    "Google Shopping / Custom label 3,Google Shopping / Custom label 4"
)
BEFORE = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,"
    "Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,"
    "Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,"
    "SEO Title,SEO Description,Google Shopping / Google Product Category,Google Shopping / Gender,"
    "Google Shopping / Age Group,Google Shopping / MPN,Google Shopping / AdWords Grouping,"
    "Google Shopping / AdWords Labels,Google Shopping / Condition,Google Shopping / Custom Product,"
    "Google Shopping / Custom Label 0,Google Shopping / Custom Label 1,Google Shopping / Custom Label 2,"
    "Google Shopping / Custom Label 3,Google Shopping / Custom Label 4,Variant Image,Variant Weight Unit,"
    "Variant Tax Code"
)
ENGLISH = (
    'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Is featured?,Visibility in catalog,Short description,'
    "Description,Date sale price starts,Date sale price ends,Tax status,Tax class,In stock?,Stock,Low stock amount,"
    "Backorders allowed?,Sold individually?,Weight (kg),Length (cm),Width (cm),Height (cm),Allow customer reviews?,"
    "Purchase note,Sale price,Regular price,Categories,Tags,Shipping class,Images,Download limit,Download expiry days,"
    "Parent,Grouped products,Upsells,Cross-sells,External URL,Button text,Position,Brands,"
    "Attribute 1 name,Attribute 1 value(s),Attribute 1 visible,Attribute 1 global"
)
SPANISH = (
    'ID,Tipo,SKU,"GTIN, UPC, EAN o ISBN",Nombre,Publicado,"¿Está destacado?","Visibilidad en el catálogo",'
    '"Descripción corta",Descripción,"Día en que empieza el precio rebajado","Día en que termina el precio rebajado",'
    '"Estado del impuesto","Clase de impuesto",¿Existencias?,Inventario,"Cantidad de bajo inventario",'
    '"¿Permitir reservas de productos agotados?","¿Vendido individualmente?","Peso (kg)","Longitud (cm)",'
    '"Anchura (cm)","Altura (cm)","¿Permitir valoraciones de clientes?","Nota de compra","Precio rebajado",'
    '"Precio normal",Categorías,Etiquetas,"Clase de envío",Imágenes,"Límite de descargas",'
    '"Días de caducidad de la descarga",Superior,"Productos agrupados","Ventas dirigidas","Ventas cruzadas",'
    '"URL externa","Texto del botón",Posición,Marcas,"Nombre del atributo 1","Valor(es) del atributo 1",'
    '"Atributo visible 1","Atributo global 1"'
)
WAYS: tuple[tuple[Any, Feed, str], ...] = (
    (Shopify(), MX, TEMPLATE),
    (Shopify(), replace(MX, kind="old"), BEFORE),
    (WooCommerce(), MX, ENGLISH),
    (WooCommerce(), replace(MX, kind="es", settings={"decimal": ","}), SPANISH),
)
IDS = ["shopify", "shopify-old", "woocommerce", "woocommerce-es"]


def items() -> list[CatalogItem]:
    """Return two sizes of a shirt and a cup."""
    shirt = replace(
        item_of(MX),
        listing="playera",
        group="playera",
        title=Text("Playera «Ñandú» <3"),
        description=Text("Hecha a mano.\n\nSal & limón"),
        tags=("regalo", "algodón"),
        price=Money(124950, "MXN"),
    )
    small = replace(shirt, id="P-S", sku="P-S", options={"Talla": "S", "Color": "Azul"}, gtin=None, stock=3)
    large = replace(shirt, id="P-L", sku="P-L", options={"Talla": "L", "Color": "Azul"}, gtin=None, stock=0)
    cup = replace(item_of(MX), id="T-1", sku="T-1", listing="t-1", price=Money(9900, "MXN"))
    return [small, large, cup]


def written(channel: Any, feed: Feed, rows: list[CatalogItem]) -> bytes:
    """Return a file of rows."""
    return b"".join(channel.write((channel.record(one, feed) for one in rows), feed))


@pytest.mark.parametrize(("channel", "feed", "header"), WAYS, ids=IDS)
def test_the_header_is_the_one_that_the_shop_knows(channel: Any, feed: Feed, header: str) -> None:
    """Every column in its place, as another statement of the list has it; WooCommerce's attributes go on by number."""
    wanted = next(csv.reader([header]))
    found = next(csv.reader([written(channel, feed, []).decode("utf-8-sig")]))

    assert found[: len(wanted)] == wanted
    assert len(found) == len(wanted) + (20 if channel.channel == "woocommerce" else 0)


@pytest.mark.parametrize(("channel", "feed", "header"), WAYS, ids=IDS)
def test_our_own_importer_reads_the_same_listings(channel: Any, feed: Feed, header: str) -> None:  # noqa: ARG001
    """Texts, options, prices, stock, weight and photos of a listing come back out of the file."""
    found, problems = read(written(channel, feed, items()), Options(currency="MXN"))
    said = {
        one.title: (
            one.key,
            [
                (v.sku, dict(v.options), (v.price or one.price.price or Price()).model_dump(), v.stock)
                for v in one.variants
            ],
            one.weight,
            len(one.pictures),
        )
        for one in found
    }
    cup = "t-1" if channel.channel == "shopify" else "T-1"
    weight = Weight(value="220", unit="g") if channel.channel == "shopify" else Weight(value="0.22", unit="kg")
    shirt = {"amount": "1249.50", "currency": "MXN"}

    assert [one.code for one in problems if not one.is_note] == []
    assert said == {
        "Playera «Ñandú» <3": (
            "playera",
            [
                ("P-S", {"Talla": "S", "Color": "Azul"}, shirt, 3),
                ("P-L", {"Talla": "L", "Color": "Azul"}, shirt, 0),
            ],
            weight,
            6,
        ),
        "Playera de algodón": (cup, [("T-1", {}, {"amount": "99.00", "currency": "MXN"}, 5)], weight, 6),
    }


@pytest.mark.parametrize(("channel", "feed", "header"), WAYS, ids=IDS)
def test_variants_are_read_back_as_rows(channel: Any, feed: Feed, header: str) -> None:  # noqa: ARG001
    """As many rows as pieces, each with its own id, amount and choice."""
    found = list(channel.read(io.BytesIO(written(channel, feed, items())), feed))
    price = "price" if channel.channel == "shopify" else "regular_price"
    choice = "options" if channel.channel == "shopify" else "attributes"

    assert [(one["sku"], one[price], [part["value"] for part in one.get(choice, ())]) for one in found] == [
        ("P-S", "1249.50 MXN", ["S", "Azul"]),
        ("P-L", "1249.50 MXN", ["L", "Azul"]),
        ("T-1", "99.00 MXN", []),
    ]


def test_photos_that_variants_share_stand_once() -> None:
    """Six photos of two variants are six rows' pictures in their order, and a further variant points at its own."""
    rows = list(csv.DictReader(io.StringIO(written(Shopify(), MX, items()[:2]).decode(), newline="")))

    assert [(row["SKU"], row["Image position"], bool(row["Variant image URL"])) for row in rows] == [
        ("P-S", "1", False),
        *(("", str(number), False) for number in range(2, 7)),
        ("P-L", "", True),
    ]


def test_a_spanish_shop_has_commas_in_prices_and_points_in_measures() -> None:
    """One row holds both signs, as WooCommerce reads them."""
    _, feed, _ = WAYS[3]
    rows = list(csv.DictReader(io.StringIO(written(WooCommerce(), feed, items()).decode("utf-8-sig"), newline="")))

    assert [(row["Precio normal"], row["Peso (kg)"], row["Longitud (cm)"]) for row in rows[:1]] == [
        ("1249,50", "0.22", "30")
    ]
    with pytest.raises(UnreadableError, match="has a point, not a comma"):
        list(WooCommerce().read(io.BytesIO(written(WooCommerce(), replace(feed, settings={}), items())), feed))


def test_the_product_follows_its_variants_and_names_what_there_is_to_choose() -> None:
    """WooCommerce's product row has its parent's SKU and every value once."""
    rows = list(csv.DictReader(io.StringIO(written(WooCommerce(), MX, items()).decode("utf-8-sig"), newline="")))

    assert [(row["Type"], row["SKU"], row["Parent"], row["Attribute 1 value(s)"]) for row in rows] == [
        ("variation", "P-S", "playera", "S"),
        ("variation", "P-L", "playera", "L"),
        ("variable", "playera", "", "S, L"),
        ("simple", "T-1", "", ""),
    ]


def test_a_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe_for_woocommerce() -> None:
    """Its importer strips the sign; ours does as well."""
    row = replace(items()[2], title=Text("=cmd()"))
    data = written(WooCommerce(), MX, [row])

    assert (b"'=cmd()" in data, next(iter(WooCommerce().read(io.BytesIO(data), MX)))["name"]) == (True, "=cmd()")


def test_a_sale_is_the_price_and_the_other_is_compared_with_at_shopify() -> None:
    """Both amounts stand in their columns while the sale lasts."""
    said = Shopify().record(replace(items()[2], sale=Money(7900, "MXN"), sale_until=ON), MX)

    assert (said["price"], said["compare_at"]) == ("79.00 MXN", "99.00 MXN")


@pytest.mark.parametrize(
    ("channel", "changes", "found"),
    [
        (Shopify(), {"options": [{"name": str(n), "value": "a"} for n in range(4)]}, ("options", "most")),
        (Shopify(), {"price": "99.00 USD"}, ("price", "currency")),
        (Shopify(), {"policy": "allow"}, ("policy", "one_of")),
        (Shopify(), {"images": []}, ("images", "required")),
        (Shopify(), {"quantity": "-1"}, ("quantity", "whole")),
        (WooCommerce(), {"type": "variation"}, ("attributes", "required")),
        (WooCommerce(), {"parent": "T-1"}, ("parent", "twice")),
        (WooCommerce(), {"stock_status": "yes"}, ("stock_status", "one_of")),
        (WooCommerce(), {"regular_price": "99,00 MXN"}, ("regular_price", "price")),
    ],
)
def test_a_fault_is_told_by_field_and_rule(channel: Any, changes: Any, found: tuple[str, str]) -> None:
    """What a shop would refuse is told before a file is written."""
    said = channel.record(items()[2], MX) | changes

    assert found in {(one.field, one.rule) for one in channel.validate(said, MX)}


@pytest.mark.parametrize("channel", [Shopify(), WooCommerce()])
def test_what_has_no_column_is_not_written(channel: Any) -> None:
    """A field that the file cannot say ends the writing instead of going lost."""
    said = channel.record(items()[2], MX)

    for change in ({"colour": "azul"}, {"price": "1", "regular_price": "1"}):
        with pytest.raises(UnwritableError):
            b"".join(channel.write([said | change], MX))
