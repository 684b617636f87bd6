"""Papers for customs on an order's pages: what stands against them, and the PDF once nothing does."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from shopkit.services import demo, order_lists
from shopkit.services.companies import command_actor
from tests.shop import open_demo
from tests.unit.web.test_order_pages import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration with its orders, which these tests only read."""
    app = open_demo(tmp_path_factory.mktemp("customs"), has_orders=True)
    yield app
    app.extensions["shopkit"].database.dispose()


@pytest.fixture(scope="module")
def address(shop: Shop) -> str:
    """Return where the papers of its first order are."""
    services = shop.extensions["shopkit"]
    return f"/orders/{order_lists.id_of(services, command_actor(services, demo.SLUG), '1001')}/customs"


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    """Return Rosa's browser, who may look and not change."""
    return browser(shop, shop.extensions["shopkit"], "rosa")


def test_an_order_leads_to_its_papers(client: FlaskClient, address: str) -> None:
    """From the order's page, by a link."""
    page = client.get(address.removesuffix("/customs")).text

    assert f'href="{address}"' in page


def test_cn23_is_printed_from_the_page(client: FlaskClient, address: str) -> None:
    """With the post's number, in the language of the reader; what is to be known stands beside it."""
    page = client.get(f"{address}?number=RR123456785MX&lang=pt").text
    printed = client.get(f"{address}/cn23.pdf?number=RR123456785MX&lang=pt")
    text = PdfReader(io.BytesIO(printed.data)).pages[0].extract_text()

    assert "Imprimir CN 23 (PDF)" in page
    assert "A cotação foi feita para um courier" in page
    assert 'role="alert"' not in page
    assert (printed.mimetype, printed.headers["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert "RR 123 456 785 MX" in text
    assert "Venda de mercadorias / Sale of goods" in text


def test_what_stands_against_a_form_is_on_the_page(client: FlaskClient, address: str) -> None:
    """CN 22 without a rate of the day: why, and no link; its address leads back to the page."""
    page = client.get(f"{address}?form=cn22&lang=es").text
    printed = client.get(f"{address}/cn22.pdf?lang=es")

    assert "Aquí no basta el CN 22; imprime el CN 23." in page
    assert "Imprimir CN 22" not in page
    assert (printed.status_code, "/customs?form=cn22" in printed.location) == (303, True)


def test_what_the_address_asks_for_is_shown_not_run(client: FlaskClient, address: str) -> None:
    """A number that is none is told as words, whatever stands in it; a form or size that is none is the usual one."""
    page = client.get(f"{address}?number=<b>1</b>&form=cn99&size=a0&lang=en").text

    assert "&lt;B&gt;1&lt;/B&gt; is no S10 number" in page
    assert '<option value="cn23" selected>' in page
    assert '<option value="a4" selected>' in page


def test_a_packing_list_is_printed_from_the_page(client: FlaskClient, address: str) -> None:
    """On the paper that was chosen."""
    printed = client.get(f"{address}/packing-list.pdf?size=letter&lang=en")
    page = PdfReader(io.BytesIO(printed.data)).pages[0]

    assert "Packing list / Liste de colisage" in page.extract_text()
    assert round(page.mediabox.width) == 612


def test_an_order_that_is_none_has_no_papers(client: FlaskClient) -> None:
    """The page is not there."""
    found = client.get("/orders/o_none/customs")

    assert found.status_code == 404
