"""Route of pricing: what is left of a price, which price reaches a target, and whether a market is worth entering."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, seller_id, send, services
from shopkit.api.language import language
from shopkit.services import pricing
from shopkit.services.keeping import Reply

if TYPE_CHECKING:
    from flask import Response


@bp.post("/api/v1/pricing")
def ask_price() -> Response:
    """Tell what is left of a price in the seller's own currency, and which price reaches a target; nothing is kept."""
    spoken = language()
    return send(Reply(HTTPStatus.OK, dump(pricing.ask(services(), read_body(), spoken, seller_id())), spoken))
