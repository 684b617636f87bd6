"""The money of an order by the API: refunds once for their key, what did not fit, evidence as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopkit.api.payment_schemas import OrderMoneyOut
from shopkit.services import order_money, orders
from tests.api.test_orders import program
from tests.ordering import event
from tests.paying import Sale
from tests.shop import open_shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from werkzeug.test import TestResponse


@pytest.fixture
def sale(tmp_path: Path) -> Iterator[tuple[Sale, Callable[..., TestResponse]]]:
    """Return an order that was paid, and a way to ask as a program of its seller."""
    app = open_shop(tmp_path)
    found = Sale(app.extensions["shopkit"])
    found.pressed(found.start().payment_id, "pay")
    yield found, program(app, found.order)
    found.services.database.dispose()


def test_money_goes_back_by_its_key(sale: tuple[Sale, Callable[..., TestResponse]]) -> None:
    """A repeat is one refund, another amount under the key 409, more than is left 422 with what is left."""
    found, ask = sale
    one = f"/{found.order.id}/refunds"
    part = {"key": "a", "amount": "10.00", "reason": "stain"}
    first, again = ask(one, part), ask(one, part)
    other, above = ask(one, part | {"amount": "11.00"}), ask(one, {"key": "b", "amount": "66.64"})
    rest = OrderMoneyOut.model_validate(ask(one, {"key": "c"}).get_json())

    assert first.get_json() == again.get_json()
    assert (other.status_code, above.status_code) == (409, 422)
    assert "66.63 USD" in above.get_json()["errors"][0]["message"]
    assert ([refund.amount for refund in rest.refunds], rest.refundable) == (["10.00", "66.63"], "0.00")
    assert rest == OrderMoneyOut.model_validate(ask(f"/{found.order.id}/payments").get_json())


def test_evidence_and_what_did_not_fit(sale: tuple[Sale, Callable[..., TestResponse]]) -> None:
    """A bundle is a ZIP, a dispute takes a draft and then the last word, and money that did not fit is counted."""
    found, ask = sale
    (payment,) = order_money.of_order(found.services, found.actor, found.order.id).payments
    found.pressed(payment.id, "dispute")
    (dispute,) = order_money.of_order(found.services, found.actor, found.order.id).disputes
    one = f"/{found.order.id}/disputes/{dispute.ref}/evidence"
    statuses = [ask(one, body).status_code for body in ({}, {"submit": True}, {"words": "more", "submit": True})]
    file = ask(f"/{found.order.id}/evidence")
    orders.add(found.services, found.order.id, event("payment_mismatch", "x", 500, payment=payment.id))
    taken = ask(f"/{found.order.id}/acts", {"do": "take", "payment": payment.id})

    assert statuses == [200, 200, 422]
    assert (file.status_code, file.content_type, file.data[:2]) == (200, "application/zip", b"PK")
    assert (taken.status_code, taken.get_json()["received"]) == (200, "81.63")
