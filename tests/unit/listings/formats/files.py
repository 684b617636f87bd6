"""Files as shops export them, small and written by hand, and what a test does with one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from listings.formats.mercadolibre import MercadoLibre
from listings.formats.merging import finished
from listings.formats.own import Own
from listings.formats.port import Options
from listings.formats.reading import opened
from listings.formats.shopify import Shopify, Shopify2025
from listings.formats.woocommerce import WooCommerce

if TYPE_CHECKING:
    from collections.abc import Sequence

    from listings.formats.port import Blank, Format, Problem
    from listings.model import Listing

FORMATS: Final[dict[str, Format]] = {
    one.name: one for one in (Shopify(), Shopify2025(), WooCommerce(), MercadoLibre(), Own())
}
MXN: Final = Options(currency="MXN")

SHOPIFY: Final = """\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,\
Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Image Alt Text,\
SEO Title,Variant Weight Unit
blusa,Blusa de manta,<p>Hecha a mano</p>,Telar,Blusas,"algodón, mujer",true,Talla,S,BL-S,250,shopify,3,450.00,500.00,\
https://tienda.example/1.jpg,De frente,Blusa mexicana,kg
taza,Taza de barro,,Barro,Tazas,,false,Title,Default Title,TA-1,0,,1,120,,,,,g
blusa,,,,,,,,M,BL-M,250,shopify,0,450.00,500.00,https://tienda.example/2.jpg,,,kg
"""
SHOPIFY_2025: Final = """\
Title,URL handle,Description,Status,SKU,Option1 name,Option1 value,Price,Cost per item,Inventory tracker,\
Inventory quantity,Weight value (grams),Color (product.metafields.shopify.color-pattern),Included / Brasil,\
Price / Brasil
Rebozo,rebozo,<p>Seda</p>,active,RE-1,Title,Default Title,900.00,300.00,shopify,2,400,rojo,true,299.90
"""
WOOCOMMERCE_ES: Final = """\
ID,Tipo,SKU,"GTIN, UPC, EAN o ISBN",Nombre,Publicado,Descripción,¿Existencias?,Inventario,"Peso (kg)","Longitud (cm)",\
"Anchura (cm)","Altura (cm)","Precio rebajado","Precio normal",Categorías,Etiquetas,Imágenes,Superior,\
"Nombre del atributo 1","Valor(es) del atributo 1","Atributo visible 1","Atributo global 1","Meta: _color"
12,variation,CAM-S,,Camisa - S,1,,1,5,,,,,,"1250,50",,,,CAM,Talla,S,,1,
11,variable,CAM,,Camisa,1,"Primera línea\\nSegunda",1,,0.35,30,20,5,,,"Ropa > Camisas","lino, verano",\
https://t.example/c.jpg,,Talla,"S, M",1,1,azul
13,variation,CAM-M,,Camisa - M,1,,1,,0.40,,,,"999,90","1250,50",,,,id:11,Talla,M,,1,
20,"simple, virtual",TALLER,7501234567890,Taller de telar,0,,1,,,,,,,"300",,,,,,,,,
"""
MERCADOLIBRE: Final = """\
[{"id": "MLM1", "title": "Aretes de plata", "price": 349.90, "currency_id": "MXN", "available_quantity": 4,
  "status": "active", "category_id": "MLM1439", "pictures": [{"secure_url": "https://m.example/1.jpg"}],
  "attributes": [{"id": "BRAND", "value_name": "Taxco"}, {"id": "SELLER_SKU", "value_name": "AR-1"},
                 {"id": "PACKAGE_WEIGHT", "value_name": "120 g"}, {"id": "MODEL", "value_name": "Luna"}],
  "description": {"plain_text": "Plata 925"}},
 {"code": 200, "body": {"id": "MLM2", "title": "Playera", "price": 199, "currency_id": "MXN", "status": "paused",
  "variations": [
   {"id": 9, "price": 199, "available_quantity": 1, "attribute_combinations": [{"id": "SIZE", "name": "Talla",
    "value_name": "S"}], "attributes": [{"id": "SELLER_SKU", "value_name": "PL-S"}]},
   {"id": 10, "price": 219, "available_quantity": 2, "attribute_combinations": [{"id": "SIZE", "name": "Talla",
    "value_name": "M"}]}]}}]
"""


def read(data: str | bytes, options: Options = MXN, name: str | None = None) -> tuple[list[Listing], list[Problem]]:
    """Return the listings of a file as they would be imported into an empty shop, and everything told of it."""
    content = data.encode() if isinstance(data, str) else data
    found: list[Listing] = []
    with opened(io.BytesIO(content), FORMATS, name=name, options=options) as reading:
        problems = list(reading.notes)
        for draft in reading.drafts():
            listing, more = finished(draft)
            problems += more
            if listing is not None:
                found.append(listing)
    return found, problems


def over(
    before: Listing, data: str, *, options: Options = MXN, blank: Blank = "keep"
) -> tuple[Listing | None, Sequence[Problem]]:
    """Return what a file makes of a listing that is kept."""
    with opened(io.BytesIO(data.encode()), FORMATS, options=options) as reading:
        (draft,) = reading.drafts()
        return finished(draft, document(before), blank)


def written(name: str, listings: Sequence[Listing], *, with_costs: bool = True) -> str:
    """Return the file of listings in a format."""
    out = io.StringIO()
    FORMATS[name].write(lambda: listings, out, with_costs=with_costs)
    return out.getvalue()


def document(listing: Listing) -> dict[str, Any]:
    """Return a listing as JSON, without what is as it would be anyhow."""
    found: dict[str, Any] = listing.model_dump(mode="json", exclude_defaults=True)
    return found


def told(problems: Sequence[Problem], *, notes: bool = False) -> list[tuple[str, int | None, str | None]]:
    """Return code, row and column of what is wrong, and of what is only said when ``notes`` are asked for."""
    return [(one.code, one.row, one.column) for one in problems if notes or not one.is_note]
