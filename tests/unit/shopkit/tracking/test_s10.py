"""S10 numbers: what is valid, what a slip of the finger does, and what is suggested."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopkit.tracking import s10
from shopkit.tracking.services import REACHES, service_of

_SERIALS = st.text("0123456789", min_size=8, max_size=8)
# Two of the eleven remainders share the digit 5 (0 and 6), so that a change from one to the other cannot be seen.
_SHARED = {0, 6}
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def _remainder(serial: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(serial, _WEIGHTS, strict=True)) % 11


def _seen(before: str, after: str) -> bool:
    """Return whether the standard's weights can tell two serials apart."""
    return _remainder(before) != _remainder(after) and {_remainder(before), _remainder(after)} != _SHARED


class TestCheckDigit:
    """The digit before the country."""

    @pytest.mark.parametrize(
        ("serial", "digit"), [("12345678", 5), ("10000014", 0), ("10000002", 5), ("00000000", 5), ("47312482", 9)]
    )
    def test_vectors(self, serial: str, digit: int) -> None:
        """The digits worked by hand, with the remainders 1 (digit 0) and 0 (digit 5) among them."""
        assert s10.check_digit(serial) == digit

    @given(serial=_SERIALS, place=st.integers(0, 7), step=st.integers(1, 9))
    def test_a_mistyped_digit_is_caught(self, serial: str, place: int, step: int) -> None:
        """One wrong digit of the serial is refused, unless the two remainders share a check digit."""
        wrong = f"{serial[:place]}{(int(serial[place]) + step) % 10}{serial[place + 1 :]}"

        assert s10.is_valid(f"RB{wrong}{s10.check_digit(serial)}GB") is not _seen(serial, wrong)

    @given(serial=_SERIALS, step=st.integers(1, 9))
    def test_a_mistyped_check_digit_is_caught(self, serial: str, step: int) -> None:
        """Any other check digit is refused, and the right one is named."""
        right = s10.check_digit(serial)
        with pytest.raises(s10.InvalidCheckDigitError) as caught:
            s10.validate(f"RB{serial}{(right + step) % 10}GB")

        assert caught.value.expected == right

    @given(serial=_SERIALS, place=st.integers(0, 6))
    def test_swapped_neighbours_are_caught(self, serial: str, place: int) -> None:
        """Two neighbours swapped are refused, unless they are the same or the remainders share a check digit."""
        wrong = f"{serial[:place]}{serial[place + 1]}{serial[place]}{serial[place + 2 :]}"

        assert s10.is_valid(f"RB{wrong}{s10.check_digit(serial)}GB") is not _seen(serial, wrong)


class TestReading:
    """Every way a number is typed."""

    @pytest.mark.parametrize(
        "text",
        [
            "RB123456785GB",
            "rb123456785gb",
            " RB 123 456 785 GB\n",
            "RB-123-456-785-GB",
            "RB–123—456−785‑GB",  # noqa: RUF001  # the dashes that word processors make
            "RB.123.456.785.GB",
            "RB\u00a0123\u2009456\u200b785\ufeffGB",
            "\uff32\uff22\uff11\uff12\uff13456785GB",
            "RB\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0665GB",
        ],
    )
    def test_forms(self, text: str) -> None:
        """Case, blanks, dashes, dots, wide letters and digits of other scripts make no difference."""
        assert s10.validate(text) == "RB123456785GB"

    @pytest.mark.parametrize(
        "text", ["", "RB12345678GB", "RB1234567850GB", "1B123456785GB", "RB123456785G", "RB12345678OGB"]
    )
    def test_another_shape_is_refused(self, text: str) -> None:
        """What is not two letters, nine digits, two letters has no valid form; a letter O is no zero."""
        with pytest.raises(s10.InvalidFormatError):
            s10.validate(text)

    def test_letters_that_are_no_country(self) -> None:
        """A suffix that ISO 3166-1 does not know is refused, whatever the digits."""
        with pytest.raises(s10.UnknownIssuerError):
            s10.validate("RB123456785XX")

    @pytest.mark.parametrize("issuer", ["CW", "AW", "SX", "XK"])
    def test_small_issuers(self, issuer: str) -> None:
        """Curaçao, Aruba, Sint Maarten and Kosovo issue like anybody."""
        assert s10.is_valid(f"RB123456785{issuer}")

    def test_parts(self) -> None:
        """A number says its service, its serial and who issued it."""
        item = s10.parse("rb 123 456 785 gb")

        assert (item.number, item.indicator, item.serial, item.issuer, item.mail_of, item.groups) == (
            *("RB123456785GB", "RB", "12345678", "GB", None),
            "RB 123 456 785 GB",
        )
        assert item.service is service_of("RB")

    def test_puerto_rico_is_the_united_states(self) -> None:
        """A number with PR is told to bear US as a rule."""
        assert s10.parse("RB123456785PR").mail_of == "US"

    @given(text=st.text(max_size=40))
    def test_any_text_is_valid_or_refused(self, text: str) -> None:
        """No text makes anything but a number or the error that names its fault."""
        try:
            number = s10.validate(text)
        except s10.S10Error as error:
            number = error.number

        assert number == s10.compact(text)


