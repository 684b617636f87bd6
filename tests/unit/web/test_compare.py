"""The page that lays destinations side by side, as a browser without scripts gets it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.unit.web import samples
from tests.unit.web.test_pages import text_of
from translations.ui import speech

if TYPE_CHECKING:
    from flask.testing import FlaskClient

BASKET = {
    "count": "1",
    "items-0-description": "playera de algodón",
    "items-0-hs_code": "6109.10",
    "items-0-origin": "MX",
    "items-0-price": "25.00",
    "items-0-quantity": "2",
    "items-0-weight": "200",
    "items-0-weight_unit": "g",
    "currency": "USD",
    "from": "MX",
    "channel": "courier",
    "terms": "DAP",
    "date": "2026-11-23",
    "freight": "12",
}


def rows(page: str) -> list[list[str]]:
    """Return the cells of the table's body as they read, a list for each row."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [text_of(cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)
    ]


def landed(page: str) -> dict[str, str]:
    """Return what each destination with a figure comes to, by its code."""
    return dict(re.findall(r'name="to" value="([A-Z]{2})"[^>]*><data value="([0-9.]+)"', page))


def test_each_row_says_what_the_api_says(client: FlaskClient) -> None:
    """Every destination has the landed cost that the comparison of the API gives for the same basket."""
    page = client.get("/compare", query_string=BASKET).text
    item = {
        "description": "playera de algodón",
        "hs_code": "6109.10",
        "origin": "MX",
        "quantity": "2",
        "unit_price": {"amount": "25.00", "currency": "USD"},
        "weight": {"value": "200", "unit": "g"},
    }
    basket = {
        "date": "2026-11-23",
        "dispatch": {"country": "MX"},
        "channel": "courier",
        "items": [item],
        "freight": {"amount": "12", "currency": "USD"},
        "save": False,
    }
    told = client.post("/api/v1/compare", json=basket).get_json()["results"]

    assert landed(page) == {
        one["country"]: one["quote"]["totals"]["landed"] for one in told if one["quote"]["totals"]["landed"]
    }


def test_without_an_order_the_cheapest_door_comes_first(client: FlaskClient) -> None:
    """Rows go up by what the buyer pays at the door."""
    sums = list(landed(client.get("/compare", query_string=BASKET).text).values())

    assert sums == sorted(sums, key=float)
    assert len(sums) > 20


@pytest.mark.parametrize(
    ("order", "heading", "direction"),
    [
        ("landed", "At the door", "ascending"),
        ("name", "Destination", "ascending"),
        ("on_top", "On top", "ascending"),
        ("days", "Days", "ascending"),
        ("left", "Left for you", "descending"),
        ("outcome", "How sure", "ascending"),
    ],
)
def test_the_order_stands_in_the_address_and_at_its_column(
    client: FlaskClient, order: str, heading: str, direction: str
) -> None:
    """An order asked for in the address is marked at its column for those who do not see it."""
    page = client.get("/compare", query_string=BASKET | {"sort": order, "cost": "20"}).text

    sorted_by = re.findall(r'<th scope="col"[^>]*aria-sort="([a-z]+)">([^<,]+)', page)
    assert [(name.strip(), way) for way, name in sorted_by] == [(heading, direction)]


def test_sorted_by_name_it_reads_like_an_index(client: FlaskClient) -> None:
    """By name, accents do not move a country to the end."""
    page = client.get("/compare", query_string=BASKET | {"sort": "name", "lang": "es"}).text

    names = [row[0] for row in rows(page)]
    assert names.index("Perú") < names.index("Portugal") < names.index("Puerto Rico")


def test_what_is_left_is_the_price_without_what_it_holds_and_what_the_goods_cost(client: FlaskClient) -> None:
    """A price of 50.00 that already holds 12.00 of freight leaves 18.00 above goods of 20.00."""
    page = client.get(
        "/compare", query_string=BASKET | {"cost": "20", "price_includes": "freight", "sort": "name"}
    ).text

    assert {row[4] for row in rows(page)} == {"18.00"}


def test_a_destination_without_a_figure_says_why(client: FlaskClient) -> None:
    """Britain up to 135 GBP, and the country that the parcel never leaves, stand below with their reasons."""
    page = text_of(client.get("/compare", query_string=BASKET).text)
    below = page.partition("Not here, because…")[2]

    assert "○ Mexico The parcel starts in MX, where it also ends" in below
    assert "○ United Kingdom Up to 135 GBP the seller or the marketplace charges UK VAT at the sale" in below


