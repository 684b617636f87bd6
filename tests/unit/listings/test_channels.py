"""Google's feed by its specification, rules of channels as data, texts and forms."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from landed_cost.money import Money
from landed_cost.rulebook.reader import RulebookError
from listings.channels import STATUSES, channels, forms
from listings.channels.google import COLUMNS, Google
from listings.channels.item import Text
from listings.channels.messages import LANGUAGES, fix, sentences, what
from listings.channels.port import Feed, Finding, UnreadableError, UnwritableError
from listings.channels.rules import check, rules_from, rules_of
from tests.contracts.channels import ON, item_of

if TYPE_CHECKING:
    from listings.channels.port import Record

US = Feed("US", "es", "USD", "rss", ON, "Taller & Cía.", "https://taller.example")
G = "{http://base.google.com/ns/1.0}"


def record(**changes: Any) -> Record:
    """Return the record of a row for the United States."""
    return Google().record(replace(item_of(US), **changes), US)


def broken(said: Record, feed: Feed = US) -> set[tuple[str, str]]:
    """Return field and rule of what is wrong."""
    return {(one.field, one.rule) for one in Google().validate(said, feed)}


def test_the_feed_says_price_shipping_and_days_as_googles_elements() -> None:
    """Read with another reader: RSS 2.0, Google's namespace, a currency at each price, the days in the shipping."""
    data = b"".join(Google().write([record()], US))
    item = ET.fromstring(data).find("channel/item")  # noqa: S314  # our own bytes
    assert item is not None
    way = item.find(f"{G}shipping")
    assert way is not None

    assert {one.tag.removeprefix(G): one.text for one in way} == {
        "country": "US",
        "service": "Correo: aéreo, con seguro",
        "price": "12.50 USD",
        "min_handling_time": "1",
        "max_handling_time": "2",
        "min_transit_time": "5",
        "max_transit_time": "8",
    }
    assert (item.findtext(f"{G}price"), item.findtext(f"{G}title")) == ("49.90 USD", "Playera de algodón")


def test_what_a_machine_wrote_goes_into_structured_fields_and_nowhere_else() -> None:
    """A machine's title is structured with its source; a person's description beside it is plain."""
    said = record(title=Text("Playera azul", "machine"))

    assert said["structured_title"] == {"digital_source_type": "trained_algorithmic_media", "content": "Playera azul"}
    assert ("title" in said, said["description"]) == (False, "Hecha a mano.")


def test_structured_text_stands_in_a_table_with_its_quotes_doubled() -> None:
    """In text feeds the source and the quoted text are parted by a colon."""
    data = b"".join(Google().write([record(title=Text('Taza "sol": grande', "machine"))], replace(US, kind="tsv")))
    header, row = (line.split("\t") for line in data.decode().splitlines())

    assert row[header.index("structured_title")] == 'trained_algorithmic_media:"Taza ""sol"": grande"'


def test_a_table_names_the_parts_of_shipping_in_its_header() -> None:
    """The header says in which order the parts stand, and the row has them so."""
    data = b"".join(Google().write([record()], replace(US, kind="tsv")))
    header, row = (line.split("\t") for line in data.decode().splitlines())
    at = next(number for number, name in enumerate(header) if name.startswith("shipping("))

    assert header[at] == (
        "shipping(country:region:service:price:min_handling_time:max_handling_time:min_transit_time:max_transit_time)"
    )
    assert row[at] == 'US::"Correo: aéreo, con seguro":12.50 USD:1:2:5:8'


def test_a_tab_or_a_line_end_in_a_text_does_not_break_its_row() -> None:
    """A table has as many lines as rows, whatever a description holds."""
    data = b"".join(
        Google().write([record(description=Text('"uno"\tdos\r\n\u2028tres')), record()], replace(US, kind="tsv"))
    )

    assert len(data.decode().split("\n")) == 4
    assert len({line.count("\t") for line in data.decode().strip("\n").split("\n")}) == 1


