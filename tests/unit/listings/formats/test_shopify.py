"""Shopify's CSV: both generations, rows of a handle that stand apart, markets a merchant named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.listings.formats.files import MXN, SHOPIFY, SHOPIFY_2025, document, over, read, told, written


def test_rows_of_a_handle_are_one_product_wherever_they_stand() -> None:
    """Variants, pictures and stock come together; what is the same for each piece is said once."""
    (blusa, taza), problems = read(SHOPIFY)

    assert document(blusa) == {
        "key": "blusa",
        "title": "Blusa de manta",
        "status": "active",
        "description": "<p>Hecha a mano</p>",
        "brand": "Telar",
        "category": "Blusas",
        "tags": ["algodón", "mujer"],
        "pictures": ["https://tienda.example/1.jpg", "https://tienda.example/2.jpg"],
        "weight": {"value": "0.25", "unit": "kg"},
        "price": {
            "price": {"amount": "450.00", "currency": "MXN"},
            "compare_at": {"amount": "500.00", "currency": "MXN"},
        },
        "variants": [
            {"sku": "BL-S", "options": {"Talla": "S"}, "stock": 3},
            {"sku": "BL-M", "options": {"Talla": "M"}, "stock": 0},
        ],
        "extra": {
            "shopify alt texts": '{"https://tienda.example/1.jpg": "De frente"}',
            "shopify: SEO title": "Blusa mexicana",
        },
    }
    # Without a tracker nobody counts the stock, and nought grams are no weight.
    assert (taza.status, taza.weight, taza.variants[0].stock) == ("draft", None, None)
    assert told(problems, notes=True) == [("weight_zero", 3, "Variant Grams")]


def test_the_new_template_is_read_with_its_markets_once_a_person_explains_them() -> None:
    """Brasil is Brazil, in reais: until somebody says so the columns are kept and nothing is made of them."""
    (kept,), notes = read(SHOPIFY_2025)
    explained, problems = read(SHOPIFY_2025, replace(MXN, markets={"Brasil": ("BR", "BRL")}))

    assert (kept.markets, told(notes, notes=True)) == ((), [("market_unknown", 1, "Price / Brasil")])
    assert kept.extra["shopify: Price / Brasil"] == "299.90"
    assert document(explained[0])["markets"] == [{"market": "BR", "price": {"amount": "299.90", "currency": "BRL"}}]
    assert problems == []
    assert kept.extra["shopify: Color (product.metafields.shopify.color-pattern)"] == "rojo"


def test_a_market_without_its_currency_is_a_problem() -> None:
    """299.90 of what, nobody guesses."""
    found, problems = read(SHOPIFY_2025, replace(MXN, markets={"Brasil": ("BR", None)}))

    assert (found, told(problems)) == ([], [("market_currency", 2, "Price / Brasil")])


@pytest.mark.parametrize("name", ["shopify", "shopify-2025"])
@pytest.mark.parametrize("data", [SHOPIFY, SHOPIFY_2025])
def test_either_header_writes_what_the_other_read(data: str, name: str) -> None:
    """Import, export under either generation, import: the same listings, columns without a place included."""
    options = replace(MXN, markets={"Brasil": ("BR", "BRL")})
    found, _ = read(data, options)

    again, problems = read(written(name, found), options)

    assert [document(one) for one in again] == [document(one) for one in found]
    assert told(problems) == []


def test_costs_leave_only_when_they_are_asked_for() -> None:
    """An export that others may see does not say what things cost the seller."""
    found, _ = read(SHOPIFY_2025)

    assert "300.00" not in written("shopify", found, with_costs=False)
    assert "300.00" in written("shopify", found)


def test_a_piece_without_a_sku_gets_one_that_is_always_the_same_and_never_leaves() -> None:
    """The handle and the options make it; the export leaves the cell blank again."""
    data = "Handle,Title,Option1 Name,Option1 Value,Variant Price\nlazo,Lazo,Color,Añil,5\nlazo,,,Rojo,5\n"

    found, problems = read(data)

    assert [one.sku for one in found[0].variants] == ["lazo-anil", "lazo-rojo"]
    assert told(problems, notes=True) == [("sku_made", 2, "sku"), ("sku_made", 3, "sku")]
    assert "lazo-anil" not in written("shopify", found)
    assert read(written("shopify", found))[0] == found


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("a,A,Talla,S,S1,5\nb,B,Talla,S,S1,5\n", ("sku_twice", 3, "Variant SKU")),
        ("a,A,Talla,S,,5\na,,,S,,5\n", ("options_twice", 3, "Option1 Value")),
        ("a,A,Title,Default Title,S1,5\na,,,,S2,5\n", ("options_missing", 3, "Option1 Name")),
        ("a,,Talla,S,S1,5\n", ("title_missing", 2, "Title")),
        (",,Talla,S,S1,5\n", ("key_missing", 2, "Handle")),
        ("a,A,Talla,,S1,5\n", ("option_half", 2, "Option1 Value")),
        ("a,A,Talla,S,S1,cinco\n", ("number_bad", 2, "Variant Price")),
        ("a,A,Talla,S,S1\n", ("cells", 2, None)),
        ("a,A,Talla,S,S1,5,6\n", ("cells", 2, None)),
        (f"a,{'A' * 251},Talla,S,S1,5\n", ("too_long", 2, "Title")),
        (f"a,A,Talla,S,{'S' * 65},5\n", ("too_long", 2, "Variant SKU")),
        ("a b,A,Talla,S,S1,5\n", ("not_allowed", 2, "Handle")),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(rows: str, expected: tuple[str, int, str | None]) -> None:
    """Each problem says where it stands; the listing is left out whole."""
    _, problems = read("Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n" + rows)

    assert expected in told(problems)


def test_a_price_without_a_currency_is_a_problem_and_no_guess() -> None:
    """Shopify's file names no currency."""
    found, problems = read(SHOPIFY, replace(MXN, currency=None))

    assert found == []
    assert set(told(problems)) == {
        *(
            ("currency_missing", row, column)
            for row in (2, 4)
            for column in ("Variant Price", "Variant Compare At Price")
        ),
        ("currency_missing", 3, "Variant Price"),
    }


def test_a_missing_column_keeps_and_a_blank_cell_keeps_or_erases_as_was_said() -> None:
    """Shopify erases what is blank; here a person has to want it."""
    before = read(SHOPIFY)[0][1]
    data = "Handle,Title,Vendor\ntaza,Taza azul,\n"

    kept, _ = over(before, data)
    erased, _ = over(before, data, blank="erase")

    assert kept is not None
    assert erased is not None
    assert (kept.title, kept.brand, kept.price) == ("Taza azul", "Barro", before.price)
    assert (erased.title, erased.brand, erased.price) == ("Taza azul", "", before.price)


def test_what_comes_to_the_same_changes_nothing() -> None:
    """450 is 450.00, and 0.25 kg are 250 grams, however the seller wrote them."""
    before = read(SHOPIFY.split("taza", maxsplit=1)[0].replace("450.00", "450"))[0][0]

    after, _ = over(before, SHOPIFY.split("taza", maxsplit=1)[0])

    assert after == before


def test_a_price_that_differs_by_variant_now_is_said_by_each() -> None:
    """What was one price for all is taken apart, and no variant keeps the old one by accident."""
    before = read(SHOPIFY)[0][0]
    data = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\nblusa,Blusa,Talla,S,BL-S,470\n"

    after, _ = over(before, data)

    assert after is not None
    assert after.price.price is None
    assert [one.price and one.price.amount for one in after.variants] == ["470", "450.00"]
