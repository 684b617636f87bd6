"""What rates come to. Amounts are worked by hand: value 50.00 is 5000 minor units."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.expressions import Evaluation, Expression, parse, percent
from landed_cost.expressions.nodes import fixed, plain
from landed_cost.measures import Quantities

F = Fraction
SUGAR = (
    "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) "
    "but not less than 3.143854¢/kg"
)
PLATES = (
    "4.3% + 1.7¢/jewel + 0.2¢ for each other piece or part, but if consisting in part of a plate or a set of plates "
    "the total duty shall not exceed the duty for the complete movement"
)
WATCH = "44¢ each + 6% on the case + 14% on the strap, band or bracelet + 5.3% on the battery"


def _of(quantity: str = "2", weight: str | None = None, price: str | None = None, **measures: str) -> Quantities:
    return Quantities(
        Decimal(quantity),
        None if weight is None else Decimal(weight),
        {key: Decimal(value) for key, value in measures.items()},
        None if price is None else Decimal(price),
    )


@pytest.mark.parametrize(
    ("text", "quantities", "minor", "formula"),
    [
        ("Free", _of(), "0", "50.00 × Free"),
        # 5000 × 16.5 %
        ("16.5%", _of(), "825", "50.00 × 16.5%"),
        # 5000 × 100/3 %
        ("33 1/3%", _of(), "5000/3", "50.00 × 33 1/3%"),
        # 2 × 1 kg at 37.2 cents, and 510
        ("37.2¢/kg + 10.2%", _of("2", "1"), "584.4", "2 kg × 37.2¢/kg + 50.00 × 10.2%"),
        # 6 × 0.75 l = 4.5 l at 6.3 cents
        ("6.3¢/liter", _of("6", volume_l="0.75"), "28.35", "4.5 liter × 6.3¢/liter"),
        # 4.5 l of 40 % vol are 3.6 proof litres at 23.7 cents
        ("23.7¢/pf.liter", _of("6", volume_l="0.75", alcohol_percent="40"), "85.32", "3.6 pf.liter × 23.7¢/pf.liter"),
        # 4.5 × 4.4 + 1.08 × 31.4 = 19.8 + 33.912
        (
            "4.4¢/liter + 31.4¢/pf. liter",
            _of("6", volume_l="0.75", alcohol_percent="12"),
            "53.712",
            "4.5 liter × 4.4¢/liter + 1.08 pf.liter × 31.4¢/pf. liter",
        ),
        # 1 barrel at 10.5 cents
        ("10.5¢/bbl", _of("1", volume_l="158.98"), "10.5", "1 bbl × 10.5¢/bbl"),
        # 2 each at 1 cent and 5000 × 2.8 %
        ("1¢ each + 2.8%", _of(), "142", "2 × 1¢ each + 50.00 × 2.8%"),
        # 2/12 dozen at 2.8 cents
        ("2.8¢/doz.", _of(), "7/15", "1/6 doz. × 2.8¢/doz."),
        ("76¢/pr. + 32%", _of(), "1752", "2 pr. × 76¢/pr. + 50.00 × 32%"),
        # 2/144 gross at 6.5 cents
        ("6.5¢/gross", _of(), "13/144", "1/72 gross × 6.5¢/gross"),
        ("89.6¢/1000", _of("500"), "44.8", "500 × 89.6¢/1000"),
        ("10¢/1,000 pins + 3.5%", _of("2000"), "195", "2000 × 10¢/1,000 pins + 50.00 × 3.5%"),
        ("20¢/thousand + 3.5%", _of("500"), "185", "0.5 1000 × 20¢/thousand + 50.00 × 3.5%"),
        ("68¢/head", _of("3"), "204", "3 head × 68¢/head"),
        ("$1.24/t", _of("1", "500"), "62", "0.5 t × $1.24/t"),
        ("$1.13/m3", _of("2", volume_m3="0.5"), "113", "1 m3 × $1.13/m3"),
        ("14.5¢/m2 + 0.4%", _of("2", area_m2="3"), "107", "6 m2 × 14.5¢/m2 + 50.00 × 0.4%"),
        ("3.7¢/kg on drained weight", _of("2", drained_weight_kg="0.5"), "3.7", None),
        ("5¢/kg on contents and container", _of("2", gross_weight_kg="1.5"), "15", None),
        # the whole contents, liquid included, are the net weight
        ("2.1¢/kg on entire contents of container", _of("2", "1"), "4.2", None),
        ("3.6606¢/kg of total sugars", _of("2", sugar_kg="0.5"), "3.6606", None),
        ("18.7¢/clean kg", _of("2", clean_kg="0.5"), "18.7", None),
        ("0.7¢/kg on copper content + 0.7¢/kg on lead content", _of("1", copper_kg="2", lead_kg="1"), "2.1", None),
        # 20 lines × 288/144 gross at 0.3 cents, and 5000 × 4.6 %
        ("0.3¢/line/ gross + 4.6%", _of("288", button_lines="20"), "242", None),
        # 2 × 17 jewels at 1 cent, 2 × 17 cents, 5000 × 2.5 %
        ("17¢ each + 2.5% + 1¢/jewel", _of("2", jewels="17"), "193", None),
        ("13.5¢/kg + 6.3% + 1.9¢/article", _of("2", "1"), "345.8", None),
        # sugar of 96 degrees: 3.6606 − 4 × 0.020668 = 3.577928 cents on 200 kg
        (SUGAR, _of("2", "100", sugar_degrees="96"), "715.5856", f"200 kg × ({SUGAR})"),
        # of 60 degrees the formula would give 2.83388: the floor counts
        (SUGAR, _of("2", "100", sugar_degrees="60"), "628.7708", f"200 kg × ({SUGAR})"),
        # parts of a watch of 25.00: case 10, strap 5, battery 1; 2 × 44 + 2000 × 6 % + 1000 × 14 % + 200 × 5.3 %
        (
            WATCH,
            _of(price="25", case_value="10", strap_value="5", battery_value="1"),
            "358.6",
            WATCH.replace("44", "2 × 44")
            .replace("6%", "20.00 × 6%")
            .replace("14", "10.00 × 14")
            .replace("5.3", "2.00 × 5.3"),
        ),
        # jewels over seven: 2 × 43 + 2 × 10 × 2.8 + 2000 × 3.7 %
        ("43¢ each + 2.8¢/jewel over 7 + 3.7% on the case", _of(price="25", jewels="17", case_value="10"), "216", None),
        (
            "3.9% on the movement and case + 5.3% on the battery",
            _of(price="25", movement_value="14", case_value="10", battery_value="1"),
            "197.8",
            "48.00 × 3.9% on the movement and case + 2.00 × 5.3% on the battery",
        ),
        ("2.5% on the value of the lead content", _of(price="25", lead_value="20"), "100", None),
        # a fair retail value may be more than the price: 2 × 40.00 × 3 %
        ("3 percent of the fair retail value", _of(price="25", retail_value="40"), "240", None),
        ("20% but not less than $3.50/kg", _of("2", "1"), "1000", "max(50.00 × 20%; 2 kg × $3.50/kg)"),
        ("20% but not less than $3.50/kg", _of("2", "2"), "1400", None),
        ("20% but not more than $3.50/kg", _of("2", "1"), "700", "min(50.00 × 20%; 2 kg × $3.50/kg)"),
        ("41.20 EUR / 100 kg", _of("2", "50"), "4120", "100 kg × 41.20 EUR/100 kg"),
        ("1.75 EUR / % vol / hl", _of("2", volume_l="50", alcohol_percent="12"), "2100", None),
    ],
)
def test_evaluate(text: str, quantities: Quantities, minor: str, formula: str | None) -> None:
    """With everything known a rate comes to one amount, unrounded, and shows how."""
    found = parse(text).evaluate(5000, quantities)

    assert (found.low, found.high, found.missing, found.exact) == (F(minor), F(minor), (), True)
    assert formula is None or found.formula == formula


@pytest.mark.parametrize(
    ("text", "quantities", "low", "high", "missing"),
    [
        ("6.3¢/liter", _of(), "0", None, ("volume_l",)),
        # the value part is sure
        ("37.2¢/kg + 10.2%", _of(), "510", None, ("weight",)),
        ("23.7¢/pf.liter", _of(volume_l="1"), "0", None, ("alcohol_percent",)),
        # the bound that is known holds
        ("20% but not more than $3.50/kg", _of(), "0", "1000", ("weight",)),
        ("20% but not less than $3.50/kg", _of(), "1000", None, ("weight",)),
        ("the lesser of $1/kg or 5¢/liter", _of(), "0", None, ("weight", "volume_l")),
        # case, strap and battery are not the whole watch: from nothing to all of it at the highest rate
        (WATCH, _of(), "88", "788", ("case_value", "strap_value", "battery_value")),
        # of the 25.00 the case is 10: 88 + 120, the rest at most 3000 × 14 %
        (WATCH, _of(price="25", case_value="10"), "208", "628", ("strap_value", "battery_value")),
        # movement, case and battery are the whole clock: at least the lowest rate, at most the highest
        (
            "3.9% on the movement and case + 5.3% on the battery",
            _of(),
            "195",
            "265",
            ("movement_value", "case_value", "battery_value"),
        ),
        (
            "3.9% on the movement and case + 5.3% on the battery",
            _of(price="25", movement_value="14", battery_value="5"),
            "209",
            "209",
            ("case_value",),
        ),
        ("2.5% on the value of the lead content", _of(), "0", "125", ("lead_value",)),
        ("3 percent of the fair retail value", _of(), "0", None, ("retail_value",)),
        # an unknown weight leaves the sum open, whatever the parts
        ("5¢/kg + 4% on the case", _of(), "0", None, ("weight", "case_value")),
        # sugar of unknown degrees lies between the floor and the full rate
        (SUGAR, _of("2", "100"), "628.7708", "732.12", ("sugar_degrees",)),
        (SUGAR, _of(sugar_degrees="96"), "0", None, ("weight",)),
        (SUGAR, _of(), "0", None, ("weight", "sugar_degrees")),
        # the cap need not apply, and is not known: 215 + 2 × 10 × 1.7 + 2 × 5 × 0.2 = 251
        (PLATES, _of(jewels="10", other_parts="5"), "0", "251", ("broker",)),
        (PLATES, _of(), "0", None, ("jewels", "other_parts", "broker")),
        ("No change", _of(), "0", None, ("broker",)),
        ("The duty provided in the applicable subheading + 25%", _of(), "1250", None, ("broker",)),
        ("The duty provided in the applicable subheading + 5¢/kg", _of(), "0", None, ("broker", "weight")),
        ("9.00% + EA MAX 18.70% + ADSZ", _of(), "450", None, ("broker",)),
        ("14% (01 JUL - 31 JAN), 0% (01 FEB - 30 JUN)", _of(), "0", "700", ("broker",)),
        ("8% (1 MAY-31 MAY), 5 EUR/kg (01 JUN-30 JUN)", _of(), "0", None, ("weight", "broker")),
    ],
)
def test_range(text: str, quantities: Quantities, low: str, high: str | None, missing: tuple[str, ...]) -> None:
    """With something missing a rate comes to the range that follows, and names what to ask for."""
    found = parse(text).evaluate(5000, quantities)

    assert (found.low, found.high, found.missing) == (F(low), None if high is None else F(high), missing)
    assert not found.exact


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("37.2¢/kg + 10.2%", "? kg × 37.2¢/kg + 50.00 × 10.2%"),
        ("2.5% on the value of the lead content", "? × 2.5% on the value of the lead content"),
        ("No change", "No change"),
        (SUGAR, f"? kg × ({SUGAR})"),
        (
            PLATES,
            PLATES.replace("4.3%", "50.00 × 4.3%").replace("1.7¢", "? jewel × 1.7¢").replace("0.2¢", "? part × 0.2¢"),
        ),
    ],
)
def test_formula_with_gaps(text: str, formula: str) -> None:
    """A formula shows a question mark for what is not known."""
    assert parse(text).evaluate(5000, _of()).formula == formula


@pytest.mark.parametrize(
    ("currency", "base", "text", "minor", "formula"),
    [
        ("CLP", 46161, "6%", "2769.66", "46161 × 6%"),
        ("CLP", 46161, "5 CLP/kg", "10", "2 kg × 5 CLP/kg"),
        ("KWD", 1500, "0.250 KWD/kg", "500", "2 kg × 0.250 KWD/kg"),
        ("MXN", 100, "$5/kg", "1000", "2 kg × $5/kg"),
    ],
)
def test_minor_units(currency: str, base: int, text: str, minor: str, formula: str) -> None:
    """Amounts come out in minor units of the currency: none for the Chilean peso, three for the Kuwaiti dinar."""
    found = parse(text, currency).evaluate(base, _of("2", "1"))

    assert (found.low, found.high, found.formula) == (F(minor), F(minor), formula)


def test_base_of_zero() -> None:
    """On a value of zero a percentage is zero, and what is per piece still counts."""
    assert parse("1¢ each + 2.8%").evaluate(0, _of()) == Evaluation(F(2), F(2), (), "2 × 1¢ each + 0.00 × 2.8%")


def test_percent_evaluates() -> None:
    """A bare percentage of a table is reckoned like a printed one."""
    assert percent(Decimal("16.20")).evaluate(5000, _of()) == Evaluation(F(810), F(810), (), "50.00 × 16.2%")


@pytest.mark.parametrize(
    ("value", "text"),
    [(F(0), "0"), (F(200), "200"), (F(-5, 2), "-2.5"), (F(1, 8), "0.125"), (F(1, 3), "1/3"), (F(1, 20), "0.05")],
)
def test_plain(value: Fraction, text: str) -> None:
    """A number is printed as its shortest exact text."""
    assert plain(value) == text


@pytest.mark.parametrize(
    ("minor", "digits", "text"),
    [(F(5000), 2, "50.00"), (F(5001, 2), 2, "25.005"), (F(7), 0, "7"), (F(10, 3), 2, "1/30"), (F(-50), 2, "-0.50")],
)
def test_fixed(minor: Fraction, digits: int, text: str) -> None:
    """An amount is printed with the decimals of its currency, or more where it has them."""
    assert fixed(minor, digits) == text


RATES = st.sampled_from(
    [
        WATCH,
        SUGAR,
        PLATES,
        "37.2¢/kg + 10.2%",
        "20% but not more than $3.50/kg",
        "the greater of 5% or $1/kg",
        "3.9% on the movement and case + 5.3% on the battery",
        "3.1¢/liter + 22.1¢/pf. liter on ethyl alcohol content",
        "4.7% on the value of the rifle + 20% on the value of the telescopic sight, if any",
    ],
).map(parse)
MEASURES = {
    "volume_l": "0.7",
    "alcohol_percent": "40",
    "jewels": "17",
    "other_parts": "3",
    "sugar_degrees": "96",
    "case_value": "3",
    "strap_value": "2",
    "battery_value": "1",
    "movement_value": "4",
    "rifle_value": "8",
    "sight_value": "2",
}


@given(RATES, st.integers(0, 10**9), st.booleans(), st.sets(st.sampled_from(sorted(MEASURES))))
def test_a_range_holds_what_comes_out(rate: Expression, base: int, has_weight: bool, known: set[str]) -> None:  # noqa: FBT001
    """Whatever is missing, the amount that comes out once everything is known lies in the range told before.

    The parts here are the whole article, or leave a rest.
    """
    parts = (
        {"rifle_value", "sight_value"}
        if "rifle_value" in rate.needs
        else set(MEASURES) - {"rifle_value", "sight_value"}
    )
    everything = {key: Decimal(value) for key, value in MEASURES.items() if key in parts}
    some = {key: value for key, value in everything.items() if key in known}
    if "case_value" in rate.needs and "movement_value" in rate.needs:
        everything.pop("strap_value")
        some.pop("strap_value", None)
        price = Decimal(8)
    else:
        price = Decimal(10)
    weight = Decimal("0.5")

    before = rate.evaluate(base, Quantities(Decimal(3), weight if has_weight else None, some, price))
    after = rate.evaluate(base, Quantities(Decimal(3), weight, everything, price))

    assert after.high is not None
    assert before.low <= after.low <= after.high
    assert before.high is None or after.high <= before.high
    assert set(after.missing) <= set(before.missing) <= rate.needs
