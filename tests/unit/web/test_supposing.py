"""What if a limit changed: supposed on the page Compare, beside the law and never in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.unit.web.test_compare import BASKET, landed
from tests.unit.web.test_pages import text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

# Two T-shirts of 25.00 USD by courier to Peru are under its 200 USD and pay nothing at all.
PERU = {"suppose": "pe.small.limit", "suppose_value": "0"}


def changes(page: str) -> list[list[str]]:
    """Return the cells of what would change, as they read."""
    table = page.partition('class="if-so"')[2].partition("</table>")[0].partition("<tbody>")[2]
    return [
        [text_of(cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    ]


def test_what_would_change_is_what_the_api_says(client: FlaskClient) -> None:
    """Without Peru's limit only Peru changes, by what a comparison under the same supposition comes to there."""
    page = client.get("/compare", query_string=BASKET | PERU).text
    item = {
        "description": "playera de algodón",
        "hs_code": "6109.10",
        "origin": "MX",
        "quantity": "2",
        "unit_price": {"amount": "25.00", "currency": "USD"},
        "weight": {"value": "200", "unit": "g"},
    }
    asked = {
        "date": "2026-11-23",
        "dispatch": {"country": "MX"},
        "destinations": [{"country": "PE"}],
        "channel": "courier",
        "items": [item],
        "freight": {"amount": "12", "currency": "USD"},
        "what_if": {"set": {"pe.small.limit": {"value": "0", "unit": "USD"}}},
    }
    told = client.post("/api/v1/compare", json=asked).get_json()["results"][0]["quote"]["totals"]["landed"]

    found = changes(page)
    assert [row[:3] for row in found] == [["Peru", "62.00", told]]
    assert found[0][3].startswith("+")


def test_the_table_of_the_law_stays_as_it_is(client: FlaskClient) -> None:
    """What is supposed changes no row above it, and stands under its own name."""
    plain = client.get("/compare", query_string=BASKET).text
    page = client.get("/compare", query_string=BASKET | PERU).text

    assert landed(page) == landed(plain)
    assert "A supposition, not the law." in page


def test_a_supposition_that_touches_nothing_says_so(client: FlaskClient) -> None:
    """A limit that 50 USD are under before and after changes nothing for this basket."""
    page = client.get("/compare", query_string=BASKET | PERU | {"suppose_value": "150"}).text

    assert changes(page) == []
    assert "Nothing would change for this basket." in page


def test_what_is_wrong_with_it_stands_at_its_field(client: FlaskClient) -> None:
    """No number, one too fine for its currency, an empty one and a limit that is none: each is told at its field."""
    wrong = [
        PERU | {"suppose_value": "nada"},
        PERU | {"suppose_value": "1.2345"},
        PERU | {"suppose_value": ""},
        PERU | {"suppose": "pe.no.such"},
    ]
    answers = [client.get("/compare", query_string=BASKET | one) for one in wrong]

    fields = [re.findall(r'id="(suppose(?:_value)?)-error"', answer.text) for answer in answers]
    assert fields == [["suppose_value"], ["suppose_value"], ["suppose_value"], ["suppose"]]
    assert {answer.status_code for answer in answers} == {422}
    assert all(len(landed(answer.text)) > 20 for answer in answers)


def test_the_order_keeps_what_is_supposed(client: FlaskClient) -> None:
    """Sorting does not lose the supposition, nor does a whole quote of a row take it along."""
    page = client.get("/compare", query_string=BASKET | PERU).text

    order = page.partition('class="sorts"')[2].partition("</nav>")[0]
    assert "suppose=pe.small.limit" in order
    assert "suppose" not in page.partition('<form id="whole"')[2].partition("</form>")[0]


def test_a_limit_that_several_share_is_offered_once(client: FlaskClient) -> None:
    """Spain and Portugal are under the Union's 150 EUR, which is one figure of one law."""
    page = client.get("/compare", query_string=BASKET).text

    assert len(re.findall(r'<option value="eu\.ioss\.limit"', page)) == 1
