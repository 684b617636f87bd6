"""Codes of the HS of 2017 carried over into those of 2022."""

import pytest

from landed_cost.schedules.hs2017 import Carried, carry_over, changes, hs_2022
from landed_cost.schedules.marks import marks_of, other_rates
from landed_cost.schedules.model import RateTexts
from landed_cost.schedules.table import Row


def _row(code: str, rate: str, marks: str = "") -> Row:
    return Row(code, f"Goods of {code}", rates=RateTexts(rate), extra={"marks": marks} if marks else {})


def _of(carried: Carried, six: str) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Return code, rate, marks and other rates of the rows of a code that the file spoke of."""
    return [
        (row.code, row.rates.general, marks_of(row.extra), other_rates(row.extra))
        for row in carried.rows
        if row.code.startswith(six) and row.text and row.rates
    ]


def test_a_code_that_lives_on_keeps_its_national_digits() -> None:
    """A T-shirt stands where it stood, unmarked."""
    carried = carry_over([_row("61091000", "35%")])

    assert _of(carried, "610910") == [("61091000", "35%", (), ())]
    assert (carried.moved, carried.doubtful, carried.gone) == (0, 0, ())


def test_a_new_code_has_the_rate_of_where_its_goods_stood() -> None:
    """Smartphones were telephones for cellular networks; with one rate there the correspondence is sure."""
    carried = carry_over([_row("85171231", "16%"), _row("85171290", "16%")])

    assert _of(carried, "851713") == [("851713", "16%", (), ())]
    assert _of(carried, "851712") == []
    assert (carried.moved, carried.gone) == (2, ("851712",))


def test_a_new_code_out_of_several_rates_is_marked() -> None:
    """The commonest rate counts, the others may, and marks of all of them are kept."""
    rows = [_row("85171231", "16%"), _row("85171241", "0%", "national"), _row("85171290", "16%", "nominal")]
    carried = carry_over(rows)

    assert _of(carried, "851713") == [("851713", "16%", ("national", "nominal", "old_code"), ("0%",))]
    assert carried.doubtful == 2


@pytest.mark.parametrize(
    ("moved_in", "marks", "others"), [("10%", (), ()), ("12%", ("old_code",), ("12%",))], ids=["same", "other"]
)
def test_goods_that_moved_in_bring_their_rate(moved_in: str, marks: tuple[str, ...], others: tuple[str, ...]) -> None:
    """Live molluscs of 0307.91 are scallops of 0307.21 since 2022: marked only where their rate was another."""
    carried = carry_over([_row("03072100", "10%"), _row("03079100", moved_in)])

    assert _of(carried, "030721") == [("03072100", "10%", marks, others)]


def test_parts_out_of_anything_are_marked() -> None:
    """Parts of screens came out of more codes than say anything: the code stands, and is doubtful."""
    carried = carry_over([_row("85299090", "8%")])

    assert _of(carried, "852990") == [("85299090", "8%", ("old_code",), ())]


def test_a_code_that_no_row_speaks_of_is_unknown_and_no_error() -> None:
    """Every code of 2022 is there: without a rate it reads "not stated", never zero and never "no such code"."""
    carried = carry_over([_row("61091000", "35%")])

    assert {row.code[:6] for row in carried.rows} == hs_2022()
    assert len(carried.unstated) == len(hs_2022()) - 1
    assert {row.rates.general for row in carried.rows if row.rates and not row.text} == {"Not stated in the table"}
    assert carried.remarks()[1].startswith("codes of the HS of 2022 without a rate here: 0101.21, 0101.29, ")
    assert carried.remarks()[1].endswith(" and 5601 more: unknown, not zero")


def test_nothing_unstated_is_not_said() -> None:
    """A whole tariff has one remark: what was carried over."""
    rows = [_row(code, "5%") for code in {old for olds in changes().values() for old in olds} | hs_2022()]

    remarks = carry_over(rows).remarks()

    assert [remark[:33] for remark in remarks] == ["codes of the HS of 2017 carried o"]
