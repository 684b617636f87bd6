"""Orders by the API: found, read, acted on once, refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shopkit.api.order_schemas import OrderList, OrderOut
from shopkit.services import keys, orders
from tests.ordering import order, sell
from tests.shop import open_shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from werkzeug.test import TestResponse

    from shopkit.app import Shop


@pytest.fixture
def app(tmp_path: Path) -> Shop:
    """Return an empty shop."""
    return open_shop(tmp_path)


def program(app: Shop, made: orders.Order) -> Callable[..., TestResponse]:
    """Return a way to ask as a program of the order's seller."""
    from shopkit.services.actors import Actor  # noqa: PLC0415

    owner = Actor(made.seller_id, "owner", None)
    secret = keys.create_key(app.extensions["shopkit"], owner, "all", keys.SCOPES, 60).secret
    client, headers = app.test_client(), {"Authorization": f"Bearer {secret}"}

    def ask(path: str = "", body: Any = None) -> TestResponse:
        address = f"/api/v1/orders{path}"
        return (
            client.get(address, headers=headers) if body is None else client.post(address, json=body, headers=headers)
        )

    return ask


def test_an_order_goes_its_way(app: Shop) -> None:
    """A program notes a transfer, packs and sends; a repeat with the same key is one act."""
    services = app.extensions["shopkit"]
    made = order(services, *sell(services))
    ask = program(app, made)
    one = f"/{made.id}/acts"

    early = ask(one, {"do": "pack"})
    for _ in range(2):
        ask(one, {"do": "transfer", "key": "SPEI-1", "amount": "76.63"})
    ask(one, {"do": "pack", "key": "box-1", "pieces": [2]})
    sent = ask(one, {"do": "ship", "carrier": "DHL"})

    assert [problem["code"] for problem in early.get_json()["errors"]] == ["order.not_paid"]
    found = OrderOut.model_validate(sent.get_json())
    assert (found.status, found.fulfilment, found.received, found.lines[0].packed) == ("paid", "shipped", "76.63", 2)
    assert found == OrderOut.model_validate(ask(f"/{made.id}").get_json())


def test_orders_are_listed(app: Shop) -> None:
    """A view holds the orders it is about."""
    services = app.extensions["shopkit"]
    made = order(services, *sell(services))
    ask = program(app, made)

    lists = [OrderList.model_validate(ask(f"?view={view}").get_json()) for view in ("unpaid", "to_send")]

    assert [[one.id for one in found.results] for found in lists] == [[made.id], []]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"do": "hold"}, "/key", "required"),
        ({"do": "pack", "pieces": [1]}, "/key", "required"),
        ({"do": "transfer", "key": "a", "amount": "76.634"}, "/amount", "order.amount"),
        ({"do": "transfer", "key": "a"}, "/amount", "order.amount"),
        ({"do": "dance"}, "/do", "choice"),
        ([], "", "type.object"),
    ],
)
def test_what_cannot_be_asked(app: Shop, body: Any, pointer: str, code: str) -> None:
    """What is wrong with a request is said with its place, and nothing happens."""
    services = app.extensions["shopkit"]
    made = order(services, *sell(services))

    answer = program(app, made)(f"/{made.id}/acts", body)

    assert (answer.status_code, [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]]) == (
        422,
        [(pointer, code)],
    )
    assert orders.see(services, made.id) == made


def test_a_view_that_is_none(app: Shop) -> None:
    """An unknown view and a page that is none are told together."""
    services = app.extensions["shopkit"]
    ask = program(app, order(services, *sell(services)))

    answer = ask("?view=mine&page=0")

    assert [(one["pointer"], one["code"]) for one in answer.get_json()["errors"]] == [
        ("query:view", "choice"),
        ("query:page", "number.range"),
    ]
