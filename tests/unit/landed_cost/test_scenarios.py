"""What is not known, low and high: limits, caps, reliefs, ways that are perhaps open, tariffs by weight."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Place, quote
from landed_cost.goods import Candidate, preferred
from landed_cost.model import by_language
from landed_cost.rates import load_rates
from landed_cost.rulebook.agreements import Agreement
from landed_cost.rulebook.facts import in_all
from landed_cost.schedules.generic import GenericCsv
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import import_schedule
from tests.unit.landed_cost.qz import MAY, amounts, ask, book, codes, item, line, shipment, usd
from tests.unit.landed_cost.rulebook.small import BANDS, SMALL, changed, load

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost import Item, Quote

FACT = "from: null, to: null, known_until: 2026-06-30, status: verified, sources: [Act 1]"
UNKNOWN = f"value: unknown, unit: USD, {FACT}"
DUTY = "rate: {fact: qy.rate}}"


def small(folder: Path, law: str = SMALL, *items: Item, bands: str = BANDS, **more: Any) -> Quote:
    """Return the quote of a parcel to the small country: CIF, 10 % duty, 10 % tax on clothing, 5 USD of fee."""
    # New goods: the exemption from the tax is asked of used ones.
    sent = shipment(
        *(items or [item(attributes={"used": "no"})]),
        **({"destination": Place("QY", "A"), "insurance": usd("0")} | more),
    )
    return quote(sent, load(folder, law=law, bands=bands))


def with_fact(text: str, law: str = SMALL) -> str:
    """Return the law with one more fact."""
    return changed(law, "lists:\n", f"- {{{text}}}\nlists:\n")


def with_duty(addition: str, fact: str) -> str:
    """Return the law with an addition to the duty, and the fact that it names."""
    return with_fact(fact, changed(SMALL, DUTY, f"rate: {{fact: qy.rate}}, {addition}}}"))


# -- value --------------------------------------------------------------------------------------------------------


def test_freight_and_insurance_are_part_of_the_value(tmp_path: Path) -> None:
    """100 of goods, 20 of freight, 5 of insurance: duty on 125."""
    answer = small(tmp_path, freight=usd("20"), insurance=usd("5"))

    assert (answer.totals.customs_value, line(answer, "qy.duty").amount, answer.totals.landed) == (
        12500,
        1250,
        15625,
    )


def test_insurance_that_is_not_given_is_presumed_for_customs_only(tmp_path: Path) -> None:
    """1 % of the goods enters the value and not the landed cost; it is said."""
    answer = small(tmp_path, insurance=None)

    assert (answer.totals.customs_value, answer.totals.insurance, "insurance.presumed" in codes(answer)) == (
        10100,
        None,
        True,
    )


def test_a_presumption_that_nobody_knows_presumes_nothing(tmp_path: Path) -> None:
    """Without a figure there is nothing to add."""
    law = changed(SMALL, 'what: Insurance, value: "1"', "what: Insurance, value: unknown")

    assert small(tmp_path, law, insurance=None).totals.customs_value == 10000


def test_absent_freight_ranges_over_what_is_taxed(tmp_path: Path) -> None:
    """From nothing to half of the goods: duty 10 to 15, tax 11 to 16.5 and the freight itself."""
    answer = small(tmp_path, freight=None)

    assert answer.outcome == "estimated"
    assert line(answer, "qy.duty").range == (1000, 1500)


@pytest.mark.parametrize(
    ("parts", "told"), [(["freight"], []), (["duties"], ["duties"]), (["duties", "taxes"], ["duties", "taxes"])]
)
def test_what_law_does_not_take_out_of_a_price_is_told(tmp_path: Path, parts: list[str], told: list[str]) -> None:
    """The full price is the value then; freight belongs to a value at the border anyway."""
    answer = small(tmp_path, price_includes=frozenset(parts))

    assert [one.params["part"] for one in answer.reasons if one.code == "price_includes.not_deductible"] == told


def test_limits_may_look_at_freight_or_value(tmp_path: Path) -> None:
    """A way is open up to 110 USD of customs value with 10 of freight, and not above."""
    law = changed(
        SMALL,
        "- id: qy.entry\n",
        '- id: qy.entry\n  when: {customs_value: {at_most: "110 USD"}, freight: {at_most: "10 USD"}}\n',
    )

    found = [small(tmp_path, law, freight=usd(text)).outcome for text in ("10", "10.01")]

    assert found == ["complete", "refused"]


def test_no_lawful_way_is_a_refusal(tmp_path: Path) -> None:
    """The reason says so."""
    law = changed(SMALL, "- id: qy.entry\n", "- id: qy.entry\n  when: {channel: [postal]}\n")

    assert codes(small(tmp_path, law), "refused") == ["regime.none"]


# -- caps, leasts, reliefs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("addition", "fact", "amount", "bounds"),
    [
        ("at_most: qy.x", f"id: qy.x, what: X, {UNKNOWN}, low: 3, high: 8", 800, (300, 800)),
        ("at_most: qy.x", f"id: qy.x, what: X, {UNKNOWN}", 1000, (0, 1000)),
        ("at_least: qy.x", f"id: qy.x, what: X, {UNKNOWN}, low: 12, high: 15", 1500, (1200, 1500)),
        ("deduct: qy.x", f"id: qy.x, what: X, {UNKNOWN}, low: 2, high: 4", 800, (600, 800)),
        ("deduct: qy.x", f"id: qy.x, what: X, {UNKNOWN}, low: 2", 800, None),
        ("deduct: qy.x", f"id: qy.x, what: X, {UNKNOWN}", 1000, None),
    ],
)
def test_an_unknown_bound_is_a_range(
    tmp_path: Path, addition: str, fact: str, amount: int, bounds: tuple[int, int] | None
) -> None:
    """An unknown cap caps by as little as it must, an unknown relief takes off as little; low is the other way."""
    answer = small(tmp_path, with_duty(addition, fact))

    assert (line(answer, "qy.duty").amount, line(answer, "qy.duty").range) == (amount, bounds)
    assert codes(answer, "estimated") == ["rule.unknown"]


def test_an_unknown_least_without_an_end_is_refused(tmp_path: Path) -> None:
    """It may be anything."""
    answer = small(tmp_path, with_duty("at_least: qy.x", f"id: qy.x, what: X, {UNKNOWN}, low: 1"))

    assert codes(answer, "refused") == ["rule.unknown"]


@pytest.mark.parametrize("addition", ["at_most: qy.x", "at_least: qy.x", "deduct: qy.x", "rule: qy.x"])
def test_a_bound_that_ended_bounds_nothing(tmp_path: Path, addition: str) -> None:
    """It is not there any more, and the rate's own rule is cited."""
    over = "from: null, to: 2026-01-31, then: ended, known_until: 2026-06-30, status: verified, sources: [Act 1]"
    answer = small(tmp_path, with_duty(addition, f"id: qy.x, what: X, value: 1, unit: USD, {over}"))

    assert (line(answer, "qy.duty").amount, line(answer, "qy.duty").rule.id) == (1000, "qy.rate")


