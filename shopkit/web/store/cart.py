"""The cart: put aside, change, look at what it comes to. Its cookie is the only one that a buyer's browser holds."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import redirect, request

from shopkit.services import carts
from shopkit.services.checkouts import price_basket
from shopkit.services.store_baskets import Line
from shopkit.services.store_shelf import is_sold
from shopkit.web.access import ours_only
from shopkit.web.language import speech
from shopkit.web.store.pages import product_or_404
from shopkit.web.store.scene import LINK, at, bp, scene_of, services, show

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

    from shopkit.services.carts import KeptCart
    from shopkit.services.stores import KeptStore
    from shopkit.web.store.scene import Scene

COOKIE: Final = "cart"
_DIGITS: Final = 4


@bp.get("/<market>/<language>/cart")
def cart(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Show what was put aside and what it comes to at a door of the market."""
    scene = scene_of(slug, market, language)
    found = held(scene.store)
    lines = () if found is None or found.order_id is not None else found.lines
    basket = price_basket(services(), scene.store, scene.opening, scene.language, lines, {})
    return show(
        scene,
        "store/cart.html",
        is_private=True,
        basket=basket,
        most=carts.MOST_PIECES,
        problems=[one.message(speech().language) for one in basket.problems if not one.pointer.startswith("/lines")],
        short="",
    )


@bp.post("/<market>/<language>/cart")
def change_cart(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Put something aside, or change how many there are; then show the cart."""
    scene = scene_of(slug, market, language)
    ours_only()
    token = request.cookies.get(COOKIE)
    response = redirect(at(scene, "store.cart"), HTTPStatus.SEE_OTHER)
    if request.form.get("do") == "put":
        found = product_or_404(scene, request.form.get("key", ""))
        variant = found.variant(request.form.get("sku") or None)
        if variant is None or not is_sold(variant):
            return redirect(at(scene, "store.product", key=found.key, words=found.slug), HTTPStatus.SEE_OTHER)
        written = carts.written(request.form, found.document["personalisation"])
        line = Line(found.id, variant["sku"], max(1, _count()), written)
        token = carts.put(services(), scene.store, scene.market, token, line, request.form.get(LINK))
        _hold(scene, response, token)
    else:
        carts.change(services(), scene.store, token, request.form.get("line", ""), _count())
    response.headers["Cache-Control"] = "private, no-store"
    return response


def held(store: KeptStore) -> KeptCart | None:
    """Return the cart that the browser holds."""
    return carts.find_cart(services(), store, request.cookies.get(COOKIE))


def _hold(scene: Scene, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(carts.LIFE.total_seconds()),
        path=f"/s/{scene.store.slug}/",
        secure=request.is_secure or services().settings.public_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def _count() -> int:
    text = request.form.get("quantity", "1").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else 1
