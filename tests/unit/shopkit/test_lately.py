"""Results that are kept: worked out once under one law, forgotten with it, never more than so many."""

from __future__ import annotations

from shopkit.services.lately import Lately


def test_a_result_is_worked_out_once_under_a_law() -> None:
    """The same name gives what was kept; another law, equal or not, works it out anew."""
    kept: Lately[int] = Lately(10)
    first, second = object(), object()

    found = [kept.get(law, "a", lambda at=at: at) for at, law in enumerate((first, first, second, first))]  # type: ignore[misc]

    assert found == [0, 0, 2, 3]


def test_the_longest_unused_is_forgotten() -> None:
    """Of three names in room for two, the one not asked for lately goes."""
    kept: Lately[str] = Lately(2)
    law = object()
    for name in ("a", "b", "a", "c"):
        kept.get(law, name, lambda: "old")

    assert [kept.get(law, name, lambda: "new") for name in ("a", "c", "b")] == ["old", "old", "new"]
