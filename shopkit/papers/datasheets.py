"""Sheets of data beside the forms: pro-forma invoice, proof of origin, simplified export, FDA prior notice.

Each is data first (JSON), and the template ``datasheet`` sets the same. What nobody said is null, in print *not given*.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

from landed_cost.money import Money
from shopkit.papers import sheets
from shopkit.papers.descriptions import clean
from shopkit.papers.sheets import weight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopkit.papers.declaration import Declaration, Line
    from shopkit.papers.sheets import Size
    from shopkit.papers.statements import Proof

Json = dict[str, Any]
# How many pages it has is known to who holds them, with all attachments: written by hand.
_PAGES: Final = "____"
_PARTIES: Final = ("sender", "exporter", "producer", "recipient", "importer", "submitter", "shipper")
# Said in words below, or of no use on paper.
_NOT_PRINTED: Final = frozenset(
    {"kind", "source", "status", "as_of", "agreement", "currency", "period", "signed_by_hand", "signer", "signed_on"}
)
_PARTY: Final = ("name", "legal_name", "street", "city", "region", "postal_code", "country", "tax_id", "phone", "email")


def pro_forma(of: Declaration) -> Json:
    """Return a pro-forma invoice: what the parcel's goods are worth for customs, and that they are not sold with it."""
    said = sheets.data(of)
    return {
        "number": f"PF-{of.order}",
        "day": said["posted_on"],
        "reason": said["category"],
        "explanation": said["details"]["explanation"],
        "sender": said["sender"],
        "recipient": said["recipient"],
        "terms": said["terms"],
        "currency": said["currency"],
        "lines": _lines(of, of.lines),
        "value": said["value"],
        "net_weight_kg": said["net_weight_kg"],
        "gross_weight_kg": said["gross_weight_kg"],
        "item": said["number"],
    }


def origin(of: Declaration, proof: Proof, name: str, lines: Sequence[int], country: str) -> Json:
    """Return a proof of origin of lines (by their place, from 1) that are made in one country.

    The data are those of the agreements' certifications: who certifies, exporter, producer, importer, goods with their
    code and criterion, period, words, signer.
    """
    said, box = sheets.data(of), of.details.origin
    words = proof.says("en", number=box.number or "-", origin=country, agreement=name, pages=_PAGES)
    spanish = proof.says("es", number=box.number or "-", origin=country, agreement=name, pages=_PAGES)
    return {
        "agreement": proof.agreement,
        "name": name,
        "kind": proof.kind,
        "certifier": box.role,
        "exporter": said["sender"],
        "producer": said["sender"] if box.role == "producer" else None,
        "importer": said["recipient"],
        "invoice": said["invoice"],
        "origin": country,
        "goods": [
            {"line": place} | one | {"hs6": of.lines[place - 1].hs_digits[:6], "criterion": box.criterion or None}
            for place, one in zip(lines, _lines(of, [of.lines[place - 1] for place in lines]), strict=True)
        ],
        "period": None,
        "words": [text for text in dict.fromkeys((words, spanish)) if text],
        "exporter_number": box.number or None,
        "signed_by_hand": proof.signed,
        "signer": said["details"]["signer"],
        "signed_on": said["details"]["signed_on"],
        "source": proof.source or None,
        "status": proof.status or None,
        "as_of": proof.as_of or None,
    }


def export(of: Declaration, ways: Sequence[Json]) -> Json:
    """Return the data of a simplified export, and the ways out that there are for it."""
    said = sheets.data(of)
    return {
        "exporter": said["sender"],
        "recipient": said["recipient"],
        "destination": said["recipient"]["country"],
        "item": said["number"],
        "invoice": said["invoice"],
        "terms": said["terms"],
        "currency": said["currency"],
        "lines": _lines(of, of.lines),
        "value": said["value"],
        "postage": said["details"]["postage"],
        "insured": said["details"]["insured"],
        "net_weight_kg": said["net_weight_kg"],
        "gross_weight_kg": said["gross_weight_kg"],
        "ways": list(ways),
    }


