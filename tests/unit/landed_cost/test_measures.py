"""Measures of goods: totals of a line in the units of law, and what is wrong with what was given."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.measures import NAMES, UNITS, VOCABULARY, MeasureError, MeasureProblem, Quantities, asks, check

EVERYTHING = {
    **{key: Decimal(2) for key in VOCABULARY if not key.endswith("_value")},
    "gross_weight_kg": Decimal(4),
}


def _of(quantity: str, weight: str | None = None, **measures: str) -> Quantities:
    return Quantities(
        Decimal(quantity),
        None if weight is None else Decimal(weight),
        {key: Decimal(value) for key, value in measures.items()},
    )


@pytest.mark.parametrize(
    ("quantities", "unit", "total"),
    [
        (_of("2", "0.2"), "kg", "0.4"),
        (_of("2", "0.2"), "g", "400"),
        (_of("2", "500"), "t", "1"),
        (_of("3", gross_weight_kg="1.5"), "kg gross", "4.5"),
        (_of("3", gross_weight_kg="1500"), "t gross", "4.5"),
        (_of("6", volume_l="0.75"), "liter", "4.5"),
        (_of("2", volume_l="50"), "hl", "1"),
        (_of("6", volume_l="0.75", alcohol_percent="40"), "pf.liter", "3.6"),
        (_of("6", volume_l="0.75", alcohol_percent="40"), "liter of alcohol", "1.8"),
        (_of("2", volume_l="50", alcohol_percent="12"), "hl·% vol", "12"),
        (_of("2", barrels="1.5"), "bbl", "3"),
        (_of("1", volume_l="317.96"), "bbl", "2"),
        (_of("7"), "each", "7"),
        (_of("7", pieces="3"), "each", "21"),
        (_of("6"), "doz.", "0.5"),
        (_of("10", pieces="12"), "doz.", "10"),
        (_of("72"), "gross", "0.5"),
        (_of("250"), "1000", "0.25"),
        (_of("3"), "pr.", "3"),
        (_of("3", pairs="6"), "pr.", "18"),
        (_of("3", heads="10"), "head", "30"),
        (_of("2", jewels="17"), "jewel", "34"),
        (_of("144", button_lines="20"), "line·gross", "20"),
        (_of("1", "10", sucrose_percent="60"), "kg·% sucrose", "600"),
    ],
)
def test_total(quantities: Quantities, unit: str, total: str) -> None:
    """The total of a line is quantity times the measures of one unit, in the unit that law counts in."""
    assert quantities.total(unit) == Fraction(total)
    assert quantities.missing(unit) == ()


@pytest.mark.parametrize(("jewels", "total"), [("17", 20), ("7", 0), ("5", 0)])
def test_jewels_over_seven(jewels: str, total: int) -> None:
    """Jewels over seven are counted for each movement, and never below none."""
    assert _of("2", jewels=jewels).total("jewel", over=7) == total


@pytest.mark.parametrize(
    ("quantities", "unit", "missing"),
    [
        (_of("2"), "kg", ("weight",)),
        (_of("2"), "pf.liter", ("volume_l", "alcohol_percent")),
        (_of("2", volume_l="1"), "pf.liter", ("alcohol_percent",)),
        (_of("2"), "bbl", ("volume_l",)),
        (_of("2"), "kg drained", ("drained_weight_kg",)),
    ],
)
def test_unknown_total(quantities: Quantities, unit: str, missing: tuple[str, ...]) -> None:
    """A total that does not follow is unknown, and what to ask for is named."""
    assert quantities.total(unit) is None
    assert quantities.missing(unit) == missing


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_can_be_known(unit: str) -> None:
    """With every measure given every unit has a total; what a unit asks for has a name in three languages."""
    total = Quantities(Decimal(3), Decimal(3), EVERYTHING).total(unit)

    assert total is not None
    assert total > 0
    assert all(set(NAMES[key].label) == {"es", "pt", "en"} for key in asks(unit))


def test_zero_is_known() -> None:
    """A measure of zero is an answer: a drink without alcohol has no proof litres."""
    assert _of("6", volume_l="1", alcohol_percent="0").total("pf.liter") == 0


def test_share_of_a_part() -> None:
    """The value of a part counts as its share of the unit price."""
    watch = Quantities(Decimal(2), None, {"case_value": Decimal(15)}, unit_price=Decimal(60))

    assert watch.value_share("case_value") == Fraction(1, 4)


@pytest.mark.parametrize("price", [None, Decimal(0)])
def test_share_without_a_price(price: Decimal | None) -> None:
    """Without a price, or at a price of zero, the share of a part is not known."""
    assert Quantities(Decimal(1), None, {"battery_value": Decimal(0)}, price).value_share("battery_value") is None
    assert Quantities(Decimal(1), None, {}, Decimal(5)).value_share("battery_value") is None


@pytest.mark.parametrize(
    ("measures", "weight", "price", "problems"),
    [
        ({"volume": "1"}, None, None, [("volume", "unknown_measure")]),
        ({"volume_l": "-1"}, None, None, [("volume_l", "not_an_amount")]),
        ({"volume_l": "NaN"}, None, None, [("volume_l", "not_an_amount")]),
        (
            {"volume_l": "Infinity", "jewels": "-1"},
            None,
            None,
            [("volume_l", "not_an_amount"), ("jewels", "not_an_amount")],
        ),
        ({"alcohol_percent": "100.1"}, None, None, [("alcohol_percent", "too_much")]),
        ({}, "-1", None, [("weight", "not_an_amount")]),
        ({"drained_weight_kg": "0.5"}, "0.4", None, [("drained_weight_kg", "more_than_whole")]),
        ({"gross_weight_kg": "0.3"}, "0.4", None, [("gross_weight_kg", "less_than_part")]),
        ({"case_value": "6", "strap_value": "5"}, None, "10", [("strap_value", "more_than_whole")]),
        ({"lead_value": "11"}, None, "10", [("lead_value", "more_than_whole")]),
        ({"lead_value": "10", "case_value": "1"}, None, "10", [("case_value", "more_than_whole")]),
    ],
)
def test_problems(
    measures: dict[str, str],
    weight: str | None,
    price: str | None,
    problems: list[tuple[str, str]],
) -> None:
    """Everything that cannot be is found at once, and building quantities from it fails with the same list."""
    given_measures = {key: Decimal(value) for key, value in measures.items()}
    weight_kg, unit_price = (None if text is None else Decimal(text) for text in (weight, price))

    found = check(given_measures, weight_kg=weight_kg, unit_price=unit_price)

    assert [(problem.key, problem.code) for problem in found] == problems
    with pytest.raises(MeasureError) as caught:
        Quantities(Decimal(1), weight_kg, given_measures, unit_price)
    assert caught.value.problems == found


@pytest.mark.parametrize(
    ("measures", "weight", "price"),
    [
        ({"gross_weight_kg": "0.5", "drained_weight_kg": "0.4"}, "0.4", None),
        ({"standard_quality_kg": "1.1"}, "1", None),
        ({"retail_value": "90", "repair_value": "80", "case_value": "10"}, None, "10"),
        ({"alcohol_percent": "100", "volume_l": "0"}, "0", "0"),
    ],
)
def test_no_problem(measures: dict[str, str], weight: str | None, price: str | None) -> None:
    """What can be is let through: a container heavier than its contents, a retail value over the price."""
    weight_kg, unit_price = (None if text is None else Decimal(text) for text in (weight, price))

    assert (
        check({key: Decimal(value) for key, value in measures.items()}, weight_kg=weight_kg, unit_price=unit_price)
        == ()
    )


@pytest.mark.parametrize("quantity", ["-1", "NaN", "Infinity"])
def test_no_quantity(quantity: str) -> None:
    """A quantity that is negative or no number is refused, beside the other problems."""
    problem = MeasureProblem("quantity", "not_a_quantity", f"{quantity} is no quantity; write 0 or more")

    with pytest.raises(MeasureError) as caught:
        Quantities(Decimal(quantity), None, {"alcohol_percent": Decimal(200)})

    assert caught.value.problems[0] == problem
    assert [found.key for found in caught.value.problems] == ["quantity", "alcohol_percent"]
    assert str(caught.value).startswith(f"quantity: {quantity} is no quantity")


@given(st.decimals(0, 10**6, places=3), st.decimals(0, 10**6, places=3))
def test_totals_are_exact(quantity: Decimal, weight: Decimal) -> None:
    """No total is rounded: twelve dozenths of a line are the line."""
    line = Quantities(quantity, weight)

    assert line.total("kg") == Fraction(quantity) * Fraction(weight)
    assert (line.total("doz.") or 0) * 12 == Fraction(quantity)


def test_vocabulary_is_labelled() -> None:
    """Every word of the vocabulary has a unit and three labels; ``weight`` and ``broker`` are no words of it."""
    assert all(name.key == key and name.unit and all(name.label.values()) for key, name in VOCABULARY.items())
    assert set(NAMES) - set(VOCABULARY) == {"weight", "broker"}
