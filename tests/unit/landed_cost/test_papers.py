"""What is known of papers: for every destination of the first hour and every family of goods there is law."""

from __future__ import annotations

from datetime import date

import pytest

from landed_cost import Place, load_rulebook
from landed_cost.readiness import Product, readiness
from landed_cost.rulebook import attributes

ON = date(2026, 11, 23)
DESTINATIONS = [
    "AR", "BO", "BR", "CA", "CL", "CO", "CR", "DO", "EC", "ES", "GB", "GT", "HN", "MX", "NI", "PA", "PE", "PT", "PY",
    "SV", "US", "UY",
]  # fmt: skip
FAMILIES = {
    "cheese": "040690",
    "honey": "040900",
    "coffee": "090121",
    "chocolate": "180631",
    "seeds": "120991",
    "flowers": "060311",
    "cosmetics": "330499",
    "medicine": "300490",
    "clothing": "610910",
    "leather": "420221",
    "toys": "950300",
    "radio": "851762",
    "spirits": "220820",
    "antiques": "970690",
}
OTHERS = ["821193", "850760", "691200", "440710", "210690", "940360", "711719", "851660"]
# What the list of gaps in the documents says too.
NOT_KNOWN = {("toys", code) for code in ["BO", "DO", "GT", "HN", "NI", "PA", "PY", "SV"]} | {("radio", "GT")}


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_law_in_each_destination(family: str) -> None:
    """A shirt, a cheese or a toy is never *ready* because nobody wrote down what it needs."""
    product = Product(hs_code=FAMILIES[family], origin="MX", attributes={"wireless": "no", "animal": "python"})
    found = {country: readiness(product, Place("MX"), Place(country), load_rulebook(), ON) for country in DESTINATIONS}

    without = {(family, country) for country, one in found.items() if one.evidence == "none"}
    assert without == {gap for gap in NOT_KNOWN if gap[0] == family}


def test_every_attribute_with_answers_is_asked_somewhere() -> None:
    """A question that no rule asks is a dead one; three are asked by quotes, of quotas, trade remedies and returns."""
    asked = set()
    for code in {*FAMILIES.values(), *OTHERS}:
        for country in DESTINATIONS:
            found = readiness(Product(hs_code=code, origin="MX"), Place("MX"), Place(country), load_rulebook(), ON)
            asked |= {one.name for one in found.questions if one.kind == "attribute"}

    closed = {name for name, one in attributes().items() if one.values}
    assert closed - asked == {"in_quota", "returned_unchanged", "under_order"}


def test_every_paper_and_body_is_named_by_a_row() -> None:
    """What no requirement points at is dead text, but for what several families of law may share later."""
    rows = [row for one in load_rulebook().destinations.values() for row in one.restrictions]
    vocabulary = load_rulebook().vocabulary

    assert vocabulary.papers.keys() - {row.paper.id for row in rows if row.paper} == set()
    assert vocabulary.bodies.keys() - {row.body.id for row in rows if row.body} == set()
