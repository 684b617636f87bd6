"""Papers for customs on an order's pages: what stands against them, and the PDF once nothing does."""

from __future__ import annotations

import io
import re
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
    from werkzeug.test import TestResponse

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


def fill(client: FlaskClient, address: str, **typed: str) -> TestResponse:
    """Send the form of the boxes."""
    page = client.get(address).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.partition('id="boxes"')[2])
    assert token is not None
    return client.post(f"{address}/boxes", data={"csrf_token": token[1]} | typed)


def test_boxes_are_filled_on_the_page(shop: Shop, address: str) -> None:
    """They stand in the form again and on the paper; one that was printed before is void, and the page says why."""
    client = browser(shop, shop.extensions["shopkit"], "ana")
    client.get(f"{address}/cn23.pdf")
    kept = fill(
        client,
        address,
        postage_amount="312.50",
        postage_currency="mxn",
        importer_number="X-1",
        importer_kind="vat",
        undelivered="return",
        insured_currency="USD",
        comment="<b>frágil</b>",
    )
    page = client.get(f"{address}?saved=1&lang=en").text
    text = PdfReader(io.BytesIO(client.get(f"{address}/cn23.pdf?lang=en").data)).pages[0].extract_text()

    assert (kept.status_code, kept.location) == (303, f"{address}?saved=1#boxes")
    assert 'value="312.50"' in page
    assert 'value="&lt;b&gt;frágil&lt;/b&gt;"' in page
    assert '<option value="vat" selected>' in page
    assert "Void: since it was printed this changed: comment; importer’s reference; postal charges" in page
    assert "312.50 MXN" in text
    assert "X Return to sender" in " ".join(text.split())


def test_a_box_that_cannot_be_read_is_shown_with_what_was_typed(shop: Shop, address: str) -> None:
    """422, the sentence at its field; a form without its token is 400 and keeps what was typed."""
    client = browser(shop, shop.extensions["shopkit"], "ana")
    wrong = fill(client, address, postage_amount="1.005", postage_currency="USD", signed_on="2026-02-30")
    stale = client.post(f"{address}/boxes", data={"signer": "Rosa Gómez"})

    assert wrong.status_code == 422
    assert 'id="postage_amount-wrong"' in wrong.text
    assert 'id="signed_on-wrong"' in wrong.text
    assert 'value="1.005"' in wrong.text
    assert (stale.status_code, 'value="Rosa Gómez"' in stale.text) == (400, True)


def test_who_may_only_look_has_no_form(client: FlaskClient, address: str) -> None:
    """A viewer prints, and fills nothing."""
    assert 'id="boxes"' not in client.get(address).text


def test_a_range_is_noted_and_a_number_taken_on_the_pages(shop: Shop, address: str) -> None:
    """What is no range is told with what was typed; the order's papers have the number, and the few left are said."""
    client = browser(shop, shop.extensions["shopkit"], "ana")
    page = client.get("/settings/numbers?lang=en").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.partition("Another range")[0].rpartition("<form")[2])
    assert token is not None
    wrong = client.post("/settings/numbers", data={"csrf_token": token[1], "range": "RB <1>", "used": "x"})
    noted = client.post("/settings/numbers", data={"csrf_token": token[1], "range": "RB 00000000-00000009 MX"})
    order = address.removesuffix("/customs")
    taken = client.post(f"{order}/customs/number", data={"csrf_token": token[1]})
    papers = client.get(f"{address}?lang=en").text

    assert (wrong.status_code, 'value="RB &lt;1&gt;"' in wrong.text) == (422, True)
    assert (noted.status_code, taken.status_code) == (303, 303)
    assert "<strong>RB000000005MX</strong>" in papers
    assert "9 numbers are left of RB 00000000-00000009 MX" in papers
    assert "RB 00000000-00000009 MX" in client.get("/settings/numbers").text
    assert client.get(f"{address}/cn23.zpl?dpi=300").data.startswith(b"^XA^CI28^PW1200")