def test_a_craft_without_brand_and_barcode_says_that_it_has_none() -> None:
    """``identifier_exists`` is said only where there is no brand, barcode or maker's number."""
    assert record(brand=None, gtin=None)["identifier_exists"] == "no"
    assert "identifier_exists" not in record(gtin=None)
    assert broken(record() | {"identifier_exists": "no"}) == {("identifier_exists", "identifier_there")}


def test_every_row_has_a_column() -> None:
    """No field that a row can have is without a column of the table."""
    everything = record(
        group="playera",
        sale=Money(100, "USD"),
        sale_from=ON,
        sale_until=ON,
        available_on=ON,
        mpn="A1",
        category_id=212,
        pattern="liso",
        gender="unisex",
        age_group="adult",
        expires_on=ON,
        material="lino",
    )

    assert set(everything) <= {one.name for one in COLUMNS}
    assert broken(everything) == set()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"price": "49.90"}, ("price", "price")),
        ({"price": "49.90 EUR"}, ("price", "currency")),
        ({"price": "0.00 USD"}, ("price", "price")),
        ({"price": "1,049.90 USD"}, ("price", "price")),
        ({"availability": "in stock"}, ("availability", "one_of")),
        ({"availability": "preorder"}, ("availability_date", "date_needed")),
        ({"sale_price": "49.90 USD"}, ("sale_price", "sale_above")),
        ({"gtin": "7501031311308"}, ("gtin", "gtin")),
        ({"gtin": "2001234567893"}, ("gtin", "gtin")),
        ({"image_link": ""}, ("image_link", "required")),
        ({"link": "taller.example/p"}, ("link", "url")),
        ({"id": "x" * 51}, ("id", "max")),
        ({"structured_title": {"digital_source_type": "default", "content": "a"}}, ("structured_title", "said_twice")),
        ({"structured_title": {"digital_source_type": "robot"}}, ("structured_title.digital_source_type", "one_of")),
        ({"shipping": []}, ("shipping", "no_shipping")),
        ({"shipping": [{"country": "US"}]}, ("shipping.price", "required")),
        ({"shipping": [{"country": "US", "price": "12,50 USD"}]}, ("shipping.price", "amount")),
        ({"shipping": [{"country": "US", "price": "12.50 MXN"}]}, ("shipping.price", "currency")),
        (
            {"shipping": [{"country": "US", "price": "0.00 USD", "min_transit_time": "8", "max_transit_time": "5"}]},
            ("shipping.min_transit_time", "days_turned"),
        ),
        (
            {"shipping": [{"country": "US", "price": "0.00 USD", "max_transit_time": "5"}]},
            ("shipping", "half_the_days"),
        ),
        ({"additional_image_link": ["https://t.mx/1.jpg"] * 11}, ("additional_image_link", "most")),
    ],
)
def test_a_fault_is_told_by_field_and_rule(changes: Record, found: tuple[str, str]) -> None:
    """Each kind of fault of a row is found, and is told in its field."""
    assert found in broken(record() | changes)


def test_a_title_of_a_machine_has_the_same_limit() -> None:
    """The limit of the title holds inside ``structured_title``."""
    assert broken(record(title=Text("a" * 151, "machine"))) == {("structured_title.content", "max")}


def test_zero_decimal_currencies_have_none() -> None:
    """A price in Chilean pesos has no decimals, and one with decimals is refused."""
    chile = replace(US, market="CL", currency="CLP")
    said = Google().record(item_of(chile), chile)

    assert said["price"] == "46161 CLP"
    assert ("price", "price") in broken(said | {"price": "46161.00 CLP"}, chile)


def test_channels_limits_and_rules_have_source_and_status() -> None:
    """Every rule of every channel with a file says where it is from and how well it is known."""
    every = rules_of("google")

    assert all(one.source.startswith("https://") and one.status in STATUSES for one in every)
    assert [one.number for one in every if one.fields == ("title",) and one.check == "max"] == [
        channels()["google"].limit("title", "US", ON)
    ]


