"""The sentences of the doors: whole in three languages, for every fault that pydantic or the engine can name."""

from __future__ import annotations

import re

import pytest

from listings import model
from shopkit.services import problems, schemas

_FIELD = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("code", sorted(problems.codes()))
def test_a_sentence_needs_the_same_in_every_language(code: str) -> None:
    """The three languages of a sentence have the same parameters, and say something different."""
    texts = problems._sentences()[code]

    assert set(texts) == {"en", "es", "pt"}
    assert len({tuple(sorted(_FIELD.findall(text))) for text in texts.values()}) == 1
    assert texts["en"] != texts["es"]


def test_every_pattern_has_its_code() -> None:
    """Each pattern of the shapes leads to a code with a sentence."""
    patterns = {
        value
        for shapes in (schemas, model)
        for name, value in vars(shapes).items()
        if name.isupper() and isinstance(value, str) and value[0] == "^"
    }

    assert patterns == set(problems._BY_PATTERN)
    assert set(problems._BY_PATTERN.values()) | set(problems._BY_TYPE.values()) <= problems.codes()


def test_a_code_of_the_engine_is_rendered_by_it() -> None:
    """A code that the doors do not know is asked of the engine, its action behind its message."""
    text = problems.sentence("freight.absent", {"percent": "50"}, "es")

    assert text != "freight.absent"
    assert "{" not in text


def test_an_unknown_code_is_itself() -> None:
    """A code that nobody knows is shown as it is, so that an answer never fails on it."""
    assert problems.sentence("nobody.knows", {}, "en") == "nobody.knows"


@pytest.mark.parametrize(
    ("location", "pointer"),
    [((), ""), (("items", 0, "id"), "/items/0/id"), (("a/b", "c~d", ""), "/a~1b/c~0d/")],
)
def test_a_pointer_is_written_as_the_standard_says(location: tuple[str | int, ...], pointer: str) -> None:
    """RFC 6901: a slash within a name is ~1, a tilde ~0, an empty name is a name."""
    assert problems.pointer(location) == pointer


def test_an_error_names_its_problems() -> None:
    """The exception itself says where and what, for logs."""
    error = problems.RequestError([problems.RequestProblem("/date", "date.impossible")])

    assert str(error) == "/date: date.impossible"
