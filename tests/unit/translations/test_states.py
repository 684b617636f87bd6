"""Three axes of a text's state, and what may leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from translations.states import REVIEWS, STRICT, Allowance, Origin, State, may_leave

if TYPE_CHECKING:
    from translations.freshness import Freshness

FRESH: Final[tuple[Freshness, ...]] = ("current", "changed", "missing")
DRAFTED = Origin("engine", engine="apertium", version="3.8.3", direction="spa-eng", at="2026-11-27T12:00:00+00:00")


def test_what_a_person_made_of_a_machines_draft_stays_known_as_such() -> None:
    """However often it is edited, one person stands over the machine."""
    edited = DRAFTED.edited().edited()

    assert edited == Origin("person", after=DRAFTED)
    assert edited.machine == DRAFTED
    assert Origin("person").machine is None


@pytest.mark.parametrize("origin", [DRAFTED.edited(), Origin("memory", match=87), Origin("import", name="a.tmx")])
def test_an_origin_comes_back_from_json(origin: Origin) -> None:
    """With all that is under it."""
    assert Origin.of(origin.to_dict()) == origin


def test_only_what_is_approved_and_current_and_clean_leaves() -> None:
    """Of all states there are, one."""
    states = [
        State(review, fresh, blocked) for review in (*REVIEWS, None) for fresh in FRESH for blocked in (False, True)
    ]

    assert [one for one in states if not may_leave(one, STRICT)] == [State("approved", "current")]


@pytest.mark.parametrize(
    ("state", "allowance", "held"),
    [
        (State("draft", "changed", blocked=True), STRICT, ("unapproved", "changed", "finding")),
        (State("draft", "changed"), Allowance(unapproved=True), ("changed",)),
        (State("draft", "changed"), Allowance(unapproved=True, changed=True), ()),
        (State("rejected", "current"), Allowance(unapproved=True, changed=True), ("rejected",)),
        (State("approved", "current", blocked=True), Allowance(unapproved=True, changed=True), ("finding",)),
        (State(None, "missing"), Allowance(unapproved=True, changed=True), ("missing",)),
    ],
)
def test_a_seller_may_let_out_more_by_a_channel(state: State, allowance: Allowance, held: tuple[str, ...]) -> None:
    """Drafts and stale texts where that was said; never what was rejected, or what a check stops."""
    assert may_leave(state, allowance) == held
