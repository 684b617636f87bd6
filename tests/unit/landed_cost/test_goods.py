"""What goods are in a tariff: a line, a band, several lines under a short code, a guess."""

from __future__ import annotations

from tests.unit.landed_cost.qz import ask, codes, item, line


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
