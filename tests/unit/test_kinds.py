"""What tells the codes of one everyday word apart, in the words of who makes the thing."""

from __future__ import annotations

import pytest

from landed_cost.vocabulary import LANGUAGES, load_kinds, load_vocabulary
from shopkit.services import hs

# How many codes share their name with another code of the same thing and have no words yet; it may only fall.
LACKING = 0
LONGEST = 60


def test_codes_that_share_a_name_say_what_they_are() -> None:
    """Of the codes that their name does not tell from another of the same thing, no more than these lack words."""
    lacking = {
        code.hs6
        for thing in load_vocabulary().things
        for code in thing.codes
        if any(other.label == code.label and other.hs6 != code.hs6 for other in thing.codes)
    } - load_kinds().keys()

    assert len(lacking) == LACKING


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_codes_found_are_called_the_same(language: str) -> None:
    """Whatever thing is looked for by its name, every code in the list can be told from the others."""
    same = [
        (thing.name[language], names)
        for thing in load_vocabulary().things
        for names in [[one["name"] for one in hs.suggest(thing.name[language], language, None).results]]
        if len(set(names)) < len(names)
    ]

    assert same == []


def test_kinds_are_a_few_words() -> None:
    """Each fits beside its code on a phone, and is no sentence."""
    odd = [
        (hs6, words)
        for hs6, kind in load_kinds().items()
        for words in kind.values()
        if len(words) > LONGEST or words.endswith(".") or words != words.strip()
    ]

    assert odd == []


def test_every_kind_is_of_a_code_that_is_offered() -> None:
    """No row is of a code that no word leads to, and each is said in three languages."""
    offered = {code.hs6 for thing in load_vocabulary().things for code in thing.codes}

    assert set(load_kinds()) - offered == set()
    assert [hs6 for hs6, kind in load_kinds().items() if tuple(kind) != LANGUAGES or not all(kind.values())] == []


def test_no_two_codes_of_one_word_are_the_same_kind() -> None:
    """Where two codes of a thing have a kind, the kinds differ in every language."""
    same = [
        (thing.name["en"], code.hs6, other.hs6)
        for thing in load_vocabulary().things
        for place, code in enumerate(thing.codes)
        for other in thing.codes[place + 1 :]
        for language in LANGUAGES
        if code.hs6 != other.hs6
        and code.hs6 in load_kinds()
        and other.hs6 in load_kinds()
        and load_kinds()[code.hs6][language] == load_kinds()[other.hs6][language]
    ]

    assert same == []


@pytest.mark.parametrize(
    ("words", "language", "names"),
    [
        (
            "quesillo",
            "es",
            [
                "quesillo: madurado o curado, los demás quesos",
                "quesillo: fresco, sin madurar; cuajada y requesón",
                "quesillo: fundido, sin rallar",
                "quesillo: rallado o en polvo",
            ],
        ),
        (
            "caneca esmaltada",
            "pt",
            [
                "caneca esmaltada: de ferro ou aço, com esmalte (ágata)",
                "caneca esmaltada: de ferro ou aço, sem esmalte",
            ],
        ),
        (
            "cutting board",
            "en",
            [
                "cutting board: table or kitchen piece, other wood",
                "cutting board: board of bamboo",
                "cutting board: box, case or inlaid work",
            ],
        ),
    ],
)
def test_candidates_of_one_word_can_be_told_apart(words: str, language: str, names: list[str]) -> None:
    """Each code says what it is, in the list and among the answers to the question."""
    found = hs.suggest(words, language, None)

    assert found.question is not None
    assert [one["name"] for one in found.results] == names
    assert [one["name"] for one in found.question["answers"]] == names