class TestServices:
    """What the first two letters say."""

    @pytest.mark.parametrize(
        ("indicator", "service", "tracked"),
        [
            ("EE", "ems", "end_to_end"),
            ("CP", "parcel", "usually"),
            ("RR", "registered", "signature"),
            ("VV", "insured", "signature"),
            ("LX", "tracked_letter", "depends"),
            ("UA", "untracked_letter", "no_delivery_scan"),
            ("MA", "m_bag", "none"),
            ("QM", "reply", "none"),
            ("AV", "bilateral", "inside"),
            ("GD", "bilateral", "inside"),
        ],
    )
    def test_known(self, indicator: str, service: str, tracked: str) -> None:
        """An indicator names a service and how far it is scanned, which is known from memory only."""
        found = service_of(indicator)

        assert found is not None
        assert (found.id, found.tracked, found.kind_evidence, found.tracked_evidence) == (
            *(service, tracked),
            *("reported", "memory"),
        )
        assert found.tracked in REACHES
        assert found.name.keys() == {"en", "es", "pt"}

    @pytest.mark.parametrize("indicator", ["AU", "QN", "GB", "FX", "KZ"])
    def test_unknown(self, indicator: str) -> None:
        """An indicator that is in no list known to us has no service."""
        assert service_of(indicator) is None


class TestSuggestions:
    """What may have been meant."""

    @given(serial=_SERIALS, place=st.integers(2, 10), digit=st.sampled_from("0123456789"))
    def test_the_meant_one_is_among_them(self, serial: str, place: int, digit: str) -> None:
        """After one slip the right number is suggested, if the slip was seen at all; all differ in one digit."""
        right = f"RB{serial}{s10.check_digit(serial)}GB"
        typed = f"{right[:place]}{digit}{right[place + 1 :]}"
        found = s10.suggestions(typed)

        assert (right in found) is not s10.is_valid(typed)
        assert all(sum(a != b for a, b in zip(typed, one, strict=True)) == 1 and s10.is_valid(one) for one in found)

    def test_letters_for_digits(self) -> None:
        """A letter O for a zero is asked about, not read."""
        found = [s10.suggestions(text) for text in ("RBIO00OO14OGB", "R8123456785G8", "RBIO00OO15OGB")]

        assert found == [("RB100000140GB",), ("RB123456785GB",), ()]

    def test_nothing_for_a_valid_one(self) -> None:
        """A valid number has none."""
        assert s10.suggestions("RB123456785GB") == ()


class TestIssuing:
    """Numbers of a range that a post gave."""

    @given(first=st.integers(0, 99_999_990), count=st.integers(0, 9))
    def test_all_are_valid_and_in_order(self, first: int, count: int) -> None:
        """Each serial of the range comes once, in order, with its check digit."""
        found = list(s10.issue("RB", "GT", first, first + count))

        assert [int(s10.parse(one).serial) for one in found] == list(range(first, first + count + 1))

    @pytest.mark.parametrize("given_range", [(-1, 5), (5, 4), (0, 100_000_000)])
    def test_no_range(self, given_range: tuple[int, int]) -> None:
        """What is no range of eight digits gives nothing."""
        with pytest.raises(ValueError, match="no range of serials"):
            s10.issue("RB", "GT", *given_range)

    @pytest.mark.parametrize(("indicator", "issuer"), [("rb", "GT"), ("R", "GT"), ("RB", "XX")])
    def test_no_letters(self, indicator: str, issuer: str) -> None:
        """Letters that no post has give nothing."""
        with pytest.raises(ValueError, match="two capital letters"):
            s10.issue(indicator, issuer, 1, 2)
