"""Items of MercadoLibre: read one by one, written back with what had no place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.formats.port import FileRefusedError
from tests.unit.listings.formats.files import MERCADOLIBRE, MXN, document, read, told, written


def test_items_are_read_with_their_own_currency() -> None:
    """Price digit by digit, SKU and brand from the attributes, the parcel's weight from theirs."""
    (aretes, playera), problems = read(MERCADOLIBRE)

    assert document(aretes) == {
        "key": "MLM1",
        "title": "Aretes de plata",
        "status": "active",
        "description": "Plata 925",
        "brand": "Taxco",
        "pictures": ["https://m.example/1.jpg"],
        "weight": {"value": "120", "unit": "g"},
        "price": {"price": {"amount": "349.90", "currency": "MXN"}},
        "variants": [{"sku": "AR-1", "stock": 4}],
        "extra": {
            "mercadolibre: attributes": '[{"id": "MODEL", "value_name": "Luna"}]',
            "mercadolibre: category_id": '"MLM1439"',
        },
    }
    assert [(one.sku, one.price and one.price.amount) for one in playera.variants] == [
        ("PL-S", "199"),
        ("MLM2-m", "219"),
    ]
    assert told(problems, notes=True) == [("sku_made", 2, "variations")]


def test_an_export_is_read_as_what_it_was() -> None:
    """Category, model and ids of variations come back, and a price stays a number of JSON."""
    found, _ = read(MERCADOLIBRE)
    text = written("mercadolibre", found)

    assert read(text)[0] == found
    assert '"price": 349.90' in text
    assert [one["category_id"] for one in json.loads(text) if "category_id" in one] == ["MLM1439"]


def test_items_may_stand_alone_or_one_on_each_line() -> None:
    """The array is not needed."""
    items = [json.dumps(one) for one in json.loads(MERCADOLIBRE, parse_float=str)]

    assert read("\n".join(items)) == read(MERCADOLIBRE)
    assert read(items[0])[0] == read(MERCADOLIBRE)[0][:1]


@pytest.mark.parametrize(
    ("data", "code", "row"),
    [
        ('[{"id": "A", "title": "T"}, {"id": ', "json_broken", 2),
        ('[{"id": "A"}, 5]', "json_no_item", 2),
        ('{"id": "A", "id": "B"}', "json_broken", 1),
        ('{"id": NaN}', "json_broken", 1),
        ("[" * 100_000, "json_broken", 1),
        ("[]", "empty", None),
    ],
)
def test_what_is_no_file_of_items_is_refused_with_its_place(data: str, code: str, row: int | None) -> None:
    """Nothing of a broken file is taken."""
    with pytest.raises(FileRefusedError) as caught:
        read(data, MXN)

    assert (caught.value.problem.code, caught.value.problem.row) == (code, row)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"id": "A", "title": "T", "price": "1.250,00", "currency_id": "MXN"}, ("number_bad", 1, "price")),
        ({"id": "A", "title": "T", "price": 5, "currency_id": "XXX"}, ("shape", 1, "price")),
        ({"id": "A", "title": "T", "pictures": [{"url": "javascript:x"}]}, ("address_bad", 1, "pictures")),
        ({"title": "T"}, ("key_missing", 1, "id")),
        ({"id": "A", "title": True}, ("title_missing", 1, "title")),
        (
            {"id": "A", "title": "T", "attributes": [{"id": "PACKAGE_WEIGHT", "value_name": "un kilo"}]},
            ("measure_bad", 1, "PACKAGE_WEIGHT"),
        ),
    ],
)
def test_what_is_wrong_is_named_by_item_and_key(item: dict[str, object], expected: tuple[str, int, str]) -> None:
    """The number of the item stands for the row."""
    _, problems = read(json.dumps(item))

    assert expected in told(problems)


KEYS = st.sampled_from(
    ["id", "title", "price", "pictures", "attributes", "variations", "value_name", "name", "attribute_combinations"]
)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, ANY, max_size=6))
def test_no_item_is_too_odd(item: dict[str, object]) -> None:
    """Anything may stand under any key: the item is read, or what is wrong is told."""
    try:
        found, problems = read(json.dumps(item))
    except FileRefusedError:
        return

    assert found or problems
