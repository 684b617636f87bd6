"""The pages of the markets, as a browser without scripts gets them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.unit.web.test_pages import text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def test_every_destination_has_its_guide(client: FlaskClient) -> None:
    """The list leads to a page for each destination that the API names, and each page is there."""
    page = client.get("/markets?from=MX").text
    codes = re.findall(r'href="/markets/([A-Z]{2})\?from=MX"', page)
    told = client.get("/api/v1/destinations").get_json()["destinations"]

    assert sorted(codes) == sorted(one["country"] for one in told)
    assert {client.get(f"/markets/{code}?from=MX").status_code for code in codes} == {200}


def test_an_example_is_a_quote(client: FlaskClient) -> None:
    """Five Mexican T-shirts of 20 USD at Chile's border pay 19 % VAT on 102.00 with the presumed insurance: 19.38."""
    page = text_of(client.get("/markets/CL?from=MX").text)

    assert "100.00 ● 19.38 ● 19.38 ● 19.38" in page


def test_ways_of_other_days_are_not_shown(client: FlaskClient) -> None:
    """The United States' exemption of small parcels ended in 2025: its guide shows the entry alone."""
    page = text_of(client.get("/markets/US?from=MX&lang=en").text)

    ways = page.partition("How goods get in")[2].partition("Papers and limits")[0]
    assert ways.split()[0:2] == ["Customs", "entry"]
    assert "minimis" not in ways


def test_excise_is_told_by_drink_and_measure(client: FlaskClient) -> None:
    """Amounts by volume stand under names of their own: 13.50 USD is of a proof gallon, 18 USD of a barrel of beer."""
    page = text_of(client.get("/markets/US?from=MX&lang=en").text)

    told = re.findall(r"Federal excise on ([a-z, ]+?) ([0-9.]+) USD", page)
    assert dict(told) == {
        "spirits, by the proof gallon": "13.50",
        "beer, by the barrel": "18",
        "still wine, by the gallon": "1.07",
        "sparkling wine, by the gallon": "3.40",
    }
    assert "other wine, vermouth, cider and the like, by the gallon" in page


def test_only_agreements_with_the_seller_s_country_are_shown(client: FlaskClient) -> None:
    """From Mexico to the United States there is the USMCA and nothing else."""
    page = text_of(client.get("/markets/US?from=MX&lang=en").text)
    agreements = page.partition("Trade agreements")[2].partition("Who helps")[0]

    assert agreements.split()[0] == "USMCA"
    assert "CAFTA-DR" not in agreements


def test_without_a_country_of_one_s_own_there_is_no_example(client: FlaskClient) -> None:
    """Nothing is worked out for goods from nowhere, and the page says how to change that."""
    page = text_of(client.get("/markets/US?from=").text)

    assert "What it comes to, by example" not in page
    assert "You sell from" in page


def test_who_helps_is_dated(client: FlaskClient) -> None:
    """An agency stands with the day of which it is known, for names and duties move with governments."""
    page = text_of(client.get("/markets/CL?from=EC&lang=en").text)
    help_ = page.partition("Who helps")[2]

    assert "Ministerio de Producción" in help_
    assert "as known on February 10, 2026" in help_


@pytest.mark.parametrize("address", ["/markets/FR", "/markets/XX", "/markets/nowhere"])
def test_a_market_that_is_not_covered_is_not_found(client: FlaskClient, address: str) -> None:
    """A country without rules has no page."""
    assert client.get(address).status_code == 404
