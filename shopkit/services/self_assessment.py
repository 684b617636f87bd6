"""The company's self-assessment: a dozen questions on what decides whether a first market works out, and next steps.

Points are counted in the open: each question has a weight, "yes" brings all of it, "partly" half, "no" nothing. What is
not answered is not known, and the points are a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import half_up
from landed_cost.rulebook.reader import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWERS: Final = ("yes", "partly", "no")
THEMES: Final = (
    "product",
    "capacity",
    "costs",
    "papers",
    "language",
    "payment",
    "delivery",
    "aftersales",
    "people",
)
_HUNDRED: Final = 100
_FILE: Final = "self_assessment.yaml"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its weight, and what to do where the answer is not yes; ``page`` helps with that."""

    id: str
    theme: str
    weight: int
    question: Mapping[str, str]
    step: Mapping[str, str]
    page: str | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """How ready a company says it is: points of 100 from ``low`` to ``high``, and the steps, the weightiest first.

    ``low`` takes every question without an answer for a no, ``high`` for a yes. ``answered`` of ``asked`` questions.
    """

    low: int
    high: int
    answered: int
    asked: int
    steps: tuple[Question, ...]


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions in the order they are asked in."""
    text = files("shopkit.services").joinpath(_FILE).read_text("utf-8")
    found = []
    for id_, node in read_text(text, _FILE).map().items():
        found.append(
            Question(
                id_,
                node.need("theme").word(*THEMES),
                node.need("weight").whole(),
                node.need("question").translated(),
                node.need("step").translated(),
                node.take("page", lambda one: one.text(), None),
            )
        )
        node.done()
    return tuple(found)


def known(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers to questions that are asked, and only those that can be given."""
    asked = {one.id for one in questions()}
    return {id_: answer for id_, answer in answers.items() if id_ in asked and answer in ANSWERS}


def assess(answers: Mapping[str, str]) -> Assessed:
    """Return what the answers come to."""
    given = known(answers)
    # In halves, because partly is half: every sum is exact.
    halves = {"yes": 2, "partly": 1, "no": 0}
    whole = 2 * sum(one.weight for one in questions())
    sure = sum(one.weight * halves[given[one.id]] for one in questions() if one.id in given)
    open_ = 2 * sum(one.weight for one in questions() if one.id not in given)
    steps = [one for one in questions() if given.get(one.id) in {"partly", "no"}]
    steps.sort(key=lambda one: one.weight * (halves[given[one.id]] - 2))
    return Assessed(
        half_up(sure * _HUNDRED, whole),
        half_up((sure + open_) * _HUNDRED, whole),
        len(given),
        len(questions()),
        tuple(steps),
    )
