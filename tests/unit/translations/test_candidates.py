"""Sifting: nothing near is lost, whatever the texts; and what comes back is what comparing all gives."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from translations import candidates
from translations.candidates import Candidates

SENTENCE = "playera de algodón bordada a mano en Oaxaca con hilo rojo talla y ñandú"
WORDS = [*SENTENCE.split(" "), "\ue001", "\ue000", "手", "🧵"]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join)
TEXTS = st.one_of(st.text(max_size=40), st.text("ab ", max_size=60), SENTENCES)
THRESHOLDS = st.one_of(st.sampled_from([0.5, 0.6, 0.75, 0.8, 0.9, 1.0]), st.floats(0.3, 1.0))


def outright(texts: list[str], text: str, threshold: float) -> list[tuple[int, float]]:
    """Compare with every text."""
    distinct = list(dict.fromkeys(texts))
    scores = [(number, Indel.normalized_similarity(text, other)) for number, other in enumerate(distinct)]
    near = [(number, score) for number, score in scores if score >= threshold]
    return sorted(near, key=lambda one: (-one[1], one[0]))


@settings(max_examples=150)
@given(st.lists(TEXTS, max_size=30), TEXTS, THRESHOLDS)
def test_nothing_near_is_lost(texts: list[str], text: str, threshold: float) -> None:
    """What is found is what comparing with every text finds, in the same order."""
    assert Candidates(texts).near(text, threshold) == outright(texts, text, threshold)


@given(st.lists(TEXTS, max_size=12), st.lists(TEXTS, max_size=12), TEXTS)
def test_a_text_that_came_later_is_found_as_well(early: list[str], late: list[str], text: str) -> None:
    """Whether it is sorted in already or not."""
    found = Candidates(early)
    for one in late:
        found.add(one)

    assert found.near(text, 0.6) == outright(early + late, text, 0.6)


def test_what_lies_at_the_threshold_exactly_is_found() -> None:
    """Twice six signs of twenty are six tenths, however a cut-off is rounded."""
    assert Candidates(["0000000000000"]).near("0000001", 0.6) == [(0, 0.6)]


def test_texts_are_sorted_in_when_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding one by one over several rounds of sorting gives what comes from all at once."""
    monkeypatch.setattr(candidates, "_TAIL", 7)
    chance = random.Random(7)  # noqa: S311  # the same texts in every run
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 60))) for _ in range(100)]
    found = Candidates()
    for text in texts:
        found.add(text)

    assert [found.near(text, 0.7) for text in texts[:20]] == [outright(texts, text, 0.7) for text in texts[:20]]


@given(st.lists(st.sampled_from(WORDS), min_size=10, max_size=30).map(" ".join))
def test_a_text_is_as_near_as_can_be_to_itself(text: str) -> None:
    """Bits on which several of its signs or pairs fall lose nothing, even where all are asked for."""
    assert Candidates([text, "playera"]).near(text, 1.0) == [(0, 1.0)]


@pytest.mark.parametrize("length", [254, 255, 256, 400, 3_000])
def test_long_texts_are_found(length: int) -> None:
    """Counts that do not fit a byte lose nothing."""
    text = "e" * length

    assert Candidates([text, "e" * 10]).near(text + "s", 0.9) == outright([text], text + "s", 0.9)


def test_a_text_has_one_number() -> None:
    """The same text again is the same text."""
    found = Candidates(["a", "b", "a"])

    assert (len(found), found.add("b"), found.add("c"), found.number("c"), found.number("d")) == (2, 1, 2, 2, None)


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.1])
def test_a_threshold_that_says_nothing_is_refused(threshold: float) -> None:
    """At zero every text is near, and above one none is."""
    with pytest.raises(ValueError, match="a threshold lies above 0 and is at most 1"):
        Candidates(["a"]).near("a", threshold)
