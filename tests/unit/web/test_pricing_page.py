"""The page that tells what is left of a price, as a browser without scripts gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SHIRT = {
    "items-0-description": "playera de algodón",
    "items-0-hs_code": "6109.10",
    "items-0-origin": "MX",
    "items-0-price": "35",
    "items-0-quantity": "2",
    "currency": "USD",
    "from": "MX",
    "to": "US",
    "region": "US-CA",
    "date": "2026-11-23",
    "channel": "courier",
    "terms": "DAP",
    "freight": "12",
    "own": "MXN",
    "do": "ask",
}


def page(client: FlaskClient, query: str, language: str = "en") -> tuple[int, str]:
    """Return status and text of the page."""
    answer = client.get(f"/pricing?{query}", headers={"Accept-Language": language}, follow_redirects=True)
    return answer.status_code, answer.text


def asked(client: FlaskClient, language: str = "en", **more: str) -> tuple[int, str]:
    """Return the page about two shirts, with other fields besides."""
    return page(client, urlencode(SHIRT | more), language)


def test_the_form_is_there_and_nothing_is_answered_yet(client: FlaskClient) -> None:
    """The day is today's, and who reads from Mexico counts in pesos."""
    answer = client.get("/pricing", headers={"Accept-Language": "es-MX"})

    assert (answer.status_code, 'value="2026-11-23"' in answer.text) == (200, True)
    assert 'id="priced-title"' not in answer.text
    assert '<option value="MXN" selected>' in answer.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Left in your hand"),
        ("es", "queda en la mano"),
        ("pt", "O que sobra na sua mão"),
    ],
)
def test_the_example_tells_what_is_left(client: FlaskClient, language: str, said: str) -> None:
    """In the reader's language, with the lines, the targets and the worksheet."""
    status, text = page(client, "example=playera", language)

    assert (status, said in text) == (200, True)
    for part in ('id="lines-title"', 'id="target-2"', 'id="sizes-title"', 'id="market-title"'):
        assert part in text


def test_a_price_below_cost_is_told(client: FlaskClient) -> None:
    """A shirt that costs more than it brings loses, and the page says how much."""
    _, text = asked(client, cost_unit="900")

    assert "This price is below cost" in text


def test_a_number_may_be_typed_as_at_home(client: FlaskClient) -> None:
    """30,5 is thirty and a half of a hundred."""
    status, text = asked(client, "es", cost_unit="90,50", goal_margin="30,5")

    assert (status, "30.50 %" in text or "30,50 %" in text) == (200, True)


def test_a_price_on_the_shelf_is_climbed_to(client: FlaskClient) -> None:
    """With a distributor and a shop the shelf is told, and the price that keeps it."""
    status, text = asked(client, distributor="25", retailer="40", sales_tax="7.25", recovers="yes", goal_shelf="90")

    assert (status, "On the shelf: " in text, "At most on the shelf, for one" in text) == (200, True, True)


def test_a_market_is_weighed(client: FlaskClient) -> None:
    """Outlays, orders and another use of the money give three courses and three verdicts."""
    market = {
        "m_start": "2027-01-01", "m_months": "6", "m_once": "600", "m_monthly": "50", "m_low": "0", "m_likely": "10",
        "m_high": "20", "m_from": "2", "m_wait": "1", "m_budget": "1000", "m_spent": "77", "m_other_name": "Horno",
        "m_other_takes": "500", "m_other_gain": "100",
    }  # fmt: skip

    status, text = asked(client, **market)

    assert (status, "Worth it?" in text, "Affordable?" in text, "Horno" in text) == (200, True, True, True)
    assert "2027-01" in text


def test_what_cannot_be_told_is_not(client: FlaskClient) -> None:
    """Where the law gives no figure the page says so, with the reasons."""
    status, text = asked(client, to="GB", region="")

    assert (status, "What is left cannot be told" in text) == (200, True)


def test_what_is_wrong_stands_at_its_field(client: FlaskClient) -> None:
    """Of the consignment and of the seller's side; nothing typed is lost."""
    status, text = asked(
        client, cost_unit="noventa", fee_price="120", goal_margin="100", to="", m_start="2027-01-01", m_likely="diez",
        m_other_name="Horno", days="1.5",
    )  # fmt: skip

    assert status == 422
    for name in ("cost_unit", "to", "m_likely", "days"):
        assert f'id="{name}-error"' in text, name
    assert 'value="noventa"' in text
    status, text = asked(client, fee_price="120", goal_margin="100")
    for name in ("fee_price", "goal_margin"):
        assert f'id="{name}-error"' in text, name


def test_codes_are_offered_and_not_chosen(client: FlaskClient) -> None:
    """The finder of the quote's page is here too."""
    _, text = page(client, urlencode({"items-0-description": "playera de algodón", "do": "codes-0"}))

    assert 'id="items-0-codes"' in text


def test_answers_about_the_goods_are_kept(client: FlaskClient) -> None:
    """What an address says beyond the fields of this page goes along when it is asked again."""
    _, text = asked(client, **{"items-0-attributes-fiber": "cotton"})

    assert '<input type="hidden" name="items-0-attributes-fiber" value="cotton" />' in text