def test_a_total_at_most_lowers_what_is_over_it(tmp_path: Path) -> None:
    """Together with a duty of 10 % at most 7: a line of minus three."""
    relief = "  - {id: qy.cap, kind: duty, name: {en: C, es: C, pt: C}, base: [customs_value], rate: {fact: qy.cap}, total_with: [qy.duty]}\n"  # noqa: E501  # one rule
    law = changed(SMALL, "  - id: qy.tax\n", relief + "  - id: qy.tax\n")
    law = with_fact(f'id: qy.cap, what: Cap, mode: total_at_most, value: "7", unit: percent, {FACT}', law)

    answer = small(tmp_path, law)

    assert (line(answer, "qy.cap").amount, line(answer, "qy.cap").formula, answer.totals.duties) == (
        -300,
        "100.00 × 7% − 10.00",
        700,
    )


def test_charges_that_do_not_exist_on_a_day_count_for_nothing(tmp_path: Path) -> None:
    """Before 2026 there is no duty; tax and cap are reckoned without it."""
    law = changed(SMALL, "evidence_from: 2026-01-01", "evidence_from: 2025-01-01")
    law = changed(law, "from: 2026-01-01, to: 2026-05-31", "before: none, from: 2026-01-01, to: 2026-05-31")
    law = changed(law, "rate: {by_region: qy.rates}", "rate: {fact: qy.insurance}\n    total_with: [qy.duty]")
    law = changed(law, "id: qy.insurance, what: Insurance", "id: qy.insurance, mode: total_at_least, what: Insurance")

    answer = small(tmp_path, law, date=date(2025, 6, 1))

    assert amounts(answer, "qy.duty", "qy.tax") == [("qy.tax", "1", 100)]


