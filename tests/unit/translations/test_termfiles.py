"""Files of terms: how one is read, and that every mistake in one is told with its file and line."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from translations.termfiles import TermFileError, count, read
from translations.terms import Term

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
    earring:
      en: earring
      es: arete (m) | pendiente (m)
      es-AR es-UY: aro (m)
      pt: brinco (m)
      note: Worn in pairs.
      not:
        - {pt: pendente, why: literal}
        - {es: brinco, why: false-friend, means: {es: salto, pt: pulo, en: jump}}
        - {es: caravana, why: regional, in: es-AR, say: aro}
    gots:
      keep: GOTS
    """


def written(folder: Path, text: str, name: str = "jewellery.yaml") -> Path:
    """Write a file of terms and return its folder."""
    (folder / name).write_text(dedent(text), "utf-8")
    return folder


def test_a_file_gives_its_terms(tmp_path: Path) -> None:
    """Words, markets, genders, reasons and replacements, in the order of the file."""
    note = "Worn in pairs."
    jump = (("es", "salto"), ("pt", "pulo"), ("en", "jump"))

    assert read(written(tmp_path, GOOD)) == (
        Term("earring", "earring", "en", note=note, topic="jewellery"),
        Term("earring", "arete", "es", gender="m", note=note, topic="jewellery"),
        Term("earring", "pendiente", "es", "allowed", gender="m", note=note, topic="jewellery"),
        Term("earring", "aro", "es-AR", gender="m", note=note, topic="jewellery"),
        Term("earring", "aro", "es-UY", gender="m", note=note, topic="jewellery"),
        Term("earring", "brinco", "pt", gender="m", note=note, topic="jewellery"),
        Term("earring", "pendente", "pt", "forbidden", reason="literal", replacement="brinco", bound=True,
             topic="jewellery"),
        Term("earring", "brinco", "es", "forbidden", reason="false-friend", replacement="arete", bound=True,
             means=jump, topic="jewellery"),
        Term("earring", "caravana", "es-AR", "forbidden", reason="regional", replacement="aro", bound=True,
             topic="jewellery"),
        Term("gots", "GOTS", "*", "untranslatable", "name", topic="jewellery"),
    )  # fmt: skip


