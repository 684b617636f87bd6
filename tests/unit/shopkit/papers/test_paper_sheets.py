"""Sheets of data: pro forma, proof of origin, simplified export, prior notice: what is wrong, and their words."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from landed_cost import load_rulebook
from shopkit.papers import checks, forms
from shopkit.papers.declaration import Restriction
from shopkit.papers.details import Details, FoodBox, OriginBox
from shopkit.papers.statements import proof_of
from shopkit.papers.words import tell
from shopkit.services import paper_sheets
from shopkit.services.customs_papers import Looked
from tests.unit.shopkit.papers.examples import MUG, PARCEL, RECIPIENT, SENDER, SHIRT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from landed_cost.rulebook.book import Rulebook
    from shopkit.papers.declaration import Declaration
    from shopkit.papers.findings import Finding

CHOICE = forms.Choice("cn23", "form_parcel")
SAYS = {"en": "Food", "es": "Alimentos", "pt": "Alimentos"}
NOTICE = Restriction(is_ban=False, says=SAYS, line=2, id="us.fda.prior_notice")
FROM_DO = replace(
    PARCEL,
    sender=replace(SENDER, country="DO"),
    recipient=replace(RECIPIENT, country="ES"),
    quoted="ES",
    number="",
    currency="EUR",
    lines=(replace(SHIRT, origin="DO"),),
)


@cache
def law() -> Rulebook:
    """Return the rulebook that ships."""
    return load_rulebook()


def looked(of: Declaration) -> Looked:
    """Return a declaration looked at."""
    return Looked(of, "cn23", CHOICE, checks.check(of, "cn23", CHOICE), law())


def found(find: Callable[[Looked], Sequence[Finding]], of: Declaration) -> set[tuple[str, str, str]]:
    """Return what is wrong, each said in three languages."""
    findings = find(looked(of))
    assert all(tell(one, language) for one in findings for language in ("es", "pt", "en"))
    return {(one.level, one.code, one.where) for one in findings}


def words(made: bytes) -> str:
    """Return the words of a PDF on one line."""
    pages = PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\xad", "-")


def said(**more: Any) -> Declaration:
    """Return the parcel from Mexico to the United States with what the seller says of origin."""
    return replace(PARCEL, details=Details(origin=OriginBox(**more), signer="Rosa Gómez", signed_on=date(2026, 11, 28)))


def test_a_sale_has_no_pro_forma() -> None:
    """It is refused; samples, returns and repairs have one, which says that nothing is sold with it."""
    sample = replace(PARCEL, category="sample", is_sample=True)
    made = words(paper_sheets.print_pro_forma(looked(sample), "es", "a4"))

    assert found(paper_sheets.of_pro_forma, PARCEL) == {("block", "pro_forma_sale", "category")}
    assert found(paper_sheets.of_pro_forma, sample) == set()
    for text in ("Factura pro forma", "PF-1001", "50.00 USD", "65.99", "Valores solo para la aduana"):
        assert text in made


def test_usmca_asks_for_a_criterion_and_quotes_its_annex() -> None:
    """Made in Mexico is not enough; with a criterion the words of Annex 5-A stand on it, to be signed."""
    of = said(agreement="usmca", criterion="B")
    made = words(paper_sheets.print_origin(looked(of), "es", "letter"))
    data = paper_sheets.tell_origin(looked(of), "en")["data"]

    assert ("block", "origin_criterion", "criterion") in found(paper_sheets.of_origin, said(agreement="usmca"))
    assert found(paper_sheets.of_origin, of) == set()
    assert "I certify that the goods described in this document qualify as originating" in made
    assert "2026-11-28, Rosa Gómez" in made
    assert "Annex 5-A" in made
    assert [(one["hs6"], one["criterion"]) for one in data["goods"]] == [("610910", "B"), ("732394", "B")]
    assert (data["certifier"], data["exporter"]["name"], data["importer"]["name"]) == (
        "exporter",
        "Textiles Lucero",
        "Ana Pérez & <Hijos>",
    )


def test_lines_of_another_origin_are_not_covered() -> None:
    """A mug made in China is told of and left out; all of one proof is made in one country."""
    mixed = replace(said(agreement="usmca", criterion="B"), lines=(SHIRT, replace(MUG, origin="CN")))
    two = replace(said(agreement="usmca", criterion="B"), lines=(SHIRT, replace(MUG, origin="CA")))
    data = paper_sheets.tell_origin(looked(mixed), "en")["data"]

    assert found(paper_sheets.of_origin, mixed) == {("warn", "origin_not_covered", "lines/2")}
    assert [one["line"] for one in data["goods"]] == [1]
    assert ("block", "origin_countries", "origin") in found(paper_sheets.of_origin, two)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"lines": (replace(SHIRT, origin="CN"),)}, "origin_no_agreement"),
        ({"details": Details(origin=OriginBox("cafta_dr", "B"))}, "origin_not_chosen"),
        ({"details": Details(origin=OriginBox("usmca", "B", (7,)))}, "origin_no_lines"),
    ],
)
def test_without_an_agreement_there_is_no_proof(change: dict[str, Any], problem: str) -> None:
    """None binds, another was named, or none of the lines is of it."""
    assert problem in {code for _, code, _ in found(paper_sheets.of_origin, replace(PARCEL, **change))}


@pytest.mark.parametrize(
    ("minor", "number", "blocks"),
    [(600_000, "", set()), (600_001, "", {"origin_limit"}), (600_001, "DO/1", set())],
)
def test_above_6000_euros_a_statement_needs_a_number(minor: int, number: str, blocks: set[str]) -> None:
    """Exactly 6,000 any exporter may declare; above, one that is approved, whose number stands in the words."""
    box = OriginBox("eu_cariforum", number=number)
    of = replace(FROM_DO, lines=(replace(SHIRT, origin="DO", minor=minor),), details=Details(origin=box))
    findings = found(paper_sheets.of_origin, of)
    made = words(paper_sheets.print_origin(looked(of), "es", "a4"))

    assert {code for level, code, _ in findings if level == "block"} == blocks
    assert ("warn", "origin_words", "origin") in findings
    assert f"(customs authorisation No {number or '-'})" in made
    assert f"(autorización aduanera nº {number or '-'})" in made


def test_another_currency_without_a_rate_is_not_guessed() -> None:
    """Whether it is within 6,000 euros is not known: the number is asked for."""
    of = replace(FROM_DO, currency="USD", details=Details(origin=OriginBox("eu_cariforum")))

    assert ("block", "origin_limit_unknown", "exporter_number") in found(paper_sheets.of_origin, of)


def test_a_form_of_others_is_not_made_up() -> None:
    """Mercosur: the data for the form, and that it is no proof."""
    of = replace(
        PARCEL,
        sender=replace(SENDER, country="BR"),
        recipient=replace(RECIPIENT, country="UY"),
        quoted="UY",
        number="",
        lines=(replace(SHIRT, origin="BR"),),
        details=Details(origin=OriginBox("mercosur", "B")),
    )
    made = words(paper_sheets.print_origin(looked(of), "pt", "a4"))

    assert ("warn", "origin_form", "origin") in found(paper_sheets.of_origin, of)
    assert "estes são os dados para ele, não uma prova" in made
    assert "I certify" not in made


def test_every_proof_names_an_agreement_of_the_law() -> None:
    """Ids are those of the rulebook, and each has words, a source, its status and a day."""
    from shopkit.papers.statements import _read  # noqa: PLC0415  # the file itself

    ids = {one.id for one in law().agreements}
    proofs = [proof_of(one) for one in _read()["proofs"]]

    assert {one.agreement for one in proofs} <= ids
    assert all(one.words and one.source and one.as_of for one in proofs)
    assert {one.status for one in proofs} <= {"verified", "reported", "memory"}


@pytest.mark.parametrize(("kilograms", "is_refused"), [("29.999", False), ("30", False), ("30.001", True)])
def test_simplified_export_is_that_of_the_law(kilograms: str, is_refused: bool) -> None:  # noqa: FBT001  # a case
    """From Brazil up to 30 kg, with what is filed; what the law does not take is refused."""
    from decimal import Decimal  # noqa: PLC0415  # a case

    of = replace(PARCEL, sender=replace(SENDER, country="BR"), gross_kg=Decimal(kilograms), number="")
    codes = {code for _, code, _ in found(paper_sheets.of_export, of)}
    data = paper_sheets.tell_export(looked(of), "pt")["data"]

    assert ("export_no" in codes) is is_refused
    assert any("CN23" in one["files"] for one in data["ways"])


def test_a_prior_notice_is_of_food_alone() -> None:
    """The lines that the quote names; what the FDA asks and nobody said is blank, and named."""
    food = replace(PARCEL, restrictions=(NOTICE,))
    box = FoodBox(2, "24FGN99", "1 box of 12 jars", "L1", "Lucero, Toluca", "12345678901")
    whole = replace(food, details=Details(food=(box,)))
    made = words(paper_sheets.print_notice(looked(whole), "en", "a4"))
    data = paper_sheets.tell_notice(looked(whole), "en")["data"]

    assert ("block", "notice_none", "") in found(paper_sheets.of_notice, PARCEL)
    assert found(paper_sheets.of_notice, food) == {
        ("warn", "notice_code", "lines/2"),
        ("warn", "notice_quantity", "lines/2"),
        ("warn", "notice_maker", "lines/2"),
    }
    assert found(paper_sheets.of_notice, whole) == set()
    assert [(one["line"], one["product_code"], one["country_of_production"]) for one in data["articles"]] == [
        (2, "24FGN99", "MX")
    ]
    for text in ("FDA product code 24FGN99", "Mailed from MX", "Entry type mail", "21 CFR 1.281(b)"):
        assert text in made


def test_pages_of_a_certification_are_left_to_be_written() -> None:
    """How many there are with all attachments nobody knows before they are printed."""
    of = replace(
        said(agreement="cafta_dr", criterion="B"),
        sender=replace(SENDER, country="GT"),
        lines=(replace(SHIRT, origin="GT"),),
    )
    (words_of_law,) = paper_sheets.tell_origin(looked(of), "en")["data"]["words"]

    assert "This document consists of ____ pages" in words_of_law
