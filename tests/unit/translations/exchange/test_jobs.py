"""A translator's job: what goes out comes back, letter by letter, and what must not be touched is locked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.exchange import jobs
from translations.exchange.errors import ExchangeError
from translations.exchange.passages import FORMATS, Format, Job, Passage, Returned

# What a text of a listing is made of, placeholders and tags among it; no signs that XML or PO cannot hold.
_PARTS = st.sampled_from(("Playera ", "{size}", " <b>roja</b>", "\n", "12,5 cm", " & ", '"', "🦙", "{{n}}", " é"))
_TEXTS = st.lists(_PARTS, min_size=1, max_size=8).map("".join).filter(str.strip)
_JOBS = st.lists(st.tuples(_TEXTS, st.one_of(st.just(""), _TEXTS)), min_size=1, max_size=5).map(
    lambda pairs: [
        Passage(f"l_{number}/title", source, target, "draft" if target else "missing", "title")
        for number, (source, target) in enumerate(pairs)
    ]
)


@pytest.mark.parametrize("name", FORMATS)
@given(passages=_JOBS)
def test_a_job_comes_back_as_it_went(name: Format, passages: list[Passage]) -> None:
    """Ids, sources and translations, in every format."""
    back = jobs.read(jobs.write(passages, name, "es-MX", "pt-BR").encode())

    assert (back.source_locale, back.target_locale) == ("es-MX", "pt-BR")
    assert [(one.id, one.source, one.target) for one in back.texts] == [
        (one.id, one.source, one.target) for one in passages
    ]


def test_placeholders_and_tags_are_locked_in_xliff() -> None:
    """As codes with the numbers of the source, wherever the translation has them; numbers of goods stay text."""
    passage = Passage("l_1/title", "De {a} a <b>12 cm</b>", "<b>12 cm</b>, {a}", "changed")
    one, two = (jobs.write([passage], name, "es", "en-US") for name in ("xliff-1.2", "xliff-2.0"))

    assert '<source>De <ph id="1">{a}</ph> a <ph id="2">&lt;b&gt;</ph>12 cm<ph id="4">&lt;/b&gt;</ph></source>' in one
    assert (
        '<target state="needs-adaptation"><ph id="2">&lt;b&gt;</ph>12 cm<ph id="4">&lt;/b&gt;</ph>, '
        '<ph id="1">{a}</ph></target>'
    ) in one
    assert '<target><ph dataRef="d2" id="2"/>12 cm<ph dataRef="d4" id="4"/>, <ph dataRef="d1" id="1"/></target>' in two


@pytest.mark.parametrize("name", FORMATS)
def test_a_stale_text_is_done_only_when_its_translator_says_so(name: Format) -> None:
    """What was approved is done; what its source left behind is not, until a program marks it."""
    passages = [Passage("a", "Taza", "Mug", "approved"), Passage("b", "Olla", "Pot", "changed")]
    text = jobs.write(passages, name, "es", "en-US")
    said = {"xliff-1.2": 'state="needs-adaptation"', "xliff-2.0": 'state="initial"', "po": "#, fuzzy\n"}[name]
    done = {"xliff-1.2": 'state="translated"', "xliff-2.0": 'state="translated"', "po": ""}[name]

    assert [one.is_done for one in jobs.read(text.encode()).texts] == [True, False]
    assert [one.is_done for one in jobs.read(text.replace(said, done).encode()).texts] == [True, True]


def test_a_unit_that_a_program_cut_is_one_again() -> None:
    """Its segments are joined; one without a translation leaves the whole without."""
    head = '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="es" trgLang="en"><file id="f">'
    cut = "<segment><source>Uno. </source><target>One. </target></segment><segment><source>Dos.</source>{}</segment>"
    whole = cut.format("<target>Two.</target>")
    file = f'{head}<unit id="1" name="a">{whole}</unit><unit id="2" name="b">{cut.format("")}</unit></file></xliff>'

    texts = (("a", "One. Two."), ("b", ""))

    assert jobs.read(file.encode()) == Job(
        "es", "en", tuple(Returned(id_, "Uno. Dos.", target, is_done=False) for id_, target in texts)
    )


@pytest.mark.parametrize("data", [b"", b"hola", b"{}", b"<x/>", b'msgid "', b"\xff\xfe<", b'msgid ""\nmsgstr ""\n'])
def test_what_is_no_job_is_refused(data: bytes) -> None:
    """Whatever it is."""
    with pytest.raises(ExchangeError):
        jobs.read(data)
