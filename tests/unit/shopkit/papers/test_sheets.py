"""The forms as they come out of the printer: words and bars read back by programs that did not write them."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from shopkit.papers import code128, sheets
from shopkit.papers.sheets import Size, data, form, packing_list
from shopkit.papers.weights import KG_PER_LB, kilograms_up, pounds_up
from shopkit.printing import pdf
from tests.unit.shopkit.papers.examples import DAY, MUG, PARCEL, RECIPIENT, SHIRT

if TYPE_CHECKING:
    from shopkit.papers.declaration import Declaration


def printed(of: Declaration, name: Literal["cn22", "cn23"] = "cn23", language: str = "es", size: Size = "a4") -> bytes:
    """Return a form as PDF."""
    return pdf("customs", form(of, name, language, size), on=DAY, language=language)


def words(made: bytes) -> list[str]:
    """Return the words of each page, on one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]


def codes(made: bytes, scale: float = 3) -> list[tuple[str, str]]:
    """Return the barcodes of each first page and their kind."""
    with pypdfium2.PdfDocument(made) as document:
        picture = document[0].render(scale=scale).to_pil()
    return [(one.text, str(one.format)) for one in zxingcpp.read_barcodes(picture)]


def test_cn23_says_what_the_declaration_says() -> None:
    """Sender, recipient, lines, sums, number: all words of the paper are those of the record."""
    (page,) = words(printed(replace(PARCEL, invoice="F-000001", invoice_goods=6_599)))

    for said in (
        "CN 23",
        "Declaración para la aduana / Customs declaration",
        "Textiles Lucero Av. Hidalgo 12 50000 Toluca MEXICO",
        "Ana Pérez & <Hijos> 1 Main St 90012 Los Angeles, CA UNITED STATES +1 213 555 0100",
        "Embroidered cotton shirt, women 2 0.381 50.00 USD 6109.10 MX",
        "Enamel mug, hand-painted 1 0.180 15.99 USD 732394 MX",
        "Total net weight 0.561 kg",
        "Total gross weight 0.700 kg",
        "Total value 65.99 USD",
        "X Venta de mercancías / Sale of goods",
        "Invoice No F-000001",
        "RB 123 456 785 MX",
    ):
        assert said in page


@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize("size", ["a4", "label"])
def test_the_barcode_is_the_number(size: Size, scale: float) -> None:
    """Code 128, whole, in what is printed on either size."""
    assert codes(printed(PARCEL, size=size), scale) == [("RB123456785MX", "Code 128")]


@pytest.mark.parametrize("number", ["", "RB123456786MX", "JD014600006281230701"])
def test_no_barcode_without_a_right_number(number: str) -> None:
    """Nothing is drawn where there is none, or where its check digit is wrong."""
    made = printed(replace(PARCEL, number=number))

    assert codes(made) == []
    assert "Item number" not in words(made)[0]


@pytest.mark.parametrize(
    ("language", "heading", "category"),
    [
        ("es", "Declaración para la aduana / Customs declaration", "Venta de mercancías / Sale of goods"),
        ("pt", "Declaração para a alfândega / Customs declaration", "Venda de mercadorias / Sale of goods"),
        ("en", "Customs declaration / Déclaration en douane", "Sale of goods / Vente de marchandises"),
    ],
)
def test_cn22_is_in_two_languages(language: str, heading: str, category: str) -> None:
    """Its own and English, or English and French; without the parties."""
    (page,) = words(printed(PARCEL, "cn22", language, "a6"))

    assert heading in page
    assert f"X {category}" in page
    assert "Los Angeles" not in page


@pytest.mark.parametrize(("lines", "pages"), [(5, 1), (6, 2), (15, 2), (16, 3)])
@pytest.mark.parametrize("size", ["letter", "a6", "label"])
def test_no_line_is_dropped(lines: int, pages: int, size: Size) -> None:
    """Five on the first sheet, ten on each that follows, also with the longest names on the smallest paper."""
    long = replace(RECIPIENT, name="N" * 30 + " " + "M" * 29, region="Región del Libertador General Bernardo O'Higgins")
    goods = tuple(replace(MUG, minor=100 + one, description="Hand-painted enamel mug, women") for one in range(lines))
    made = words(printed(replace(PARCEL, lines=goods, goods=0, recipient=long), size=size))

    assert len(made) == pages
    assert all(f"{100 + one:03}"[:1] + f".{one:02} USD" in " ".join(made) for one in range(lines))
    assert ("Further articles" in made[0]) == (pages > 1)


@pytest.mark.parametrize(
    ("size", "points"), [("a4", (595, 842)), ("letter", (612, 792)), ("a6", (298, 420)), ("label", (288, 432))]
)
def test_a_sheet_is_as_large_as_its_paper(size: Size, points: tuple[int, int]) -> None:
    """A4, US letter, A6, and the label of four by six inches, in points of a seventy-second of an inch."""
    page = PdfReader(io.BytesIO(printed(PARCEL, size=size))).pages[0].mediabox

    assert (round(page.width), round(page.height)) == points


