"""Ways to send an order, on the seller's side: side by side, with papers, law and simplified export."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import abort, make_response, render_template

from shopkit.late import Late
from shopkit.services import orders
from shopkit.services.orders import OrderNotFoundError
from shopkit.services.problems import RequestError
from shopkit.web.access import actor, services
from shopkit.web.blueprint import bp
from shopkit.web.language import speech

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.sending import telling
    from shopkit.services import ways, ways_told
else:
    telling = Late("shopkit.sending.telling")
    ways = Late("shopkit.services.ways")
    ways_told = Late("shopkit.services.ways_told")

# The signs of an outcome on our pages: said in words beside them.
_MARKS: Final = {"yes": ("✓", "complete"), "unknown": ("?", "estimated"), "no": ("✕", "refused")}
_STANDINGS: Final = {
    "open": ("✓", "complete"),
    "unsure": ("?", "estimated"),
    "unknown": ("?", "estimated"),
    "refused": ("✕", "refused"),
    "not_taken": ("✕", "refused"),
}


@bp.get("/orders/<order_id>/ways")
def ways_page(order_id: str) -> ResponseReturnValue:
    """Lay every way to send an order side by side; what the order does not say of its parcel is told instead."""
    who = actor()
    language = speech().language
    try:
        order = orders.load(services(), who, order_id)
    except OrderNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    told: dict[str, Any] | None = None
    wrong: list[str] = []
    try:
        told = ways_told.data(ways.of_order(services(), who, order_id), language, speech().number)
    except RequestError as error:
        wrong = [problem.message(language) for problem in error.problems]
    body = render_template(
        "web/ways.html",
        order=order,
        told=told,
        wrong=wrong,
        standings={name: (*mark, telling.word(f"standing_{name}", language)) for name, mark in _STANDINGS.items()},
        verdicts={name: (*mark, telling.word(f"verdict_{name}", language)) for name, mark in _MARKS.items()},
        word=lambda name, **values: telling.word(name, language).format(**values),
    )
    return make_response(body)
