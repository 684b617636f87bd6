"""The one question that separates what a description may be: between things, or between the codes of one thing.

>>> from landed_cost.classify import classify
>>> question_between(classify("remera", "es"), "es").text
'¿De qué fibra es más de la mitad del peso: algodón - lana - fibra sintética?'
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from landed_cost.vocabulary import load_kinds, load_questions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from landed_cost.classify import Candidate

# Candidates this far behind the first are named, and not asked about.
_IN_QUESTION: Final = 25
_BETWEEN: Final = " / "


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in one language, and the answers to it: code of six digits and what it is called."""

    text: str
    answers: tuple[tuple[str, str], ...]


def question_between(candidates: Sequence[Candidate], language: str) -> Asked | None:
    """Return what to ask about candidates as :func:`classify` ranks them; ``None`` where nothing is open.

    Different things are told apart first, each answered by its likeliest code; then the codes of one thing, by the
    question of its own or, without one, by what sets the codes apart or the official texts. ``language`` is ``es``,
    ``pt`` or ``en``.
    """
    highest = max((one.score for one in candidates), default=0)
    open_ = [one for one in candidates if one.score >= highest - _IN_QUESTION]
    things: dict[str, Candidate] = {}
    for one in open_:
        things.setdefault(one.name[language], one)
    if len(things) > 1:
        text = load_questions()["which_thing"][language].format(things=_BETWEEN.join(things))
        return Asked(text, tuple((one.hs6, one.label[language]) for one in things.values()))
    if len(open_) < 2:  # noqa: PLR2004 - between one there is nothing to choose
        return None
    question = open_[0].question
    if question is None and len({one.label[language] for one in open_}) == len(open_):
        # The describing words in the title chose already.
        return None
    if question is None:
        worded = all(one.hs6 in load_kinds() for one in open_)
        question = load_questions()["which_words" if worded else "which_text"]
    return Asked(question[language], tuple((one.hs6, one.label[language]) for one in open_))


def told_apart(candidates: Sequence[Candidate], language: str) -> Mapping[str, str | None]:
    """Return what sets each code apart whose name does not; ``None`` where we have no words for it.

    Codes of one name are told apart together: where two of them share a label, the third has its words too. A code
    that its name and its describing words tell from all others is not among them.

    >>> from landed_cost.classify import classify
    >>> told_apart(classify("quesillo", "es"), "es")["040610"]
    'fresco, sin madurar; cuajada y requesón'
    """
    by_name: dict[str, list[Candidate]] = {}
    for one in candidates:
        by_name.setdefault(one.name[language], []).append(one)
    words = load_kinds()
    return {
        one.hs6: words[one.hs6][language] if one.hs6 in words else None
        for same in by_name.values()
        if len({one.label[language] for one in same}) < len(same)
        for one in same
    }
