"""Files that a seller uploads by hand: eBay's with its choices, and the sheet for Alibaba."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.money import Money
from listings.channels.alibaba import Alibaba
from listings.channels.ebay_file import EbayFile
from listings.channels.item import Text
from listings.channels.port import UnreadableError, UnwritableError
from tests.contracts.channels import TOLD, feed_of, item_of

if TYPE_CHECKING:
    from listings.channels.item import CatalogItem
    from listings.channels.port import Feed, Record

# A protocol of the port asks for variables of instances, and these are of the class.
EBAY: Any = EbayFile()
ALIBABA: Any = Alibaba()
# The first header as it stands in templates that eBay gives out and others keep.
ACTION = "*Action(SiteID=US|Country=MX|Currency=USD|Version=1193|CC=UTF-8)"


def us() -> Feed:
    """Return the feed of the United States, in English."""
    return feed_of(EBAY, "csv")


def record(item: CatalogItem) -> Record:
    """Return the record of a row, with what the seller says for eBay."""
    said: Record = EBAY.record(replace(item, own=TOLD["ebay_file"].own), us())
    return said


def sizes() -> list[Record]:
    """Return two sizes of a shirt, the second with a photo of its own."""
    shirt = replace(item_of(us()), listing="playera", group="playera", title=Text("T-shirt"))
    small = replace(shirt, id="P-S", sku="P-S", options={"Size": "S", "Color": "Blue|Green"}, stock=3)
    large = replace(shirt, id="P-L", sku="P-L", options={"Size": "L", "Color": "Blue|Green"}, gtin=None, stock=0)
    return [record(small), record(replace(large, price=Money(5500, "USD"), photos=("https://taller.example/l.jpg",)))]


def table(*records: Record) -> list[dict[str, str]]:
    """Return the rows of a file, without cells that hold nothing."""
    data = b"".join(EBAY.write(records, us())).decode("utf-8-sig")
    return [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(io.StringIO(data))]


def test_a_piece_alone_is_one_row_under_ebays_headers() -> None:
    """Site, country of dispatch and currency stand in the first header, the amount without a currency below."""
    (row,) = table(record(replace(item_of(us()), description=Text("By hand."))))

    assert row == {
        ACTION: "Add",
        "CustomLabel": "PLA-1",
        "*Category": "15687",
        "*Title": "Playera de algodón",
        "*Description": "<p>By hand.</p>",
        "*ConditionID": "1000",
        "PicURL": "|".join(f"https://taller.example/photos/1-{one}.jpg" for one in range(1, 7)),
        "*Format": "FixedPrice",
        "*Duration": "GTC",
        "*StartPrice": "49.90",
        "*Quantity": "5",
        "*Location": "Oaxaca",
        "*DispatchTimeMax": "2",
        "ShippingProfileName": "Correo",
        "ReturnProfileName": "30 días",
        "PaymentProfileName": "Todo",
        "Product:EAN": "7501031311309",
        "*C:Brand": "Taller Oaxaca",
        "C:Color": "Azul",
        "C:Size": "M",
        "C:Material": "Algodón",
        "C:Country/Region of Manufacture": "MX",
    }


def test_sizes_stand_below_what_there_is_to_choose() -> None:
    """The product lists every choice once, each piece has its own, and a sign of the format is put otherwise."""
    product, small, large = table(*sizes())

    assert (product["CustomLabel"], product["RelationshipDetails"]) == ("playera", "Size=S;L|Color=Blue/Green")
    assert product.keys() & {"*StartPrice", "*Quantity", "Product:EAN", "Relationship"} == set()
    assert small == {
        "CustomLabel": "P-S",
        "*StartPrice": "49.90",
        "*Quantity": "3",
        "Product:EAN": "7501031311309",
        "Relationship": "Variation",
        "RelationshipDetails": "Size=S|Color=Blue/Green",
    }
    assert (large["*StartPrice"], large["*Quantity"], large["PicURL"]) == (
        "55.00",
        "0",
        "https://taller.example/l.jpg",
    )


def test_choices_are_read_back_as_pieces_of_their_product() -> None:
    """What was written comes back, with the sign that was put otherwise."""
    said = sizes()
    found = list(EBAY.read(io.BytesIO(b"".join(EBAY.write(said, us()))), us()))

    for one in said:
        one["options"][1]["value"] = "Blue/Green"
    assert found == said


def test_pieces_that_nothing_tells_apart_are_not_written() -> None:
    """Two pieces of a listing without a choice would be one at eBay."""
    pieces = [one | {"options": []} for one in sizes()]

    with pytest.raises(UnwritableError, match="playera: pieces that nothing tells apart"):
        table(*pieces)


@pytest.mark.parametrize("changed", [{"price": "49.90 MXN"}, {"price": "49,90 USD"}, {"colour": "Azul"}])
def test_what_the_file_cannot_say_is_not_written(changed: Record) -> None:
    """An amount of another currency than the header's, a comma for a point, a field without a column."""
    with pytest.raises(UnwritableError):
        table(record(item_of(us())) | changed)


