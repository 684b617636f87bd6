"""Simplified export: eligible or not at each limit, and not known where nobody knows; cases worked by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from landed_cost import Money, load_rulebook
from landed_cost.money import to_minor
from landed_cost.origins import Parcel
from landed_cost.rates import load_rates
from landed_cost.rulebook.reader import LANGUAGES
from shopkit.sending.exporting import Export, judge
from shopkit.sending.telling import Said, say, word

CASES: Final[list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("exports.yaml").read_text("utf-8"))


def judged(send: dict[str, Any]) -> Export:
    """Return what is said of a case."""
    day = send.get("rates_of", send["on"])
    pairs = {"MXN": "18.50", "CLP": "950", "PEN": "3.75", "EUR": "0.9", "CAD": "1.4"}
    rows = "".join(f"USD,{to},{rate},{day},market,example\n" for to, rate in pairs.items())
    amount, _, currency = str(send.get("value", "")).partition(" ")
    goods = Money(to_minor(Decimal(amount), currency), currency) if amount else None
    weight = Fraction(send["kg"]) if "kg" in send else None
    parcel = Parcel(send["from"], "US", send["channel"], send["on"], goods, weight, (send.get("hs", "610910"),))
    return judge(parcel, load_rulebook().with_rates(load_rates(f"base,quote,rate,date,kind,source\n{rows}")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"][:60])
def test_a_parcel_may_leave_as_its_country_says(case: dict[str, Any]) -> None:
    """Each way by its own limits, resting on the rules that its source is cited for."""
    found = judged(case["send"])
    limits = {one.fact.id: one for way in found.ways for one in way.limits}
    reasons = [*found.reasons, *(one for way in found.ways for one in way.reasons)]
    doubts = {one.code for way in found.ways for one in way.doubts}

    assert ({one.id: one.verdict for one in found.ways}, found.verdict) == (case["ways"], case["all"])
    assert set(case["rules"]) <= set(limits)
    assert {name: limits[name].over for name in case.get("over", {})} == {
        name: Fraction(text) for name, text in case.get("over", {}).items()
    }
    assert "reasons" not in case or [one.code for one in reasons] == case["reasons"]
    assert set(case.get("doubts", ())) <= doubts
    assert all(say(one, language) for one in reasons for language in LANGUAGES)


def test_an_old_source_leaves_a_verdict_estimated() -> None:
    """Brazil's page was last read in a copy of 2023; the limit of Peru is confirmed and fresh."""
    brazil, peru = (
        judged({"from": country, "channel": "postal", "on": CASES[0]["send"]["on"], "value": "9.00 USD", "kg": "1"})
        for country in ("BR", "PE")
    )

    assert [one.is_estimated for one in (*brazil.ways, *peru.ways)] == [True, True, False]
    assert brazil.ways[0].doubts == (Said("evidence_old", {"day": "2023-01-05"}),)


def test_a_rate_is_told_where_one_was_used() -> None:
    """With its day; none where value and limit are in one currency."""
    soles, dollars = (
        judged({"from": "PE", "channel": "postal", "on": CASES[0]["send"]["on"], "value": value, "kg": "1"}).rate
        for value in ("10.00 PEN", "10.00 USD")
    )

    assert soles is not None
    assert (soles.base, soles.quote, soles.date, dollars) == ("PEN", "USD", CASES[0]["send"]["on"], None)


def test_words_keep_their_parameters_in_every_language() -> None:
    """A sentence that lost one would not say which limit, rate or day it is about."""
    names = {language: word("rate_missing", language) for language in LANGUAGES}

    assert all("{base}" in text and "{quote}" in text and "{limit}" in text for text in names.values())
