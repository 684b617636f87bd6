"""Invoices on pages: issued from an order, listed, read by their buyer by the order's link, and by nobody else."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from listings.model import Listing
from shopkit.invoices.amounts import Status
from shopkit.services import demo, invoices, listings, order_links, orders, stores
from shopkit.services.companies import command_actor
from shopkit.web import invoices as pages
from tests.ordering import event, order, paid
from tests.shop import open_demo
from tests.unit.web.test_order_pages import browser
from translations.ui import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return the demonstration, whose first shop sells a shirt."""
    app = open_demo(tmp_path_factory.mktemp("invoices"))
    yield app
    app.extensions["shopkit"].database.dispose()


@pytest.fixture(scope="module")
def services(shop: Shop) -> Services:
    """Return its services."""
    found: Services = shop.extensions["shopkit"]
    return found


@pytest.fixture(scope="module")
def ana(services: Services) -> Actor:
    """Return who acts for the first shop."""
    return command_actor(services, demo.SLUG)


@pytest.fixture(scope="module")
def shirt(services: Services, ana: Actor) -> str:
    """Return a listing of hers."""
    given = {"key": "pla", "title": "Playera", "variants": ({"sku": "PLA-M", "stock": 100},)}
    return listings.create_listing(services, ana, Listing.model_validate(given)).id


@pytest.fixture
def made(services: Services, ana: Actor, shirt: str, request: pytest.FixtureRequest) -> orders.Order:
    """Return a new order of two shirts, paid."""
    found = order(services, ana, shirt, request.node.name)
    paid(services, found.id)
    return found


@pytest.fixture
def client(shop: Shop, services: Services) -> FlaskClient:
    """Return Ana's browser."""
    return browser(shop, services, "ana")


def press(client: FlaskClient, made: orders.Order) -> str:
    """Press the button that issues an order's documents, and return the page that follows."""
    page = client.get(f"/orders/{made.id}").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    answer = client.post(f"/orders/{made.id}/invoices", data={"csrf_token": token[1]})
    assert answer.status_code == 303
    return client.get(answer.location).get_data(as_text=True)


def number_of(services: Services, ana: Actor, made: orders.Order, kind: str = "invoice") -> str:
    """Return the number of an order's first document of a kind."""
    found = invoices.of_order(services, ana, made.id)
    return next(one.document.number for one in found if one.document.kind == kind)


def test_an_invoice_is_issued_from_the_page_of_its_order(
    client: FlaskClient, services: Services, ana: Actor, made: orders.Order
) -> None:
    """Pressed once or twice, the invoice and its receipt stand there, and are found in the list."""
    before = client.get(f"/orders/{made.id}").get_data(as_text=True)

    page = [press(client, made) for _ in range(2)][-1]

    number = number_of(services, ana, made)
    listed = client.get("/invoices?kind=invoice").get_data(as_text=True)
    assert ("Issue the invoice" in before, "Issue the invoice" in page) == (True, False)
    assert len(invoices.of_order(services, ana, made.id)) == 2
    assert f"Commercial invoice {number}" in page
    assert f"/orders/{made.id}/invoices/{number}" in listed
    assert number_of(services, ana, made, "receipt") not in listed


def test_what_went_back_is_credited_by_the_button(
    client: FlaskClient, services: Services, ana: Actor, made: orders.Order
) -> None:
    """Money that was given back asks for a credit note, and pressing makes one."""
    press(client, made)
    orders.add(services, made.id, event("refund_made", "b", 1_000, payment="pi_1"))
    before = client.get(f"/orders/{made.id}").get_data(as_text=True)

    page = press(client, made)

    assert "Issue receipts and credit notes" in before
    assert f"Credit note {number_of(services, ana, made, 'credit_note')}" in page


def test_a_document_is_read_and_taken_along(
    client: FlaskClient, services: Services, ana: Actor, made: orders.Order
) -> None:
    """As a page, as PDF and as UBL; a receipt has no UBL, and what is not there is not."""
    press(client, made)
    number, receipt = number_of(services, ana, made), number_of(services, ana, made, "receipt")
    address = f"/orders/{made.id}/invoices"

    page = client.get(f"{address}/{number}?lang=en")
    pdf, ubl = (client.get(f"{address}/{number}.{form}") for form in ("pdf", "xml"))
    missing = [client.get(f"{address}/{one}").status_code for one in (f"{receipt}.xml", "F-999999", f"{number}.csv")]

    text = page.get_data(as_text=True)
    for value in (f"Commercial invoice {number}", "USD\xa050.00", "USD\xa014.63", "6109100012", "CFDI (SAT)"):
        assert value in text, value
    assert (page.headers["Cache-Control"], pdf.mimetype, ubl.mimetype) == (
        "private, no-store",
        "application/pdf",
        "application/xml",
    )
    assert number in PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text()
    assert ubl.data.startswith(b"<?xml")
    assert missing == [404, 404, 404]


