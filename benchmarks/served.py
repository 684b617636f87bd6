"""The application as it is served, with one route more: an empty one, to measure the others against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from shopkit.serving import serving

if TYPE_CHECKING:
    from shopkit.app import Shop

EMPTY = "/bench/empty"


def create() -> Shop:
    """Return the application of the environment with a route that reads JSON and answers a constant."""
    app = serving()

    @app.post(EMPTY)
    def empty() -> Any:  # noqa: ANN401  # Flask makes an answer of it
        request.get_json()
        return {"ok": True}

    return app
