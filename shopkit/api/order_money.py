"""Routes of the money of an order: payments, refunds, disputes and their evidence."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response

from landed_cost.money import Money, to_minor
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.catalogs import read_shape
from shopkit.api.language import language
from shopkit.api.orders import READ, WRITE
from shopkit.api.payment_schemas import EvidenceToSend, RefundToMake
from shopkit.services import order_money, orders, refunds
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from datetime import datetime

    from shopkit.services.actors import Actor


@bp.get("/api/v1/orders/<order_id>/payments")
def read_order_payments(order_id: str) -> Response:
    """Read the money of an order: attempts to pay, refunds, disputes, and what can still go back."""
    return _sent(_money(api_actor(READ), order_id))


@bp.post("/api/v1/orders/<order_id>/refunds")
def refund_order(order_id: str) -> Response:
    """Give money of an order back, once for each key; above what is left is 422 with the amount that is left."""
    actor = api_actor(WRITE)
    found = orders.load(services(), actor, order_id)
    asked = read_shape(RefundToMake, read_body())
    if asked.amount is None:
        if asked.by_hand or asked.payment is not None:
            raise RequestError([RequestProblem("/amount", "required")])
        refunds.whole(services(), actor, order_id, asked.reason, asked.key)
        return _sent(_money(actor, order_id))
    exact = Decimal(asked.amount)
    amount = Money(to_minor(exact, found.currency), found.currency)
    if Decimal(amount.text) != exact:
        raise RequestError([RequestProblem("/amount", "order.amount")])
    act = refunds.record if asked.by_hand else refunds.refund
    act(services(), actor, order_id, amount, asked.reason, asked.key, payment_id=asked.payment)
    return _sent(_money(actor, order_id))


@bp.post("/api/v1/orders/<order_id>/disputes/<dispute_id>/evidence")
def answer_dispute(order_id: str, dispute_id: str) -> Response:
    """Keep evidence with a dispute as a draft at the provider, or hand it in, once."""
    # Only who answers a dispute needs what gathers evidence.
    from shopkit.services import evidence  # noqa: PLC0415

    actor = api_actor(WRITE)
    orders.load(services(), actor, order_id)
    asked = read_shape(EvidenceToSend, read_body())
    evidence.answer(services(), actor, order_id, dispute_id, asked.words, submits=asked.submit)
    return _sent(_money(actor, order_id))


@bp.get("/api/v1/orders/<order_id>/evidence")
def read_evidence(order_id: str) -> Response:
    """Download what is known of an order: a paper, its data and its ledger, as ZIP."""
    # 80 MB that only printing needs.
    from shopkit.services import evidence  # noqa: PLC0415

    body = evidence.archive(services(), api_actor(READ), order_id, language())
    return Response(body, headers={"Cache-Control": "no-store"}, content_type="application/zip")


def _money(actor: Actor, order_id: str) -> dict[str, Any]:
    found = order_money.of_order(services(), actor, order_id)
    return {
        "order": order_id,
        "currency": found.refundable.currency,
        "refundable": found.refundable.text,
        "payments": [
            {
                "id": one.id,
                "number": one.number,
                "method": f"{one.provider}/{one.method}",
                "state": one.state,
                "asked": one.asked.text,
                "received": one.received.text,
                "astray": one.astray.text,
                "left": one.left.text,
                "may_refund": one.may_refund,
                "provider_name": one.ref,
                "began_at": _moment(one.began_at),
                "until": _moment(one.until),
            }
            for one in found.payments
        ],
        "refunds": [
            {
                "id": one.id,
                "payment": one.payment,
                "amount": one.amount.text,
                "state": one.state,
                "reason": one.reason,
                "made_here": one.is_ours,
                "at": _moment(one.at),
            }
            for one in found.refunds
        ],
        "disputes": [
            {
                "id": one.ref,
                "payment": one.payment,
                "amount": one.amount.text,
                "state": one.state,
                "reason": one.reason,
                "opened_at": _moment(one.opened_at),
                "answer_until": _moment(one.due),
                "answered_at": _moment(one.answered_at),
                "may_answer": one.may_answer,
            }
            for one in found.disputes
        ],
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _sent(value: Any) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(HTTPStatus.OK, dump(value), language(), None))
