"""What goods are in a tariff: a line, a band, several lines under a short code, a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from landed_cost import Place, quote
from tests.unit.landed_cost.qz import ask, codes, item, line, shipment
from tests.unit.landed_cost.rulebook.small import SMALL, changed, load

if TYPE_CHECKING:
    from pathlib import Path


def test_a_band_is_a_range_and_says_so() -> None:
    """Trousers: 5 to 20 %, usually 10."""
    answer = ask(item(hs_code="620342"))

    duty = line(answer, "qz.duty")
    assert (duty.amount, duty.range, codes(answer, "estimated")) == (1000, (500, 2000), ["duty.band"])


def test_a_short_code_takes_in_all_lines() -> None:
    """6109 is 610910 at 20 % or 610990 at 30 %."""
    answer = ask(item(hs_code="6109"))

    assert (line(answer, "qz.duty").range, codes(answer, "estimated")) == ((2000, 3000), ["hs.short"])


def test_a_band_with_lines_left_open_is_refused() -> None:
    """Sugar: some lines are taxed by weight, and nothing bounds them."""
    answer = ask(item(hs_code="170199"))

    assert (answer.outcome, "duty.unknown" in codes(answer, "refused")) == ("refused", True)


def test_more_digits_than_the_tariff_has_are_told() -> None:
    """Ten digits are read as six."""
    answer = ask(item(hs_code="6109100012"))

    assert (answer.outcome, "hs.six_used" in codes(answer, "info")) == ("complete", True)


def test_goods_without_a_code_are_classified_and_estimated() -> None:
    """A guess is never complete."""
    answer = ask(item(hs_code=None, description="playera de algodón"))

    assert (answer.outcome, "hs.classified" in codes(answer, "estimated")) == ("estimated", True)


def test_goods_that_no_word_describes_are_refused() -> None:
    """Without a code and without a known word there is no tariff line."""
    answer = ask(item(hs_code=None, description="xqzw"))

    assert (answer.outcome, codes(answer)) == ("refused", ["hs.unclassified"])


def test_a_guess_that_this_tariff_does_not_have_is_no_fault_of_the_request() -> None:
    """Coffee is known by its word, and QZ has no line for it: refused like goods that no word describes."""
    answer = ask(item(hs_code=None, description="café tostado"))

    assert [(one.code, one.level, dict(one.params), one.item) for one in answer.reasons] == [
        ("hs.unclassified", "refused", {"description": "café tostado"}, "1")
    ]


@pytest.mark.parametrize(
    ("code", "rates"),
    [
        ("620342", "5 % – 20 %"),
        ("1701", "10 % – ?"),
        ("1702", "0 % – ?"),
    ],
)
def test_a_band_names_the_rates_that_it_spans(code: str, rates: str) -> None:
    """From the lowest to the highest; what is taxed by weight leaves the upper end open."""
    bands = [dict(one.params) for one in ask(item(hs_code=code)).reasons if one.code == "duty.band"]

    (place,) = {one["code"] for one in bands}
    assert bands == [{"code": place, "country": "QZ", "rates": rates}]


def test_a_band_of_one_rate_that_may_leave_lines_out_names_it_once(tmp_path: Path) -> None:
    """The file does not say how many lines stand behind the 1 %: an estimate at one rate."""
    law = changed(SMALL, "rate: {fact: qy.rate}}", "rate: {schedule: duty}}")
    rules = load(tmp_path, law=law, bands="# I.\nhs,min,typical,max\n61,1,1,1\n")
    sent = shipment(item(attributes={"used": "no"}), destination=Place("QY", "A"))

    assert [dict(one.params) for one in quote(sent, rules).reasons if one.code == "duty.band"] == [
        {"code": "6109.10", "country": "QY", "rates": "1 %"}
    ]