def test_a_tax_on_the_whole_tops_up_what_all_items_paid(tmp_path: Path) -> None:
    """12 % of two items together, less the 10 % that each paid: 2 %."""
    law = changed(
        SMALL,
        ", per: consignment, amount: {fact: qy.fee}}",
        ", per: consignment, base: [goods], rate: {fact: qy.top}, total_with: [qy.duty]}",
    )
    law = with_fact(f'id: qy.top, what: Top, mode: total_at_least, value: "12", unit: percent, {FACT}', law)

    assert line(small(tmp_path, law, item("1"), item("2")), "qy.fee").amount == 400


@pytest.mark.parametrize(("from_", "items"), [("AA", 1), ("ZZ", 0)])
def test_a_group_without_a_row_for_the_region_has_no_line(tmp_path: Path, from_: str, items: int) -> None:
    """By origin: ZZ has no row, so nothing is due and nothing shown."""
    law = changed(SMALL, DUTY, "rate: {by_origin: qy.rates}}")

    assert len(amounts(small(tmp_path, law, item(origin=from_)), "qy.duty")) == items


# -- ways that are perhaps open -------------------------------------------------------------------------------------

FREE = '- id: qy.free\n  exclusive: true\n  name: {en: F, es: F, pt: F}\n  when: {some_item: {attribute: {donation: "yes"}}}\n'  # noqa: E501  # one rule
DEAR = (
    '- id: qy.dear\n  exclusive: true\n  name: {en: D, es: D, pt: D}\n  when: {some_item: {attribute: {donation: "yes"}}}\n'  # noqa: E501  # one rule
    "  charges:\n  - {id: qy.big, kind: fee, name: {en: B, es: B, pt: B}, per: consignment, amount: {fact: qy.big}}\n"
)


def test_a_way_that_is_perhaps_free_is_the_low_end(tmp_path: Path) -> None:
    """Donations are free; whether it is one was not said."""
    answer = small(tmp_path, changed(SMALL, "regimes:\n", "regimes:\n" + FREE))

    assert (answer.regime, answer.outcome, answer.ranges["import_charges"]) == ("qy.entry", "estimated", (0, 2600))
    assert [(one.code, one.params) for one in answer.reasons if one.level == "estimated"] == [
        ("attribute.absent", {"attribute": "donation"})
    ]


def test_a_way_that_is_perhaps_the_law_and_dearer_is_the_high_end(tmp_path: Path) -> None:
    """An exclusive way is no choice, so it bounds from above as well."""
    law = with_fact(
        f"id: qy.big, what: B, value: 90, unit: USD, {FACT}", changed(SMALL, "regimes:\n", "regimes:\n" + DEAR)
    )

    assert small(tmp_path, law).ranges["import_charges"] == (2600, 9000)


def test_where_only_a_perhaps_is_left_it_is_taken(tmp_path: Path) -> None:
    """No other way is open: its figures are shown, as an estimate."""
    law = changed(SMALL, "- id: qy.entry\n", '- id: qy.entry\n  when: {some_item: {attribute: {donation: "yes"}}}\n')

    answer = small(tmp_path, law)

    assert (answer.regime, answer.outcome, [one.regime for one in answer.options]) == (
        "qy.entry",
        "estimated",
        ["qy.entry"],
    )


def test_a_limit_that_nobody_knows_is_said(tmp_path: Path) -> None:
    """Whether the parcel is under it is open, and so is what it costs."""
    law = changed(
        SMALL,
        "regimes:\n",
        "regimes:\n" + FREE.replace('some_item: {attribute: {donation: "yes"}}', "goods: {at_most: qy.x}"),
    )

    answer = small(tmp_path, with_fact(f"id: qy.x, what: Limit, {UNKNOWN}", law))

    assert [(one.code, one.params) for one in answer.reasons if one.level == "estimated"] == [
        ("rule.unknown", by_language("what", in_all("Limit")))
    ]


