"""Routes of stores, for whoever buys or shows what is sold: no key is asked, as none is on the pages.

A basket is nothing that is kept: each question bears it whole. What was agreed to comes back as a mark with the order,
so that no other total is ordered than the one that was told.
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import Response, abort, request
from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from landed_cost.money import Money
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.language import language as spoken
from shopkit.api.queries import Query
from shopkit.api.store_schemas import Basket, Checkout
from shopkit.services import addresses, carts, order_links, orders, paying, reputation
from shopkit.services.catalogs import currency_of
from shopkit.services.checkouts import mark_of, order_basket, price_basket
from shopkit.services.companies import get_company
from shopkit.services.keeping import Reply
from shopkit.services.orders import Buyer
from shopkit.services.problems import RequestError, RequestProblem, from_pydantic
from shopkit.services.reading import siblings
from shopkit.services.store_baskets import Line
from shopkit.services.store_shelf import Shelf, is_sold
from shopkit.services.stores import StoreNotFoundError, find_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shopkit.api.store_schemas import LineIn
    from shopkit.orders.standing import Standing
    from shopkit.services.checkouts import Basket as Priced
    from shopkit.services.orders import Order
    from shopkit.services.store_shelf import Product
    from shopkit.services.stores import KeptStore, Opening

Json = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)
MOST_PAGES: Final = 10_000
_CHANNEL: Final = "shop"
_MOST_RATINGS: Final = 50


@bp.get("/api/v1/stores/<slug>")
def read_store(slug: str) -> Response:
    """Read where a store is open, in which languages, and who pays duties and taxes."""
    store = _store(slug)
    company = get_company(services(), store.actor)
    places = [
        {
            "market": one.market,
            "languages": list(one.languages),
            "terms": one.terms,
            "currency": currency_of(_CHANNEL, one.market),
        }
        for one in store.openings
    ]
    standing = reputation.standing_lately(services(), store.seller_id)
    said = {"slug": store.slug, "name": company.name, "country": company.country, "places": places}
    return _sent(said | {"standing": _standing(standing)})


@bp.get("/api/v1/stores/<slug>/reputation")
def read_reputation(slug: str) -> Response:
    """Read how a shop stands and what was said of it, in the reader's language where it was translated."""
    store = _store(slug)
    said = reputation.ratings(services(), store.seller_id, spoken(), _MOST_RATINGS)
    ratings = [
        {
            "stars": one.stars,
            "words": one.words,
            "language": one.locale,
            "rated_on": one.rated_at.date().isoformat(),
            "answer": one.answer,
            "translated_from": one.translated_from,
            "translated_by": one.engine or None,
        }
        for one in said
    ]
    standing = reputation.standing_lately(services(), store.seller_id)
    return _sent({"standing": _standing(standing), "ratings": ratings})


@bp.get("/api/v1/stores/<slug>/<market>/<language>/products")
def find_products(slug: str, market: str, language: str) -> Response:
    """List what is sold in a place, with the price at the door, the newest first."""
    store, opening = _place(slug, market, language)
    query = Query("page")
    text = query.text("page") or "1"
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES)) and 1 <= int(text) <= MOST_PAGES):
        query.complain("page", "number.range", limit=f"1-{MOST_PAGES}")
    query.done()
    with services().database.reading() as session:
        found, has_more = Shelf(services(), session, store, opening, language).page(int(text))
    results = [_product(store, opening, language, one) for one in found]
    return _sent({"results": results, "page": int(text), "has_more": has_more})


@bp.get("/api/v1/stores/<slug>/<market>/<language>/products/<key>")
def read_product(slug: str, market: str, language: str, key: str) -> Response:
    """Read a product as it is sold in a place."""
    store, opening = _place(slug, market, language)
    with services().database.reading() as session:
        found = Shelf(services(), session, store, opening, language).by_key(key)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return _sent(_product(store, opening, language, found))


