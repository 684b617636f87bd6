"""First markets to try: each part of the score from the figure it names."""

from __future__ import annotations

from typing import Any

import pytest

from landed_cost import load_rulebook
from listings.first_markets import LANGUAGES, WEIGHTS, Candidate, PartScore, first_markets


def answer(**more: Any) -> dict[str, Any]:
    """Return what is looked at of a quote: 20 % charges, one paper, ten days, a preference to be had."""
    plain: dict[str, Any] = {
        "date": "2026-11-20",
        "assessment": {"outcome": "estimated", "reasons": []},
        "totals": {"goods": "50.00"},
        "range": {"import_charges": {"low": "5.00", "high": "10.00"}},
        "restrictions": [{"severity": "requires", "certain": True}, {"severity": "advises", "certain": True}],
        "delivery": {"likely": "2026-11-30"},
        "preferences": [{"claimed": False, "available": True}],
    }
    return plain | more


def points(*, languages: tuple[str, ...] = ("es-MX",), market: str = "CL", **more: Any) -> dict[str, int]:
    """Return the points of each part."""
    (found,) = first_markets({market: answer(**more)}, languages)
    return {one.part: one.points for one in found.parts}


def test_a_score_is_the_sum_of_its_parts() -> None:
    """60 × 30 + 75 × 25 + 67 × 20 + 50 × 15 + 100 × 10 = 6,765: 68 of 100, each part with its figure."""
    assert first_markets({"CL": answer()}, ["es-MX"]) == (
        Candidate(
            "CL",
            68,
            (
                PartScore("charges", 60, 30, "20 %"),
                PartScore("restrictions", 75, 25, "1"),
                PartScore("nearness", 67, 20, "10"),
                PartScore("preference", 50, 15, "available"),
                PartScore("language", 100, 10, "es"),
            ),
            "estimated",
        ),
    )


def test_the_weights_are_a_hundred() -> None:
    """A score is of a hundred."""
    assert sum(WEIGHTS.values()) == 100


def test_every_covered_destination_has_its_languages() -> None:
    """A destination that is added is read in some language."""
    assert set(LANGUAGES) == set(load_rulebook().destinations)


@pytest.mark.parametrize(
    ("more", "part", "found"),
    [
        ({"range": {"import_charges": {"low": "0.00", "high": "0.00"}}}, "charges", 100),
        ({"range": {"import_charges": {"low": "0.00", "high": "25.00"}}}, "charges", 0),
        ({"range": {"import_charges": {"low": "0.00", "high": "80.00"}}}, "charges", 0),
        ({"range": {"import_charges": {"low": "0.00", "high": None}}}, "charges", 0),
        ({"totals": {"goods": "0.00"}}, "charges", 0),
        ({"restrictions": []}, "restrictions", 100),
        ({"restrictions": [{"severity": "requires", "certain": False}]}, "restrictions", 90),
        ({"restrictions": [{"severity": "requires", "certain": True}] * 5}, "restrictions", 0),
        ({"delivery": {"likely": "2026-11-20"}}, "nearness", 100),
        ({"delivery": {"likely": "2027-01-20"}}, "nearness", 0),
        ({"delivery": None}, "nearness", 0),
        ({"preferences": []}, "preference", 0),
        ({"preferences": [{"claimed": True, "available": True}]}, "preference", 100),
        ({"market": "BR"}, "language", 0),
        ({"market": "BR", "languages": ("es", "pt-BR")}, "language", 100),
        ({"market": "ZZ"}, "language", 0),
    ],
)
def test_each_part_has_its_own_figure(more: dict[str, Any], part: str, found: int) -> None:
    """What is not known gives no points: it is never taken for good."""
    assert points(**more)[part] == found


def test_a_refused_destination_has_reasons_and_no_score() -> None:
    """It stands last, with the reasons that refuse it alone."""
    reasons = [{"level": "info", "message": "By the way."}, {"level": "refused", "message": "No way in."}]
    refused = answer(assessment={"outcome": "refused", "reasons": reasons})

    found = first_markets({"AR": refused, "CL": answer(), "BR": answer()}, ["es"])
    assert [one.market for one in found] == ["CL", "BR", "AR"]
    assert found[2] == Candidate("AR", None, (), "refused", ("No way in.",))
