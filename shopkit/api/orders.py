"""Routes of orders: found, read, packed, sent, cancelled; money by transfer noted."""

from __future__ import annotations

import secrets
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response
from pydantic import ValidationError
from pydantic_core import to_json

from landed_cost.money import Money, to_minor
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.errors import problem
from shopkit.api.language import language
from shopkit.api.order_schemas import Act
from shopkit.api.queries import Query
from shopkit.services import order_acts, order_lists, orders
from shopkit.services.keeping import Reply
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError, RequestProblem, from_pydantic
from shopkit.services.reading import siblings

if TYPE_CHECKING:
    from datetime import datetime

    from shopkit.orders import Event, OrderState
    from shopkit.services.actors import Actor
    from shopkit.services.orders import Order

READ: Final = "orders:read"
WRITE: Final = "orders:write"
MOST_PAGES: Final = 10_000
_NAMED: Final = frozenset({"return", "hold", "release", "transfer"})


@bp.errorhandler(OrderNotFoundError)
def _no_order(_error: OrderNotFoundError) -> Response:
    return problem(404)


@bp.get("/api/v1/orders")
def find_orders() -> Response:
    """List the shop's orders of a view, the newest first, fifty a page."""
    actor = api_actor(READ)
    query = Query("view", "page")
    asked = query.text("view") or "all"
    view: order_lists.View = next((one for one in order_lists.VIEWS if one == asked), "all")
    if view != asked:
        query.complain("view", "choice", expected=", ".join(order_lists.VIEWS))
    text = query.text("page") or "1"
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
    if not is_whole or not 1 <= int(text) <= MOST_PAGES:
        query.complain("page", "number.range", limit=f"1-{MOST_PAGES}")
    query.done()
    found = order_lists.find(services(), actor, view=view, page=int(text))
    results = [
        _brief(one.state, id=one.id, number=one.number, market=one.market, buyer=one.buyer)
        | {"created_at": moment(one.created_at), "campaign_code": one.campaign_code}
        for one in found.rows
    ]
    return _sent({"results": results, "total": found.total, "page": int(text)})


@bp.get("/api/v1/orders/<order_id>")
def read_order(order_id: str) -> Response:
    """Read an order: what was promised, what happened, what follows."""
    return _sent(_whole(orders.load(services(), api_actor(READ), order_id)))


@bp.post("/api/v1/orders/<order_id>/acts")
def act_on_order(order_id: str) -> Response:
    """Do something to an order; what may not happen now is 422 with its reason, and changes nothing."""
    actor = api_actor(WRITE)
    found = orders.load(services(), actor, order_id)
    _do(actor, found, _read(read_body()))
    return _sent(_whole(orders.load(services(), actor, order_id)))


def _do(actor: Actor, found: Order, asked: Act) -> OrderState:  # noqa: PLR0911  # one for each act
    pieces = {line: many for line, many in enumerate(asked.pieces or ()) if many}
    if asked.key is None and (asked.do in _NAMED or (asked.do == "pack" and asked.pieces is not None)):
        raise RequestError([RequestProblem("/key", "required")])
    key = asked.key or secrets.token_hex(8)
    who = services(), actor, found.id
    if asked.do == "pack":
        return order_acts.pack_all(*who) if asked.pieces is None else order_acts.pack(*who, pieces, key=key)
    if asked.do == "ship":
        return order_acts.ship(*who, carrier=asked.carrier, tracking=asked.tracking)
    if asked.do == "return":
        return order_acts.take_back(*who, pieces, key=key, note=asked.note)
    if asked.do == "cancel":
        return order_acts.cancel(*who, note=asked.note)
    if asked.do == "hold":
        return order_acts.hold(*who, key=key, note=asked.note)
    if asked.do == "release":
        return order_acts.release(*who, key=key, note=asked.note)
    if asked.do == "transfer":
        return order_acts.note_transfer(*who, _amount(asked, found.currency), key=key, reference=asked.reference)
    if asked.do == "take":
        return order_acts.accept_payment(*who, asked.payment, is_enough=asked.is_enough)
    return order_acts.deliver(*who) if asked.do == "deliver" else order_acts.accept(*who)


def _amount(asked: Act, currency: str) -> Money:
    """Return the amount of a transfer, exactly as it was said."""
    exact = Decimal(asked.amount or "0")
    amount = Money(to_minor(exact, currency), currency)
    if Decimal(amount.text) != exact:
        raise RequestError([RequestProblem("/amount", "order.amount")])
    return amount


def _brief(state: OrderState, **more: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON
    return more | {
        "status": state.status,
        "fulfilment": state.fulfilment,
        "is_held": state.is_held,
        "is_disputed": state.is_disputed,
        "due": Money(state.due, state.currency).text,
        "currency": state.currency,
    }


def _whole(found: Order) -> dict[str, Any]:
    state = found.state
    names = ("received", "refunded", "refunding", "charged_back", "missing", "owed_back")
    return (
        _brief(state, id=found.id, number=found.number, market=found.market, buyer=found.buyer.name)
        | {name: Money(getattr(state, name), state.currency).text for name in names}
        | {
            "created_at": moment(found.created_at),
            "campaign_code": found.campaign_code,
            "locale": found.locale,
            "terms": found.terms,
            "quote_id": found.quote_id,
            "email": found.buyer.email,
            "address": dict(found.buyer.address),
            "lines": [
                {
                    "listing": one.listing_id,
                    "sku": one.sku,
                    "title": one.title,
                    "quantity": one.quantity,
                    "amount": one.total.text,
                    "packed": state.packed[place],
                    "to_send": state.to_send[place],
                    "returned": state.returned[place],
                }
                for place, one in enumerate(found.lines)
            ],
            "ends_at": moment(state.ends_at),
            "stops": state.stops,
            "events": [_event(one) for one in found.events],
        }
    )


def _event(one: Event) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "at": moment(one.at),
        "source": one.source,
        "source_id": one.source_id,
        "amount": None if one.amount is None else one.amount.text,
        "currency": None if one.amount is None else one.amount.currency,
        "payment": one.payment,
        "ref": one.ref,
        "until": moment(one.until),
    }


def moment(at: datetime | None) -> str | None:
    """Return a moment as the answers write it."""
    return None if at is None else at.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def _sent(value: Any) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(HTTPStatus.OK, dump(value), language(), None))


def _read(value: Any) -> Act:  # noqa: ANN401  # JSON
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    try:
        return Act.model_validate_json(to_json(value))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise RequestError(from_pydantic(one, siblings(Act, one["loc"])) for one in details) from None
