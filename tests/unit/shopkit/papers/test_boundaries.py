"""What papers for customs have to survive: one test for each row of edges that were met elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landed_cost.rates import load_rates
from shopkit.papers import advance, forms, sheets
from shopkit.papers.checks import check
from tests.unit.shopkit.papers.examples import MUG, PARCEL, RECIPIENT, SENDER, SHIRT

RATES = load_rates("base,quote,rate,date,kind,source\nUSD,XDR,0.75,2026-11-20,market,example\n")


def codes(of: Any) -> set[str]:
    """Return the codes of what keeps CN 23 back."""
    findings = check(of, "cn23", forms.Choice("cn23", "form_parcel"), with_codes=frozenset({"MX", "US", "PR"}))
    return {one.code for one in findings if one.level == "block"}


def with_line(**more: Any) -> Any:
    """Return the parcel with one line, some of it replaced."""
    line = replace(SHIRT, **more)
    return replace(PARCEL, lines=(line,), goods=line.minor)


def test_31_signs_come_down_at_a_word() -> None:
    """With ñ in one sign or in two, the message keeps the whole text."""
    for text in ("Pañuelo de algodón, hecho a mano", "Pan\u0303uelo de algodo\u0301n, hecho a mano"):
        of = with_line(description=text, language="es", materials=("algodón",))
        short = sheets.data(of)["lines"][0]["short"]

        assert len(short) <= 30
        assert short.startswith("Pañuelo")
        assert advance.message(of)["articles"][0]["description"] == "Pañuelo de algodón, hecho a mano"


@pytest.mark.parametrize("text", ["GIFT", "  gift ", "Gift", "Merchandise", "N/A"])
def test_a_forbidden_word_is_refused_however_it_is_written(text: str) -> None:
    """In another case, with blanks around."""
    assert "description_forbidden" in codes(with_line(description=text))


def test_lines_of_one_code_and_two_origins_stay_two() -> None:
    """On paper, in the message and in the sums."""
    of = replace(PARCEL, lines=(SHIRT, replace(SHIRT, origin="GT")), goods=10_000)
    rows = sheets.form(of, "cn23", "en", "a4")["sheets"][0]

    assert [row[4:] for row in rows] == [["6109.10", "MX"], ["6109.10", "GT"]]
    assert [one["origin"] for one in advance.message(of)["articles"]] == ["MX", "GT"]


@pytest.mark.parametrize(
    ("minor", "on", "form", "reason"),
    [
        (39_998, date(2026, 11, 23), "cn22", "form_below"),
        (39_999, date(2026, 11, 23), "cn22", "form_below"),
        (40_000, date(2026, 11, 23), "cn23", "form_from"),
        (40_001, date(2026, 11, 23), "cn23", "form_from"),
        # A Sunday has the rate of the Friday before it; ten days are fresh, eleven are not; tomorrow's is none.
        (39_999, date(2026, 11, 22), "cn22", "form_below"),
        (39_999, date(2026, 11, 30), "cn22", "form_below"),
        (39_999, date(2026, 12, 1), "cn23", "form_old_rate"),
        (39_999, date(2026, 11, 19), "cn23", "form_old_rate"),
    ],
)
def test_300_sdr_by_the_rate_of_the_day(minor: int, on: date, form: str, reason: str) -> None:
    """399.98 USD are 299.985 SDR, 399.99 are 299.9925, 400.00 are 300, 400.01 are above."""
    found = forms.choose("letter", minor, "USD", RATES, on)

    assert (found.form, found.reason) == (form, reason)


def test_a_currency_without_a_rate_has_cn23() -> None:
    """Nothing is guessed for it."""
    assert forms.choose("letter", 1, "GTQ", RATES, date(2026, 11, 23)).reason == "form_no_rate"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("0901.11", set()),
        ("6109.10.00.12", set()),
        # 0901.11 without its zero is too short; 0901.11.00 has an odd number. Six digits that are a code are one.
        ("90111", {"hs_short"}),
        ("9011100", {"hs_zero"}),
        ("901110", set()),
        ("61O910", {"hs_signs"}),
    ],
)
def test_codes_that_lost_a_zero(code: str, problem: set[str]) -> None:
    """Told where it can be told; letters and dots apart."""
    assert codes(with_line(hs_code=code)) == problem


@pytest.mark.parametrize(("currency", "text"), [("CLP", "6599"), ("PYG", "6599"), ("USD", "65.99"), ("KWD", "6.599")])
def test_totals_have_the_decimals_of_their_currency(currency: str, text: str) -> None:
    """On paper and in the message alike."""
    of = replace(PARCEL, currency=currency)

    assert sheets.form(of, "cn23", "en", "a4")["sums"][2][1] == f"{text} {currency}"
    assert advance.message(of)["value"] == text


def test_what_was_given_away_has_a_value_all_the_same() -> None:
    """A discount of all of it, and a free sample: nothing is declared as nothing."""
    free = replace(MUG, minor=0)
    sample = replace(PARCEL, lines=(SHIRT, free), goods=5_000, category="sample", is_sample=True)

    assert codes(replace(PARCEL, lines=(SHIRT, free), goods=5_000)) == {"no_value"}
    assert codes(sample) == {"no_value"}


def test_a_bundle_with_a_cent_left_over_is_not_balanced_away() -> None:
    """Lines have to come to what the order says, to the cent."""
    thirds = tuple(replace(MUG, minor=3_333) for _ in range(3))

    assert codes(replace(PARCEL, lines=thirds, goods=10_000)) == {"total_not_orders"}
    assert codes(replace(PARCEL, lines=(*thirds[:2], replace(MUG, minor=3_334)), goods=10_000)) == set()


def test_a_weight_that_rounds_to_nothing_is_a_gram() -> None:
    """Never zero on paper, and the gross weight is not below the lines."""
    of = replace(PARCEL, lines=(replace(SHIRT, net_kg=Decimal("0.0001")),), goods=5_000, gross_kg=Decimal("0.0002"))
    said = sheets.data(of)

    assert (said["lines"][0]["net_weight_kg"], said["gross_weight_kg"]) == ("0.001", "0.001")


@pytest.mark.parametrize("country", ["VI", "CW", "AW", "SX", "PA", "DO"])
def test_places_without_postal_codes_here_are_countries(country: str) -> None:
    """An address there may be printed without one; one that was quoted for elsewhere may not."""
    there = replace(RECIPIENT, country=country, postal_code="", region="")

    assert codes(replace(PARCEL, recipient=there, quoted=country)) == set()
    assert codes(replace(PARCEL, recipient=there)) == {"other_destination"}


def test_puerto_rico_is_the_united_states_mail() -> None:
    """From there mail says its filing, and its number may be the United States'."""
    of = replace(PARCEL, sender=replace(SENDER, country="PR", postal_code="00901"), number="RB123456785US")
    findings = check(of, "cn23", forms.Choice("cn23", "form_parcel"))

    assert {one.code for one in findings} == {"aes_missing"}
