"""The one question that separates what a description may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from landed_cost.asking import Asked, question_between, told_apart
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
    found = (candidate("711890", 90, "coin"), candidate("999999", 87, "coin"))

    assert question_between(found, "en") == Asked(
        "Which of the official texts describes it best?", (("711890", "coin"), ("999999", "coin"))
    )


def test_without_a_question_of_its_own_what_sets_the_codes_apart_is_the_answer() -> None:
    """Where every code has words that set it apart, nobody is sent to the tariff to choose."""
    found = (candidate("490210", 90, "magazine"), candidate("490290", 87, "magazine"))

    assert question_between(found, "en") == Asked(
        "Which describes it best?", (("490210", "magazine"), ("490290", "magazine"))
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


def test_codes_of_one_name_are_told_apart_by_what_each_is() -> None:
    """Where the name is the same, each code has the words that set it apart, in the language."""
    found = (candidate("040610", 88, "quesillo"), candidate("040620", 85, "quesillo"))

    assert told_apart(found, "es") == {
        "040610": "fresco, sin madurar; cuajada y requesón",
        "040620": "rallado o en polvo",
    }
    assert told_apart(found, "pt") == {
        "040610": "fresco, sem maturação; coalhada e ricota",
        "040620": "ralado ou em pó",
    }


def test_a_third_code_of_the_name_is_told_apart_with_the_two() -> None:
    """A code whose describing words set it apart has its words too, where two others of its name have no such words."""
    found = (
        candidate("441990", 90, "board", "board (wood)"),
        candidate("441911", 87, "board"),
        candidate("442090", 84, "board"),
    )

    assert told_apart(found, "en") == {
        "441990": "table or kitchen piece, other wood",
        "441911": "board of bamboo",
        "442090": "box, case or inlaid work",
    }


def test_what_its_name_tells_apart_needs_no_more() -> None:
    """Different things, and codes that the describing words tell apart, are left as they are."""
    found = (
        candidate("040610", 88, "quesillo"),
        candidate("610910", 85, "remera", "remera (algodón)"),
        candidate("610990", 85, "remera", "remera (lana)"),
    )

    assert told_apart(found, "es") == {}


def test_a_code_without_words_is_known_to_lack_them() -> None:
    """Where there are no words for a code, that is said and none are made up."""
    found = (candidate("490210", 90, "magazine"), candidate("999999", 87, "magazine"))

    assert told_apart(found, "en") == {"490210": "appears four times a week or more", "999999": None}


@given(st.text(max_size=200), st.sampled_from(["es", "pt", "en"]))
def test_any_text_can_be_asked_about(text: str, language: str) -> None:
    """Whatever was typed, a question has at least two answers, each a candidate."""
    found = classify(text, language, 10, partly=True)

    asked = question_between(found, language)

    if asked is not None:
        assert len(asked.answers) >= 2
        assert {hs6 for hs6, _ in asked.answers} <= {one.hs6 for one in found}
