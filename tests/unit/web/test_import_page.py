"""Bringing listings in by the page: a file, its columns, what it would do, what it did; without scripts."""

from __future__ import annotations

import io
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.services.demo import PASSWORD
from tests.shop import open_demo
from tests.unit.listings.formats.files import SHOPIFY, SHOPIFY_2025
from tests.unit.web.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def demo(tmp_path: Path) -> Shop:
    """Return a shop with the sample sellers."""
    return open_demo(tmp_path, NOW)


class Person:
    """Somebody of a sample shop, signed in, who presses buttons."""

    def __init__(self, app: Shop, email: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.client.get("/sign-in")
        self.post("/sign-in", at="/sign-in", email=email, password=PASSWORD)

    def get(self, address: str) -> str:
        """Return a page."""
        return self.client.get(address, headers={"Accept-Language": "en"}).get_data(as_text=True)

    def post(self, address: str, at: str = "/listings/import", **form: Any) -> TestResponse:
        """Send a form that stands on a page."""
        found = TOKEN.search(self.get(at))
        assert found is not None
        return self.client.post(address, data=form | {"csrf_token": found[1]}, headers={"Accept-Language": "en"})

    def upload(self, data: bytes, **form: Any) -> str:
        """Upload a file and return the address of its import."""
        answer = self.post("/listings/import", file=(io.BytesIO(data), "tienda.csv"), currency="MXN", **form)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return str(answer.headers["Location"])


def settled() -> None:
    """Wait for the threads of imports to end."""
    for thread in threading.enumerate():
        if thread.name.startswith("import "):
            thread.join(30)


@pytest.fixture
def ana(demo: Shop) -> Iterator[Person]:
    """Return an owner."""
    yield Person(demo, "ana@demo.example")
    settled()


def tally(page: str) -> list[int]:
    """Return the figures of a page: new, changed, the same, left out, and those of an undoing."""
    return [int(one) for one in re.findall(r"<dd>(\d+)</dd>", page)]


def test_a_file_is_shown_before_it_is_imported_and_can_be_taken_back(ana: Person) -> None:
    """Upload, look, import, look, take back."""
    address = ana.upload(SHOPIFY.encode())
    before = ana.get(address)
    ana.post(f"{address}/run", at=address)
    settled()
    after = ana.get(address)
    ana.post(f"{address}/undo", at=address)
    settled()
    undone = ana.get(address)

    assert ("Not imported yet" in before, tally(before)) == (True, [2, 0, 0, 0])
    assert "The weight is nought" in before
    assert "Blusa de manta" in before
    assert (">Imported</h2>" in after, tally(after)) == (True, [2, 0, 0, 0])
    assert (">Taken back</h2>" in undone, tally(undone)) == (True, [2, 0, 0, 0, 2, 0, 0])


def test_columns_that_nobody_knows_are_explained_on_the_page(ana: Person) -> None:
    """A foreign header is shown column by column; what was said is used for the next file."""
    data = b"Codigo;Producto\nA-1;Taza\n"
    address = ana.upload(data)
    before = ana.get(address)
    chosen = ana.post(
        f"{address}/choices", at=address, format="shopkit", currency="MXN", **{"column-0": "key", "column-1": "title"}
    )

    assert "What each column means" in before
    assert chosen.status_code == 303
    assert tally(ana.get(address)) == [1, 0, 0, 0]
    assert tally(ana.get(ana.upload(data))) == [1, 0, 0, 0]


def test_a_market_is_explained_on_the_page(ana: Person) -> None:
    """Brasil is Brazil, in reais."""
    address = ana.upload(SHOPIFY_2025.encode())
    before = ana.get(address)
    form = {"country-0": "br", "money-0": "brl"}
    columns = re.findall(r'<select id="column-\d+" name="(column-\d+)">(.*?)</select>', before, re.DOTALL)
    for name, options in columns:
        selected = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        form[name] = "" if selected is None else selected[1] or selected[2]
    ana.post(f"{address}/choices", at=address, format="shopify-2025", currency="MXN", **form)

    assert "Country of Brasil" in before
    assert "Which country the market Brasil means is not known" in before
    assert "is not known" not in ana.get(address)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "The file holds no products"),
        (b'Handle,Title\n"a" b,c\n', "A quote is not closed well in the row that begins on line 2"),
        (b"[{]", "The JSON breaks off"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(ana: Person, data: bytes, text: str) -> None:
    """At the upload, or where it breaks off further down."""
    answer = ana.post("/listings/import", file=(io.BytesIO(data), "a.csv"), currency="MXN")
    page = answer.get_data(as_text=True) if answer.status_code == 422 else ana.get(answer.headers["Location"])

    assert text in page


def test_no_file_and_one_too_large(ana: Person) -> None:
    """Both say what to do."""
    none = ana.post("/listings/import", currency="MXN")
    large = {"CONTENT_LENGTH": str(200 << 20)}
    headers = {"Accept-Language": "en"}
    found = ana.client.post("/listings/import", environ_overrides=large, headers=headers)

    assert (none.status_code, "Choose a file." in none.get_data(as_text=True)) == (422, True)
    assert (found.status_code, "larger than 100 MB" in found.get_data(as_text=True)) == (413, True)


def test_who_may_not_import_cannot_and_another_shop_sees_nothing(demo: Shop, ana: Person) -> None:
    """A viewer looks at an import, another seller finds none, a stranger signs in first."""
    address = ana.upload(SHOPIFY.encode())
    viewer = Person(demo, "rosa@demo.example")
    stranger = demo.test_client()

    assert viewer.client.get("/listings/import").status_code == 403
    assert (viewer.client.get(address).status_code, "Do not import" in viewer.get(address)) == (200, False)
    assert stranger.get(address).status_code == 303
    assert stranger.post(f"{address}/run").status_code in {303, 401}


def test_the_export_comes_in_unchanged(ana: Person) -> None:
    """Every format is sent as a file, and read back it changes nothing: neither what came in nor the four samples."""
    address = ana.upload(SHOPIFY.encode())
    ana.post(f"{address}/run", at=address)
    settled()

    for name in ("shopify", "shopify-2025", "woocommerce", "mercadolibre", "shopkit"):
        answer = ana.client.get(f"/listings/export/{name}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert tally(ana.get(ana.upload(answer.data))) == [0, 0, 2 + 4, 0]
    assert ana.client.get("/listings/export/excel").status_code == 404


def test_problems_leave_as_a_table(ana: Person) -> None:
    """Row, column, kind and what to do; defused like every table."""
    address = ana.upload(SHOPIFY.replace("120", "=mucho").encode())

    rows = ana.get(f"{address}/problems.csv").splitlines()

    assert rows[0].lstrip("\ufeff") == "row,column,kind,text"
    assert any(row.startswith("3,Variant Price,problem,") for row in rows)


@pytest.mark.parametrize("data", ["Querida Lupita,\nte mando los precios mañana.\n".encode(), bytes(range(1, 9)) * 99])
def test_a_file_that_is_no_catalogue_is_told_so(ana: Person, data: bytes) -> None:
    """A letter, or what is no text: the page says so, what to do, and has another file one step away."""
    answer = ana.post("/listings/import", file=(io.BytesIO(data), "carta.csv"), currency="MXN")
    page = ana.get(answer.headers["Location"]) if answer.status_code == 303 else answer.get_data(as_text=True)

    assert "We do not recognise this file." in page or "Save the file again as CSV UTF-8." in page
    assert 'href="/listings/import">Choose another file</a>' in page or 'type="file"' in page


def test_columns_are_explained_in_words(ana: Person) -> None:
    """Nobody has to know what our own format calls a thing."""
    page = ana.get(ana.upload(b"Cosa,Precio de lista\nTaza,12.50\n"))

    assert '<option value="title">Title</option>' in page
    assert '<option value="price">Price of one</option>' in page


def test_what_is_the_same_of_many_rows_is_told_once(ana: Person) -> None:
    """Five pieces that nobody weighed are one line: the first rows, and how many more."""
    rows = "".join(f"p{number},Producto {number},S{number},5,0\n" for number in range(5))
    page = ana.get(ana.upload(f"Handle,Title,Variant SKU,Variant Price,Variant Grams\n{rows}".encode()))

    assert page.count("The weight is nought, so nobody weighed it.") == 1
    assert "<td>2, 3, 4 <small>and 2 more</small></td>" in page


def test_after_an_import_the_listings_are_one_step_away(ana: Person) -> None:
    """Whoever is done goes on to what came in."""
    address = ana.upload(SHOPIFY.encode())
    ana.post(f"{address}/run", at=address)
    settled()

    assert '<a class="button" href="/listings">See the listings</a>' in ana.get(address)
