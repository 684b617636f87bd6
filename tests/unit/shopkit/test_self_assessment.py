"""The company's self-assessment: points in the open, a range for what is not answered, the weightiest step first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from shopkit.services.self_assessment import ANSWERS, THEMES, assess, known, questions

if TYPE_CHECKING:
    from collections.abc import Mapping

IDS = [one.id for one in questions()]


def test_the_weights_are_points_of_a_hundred() -> None:
    """Every theme is asked about, and all weights together are a hundred."""
    assert sum(one.weight for one in questions()) == 100
    assert {one.theme for one in questions()} == set(THEMES)


def test_every_sentence_is_in_three_languages() -> None:
    """Questions and steps in Spanish, Portuguese and English, none of them empty."""
    sentences = [text for one in questions() for text in (one.question, one.step)]

    assert [dict(text) for text in sentences if set(text) != {"es", "pt", "en"} or not all(text.values())] == []


def test_yes_partly_and_no_count_whole_half_and_nothing() -> None:
    """8 for a yes, 5 of 10 for a partly, nothing of 6 for a no: 13 of the 24 that were answered."""
    found = assess({"product.proven": "yes", "costs.known": "partly", "papers.origin": "no"})

    assert (found.low, found.high, found.answered, found.asked) == (13, 13 + 76, 3, 13)
    # A no of 6 weighs more than half of 10.
    assert [one.id for one in found.steps] == ["papers.origin", "costs.known"]


def test_what_is_no_answer_is_passed_over() -> None:
    """Other questions and other answers are nobody's."""
    assert known({"product.proven": "YES", "costs.known": "no", "other": "yes", "papers.origin": 1}) == {
        "costs.known": "no"
    }


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(ANSWERS)))
def test_the_range_closes_with_the_last_answer(answers: Mapping[str, str]) -> None:
    """It lies within a hundred, and is one figure only where everything is answered."""
    found = assess(answers)

    assert 0 <= found.low <= found.high <= 100
    assert (found.low == found.high) == (len(answers) == len(IDS))
    assert len(found.steps) == sum(1 for answer in answers.values() if answer != "yes")