def test_what_there_is_is_counted(tmp_path: Path) -> None:
    """Concepts, files, markets and statuses, in a line."""
    assert count(read(written(tmp_path, GOOD))) == (
        "2 concepts in 1 files, 1 of them with words of single markets; "
        "10 terms: 5 preferred, 1 allowed, 3 forbidden, 1 untranslatable"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.yaml:1: the file is empty; write a concept or remove it"),
        ("- a\n", "t.yaml:1: keys are expected here; write key: value"),
        ("a: {en: a, es: b (f)\n", "t.yaml:2: did not find expected ',' or '}'"),
        ("Bad_Name:\n  en: a\n", "t.yaml:1: 'Bad_Name': a concept is written in lower-case English words joined by"),
        ("a:\n  en: a\n  es: b (f)\n", "t.yaml:1: a has no word in pt"),
        ("a:\n  en: a\n  en: b\n", "t.yaml:3: 'en' stands here twice; keep one"),
        ("a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  es-ES: d (m)\n", "t.yaml:5: 'es-ES' is no language or market"),
        (
            "a:\n  en: a\n  es: b (f)\n  es-AR es-UY: d (f)\n  es-UY: e (f)\n  pt: c (f)\n",
            "t.yaml:5: es-UY stands here twice; keep one",
        ),
        ("a:\n  en: a\n  es: b\n  pt: c (f)\n", "t.yaml:3: 'b': a Spanish or Portuguese noun has a gender"),
        ("a:\n  en: a (f)\n  es: b (f)\n  pt: c (f)\n", "t.yaml:2: 'a (f)': a Spanish or Portuguese noun has a gender"),
        ("a:\n  part: verb\n  en: a\n  es: b (f)\n  pt: c\n", "t.yaml:4: 'b (f)': only nouns have a gender here"),
        ("a:\n  part: thing\n  en: a\n  es: b\n  pt: c\n", "t.yaml:2: 'thing' is no part of speech; known: noun, adj"),
        ("a:\n  en: a\n  es: b (x)\n  pt: c (f)\n", "t.yaml:3: 'b (x)': write word (m), (f) or (mf)"),
        ("a:\n  en: a\n  es: b (f) | B (f)\n  pt: c (f)\n", "t.yaml:1: a has 'b' twice for es"),
        ("a:\n  en: no\n  es: b (f)\n  pt: c (f)\n", "t.yaml:2: 'no' is no text to YAML; put it in quotes"),
        ("a:\n  en: [a]\n  es: b (f)\n  pt: c (f)\n", "t.yaml:2: a text is expected here"),
        ("a:\n  en: 'a  b'\n  es: b (f)\n  pt: c (f)\n", "t.yaml:2: 'a  b' is empty or has stray spaces"),
        ("a:\n  keep: A\n  en: a\n", "t.yaml:1: a stays as it is; write keep and, if need be, note, and nothing else"),
        ("a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not: x\n", "t.yaml:5: a list is expected here; begin its lines"),
        ("a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not:\n    - {es: d}\n", "t.yaml:6: say why: a key of reasons.yaml"),
        (
            "a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not:\n    - {es: d, why: ugly}\n",
            "t.yaml:6: 'ugly' is no reason; known: anglicism, british",
        ),
        (
            "a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not:\n    - {es: d, pt: e, why: literal}\n",
            "t.yaml:6: write one word as es:, pt: or en:",
        ),
        (
            "a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not:\n    - {es: d, why: false-friend}\n",
            "t.yaml:6: a false friend needs means",
        ),
        (
            "a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not:\n    - {es: d, why: false-friend, means: {es: x}}\n",
            "t.yaml:6: say what it means in en, es, pt",
        ),
        (
            "a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not:\n    - {es: d, why: literal, in: pt-BR}\n",
            "t.yaml:6: 'pt-BR' is no market of es",
        ),
        (
            "a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not:\n    - {es: d, why: vulgar, bound: always}\n",
            "t.yaml:6: bound: concept is the only word here",
        ),
        ("a:\n  en: a\n  es: b (f)\n  pt: c (f)\n  not:\n    - {es: b, why: literal}\n", "t.yaml:1: a has 'b' twice"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    """What was wrong, where, and what to write."""
    written(tmp_path, text, "t.yaml")

    with pytest.raises(TermFileError) as raised:
        read(tmp_path)

    assert str(raised.value).startswith(message)


def test_everyday_words_are_marked(tmp_path: Path) -> None:
    """In their language, whatever their capitals."""
    written(tmp_path, GOOD)
    written(tmp_path, "es: [Aro]\n", "ambiguous.yaml")

    assert {(term.text, term.locale) for term in read(tmp_path) if term.ambiguous} == {
        ("aro", "es-AR"),
        ("aro", "es-UY"),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("es: [mesa]\n", "ambiguous.yaml:1: 'mesa' is no term in es; take it out"),
        ("fr: [aro]\n", "ambiguous.yaml:1: 'fr' is no language of ours; known: en, es, pt"),
    ],
)
def test_an_everyday_word_that_is_no_term_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A slip in the list would mark nothing, and nobody would notice."""
    written(tmp_path, GOOD)
    written(tmp_path, text, "ambiguous.yaml")

    with pytest.raises(TermFileError) as raised:
        read(tmp_path)

    assert str(raised.value) == message


def test_a_concept_in_two_files_is_refused(tmp_path: Path) -> None:
    """Both places are told."""
    written(tmp_path, GOOD)
    written(tmp_path, "gots: {keep: GOTS}\n", "labels.yaml")

    with pytest.raises(TermFileError, match=r"^labels.yaml:1: gots is written in jewellery.yaml:11 too$"):
        read(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """The byte is told."""
    (tmp_path / "t.yaml").write_bytes("a: {en: año}".encode("latin-1"))

    with pytest.raises(TermFileError, match=r"^t.yaml:1: not UTF-8 at byte 9; save it as UTF-8$"):
        read(tmp_path)
