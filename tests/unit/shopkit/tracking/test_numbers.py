"""What people paste where a tracking number is asked."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shopkit.tracking import words
from shopkit.tracking.codes import post
from shopkit.tracking.numbers import recognise
from shopkit.tracking.statuses import Status


@pytest.mark.parametrize(
    ("text", "format_", "carriers", "is_valid", "problem"),
    [
        ("RB123456785GB", "s10", (), True, None),
        ("RB123456786US", "s10", (), False, "check_digit"),
        ("RB123456785XX", "s10", (), False, "issuer"),
        ("RBI23456785GB", "s10", (), False, "letters"),
        ("1z 999 aa1 0123456784", "ups", ("UPS",), None, None),
        ("9400 1000 0000 0000 0000 00", "usps_impb", ("USPS",), None, None),
        ("4" * 20, "usps_impb", ("USPS",), None, None),
        ("4" * 34, "usps_impb", ("USPS",), None, None),
        ("4" * 35, None, (), False, "unrecognised"),
        ("4" * 19, None, (), False, "unrecognised"),
        ("1234567890", "dhl", ("DHL",), None, None),
        ("123456789012", "fedex", ("FedEx",), None, None),
        ("123456789012345", "fedex", ("FedEx",), None, None),
        ("HANDKERCHIEFS", None, (), False, "unrecognised"),
        ("  ", None, (), False, "empty"),
        ("R" * 101, None, (), False, "too_long"),
    ],
)
def test_what_it_is(
    text: str,
    format_: str | None,
    carriers: tuple[str, ...],
    is_valid: bool | None,  # noqa: FBT001  # a row of the table
    problem: str | None,
) -> None:
    """S10 is checked; others are named by their shape and never called valid; the rest is not known."""
    found = recognise(text)

    assert (found.format, found.carriers, found.is_valid, found.problem) == (format_, carriers, is_valid, problem)


def test_the_expected_digit_is_named() -> None:
    """A wrong check digit comes with the right one, and with what a single slip would have been."""
    found = recognise("RB123456786US")

    assert found.expected == 5
    assert found.did_you_mean[0] == "RB123456785US"


@given(text=st.text(max_size=120))
def test_any_text_has_an_answer(text: str) -> None:
    """No text is too odd: it is valid, of another carrier, or has a problem with words in each language."""
    found = recognise(text)

    assert (found.is_valid is False) == (found.problem is not None)
    if found.problem is not None:
        for language in ("es", "pt", "en"):
            assert words.say("problem", found.problem, language=language, expected="5", issuer="XX")


@pytest.mark.parametrize("status", Status)
def test_every_status_has_words(status: Status) -> None:
    """A buyer reads a sentence for each status in each language, never its code."""
    told = {words.say("status", status.value, language=language) for language in ("es", "pt", "en")}

    assert all(one.endswith(".") and "_" not in one for one in told)


def test_every_state_of_customs_and_reason_has_words() -> None:
    """What customs can have done, and why it holds an item where that is known, has words."""
    states = ("none", "presented", "held", "payment_due", "paid", "released")
    told = [words.say("customs", state, language="pt") for state in states]
    told += [words.say("reason", reason, language="pt") for reason in post().reasons.values()]

    assert all(one.endswith(".") for one in told)


def test_words_are_complete() -> None:
    """Every word is there in Spanish, Portuguese and English."""

    def leaves(node: object, path: str) -> list[str]:
        assert isinstance(node, dict)
        if any(isinstance(value, str) for value in node.values()):
            return [] if node.keys() == {"en", "es", "pt"} and all(node.values()) else [path]
        return [lack for key, value in node.items() for lack in leaves(value, f"{path}.{key}")]

    path = files("shopkit.tracking").joinpath("words.yaml")

    assert leaves(yaml.safe_load(path.read_text("utf-8")), "words") == []
