"""Law that stops somewhere: a column without a figure, a key without a rate, a region whose rule has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from landed_cost import Place
from landed_cost.model import by_language
from landed_cost.rulebook.facts import in_all
from tests.unit.landed_cost.qz import amounts, codes, item, line
from tests.unit.landed_cost.rulebook.small import SMALL, changed
from tests.unit.landed_cost.test_scenarios import DUTY, FACT, UNKNOWN, small, with_fact

if TYPE_CHECKING:
    from pathlib import Path

OVER = "from: null, to: 2026-01-31, then: ended, known_until: 2026-06-30, status: verified, sources: [Act 1]"
SHIRT = item(attributes={"used": "no"})
TAX = "rate: {by_region: qy.rates}"


@pytest.mark.parametrize(
    ("days", "tax"), [(FACT, [("qy.tax", "1", 330)]), (OVER, [])], ids=["in force", "ended in January"]
)
@pytest.mark.parametrize("tariff", ["bands: qy\n", ""], ids=["bands", "no tariff"])
def test_a_column_that_the_tariff_does_not_print_falls_back_on_a_rule_of_the_day(
    tmp_path: Path, tariff: str, days: str, tax: list[tuple[str, str, int]]
) -> None:
    """3 % of 110 while the rule is in force, nothing after it, with bands that lack the column and without any."""
    law = changed(SMALL, TAX, "rate: {schedule: excise, fallback: qy.others}")
    law = with_fact(
        f'id: qy.others, what: Others, value: "3", unit: percent, {days}', changed(law, "bands: qy\n", tariff)
    )

    answer = small(tmp_path, law, SHIRT)

    assert (answer.outcome, amounts(answer, "qy.tax")) == ("complete", tax)


KEYED = "rate: {by_key: qy.rates, list: qy.list}}"


@pytest.mark.parametrize(("key", "duty"), [("K", [("qy.duty", "1", 1000)]), ("L", [])])
def test_a_heading_of_a_list_without_a_rate_pays_nothing(
    tmp_path: Path, key: str, duty: list[tuple[str, str, int]]
) -> None:
    """Goods under K pay the rate of K; nothing is charged under a heading that has none."""
    law = changed(changed(SMALL, "file: qy.csv", "file: own.csv"), DUTY, KEYED)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "own.csv").write_text(f"list,hs_prefix,kind\nqy.list,61,{key}\n", encoding="utf-8")

    # The rate of K is for goods of AA.
    assert amounts(small(tmp_path, law, replace(SHIRT, origin="AA")), "qy.duty") == duty


def test_a_rate_of_a_group_without_a_heading_is_no_rate_of_a_list(tmp_path: Path) -> None:
    """The 50 % for BB stand under no heading: a code that is perhaps on the list pays up to the 10 % of K."""
    law = changed(changed(SMALL, "file: qy.csv", 'maybe: ["6109"]'), DUTY, KEYED)
    law = with_fact(f'id: qy.bb, group: qy.rates, origin: [BB], what: B, value: "50", unit: percent, {FACT}', law)

    answer = small(tmp_path, law, replace(SHIRT, origin="AA"))

    assert (line(answer, "qy.duty").amount, line(answer, "qy.duty").range) == (1000, (0, 1000))


@pytest.mark.parametrize(("region", "fee"), [("A", [("qy.fee", None, 200)]), ("B", [])])
def test_a_fee_on_the_whole_ends_region_by_region(
    tmp_path: Path, region: str, fee: list[tuple[str, str | None, int]]
) -> None:
    """2 % in A; in B the rule ended in January, and there is no line."""
    law = changed(SMALL, "required_by: [qy.tax], values: [A]", "required_by: [qy.fee], values: [A, B]")
    law = changed(law, TAX, "rate: {fact: qy.rate}")
    law = changed(law, "amount: {fact: qy.fee}", "base: [goods], rate: {by_region: qy.local}")
    for name, days in (("A", FACT), ("B", OVER)):
        fact = f'id: qy.local.{name}, group: qy.local, region: [{name}], what: L, value: "2", unit: percent, {days}'
        law = with_fact(fact, law)

    answer = small(tmp_path, law, SHIRT, destination=Place("QY", region))

    assert amounts(answer, "qy.fee") == fee


def test_without_a_region_one_that_nobody_knows_leaves_no_end(tmp_path: Path) -> None:
    """2 % in A and nobody knows how much in B: without the region there is no figure, and no guess."""
    law = changed(SMALL, "required_by: [qy.tax], values: [A]", "required_by: [qy.fee], values: [A, B]")
    law = changed(law, TAX, "rate: {fact: qy.rate}")
    law = changed(law, "amount: {fact: qy.fee}", "base: [goods], rate: {by_region: qy.local}")
    for region, value in (("A", '"2"'), ("B", "unknown")):
        local = f"id: qy.local.{region}, group: qy.local, region: [{region}], what: L, value: {value}"
        law = with_fact(f"{local}, unit: percent, {FACT}", law)

    answer = small(tmp_path, law, SHIRT, destination=Place("QY"))

    assert (answer.outcome, codes(answer, "refused")) == ("refused", ["rule.unknown"])


def test_only_the_item_with_the_short_code_is_named(tmp_path: Path) -> None:
    """A fee counts 6204 alone: item 1 may be that, item 2 is 6203."""
    law = changed(SMALL, "per: consignment, amount", 'per: consignment, of: {hs: ["6204"]}, amount')
    bands = "# I.\nhs,lines,min,typical,max\n6203,1,10,10,10\n6204,1,10,10,10\n"

    answer = small(tmp_path, law, item("1", hs_code="62"), item("2", hs_code="6203"), bands=bands)

    assert [(one.code, dict(one.params), one.item) for one in answer.reasons] == [
        ("hs.short", {"code": "62", "lines": "2"}, "1")
    ]


def test_a_rule_that_gave_a_charge_is_called_by_its_name(tmp_path: Path) -> None:
    """An unknown rate is called what its line is called, in each language; a limit keeps what the rulebook says."""
    law = changed(SMALL, DUTY, "rate: {fact: qy.x}, at_most: qy.y}")
    law = with_fact(f"id: qy.x, what: Rate of an act, value: unknown, low: 1, high: 2, unit: percent, {FACT}", law)
    law = with_fact(f"id: qy.y, what: Cap of an act, {UNKNOWN}, low: 300, high: 800", law)
    law = changed(law, "name: {en: D, es: D, pt: D}", "name: {en: Duty, es: Arancel, pt: Imposto}")

    answer = small(tmp_path, law, SHIRT)

    assert [(one.code, dict(one.params), one.rule) for one in answer.reasons] == [
        ("rule.unknown", {"what_en": "Duty", "what_es": "Arancel", "what_pt": "Imposto"}, "qy.x"),
        ("rule.unknown", by_language("what", in_all("Cap of an act")), "qy.y"),
    ]
    assert codes(answer, "refused") == []


def test_an_exemption_that_is_weak_is_called_by_its_own_name(tmp_path: Path) -> None:
    """What is known from memory is that used shirts are free, not the tax that they are free of."""
    free = "question: {en: Q, es: Q, pt: Q}, from: null, to: null, "
    law = changed(SMALL, f"{free}known_until: 2026-06-30, status: verified, sources: [Act 1]", f"{free}status: memory")
    law = changed(law, "{id: qy.tax.free, when", "{id: qy.tax.free, what: Used shirts, when")

    answer = small(tmp_path, law, item(attributes={"used": "yes"}))

    (weak,) = [one for one in answer.reasons if one.level == "estimated"]
    assert (weak.code, weak.rule, weak.params["what_en"]) == ("rule.memory", "qy.tax.free", "Used shirts")