def test_a_refusal_that_is_perhaps_due_makes_an_estimate(tmp_path: Path) -> None:
    """The condition hangs on an answer that was not given."""
    law = changed(SMALL, "when: {terms: [DDP]}", 'when: {some_item: {attribute: {donation: "yes"}}}')

    assert codes(small(tmp_path, law), "estimated") == ["attribute.absent"]


def test_what_is_surely_forbidden_is_refused(tmp_path: Path) -> None:
    """The reason names the goods and the rule."""
    law = changed(SMALL, 'severity: requires, when: {hs: ["06"]}', 'severity: prohibits, when: {hs: ["61"]}')

    answer = small(tmp_path, law)

    assert [(one.code, one.item, one.rule) for one in answer.reasons if one.level == "refused"] == [
        ("item.prohibited", "1", "qy.plants")
    ]


def test_a_price_that_is_unsolved_only_when_high_is_refused(tmp_path: Path) -> None:
    """With the assumed freight the price would lie about a limit; then no range can be shown."""
    law = changed(
        SMALL, "basis: CIF, fact: qy.value, insurance: qy.insurance", "basis: CIF, fact: qy.value, deductible: [duties]"
    )
    law = changed(
        law,
        "regimes:\n",
        'regimes:\n- id: qy.free\n  exclusive: true\n  name: {en: F, es: F, pt: F}\n  when: {customs_value: {at_most: "145 USD"}}\n',  # noqa: E501  # one rule
    )

    answer = small(tmp_path, law, price_includes=frozenset({"duties"}), freight=None)

    assert (answer.outcome, codes(answer, "refused")) == ("refused", ["price_includes.unsolved"])


@pytest.mark.parametrize("percent", ["99", "100", "150"])
def test_charges_as_heavy_as_the_goods_are_solved_for(tmp_path: Path, percent: str) -> None:
    """Each guess overshoots by as much as it missed; the value lies between: 100 USD, the duty on it and a fee of 5."""
    law = changed(
        SMALL, "basis: CIF, fact: qy.value, insurance: qy.insurance", "basis: CIF, fact: qy.value, deductible: [duties]"
    )
    law = changed(
        changed(law, 'what: Rate, value: "10"', f'what: Rate, value: "{percent}"'), 'value: "12"', 'value: "1"'
    )
    price = 105 + int(percent)

    answer = small(
        tmp_path, law, item(price=str(price), attributes={"used": "yes"}), price_includes=frozenset({"duties"})
    )

    assert (answer.totals.customs_value, answer.totals.import_charges) == (10000, 100 * price - 10000)


# -- lines of a code ------------------------------------------------------------------------------------------------


def test_equal_lines_that_a_list_tells_apart_are_a_range(tmp_path: Path) -> None:
    """Two codes of the same rate, one of them exempt from the tax: the short code is between."""
    law = changed(SMALL, "ask: used, question: {en: Q, es: Q, pt: Q}, ", "")
    law = changed(law, 'when: {hs: ["61"]}', "when: {}")
    bands = "# Invented.\nhs,lines,min,typical,max\n6109,1,10,10,10\n6203,1,10,10,10\n61,1,10,10,10\n"
    answer = small(
        tmp_path, law, item(hs_code="62"), bands="# I.\nhs,lines,min,typical,max\n6203,1,10,10,10\n6204,1,10,10,10\n"
    )

    assert (answer.outcome, codes(answer, "estimated"), bands[:2]) == ("complete", [], "# ")


@pytest.mark.parametrize(
    ("bands", "code", "outcome"),
    [
        ("# I.\nhs,min,typical,max\n61,1,1,1\n", "9999", "refused"),
        ("# I.\nhs,min,typical,max\n61,1,1,1\n", "6109", "estimated"),
    ],
)
def test_a_tariff_that_is_not_at_hand_is_not_free(tmp_path: Path, bands: str, code: str, outcome: str) -> None:
    """A code without a band has an unknown duty."""
    law = changed(SMALL, DUTY, "rate: {schedule: duty}}")

    assert small(tmp_path, law, item(hs_code=code), bands=bands).outcome == outcome


def test_without_any_tariff_the_flat_law_still_answers(tmp_path: Path) -> None:
    """The duty of this country does not look at the code; no tariff is named."""
    answer = small(tmp_path, changed(SMALL, "bands: qy\n", ""))

    assert (answer.outcome, answer.versions.schedule) == ("complete", "none")


