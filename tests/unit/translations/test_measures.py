"""Quantities, numbers and sums of a text, written for another market by table."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations import locales
from translations.checks import Context, check
from translations.figures import figure, value
from translations.locales import tags
from translations.masks import Keep, mark
from translations.measures import agree, base, localise, localised, read
from translations.units import units

# Worked by hand: 1 in = 2.54 cm, 1 ft = 30.48 cm, 1 oz = 28.349523125 g, 1 lb = 453.59237 g, 1 fl oz = 29.57353 ml.
CONVERTED = [
    ("12,5 cm", "es-AR", "en-US", "4.9 in (12.5 cm)"),  # 12.5 / 2.54 = 4.921
    ("12.5 cm", "es-MX", "es-US", "4.9 in (12.5 cm)"),
    ("12 centímetros", "es", "en-US", "4.7 in (12 cm)"),  # 4.724
    ("2 mm", "es", "en-US", "0.08 in (2 mm)"),  # 0.0787
    ("1,5 m", "es-AR", "en-US", "59.1 in (1.5 m)"),  # 59.055
    ("3 m", "es", "en-US", "9.8 ft (3 m)"),  # 9.843
    ("30 x 40 cm", "es", "en-US", "11.8 × 15.7 in (30 × 40 cm)"),  # 11.811, 15.748
    ("30 cm x 1,2 m", "es-AR", "en-US", "11.8 × 47.2 in (30 cm × 1.2 m)"),  # 47.244
    ("10 a 12 cm", "es", "en-US", "3.9–4.7 in (10–12 cm)"),  # 3.937, 4.724
    ("~12,5 cm", "es-AR", "en-US", "~4.9 in (~12.5 cm)"),
    ("500ml", "es", "en-US", "16.9 fl oz (500ml)"),  # 16.907
    ("3 × 500 ml", "es", "es-US", "3 × 16.9 fl oz (3 × 500 ml)"),
    ("1.250 g", "es-AR", "en-US", "2.8 lb (1,250 g)"),  # 2.756
    ("0,25 kg", "pt-BR", "en-US", "8.8 oz (0.25 kg)"),  # 8.818
    ("½ kg", "es", "en-US", "1.1 lb (½ kg)"),  # 1.102
    ("1,250 kg", "pt-BR", "en-US", "2.8 lb (1.250 kg)"),
    ("30 °C", "es", "en-US", "86°F (30 °C)"),
    ("-18 °C", "es", "en-US", "0°F (-18 °C)"),  # -0.4
    ("-5 a -10 °C", "es", "en-US", "23–14°F (-5 to -10 °C)"),
    ('7"', "en-US", "es-MX", "17.8 cm (7 in)"),  # 17.78
    ("1 1/2 in", "en-US", "pt-BR", "3,8 cm (1 1/2 pol.)"),  # 3.81
    ("2 lb", "en-US", "es-MX", "0.91 kg (2 lb)"),  # 0.907
    ("16 fl oz", "en-US", "es-AR", "473 ml (16 fl oz)"),  # 473.18
    ("33.8 fl oz", "en-US", "es-AR", "1 l (33,8 fl oz)"),  # 0.99959
    ("6 pies", "es-US", "pt-BR", "1,83 m (6 pés)"),  # 1.8288
]
KEPT = [
    ("12.5 cm", "es-MX", "pt-BR", "12,5 cm"),
    ("12,50 cm", "pt-BR", "es-MX", "12.50 cm"),
    ("12 centímetros", "es-MX", "en", "12 cm"),
    ("12 centímetros", "es-MX", "es-AR", "12 centímetros"),
    ("12 gr", "es-MX", "pt-BR", "12 g"),
    ("7 o 8 cm", "es-AR", "es-MX", "7 o 8 cm"),
    ("7 ou 8 cm", "pt-BR", "es-MX", "7 u 8 cm"),
    ("10 y 12 cm", "es", "en-US", "10 and 12 cm"),
    ("12.5 cm (4.9 in)", "es-MX", "en-US", "12.5 cm (4.9 in)"),
    ("12.5 cm / 4.9 in", "es-MX", "pt-BR", "12,5 cm / 4,9 pol."),
    # A mug of 12 oz does not weigh 340 g; a British gallon is no American one.
    ("12 oz", "en-US", "es-MX", "12 oz"),
    ("2 gal", "en-JM", "es-MX", "2 gal"),
    ("180 g/m²", "es", "en-US", "180 g/m²"),
    ("50 %", "es", "en-US", "50%"),
    ("50%", "en-US", "es", "50\u00a0%"),
    ("0,001 mm", "es-AR", "en-US", "0.001 mm"),
    # Read in two ways, and so left for a person.
    ("1.250 g", "es-419", "en-US", "1.250 g"),
    ("1.250 kg", "es-AR", "en-US", "1.250 kg"),
    ("1.250 g", "es-MX", "pt-BR", "1.250 g"),
    ("-5 a 10 °C", "es", "pt-BR", "-5 a 10 °C"),
    ("no 5 cm", "es", "en-US", "no 5 cm"),
]


@pytest.mark.parametrize(("text", "source", "target", "written"), CONVERTED)
def test_converted(text: str, source: str, target: str, written: str) -> None:
    """The reader's own unit comes first, what the maker said stays in brackets with the reader's signs."""
    assert localised(text, source, target) == written


@pytest.mark.parametrize(("text", "source", "target", "written"), KEPT)
def test_kept(text: str, source: str, target: str, written: str) -> None:
    """Where nothing is to convert, only signs and names change; what could be another number does not change at all."""
    assert localised(text, source, target) == written


@pytest.mark.parametrize(("text", "source", "target", "written"), CONVERTED + KEPT)
def test_the_checks_agree(text: str, source: str, target: str, written: str) -> None:
    """What is written by table is found right by the check of numbers, and what was left for a person is found."""
    found = check(f"({text})", f"({written})", Context(source, target))
    doubtful = text == written and locales.of(source).decimal != locales.of(target).decimal and "1.250" in text

    assert [one.id for one in found if one.id == "number_unit_equal"] == ["number_unit_equal"] * doubtful


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Soporta hasta 10 kg", "22 lb (10 kg)"),  # 22.046
        ("Capacidad máxima de 1,5 l", "50.7 fl oz (1.5 l)"),  # 50.721
        ("Holds up to 3 kg", "6.6 lb (3 kg)"),  # 6.614
        ("Máx.: 8 cm", "3.1 in (8 cm)"),  # 3.1496
        ("Mínimo 10 kg", "22.1 lb (10 kg)"),
        ("Pelo menos 5 cm", "2 in (5 cm)"),  # 1.969
        ("Pesa 10 kg", "22 lb (10 kg)"),
        ("Mide 8 cm", "3.1 in (8 cm)"),
        ("Mide 8.1 cm", "3.2 in (8.1 cm)"),  # 3.189
        ("Hasta 8,1 cm", "3.1 in (8.1 cm)"),
    ],
)
def test_limits_are_not_rounded_beyond_what_holds(text: str, shown: str) -> None:
    """What something bears at most is rounded down, what it has at least up, all else to the nearest."""
    assert [localise(each, "es-UY", "en-US") for each in mark(text).marks] == [shown]


@pytest.mark.parametrize(
    ("text", "source", "target", "written"),
    [
        ("1.250,50", "es-AR", "en-US", "1,250.50"),
        ("1250,50", "es-AR", "en-US", "1250.50"),
        ("1.250,50", "es-AR", "es-419", "1250.50"),
        ("2026", "es-AR", "en-US", "2026"),
        ("1.250", "es-AR", "en-US", "1,250"),
        ("1.250", "es-MX", "pt-BR", "1.250"),
        ("5.0", "es-AR", "en-US", "5.0"),
        ("1,5-2,5", "es-AR", "es-MX", "1.5-2.5"),
        ("~1,5", "es-AR", "es-MX", "~1.5"),
        ("2026-11-27", "es-AR", "en-US", "2026-11-27"),
        ("10:30", "es-AR", "en-US", "10:30"),
        ("3/4", "es-AR", "en-US", "3/4"),
        ("R$ 45,90", "pt-BR", "es-MX", "BRL\u00a045.90"),
        ("US$1.250,50", "es-CL", "en-US", "USD\u00a01,250.50"),
        ("15 EUR", "es", "en", "EUR\u00a015"),
        ("$ 12 USD", "es-MX", "pt-BR", "USD\u00a012"),
        ("$45.90", "es-MX", "pt-BR", "$45.90"),
        ("C$ 45.90", "es-NI", "pt-BR", "C$ 45.90"),
        ("USD 1.250", "es-419", "en-US", "USD 1.250"),
        ("3.ª", "es", "pt-BR", "3ª"),
        ("3er", "es", "en", "3rd"),
        ("112th", "en", "es", "112.º"),
        ("22ª", "pt-BR", "en", "22nd"),
    ],
)
def test_figures(text: str, source: str, target: str, written: str) -> None:
    """Numbers, sums and ordinals are written anew where they are certain; a bare dollar is no certain sum."""
    assert figure(text, source, target) == written


@pytest.mark.parametrize(
    ("text", "tag", "worth"),
    [
        ("1/0", "es", None),
        ("1 1/2", "es", "1.5"),
        ("¾", "pt-BR", "0.75"),
        ("12.5", "es", "12.5"),
        ("1.2.3", "en", None),
    ],
)
def test_worth(text: str, tag: str, worth: str | None) -> None:
    """Fractions count, and what is no number is worth nothing that is known."""
    assert value(text, tag) == (None if worth is None else Decimal(worth))


def test_marks_of_other_kinds_stay() -> None:
    """A term shows its translation, a placeholder itself; a size with its word is left to the table of sizes."""
    marked = mark("Aretes {a} talla 42 de 5 cm", keep=(Keep("Aretes", "term", "Earrings", start=0),))

    assert [localise(each, "es", "en-US") for each in marked.marks] == ["Earrings", "{a}", "talla 42", "2 in (5 cm)"]


def test_the_same_in_base_units() -> None:
    """Quantities in different units compare in the base of their dimension."""
    found = [read(text, "es-AR") for text in ("1,5 m", "150 cm", "3 × 0,5 l", "30 °C")]

    assert [base(one.amounts[-1]) for one in found if one] == [
        ("length", Decimal("1.5")),
        ("length", Decimal("1.50")),
        ("volume", Decimal("500.0")),
        ("°C", Decimal(30)),
    ]
    assert base(found[2].amounts[0] if found[2] else found[0].amounts[0]) is None  # type: ignore[union-attr]  # three pieces have no unit


@pytest.mark.parametrize(
    ("key", "metres_grams_or_millilitres"),
    [("in", "0.0254"), ("ft", "0.3048"), ("yd", "0.9144"), ("oz", "28.349523125"), ("lb", "453.59237")],
)
def test_factors_are_those_of_1959(key: str, metres_grams_or_millilitres: str) -> None:
    """The factors are exact, as the agreement on yard and pound has them: an ounce is a sixteenth of a pound."""
    assert units()[key].one == Decimal(metres_grams_or_millilitres)
    assert units()["oz"].one == Decimal("453.59237") / 16
    assert units()["fl oz"].one == Decimal("2.54") ** 3 * 231 / 128


_NUMBERS = st.decimals(min_value=0, max_value=99_999, places=2).map(str) | st.sampled_from(
    ["1.250", "1,250", "½", "3/4"]
)
_QUANTITIES = st.builds(
    "{}{}{} {}".format,
    _NUMBERS,
    st.sampled_from([" x ", "-", " a ", " y ", "–", " cm x "]),
    _NUMBERS,
    st.sampled_from(["cm", "g", "kg", "in.", "ml", "%", "°C", "oz"]),
)


@given(_QUANTITIES, st.sampled_from(tags()), st.sampled_from(tags()))
def test_what_is_written_is_the_same_quantity(text: str, source: str, target: str) -> None:
    """Whatever the quantity, its numbers are worth the same in the target, and what was converted is near."""
    before = read(text, source)
    assert before is not None
    if any(each.value is None for each in before.amounts):
        assert localised(text, source, target) == text
        return
    after = read(localised(text, source, target), target)
    assert after is not None
    kept = after.other or after
    if any(each.value is None for each in (*kept.amounts, *after.amounts)):
        # Three decimals that would be thousands elsewhere: right to write, and not for a program to read again.
        return

    assert [(each.value, each.unit) for each in kept.amounts] == [(each.value, each.unit) for each in before.amounts]
    if after.other is not None:
        assert all(map(agree, after.amounts, before.amounts))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("4.9 in", "12.5 cm", True),
        ("4.7 in", "12.5 cm", False),
        ("0°F", "-18 °C", True),
        ("5°F", "-18 °C", False),
        ("12.5 cm", "12.5 cm", True),
        ("12.5 cm", "12.6 cm", False),
        ("12.5 cm", "12.5 g", False),
        ("50%", "50 V", False),
    ],
)
def test_agreeing(one: str, other: str, same: bool) -> None:  # noqa: FBT001  # a column of the table
    """Two amounts agree when one is the other rounded for its reader, and never across dimensions."""
    first, second = read(one, "en-US"), read(other, "en-US")
    assert first is not None
    assert second is not None

    assert agree(first.amounts[0], second.amounts[0]) is same
