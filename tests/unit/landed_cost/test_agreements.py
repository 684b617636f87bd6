"""The shipped agreements: all that were collected are here, and what they say of fees is what the reckoning does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from landed_cost import load_rulebook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from landed_cost.rulebook.law import ChargeRule

RULES = load_rulebook()


def test_every_collected_agreement_is_carried_over(shared: Path) -> None:
    """All 71 of the collected facts, under the same id, with the members that are covered here."""
    facts = yaml.safe_load((shared / "facts" / "fta.yaml").read_text("utf-8"))
    ours = {one.id: set(one.members) for one in RULES.agreements}

    missing = {
        fact["id"]: set(fact["members"]) - ours.get(fact["id"], set())
        for fact in facts["agreements"]
        if not set(fact["members"]) <= ours.get(fact["id"], set())
    }

    assert (missing, len(facts["agreements"])) == ({}, 71)


def test_what_is_signed_and_not_in_force_is_said() -> None:
    """Two bind nobody yet."""
    assert [one.id for one in RULES.agreements if not one.in_force] == ["peru_guatemala", "us_art"]


def charges(country: str) -> Iterator[ChargeRule]:
    """Return every fee of a destination."""
    for regime in RULES.destinations[country].regimes:
        yield from (charge for charge in regime.charges if charge.kind == "fee")


@pytest.mark.parametrize("country", ["US", "MX", "AR", "UY"])
def test_fees_that_look_at_an_agreement_are_those_that_it_names(country: str) -> None:
    """What an offer says of fees and what the law of the destination reckons are one."""
    reckoned = {
        (charge.id, agreement)
        for charge in charges(country)
        for agreement in charge.of.agreements | charge.when.agreements
    }
    named = {
        (charge, one.id)
        for one in RULES.agreements
        if country in one.fee_exemptions
        for charge in one.fee_exemptions[country].charges
    }

    assert named <= reckoned
    assert {agreement for _, agreement in named} == {agreement for _, agreement in reckoned}
