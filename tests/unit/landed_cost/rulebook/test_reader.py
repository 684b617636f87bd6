"""Strict YAML: what is written is what is read, and every surprise names its file and line."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from landed_cost.rulebook.reader import Node, RulebookError, read, read_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def node(text: str) -> Node:
    """Return the value of ``a`` in a document of two lines."""
    return read_text(f"# first\na: {text}\n", "f.yaml").need("a")


def said(read_it: Callable[[Node], object], text: str) -> str:
    """Return the error of reading ``text``."""
    with pytest.raises(RulebookError) as caught:
        read_it(node(text))
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "read_it", "value"),
    [
        ("x", Node.text, "x"),
        ('"NO"', Node.text, "NO"),
        ('"16.5"', Node.text, "16.5"),
        ("2026-02-28", Node.text, "2026-02-28"),
        ("true", Node.flag, True),
        ("false", Node.flag, False),
        ("2024-02-29", Node.day, date(2024, 2, 29)),
        ('"16.5"', Node.number, Fraction(33, 2)),
        ("800", Node.number, Fraction(800)),
        ("0", Node.number, Fraction(0)),
        ("-3", Node.whole, -3),
        ("[a, b]", Node.texts, ("a", "b")),
        ("{en: E, es: S, pt: P}", Node.translated, {"en": "E", "es": "S", "pt": "P"}),
        ("b", lambda one: one.word("a", "b"), "b"),
    ],
)
def test_what_is_written_is_read(text: str, read_it: Callable[[Node], object], value: object) -> None:
    """Each kind of value comes out exactly as it was written."""
    assert read_it(node(text)) == value


@pytest.mark.parametrize(
    ("text", "read_it", "message"),
    [
        ("NO", Node.text, "f.yaml:2: NO was read as true or false; put it in quotes"),
        ("on", Node.text, "f.yaml:2: on was read as true or false; put it in quotes"),
        ("0101", Node.text, "f.yaml:2: a text is expected, not '0101'; put it in quotes"),
        ("[a]", Node.text, "f.yaml:2: a text is expected, not"),
        ("c", lambda one: one.word("a", "b"), "f.yaml:2: 'c' is not one of a, b"),
        ("yes", Node.flag, "f.yaml:2: write true or false, not 'yes'"),
        ('"true"', Node.flag, "f.yaml:2: write true or false, not 'true'"),
        ("2026-2-3", Node.day, "f.yaml:2: '2026-2-3' is not a date; write YYYY-MM-DD"),
        ("2026-02-29", Node.day, "f.yaml:2: 2026-02-29 is not a day of the calendar; write YYYY-MM-DD"),
        ("[2026-02-28]", Node.day, "is not a date; write YYYY-MM-DD"),
        ("16.5", Node.number, 'f.yaml:2: 16.5 unquoted is a binary fraction; write "16.5" in quotes'),
        ("1e3", Node.number, "f.yaml:2: '1e3' is not a number; write digits with a decimal point, in quotes"),
        ("010", Node.number, "f.yaml:2: '010' is not a number; write digits with a decimal point, in quotes"),
        ("0x10", Node.number, "f.yaml:2: '0x10' is not a number; write digits with a decimal point, in quotes"),
        ('"1,5"', Node.number, "f.yaml:2: '1,5' is not a number; write digits with a decimal point, in quotes"),
        ('"\u0661"', Node.number, "is not a number"),
        ('"1.5"', Node.whole, "f.yaml:2: 1.5 is not a whole number"),
        (
            "a",
            lambda one: list(one.items()),
            "f.yaml:2: a list is expected here; write [a, b] or lines that begin with -",
        ),
        ("a", Node.map, "f.yaml:2: a map of keys is expected here; write key: value"),
        ("{en: E, es: S}", Node.translated, "f.yaml:2: pt is missing; add pt: ..."),
        ("{en: E, es: S, pt: P, fr: F}", Node.translated, "f.yaml:2: unknown key 'fr'; known here: en, es, pt"),
    ],
)
def test_a_surprise_is_an_error_that_says_what_to_write(
    text: str, read_it: Callable[[Node], object], message: str
) -> None:
    """What YAML would guess at is refused with its file and line."""
    assert message in said(read_it, text)


def test_null_counts_as_absent_but_is_written() -> None:
    """A key whose value is null reads as absent, and ``has`` still tells that it was written."""
    root = read_text("a: null\n", "f.yaml")

    assert (root.get("a"), root.has("a"), root.has("b"), root.take("a", Node.text, "-")) == (None, True, False, "-")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\nb: 2\n", "f.yaml:2: not YAML: "),
        ("a: \x07\n", "f.yaml:1: not YAML: "),
        ("", "f.yaml:1: the file is empty; begin with destination: CC"),
        ("x: 1\na: 1\na: 2\n", "f.yaml:3: key 'a' stands twice; keep one"),
        ("x: 1\nNO: 2\n", "f.yaml:2: key 'NO' was read as something else; put it in quotes"),
        ("? [a]\n: 2\n", "was read as something else; put it in quotes"),
        ("b: 1\na: &x [*x]\n", "f.yaml:2: an anchor (&) is used again by an alias (*); write the value out"),
        ("a: &x 1\nb: *x\n", "f.yaml:1: an anchor (&) is used again by an alias (*); write the value out"),
    ],
)
def test_a_broken_file_names_its_line(text: str, message: str) -> None:
    """What is no YAML, or no map of ours, stops with file and line."""
    with pytest.raises(RulebookError) as caught:
        read_text(text, "f.yaml")

    assert message in str(caught.value)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    """Bytes of another encoding are an error that says where and what to do."""
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: \xe9\n")

    with pytest.raises(RulebookError, match=r"^f\.yaml: byte 3 is not UTF-8; save the file as UTF-8$"):
        read(path)
