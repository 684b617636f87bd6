"""Numbers, money, dates and lists as a market writes them, and Spanish that sounds right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations import euphony, formats
from translations.locales import tags
from translations.numbers import AmbiguousNumberError, NumberError


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("es", "1.234,50"),
        ("es-419", "1,234.50"),
        ("es-MX", "1,234.50"),
        ("es-AR", "1.234,50"),
        ("es-CR", "1 234,50"),
        ("pt-BR", "1.234,50"),
        ("en-US", "1,234.50"),
    ],
)
def test_numbers(tag: str, written: str) -> None:
    """A market's own signs, and the decimals that came in."""
    assert formats.plain_spaces(formats.number("1234.50", tag)) == written


@pytest.mark.parametrize(
    ("amount", "written"), [("1234", "CLP 1.234"), ("1235", "CLP 1.235"), ("1234.5", "CLP 1.234,5")]
)
def test_formatting_does_not_round(amount: str, written: str) -> None:
    """Pesos of Chile are written as they come: rounding them is done before, where the rule for it is known."""
    assert formats.plain_spaces(formats.money(amount, "CLP", "es-CL")) == written


@pytest.mark.parametrize("text", ["NaN", "Infinity"])
def test_no_number(text: str) -> None:
    """What is no finite number is not written."""
    with pytest.raises(NumberError):
        formats.number(text, "es")


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("es-MX", "4 de marzo de 2026"),
        ("es-US", "4 de marzo de 2026"),
        ("pt-BR", "4 de março de 2026"),
        ("en-US", "March 4, 2026"),
    ],
)
def test_days(tag: str, written: str) -> None:
    """A day is written out, for 4/3 is another day in the next country."""
    assert formats.day(date(2026, 3, 4), tag) == written


@pytest.mark.parametrize(
    ("items", "tag", "or_", "written"),
    [
        (["rojo", "azul", "índigo"], "es-MX", False, "rojo, azul e índigo"),
        (["agua", "hielo"], "es", False, "agua y hielo"),
        (["uno", "otro"], "es-AR", True, "uno u otro"),
        (["rojo", "azul"], "es-AR", True, "rojo o azul"),
        (["vermelho", "índigo"], "pt-BR", False, "vermelho e índigo"),
        (["red", "blue", "indigo"], "en-US", True, "red, blue, or indigo"),
        (["rojo"], "es", False, "rojo"),
        ([], "es", False, ""),
    ],
)
def test_lists(items: list[str], tag: str, or_: bool, written: str) -> None:  # noqa: FBT001  # a column of the table
    """A list in a sentence is joined as the language does, in Spanish with *e* and *u* where Babel forgets them."""
    assert formats.listed(items, tag, or_=or_) == written


@pytest.mark.parametrize(
    ("text", "tag", "number"),
    [
        ("1.250", "es-AR", "1250"),
        ("1.250", "es-MX", "1.250"),
        ("1.250,50", "pt-BR", "1250.50"),
        ("1\u00a0250,5", "es-CR", "1250.5"),
        ("1 250,5", "es-CR", "1250.5"),
        ("-1'250.5", "en-US", "-1250.5"),
        ("−3", "es", "-3"),
        (" 12 ", "es", "12"),
    ],
)
def test_reading(text: str, tag: str, number: str) -> None:
    """A number is read as its market writes it."""
    assert formats.read(text, tag) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "tag", "error"),
    [
        ("12.5", "es-AR", AmbiguousNumberError),
        ("12,5", "es-419", AmbiguousNumberError),
        ("1.250,50", "es-MX", AmbiguousNumberError),
        ("1,250", "pt-BR", None),
        ("1.2.3", "en-US", NumberError),
        ("doce", "es", NumberError),
        ("", "es", NumberError),
        ("١٢", "es", NumberError),
    ],
)
def test_reading_is_strict(text: str, tag: str, error: type[NumberError] | None) -> None:
    """What Babel would read as another number is asked for again, and what is none is none."""
    if error is None:
        assert formats.read(text, tag) == Decimal("1.250")
        return
    with pytest.raises(error):
        formats.read(text, tag)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3),
    st.sampled_from(tags()),
)
def test_what_is_written_is_read(value: Decimal, tag: str) -> None:
    """Every number comes back from its text, in every locale."""
    assert formats.read(formats.number(value, tag), tag) == value


@pytest.mark.parametrize(
    ("word", "or_", "right"),
    [
        ("iglesia", False, "e"),
        ("Hilo", False, "e"),
        ("índigo", False, "e"),
        ("hierba", False, "y"),
        ("hiato", False, "y"),
        ("yute", False, "y"),
        ("hip-hop", False, "y"),
        ("iPhone", False, "y"),
        ("azul", False, "y"),
        ("otro", True, "u"),
        ("hojas", True, "u"),
        ("óvalo", True, "u"),
        ("hobby", True, "o"),
        ("8", True, "u"),
        ("80", True, "u"),
        ("8,5", True, "u"),
        ("11", True, "u"),
        ("11.000", True, "u"),
        ("110", True, "o"),
        ("18", True, "o"),
        ("11.5", True, "o"),
    ],
)
def test_euphony(word: str, or_: bool, right: str) -> None:  # noqa: FBT001  # a column of the table
    """*Y* and *o* turn before their own sound, not before its letter."""
    assert euphony.before(word, or_=or_) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Azul y índigo", "Azul e índigo"),
        ("plata y «Índigo», uno o otro", "plata e «Índigo», uno u otro"),
        ("lino y <b>hilo</b>, 7 o 8 cm", "lino e <b>hilo</b>, 7 u 8 cm"),
        ("agua e hielo, plata u cobre", "agua y hielo, plata o cobre"),
        ("¿Y Inés? Y hilo. AZUL Y ÍNDIGO, O OTRO", "¿Y Inés? E hilo. AZUL E ÍNDIGO, U OTRO"),
        ("1/o otro, a-y-i, d'y indio", "1/o otro, a-y-i, d'y indio"),
        ("vitaminas C y E, aretes e hilos, uno u otro", "vitaminas C y E, aretes e hilos, uno u otro"),
        ("azul y\nindio", "azul e\nindio"),
        ("", ""),
    ],
)
def test_mending(text: str, right: str) -> None:
    """Conjunctions are put right, in capitals too, but for a question that begins with one."""
    assert euphony.mended(text) == right
