"""XLIFF 1.2 and 2.0: units in and out, translations put into files of others, everything else kept."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.translations.exchange.units import units
from translations.exchange import xliff
from translations.exchange.errors import ExchangeError
from translations.exchange.tree import element
from translations.memory import Unit

ONE = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:its="http://www.w3.org/2005/11/its">
  <file original="shop.html" source-language="en-US" target-language="es-MX" datatype="html" its:version="2.0">
    <header><skl><external-file href="shop.skl"/></skl><note>all of the shop</note></header>
    <body>
      <trans-unit id="a" resname="title" approved="yes">
        <source>Red <g id="1">mug</g><x id="2" equiv-text="&lt;br/>"/></source>
        <target state="signed-off">Taza <g id="1">roja</g><x id="2" equiv-text="&lt;br/>"/></target>
        <context-group name="p"><context context-type="x-sku">M-1</context></context-group>
        <note from="Rosa" priority="1">short</note>
        <alt-trans match-quality="80"><target>Tazón rojo</target></alt-trans>
      </trans-unit>
      <group id="g"><trans-unit id="b" translate="no">
        <source>Save <bpt id="1">[b]</bpt>now<ept id="1">[/b]</ept></source></trans-unit></group>
    </body>
  </file>
</xliff>"""
TWO = """<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"
       xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0" srcLang="en-US" trgLang="pt-BR">
  <file id="f"><skeleton href="s"/><group id="g"><unit id="u" name="title">
    <mda:metadata><mda:metaGroup category="x"><mda:meta type="sku">M-1</mda:meta></mda:metaGroup></mda:metadata>
    <notes><note id="n" category="c">short</note></notes>
    <originalData><data id="d1">&lt;b></data><data id="d2">&lt;/b></data><data id="d3">{size}</data></originalData>
    <segment id="1" state="reviewed"><source>Red <pc id="1" dataRefStart="d1" dataRefEnd="d2">mug</pc>.</source>
      <target>Caneca <pc id="1" dataRefStart="d1" dataRefEnd="d2">vermelha</pc>.</target></segment>
    <ignorable><source> </source></ignorable>
    <segment id="2"><source>Size <ph id="2" dataRef="d3"/><cp hex="0007"/></source></segment>
  </unit></group></file>
</xliff>"""


@pytest.mark.parametrize("version", ["1.2", "2.0"])
@given(data=st.data())
def test_units_come_back_as_they_went(version: Literal["1.2", "2.0"], data: st.DataObject) -> None:
    """Every field and sign of them; 1.2 holds several pairs of languages, 2.0 one."""
    one_pair = units(("es-MX",), ("pt-BR",))
    rows = data.draw(st.lists(one_pair if version == "2.0" else units(), min_size=1, max_size=5))
    found = xliff.read(xliff.of_units(rows, version).text().encode("utf-8"))

    assert sorted(found.units(), key=repr) == sorted(rows, key=repr)
    assert found.version == version


def test_the_texts_of_a_file_of_1_2_are_shown() -> None:
    """With state, notes and context, in groups too; a unit that is not to be translated says so."""
    first, second = xliff.read(ONE.encode()).entries()

    assert (first.id, first.name, first.source_text, first.target_text) == (
        "a",
        "title",
        "Red mug<br/>",
        "Taza roja<br/>",
    )
    assert (first.state, first.approved, first.notes, first.details) == (
        "signed-off", True, ("short",), (("x-sku", "M-1"),),
    )  # fmt: skip
    assert (second.id, second.source_text, second.target, second.approved, second.translate) == (
        "b", "Save [b]now[/b]", None, False, False,
    )  # fmt: skip
    assert (second.source_locale, second.target_locale) == ("en-US", "es-MX")


def test_the_texts_of_a_file_of_2_0_are_shown() -> None:
    """By segments, with the native codes of their unit in place."""
    first, second = xliff.read(TWO.encode()).entries()

    assert (first.id, first.name, first.source_text, first.target_text) == (
        "u", "title", "Red <b>mug</b>.", "Caneca <b>vermelha</b>.",
    )  # fmt: skip
    assert (first.state, first.approved, first.notes, first.details) == (
        "reviewed",
        True,
        ("short",),
        (("sku", "M-1"),),
    )
    assert (second.source_text, second.target, second.state) == ("Size {size}\x07", None, "initial")