def test_a_kept_quote_leads_to_the_same_basket_everywhere(client: FlaskClient) -> None:
    """From a quote the address of the comparison holds its basket, and nothing of its destination."""
    answer = client.get("/compare", query_string={"quote": samples.COMPLETE["id"]})

    assert answer.status_code == 302
    assert "items-0-price=" in answer.location
    assert "to=" not in answer.location
    assert client.get(answer.location).status_code == 200


def test_the_button_makes_a_clean_address(client: FlaskClient) -> None:
    """What was left empty does not stand in the address that one shares."""
    answer = client.get("/compare", query_string=BASKET | {"insurance": "", "to": "US", "do": "quote"})

    assert answer.status_code == 302
    assert "insurance" not in answer.location
    assert "do=" not in answer.location


def test_what_is_wrong_stands_at_its_field(client: FlaskClient) -> None:
    """A number that is none comes back as it was typed, with what to do, and no table."""
    answer = client.get("/compare", query_string=BASKET | {"items-0-price": "veinte", "cost": "1.250"})

    assert answer.status_code == 422
    assert 'value="veinte"' in answer.text
    assert 'id="items-0-price-error"' in answer.text
    assert 'id="cost-error"' in answer.text
    assert "side-by-side" not in answer.text


def test_an_empty_address_shows_the_form(client: FlaskClient) -> None:
    """Without a basket the form is asked, with no destination in it."""
    page = client.get("/compare").text

    assert 'name="items-0-description"' in page
    assert 'name="to"' not in page
    assert 'method="get"' in page


def test_another_product_can_be_added(client: FlaskClient) -> None:
    """The form grows by a product and keeps what was typed."""
    page = client.get("/compare", query_string=BASKET | {"do": "add"}).text

    assert 'name="items-1-description"' in page
    assert 'value="playera de algodón"' in html.unescape(page)


def test_a_row_leads_to_the_whole_quote(client: FlaskClient) -> None:
    """The button of a row sends the same basket with its destination, and a kept quote answers."""
    page = client.get("/compare", query_string=BASKET).text
    form = page.partition('<form id="whole"')[2].partition("</form>")[0]
    fields = {name: html.unescape(text) for name, text in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}

    answer = client.post("/try", data=fields | {"to": "CL"})

    assert answer.status_code == 303
    quote = client.get(f"/api/v1/quotes/{answer.location.rpartition('/')[2]}").get_json()
    assert quote["totals"]["landed"] == landed(page)["CL"]


def test_every_reason_stands_on_its_row(client: FlaskClient) -> None:
    """What keeps Barbados from a sure figure is told whole, each once, with what would settle it."""
    page = client.get("/compare", query_string=BASKET).text
    item = {
        "description": "playera de algodón",
        "hs_code": "6109.10",
        "origin": "MX",
        "quantity": "2",
        "unit_price": {"amount": "25.00", "currency": "USD"},
        "weight": {"value": "200", "unit": "g"},
    }
    basket = {
        "date": "2026-11-23",
        "dispatch": {"country": "MX"},
        "destinations": [{"country": "BB"}],
        "channel": "courier",
        "items": [item],
        "freight": {"amount": "12", "currency": "USD"},
    }
    told = client.post("/api/v1/compare", json=basket).get_json()["results"][0]["quote"]["assessment"]["reasons"]

    row = next(cells for cells in rows(page) if cells[0] == "Barbados")[-1]
    reasons = [one for one in told if one["level"] == "estimated"]
    english = speech("en", [])
    assert len(reasons) > 1
    assert [row.count(english.written(one["message"])) for one in reasons] == [1] * len(reasons)
    assert all(english.written(one["action"]) in row for one in reasons if one["action"])


def test_the_likely_day_stands_between_the_first_and_the_last(client: FlaskClient) -> None:
    """Each row says how many days it most likely takes, within its own range."""
    page = client.get("/compare", query_string=BASKET).text

    days = [
        tuple(int(number) for number in found)
        for found in re.findall(r">(\d+)–(\d+)<small>most likely (\d+)</small>", page)
    ]
    assert len(days) > 20
    assert all(first <= likely <= last for first, last, likely in days)
