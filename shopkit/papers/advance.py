"""Electronic advance data of a parcel: what a post tells the destination's before dispatch, and how complete it is.

The set of fields is that of the message ITMATT (UPU M33) as the International Post Corporation tells it (verified
there; the standard itself is not public): sender and receiver with address, contact and tax code, category, total value
and weight, each article, charges and insurance, numbers of licence, certificate and invoice. Names and shape are ours:
a seller gives these to the portal of the post, which makes the message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from shopkit.papers import sheets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from shopkit.papers.declaration import Declaration

Json = dict[str, Any]
NAMESPACE: Final = "urn:shopkit:item-data:1"
_PARTY: Final = ("name", "legal_name", "street", "city", "region", "postal_code", "country", "phone", "email")
_ADDRESS: Final = ("name", "street", "city", "country")
_ARTICLE: Final = ("description", "quantity", "net_weight_kg", "value", "hs_code", "origin")
_USEFUL: Final = ("postage", "insured", "licence", "certificate", "invoice")
# What XML 1.0 has no way to say.
_NOT_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Completeness:
    """How much of what is needed is there: ``percent`` is 100 only where nothing is missing.

    ``missing`` names the places that are needed and empty, ``blank`` those that are told where there is something.
    """

    percent: int
    missing: tuple[str, ...]
    blank: tuple[str, ...]


def message(of: Declaration) -> Json:
    """Return the advance data as JSON: the strings of the papers, descriptions whole, null where nobody said."""
    said = sheets.data(of)
    details = said["details"]
    return {
        "item": said["number"],
        "category": said["category"],
        "explanation": details["explanation"],
        "sender": _party(said["sender"], said["sender"]["tax_id"], "tax_code"),
        "recipient": _party(said["recipient"], of.importer, of.details.importer_kind),
        "currency": said["currency"],
        "value": said["value"],
        "gross_weight_kg": said["gross_weight_kg"],
        "articles": [{name: line[name] for name in _ARTICLE} for line in said["lines"]],
        "postage": details["postage"],
        "insured": details["insured"],
        "licence": details["licence"],
        "certificate": details["certificate"],
        "invoice": said["invoice"],
    }


def completeness(
    of: Declaration, *, with_codes: AbstractSet[str] = frozenset(), with_tax: AbstractSet[str] = frozenset()
) -> Completeness:
    """Return how complete the data are.

    ``with_codes`` are the countries whose addresses have a postal code, ``with_tax`` those whose customs asks for the
    receiver's number.
    """
    said = message(of)
    needed = dict(_needed(said, with_codes, with_tax))
    useful = {name: said[name] for name in _USEFUL}
    useful |= {f"{who}/tax_id": said[who]["reference"] for who in ("sender", "recipient")}
    missing = tuple(place for place, value in needed.items() if not value)
    blank = tuple(place for place, value in useful.items() if not value and place not in missing)
    return Completeness((len(needed) - len(missing)) * 100 // len(needed), missing, blank)


def _needed(said: Json, with_codes: AbstractSet[str], with_tax: AbstractSet[str]) -> Iterator[tuple[str, Any]]:
    yield "number", said["item"]
    for who in ("sender", "recipient"):
        party = said[who]
        yield from ((f"{who}/{name}", party[name]) for name in _ADDRESS)
        if party["country"] in with_codes:
            yield f"{who}/postal_code", party["postal_code"]
        yield f"{who}/phone", party["phone"] or party["email"]
    if said["recipient"]["country"] in with_tax:
        yield "recipient/tax_id", said["recipient"]["reference"]
    yield "category", said["category"] if said["category"] != "other" else said["explanation"]
    yield "value", said["value"] if said["value"].strip("0.") else None
    yield "gross_weight", said["gross_weight_kg"]
    names = {"net_weight_kg": "net_weight"}
    for place, article in enumerate(said["articles"], 1):
        for name, value in article.items():
            is_there = bool(str(value).strip("0.")) if name in {"value", "net_weight_kg"} and value else value
            yield f"lines/{place}/{names.get(name, name)}", is_there


def xml(of: Declaration) -> bytes:
    """Return the advance data as XML, UTF-8, by the schema ``item-data.xsd``; what nobody said is left out."""
    said = message(of)
    root = ET.Element("itemData", {"xmlns": NAMESPACE, "version": "1"})
    _say(root, "item", said["item"])
    category = _say(root, "category", said["category"])
    if category is not None and said["explanation"]:
        category.set("explanation", _clean(said["explanation"]))
    for who in ("sender", "recipient"):
        party = ET.SubElement(root, who)
        for name in _PARTY:
            _say(party, _camel(name), said[who][name])
        reference = said[who]["reference"]
        if reference:
            one = _say(party, "reference", reference["number"])
            if one is not None:
                one.set("kind", reference["kind"])
    _say(root, "value", said["value"], currency=said["currency"])
    _say(root, "grossWeight", said["gross_weight_kg"], unit="kg")
    articles = ET.SubElement(root, "articles")
    for article in said["articles"]:
        one = ET.SubElement(articles, "article")
        _say(one, "description", article["description"])
        _say(one, "quantity", str(article["quantity"]))
        _say(one, "netWeight", article["net_weight_kg"], unit="kg")
        _say(one, "value", article["value"], currency=said["currency"])
        _say(one, "hsCode", article["hs_code"])
        _say(one, "origin", article["origin"])
    for name in ("postage", "insured"):
        if said[name]:
            _say(root, name, said[name]["amount"], currency=said[name]["currency"])
    for name in ("licence", "certificate", "invoice"):
        _say(root, name, said[name])
    ET.indent(root)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _party(said: Json, number: str | None, kind: str) -> Json:
    return {name: said[name] for name in _PARTY} | {"reference": {"kind": kind, "number": number} if number else None}


def _say(parent: ET.Element, name: str, text: str | None, **attributes: str) -> ET.Element | None:
    if not text:
        return None
    one = ET.SubElement(parent, name, attributes)
    one.text = _clean(text)
    return one


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(part.capitalize() for part in more)
