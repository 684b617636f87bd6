"""Rates as law writes them: what the grammar reads, what it refuses, and what it says about a rate."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from landed_cost.expressions import Expression, Kind, RateSyntaxError, parse, percent
from landed_cost.expressions.lexer import LONGEST_TEXT, in_order
from landed_cost.expressions.nodes import AdValorem, Greatest, Least, Node, Reference, Specific, Sum

F = Fraction


def _percent(value: str, printed: str | None = None, *parts: str) -> AdValorem:
    return AdValorem(F(value), printed or f"{value}%", parts)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("16.5%", _percent("16.5")),
        ("33 1/3%", _percent("100/3", "33 1/3%")),
        ("3 percent", _percent("3", "3 percent")),
        ("6.5% on the entire set", _percent("6.5", "6.5% on the entire set")),
        ("5% on the battery", _percent("5", "5% on the battery", "battery_value")),
        ("37.2¢/kg", Specific(F("0.372"), "kg", "37.2¢/kg")),
        ("$1.646/kg", Specific(F("1.646"), "kg", "$1.646/kg")),
        ("44¢ each", Specific(F("0.44"), "each", "44¢ each")),
        ("89.6¢/1000", Specific(F("0.896"), "each", "89.6¢/1000", per=1000)),
        ("$2/1,000", Specific(F(2), "each", "$2/1,000", per=1000)),
        ("2.8¢/jewel over 7", Specific(F("0.028"), "jewel", "2.8¢/jewel over 7", over=7)),
        ("41.20 EUR/100 kg", Specific(F("41.2"), "kg", "41.20 EUR/100 kg", per=100)),
        ("EUR 5 per hl", Specific(F(5), "hl", "EUR 5 per hl")),
        ("$2.50/thou- sand", Specific(F("2.5"), "1000", "$2.50/thou- sand")),
        ("86.1¢/m²", Specific(F("0.861"), "m2", "86.1¢/m²")),
        ("37.2¢/kg + 10.2%", Sum((Specific(F("0.372"), "kg", "37.2¢/kg"), _percent("10.2")))),
        ("37.2¢/kg plus 10.2%", Sum((Specific(F("0.372"), "kg", "37.2¢/kg"), _percent("10.2")))),
        ("20% but not less than $3.50/kg", Greatest((_percent("20"), Specific(F("3.5"), "kg", "$3.50/kg")))),
        ("20%, but not more than $2 each", Least((_percent("20"), Specific(F(2), "each", "$2 each")))),
        ("the greater of 5% or $1/kg", Greatest((_percent("5"), Specific(F(1), "kg", "$1/kg")))),
        ("The lesser of 5% and $1/kg", Least((_percent("5"), Specific(F(1), "kg", "$1/kg")))),
        ("lower of 5% or $1/kg", Least((_percent("5"), Specific(F(1), "kg", "$1/kg")))),
        ("5% or $1/kg, whichever is the higher", Greatest((_percent("5"), Specific(F(1), "kg", "$1/kg")))),
        ("5% or $1/kg whichever is less", Least((_percent("5"), Specific(F(1), "kg", "$1/kg")))),
        (
            "4.50% MIN 0.30 EUR/item MAX 0.80 EUR/item",
            Least(
                (
                    Greatest((_percent("4.5", "4.50%"), Specific(F("0.3"), "each", "0.30 EUR/item"))),
                    Specific(F("0.8"), "each", "0.80 EUR/item"),
                )
            ),
        ),
        (
            "the greater of 5% or $1/kg, but not more than 20%",
            Least((Greatest((_percent("5"), Specific(F(1), "kg", "$1/kg"))), _percent("20"))),
        ),
        ("See additional U.S. note 2", Reference("See additional U.S. note 2")),
        ("No change.", Reference("No change.")),
        (
            "The duty provided in the applicable subheading plus 25%",
            Reference("The duty provided in the applicable subheading plus 25%", _percent("25")),
        ),
    ],
)
def test_parse(text: str, root: Node) -> None:
    """A rate is read into its terms, with every term as it was printed."""
    assert parse(text).root == root


@pytest.mark.parametrize(
    ("printed", "in_good_order"),
    [
        ("40¢/kg +10.4%", "40¢/kg + 10.4%"),
        (" 4.5¢/ liter ", "4.5¢/liter"),
        ("3.9% on the movement and case+ 5.3% on the battery", "3.9% on the movement and case + 5.3% on the battery"),
        ("7%\u00a0", "7%"),
        ("0.3¢/line/ gross + 4.6%", "0.3¢/line/gross + 4.6%"),
    ],
)
def test_blanks(printed: str, in_good_order: str) -> None:
    """Blanks are put in order, everything else stays as it was printed."""
    assert parse(printed).text == in_good_order


@pytest.mark.parametrize(
    ("text", "kind", "ad_valorem", "needs"),
    [
        ("Free", "free", F(0), set()),
        ("FREE", "free", F(0), set()),
        ("0%", "ad_valorem", F(0), set()),
        ("16.5%", "ad_valorem", F("0.165"), set()),
        ("6.5% on the entire set", "part", F("0.065"), set()),
        ("5% on the battery", "part", None, {"battery_value"}),
        ("6.3¢/liter", "specific", None, {"volume_l"}),
        ("2¢ each", "specific", None, set()),
        ("4.4¢/liter + 31.4¢/pf. liter", "compound", None, {"volume_l", "alcohol_percent"}),
        ("20% but not less than $1/kg", "compound", None, {"weight"}),
        ("20% but not more than $1/kg", "compound", None, {"weight"}),
        ("The duty provided in the applicable subheading + 25%", "reference", None, {"broker"}),
        ("No change", "reference", None, {"broker"}),
        ("9% + EA MAX 18.7% + ADSZ", "reference", None, {"broker"}),
        ("14% (01 JUL - 31 JAN), 0% (01 FEB - 30 JUN)", "reference", None, {"broker"}),
    ],
)
def test_what_a_rate_says_of_itself(text: str, kind: Kind, ad_valorem: Fraction | None, needs: set[str]) -> None:
    """A rate tells its class, its share of the value where it is nothing else, and what it may ask for."""
    rate = parse(text)

    assert (rate.kind, rate.ad_valorem, rate.needs) == (kind, ad_valorem, frozenset(needs))
    assert rate.is_free == (ad_valorem == 0)


def test_needs_of_special_forms() -> None:
    """The sugar formula asks for weight and degrees, the plates of a movement for jewels, parts and a broker."""
    sugar = parse(
        "3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) "
        "but not less than 3.143854¢/kg",
    )
    plates = parse(
        "4.3% + 1.7¢/jewel + 0.2¢ for each other piece or part, but if consisting in part of a plate or a set of "
        "plates the total duty shall not exceed the duty for the complete movement",
    )

    assert (sugar.kind, sugar.needs) == ("compound", frozenset({"weight", "sugar_degrees"}))
    assert (plates.kind, plates.needs) == ("compound", frozenset({"jewels", "other_parts", "broker"}))


@pytest.mark.parametrize(
    ("text", "currency", "read"),
    [
        ("5%", "MXN", "MXN"),
        ("$5/kg", "MXN", "MXN"),
        ("5¢/kg", "CAD", "CAD"),
        ("5 EUR/kg", "USD", "EUR"),
        ("1.1\u00a0€/100\u00a0kg/net", "USD", "EUR"),
        ("5% + 2 GBP/hl + 3 GBP/100kg", "USD", "GBP"),
        ("£5/hl", "USD", "GBP"),
    ],
)
def test_currency(text: str, currency: str, read: str) -> None:
    """A code in the text names the currency of the amounts; signs mean the currency that was given."""
    assert parse(text, currency).currency == read


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("", 0, "a percentage"),
        ("five", 0, "a percentage"),
        ("16.5", 4, "%, ¢ or the code of a currency behind the number"),
        ("16.5 per cent", 5, "%, ¢ or the code"),
        ("16.5%%", 5, '"+" or the end'),
        ("16.5% on the moon", 6, '"+" or the end'),
        ("16.5% +", 7, "a percentage"),
        ("-5%", 0, "a percentage"),
        ("$kg", 1, "a number"),
        ("$5", 2, '"each" or "/" and a unit'),
        ("5¢/", 3, "a unit such as kg"),
        ("5¢/kgs", 3, "a unit such as kg"),
        ("5¢/0 kg", 3, "a whole number of units"),
        ("5¢/1.5 kg", 3, "a whole number of units"),
        ("5¢/jewel over 1.5", 14, "a whole number"),
        ("5¢/jewel over kg", 14, "a number"),
        ("5 XXX/kg", 2, "the ISO 4217 code of a currency"),
        ("5 EUR/kg + 3 GBP/kg", 13, "amounts in one currency, EUR"),
        ("1 1/0%", 0, "a fraction that does not divide by zero"),
        ("1234567890123456%", 0, "a number of at most 15 digits"),
        ("5% § 3", 3, "a number, a unit or a word"),
        ("the greater of 5%", 17, '"or" and a second rate'),
        ("5% or $1/kg", 11, '"whichever is greater" or "whichever is less"'),
        ("5% or $1/kg, whichever is blue", 26, '"greater" or "less"'),
        ("5¢/kg less 2%", 11, "an amount per kg"),
        ("5¢/kg less 2¢/liter", 11, "an amount per kg"),
        ("5¢/kg less 2¢/100 kg", 11, "an amount per kg"),
        ("5¢/kg less 2¢/kg for luck", 17, '"for each degree under 100 degrees"'),
        ("8% (summer)", 4, "a period such as (01 JAN - 31 MAR)"),
        ("8% ()", 4, "a month"),
        ("8% (01", 6, "a period such as"),
        ("The duty provided in the applicable subheading + 5 cats", 51, "%, ¢ or the code"),
        ("The duty provided in the applicable subheading + 5% or so", 52, '"+" or the end'),
    ],
)
def test_no_rate(text: str, position: int, expected: str) -> None:
    """What is no rate is refused, with the place and with what could stand there."""
    with pytest.raises(RateSyntaxError) as caught:
        parse(text)

    assert caught.value.position == position
    assert caught.value.expected.startswith(expected)
    assert caught.value.text == in_order(text)


def test_sugar_is_per_kilogram() -> None:
    """The sugar formula is refused for any other unit than the kilogram."""
    formula = " for each degree under 100 degrees (and fractions of a degree in proportion) but not less than 1¢/kg"

    with pytest.raises(RateSyntaxError) as caught:
        parse(f"5¢/liter less 2¢/kg{formula}")

    assert (caught.value.position, caught.value.expected) == (0, "an amount per kg")


def test_longest_number() -> None:
    """A number of fifteen digits is still read, exactly."""
    assert parse("1234567.89012345%").ad_valorem == F("12345.6789012345")


def test_longest_text() -> None:
    """A text longer than any law's is refused before it is read."""
    with pytest.raises(RateSyntaxError, match="at most 1000 characters"):
        parse("1% + " * 300 + "1%")
    assert parse("No change" + "." * (LONGEST_TEXT - 9)).kind == "reference"