def test_a_tax_column_that_varies_is_never_told_as_sure(tmp_path: Path) -> None:
    """The duty of the code is the same on all lines, the excise is not."""
    law = changed(SMALL, "rate: {by_region: qy.rates}", "rate: {schedule: ipi}")
    bands = "# I.\nhs,lines,min,typical,max,ipi_min,ipi_typical,ipi_max\n6109,3,10,10,10,1,2,5\n61,1,10,10,10,,,\n"

    answer = small(tmp_path, law, item(hs_code="6109", attributes={"used": "no"}), bands=bands)

    assert line(answer, "qy.tax").range == (110, 550)
    assert amounts(small(tmp_path, law, item(hs_code="6110"), bands=bands), "qy.tax") == []


# -- official schedules ---------------------------------------------------------------------------------------------

TARIFF = """\
hs_code,description,effective_from,source,confidence,rate_text,excise_text
61091000,Shirts of cotton,2026-02-01,Act,line,20%,
61099010,Shirts of wool,2026-02-01,Act,line,2 USD/kg + 5%,
61099090,Other shirts,2026-02-01,Act,line,30%,
22042100,Wine,2026-02-01,Act,line,1 USD/l,5
"""
# What may be doubtful about a line: a quota, a remedy, an estimate; and what the league of QZ and JJ gives.
MARKED = """\
hs_code,description,effective_from,source,confidence,ad_valorem,quota,quota_rate,remedy,pref_qz_league
04069010,Cheese,2026-02-01,Act,line,45,Cheese quota,5,,
04069020,Curd,2026-02-01,Act,estimate,20,,,,
04069030,Blue cheese,2026-02-01,Act,line,20,,,Order 7,
61091000,Shirts of cotton,2026-02-01,Act,line,20,,,,3
61091010,Vests,2026-02-01,Act,line,20,,,,
"""


def official(folder: Path, *items: Item, tariff: str | None = None, **more: Any) -> Quote:
    """Return a quote with an official schedule of QZ."""
    folder.mkdir(exist_ok=True)
    store = folder / "store"
    source = folder / "qz.csv"
    source.write_text(tariff or TARIFF.replace("USD/l,", "USD/liter,"), "utf-8")
    import_schedule(GenericCsv(Stated(country="QZ")), source, store)
    return quote(shipment(*items, **more), book().with_schedules(store))


def test_an_official_line_is_cited_with_its_edition(tmp_path: Path) -> None:
    """The quote names the schedule, the charge its line."""
    answer = official(tmp_path, item(hs_code="61091000"))

    assert (line(answer, "qz.duty").rule.id, answer.versions.schedule) == ("qz.tariff.6109.10.00", "QZ qz")
    assert (line(answer, "qz.duty").amount, answer.outcome) == (2000, "complete")


def test_a_rate_by_weight_needs_the_weight(tmp_path: Path) -> None:
    """2 USD a kilo and 5 %: with half a kilo 6.00; without a weight nothing bounds it."""
    known = official(tmp_path, item(hs_code="61099010", weight_kg=Decimal("0.5")))
    unknown = official(tmp_path, item(hs_code="61099010"))

    assert line(known, "qz.duty").amount == 600
    assert [(one.code, one.params["measures"]) for one in unknown.reasons if one.level == "refused"] == [
        ("measure.missing", "weight")
    ]


def test_six_digits_take_in_the_lines_below(tmp_path: Path) -> None:
    """610990: 6 USD or 30 %."""
    answer = official(tmp_path, item(hs_code="610990", weight_kg=Decimal("0.5")))

    assert (line(answer, "qz.duty").range, codes(answer, "estimated")) == ((600, 3000), ["hs.short"])


@pytest.mark.parametrize(
    ("code", "schedule", "reason"), [("6109100099", None, "hs.truncated"), ("6109101234", "MX", "hs.truncated")]
)
def test_digits_that_the_schedule_does_not_have_are_told(
    tmp_path: Path, code: str, schedule: str | None, reason: str
) -> None:
    """A code of another country says six digits; one with too many is read as far as it goes."""
    assert reason in codes(official(tmp_path, item(hs_code=code, hs_schedule=schedule)), "info")


