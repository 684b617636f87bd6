"""The rules of the United States on a small schedule: the special column, quotas, marks of bands, an imported list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost import Place, load_rulebook, quote
from landed_cost.goods import Candidate, preferred
from landed_cost.rulebook.agreements import Agreement
from landed_cost.schedules.importer import Stated
from landed_cost.schedules.store import import_schedule
from landed_cost.schedules.us_hts import UsHts
from landed_cost.schedules.us_s232 import UsSection232
from tests.unit.landed_cost.qz import RATES, amounts, codes, item, line, shipment
from tests.unit.landed_cost.schedule_files import us_row, write_us

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost import Quote, Rulebook

AUTUMN = date(2026, 10, 2)
FIRST = date(2026, 6, 8)
ROWS = [
    us_row("4202", 0, "Handbags:"),
    us_row("4202.21.90.00", 1, "Of leather", "9%", "Free (A,AU,CL,PE) See 9822.05.20 (P+)", "35%"),
    us_row("6109", 0, "T-shirts:"),
    us_row("6109.10.00.00", 1, "Of cotton", "16.5%", "Free (CL)2.8% (P)", "90%"),
    us_row("6109.90.00.00", 1, "Other", "10%", "", "90%"),
    us_row("7308", 0, "Structures:"),
    us_row("7308.10.00.00", 1, "Bridges", "Free", "", "45%"),
    us_row("7308.20.00.00", 1, "Towers", "Free", "", "45%"),
    us_row("7308.90.00.00", 1, "Other", "Free", "", "45%"),
    us_row("9701.10.00.00", 0, "Paintings", "The duty provided in the applicable subheading + 25%"),
]
METALS = "hts_prefix,annex,metal_type,effective_date\n73082000,1a,steel,2026-04-06\n7308900010,1b,steel,2026-04-06\n"


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """Return the shipped rules with the small schedule and a list of two metals."""
    folder: Path = tmp_path_factory.mktemp("us")
    metals = folder / "metals.csv"
    metals.write_text(METALS, encoding="utf-8")
    import_schedule(UsHts(Stated("small", FIRST)), write_us(folder / "hts.json", ROWS), folder / "store")
    import_schedule(UsSection232(), metals, folder / "store")
    return load_rulebook(rates=RATES).with_schedules(folder / "store")


def ask(rules: Rulebook, code: str, origin: str, **more: Any) -> Quote:
    """Return the quote of 100 USD of goods of a declared origin by air freight to the United States."""
    one = item(hs_code=code, origin=origin, **({"origin_evidence": "declared"} | more))
    return quote(shipment(one, dispatch=Place("MX"), destination=Place("US"), date=AUTUMN), rules)


def offered(answer: Quote) -> list[tuple[str, bool, int | None, str | None]]:
    """Return what each agreement offers: whether it is claimed, what it saves, and why."""
    reasons = [None if one.reason is None else one.reason.code for one in answer.preferences]
    return [
        (one.agreement, one.claimed, one.saving, reason)
        for one, reason in zip(answer.preferences, reasons, strict=True)
    ]


# -- the special column -------------------------------------------------------------------------------------------


def test_a_rate_behind_that_of_another_programme_is_found(rules: Rulebook) -> None:
    """Free for Chile stands first in the cell; Guatemala pays its own 2.8 %."""
    assert amounts(ask(rules, "61091000", "GT"), "us.mfn") == [("us.mfn", "1", 280)]


def test_a_quota_is_told_and_never_claimed(rules: Rulebook) -> None:
    """The cell names a heading instead of a rate: the general 9 % is charged, no saving is promised."""
    answer = ask(rules, "42022190", "GT")

    assert offered(answer) == [("cafta_dr", False, None, "preference.quota")]
    assert [one.reason and dict(one.reason.params) for one in answer.preferences] == [{"headings": "9822.05.20"}]
    assert amounts(answer, "us.mfn") == [("us.mfn", "1", 900)]


def test_a_line_without_the_programme_pays_the_general_rate_though_it_is_claimed(rules: Rulebook) -> None:
    """A short code of Chile is free on one line and 10 % on the other: the range says so."""
    answer = ask(rules, "6109", "CL")

    assert [(one.agreement, one.claimed) for one in answer.preferences] == [("us_chile", True)]
    assert (line(answer, "us.mfn").amount, line(answer, "us.mfn").range) == (0, (0, 1000))
    assert codes(answer, "estimated") == ["hs.short"]


def test_an_agreement_without_a_symbol_gives_nothing_not_even_on_a_free_line(rules: Rulebook) -> None:
    """The schedule cannot name what has no symbol."""
    law = rules.at("US", AUTUMN)
    assert law.schedule is not None
    (bridge,) = law.schedule.lookup("73081000").lines
    chile = next(one for one in rules.agreements if one.id == "us_chile")
    nameless = Agreement(
        chile.evidence,
        chile.name,
        chile.members,
        frozenset(),
        frozenset(),
        chile.rates,
        chile.proof,
        {},
        self_declared=True,
    )
    candidate = Candidate(bridge.code, bridge.general, chile.evidence, bridge)

    assert (preferred(candidate, chile, law) is None, preferred(candidate, nameless, law)) == (False, None)


def test_a_rate_that_only_a_broker_can_read_is_refused(rules: Rulebook) -> None:
    """The duty of another subheading and a quarter: the reason shows the text of the law."""
    answer = ask(rules, "97011000", "CL")

    assert [(one.code, dict(one.params), one.item) for one in answer.reasons if one.level == "refused"] == [
        ("charge.uncomputable", {"rate": "The duty provided in the applicable subheading + 25%"}, "1")
    ]


# -- bands --------------------------------------------------------------------------------------------------------


def test_some_lines_free_under_a_programme_are_a_range_from_nothing() -> None:
    """Glasses of Panama: some lines of the code are free, so from nothing to the highest general rate."""
    answer = ask(load_rulebook(rates=RATES), "701333", "PA")

    assert [(one.agreement, one.claimed) for one in answer.preferences] == [("us_panama", True)]
    assert line(answer, "us.mfn").range == (0, 1500)
    assert "preference.line_unknown" in codes(answer, "estimated")


def test_a_code_with_no_line_free_under_a_programme_is_not_offered_it() -> None:
    """Plastics of 3903.30 pay 6.5 % whether they come from Panama or not."""
    answer = ask(load_rulebook(rates=RATES), "390330", "PA")

    assert (offered(answer), amounts(answer, "us.mfn")) == ([], [("us.mfn", "1", 650)])


# -- an imported list ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "metal", "outcome"),
    [
        ("73081000", [], "complete"),
        ("73082000", [("us.s232", "1", 5000)], "complete"),
        ("73089000", [("us.s232", "1", 5000)], "estimated"),
    ],
)
def test_an_imported_list_says_which_lines_pay(
    rules: Rulebook, code: str, metal: list[tuple[str, str, int]], outcome: str
) -> None:
    """Off the list nothing, on it the rate of the annex; where only a longer code is listed, a perhaps."""
    answer = ask(rules, code, "CL", origin_evidence="none")

    assert (amounts(answer, "us.s232"), answer.outcome) == (metal, outcome)
    assert [one.range for one in answer.charges if one.id == "us.s232"] == [
        (0, 5000) if outcome == "estimated" else None for _ in metal
    ]
    assert ("list.not_loaded" in codes(answer)) is (outcome == "estimated")
