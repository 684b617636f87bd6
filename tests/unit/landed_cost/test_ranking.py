"""BM25: which texts say most of what was asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from landed_cost.ranking import Ranking

TEXTS = [["red", "wine"], ["white", "wine", "vinegar"], ["red", "beans"], ["wine", "wine", "glass"]]


def test_text_with_more_of_the_words_comes_first() -> None:
    """What holds both words stands before what holds one."""
    assert [place for place, _ in Ranking(TEXTS).best(["red", "wine"], 1)] == [0]


def test_rare_word_says_more_than_a_common_one() -> None:
    """Of two texts that hold one word each, the one with the word that few texts hold comes first."""
    assert [place for place, _ in Ranking(TEXTS).best(["wine", "beans"], 1)] == [2]


def test_shorter_text_is_nearer() -> None:
    """Of two texts that hold the same word once, the shorter one comes first."""
    ranking = Ranking([["tea", "with", "milk", "and", "sugar"], ["tea", "cup"], ["bread"]])

    assert [place for place, _ in ranking.best(["tea"], 5)] == [1, 0]


def test_repeating_counts_a_little() -> None:
    """A text that repeats the word comes before one as long that does not."""
    ranking = Ranking([["tea", "cup", "red"], ["tea", "tea", "red"], ["bread", "and", "butter"]])

    assert [place for place, _ in ranking.best(["tea"], 5)] == [1, 0]


def test_word_asked_twice_counts_once() -> None:
    """Repeating a word of the question changes nothing."""
    ranking = Ranking(TEXTS)

    assert ranking.best(["red", "red"], 5) == ranking.best(["red"], 5)


def test_nothing_to_find() -> None:
    """Without texts, words, or a text that holds one, nothing comes back."""
    assert Ranking([]).best(["tea"], 5) == []
    assert Ranking([[]]).best(["tea"], 5) == []
    assert Ranking(TEXTS).best([], 5) == []
    assert Ranking(TEXTS).best(["tea"], 5) == []


@given(st.lists(st.lists(st.sampled_from("abcde"), max_size=6), max_size=8), st.lists(st.sampled_from("abcdef")))
def test_points_are_positive_and_in_order(texts: list[list[str]], words: list[str]) -> None:
    """Whatever is asked, only texts that hold a word come back, each once, the best first."""
    found = Ranking(texts).best(words, len(texts))

    assert sorted(place for place, _ in found) == [at for at, text in enumerate(texts) if set(text) & set(words)]
    assert all(points > 0 for _, points in found)
    assert [points for _, points in found] == sorted((points for _, points in found), reverse=True)
