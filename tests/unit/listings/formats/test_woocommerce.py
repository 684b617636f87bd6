"""WooCommerce's CSV: headers of three languages, units in them, two signs of decimals in one row."""

from __future__ import annotations

import pytest

from listings.formats.port import Options
from tests.unit.listings.formats.files import FORMATS, WOOCOMMERCE_ES, document, read, told, written


def test_a_spanish_file_with_its_parent_after_a_variation() -> None:
    """Prices have a comma and weights a point; a variation has its parent's weight and measures."""
    (camisa, taller), problems = read(WOOCOMMERCE_ES)

    assert problems == []
    assert document(camisa) == {
        "key": "CAM",
        "title": "Camisa",
        "status": "active",
        "description": "Primera línea\nSegunda",
        "category": "Ropa > Camisas",
        "tags": ["lino", "verano"],
        "pictures": ["https://t.example/c.jpg"],
        "dimensions": {"length": "30", "width": "20", "height": "5"},
        "variants": [
            {
                "sku": "CAM-S",
                "options": {"Talla": "S"},
                "price": {"amount": "1250.50", "currency": "MXN"},
                "weight": {"value": "0.35", "unit": "kg"},
                "stock": 5,
            },
            {
                "sku": "CAM-M",
                "options": {"Talla": "M"},
                "price": {"amount": "999.90", "currency": "MXN"},
                "compare_at": {"amount": "1250.50", "currency": "MXN"},
                "weight": {"value": "0.40", "unit": "kg"},
            },
        ],
        "extra": {
            "woocommerce attributes": (
                '[{"name": "Talla", "values": "S, M", "visible": "1", "global": "1", "default": ""}]'
            ),
            "woocommerce by SKU: id": '{"": "11", "CAM-S": "12", "CAM-M": "13"}',
            "woocommerce by SKU: name": '{"CAM-S": "Camisa - S", "CAM-M": "Camisa - M"}',
            "woocommerce: Meta: _color": "azul",
        },
    }
    assert (taller.kind, taller.status, taller.variants[0].barcode) == ("digital", "draft", "7501234567890")


def test_an_export_is_read_as_what_it_was() -> None:
    """English headers, points for decimals: the same listings, what has no place included."""
    found, _ = read(WOOCOMMERCE_ES)

    again, problems = read(written("woocommerce", found))

    assert [document(one) for one in again] == [document(one) for one in found]
    assert told(problems) == []


def test_a_header_copied_without_quotes_does_not_shift_the_columns() -> None:
    """``GTIN, UPC, EAN o ISBN`` is one column, quoted or not."""
    bare = WOOCOMMERCE_ES.replace('"GTIN, UPC, EAN o ISBN"', "GTIN, UPC, EAN o ISBN", 1)

    assert read(bare) == read(WOOCOMMERCE_ES)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("¿En inventario?", "stock_status"),
        ("¿Existencias?", "stock_status"),
        ("Preço normal", "regular_price"),
        (' "PESO  (lbs)" ', "weight"),
        ("Attribute 3 value(s)", "attribute_3_values"),
        ("Nombre del atributo 12", "attribute_12_name"),
        ("Descripcio\u0301n", "description"),
    ],
)
def test_headers_are_known_in_their_languages(header: str, field: str) -> None:
    """Of both Spanish generations, of Brazil, with any unit and any number."""
    assert FORMATS["woocommerce"].columns([header]) == {header: field}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("1,simple,A,N,0.5,10,\n2,simple,A,M,0.5,10,\n", ("key_twice", 3, "SKU")),
        ("1,simple,A,N,0.5,10,\n2,simple,A,M,0.5,10,\n", ("sku_twice", 3, "SKU")),
        ("1,variation,A,N,0.5,10,NADIE\n", ("parent_missing", 2, "Parent")),
        ("1,casa,A,N,0.5,10,\n", ("value_unknown", 2, "Type")),
        ("1,simple,A,N,medio,10,\n", ("quantity_bad", 2, "Weight (stone)")),
        ("1,simple,A,N,0.5,10,\n", ("unit_missing", 2, "Weight (stone)")),
        ('1,simple,A,N,,"1.250",\n', ("number_ambiguous", 2, "Regular price")),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(rows: str, expected: tuple[str, int, str | None]) -> None:
    """Each problem says where it stands."""
    options = Options(currency="MXN", columns={"Weight (stone)": "weight"})
    _, problems = read("ID,Type,SKU,Name,Weight (stone),Regular price,Parent\n" + rows, options)

    assert expected in told(problems)