@pytest.mark.parametrize("text", ["No change" + "." * LONGEST_TEXT, "See U.S. note 1 " * 100])
def test_longest_reference(text: str) -> None:
    """References have the same limit."""
    with pytest.raises(RateSyntaxError, match="at most 1000 characters"):
        parse(text)


@pytest.mark.parametrize(
    ("value", "text", "share"),
    [
        (Decimal("35.00"), "35%", F("0.35")),
        (Decimal("0.00"), "0%", F(0)),
        (Decimal("1E+2"), "100%", F(1)),
        (Decimal("16.2"), "16.2%", F("0.162")),
        (F(100, 3), "100/3%", F(1, 3)),
    ],
)
def test_percent(value: Decimal | Fraction, text: str, share: Fraction) -> None:
    """A bare number of a table is a percentage of the value."""
    assert percent(value) == Expression(text, "USD", AdValorem(share * 100, text), "ad_valorem", frozenset(), share)


@pytest.mark.parametrize("value", [Decimal(-1), Decimal("NaN"), Decimal("Infinity"), F(-1, 3)])
def test_no_percentage(value: Decimal | Fraction) -> None:
    """A percentage is a number, zero or more."""
    with pytest.raises(ValueError, match="is no percentage; write a number, 0 or more"):
        percent(value)


WORDS = st.sampled_from(
    [
        *("5", "16.5", "1,000", "33 1/3", "%", "¢", "$", "+", "-", "/", "(", ")", ",", "kg", "liter", "each", "less"),
        *("than", "but", "not", "MIN", "MAX", "EUR", "USD", "the", "greater", "of", "or", "whichever", "is", "on"),
        *(
            "case",
            "battery",
            "per",
            "over",
            "jewel",
            "JAN",
            "Free",
            "plus",
            "EA",
            "See U.S. note",
            "percent",
            "No change",
        ),
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join)))
@example("+/+ /+")
@example("1 1/0 percent")
@example("(" * 50)
def test_any_text(text: str) -> None:
    """Any text is a rate or a ``RateSyntaxError``; what was read reads the same when it is printed."""
    try:
        rate = parse(text)
    except RateSyntaxError:
        return

    assert parse(rate.text) == rate


@given(st.text(alphabet="+/ 1¢kg%\t\n\u00a0", max_size=30))
def test_blanks_in_order_stay_in_order(text: str) -> None:
    """Putting blanks in order twice is doing it once."""
    assert in_order(in_order(text)) == in_order(text)
