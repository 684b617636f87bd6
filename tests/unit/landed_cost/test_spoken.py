"""What an answer names is named in the language of who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from landed_cost import Place, quote
from landed_cost.serialise import localise, to_dict
from tests.unit.landed_cost.qz import ask, item, shipment
from tests.unit.landed_cost.rulebook.small import BANDS, SMALL, changed, load

if TYPE_CHECKING:
    from pathlib import Path

    from landed_cost import Quote

WOOL: Final[dict[str, Any]] = {"hs_code": "620443", "origin": "AA", "attributes": {"fiber": "wool"}}


def formula(answer: Quote, charge: str, language: str) -> str:
    """Return the formula of a charge as it is read."""
    read = localise(to_dict(answer), language)
    return next(str(one["formula"]) for one in read["charges"] if one["id"] == charge)


@pytest.mark.parametrize(("currency", "told"), [("USD", "Lana"), ("EUR", "Lana = 0.00 USD")])
def test_what_frees_without_a_heading_is_named(currency: str, told: str) -> None:
    """Nothing was reckoned, so the formula is what the exemption is called; in another money the result is said too."""
    answer = ask(item(**WOOL), currency=currency)

    assert formula(answer, "qz.extra", "es") == told


def test_a_formula_is_the_same_in_every_language() -> None:
    """Arithmetic needs no translation."""
    answer = ask(item(origin="AA"))

    assert formula(answer, "qz.extra", "es") == formula(answer, "qz.extra", "en") == "100.00 × 10%"


def test_a_quote_that_was_kept_in_english_is_read_as_it_is() -> None:
    """A stored formula, delivery or source that is one text has no other language."""
    stored = to_dict(ask(item(**WOOL)))
    charge = next(one for one in stored["charges"] if one["id"] == "qz.extra")
    old = stored | {"charges": [charge | {"formula": "Woollens"}], "delivery": {"legs": [{"source": "House"}]}}

    read = localise(old, "pt")

    assert (read["charges"][0]["formula"], read["delivery"]) == ("Woollens", {"legs": [{"source": "House"}]})


def test_our_bands_name_their_source_in_each_language(tmp_path: Path) -> None:
    """The tariff an answer was made with, and the source of the duty, are told in the language of the reader."""
    bands = f"# es: Inventado.\n# pt: Inventado aqui.\n{BANDS}"
    law = changed(SMALL, "rate: {fact: qy.rate}", "rate: {schedule: duty}")
    book = load(tmp_path, law=law, bands=bands)
    answer = quote(shipment(item(origin="AA"), destination=Place("QY", "A")), book)
    read = localise(to_dict(answer), "pt")
    duty = next(one["rule"] for one in read["charges"] if one["id"] == "qy.duty")

    assert read["versions"]["schedule"] == "faixas: Inventado aqui."
    assert duty["sources"] == [{"title": "Inventado aqui.", "url": ""}]
