"""Our own CSV: any listing goes out and comes back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from listings.formats.port import Options
from listings.model import Listing
from tests.unit.listings.formats.files import MXN, document, read, told, written

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)
LINE = TEXT.map(str.strip).filter(bool)
# What HTML would be cleaned of is another test's matter.
PLAIN = st.text("aá,;'\"=+-@ \n\\|", max_size=12)
NUMBER = st.decimals(0, 10**6, places=2).map(str) | st.integers(0, 10**6).map(str)
MONEY = st.fixed_dictionaries({"amount": NUMBER, "currency": st.sampled_from(["MXN", "CLP", "USD"])})
PRICE = st.dictionaries(st.sampled_from(["price", "compare_at", "cost"]), MONEY, max_size=3)
WEIGHT = st.fixed_dictionaries({"value": NUMBER, "unit": st.sampled_from(["kg", "g", "lb", "oz"])})
SIZES = st.fixed_dictionaries(
    {"length": NUMBER, "width": NUMBER, "height": NUMBER, "unit": st.sampled_from(["mm", "in"])}
)
SKU = st.text("ABCñ-1'=+@", min_size=1, max_size=8)
VARIANT = st.fixed_dictionaries(
    {"sku": SKU},
    optional={
        "options": st.dictionaries(LINE, LINE, min_size=1, max_size=2),
        "barcode": st.text("0123456789", min_size=1, max_size=13),
        "stock": st.integers(-5, 900),
        "weight": WEIGHT,
        "dimensions": SIZES,
        "price": MONEY,
    },
)
LISTING = st.fixed_dictionaries(
    {"key": st.text("abc-1ñ", min_size=1, max_size=9).filter(lambda key: not key.startswith("#")), "title": LINE},
    optional={
        "kind": st.sampled_from(["goods", "digital", "service"]),
        "status": st.sampled_from(["draft", "active", "archived"]),
        "language": st.sampled_from(["es", "pt-BR", "es-419"]),
        "description": PLAIN.filter(str.strip),
        "brand": LINE,
        "tags": st.lists(LINE, max_size=3, unique=True),
        "pictures": st.lists(st.sampled_from(["https://a.example/1,2.jpg", "http://b.example/?a=1"]), unique=True),
        "origin": st.sampled_from(["MX", "NI"]),
        "hs_code": st.sampled_from(["610910", "0901"]),
        "hs_evidence": st.just({"by": "ruling", "note": "BTI, 2"}),
        "weight": WEIGHT,
        "dimensions": SIZES,
        "making_days": st.integers(0, 365),
        "price": PRICE,
        "materials": st.lists(st.fixed_dictionaries({"name": LINE}, optional={"percent": NUMBER}), max_size=2),
        "lot": st.just({"producer": "San Juan", "grade": "SHG"}),
        "aftercare": st.just({"returns_days": 30}),
        "markets": st.just([{"market": "US", "title": "Shirt", "price": {"amount": "5.5", "currency": "USD"}}]),
        "variants": st.lists(VARIANT, max_size=3, unique_by=lambda one: one["sku"]),
        "extra": st.dictionaries(LINE, PLAIN.filter(bool), max_size=2),
    },
)


def listing(value: dict[str, Any]) -> Listing:
    """Return a listing of its JSON."""
    return Listing.model_validate_json(to_json(value))


@given(st.lists(LISTING, max_size=3, unique_by=lambda one: one["key"]))
def test_any_listing_comes_back(values: list[dict[str, Any]]) -> None:
    """Every field, in every odd text: what is written is read the same."""
    seen: set[str] = set()
    for value in values:
        value["variants"] = [one for one in value.get("variants", []) if one["sku"] not in seen]
        seen |= {one["sku"] for one in value["variants"]}
        # A code always says how it came about; one without is an import's.
        if "hs_code" in value:
            value.setdefault("hs_evidence", {"by": "import"})
    listings = [listing(value) for value in values]
    if not listings:
        return

    found, problems = read(written("shopkit", listings))

    assert [document(one) for one in found] == [document(one) for one in listings]
    assert told(problems) == []


def test_a_foreign_table_is_read_by_a_mapping() -> None:
    """Columns of any name, once a person says what they mean."""
    data = "Código;Producto;Precio;Color\nA-1;Taza;1.250,50;azul\n"
    columns = {"Código": "key", "Producto": "title", "Precio": "price"}

    (found,), _ = read(data, Options(currency="ARS", columns=columns), name="shopkit")

    assert document(found) == {
        "key": "A-1",
        "title": "Taza",
        "price": {"price": {"amount": "1250.50", "currency": "ARS"}},
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("a,A,5,,\na,B,,,\n", ("row_differs", 3, "title")),
        ("a,A,5,,{\n", ("json_bad", 2, "lot")),
        ("a,A,5,,[]\n", ("json_bad", 2, "lot")),
        ("a,A,5 PESOS,,\n", ("number_bad", 2, "price")),
        ("a,A,5,pesado,\n", ("weight_bad", 2, "weight")),
        ("a,A,1.250,,\n", ("number_ambiguous", 2, "price")),
        (",A,5,,\n", ("key_missing", 2, "key")),
        ("a,A,-5 MXN,,\n", ("number_negative", 2, "price")),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(rows: str, expected: tuple[str, int, str]) -> None:
    """Each problem says where it stands."""
    _, problems = read("key,title,price,weight,lot\n" + rows, MXN)

    assert expected in told(problems)


@pytest.mark.parametrize("origin", ["MEXICO", "M", "MXX", "1X"])
def test_a_country_by_its_name_is_told_its_two_letters(origin: str) -> None:
    """What stands there is repeated, with how to write it instead."""
    _, problems = read(f"key,title,origin\na,A,{origin}\n")

    assert [(one.code, one.row, one.column, one.values) for one in problems] == [
        ("country_bad", 2, "origin", {"value": origin})
    ]