@bp.post("/api/v1/stores/<slug>/<market>/<language>/quotes")
def quote_basket(slug: str, market: str, language: str) -> Response:
    """Say what a basket comes to at an address, and give the mark that an order of it bears."""
    store, opening = _place(slug, market, language)
    asked = _read(Basket, read_body())
    lines, keys = _lines(store, opening, language, asked.lines)
    address = {name: text for name, text in (("region", asked.region), ("postal_code", asked.postal_code)) if text}
    basket = price_basket(services(), store, opening, language, lines, address)
    return _sent(_basket(_priced(basket), keys))


@bp.post("/api/v1/stores/<slug>/<market>/<language>/orders")
def order_in_store(slug: str, market: str, language: str) -> Response:
    """Place an order, once for each key; the answer says where and how it is paid."""
    store, opening = _place(slug, market, language)
    asked = _read(Checkout, read_body())
    typed = addresses.tidy(asked.buyer.model_dump())
    wrong = addresses.problems(opening.market, typed)
    problems = [RequestProblem(f"/buyer{one.pointer}", one.code, one.params) for one in wrong]
    if problems:
        raise RequestError(problems)
    lines, keys = _lines(store, opening, language, asked.lines)
    names = ["postal_code", *(["region"] if opening.market in addresses.REGION_NEEDED else [])]
    address = {name: typed[name] for name in names if typed[name]}
    basket = _priced(price_basket(services(), store, opening, language, lines, address, is_kept=True))
    if asked.agreed != mark_of(services(), basket):
        raise RequestError([RequestProblem("/agreed", "store.other_total")])
    # Whose key it is goes into the name: nobody takes another buyer's.
    name = hashlib.sha256(f"{store.slug} {typed['email']} {asked.key}".encode()).hexdigest()[:40]
    parts = {part: text for part, text in typed.items() if text and part not in {"name", "email", "phone"}}
    buyer = Buyer(typed["name"], typed["email"], parts | {"country": opening.market}, typed["phone"])
    cart = carts.KeptCart(f"api-{name}", tuple(lines), None, None)
    order = order_basket(services(), store, opening, language, cart, basket, buyer)
    return send(Reply(HTTPStatus.CREATED, dump(_order(store, opening, language, order, keys)), spoken(), None))


@bp.get("/api/v1/stores/<slug>/<market>/<language>/orders/<name>")
def read_order_of_buyer(slug: str, market: str, language: str, name: str) -> Response:
    """Read how an order stands, by the name that its link bears."""
    store, opening = _place(slug, market, language)
    order_id = order_links.opened(services(), name)
    found = None if order_id is None else orders.see(services(), order_id)
    if found is None or found.seller_id != store.seller_id:
        abort(HTTPStatus.NOT_FOUND)
    return _sent(_order(store, opening, language, found, {}))


def _store(slug: str) -> KeptStore:
    try:
        return find_store(services(), slug)
    except StoreNotFoundError:
        abort(HTTPStatus.NOT_FOUND)


def _place(slug: str, market: str, language: str) -> tuple[KeptStore, Opening]:
    """Return a store and how it is open in a place; 404 where it is not."""
    store = _store(slug)
    opening = store.opening(market.upper()) if market.islower() else None
    if opening is None or language not in opening.languages:
        abort(HTTPStatus.NOT_FOUND)
    return store, opening


def _lines(
    store: KeptStore, opening: Opening, language: str, asked: Sequence[LineIn]
) -> tuple[list[Line], dict[str, str]]:
    """Return lines of a basket, with the keys of their listings; what is not sold here is told by its place."""
    lines, keys, problems = [], {}, []
    with services().database.reading() as session:
        shelf = Shelf(services(), session, store, opening, language)
        products = {key: shelf.by_key(key) for key in {one.key for one in asked}}
    for index, one in enumerate(asked):
        found = products[one.key]
        variant = None if found is None else found.variant(one.sku)
        if found is None or variant is None or not is_sold(variant):
            problems.append(RequestProblem(f"/lines/{index}", "store.gone"))
            continue
        given = {f"written-{place}": one.written.get(each["name"], "") for place, each in _personal(found)}
        written = carts.written(given, found.document["personalisation"])
        lines.append(Line(found.id, variant["sku"], one.quantity, written))
        keys[found.id] = one.key
    if problems:
        raise RequestError(problems)
    return lines, keys


