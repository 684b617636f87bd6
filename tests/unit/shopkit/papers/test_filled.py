"""Boxes that a seller fills: what contradicts the order, what is too long, and what of them stands on paper."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from landed_cost.money import Money
from shopkit.invoices import Party
from shopkit.papers import filled
from shopkit.papers.details import Details
from shopkit.papers.sheets import SIZES, form
from shopkit.papers.words import tell, void
from shopkit.printing import pdf
from tests.unit.shopkit.papers.examples import DAY, MUG, PARCEL, SENDER, SHIRT

if TYPE_CHECKING:
    from shopkit.papers.declaration import Declaration
    from shopkit.papers.sheets import Size

FROM_MIAMI = replace(PARCEL, sender=replace(SENDER, country="US"), quoted="GT")
HOUSTON = Party("Rosa Gómez", "US", street="55 Elm St", city="Houston", region="TX", postal_code="77001")
WHOLE = Details(
    postage=Money(31_250, "MXN"),
    insured=Money(6_500, "USD"),
    licence="LIC-14",
    certificate="FITO-0042",
    inspection="phytosanitary",
    comment="dried chillies",
    importer="XAXX010101000",
    undelivered="redirect",
    redirect=HOUSTON,
    signer="Rosa Gómez",
    signed_on=date(2026, 11, 28),
)


def found(of: Declaration) -> set[tuple[str, str, str]]:
    """Return what is wrong with the boxes, each of which is said in three languages."""
    findings = list(filled.check(of, "cn23"))
    assert all(tell(one, language) for one in findings for language in ("es", "pt", "en"))
    return {(one.level, one.code, one.where) for one in findings}


def said(of: Declaration, size: Size = "a4", language: str = "es") -> str:
    """Return the words of CN 23."""
    made = pdf("customs", form(of, "cn23", language, size), on=DAY, language=language)
    found = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    # Either is a hyphen that is drawn.
    return found.replace("\xad", "-")


@pytest.mark.parametrize("size", SIZES)
def test_filled_boxes_stand_on_the_paper(size: Size) -> None:
    """Charges, numbers, comments, the receiver's reference, what to do with it, who signs: on every size."""
    text = said(replace(PARCEL, details=WHOLE, terms="DDP"), size)

    for words in (
        "Inspección fitosanitaria / Phytosanitary inspection: dried chillies",
        "Licence No LIC-14",
        "Certificate No FITO-0042",
        "Postal charges / fees 312.50 MXN",
        "Insured value 65.00 USD",
        "Término (Incoterms) / Terms (Incoterms) DDP",
        "Importer’s reference (número fiscal / tax code): XAXX010101000",
        "X Reexpedir a / Redirect to: Rosa Gómez, 55 Elm St, 77001 Houston, TX, UNITED STATES",
        "Date and sender’s signature 2026-11-28, Rosa Gómez",
    ):
        assert words in text


def test_boxes_that_nobody_filled_are_blank() -> None:
    """They stand on CN 23 to be written by hand; none is ticked, none holds a customary value."""
    text = said(PARCEL)

    assert "Return to sender" in text
    assert "X Devolver" not in text
    assert "Certificate No N.º de factura" in text


def test_another_category_has_its_explanation() -> None:
    """*Other* is ticked with the seller's words behind it."""
    of = replace(PARCEL, category="other", details=Details(explanation="repair under warranty"))

    assert "X Otro / Other: repair under warranty" in said(of)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"category": "gift"}, ("block", "gift_is_sale", "category")),
        ({"category": "documents"}, ("block", "documents_are_goods", "category")),
        ({"category": "sample"}, ("block", "sample_is_sale", "category")),
        ({"category": "returned"}, ("warn", "not_the_sale", "category")),
        ({"details": Details(inspection="other")}, ("block", "comment_missing", "comment")),
        ({"details": Details(comment="東京")}, ("block", "letters_not_printed", "comment")),
        ({"details": Details(undelivered="redirect")}, ("block", "party_missing", "redirect/name")),
        (
            {"details": Details(undelivered="redirect", redirect=replace(HOUSTON, country="XX"))},
            ("block", "country_unknown", "redirect/country"),
        ),
        (
            {"details": Details(undelivered="redirect", redirect=replace(HOUSTON, city="東京"))},
            ("block", "letters_not_printed", "redirect/city"),
        ),
        ({"details": Details(insured=Money(6_600, "USD"))}, ("warn", "insured_above", "insured")),
        ({"details": Details(aes="NO EEI 30.37(a)")}, ("warn", "aes_elsewhere", "aes")),
        ({"invoice": "F-000001", "details": Details(invoice="A-1")}, ("block", "invoice_other", "invoice")),
    ],
)
def test_a_box_that_contradicts_the_order_is_told(change: dict[str, Any], problem: tuple[str, str, str]) -> None:
    """With its place, in three languages."""
    assert problem in found(replace(PARCEL, **change))