@pytest.mark.parametrize("text", [ONE, TWO])
def test_a_file_of_others_is_written_back_whole(text: str) -> None:
    """Skeletons, alternatives, modules and attributes of other namespaces."""
    found = xliff.read(text.encode())

    assert xliff.read(found.text().encode()) == found


def test_a_translation_is_put_into_a_file_of_1_2() -> None:
    """Right after the source; approval follows the state, and nothing else changes."""
    found = xliff.read(ONE.encode())
    first, second = found.entries()
    code = element("{urn:oasis:names:tc:xliff:document:1.2}bpt", {"id": "1"}, "[b]")
    changed = found.with_targets(
        {first.place: ("Taza", "needs-review-translation"), second.place: (("Guarda ", code, "ya"), "final")}
    )
    one, other = changed.entries()

    assert (one.target, one.state, one.approved) == (("Taza",), "needs-review-translation", False)
    assert (other.target_text, other.state, other.approved) == ("Guarda [b]ya", "final", True)
    assert (one.source, one.notes, one.details) == (first.source, first.notes, first.details)
    assert "Tazón rojo" in changed.text()


def test_a_translation_is_put_into_a_file_of_2_0() -> None:
    """The state stands at the segment."""
    found = xliff.read(TWO.encode())
    changed = found.with_targets({found.entries()[1].place: ("Tamanho", "translated")})

    assert [(one.target_text, one.state) for one in changed.entries()] == [
        ("Caneca <b>vermelha</b>.", "reviewed"),
        ("Tamanho", "translated"),
    ]


@pytest.mark.parametrize("place", [(), (9,), (1, 0)])
def test_a_translation_at_no_place_of_a_text_is_refused(place: tuple[int, ...]) -> None:
    """Nothing is put anywhere."""
    with pytest.raises(ExchangeError, match="use the place of an entry"):
        xliff.read(ONE.encode()).with_targets({place: ("x", "final")})


def test_texts_of_others_make_units() -> None:
    """Those with a translation; a reviewed one is approved."""
    assert xliff.read(TWO.encode()).units() == (
        Unit("title", "Red <b>mug</b>.", "Caneca <b>vermelha</b>.", "en-US", "pt-BR", status="approved", origin="",
             note="short"),
    )  # fmt: skip


def test_a_new_file_of_1_2_keeps_the_order_of_the_standard() -> None:
    """Source, target, then context and notes; required attributes are there."""
    row = Unit("u", "Mug", "Taza", "en-US", "es-MX", status="approved", origin="", note="n")

    assert xliff.of_units([row], "1.2").text() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">'
        '<file datatype="plaintext" original="shopkit" source-language="en-US" target-language="es-MX"><body>'
        '<trans-unit approved="yes" id="1-1" resname="u" xml:space="preserve">'
        '<source>Mug</source><target state="final">Taza</target>'
        '<context-group name="shopkit"><context context-type="x-shopkit-id">u</context>'
        '<context context-type="x-shopkit-status">approved</context>'
        '<context context-type="x-shopkit-note">n</context></context-group>'
        "<note>n</note></trans-unit></body></file></xliff>\n"
    )


def test_a_new_file_of_2_0_holds_one_pair() -> None:
    """Units of several languages need a file each."""
    rows = [Unit("u", "a", "b", "en-US", "es-MX"), Unit("v", "a", "c", "en-US", "pt-BR")]

    with pytest.raises(ExchangeError, match="holds one pair of languages, here are 2"):
        xliff.of_units(rows)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<tmx/>", "the file is no XLIFF: its root is tmx"),
        ('<xliff version="3.0"/>', "XLIFF of version '3.0' is not read"),
        ('<xliff version="2.0" xmlns="urn:other"/>', "XLIFF 2.0 has another namespace than 'urn:other'"),
        (ONE.replace('source-language="en-US"', ""), "unit a: the file does not say the language of its sources"),
        (ONE.replace("source>", "sauce>"), "unit a: it has no source"),
        (TWO.replace("source>", "sauce>"), "unit u: a segment has no source"),
        ("<!DOCTYPE xliff>" + ONE, "document type"),
    ],
)
def test_what_is_no_xliff_is_refused(text: str, message: str) -> None:
    """Saying what was wrong."""
    with pytest.raises(ExchangeError, match=message):
        xliff.read(text.encode())


def test_a_sign_that_is_none_is_refused() -> None:
    """``cp`` holds a number in hexadecimal digits."""
    found = xliff.read(TWO.replace('hex="0007"', 'hex="zz"').encode())

    with pytest.raises(ExchangeError, match="'zz' is no sign"):
        found.units()
