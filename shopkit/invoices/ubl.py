"""Invoices and credit notes as UBL 2.1 (OASIS, ISO/IEC 19845:2015), for programs that keep books.

The document is a commercial one: it charges no value added tax of its own, and says so (category ``O``). Import duties
and taxes that are paid with the order are a charge on the document, as freight and insurance are. The amounts follow
the arithmetic of EN 16931: lines add up to the line total, less allowances, plus charges is what is due, less what was
paid is payable. Sentences are English, the language of trade papers; titles are as the buyer was shown them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from landed_cost.money import Money

if TYPE_CHECKING:
    from shopkit.invoices.documents import Document, Line, Party

_OASIS: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_ROOTS: Final = {"invoice": "Invoice", "credit_note": "CreditNote"}
# UN/EDIFACT 1001: commercial invoice, credit note.
_TYPES: Final = {"invoice": ("InvoiceTypeCode", "380"), "credit_note": ("CreditNoteTypeCode", "381")}
# Our own reading of UBL, which claims no profile of anybody's.
CUSTOMIZATION: Final = "urn:shopkit:commercial-document:1"
NO_TAX: Final = "A commercial document, not a tax invoice: it charges no value added tax of its own."
# UN/ECE Recommendation 20: one (piece).
_PIECE: Final = "C62"
_SCHEME: Final = "VAT"
_NOT_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NoUblError(ValueError):
    """A receipt: UBL 2.1 has no document for it that others read."""


def ubl(document: Document) -> bytes:
    """Return an invoice or a credit note as UBL 2.1, UTF-8; ``NoUblError`` for a receipt."""
    name = _ROOTS.get(document.kind)
    if name is None:
        raise NoUblError(document.number)
    root = ET.Element(
        name,
        {
            "xmlns": f"{_OASIS}{name}-2",
            "xmlns:cac": f"{_OASIS}CommonAggregateComponents-2",
            "xmlns:cbc": f"{_OASIS}CommonBasicComponents-2",
        },
    )
    _head(root, document)
    _party(_add(root, "cac:AccountingSupplierParty"), document.seller)
    _party(_add(root, "cac:AccountingCustomerParty"), document.buyer)
    _delivery(root, document)
    for is_charge, reason, minor in _extras(document):
        one = _add(root, "cac:AllowanceCharge")
        _say(one, "cbc:ChargeIndicator", "true" if is_charge else "false")
        _say(one, "cbc:AllowanceChargeReason", reason)
        _amount(one, "cbc:Amount", document, minor)
        _category(one, "cac:TaxCategory")
    tax = _add(root, "cac:TaxTotal")
    _amount(tax, "cbc:TaxAmount", document, 0)
    subtotal = _add(tax, "cac:TaxSubtotal")
    _amount(subtotal, "cbc:TaxableAmount", document, document.total)
    _amount(subtotal, "cbc:TaxAmount", document, 0)
    _category(subtotal, "cac:TaxCategory", NO_TAX)
    _totals(_add(root, "cac:LegalMonetaryTotal"), document)
    for number, line in enumerate(document.lines, start=1):
        _line(root, document, number, line)
    if not document.lines:
        _credited_part(root, document)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _head(root: ET.Element, document: Document) -> None:
    code, number = _TYPES[document.kind]
    _say(root, "cbc:UBLVersionID", "2.1")
    _say(root, "cbc:CustomizationID", CUSTOMIZATION)
    _say(root, "cbc:ID", document.number)
    _say(root, "cbc:IssueDate", document.issued_on.isoformat())
    if document.kind == "invoice" and document.due_on is not None:
        _say(root, "cbc:DueDate", document.due_on.isoformat())
    _say(root, f"cbc:{code}", number)
    _say(root, "cbc:Note", f"{NO_TAX} Reason for export: {document.reason}.")
    _say(root, "cbc:DocumentCurrencyCode", document.currency)
    _say(_add(root, "cac:OrderReference"), "cbc:ID", str(document.order))
    if document.kind == "credit_note":
        reference = _add(_add(root, "cac:BillingReference"), "cac:InvoiceDocumentReference")
        _say(reference, "cbc:ID", document.refers_to)
        if document.refers_on is not None:
            _say(reference, "cbc:IssueDate", document.refers_on.isoformat())


def _party(parent: ET.Element, said: Party) -> None:
    party = _add(parent, "cac:Party")
    _say(_add(party, "cac:PartyName"), "cbc:Name", said.name)
    address = _add(party, "cac:PostalAddress")
    _say(address, "cbc:StreetName", said.street)
    _say(address, "cbc:CityName", said.city)
    _say(address, "cbc:PostalZone", said.postal_code)
    _say(address, "cbc:CountrySubentity", said.region)
    _say(_add(address, "cac:Country"), "cbc:IdentificationCode", said.country)
    if _clean(said.tax_id):
        tax = _add(party, "cac:PartyTaxScheme")
        _say(tax, "cbc:CompanyID", said.tax_id)
        # A taxpayer's number at home is no number of the value added tax that this document does not charge.
        _say(_add(tax, "cac:TaxScheme"), "cbc:ID", said.tax_name or "TAX")
    legal = _add(party, "cac:PartyLegalEntity")
    _say(legal, "cbc:RegistrationName", said.legal_name or said.name)
    _say(legal, "cbc:CompanyID", said.tax_id)
    if _clean(said.phone + said.email):
        contact = _add(party, "cac:Contact")
        _say(contact, "cbc:Telephone", said.phone)
        _say(contact, "cbc:ElectronicMail", said.email)


def _delivery(root: ET.Element, document: Document) -> None:
    delivery = _add(root, "cac:Delivery")
    address = _add(_add(delivery, "cac:DeliveryLocation"), "cac:Address")
    _say(address, "cbc:StreetName", document.buyer.street)
    _say(address, "cbc:CityName", document.buyer.city)
    _say(address, "cbc:PostalZone", document.buyer.postal_code)
    _say(address, "cbc:CountrySubentity", document.buyer.region)
    _say(_add(address, "cac:Country"), "cbc:IdentificationCode", document.market)
    if document.dispatched_on is not None:
        _say(_add(delivery, "cac:Despatch"), "cbc:ActualDespatchDate", document.dispatched_on.isoformat())
    terms = _add(root, "cac:DeliveryTerms")
    _say(terms, "cbc:ID", document.terms, schemeID="INCOTERMS")
    place = ", ".join(part for part in (document.place, document.market) if part)
    _say(terms, "cbc:SpecialTerms", f"{document.terms} {place}")


def _extras(document: Document) -> list[tuple[bool, str, int]]:
    found = [
        (True, "Freight", document.freight),
        (True, "Insurance", document.insurance),
        (True, "Import duties, taxes and fees paid with the order", document.charges),
        (False, "Taken off after the order was placed", document.reduced),
    ]
    return [one for one in found if one[2]]


def _totals(parent: ET.Element, document: Document) -> None:
    charges = document.freight + document.insurance + document.charges
    _amount(parent, "cbc:LineExtensionAmount", document, document.goods + document.amount)
    _amount(parent, "cbc:TaxExclusiveAmount", document, document.total)
    _amount(parent, "cbc:TaxInclusiveAmount", document, document.total)
    _amount(parent, "cbc:AllowanceTotalAmount", document, document.reduced)
    _amount(parent, "cbc:ChargeTotalAmount", document, charges)
    _amount(parent, "cbc:PrepaidAmount", document, document.paid)
    _amount(parent, "cbc:PayableAmount", document, document.to_pay)


def _line(root: ET.Element, document: Document, number: int, line: Line) -> None:
    one = _line_of(root, document, number, line.quantity, line.minor)
    item = _add(one, "cac:Item")
    _say(item, "cbc:Name", line.title)
    if _clean(line.sku):
        _say(_add(item, "cac:SellersItemIdentification"), "cbc:ID", line.sku)
    if line.origin:
        _say(_add(item, "cac:OriginCountry"), "cbc:IdentificationCode", line.origin)
    code = re.sub(r"[^0-9]", "", line.hs_code)
    if code:
        _say(_add(item, "cac:CommodityClassification"), "cbc:ItemClassificationCode", code, listID="HS")
    _category(item, "cac:ClassifiedTaxCategory")
    if line.net_kg is not None:
        weight = _add(item, "cac:AdditionalItemProperty")
        _say(weight, "cbc:Name", "Net weight of all pieces, kg")
        _say(weight, "cbc:Value", f"{line.net_kg:f}")
    _price(one, document, line.minor, line.quantity)


def _credited_part(root: ET.Element, document: Document) -> None:
    """Write the one line of a credit note that is of a part: UBL has none without."""
    one = _line_of(root, document, 1, 1, document.amount)
    item = _add(one, "cac:Item")
    _say(item, "cbc:Name", f"Part of invoice {document.refers_to}")
    _category(item, "cac:ClassifiedTaxCategory")
    _price(one, document, document.amount, 1)


def _line_of(root: ET.Element, document: Document, number: int, quantity: int, minor: int) -> ET.Element:
    is_invoice = document.kind == "invoice"
    one = _add(root, "cac:InvoiceLine" if is_invoice else "cac:CreditNoteLine")
    _say(one, "cbc:ID", str(number))
    _say(one, "cbc:InvoicedQuantity" if is_invoice else "cbc:CreditedQuantity", str(quantity), unitCode=_PIECE)
    _amount(one, "cbc:LineExtensionAmount", document, minor)
    return one


def _price(parent: ET.Element, document: Document, minor: int, quantity: int) -> None:
    """Say the price of so many pieces, not of one: what all cost need not divide into whole cents."""
    price = _add(parent, "cac:Price")
    _amount(price, "cbc:PriceAmount", document, minor)
    _say(price, "cbc:BaseQuantity", str(quantity), unitCode=_PIECE)


def _category(parent: ET.Element, name: str, why: str = "") -> None:
    category = _add(parent, name)
    _say(category, "cbc:ID", "O")
    _say(category, "cbc:TaxExemptionReason", why)
    _say(_add(category, "cac:TaxScheme"), "cbc:ID", _SCHEME)


def _amount(parent: ET.Element, name: str, document: Document, minor: int) -> None:
    _say(parent, name, Money(minor, document.currency).text, currencyID=document.currency)


def _add(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, name)


def _say(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    """Add an element with a text; what is not given is left out."""
    clean = _clean(text)
    if clean:
        ET.SubElement(parent, name, attributes).text = clean


def _clean(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NOT_XML.sub("", text).strip()