@pytest.mark.parametrize("size", sheets.SIZES)
def test_nothing_runs_off_the_paper(size: Size) -> None:
    """Words of sixty letters break: white stays white at the right edge of the sheet."""
    long = replace(RECIPIENT, name="W" * 60, street="a" * 90, city="#let x = [1]", email="x" * 50 + "@mail.example")
    with pypdfium2.PdfDocument(printed(replace(PARCEL, recipient=long), size=size)) as document:
        picture = document[0].render(scale=2).to_pil().convert("L")
    edge = picture.crop((picture.width - 16, 0, picture.width, picture.height))

    assert edge.getextrema() == (255, 255)


def test_the_same_declaration_is_the_same_file() -> None:
    """Byte for byte, on the same day."""
    assert printed(PARCEL) == printed(PARCEL)


def test_whole_units_have_no_decimals() -> None:
    """Pesos of Chile are printed as they are counted."""
    (page,) = words(printed(replace(PARCEL, currency="CLP")))

    assert "Total value 6599 CLP" in page


def test_a_packing_list_has_no_values() -> None:
    """What was ordered and packed, what it weighs, from whom to whom; what is not known is said."""
    (page,) = words(pdf("packing", packing_list(PARCEL, "pt"), on=DAY, language="pt"))

    for said in ("Lista de embalagem / Packing list", "(PLA-M) 6109.10 MX 2 2 0.381", "0.561 kg", "não informado"):
        assert said in page
    assert "50.00" not in page


def test_a_declaration_for_programs_says_the_same() -> None:
    """Printed weights, values as decimals, nothing as null."""
    found = data(replace(PARCEL, lines=(SHIRT,), number=""))

    assert found["lines"] == [
        {
            "description": "Embroidered cotton shirt, women",
            "short": "Embroidered cotton shirt",
            "language": "en",
            "sku": "PLA-M",
            "quantity": 2,
            "packed": 2,
            "net_weight_kg": "0.381",
            "net_weight_lb": "0.838",
            "value": "50.00",
            "hs_code": "6109.10",
            "origin": "MX",
        }
    ]
    assert (found["number"], found["value"], found["gross_weight_kg"]) == (None, "50.00", "0.700")


def test_the_gross_weight_is_not_less_than_what_the_lines_show() -> None:
    """Rounding each line up may pass the scale's weight by a gram: the gross weight follows."""
    line = replace(MUG, net_kg=Decimal("0.1001"))
    found = data(replace(PARCEL, lines=(line, line), gross_kg=Decimal("0.2003")))

    assert (found["net_weight_kg"], found["gross_weight_kg"]) == ("0.202", "0.202")


@pytest.mark.parametrize("grams", ["0.0001", "0.18", "0.99999", "29.9994"])
def test_weights_are_rounded_up(grams: str) -> None:
    """In kilograms and pounds, a parcel never weighs less on paper, nor a thousandth more."""
    kg = Decimal(grams)

    assert Decimal(0) <= kilograms_up(kg) - kg < Decimal("0.001")
    assert Decimal(0) <= pounds_up(kg) * KG_PER_LB - kg < Decimal("0.001") * KG_PER_LB


@pytest.mark.parametrize("text", ["", "ñandú", "A\n"])
def test_code_128_takes_ascii_alone(text: str) -> None:
    """Another sign is refused, not left out."""
    with pytest.raises(ValueError, match="Code 128"):
        code128.bars(text)


def test_either_side_of_a_code_stays_white() -> None:
    """Ten modules before the first bar and after the last: 13 signs are 198 modules, 75 mm at 0.38."""
    bars = code128.bars("RB123456785MX")

    assert (bars[0][0], code128.width_of("RB123456785MX") - sum(bars[-1])) == (10, 10)
    assert code128.width_of("RB123456785MX") == 11 * 15 + 13 + 20


def test_the_short_description_stands_on_small_paper() -> None:
    """On CN 22 and on A6 there is room for thirty signs, on CN 23 of A4 for sixty-four."""
    line = replace(SHIRT, description="Playera bordada a mano con nombre, de algodón peinado", language="es")
    of = replace(PARCEL, lines=(line,))
    made = (form(of, "cn22", "es", "a4"), form(of, "cn23", "es", "a6"), form(of, "cn23", "es", "a4"))
    found = [one["sheets"][0][0][0] for one in made]

    assert found == ["Playera bordada de algodón", "Playera bordada de algodón", line.description]


def test_a_word_that_is_longer_than_its_cell_is_cut() -> None:
    """On CN 23 of A4, too: it would run over the quantity."""
    line = replace(SHIRT, description="xy" * 20)

    assert form(replace(PARCEL, lines=(line,)), "cn23", "es", "a4")["sheets"][0][0][0] == "xy" * 15