def test_samples_that_were_agreed_are_samples() -> None:
    """An order of samples says so, and its insured value may be the whole of it."""
    of = replace(PARCEL, category="sample", is_sample=True, details=Details(insured=Money(6_599, "USD")))

    assert found(of) == set()


def test_other_without_its_explanation_is_refused() -> None:
    """And what is not the sale itself is pointed at."""
    assert found(replace(PARCEL, category="other")) == {
        ("warn", "not_the_sale", "category"),
        ("block", "explanation_missing", "category"),
    }


@pytest.mark.parametrize(
    ("aes", "problem"),
    [
        ("", {("block", "aes_missing", "aes")}),
        ("NO EEI 30.37(a)", set()),
        ("noeei 30.36", set()),
        ("AES X20261128123456", set()),
        ("X2026112812345", {("block", "aes_form", "aes")}),
        ("none", {("block", "aes_form", "aes")}),
    ],
)
def test_mail_from_the_united_states_says_its_filing(aes: str, problem: set[tuple[str, str, str]]) -> None:
    """An ITN or an exemption, in the form that either has."""
    assert found(replace(FROM_MIAMI, details=Details(aes=aes))) == problem


@pytest.mark.parametrize(("minor", "refused"), [(250_000, set()), (250_001, {("block", "aes_value", "aes")})])
def test_the_small_exemption_ends_at_2500_for_a_code(minor: int, refused: set[tuple[str, str, str]]) -> None:
    """Goods of one code are added; those of another are not."""
    lines = (replace(SHIRT, minor=minor - 5_000), replace(SHIRT, minor=5_000, origin="GT"), replace(MUG, minor=90_000))
    of = replace(FROM_MIAMI, lines=lines, details=Details(aes="NO EEI 30.37(a)"))

    assert found(of) == refused


def test_what_another_currency_is_worth_is_not_guessed() -> None:
    """Whether pesos are within 2,500 dollars is said to be not looked at."""
    of = replace(FROM_MIAMI, currency="MXN", details=Details(aes="NO EEI 30.37(a)"))

    assert found(of) == {("warn", "aes_currency", "aes")}


@pytest.mark.parametrize(
    ("name", "most"), [("explanation", 25), ("comment", 25), ("invoice", 15), ("licence", 16), ("certificate", 12)]
)
def test_boxes_of_usps_have_their_limits(name: str, most: int) -> None:
    """At the limit nothing is said; one sign more is refused, from the United States alone."""
    fits: dict[str, Any] = {name: "x" * most, "aes": "NO EEI 30.36"}
    longer: dict[str, Any] = fits | {name: "x" * (most + 1)}

    assert found(replace(FROM_MIAMI, details=Details(**fits))) == set()
    assert found(replace(FROM_MIAMI, details=Details(**longer))) == {("block", "too_long", name)}
    assert not [one for one in found(replace(PARCEL, details=Details(**longer))) if one[1] == "too_long"]


def test_the_receivers_number_of_the_address_is_the_reference() -> None:
    """What the buyer gave needs not be typed again; what the seller gives goes before it."""
    buyer = replace(PARCEL.recipient, tax_id="529.982.247-25")
    of = replace(PARCEL, recipient=buyer)

    assert (of.importer, replace(of, details=Details(importer="11222333000181")).importer) == (
        "529.982.247-25",
        "11222333000181",
    )
    assert said(of).count("529.982.247-25") == 1


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_a_void_paper_names_what_changed(language: str) -> None:
    """Every place that can change has a name in three languages."""
    places = ("recipient/street", "lines/2", "lines", "ended", "postage", "importer", "number", "gross_weight_kg")

    assert void(places, language).count(";") == len(places) - 1