def prior_notice(of: Declaration, lines: Sequence[int]) -> Json:
    """Return the data of a prior notice for food by mail (21 CFR 1.281(b)), one article for each line of food."""
    said = sheets.data(of)
    boxes = {one.line: one for one in of.details.food}
    articles = []
    for place in lines:
        line, box = of.lines[place - 1], boxes.get(place)
        articles.append(
            {
                "line": place,
                "product_code": None if box is None else box.product_code or None,
                "common_name": clean(line.description),
                "quantity": None if box is None else box.quantity or None,
                "pieces": line.quantity,
                "net_weight_kg": weight(line) or None,
                "lot": None if box is None else box.lot or None,
                "manufacturer": None if box is None else box.manufacturer or None,
                "registration": None if box is None else box.registration or None,
                "no_registration_reason": None if box is None else box.reason or None,
                "grower": None if box is None else box.grower or None,
                "country_of_production": line.origin or None,
                "refused_in": None if box is None else box.refused_in or None,
            }
        )
    return {
        "entry_type": "mail",
        "submitter": said["sender"],
        "transmitter": None,
        "articles": articles,
        "shipper": said["sender"],
        "mailed_from": said["sender"]["country"],
        "mailed_on": said["posted_on"],
        "recipient": said["recipient"],
        "item": said["number"],
    }


def printed(
    title: str,
    of: Declaration,
    said: Json,
    language: str,
    size: Size,
    *,
    quotes: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Json:
    """Return what the template sets of a sheet: its plain facts, its parties, its goods, and the words it quotes."""

    def pair(name: str, value: object) -> list[str]:
        return [word(name, language), _text(value) or word("not_given", language)]

    facts = [
        pair(name, value)
        for name, value in said.items()
        if not isinstance(value, list | dict) and name not in _NOT_PRINTED
    ]
    facts += [
        pair(name, f"{value['amount']} {value['currency']}")
        for name, value in said.items()
        if isinstance(value, dict) and "amount" in value
    ]
    sections = [{"head": word("data", language), "facts": facts}]
    sections += [
        {"head": word(name, language), "facts": [pair(part, said[name][part]) for part in _PARTY if said[name][part]]}
        for name in _PARTIES
        if said.get(name)
    ]
    goods = said.get("lines") or said.get("goods") or said.get("articles") or []
    sections += [
        {
            "head": f"{word('goods', language)} {place}",
            "facts": [pair(name, value) for name, value in one.items() if name != "line"],
        }
        for place, one in enumerate(goods, 1)
    ]
    sections += [
        {"head": one["name"], "facts": [pair("verdict", one["verdict"]), pair("files", one["files"])]}
        for one in said.get("ways", ())
    ]
    signed = ", ".join(part for part in (said.get("signed_on"), said.get("signer")) if part)
    return {
        "title": title,
        "subtitle": f"{word('order', language)} #{of.order}",
        "seller": of.sender.legal_name or of.sender.name,
        "foot": of.sender.legal_name or of.sender.name,
        "paper": "us-letter" if size == "letter" else "a4",
        "sections": sections,
        "quotes": list(quotes),
        "signature": [[word("signature", language), signed]],
        "notes": list(notes),
    }


def word(name: str, language: str) -> str:
    """Return what a field is called in a language, with English behind it.

    >>> word("lot", "es"), word("lot", "en")
    ('Lote o código / Lot or code number', 'Lot or code number')
    """
    found = _words()[name]
    return str(found["en"]) if language == "en" else f"{found[language]} / {found['en']}"


def sentence(name: str, language: str, **filled: str) -> str:
    """Return a sentence of the sheets in a language."""
    return str(_words()[name][language]).format(**filled)


@cache
def _words() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("shopkit.papers").joinpath("fields.yaml").read_text("utf-8"))
    return data


def _lines(of: Declaration, lines: Sequence[Line]) -> list[Json]:
    return [
        {
            "description": clean(one.description),
            "hs_code": one.hs_code or None,
            "origin": one.origin or None,
            "quantity": one.quantity,
            "value": str(Money(one.minor, of.currency)),
            "net_weight_kg": weight(one) or None,
        }
        for one in lines
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)
