"""Electronic advance data: the same record as on the paper, complete or not, XML that others read."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any, Final

import pytest
from lxml import etree

from landed_cost.money import Money
from shopkit.papers.advance import completeness, message, xml
from shopkit.papers.details import Details
from shopkit.papers.sheets import form
from tests.unit.shopkit.papers.examples import MUG, PARCEL, RECIPIENT, SENDER, SHIRT

SCHEMA: Final = etree.XMLSchema(etree.fromstring(files("shopkit.papers").joinpath("data/item-data.xsd").read_bytes()))
NS: Final = {"d": "urn:shopkit:item-data:1"}
WHOLE: Final = replace(
    PARCEL,
    sender=replace(SENDER, tax_id="XAXX010101000"),
    invoice="F-000001",
    details=Details(
        postage=Money(31_250, "MXN"),
        insured=Money(6_500, "USD"),
        licence="LIC-14",
        certificate="FITO-0042",
        importer="X-1",
        importer_kind="vat",
    ),
)


def test_the_form_and_the_message_say_the_same() -> None:
    """Every value that stands on CN 23 stands in the message, and no other: number, parties, lines, sums, boxes."""
    paper, said = form(WHOLE, "cn23", "en", "a4"), message(WHOLE)
    lines = [
        [
            one["description"],
            str(one["quantity"]),
            one["net_weight_kg"],
            f"{one['value']} {said['currency']}",
            one["hs_code"],
            one["origin"],
        ]
        for one in said["articles"]
    ]
    boxes = {label.split(" / ")[0]: text for row in paper["boxes"] for label, text in row}
    (chosen,) = [label for label, is_chosen in paper["category"][1:] if is_chosen]

    assert paper["number"]["text"].replace(" ", "") == said["item"]
    assert paper["sheets"] == [lines]
    assert paper["sums"][1][1] == f"{said['gross_weight_kg']} kg"
    assert paper["sums"][2][1] == f"{said['value']} {said['currency']}"
    assert chosen.startswith("Sale of goods") == (said["category"] == "sale")
    for name in ("name", "street", "phone"):
        assert said["recipient"][name] in paper["to"][1]
    assert paper["to"][1][-1].endswith(f": {said['recipient']['reference']['number']}")
    assert boxes["Licence No"] == said["licence"]
    assert boxes["Certificate No"] == said["certificate"]
    assert boxes["Invoice No"] == said["invoice"]
    assert boxes["Postal charges"] == " ".join(said["postage"].values())
    assert boxes["Insured value"] == " ".join(said["insured"].values())


@pytest.mark.parametrize(
    "of",
    [
        PARCEL,
        WHOLE,
        replace(PARCEL, currency="CLP"),
        replace(PARCEL, category="other", details=Details(explanation="<repair> & return")),
    ],
)
def test_xml_of_a_complete_record_fits_the_schema(of: Any) -> None:
    """As read by a program that did not write it."""
    SCHEMA.assertValid(etree.fromstring(xml(of)))


def test_xml_says_what_the_message_says() -> None:
    """Field by field; signs of XML and what it cannot say do not break it."""
    of = replace(WHOLE, recipient=replace(RECIPIENT, name="Ana <& \x07Pérez>"))
    root = etree.fromstring(xml(of))
    said = message(of)
    articles = [
        {child.tag.split("}")[1]: child.text for child in one} for one in root.findall("d:articles/d:article", NS)
    ]

    assert root.findtext("d:recipient/d:name", namespaces=NS) == "Ana <& Pérez>"
    assert root.findtext("d:item", namespaces=NS) == said["item"]
    assert root.find("d:recipient/d:reference", NS).attrib == {"kind": "vat"}
    assert root.find("d:postage", NS).attrib == {"currency": "MXN"}
    assert articles == [
        {
            "description": one["description"],
            "quantity": str(one["quantity"]),
            "netWeight": one["net_weight_kg"],
            "value": one["value"],
            "hsCode": one["hs_code"],
            "origin": one["origin"],
        }
        for one in said["articles"]
    ]


def test_a_record_with_all_that_is_needed_is_complete() -> None:
    """100 percent; what is told where there is something is named apart."""
    found = completeness(WHOLE, with_codes={"MX", "US"})
    bare = completeness(PARCEL)

    assert (found.percent, found.missing, found.blank) == (100, (), ())
    assert (bare.percent, bare.missing) == (100, ())
    assert bare.blank == (
        "postage",
        "insured",
        "licence",
        "certificate",
        "invoice",
        "sender/tax_id",
        "recipient/tax_id",
    )


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"number": ""}, "number"),
        ({"sender": replace(SENDER, street="")}, "sender/street"),
        ({"sender": replace(SENDER, email="")}, "sender/phone"),
        ({"recipient": replace(RECIPIENT, postal_code="")}, "recipient/postal_code"),
        ({"category": "other"}, "category"),
        ({"gross_kg": None}, "gross_weight"),
        ({"lines": (replace(SHIRT, hs_code=""), MUG)}, "lines/1/hs_code"),
        ({"lines": (SHIRT, replace(MUG, origin=""))}, "lines/2/origin"),
        ({"lines": (SHIRT, replace(MUG, net_kg=None))}, "lines/2/net_weight"),
        ({"lines": (SHIRT, replace(MUG, minor=0))}, "lines/2/value"),
        ({"lines": (SHIRT, replace(MUG, description=" "))}, "lines/2/description"),
    ],
)
def test_what_is_missing_is_named_and_xml_does_not_fit(change: dict[str, Any], place: str) -> None:
    """Never rounded up to 100 percent; the schema refuses what is not complete, too."""
    of = replace(PARCEL, **change)
    found = completeness(of, with_codes={"US"})

    assert found.percent < 100
    assert found.missing == (place,)
    if place not in {"sender/phone", "recipient/postal_code", "category"}:
        assert not SCHEMA.validate(etree.fromstring(xml(of)))


def test_brazil_needs_the_receivers_number() -> None:
    """It is missing there, and told as useful elsewhere."""
    found = completeness(replace(PARCEL, recipient=replace(RECIPIENT, country="BR")), with_tax={"BR"})

    assert (found.missing, "recipient/tax_id" in found.blank) == (("recipient/tax_id",), False)