@pytest.mark.parametrize(
    ("code", "duty", "ends", "reasons"),
    [
        # 45 % beyond the quota, 5 % within it: what is surely paid is shown, the range goes down.
        ("04069010", 4500, (500, 4500), ["schedule.quota"]),
        # 20 %, and no other rate known: an estimate all the same.
        ("04069020", 2000, None, ["schedule.estimate"]),
    ],
)
def test_a_marked_line_is_an_estimate(
    tmp_path: Path, code: str, duty: int, ends: tuple[int, int] | None, reasons: list[str]
) -> None:
    """A quota gives a range, and so does nothing else that nobody counted."""
    answer = official(tmp_path, item(hs_code=code), tariff=MARKED)

    assert (line(answer, "qz.duty").amount, line(answer, "qz.duty").range) == (duty, ends)
    assert codes(answer, "estimated") == reasons


def test_a_line_under_a_remedy_that_nobody_can_reckon_is_refused(tmp_path: Path) -> None:
    """The file says that some origins pay more and not how much: without an upper end there is no answer."""
    answer = official(tmp_path, item(hs_code="04069030"), tariff=MARKED)

    assert codes(answer, "refused") == ["schedule.remedy"]


def test_a_column_of_an_agreement_counts_before_its_row(tmp_path: Path) -> None:
    """The league gives 3 % on one line by the file; a blank on another is no preference."""
    cut, none = (
        official(tmp_path / code, item(hs_code=code, origin="JJ", origin_evidence="declared"), tariff=MARKED)
        for code in ("61091000", "61091010")
    )

    assert [(one.agreement, one.claimed) for one in cut.preferences] == [("qz_league", True)]
    assert (line(cut, "qz.duty").amount, line(none, "qz.duty").amount, none.preferences) == (300, 2000, ())


def test_a_later_edition_is_told(tmp_path: Path) -> None:
    """The schedule took effect after the day of the quote."""
    assert "schedule.later_edition" in codes(
        official(tmp_path, item(hs_code="61091000"), date=date(2026, 1, 15)), "info"
    )


def test_a_country_of_column_two_has_no_rate_here(tmp_path: Path) -> None:
    """XX pays a column that this schedule does not print: refused, not the general rate."""
    answer = official(tmp_path, item(hs_code="61091000", origin="XX"))

    assert codes(answer, "refused") == ["duty.unknown"]


def test_an_unknown_official_code_names_the_nearest_lines(tmp_path: Path) -> None:
    """With what they are."""
    with pytest.raises(ValueError, match=r"hs\.unknown.*6109\.90\.90"):
        official(tmp_path, item(hs_code="620342"))


# -- the special column -------------------------------------------------------------------------------------------


def pact(symbols: frozenset[str]) -> Agreement:
    """Return an agreement with programme symbols."""
    found = book().agreements[0]
    return Agreement(
        found.evidence, found.name, found.members, found.not_between, symbols, {}, found.proof, {}, found.self_declared
    )


def test_rates_of_other_currencies_are_named(tmp_path: Path) -> None:
    """A limit in another currency was compared at a rate, so the rate stands in the answer."""
    law = changed(SMALL, "- id: qy.entry\n", '- id: qy.entry\n  when: {goods: {at_most: "5000 MXN"}}\n')

    assert [(rate.base, rate.quote) for rate in small(tmp_path, law).exchange_rates] == [("USD", "MXN")]


def test_currencies_without_a_way_between_them_are_told() -> None:
    """Each has a rate, but not to each other."""
    apart = load_rates(
        "base,quote,rate,date,kind,source\nUSD,MXN,20,2026-05-20,market,x\nCLP,PEN,250,2026-05-20,market,x\n"
    )
    with pytest.raises(ValueError, match=r"/currency: currency\.unknown"):
        quote(shipment(currency="CLP"), book().with_rates(apart))


def test_an_agreement_without_a_rate_for_the_country_gives_nothing() -> None:
    """Neither symbols nor a row of its own."""
    law = book().at("QZ", MAY)
    candidate = Candidate("610910", None, law.destination.lists["qz.books"].evidence)

    assert preferred(candidate, pact(frozenset()), law) is None
    assert ask().preferences == ()
