"""Meta's catalog: the words of its own client, the table, and the feeds that override country and language."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from listings.channels.item import Shipping
from listings.channels.meta import COLUMNS, Meta
from listings.channels.port import Feed, UnreadableError, UnwritableError
from tests.contracts.channels import ON, item_of

if TYPE_CHECKING:
    from listings.channels.port import Record

US = Feed("US", "es", "USD", "csv", ON)
COUNTRY, LANGUAGE = replace(US, kind="country"), replace(US, kind="language")


def record(feed: Feed = US, **changes: Any) -> Record:
    """Return the record of a row."""
    return Meta().record(replace(item_of(feed), **changes), feed)


def broken(said: Record, feed: Feed = US) -> set[tuple[str, str]]:
    """Return field and rule of what is wrong."""
    return {(one.field, one.rule) for one in Meta().validate(said, feed)}


def table(said: Record, feed: Feed) -> list[dict[str, str]]:
    """Return a file as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(b"".join(Meta().write([said], feed)).decode(), newline="")))


def test_a_row_of_the_main_feed() -> None:
    """Price with currency, availability with a space, photos and ways in one cell each."""
    row = table(record(photos=("https://t.mx/1.jpg", "https://t.mx/2,a.jpg", "https://t.mx/3.jpg")), US)[0]

    assert {name: cell for name, cell in row.items() if cell} == {
        "id": "PLA-1",
        "title": "Playera de algodón",
        "description": "Hecha a mano.",
        "availability": "in stock",
        "condition": "new",
        "price": "49.90 USD",
        "link": "https://taller.example/p/1?m=US&l=es#top",
        "image_link": "https://t.mx/1.jpg",
        "additional_image_link": "https://t.mx/2%2Ca.jpg,https://t.mx/3.jpg",
        "brand": "Taller Oaxaca",
        "gtin": "7501031311309",
        "product_type": "Ropa > Playeras",
        "color": "Azul",
        "size": "M",
        "material": "Algodón",
        "shipping": "US::Correo aéreo con seguro:12.50 USD",
        "shipping_weight": "220 g",
        "quantity_to_sell_on_facebook": "5",
        "origin_country": "MX",
    }


def test_an_override_for_a_country_says_money_place_and_nothing_else() -> None:
    """Amounts, availability and address with the country's code."""
    assert table(record(COUNTRY, sale=Money(3990, "USD")), COUNTRY) == [
        {
            "id": "PLA-1",
            "override": "US",
            "price": "49.90 USD",
            "sale_price": "39.90 USD",
            "sale_price_effective_date": "",
            "availability": "in stock",
            "link": "https://taller.example/p/1?m=US&l=es#top",
        }
    ]


def test_an_override_for_a_language_says_texts_and_nothing_else() -> None:
    """Title and description with the language's code, whatever country it is spoken in."""
    feed = replace(LANGUAGE, language="es-MX")

    assert table(record(feed), feed) == [
        {"id": "PLA-1", "override": "es_XX", "title": "Playera de algodón", "description": "Hecha a mano."}
    ]
    assert broken(record(feed), feed) == set()


def test_an_override_reads_back() -> None:
    """What an override says comes back as it was."""
    for feed in (COUNTRY, LANGUAGE):
        data = b"".join(Meta().write([record(feed)], feed))

        assert list(Meta().read(io.BytesIO(data), feed)) == [record(feed)]


@pytest.mark.parametrize(
    ("feed", "said", "found"),
    [
        (LANGUAGE, {"price": "49.90 USD"}, ("price", "not_here")),
        (COUNTRY, {"title": "Playera"}, ("title", "not_here")),
        (COUNTRY, {"override": "MX"}, ("override", "one_of")),
        (LANGUAGE, {"override": "es"}, ("override", "one_of")),
        (COUNTRY, {"price": "49.90 EUR"}, ("price", "currency")),
        (COUNTRY, {"id": ""}, ("id", "required")),
    ],
)
def test_a_fault_of_an_override_is_told(feed: Feed, said: Record, found: tuple[str, str]) -> None:
    """Another feed's field, another country, another currency, no id."""
    assert found in broken(record(feed) | said, feed)


def test_an_override_that_changes_nothing_is_told() -> None:
    """A row of id and country alone is no row."""
    assert broken({"id": "PLA-1", "override": "US"}, COUNTRY) == {("price", "required")}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"availability": "in_stock"}, ("availability", "one_of")),
        ({"condition": "as new"}, ("condition", "one_of")),
        ({"price": "49.90"}, ("price", "price")),
        ({"price": "USD 49.90"}, ("price", "price")),
        ({"sale_price": "49.90 USD"}, ("sale_price", "sale_above")),
        ({"id": "x" * 101}, ("id", "max")),
        ({"quantity_to_sell_on_facebook": "1.5"}, ("quantity_to_sell_on_facebook", "whole")),
        ({"additional_image_link": ["https://t.mx/1.jpg"] * 21}, ("additional_image_link", "most")),
        ({"shipping": [{"country": "US", "price": "12,50 USD"}]}, ("shipping.price", "amount")),
    ],
)
def test_a_fault_is_told_by_field_and_rule(changes: Record, found: tuple[str, str]) -> None:
    """Google's words, amounts without a currency and too much of a field are told."""
    assert found in broken(record() | changes)


def test_a_row_needs_a_brand_a_number_or_a_barcode() -> None:
    """One of the three is enough; none is a fault."""
    assert broken(record(brand=None, gtin=None)) == {("brand", "required")}
    assert broken(record(brand=None, gtin=None, mpn="A1")) == set()


def test_every_field_of_a_row_has_a_column() -> None:
    """Nothing that a row says goes lost in the table."""
    everything = record(
        group="playera",
        sale=Money(100, "USD"),
        sale_from=ON,
        sale_until=ON,
        mpn="A1",
        category_id=212,
        pattern="liso",
        gender="unisex",
        age_group="adult",
        shipping=(Shipping("US", "Correo", Money(0, "USD"), region="TX"),),
    )

    assert set(everything) <= set(COLUMNS)
    assert broken(everything) == set()
    with pytest.raises(UnwritableError):
        list(Meta().write([{"colour": "azul"}], US))


@pytest.mark.parametrize("data", [b"", b"\r\n", b"id\r\n\xff\r\n", b"id\r\n1,2\r\n", b'id\r\n"1'])
def test_a_table_that_is_none_is_refused(data: bytes) -> None:
    """A table without a header, of another encoding, with a cell too many or an open quote is refused."""
    with pytest.raises(UnreadableError):
        list(Meta().read(io.BytesIO(data), US))
