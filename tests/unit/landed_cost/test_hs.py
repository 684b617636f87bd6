"""HS codes: what is read, what is refused and why, and how codes are printed."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landed_cost.hs import HsCodeError, chapter, dotted, heading, normalise, subheading


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("6109.10.00 12", "6109100012"),
        ("  0901.21 ", "090121"),
        ("61", "61"),
        ("6109\u00a010\t00", "61091000"),
        ("9801.00.10", "98010010"),
    ],
)
def test_normalise(written: str, digits: str) -> None:
    """Dots and blanks of every kind are left away, leading zeros are kept."""
    assert normalise(written) == digits


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "short"),
        (" . ", "short"),
        ("6", "short"),
        ("61091000123", "long"),
        ("61-09", "characters"),
        ("61O9", "characters"),
        ("٦١٠٩", "characters"),
        ("61²9", "characters"),
        ("610910001", "odd"),
        ("901.21.00", "odd"),
        ("0012", "chapter"),
        ("7701", "chapter"),
    ],
)
def test_no_code(written: str, reason: str) -> None:
    """What is no code is refused with the code as given and the reason."""
    with pytest.raises(HsCodeError) as caught:
        normalise(written)

    assert (caught.value.code, caught.value.reason) == (written, reason)


def test_odd_number_of_digits_names_the_lost_zero() -> None:
    """Seven digits are told to be a code without its leading zero, and the zero is not put back by guess."""
    with pytest.raises(HsCodeError, match=r"has 7 digits, an odd number; a leading zero may be lost: write 0901\.\.\."):
        normalise("901.21.00")


def test_long_nonsense_is_cut_in_the_error() -> None:
    """An error shows the beginning of a long text only."""
    with pytest.raises(HsCodeError) as caught:
        normalise("x" * 1000)

    assert caught.value.code == "x" * 40 + "…"


def test_levels() -> None:
    """Chapter, heading and subheading are the first two, four and six digits."""
    assert (chapter("0901.21.00"), heading("0901.21.00"), subheading("0901.21.00")) == ("09", "0901", "090121")


@pytest.mark.parametrize(("level", "short"), [(heading, "61"), (subheading, "6109")])
def test_too_short_for_a_level(level: object, short: str) -> None:
    """A code shorter than the level asked for is refused."""
    assert callable(level)
    with pytest.raises(HsCodeError, match=r"digits where [46] are needed"):
        level(short)


@pytest.mark.parametrize(
    ("code", "style", "printed"),
    [
        ("61", "us", "61"),
        ("610910", "us", "6109.10"),
        ("6109100012", "us", "6109.10.00.12"),
        ("61091011", "cl", "6109.1011"),
        ("6109101100", "cl", "6109.1011.00"),
    ],
)
def test_dotted(code: str, style: str, printed: str) -> None:
    """A code is printed in the groups of its country; digits beyond them are kept."""
    assert dotted(code, style) == printed


@given(st.text(string.digits, min_size=2, max_size=10))
def test_printing_and_reading_are_inverse(digits: str) -> None:
    """A code that is read, printed and read again is the same."""
    try:
        code = normalise(digits)
    except HsCodeError:
        return

    assert normalise(dotted(code)) == normalise(dotted(code, "cl")) == code == digits


@given(st.text(max_size=30))
def test_only_its_own_error(text: str) -> None:
    """Any text is a code or an ``HsCodeError``."""
    try:
        code = normalise(text)
    except HsCodeError:
        return

    assert code.isdecimal()
    assert len(code) in {2, 4, 6, 8, 10}
