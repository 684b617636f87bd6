"""Changes of a listing: found field by field, made, and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.changes import ABSENT, Change, ConflictError, applied, differences

SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2)
NAMES = st.sampled_from(["title", "price", "amount", "tags"])
FIELDS: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.lists(SCALARS, min_size=1, max_size=2),
    lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=3),
    max_leaves=6,
)


def keyed(name: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return lists of rows that a key tells apart."""
    rows = st.dictionaries(st.sampled_from(["S", "M", "L"]), st.dictionaries(NAMES, FIELDS, max_size=2), min_size=1)
    return rows.map(lambda found: [{name: key} | row for key, row in found.items()])


DOCUMENTS = st.fixed_dictionaries(
    {}, optional={"variants": keyed("sku"), "markets": keyed("market"), "title": SCALARS, "aftercare": FIELDS}
)


def sorted_rows(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose rows stand by their key: a row that was taken out comes back at the end."""
    found = dict(document)
    for name, key in (("variants", "sku"), ("markets", "market")):
        if name in found:
            found[name] = sorted(found[name], key=lambda row: row[key])
    return found


@given(DOCUMENTS, DOCUMENTS)
def test_what_differs_makes_one_of_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The changes, made on the one, give the other."""
    assert sorted_rows(applied(before, differences(before, after))) == sorted_rows(after)


@given(DOCUMENTS, DOCUMENTS)
def test_changes_taken_back_leave_what_was(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The inverses, made in turn on the other, give the one."""
    inverses = [change.inverse for change in reversed(differences(before, after))]

    assert sorted_rows(applied(after, inverses)) == sorted_rows(before)


@given(DOCUMENTS, DOCUMENTS)
def test_a_change_is_written_as_json_and_read_again(before: dict[str, Any], after: dict[str, Any]) -> None:
    """A side that was absent stays absent, and null stays null."""
    found = differences(before, after)

    assert [Change.of(change.to_dict()) for change in found] == found


def test_variants_are_told_apart_by_their_sku() -> None:
    """A price of one variant is one change, wherever the variant stands."""
    before = {"variants": [{"sku": "S", "stock": 3}, {"sku": "M", "stock": 4}]}
    after = {"variants": [{"sku": "M", "stock": 4}, {"sku": "S", "stock": 2}]}

    assert differences(before, after) == [Change(("variants", "S", "stock"), 3, 2)]


def test_a_change_is_taken_back_whatever_else_changed_since() -> None:
    """Only its own fields are looked at."""
    change = Change(("title",), "Aretes", "Aros")

    assert applied({"title": "Aros", "brand": "Oax"}, [change.inverse]) == {"title": "Aretes", "brand": "Oax"}


@pytest.mark.parametrize(
    ("document", "change"),
    [
        ({"title": "Zarcillos"}, Change(("title",), "Aretes", "Aros")),
        ({}, Change(("title",), "Aretes", "Aros")),
        ({}, Change(("lot", "grade"), "A", ABSENT)),
        ({"lot": "A"}, Change(("lot", "grade"), "A", ABSENT)),
        ({"lot": "A"}, Change(("lot", "grade"), ABSENT, "A")),
    ],
)
def test_a_field_that_changed_again_is_a_conflict(document: dict[str, Any], change: Change) -> None:
    """What somebody wrote meanwhile is not overwritten, and the field is named."""
    with pytest.raises(ConflictError) as caught:
        applied(document, [change])

    assert caught.value.paths == (change.path,)
