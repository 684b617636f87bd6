"""A text field in segments, and back again byte for byte."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.pace import grows_with_length
from tests.unit.translations import texts
from translations.segments import CountError, Segment, join, split


def _words(text: str, *, markup: bool = False) -> list[str]:
    return [each.text for each in split(text, markup=markup) if each.words]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("  \n ", []),
        ("Playera de algodón", ["Playera de algodón"]),
        ("Hecho a mano. Envío gratis.", ["Hecho a mano.", "Envío gratis."]),
        ("¿Te gusta? ¡Llévalo! Hoy.", ["¿Te gusta?", "¡Llévalo!", "Hoy."]),
        ("Es de la Sra. López, p. ej. Algodón.", ["Es de la Sra. López, p. ej. Algodón."]),
        ("Mide aprox. 5 cm. Pesa 12.5 g. Lavar.", ["Mide aprox. 5 cm.", "Pesa 12.5 g.", "Lavar."]),
        ("El No. 5 es lana. ¿Otro? No. Es todo.", ["El No. 5 es lana.", "¿Otro?", "No.", "Es todo."]),
        ("Casa Ola S.A. de EE. UU. y J. Pérez", ["Casa Ola S.A. de EE. UU. y J. Pérez"]),
        ("Suave… y ligera… Cómoda.", ["Suave… y ligera…", "Cómoda."]),
        ("Suave... y ligera... Cómoda.", ["Suave... y ligera...", "Cómoda."]),
        ("Dijo «¡Qué bonito!» y sonrió. «Sí.» Fin.", ["Dijo «¡Qué bonito!» y sonrió.", "«Sí.»", "Fin."]),
        ("O Sr. Silva fez. Não é lindo? É.", ["O Sr. Silva fez.", "Não é lindo?", "É."]),
        ("Made by Mrs. Diaz, e.g. Wool. Soft.", ["Made by Mrs. Diaz, e.g. Wool.", "Soft."]),
        ("- Algodón\n• 12,5 cm\r\n1. Lavar. Secar\n--\n", ["Algodón", "12,5 cm", "Lavar.", "Secar"]),
        ("Ve casaola.mx. Gracias", ["Ve casaola.mx.", "Gracias"]),
        ("حقيبة يدوية. هل تعجبك؟ نعم", ["حقيبة يدوية.", "هل تعجبك؟", "نعم"]),
        ("手作りのバッグ。いいですね\uff01 Sí", ["手作りのバッグ。", "いいですね\uff01", "Sí"]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    """Sentences, lines and bullets are segments; abbreviations, decimals and half sentences are not cut."""
    assert _words(text) == sentences


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("<p>Uno. Dos</p><ul><li>Tres</li><LI>Cuatro</ul>", ["Uno.", "Dos", "Tres", "Cuatro"]),
        ("<div class='a > b'>Es <b>muy</b> suave.<br/>Sí</div>", ["Es <b>muy</b> suave.", "Sí"]),
        ("<!-- nada --><style>p {x: y}</style>Uno<script>a. B</script>", ["Uno"]),
        ("<p>Roto <b>sin fin<p>Otro", ["Roto <b>sin fin", "Otro"]),
        ("<preset>Uno</preset>", ["<preset>Uno</preset>"]),
    ],
)
def test_blocks(text: str, blocks: list[str]) -> None:
    """In HTML, blocks are borders and inline tags are not; comments, styles and scripts are no words."""
    assert _words(text, markup=True) == blocks


def test_what_stands_between_is_kept() -> None:
    """Bullets, spaces, line ends and tags are segments without words."""
    assert split("<p> Uno.  Dos</p>\r\n", markup=True) == (
        Segment("<p> ", words=False),
        Segment("Uno.", words=True),
        Segment("  ", words=False),
        Segment("Dos", words=True),
        Segment("</p>\r\n", words=False),
    )


def test_translations_take_the_places_of_their_segments() -> None:
    """Joining with other texts leaves everything between as it was."""
    assert join(split("- Uno.\n- Dos.\n"), ["One.", "Two."]) == "- One.\n- Two.\n"


@pytest.mark.parametrize("came", [[], ["One."], ["One.", "Two.", "Three."]])
def test_the_wrong_count(came: list[str]) -> None:
    """Half an answer, or more than was asked, is not put anywhere."""
    with pytest.raises(CountError) as caught:
        join(split("Uno. Dos."), came)

    assert str(caught.value) == f"2 segments have words, {len(came)} texts came"


@given(text=texts.segments | st.text(), markup=st.booleans())
@example(text="\ufeffUno\x1c.\x85 Dos\u2028", markup=True)
def test_joining_gives_the_text_back(text: str, markup: bool) -> None:  # noqa: FBT001  # hypothesis passes it by name
    """Whatever the text, its segments joined are the text, none is empty, and no two without words are neighbours."""
    segments = split(text, markup=markup)

    assert join(segments) == text
    assert join(segments, [each.text for each in segments if each.words]) == text
    assert all(each.text for each in segments)
    assert not any(not one.words and not two.words for one, two in pairwise(segments))


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "a. ",
        "A. ",
        ".",
        "<",
        "<p",
        "<p>",
        "<!--",
        "<script>",
        '<p a="',
        "- ",
        "\n",
        "\u3002",
        "¿",
        " ",
        "حقيبة. ",
        "Sr. ",
    ],
)
def test_time_grows_with_the_length(part: str) -> None:
    """Four times as much of anything takes about four times as long to cut, and 100 kB are joined again."""
    text = (part * (100_000 // len(part) + 1))[:100_000]

    assert join(split(text, markup=True)) == text
    assert grows_with_length(part, lambda one: split(one, markup=True))