def test_what_is_out_of_stock_is_offered_in_no_pieces_and_the_slowest_way_counts() -> None:
    """None are left whatever was counted, and eBay is told the most days of handling."""
    item = item_of(us())
    slow = replace(item.shipping[0], handling=(2, 4))
    said = record(replace(item, availability="out_of_stock", shipping=(slow, *item.shipping)))

    assert (said["quantity"], said["dispatch_days"]) == ("0", "4")


def test_a_country_without_a_site_has_no_file() -> None:
    """The header names a site of eBay; there is none for Peru."""
    with pytest.raises(UnwritableError, match="no site of ours in PE"):
        b"".join(EBAY.write([], replace(us(), market="PE")))


def test_spain_is_named_as_ebay_names_it() -> None:
    """The site is Spain, and without another word goods leave from there."""
    feed = replace(us(), market="ES", language="es", currency="EUR", settings={})

    assert b"".join(EBAY.write([], feed)).startswith(
        "\ufeff*Action(SiteID=Spain|Country=ES|Currency=EUR|Version=1193|CC=UTF-8),CustomLabel".encode()
    )


def test_a_choice_without_its_sign_is_told() -> None:
    """Size S is no choice; Size=S is."""
    data = f"{ACTION},CustomLabel,Relationship,RelationshipDetails\nAdd,P,,Size=S\n,P-S,Variation,Size S\n"

    with pytest.raises(UnreadableError, match="write Name=Value"):
        list(EBAY.read(io.BytesIO(data.encode()), us()))


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("condition", "new", "one_of"),
        ("images", ["http://taller.example/1.jpg"], "picture_https"),
        ("category", "Ropa", "whole"),
        ("location", None, "required"),
        ("options", [{"name": "N" * 41, "value": "S"}], "max"),
        ("options", [{"name": "Size", "value": "V" * 51}], "max"),
    ],
)
def test_a_fault_is_told_by_field_and_rule(field: str, value: Any, rule: str) -> None:  # what JSON holds
    """Each planted fault is found in its field, by its rule."""
    said = record(item_of(us())) | {field: value}
    if value is None:
        del said[field]

    assert (field, rule) in {(one.field, one.rule) for one in EBAY.validate(said, us())}


def test_the_sheet_for_companies_names_what_every_form_asks() -> None:
    """In the order of the form: words to find it by, six pictures, the least quantity, kilos and centimetres."""
    feed = feed_of(ALIBABA, "csv")
    item = replace(item_of(feed), tags=("cotton", "hand made", "gift", "more"), options={"Size": "M"}, making=(5, 9))
    data = b"".join(ALIBABA.write([ALIBABA.record(item, feed)], feed)).decode("utf-8-sig")
    header, row = list(csv.reader(io.StringIO(data)))

    assert dict(zip(header, row, strict=True)) == {
        "Product ID": "PLA-1",
        "Category": "",
        "Product Name": "Playera de algodón",
        "Product Keywords 1": "cotton",
        "Product Keywords 2": "hand made",
        "Product Keywords 3": "gift",
        **{f"Image {one}": f"https://taller.example/photos/1-{one}.jpg" for one in range(1, 7)},
        "Brand Name": "Taller Oaxaca",
        "Model Number": "",
        "Place of Origin": "MX",
        "Material": "Algodón",
        "Specifications": "Size: M",
        "Price": "49.90 USD",
        "Unit": "Piece/Pieces",
        "Minimum Order Quantity": "50",
        "Quantity in Stock": "5",
        "Lead Time (days)": "9",
        "Package Weight (kg)": "0.22",
        "Package Size (cm)": "30x20x3",
        "HS Code": "610910",
        "Product Description": "Hecha a mano.",
    }


def test_a_sheet_without_a_least_quantity_is_told() -> None:
    """A company asks for it first; nobody guesses it."""
    feed = replace(feed_of(ALIBABA, "csv"), settings={})

    assert ("least", "required") in {
        (one.field, one.rule) for one in ALIBABA.validate(ALIBABA.record(item_of(feed), feed), feed)
    }


def test_a_specification_without_its_sign_is_told() -> None:
    """Size M is none; Size: M is."""
    with pytest.raises(UnreadableError, match="write Name: value"):
        list(ALIBABA.read(io.BytesIO(b"Product ID,Specifications\nP-1,Size M\n"), feed_of(ALIBABA, "csv")))


def test_a_field_without_a_column_is_not_written_for_companies() -> None:
    """It would be lost in silence."""
    with pytest.raises(UnwritableError, match="no column for colour"):
        b"".join(ALIBABA.write([{"sku": "P", "colour": "Azul"}], feed_of(ALIBABA, "csv")))