def _personal(found: Product) -> list[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(found.document["personalisation"]))


def _priced(basket: Priced) -> Priced:
    """Return a basket that has a price that the store stands by; ``RequestError`` for another."""
    if not basket.can_be_ordered:
        raise RequestError(basket.problems)
    return basket


def _basket(basket: Priced, keys: Mapping[str, str]) -> Json:
    assert basket.totals is not None  # noqa: S101  # see _priced
    assert basket.answer is not None  # noqa: S101  # the same
    asked, quote = basket.totals, basket.answer.stored
    delivery = quote.get("delivery")
    lines = [
        {
            "key": keys[one.line.listing_id],
            "sku": one.line.sku,
            "title": one.title,
            "quantity": one.line.quantity,
            "amount": "" if one.total is None else one.total.text,
        }
        for one in basket.rows
    ]
    return {
        "lines": lines,
        "goods": asked.goods.text,
        "freight": asked.freight.text,
        "charges": asked.charges.text,
        "total": asked.total.text,
        "at_door": asked.at_door.text,
        "currency": asked.total.currency,
        "outcome": quote["assessment"]["outcome"],
        "arrives": None if delivery is None else [delivery["earliest"], delivery["latest"]],
        "agreed": mark_of(services(), basket),
    }


def _order(store: KeptStore, opening: Opening, language: str, order: Order, keys: Mapping[str, str]) -> Json:
    state, name = order.state, order_links.name_of(services(), order.id)
    if not keys:
        keys = _keys(order)
    ways = paying.ways(services(), order, language)
    return {
        "name": name,
        "number": order.number,
        "page": f"{_base()}/s/{store.slug}/{opening.market.lower()}/{language}/orders/{name}",
        "status": state.status,
        "fulfilment": state.fulfilment,
        "total": order.totals.total.text,
        "missing": Money(state.missing, order.currency).text,
        "currency": order.currency,
        "pay_until": None if state.ends_at is None else f"{state.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "ways": [{"method": one.name, "title": one.title, "delay": one.delay} for one in ways],
        "lines": [
            {
                "key": keys.get(one.listing_id, ""),
                "sku": one.sku,
                "title": one.title,
                "quantity": one.quantity,
                "amount": one.total.text,
            }
            for one in order.lines
        ],
    }


def _keys(order: Order) -> dict[str, str]:
    """Return the keys of an order's listings; one that was deleted since has none."""
    from shopkit.services.actors import Actor  # noqa: PLC0415  # only who reads an order needs it
    from shopkit.services.listings import get_listings  # noqa: PLC0415  # the same

    viewer = Actor(order.seller_id, "viewer", None, "store")
    found = get_listings(services(), viewer, [one.listing_id for one in order.lines])
    return {id_: one.listing.key for id_, one in found.items()}


def _product(store: KeptStore, opening: Opening, language: str, found: Product) -> Json:
    document = found.document
    names = ("sku", "options", "in_stock", "price", "shipping", "collected", "pay", "outcome", "charges")
    return {
        "key": found.key,
        "title": document["title"],
        "description": document["description"],
        "page": f"{_base()}/s/{store.slug}/{opening.market.lower()}/{language}/p/{found.key}/{found.slug}",
        "currency": document["currency"],
        "personalisation": document["personalisation"],
        "variants": [{name: one.get(name) for name in names} for one in document["variants"]],
    }


def _standing(found: Standing) -> Json:
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "stars": None if found.stars is None else str(found.stars),
        "ratings": found.ratings,
        "reliability": found.score,
        "deliveries": found.delivered,
    }


def _base() -> str:
    return (services().settings.public_url or request.url_root).rstrip("/")


def _sent(value: Any) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(HTTPStatus.OK, dump(value), spoken(), None))


def _read(model: type[Model], value: Any) -> Model:  # noqa: ANN401  # JSON
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    try:
        return model.model_validate_json(to_json(value))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise RequestError(from_pydantic(one, siblings(model, one["loc"])) for one in details) from None
