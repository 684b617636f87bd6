"""Invoices by the API: issued once, listed, read as JSON, PDF and UBL, refused with the reason."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from shopkit.api.invoice_schemas import InvoiceList, InvoiceOut, InvoicesOfOrder
from shopkit.services import keys, order_acts, orders
from shopkit.services.actors import Actor
from tests.ordering import event, order, paid, sell
from tests.shop import open_shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.services.context import Services


class Program:
    """A program of a seller with one order of two shirts."""

    def __init__(self, services: Services, app: Any) -> None:
        self.services = services
        self.actor, listing = sell(services)
        self.order = order(services, self.actor, listing)
        owner = Actor(self.actor.seller_id, "owner", None)
        secret = keys.create_key(services, owner, "all", keys.SCOPES, 60).secret
        self.client: FlaskClient = app.test_client()
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.base = f"/api/v1/orders/{self.order.id}/invoices"

    def get(self, path: str = "", **headers: str) -> TestResponse:
        """Read what belongs to the order."""
        return self.client.get(self.base + path, headers=self.headers | headers)

    def issue(self, body: Any = None) -> TestResponse:
        """Ask for the invoice."""
        return self.client.post(self.base, json={} if body is None else body, headers=self.headers)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Program]:
    """Return a way to make sellers with programs, all of one shop."""
    app = open_shop(tmp_path_factory.mktemp("shop"))
    return lambda: Program(app.extensions["shopkit"], app)


def test_an_invoice_is_issued_once_and_read_whole(program: Callable[[], Program]) -> None:
    """Asked for twice it is one; it says all that was frozen and how it stands."""
    asked = program()
    paid(asked.services, asked.order.id)

    first, again = asked.issue(), asked.issue()
    whole = InvoiceOut.model_validate(asked.get("/F-000001").get_json())

    found = InvoicesOfOrder.model_validate(first.get_json())
    assert (first.status_code, first.get_json()) == (200, again.get_json())
    assert [(one.number, one.status, one.total) for one in found.results] == [
        ("F-000001", "paid", "76.63"),
        ("R-000001", None, "76.63"),
    ]
    assert (whole.goods, whole.freight, whole.insurance, whole.charges, whole.total) == (
        "50.00",
        "12.00",
        "0.00",
        "14.63",
        "76.63",
    )
    line = whole.lines[0]
    assert (line.hs_code, line.origin, line.quantity, line.amount, line.net_kg) == (
        "6109100012",
        "MX",
        2,
        "50.00",
        "0.4",
    )
    assert (whole.seller.legal_name, whole.buyer.city, whole.terms, whole.fiscal) == (None, "Los Angeles", "DDP", False)


def test_a_document_is_had_in_three_forms(program: Callable[[], Program]) -> None:
    """By its suffix or by what Accept asks for."""
    asked = program()
    asked.issue()

    found = [
        asked.get("/F-000001"),
        asked.get("/F-000001.pdf"),
        asked.get("/F-000001.xml"),
        asked.get("/F-000001", Accept="application/pdf"),
        asked.get("/F-000001", Accept="application/xml"),
    ]

    assert [one.mimetype for one in found] == [
        "application/json",
        "application/pdf",
        "application/xml",
        "application/pdf",
        "application/xml",
    ]
    assert found[1].data == found[3].data
    assert found[2].data == found[4].data
    text = PdfReader(io.BytesIO(found[1].data)).pages[0].extract_text()
    assert "Factura comercial F-000001" in " ".join(text.split())


def test_what_cannot_be_issued_is_refused(program: Callable[[], Program]) -> None:
    """A cancelled order has nothing to invoice, a receipt no UBL, a body no fields, and what is not there is 404."""
    asked, other = program(), program()
    paid(other.services, other.order.id)
    other.issue()
    order_acts.cancel(asked.services, asked.actor, asked.order.id)

    ended, told = asked.issue(), asked.issue({"number": 7})
    receipt, missing = other.get("/R-000001.xml"), other.get("/F-000099")

    codes = [[one["code"] for one in answer.get_json()["errors"]] for answer in (ended, told, receipt)]
    assert codes == [["invoice.nothing"], ["unknown_field"], ["invoice.no_ubl"]]
    assert [one.status_code for one in (ended, told, receipt, missing)] == [422, 422, 422, 404]


def test_documents_are_listed_by_kind(program: Callable[[], Program]) -> None:
    """All of a shop's, the newest first, or one kind of them."""
    asked = program()
    paid(asked.services, asked.order.id)
    asked.issue()
    orders.add(asked.services, asked.order.id, event("refund_made", "b", 1_000, payment="pi_1"))
    asked.issue()

    answers = {
        query: asked.client.get(f"/api/v1/invoices{query}", headers=asked.headers)
        for query in ("", "?kind=credit_note", "?kind=bill", "?page=0")
    }

    assert InvoiceList.model_validate(answers[""].get_json()).total == 3
    (note,) = InvoiceList.model_validate(answers["?kind=credit_note"].get_json()).results
    assert (note.number, note.total, note.refers_to) == ("C-000001", "10.00", "F-000001")
    assert [one.status_code for one in answers.values()] == [200, 200, 422, 422]
