"""The sentences behind the codes of a quote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import landed_cost
from landed_cost.messages import _sentences, codes, render

CODE = re.compile(
    r'"((?:rule|fee|schedule|hs|duty|measure|charge|exemption|list|attribute|freight|insurance|prior_use|fx|origin|region|date|destination|dispatch|regime|item|restriction|price_includes|preference|weight|advice|question|export|overlay|lane|shelf_life|time|terms)\.[a-z_]+)"'
)  # one pattern
FIELD = re.compile(r"\{([a-z_]+)\}")
# Codes of problems in a request; the doors have the sentences of these.
OF_REQUESTS = {
    "attribute.unknown",
    "attribute.value",
    "hs.invalid",
    "hs.unknown",
    "measure.invalid",
    "measure.unknown",
    "measure.zero",
    "region.unknown",
    "date.range",
}


def used() -> set[str]:
    """Return every code of a reason that the engine's own text names."""
    folder = Path(landed_cost.__file__).parent
    texts = [path.read_text("utf-8") for path in folder.glob("*.py")]
    texts += [path.read_text("utf-8") for path in (folder / "rulebook").glob("*.py")]
    return {code for text in texts for code in CODE.findall(text)}


def test_every_code_has_a_sentence() -> None:
    """No reason is shown as a bare code."""
    assert used() - codes() == OF_REQUESTS


def test_no_sentence_is_left_over() -> None:
    """A sentence that nothing says is dead text; two of them are put together of a stem and a status."""
    # Whether origin matters, and what to do next, is said by the application.
    ours = {code for code in codes() if code.startswith(("origin.next_", "origin.needed"))}

    assert codes() - used() - ours == {"rule.memory"}


@pytest.mark.parametrize("code", sorted(codes()))
def test_the_three_languages_say_the_same_things(code: str) -> None:
    """Every parameter of one language stands in the others."""
    found = _sentences()[code]
    fields = [{*FIELD.findall(message), *FIELD.findall(action or "")} for message, action in found.values()]

    assert fields[0] == fields[1] == fields[2]
    assert len({action is None for _, action in found.values()}) == 1


def test_parameters_are_filled_in() -> None:
    """A parameter given per language is taken in the language of the reader."""
    params = {"heading": "99.01", "attribute": "used", "question_en": "New?", "question_es": "¿Nuevo?"}

    assert render("exemption.asked", params, "es") == (
        "Una exención (99.01) depende de una respuesta: ¿Nuevo?",
        "Responde «used» con yes o no.",
    )


def test_an_absent_parameter_stays_as_written() -> None:
    """An old stored answer never makes a new program fail."""
    assert render("rule.unknown", {}, "en")[0] == "The amount of “{what}” on this date is not known."


def test_a_sentence_may_have_no_action() -> None:
    """Some things are only said."""
    assert render("regime.none", {}, "en")[1] is not None
    assert render("preference.no_saving", {}, "en") == ("Nothing would be saved.", None)


def test_the_rulebook_brings_sentences_of_its_own() -> None:
    """A refusal of law carries message and action in its parameters."""
    params = {"message_en": "No importer.", "action_en": "Register."}

    assert render("qz.ddp", params, "en") == ("No importer.", "Register.")
    assert render("qz.ddp", params, "pt") == ("qz.ddp", None)