def test_a_seller_who_looks_is_no_buyer_who_saw(
    client: FlaskClient, services: Services, ana: Actor, made: orders.Order
) -> None:
    """Only the order's own link notes that the buyer opened the invoice."""
    press(client, made)
    client.get(f"/orders/{made.id}/invoices/{number_of(services, ana, made)}")

    assert [one.opened_at for one in invoices.of_order(services, ana, made.id)] == [None, None]


def test_a_buyer_finds_the_papers_of_the_order(
    shop: Shop, client: FlaskClient, services: Services, ana: Actor, made: orders.Order
) -> None:
    """By the link of the order, in the store's language, the receipt without anybody's issuing it; and it is seen."""
    store = stores.get_store(services, ana)
    name = order_links.name_of(services, made.id)
    buyer = shop.test_client()
    place = f"/s/{store.slug}/us/es/orders/{name}"

    page = buyer.get(place).get_data(as_text=True)
    receipt = number_of(services, ana, made, "receipt")
    press(client, made)
    number = number_of(services, ana, made)
    seen = buyer.get(f"{place}/papers/{number}")
    pdf = buyer.get(f"{place}/papers/{number}.pdf")
    wrong = buyer.get(f"/s/{store.slug}/us/es/orders/{made.id}-{'0' * 24}/papers/{number}")

    opened = {one.document.number: one.opened_at for one in invoices.of_order(services, ana, made.id)}
    assert f"/papers/{receipt}" in page
    assert f"Factura comercial {number}" in seen.get_data(as_text=True)
    assert (pdf.mimetype, wrong.status_code, buyer.get(f"{place}/papers/F-999999").status_code) == (
        "application/pdf",
        404,
        404,
    )
    assert opened == {receipt: None, number: services.now()}
    assert "seen by the buyer" in client.get(f"/orders/{made.id}").get_data(as_text=True)


def test_others_find_nothing(shop: Shop, services: Services, ana: Actor, made: orders.Order) -> None:
    """Another seller's document is not there, and who may only look has no button."""
    invoices.issue(services, ana, made.id)
    number = number_of(services, ana, made)
    martha, rosa = browser(shop, services, "martha"), browser(shop, services, "rosa")

    statuses = [martha.get(f"/orders/{made.id}/invoices/{number}{form}").status_code for form in ("", ".pdf", ".xml")]

    assert statuses == [404] * 3
    assert number not in martha.get("/invoices").get_data(as_text=True)
    assert "Issue the invoice" not in rosa.get(f"/orders/{made.id}").get_data(as_text=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_standing_is_said(
    client: FlaskClient, services: Services, ana: Actor, made: orders.Order, language: str
) -> None:
    """However an invoice stands, there is a word for it; and the history is told in each language."""
    invoices.issue(services, ana, made.id)

    answers = [client.get(f"{page}?lang={language}") for page in ("/invoices", "/orders/history")]

    assert set(pages.STATUSES) == set(Status.__args__)  # type: ignore[attr-defined]  # typing knows no such name
    assert [one.status_code for one in answers] == [200, 200]
    assert "USD" in answers[1].get_data(as_text=True)


@pytest.mark.usefixtures("made")
def test_the_history_is_taken_along(client: FlaskClient) -> None:
    """As CSV and as PDF, for the months that are asked for; months that are none are the last year's."""
    files = [client.get(f"/orders/history.{form}?from=2026-11&to=2026-11") for form in ("csv", "pdf")]
    other = client.get("/orders/history.csv?from=2026-01&to=2026-02").get_data(as_text=True)

    lines = files[0].get_data(as_text=True).splitlines()
    text = PdfReader(io.BytesIO(files[1].data)).pages[0].extract_text()
    assert lines[0].startswith("month,market,currency,orders,paid_orders,received,")
    assert lines[1].startswith("2026-11,US,USD,")
    assert other.splitlines()[1:] == []
    assert client.get("/orders/history?from=x&to=9999-99").status_code == 200
    assert [one.content_type for one in files] == ["text/csv; charset=utf-8", "application/pdf"]
    assert "Sales and fulfilment history" in " ".join(text.split())


def test_the_ledger_is_downloaded_for_a_time(client: FlaskClient, made: orders.Order) -> None:
    """From one day to another, with what the order owes and holds after each event."""
    whole = client.get("/orders/ledger.csv?from=2026-11-01&to=2026-11-30").get_data(as_text=True)
    none = client.get("/orders/ledger.csv?from=2026-10-01&to=2026-10-31").get_data(as_text=True)

    mine = [line for line in whole.splitlines() if line.startswith(f"{made.number},")]
    assert [line.rsplit(",", 3)[1:] for line in mine] == [["US", "76.63", "0.00"], ["US", "76.63", "76.63"]]
    assert len(none.splitlines()) == 1
