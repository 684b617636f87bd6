"""What no engine may touch: found, sent, and given back exactly or refused."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.pace import grows_with_length
from tests.unit.translations import texts
from translations.masks import APERTIUM, DEEPL, GOOGLE, OPAQUE, BrokenMarksError, Idiom, Keep, Mark, Marked, mark

KEEP = (Keep("Casa Ola"), Keep("C&A"), Keep("aretes", "term", "earrings"))
IDIOMS: dict[str, Idiom] = {"apertium": APERTIUM, "deepl": DEEPL, "google": GOOGLE, "opaque": OPAQUE}


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Hola {name}, {{x}} y {0}", "placeholder", ["{name}", "{{x}}", "{0}"]),
        ("Total %(amount)s de %s, %1$d o %%", "placeholder", ["%(amount)s", "%s", "%1$d", "%%"]),
        (
            "Hay {n, plural, one {# pieza} other {# {k} piezas}}.",
            "placeholder",
            ["{n, plural, one {# pieza} other {# {k} piezas}}"],
        ),
        ("50 % de descuento, 50% descuento", "placeholder", []),
        ("50 % de descuento y 5% en lana", "unit", ["50 %", "5%"]),
        (
            'Mira <a href="https://x.mx?a>b">esto</a><br/> &amp; <3 &nbsp;',
            "html",
            ['<a href="https://x.mx?a>b">', "</a>", "<br/>", "&amp;", "&nbsp;"],
        ),
        ("<script>a < b;</script>Hola<!-- <b> -->", "html", ["<script>a < b;</script>", "<!-- <b> -->"]),
        (
            "Ve https://casaola.mx/a?b=1. O (www.ola.mx) y hola@ola.mx, @ola #luna",
            "url",
            ["https://casaola.mx/a?b=1", "www.ola.mx", "hola@ola.mx", "@ola", "#luna"],
        ),
        ("Tejido 👩🏽‍🌾🧵 a mano 🇲🇽 ❤️", "emoji", ["👩🏽‍🌾🧵", "🇲🇽", "❤️"]),
        ("Mide 12,5 cm x 30 cm; pesa 1.250 g o 2½ lb", "unit", ["12,5 cm x 30 cm", "1.250 g", "2½ lb"]),
        ("De 10 a 12 cm, 3 × 500ml, 30 °C, 180 g/m²", "unit", ["10 a 12 cm", "3 × 500ml", "30 °C", "180 g/m²"]),
        ("Largo: 5 in, 3 in 1, 5 in stock, 7 in.", "unit", ["5 in", "7 in."]),
        ('Marco de 7" y "talla 12" y 5" x 7"', "unit", ['7"', '5" x 7"']),
        (
            "Cuesta $1,250.50, R$ 45,90, USD 12 o 15 EUR; 3er lote, 2026-11-27",
            "number",
            ["$1,250.50", "R$ 45,90", "USD 12", "15 EUR", "3er", "2026-11-27"],
        ),
        (
            "Talla 42, tamanho GG, size 9.5; S/M/L, US 9.5, 40 BR",
            "size",
            ["Talla 42", "tamanho GG", "size 9.5", "S/M/L", "US 9.5", "40 BR"],
        ),
        ("Taza <b>azul</b> <a href='x", "html", ["<b>", "</b>", "<a href='x"]),
        ("Menos de 5 <6 o <b grande", "html", []),
        ("Plata .925 y -5 o +52", "number", [".925", "-5", "+52"]),
        ("LOTE DE 5 PIEZAS", "size", []),
        ("Modelo MX-TSH-001, hoja A4, oro 18k, MX-2L", "sku", ["MX-TSH-001", "A4", "18k", "MX-2L"]),
    ],
)
def test_found(text: str, kind: str, found: list[str]) -> None:
    """Each kind is found by its shape, whole, and nothing that only looks like it."""
    assert [each.source for each in mark(text).marks if each.kind == kind] == found


def test_pieces() -> None:
    """A marked text is words and marks in order, the marks counted from one."""
    assert mark("Playera {size} de 5 cm").pieces == (
        "Playera ",
        Mark(1, "placeholder", "{size}", "{size}"),
        " de ",
        Mark(2, "unit", "5 cm", "5 cm"),
    )


def test_given_terms_carry_what_stands_in_the_target() -> None:
    """A term given with its place shows its translation there; a brand is kept anywhere, whole, in capitals too."""
    marked = mark(
        "aretes LUNA y aretes lunares de Luna", keep=(Keep("aretes", "term", "earrings", start=0), Keep("Luna"))
    )

    assert [(each.kind, each.source, each.shown) for each in marked.marks] == [
        ("term", "aretes", "earrings"),
        ("brand", "LUNA", "LUNA"),
        ("brand", "Luna", "Luna"),
    ]


def test_given_does_not_cut_what_is_firm() -> None:
    """A brand inside an address or a tag stays part of it."""
    marked = mark('<a title="Luna">Luna</a> https://luna.mx/Luna', keep=(Keep("Luna"),))

    assert [each.source for each in marked.marks] == ['<a title="Luna">', "Luna", "</a>", "https://luna.mx/Luna"]


def test_given_wins_over_numbers() -> None:
    """A brand with a number in it is one mark."""
    assert [each.source for each in mark("Casa 21 de 5 cm", keep=(Keep("Casa 21"),)).marks] == ["Casa 21", "5 cm"]


def test_a_place_where_it_does_not_stand() -> None:
    """A text given with a place must stand there."""
    with pytest.raises(ValueError, match="'aretes' does not stand at 3"):
        mark("Los aretes", keep=(Keep("aretes", start=3),))


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        (
            "apertium",
            "R&amp;D <apertium-notrans>{a}</apertium-notrans> &lt; x <apertium-notrans>&lt;b&gt;</apertium-notrans>",
        ),
        ("deepl", 'R&amp;D <x id="1">{a}</x> &lt; x <x id="2">&lt;b&gt;</x>'),
        ("google", 'R&amp;D <span translate="no">{a}</span> &lt; x <span translate="no">&lt;b&gt;</span>'),
        ("opaque", "R&D ⟦1⟧ < x ⟦2⟧"),
    ],
)
def test_render(name: str, sent: str) -> None:
    """Each engine is told in its own way."""
    assert mark("R&D {a} < x <b>").render(IDIOMS[name]) == sent


def test_showing_numbers_for_the_target() -> None:
    """What a mark shows is what is sent and what comes back."""
    marked = mark("Mide 12,5 cm").showing(lambda each: each.shown.replace(",", "."))

    assert marked.restore(marked.render(APERTIUM).replace("Mide", "Measures"), APERTIUM) == "Measures 12.5 cm"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("⟦1⟧ y ⟦2⟧", "lost: '{b}'"),
        ("⟦1⟧⟦1⟧⟦2⟧⟦3⟧", "doubled: '{a}'"),
        ("⟦1⟧⟦2⟧⟦3⟧⟦9⟧", "invented: '⟦9⟧'"),
        ("⟦1⟧⟦2⟧⟦3⟧ {c} <i>", "invented: '<i>', '{c}'"),
        ("⟦1⟧⟦2⟧⟦3", "lost: '{b}'; invented: '⟦'"),
        ("", "lost: '{a}', '5 cm', '{b}'"),
    ],
)
def test_a_broken_answer_is_refused_and_says_which(answer: str, message: str) -> None:
    """Lost, doubled and invented marks are named in the refusal."""
    with pytest.raises(BrokenMarksError) as caught:
        mark("{a} y 5 cm en {b}").restore(answer, OPAQUE)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("answer", "restored"),
    [
        ('El <x id="1">{a}</x>', "El {a}"),
        ('EL <X ID="1">{A}</X>', "EL {a}"),
        ('El <x id="1"/>', "El {a}"),
        ('El <x id="1"> {a} </x>', "El {a}"),
        ('<x id="1">El {a}</x>', "lost: '{a}'; invented: '<x id=\"1\">El {a}</x>'"),
        ('El <x id="7">{a}</x>', "lost: '{a}'; invented: '<x id=\"7\">{a}</x>'"),
        ("El <x>{a}</x>", "lost: '{a}'; invented: '<x>{a}</x>'"),
        ('El <b><x id="1">{a}</x></b>', "invented: '<b>', '</b>'"),
        ('El <x id="1">{a}', "lost: '{a}'; invented: '<x id=\"1\">', '{a}'"),
    ],
)
def test_a_numbered_mark_holds_what_it_held(answer: str, restored: str) -> None:
    """A mark with a number may lose its content or its small letters; other words in it would be lost with it."""
    marked = mark("El {a}")
    try:
        came = marked.restore(answer, DEEPL)
    except BrokenMarksError as error:
        came = str(error)

    assert came == restored


def test_what_is_left_for_an_engine() -> None:
    """The words of a marked text are what remains when every mark is a space."""
    assert mark("De {a}y 5 cm&nbsp;más").words == "De  y   más"


def test_braces_end_with_their_line() -> None:
    """A brace that is not closed in its line is no placeholder and swallows no paragraph."""
    assert [each.source for each in mark("Uno { dos\ntres } y {cuatro}").marks] == ["{cuatro}"]


@pytest.mark.parametrize(
    ("answer", "restored"),
    [
        ("⟦3⟧uno⟦4⟧ ⟦1⟧dos⟦2⟧", "<i>uno</i> <b>dos</b>"),
        ("⟦1⟧dos ⟦3⟧uno⟦4⟧⟦2⟧", "out of place: '<i>', '</i>'"),
        ("⟦2⟧dos⟦1⟧ ⟦3⟧uno⟦4⟧", "out of place: '</b>', '<b>'"),
    ],
)
def test_tags_move_as_pairs_or_not_at_all(answer: str, restored: str) -> None:
    """Tags may change places as whole elements; one inside another, or closed before it opens, is refused."""
    marked = mark("<b>dos</b> <i>uno</i>")
    try:
        came = marked.restore(answer, OPAQUE)
    except BrokenMarksError as error:
        came = str(error)

    assert came == restored


def test_entities_and_single_tags_move_freely_inside() -> None:
    """An entity or a line break stays inside the element it stood in, wherever there."""
    marked = mark("<p>uno&nbsp;dos<br>tres</p>")

    assert marked.restore("⟦1⟧one⟦3⟧two⟦2⟧three⟦4⟧", OPAQUE) == "<p>one<br>two&nbsp;three</p>"
    with pytest.raises(BrokenMarksError, match="out of place: '&nbsp;'"):
        marked.restore("⟦2⟧⟦1⟧one⟦3⟧two⟦4⟧", OPAQUE)


def test_tags_that_never_closed_keep_their_order() -> None:
    """In broken HTML no order can be shown to be right but the one that was."""
    marked = mark("</b>uno <i>dos")

    assert marked.restore("⟦1⟧one ⟦2⟧two", OPAQUE) == "</b>one <i>two"
    with pytest.raises(BrokenMarksError, match="out of place: '<i>', '</b>'"):
        marked.restore("⟦2⟧one ⟦1⟧two", OPAQUE)


def _restored(marked: Marked, answer: str, idiom: Idiom) -> str | None:
    try:
        return marked.restore(answer, idiom)
    except BrokenMarksError:
        return None


@pytest.mark.parametrize("idiom", IDIOMS.values(), ids=IDIOMS)
@settings(max_examples=1250)
@given(text=texts.segments | st.text())
@example(text="")
@example(text="&amp;#0; ⟦1⟧ ]]> <![CDATA[ x ]]> \x00")
@example(text='<x id="1">x</x> <span translate="no">y</span> <apertium-notrans>z</apertium-notrans>')
def test_5000_segments_come_back_intact_or_are_refused(text: str, idiom: Idiom) -> None:
    """Unchanged marks give the text back; whatever an engine does, all marks are there or it is refused."""
    marked = mark(text, KEEP)
    sent = marked.render(idiom)

    assert marked.source == text
    assert marked.restore(sent, idiom) == "".join(p if isinstance(p, str) else p.shown for p in marked.pieces)
    for engine in texts.ENGINES:
        came = _restored(marked, engine(sent), idiom)
        if came is None:
            continue
        for shown, times in Counter(each.shown for each in marked.marks).items():
            assert came.count(shown) >= times, (engine.__name__, shown)
        if marked.marks:
            assert engine not in {texts.one_lost, texts.one_doubled}


@pytest.mark.parametrize("idiom", IDIOMS.values(), ids=IDIOMS)
def test_engines_that_only_move_and_space_are_accepted(idiom: Idiom) -> None:
    """Another order of words and spaces around a mark are an engine's right."""
    marked = mark("Playera {size} de Casa Ola, 12,5 cm", KEEP)
    came = [marked.restore(engine(marked.render(idiom)), idiom) for engine in (texts.shuffled, texts.spaced)]

    assert [sorted(each.source for each in mark(text, KEEP).marks) for text in came] == [
        ["12,5 cm", "Casa Ola", "{size}"]
    ] * 2


# fmt: off
PARTS = (
    "a", "1", "1 x ", "a-", "a.1-", "<", "<a ", "<!--", '<a b="', "<script>", "{", "}", "{a", "%", "&a", "@", "a@",
    "x.com/", "https://a ", "\U0001f600\u200d", "⟦", "1,", "1.", "talla ", "S/", "US ", "$", "-1", "حقيبة ", "½",
    '1"', "a@b.", "www.",
)
# fmt: on


@pytest.mark.parametrize("part", PARTS)
def test_time_grows_with_the_length(part: str) -> None:
    """Four times as much of anything takes about four times as long to mark, and 10 kB come back."""
    text = part * (10_000 // len(part))
    marked = mark(text, KEEP)

    assert marked.restore(marked.render(DEEPL), DEEPL) == text
    assert grows_with_length(part, lambda one: mark(one, KEEP))


def test_100_kb_come_back() -> None:
    """As much of everything that time hangs on, one after the other."""
    text = "".join(part * (100_000 // len(PARTS) // len(part) + 1) for part in PARTS)
    marked = mark(text, KEEP)

    assert len(text) > 100_000
    assert marked.restore(marked.render(DEEPL), DEEPL) == text
