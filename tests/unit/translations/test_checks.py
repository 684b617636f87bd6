"""Checks: for each a text that it finds, one that is nearly so, and the fix with which nothing is found any more."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translations.checks import CHECKS, MOST, Context, Limit, check, marks, signs
from translations.findings import LANGUAGES, texts
from translations.terms import Term, TermBase

if TYPE_CHECKING:
    from translations.findings import Finding

ROOT: Final = Path(__file__).resolve().parents[3]
TERMS: Final = TermBase(
    (
        Term("earring", "arete", "es-MX", gender="m"),
        Term("earring", "earring", "en"),
        Term("shirt", "playera", "es-MX", gender="f"),
        Term("shirt", "T-shirt", "en"),
        Term("shirt", "tee", "en", "forbidden", reason="house", replacement="T-shirt", origin="own"),
        Term("amate", "Amate", "*", "untranslatable", part="name"),
    )
)


@dataclass(frozen=True)
class Row:
    """A text that a check finds, the same nearly so, and what it becomes by the fix (nothing where there is none)."""

    id: str
    source: str
    found: str
    near: str
    fixed: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    way: tuple[str, str] = ("es-MX", "en-US")


EN_ES: Final = ("en-US", "es-MX")
ES_PT: Final = ("es-MX", "pt-BR")
ROWS: Final = (
    Row("placeholder_set", "Sale el {date}", "Ships on {give you}", "Ships on {date}", "Ships on {date}"),
    Row("placeholder_set", "Talla %(size)s", "Size", "Size %(size)s"),
    Row("xml-tags", "<b>Taza</b>", "<b>Mug", "<b>Mug</b>"),
    Row(
        "url",
        "Más en https://taller.mx/a",
        "More at https://workshop.mx/a",
        "More at https://taller.mx/a",
        "More at https://taller.mx/a",
    ),
    Row("emoji", "Taza ☕", "Mug", "Mug ☕"),
    Row("brand_kept", "Taza Casa Ola", "House Wave mug", "Casa Ola mug", context={"keep": ("Casa Ola",)}),
    Row("brand_kept", "Taza Casa Ola", "casa ola mug", "Casa Ola mug", "Casa Ola mug", {"keep": ("Casa Ola",)}),
    Row("brand_kept", "Taza PX-350B", "Mug", "Mug PX-350B"),
    Row("number_unit_equal", "Taza de 350 ml", "Mug, 250 ml", "Mug, 12 fl oz", "Mug, 350 ml"),
    Row("number_unit_equal", "Mide 30 cm", "30 in wide", "11.8 inches wide"),
    Row("number_unit_equal", "Pesa 250 g", "Weighs 250 g and 3 oz", "Weighs 250 g (8.8 oz)"),
    Row("number_unit_equal", "2 piezas", "Three pieces", "Two pieces"),
    Row("number_unit_equal", "Lleva 3 tazas", "3 mugs and 4 plates", "3 mugs"),
    Row("number_unit_equal", "Pesa 1.250 kg", "Pesa 1.250 kg", "Pesa 1,250 kg", way=("es-MX", "es-AR")),
    Row("decimal_separator", "Mide 12.5 cm", "Mede 12.5 cm", "Mede 12,5 cm", "Mede 12,5 cm", way=ES_PT),
    Row("decimal_separator", "Mide 12,5 cm", "12,5 cm wide", "12.5 cm wide", "12.5 cm wide", way=("es-AR", "en-US")),
    Row("currency_code", "Compras de MXN 50", "Orders of $50", "Orders of MXN 50", "Orders of MXN 50"),
    Row("currency_code", "Compras de USD 50", "Orders of MXN 50", "Orders of USD 50"),
    Row("channel_length", "Taza", "A mug of enamel", "Mug", context={"limits": (Limit("ebay", 8),)}),
    Row("channel_length", "Taza", "ñandú", "nandu", context={"limits": (Limit("amazon", 5, "bytes"),)}, way=EN_ES),
    Row("channel_length", "Taza", "☕🫖🫖", "🫖🫖", context={"limits": (Limit("meta", 4, "utf16"),)}),
    Row(
        "channel_words",
        "Taza",
        "Mug, free shipping",
        "Mug, freely shipped",
        context={"banned": {"google": ("free shipping",)}},
    ),
    Row("expansion", "Taza de peltre pintada a mano en Toluca", "Enamel mug", "Enamel mug painted by hand in Toluca"),
    Row("html_policy", "<p>Taza</p>", "<p>Mug</p>", "Mug", context={"tags": frozenset({"b"})}),
    Row("html_pairs", "<p>Taza</p>", "</p>Mug<p>", "<p>Mug</p>"),
    Row("size_system", "Talla EU 42", "Size 42", "Size EU 42", "Size EU 42", {"sized": True, "size_system": "EU"}),
    Row("size_kept", "Botas, talla 42", "Boots, cuts 42", "Boots, size 42"),
    Row("double_space", "¿Cuánto cuesta?", "How much  is it?", "How much is it?", "How much is it?"),
    Row("space_before", "Taza, azul", "Mug , blue", "Mug, blue", "Mug, blue"),
    Row("zero-width-space", "Taza", "Mu\u200bg", "Mug", "Mug"),
    Row("duplicate", "Taza de peltre", "Mug of of enamel", "Mug of enamel", "Mug of enamel"),
    Row("duplicate", "Very old", "de de antes", "muy muy antiguo", "de antes", way=EN_ES),
    Row("end_stop", "Pintada a mano.", "Painted by hand", "Painted by hand.", "Painted by hand."),
    Row("end_question", "¿Es azul?", "It is blue", "Is it blue?"),
    Row("end_exclamation", "¡Única!", "Unique", "Unique!"),
    Row("end_colon", "Materiales:", "Materials", "Materials:", "Materials:"),
    Row("end_ellipsis", "Y más…", "And more", "And more...", "And more…"),
    Row("encoding", "Cotton", "AlgodÃ³n", "Algodón", "Algodón", way=EN_ES),
    Row("encoding", "Taza", "Mug\ue000", "Mug", "Mug"),
    Row("encoding", "Cotton", "Algodo\u0301n", "Algodón", "Algodón", way=EN_ES),
    Row(
        "simplecaps",
        "aros de plata fina",
        "earrings Of fine silver",
        "earrings of fine silver",
        "earrings of fine silver",
    ),
    Row("inverted_marks", "How much is it?", "Cuánto cuesta?", "¿Cuánto cuesta?", "¿Cuánto cuesta?", way=EN_ES),
    Row("inverted_marks", "New. Unique!", "Nuevo. Única!", "Nuevo. ¡Única!", "Nuevo. ¡Única!", way=EN_ES),
    Row("inverted_marks", "How much?", "¿Cuánto", "¿Cuánto?", way=EN_ES),
    Row("euphony", "blue and indigo", "azul y índigo", "azul y hielo", "azul e índigo", way=EN_ES),
    Row("euphony", "one or other", "uno o otro", "uno o ninguno", "uno u otro", way=EN_ES),
    Row("euphony", "7 or 8", "7 o 8", "8 o 7", "7 u 8", way=EN_ES),
    Row("euphony", "10 or 11", "10 o 11", "10 o 110", "10 u 11", way=EN_ES),
    Row("vosotros", "Your order", "Vuestro orden", "Su orden", "Su orden", way=EN_ES),
    Row("vosotros", "You can choose", "Podéis elegir", "Pueden elegir sus dieciséis tazas", way=EN_ES),
    Row("vosotros", "Buy now", "Comprad ahora", "Compra con calidad y verdad", way=EN_ES),
    Row("vosotros", "It pleases you", "Esto os encanta", "Esto les encanta", way=EN_ES),
    Row("address_form", "You can. Choose.", "Tú puedes, y usted también.", "Tú puedes, y ellas también.", way=EN_ES),
    Row(
        "address_form", "You have", "Tienes tiempo", "Tenés tiempo", context={"register": "vos"}, way=("en-US", "es-AR")
    ),
    Row("address_form", "Your mug", "A tua caneca", "A sua caneca", way=("en-US", "pt-BR")),
    Row(
        "language_id",
        "Taza de peltre pintada a mano en el taller de mi abuela",
        "Taza de peltre pintada a mano en el taller de mi abuela querida",
        "Enamel mug painted by hand in the workshop of my grandmother",
    ),
    Row("untranslated", "Taza de peltre", "Taza de peltre", "Poncho"),
    Row("machine_words", "Aretes de plata", "*Aretes of silver", "5*3 earrings *", "Aretes of silver"),
    Row(
        "glued_words",
        "Organic high-altitude coffee",
        "Cafédealtitud orgánico",
        "Café de altitud orgánico",
        "Café de altitud orgánico",
        way=EN_ES,
    ),
    Row("check_glossary", "Aretes de plata", "Silver pendants", "Silver earrings", context={"terms": TERMS}),
    Row("check_glossary", "Papel Amate", "Bark paper", "Amate paper", context={"terms": TERMS}),
    Row("forbidden_term", "Playera azul", "Tee, blue", "T-shirt, blue", "T-shirt, blue", {"terms": TERMS}),
    Row("enum_by_table", "café", "coffee", "brown", "brown", {"role": "word", "names": {"café": "brown"}}),
)


def found(row: Row, text: str) -> list[Finding]:
    """Return what the check of a row finds in a text."""
    context = Context(*row.way, **row.context)
    return [one for one in check(row.source, text, context) if one.id == row.id]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id}: {row.found}")
def test_a_check_finds_what_it_is_for(row: Row) -> None:
    """Where it stands, and what to do about it in three languages."""
    there = found(row, row.found)

    assert there
    for one in there:
        start, end = one.span
        assert 0 <= start <= end <= len(row.found)
        sentences = [say(language) for say in (one.why, one.how) for language in LANGUAGES]
        assert [
            text
            for text in sentences
            if re.search(
                r"[{}]", text.replace(one.values.get("found", ""), "").replace(one.values.get("wanted", ""), "")
            )
        ] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id}: {row.near}")
def test_a_near_miss_is_let_be(row: Row) -> None:
    """What is right, and looks nearly so."""
    assert found(row, row.near) == []


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.fixed is not None], ids=lambda row: f"{row.id}: {row.found}"
)
def test_a_fix_mends(row: Row) -> None:
    """With it in the text the finding is gone, and the text says what it should."""
    text = row.found
    for _ in range(5):
        there = [one for one in found(row, text) if one.fix is not None]
        if not there:
            break
        text = there[0].mended(text)

    assert text == row.fixed
    assert found(row, text) == []


def test_every_check_has_a_row() -> None:
    """A check that no text of these shows is a check that nobody has seen."""
    ids = set(re.findall(r'Finding\(\s*"([a-z_-]+)"', _sources()))
    ids |= {name for name, _, _ in (*marks._CHECKS, *signs._ENDS)}
    named = {row.id for row in ROWS}

    assert ids - named == set()
    assert len(CHECKS) > 20


def test_every_sentence_is_there_in_three_languages_and_used() -> None:
    """Why and how, with the same values in each; none that no check says."""
    wrong = []
    for key, (why, how) in texts().items():
        wrong += [key for said in (why, how) if set(said) != set(LANGUAGES)]
        values = [set(re.findall(r"\{(\w+)\}", why[language])) for language in LANGUAGES]
        if not values[0] == values[1] == values[2]:
            wrong.append(key)

    assert wrong == []


def _sources() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "translations/checks").glob("*.py")))


# What Apertium really wrote (2026-11), and what is found in it.
APERTIUM: Final = (
    ("es-MX", "en-US", "Talla 42", "Cuts 42", {"size_kept"}),
    (
        "es-MX",
        "en-US",
        "Envío gratis en compras mayores a $50",
        "Sending free in main shopping to $50",
        {"currency_code"},
    ),
    ("en-US", "es-MX", "Ships on {date}", "Barcos encima {cita}", {"placeholder_set"}),
    ("en-US", "es-MX", "Your order", "Vuestro orden", {"vosotros"}),
    ("en-US", "es-MX", "How much does it cost?", "Cuánto   costó?", {"inverted_marks", "double_space"}),
    ("en-US", "es-MX", "Organic high-altitude coffee", "Cafédealtitud alta orgánico", {"glued_words"}),
    ("es-MX", "en-US", "Aretes de plata", "*Aretes Of silver", {"machine_words", "simplecaps"}),
)


@pytest.mark.parametrize(("source", "target", "text", "answer", "ids"), APERTIUM)
def test_what_an_engine_gets_wrong_is_found(source: str, target: str, text: str, answer: str, ids: set[str]) -> None:
    """Of its real mistakes, those that can be seen in the text alone."""
    there = {one.id for one in check(text, answer, Context(source, target))}

    assert ids <= there


GOOD: Final = (
    ("es-MX", "en-US", "Taza de peltre de 350 ml, pintada a mano.", "Enamel mug, 12 fl oz (350 ml), painted by hand."),
    ("es-MX", "pt-BR", "Bolsa de cuero, 30 x 40 cm", "Bolsa de couro, 30 x 40 cm"),
    (
        "es-CO",
        "en-US",
        "Café de altura, 1.750 msnm, bolsa de 340 g",
        "High-altitude coffee, 1,750 masl, 340 g (12 oz) bag",
    ),
    ("pt-BR", "es-AR", "Rede de algodão, 2,5 m", "Hamaca de algodón, 2,5 m"),
    ("en-US", "es-US", "How much does it cost? It's unique!", "¿Cuánto cuesta? ¡Es única!"),
    ("es-NI", "en-US", "Cuesta C$ 50", "It costs NIO 50"),
    ("es-NI", "es-CR", "Cuesta NIO 50", "Cuesta C$ 50"),
    ("en-CA", "es-NI", "It costs C$ 50", "Cuesta CAD 50"),
    ("es-MX", "pt-BR", "Botas, talla 42 EU", "Botas, tamanho 42 EU (≈ 40 BR)"),
    ("es-MX", "en-US", "Playera talla M, 100 % algodón", "T-shirt, size M, 100% cotton"),
    ("es-MX", "en-US", "Envío en 5 días hábiles", "Ships in 5 business days"),
    ("es-MX", "pt-BR", "Hecho a mano en Oaxaca por 3 artesanas.", "Feito à mão em Oaxaca por três artesãs."),
)


@pytest.mark.parametrize(("source", "target", "text", "answer"), GOOD)
def test_good_translations_are_let_be(source: str, target: str, text: str, answer: str) -> None:
    """Nothing is found in what a person wrote well."""
    assert check(text, answer, Context(source, target)) == ()


def test_nothing_is_asked_of_a_text_that_is_not_there() -> None:
    """An empty text is missing, and that is its state."""
    assert check("Taza", " ", Context("es-MX", "en-US")) == ()


def test_findings_stand_the_gravest_first() -> None:
    """What blocks, then what a channel does not take, then what somebody should look at."""
    context = Context("es-MX", "en-US", limits=(Limit("ebay", 5),))
    there = check("Taza {color} azul", "Mug  of of enamel", context)

    order = [one.severity for one in there]
    assert order == sorted(order, key=("block", "export", "warn").index)
    assert len(set(order)) == 3


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["es-MX", "pt-BR", "en-US", "es"]))
def test_no_text_breaks_a_check(source: str, target: str, locale: str) -> None:
    """Whatever stands in source and target, spans lie in the target and sentences are said."""
    for one in check(source, target, Context("es", locale, limits=(Limit("x", 10),), tags=frozenset())):
        assert 0 <= one.span[0] <= one.span[1] <= len(target)
        assert one.why("es")
        assert one.how("en")


FILLERS = ("(", "<", "¿", "a ", "Ã", "1.", "{", "os ", "y ", "7 ", "7 cm ", "$7 ", "a  ")


@pytest.mark.parametrize(
    "text",
    [
        *(one * (10_000 // len(one)) for one in FILLERS),
        "".join(one * (100_000 // len(FILLERS) // len(one)) for one in FILLERS),
    ],
    ids=[*FILLERS, "all"],
)
def test_a_long_text_is_checked_too(text: str) -> None:
    """Ten kilobytes of one sign and a hundred of all are through, and a check tells no more than anybody reads."""
    counts = Counter(one.id for one in check(text, text + "x", Context("en-US", "es-MX")))

    assert max(counts.values(), default=0) <= MOST * 2
