"""The one question that separates what a description may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from landed_cost.asking import Asked, question_between
from landed_cost.classify import Candidate, classify


def candidate(hs6: str, score: int, name: str, label: str | None = None, question: str | None = None) -> Candidate:
    """Return a candidate that is called the same in every language."""
    same = ("es", "pt", "en")
    return Candidate(
        hs6,
        score,
        (name,),
        None if question is None else dict.fromkeys(same, question),
        dict.fromkeys(same, name),
        dict.fromkeys(same, label or name),
    )


def test_nothing_found_asks_nothing() -> None:
    """Without candidates there is nothing to ask."""
    assert question_between((), "es") is None


def test_one_code_asks_nothing() -> None:
    """A single code has nothing beside it to be told from."""
    assert question_between((candidate("820110", 90, "shovel"),), "en") is None


def test_different_things_are_told_apart_first() -> None:
    """Between two things the question is which of them it is, answered by the likeliest code of each."""
    found = (
        candidate("170113", 90, "panela", question="Sugar?"),
        candidate("170114", 87, "panela", question="Sugar?"),
        candidate("732393", 79, "olla", "olla (acero)"),
    )

    assert question_between(found, "es") == Asked(
        "¿Qué es: panela / olla?", (("170113", "panela"), ("732393", "olla (acero)"))
    )


def test_codes_of_one_thing_have_its_question() -> None:
    """Between codes of one thing the question is the thing's own."""
    found = (
        candidate("610910", 88, "remera", "remera (algodón)", "¿De qué fibra?"),
        candidate("610990", 85, "remera", "remera (lana)", "¿De qué fibra?"),
    )

    assert question_between(found, "es") == Asked(
        "¿De qué fibra?", (("610910", "remera (algodón)"), ("610990", "remera (lana)"))
    )


def test_without_a_question_of_its_own_the_official_texts_are_pointed_to() -> None:
    """Codes that our words do not tell apart are told apart by the tariff's."""
    found = (candidate("711890", 90, "coin"), candidate("711810", 87, "coin"))

    assert question_between(found, "en") == Asked(
        "Which of the official texts describes it best?", (("711890", "coin"), ("711810", "coin"))
    )


def test_what_the_title_answers_is_not_asked() -> None:
    """Where the describing words chose, and no question is left, nothing is asked."""
    found = (candidate("610910", 95, "remera", "remera (algodón)"), candidate("610990", 72, "remera", "remera (lana)"))

    assert question_between(found, "es") is None


def test_what_is_far_behind_is_not_asked_about() -> None:
    """A candidate more than 25 behind the first is shown and not asked about."""
    near = (candidate("820110", 90, "shovel"), candidate("961519", 65, "comb"))
    far = (candidate("820110", 90, "shovel"), candidate("961519", 64, "comb"))

    assert question_between(near, "en") is not None
    assert question_between(far, "en") is None


@given(st.text(max_size=200), st.sampled_from(["es", "pt", "en"]))
def test_any_text_can_be_asked_about(text: str, language: str) -> None:
    """Whatever was typed, a question has at least two answers, each a candidate."""
    found = classify(text, language, 10, partly=True)

    asked = question_between(found, language)

    if asked is not None:
        assert len(asked.answers) >= 2
        assert {hs6 for hs6, _ in asked.answers} <= {one.hs6 for one in found}
