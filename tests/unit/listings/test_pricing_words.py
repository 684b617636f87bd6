"""Every code of pricing has its sentence in three languages, with the same parameters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import listings.pricing
from listings.pricing.words import codes, render

FOLDER = Path(listings.pricing.__file__).parent
FIELDS = re.compile(r"{([a-z_]+)}")


def test_every_reason_that_is_given_has_a_sentence() -> None:
    """No code stands in the program that a reader would see bare."""
    text = "".join(file.read_text("utf-8") for file in FOLDER.glob("*.py"))

    assert set(re.findall(r'"(pricing\.[a-z_]+)"', text)) - {"pricing.below_cost"} < codes()


@pytest.mark.parametrize("code", sorted(codes()))
def test_the_languages_ask_for_the_same(code: str) -> None:
    """A sentence names the same parameters in every language."""
    asked = {
        language: sorted(FIELDS.findall(" ".join(part or "" for part in render(code, {}, language))))
        for language in ("es", "pt", "en")
    }

    assert asked["es"] == asked["pt"] == asked["en"]


def test_parameters_are_filled_in() -> None:
    """A parameter stands where its name stood, one that is absent stays as it is written."""
    assert render("pricing.below_cost", {"amount": "5 MXN"}, "en")[0].endswith("loses 5 MXN.")
    assert "{amount}" in render("pricing.below_cost", {}, "en")[0]


def test_a_code_of_the_engine_is_rendered_by_it() -> None:
    """What is not of pricing is asked of the engine."""
    assert render("freight.absent", {"percent": "50"}, "es")[0] != "freight.absent"