def test_a_rule_holds_from_its_first_day_to_its_last_in_its_markets() -> None:
    """A dated rule of one market says nothing on the day before, the day after, or elsewhere."""
    text = (
        "texts: {}\nfields:\n  - {field: id, rule: max, value: 3, since: 2026-01-01, until: 2026-11-27,"
        " markets: [US], status: own, source: a}\n"
    )
    rules = rules_from("etsy", text, "test")

    def told(feed: Feed) -> int:
        return len([one for one in check(rules, {"id": "1234"}, feed) if one.rule == "max" and one.field == "id"])

    assert [told(replace(US, on=day)) for day in (date(2025, 12, 31), date(2026, 1, 1), ON, date(2026, 11, 28))] == [
        *(0, 1, 1, 0)
    ]
    assert told(replace(US, market="MX")) == 0


@pytest.mark.parametrize(
    "line",
    [
        "{field: id, rule: required, value: 3, since: 2026-01-01, status: own, source: a}",
        "{field: id, rule: form, value: colour, since: 2026-01-01, status: own, source: a}",
        "{field: id, rule: shortest, value: 3, since: 2026-01-01, status: own, source: a}",
        "{field: id, rule: max, value: 3, since: 2026-01-01, status: own, source: a, note: b}",
    ],
)
def test_a_line_that_makes_no_sense_is_refused(line: str) -> None:
    """A rule of an unknown kind or form, or with more than it can have, is no rule."""
    with pytest.raises(RulebookError):
        rules_from("etsy", f"texts: {{}}\nfields:\n  - {line}\n", "test")


def test_lengths_in_bytes_count_what_an_accent_takes() -> None:
    """``max_bytes`` counts UTF-8."""
    line = "{field: id, rule: max_bytes, value: 3, since: 2026-01-01, status: own, source: a}"
    rules = rules_from("shop", f"texts: {{}}\nfields:\n  - {line}\n", "test")

    assert [len(check(rules, {"id": text}, US)) for text in ("ñn", "ññ")] == [0, 1]


def test_every_rule_has_its_sentences_in_three_languages() -> None:
    """What is wrong and what to do are said in Spanish, Portuguese and English, for all that can be found."""
    values: dict[str, str] = defaultdict(lambda: "7")

    for rule in (*sentences(), *forms.FORMS):
        for language in LANGUAGES:
            one = Finding("a", "b", rule, values)
            assert "{" not in what(one, language) + fix(one, language)


def test_a_finding_can_be_kept() -> None:
    """A finding is JSON and comes back whole."""
    found = Google().validate(record() | {"price": "1"}, US, 7)[0]

    assert Finding.of(found.to_dict()) == found


@pytest.mark.parametrize(
    "data",
    [b"", b"<rss><channel>", b"<feed></feed>", b"\xff\xfe\x00", b'<!DOCTYPE a [<!ENTITY b "c">]><rss><channel/></rss>'],
)
def test_a_file_that_is_no_feed_is_refused(data: bytes) -> None:
    """What is no RSS, is cut off or declares entities is refused with the place."""
    with pytest.raises(UnreadableError):
        list(Google().read(io.BytesIO(data), US))


@pytest.mark.parametrize("data", [b"", b"\n", b"id\n\xff\n", b"id\ttitle\n1\t2\t3\n"])
def test_a_table_that_is_none_is_refused(data: bytes) -> None:
    """A table without a header, of another encoding, or with more cells than columns is refused."""
    with pytest.raises(UnreadableError):
        list(Google().read(io.BytesIO(data), replace(US, kind="tsv")))


def test_what_was_not_validated_is_not_written() -> None:
    """A sign that XML has no place for, or a field without a column, ends the writing instead of going lost."""
    with pytest.raises(UnwritableError):
        list(Google().write([{"id": "\x00"}], US))
    with pytest.raises(UnwritableError):
        list(Google().write([{"colour": "azul"}], replace(US, kind="tsv")))


def test_a_field_that_stands_twice_is_not_taken_for_one() -> None:
    """Of two prices in an item both are kept, so that the form of the field is told."""
    data = b"".join(Google().write([record()], US)).replace(b"<g:price>", b"<g:price>1.00 USD</g:price><g:price>", 1)

    assert next(iter(Google().read(io.BytesIO(data), US)))["price"] == ["1.00 USD", "49.90 USD"]
