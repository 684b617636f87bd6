"""Two changes of one text: what each changed is kept, and where both did, what was written last, and it is said."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from listings.changes import Change, overlaid
from shopkit.services.listings import merge

NAMES = st.sampled_from(["title", "brand", "tags"])
TEXTS = st.dictionaries(NAMES, st.sampled_from(["a", "b", "c"]))


def test_variants_of_two_people_are_both_there() -> None:
    """A new one of each, told apart by their SKUs."""
    base = {"variants": [{"sku": "A", "stock": 1}]}
    theirs: dict[str, Any] = {"variants": [{"sku": "A", "stock": 1}, {"sku": "B"}]}
    ours: dict[str, Any] = {"variants": [{"sku": "A", "stock": 2}, {"sku": "C"}]}

    assert merge(base, theirs, ours).both == {"variants": [{"sku": "A", "stock": 2}, {"sku": "B"}, {"sku": "C"}]}


def test_the_same_change_of_both_is_no_clash() -> None:
    """Two people who corrected the same slip agree."""
    found = merge({"title": "Tasa"}, {"title": "Taza"}, {"title": "Taza"})

    assert (found.both, found.clashes) == ({"title": "Taza"}, ())


def test_a_clash_holds_theirs_and_ours() -> None:
    """So that a page can lay them side by side; ours stands in the text."""
    found = merge({"title": "Taza"}, {"title": "Taza azul"}, {"title": "Taza verde"})

    assert found.both == {"title": "Taza verde"}
    assert found.clashes == (Change(("title",), "Taza azul", "Taza verde"),)


def test_what_one_took_away_and_the_other_changed_is_a_clash_or_gone() -> None:
    """A market that the other took away is made anew by what we changed in it."""
    base = {"markets": [{"market": "US", "title": "Cup", "label": "x"}]}

    assert merge(base, {}, {"markets": [{"market": "US", "title": "Mug", "label": "x"}]}).both == {
        "markets": [{"market": "US", "title": "Mug", "label": "x"}]
    }
    assert merge(base, {"markets": [{"market": "US", "title": "Mug", "label": "x"}]}, {}).both == {}


@given(TEXTS, TEXTS, TEXTS)
def test_nothing_that_only_one_changed_is_lost(base: Any, theirs: Any, ours: Any) -> None:
    """Whatever the three texts are, field by field."""
    found = merge(base, theirs, ours).both

    for name in ("title", "brand", "tags"):
        changed = ours.get(name) != base.get(name)
        assert found.get(name) == (ours if changed else theirs).get(name)


@given(TEXTS, TEXTS)
def test_a_change_laid_over_its_own_text_is_that_text(before: Any, after: Any) -> None:
    """Overlaying differs from applying in nothing but that it does not look."""
    changes = [Change((name,), before[name], after[name]) for name in before.keys() & after.keys()]

    assert overlaid(before, changes) == before | {name: after[name] for name in before.keys() & after.keys()}
