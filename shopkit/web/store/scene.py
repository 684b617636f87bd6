"""Where a request stands: which store, which market, which language; and what every page of a store shares."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, abort, current_app, g, render_template, request, url_for

from listings.channels.sitemap import tag
from shopkit.services.companies import get_company
from shopkit.services.reputation import standing_lately
from shopkit.services.store_shelf import Shelf, locale_of
from shopkit.services.stores import StoreNotFoundError, find_store
from shopkit.web.choices import country_name
from translations import ui

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from shopkit.orders.standing import Standing
    from shopkit.services.companies import Company
    from shopkit.services.context import Services
    from shopkit.services.stores import KeptStore, Opening

bp: Final = Blueprint("store", __name__, url_prefix="/s/<slug>")
_OWN_NAMES: Final = {"es": "Español", "pt": "Português", "en": "English"}
# How long a page may be shown from a cache on the way, and how long while it is fetched anew.
_FRESH: Final = "public, max-age=120, stale-while-revalidate=600"
_CODE: Final = 16
LINK: Final = "utm_id"
# The pages of a store that stand in every place, in the order of its menu.
HOME: Final = "store.home"


@dataclass(frozen=True, slots=True)
class Scene:
    """A page of a store: the store, the company behind it, the market and the language."""

    store: KeptStore
    company: Company
    opening: Opening
    language: str

    @property
    def market(self) -> str:
        """The country that the page is for."""
        return self.opening.market

    @property
    def locale(self) -> str:
        """The locale that it is written in."""
        return locale_of(self.market, self.language)

    @property
    def speech(self) -> ui.Speech:
        """How to speak to its readers: in its language, with the figures of its market."""
        return ui.speech(self.language, [f"{self.language}-{self.market}"])

    def said(self, name: str) -> str:
        """Return what the store says of itself in the language of the page."""
        return self.store.said(self.language, name)

    def place(self) -> dict[str, str]:
        """Return the parts of the page's address that say where it stands."""
        return {"slug": self.store.slug, "market": self.market.lower(), "language": self.language}

    @property
    def standing(self) -> Standing:
        """How the seller stood yesterday evening."""
        return standing_lately(services(), self.store.seller_id)

    def shelf(self, session: Session) -> Shelf:
        """Return the products that stand here."""
        return Shelf(services(), session, self.store, self.opening, self.language)


def services() -> Services:
    """Return the services of the running application."""
    found: Services = current_app.extensions["shopkit"]
    return found


def store_of(slug: str) -> KeptStore:
    """Return an open store; 404 for one that is closed or never was."""
    try:
        return find_store(services(), slug)
    except StoreNotFoundError:
        abort(HTTPStatus.NOT_FOUND)


def scene_of(slug: str, market: str, language: str) -> Scene:
    """Return where a request stands; 404 for a place that the store is not open in."""
    store = store_of(slug)
    opening = store.opening(market.upper()) if market.islower() else None
    if opening is None or language not in opening.languages:
        abort(HTTPStatus.NOT_FOUND)
    scene = Scene(store, get_company(services(), store.actor), opening, language)
    g.speech = scene.speech
    return scene


def base() -> str:
    """Return the address of the shop as it stands in links that leave the page."""
    return (services().settings.public_url or request.url_root).rstrip("/")


def link_code() -> str | None:
    """Return the campaign's link that brought the reader, as the address says it; whose it is, the cart looks up."""
    code = request.args.get(LINK, "")
    return code if code.isalnum() and code.isascii() and len(code) <= _CODE else None


def at(scene: Scene, endpoint: str, **more: Any) -> str:  # noqa: ANN401  # parts of an address
    """Return the address of a page of the same place; the link that brought the reader goes with them."""
    return url_for(endpoint, **({LINK: link_code()} | scene.place() | more))


def whole(scene: Scene, endpoint: str, **more: Any) -> str:  # noqa: ANN401  # parts of an address
    """Return a whole address, as search engines and other people are given it."""
    return base() + url_for(endpoint, **(scene.place() | more))


def everywhere(store: KeptStore, endpoint: str, **more: Any) -> dict[tuple[str, str], str]:  # noqa: ANN401  # of an address
    """Return the whole address of a page in each place that the store is open in."""
    return {
        (market, language): base()
        + url_for(endpoint, slug=store.slug, market=market.lower(), language=language, **more)
        for market, language in store.places
    }


def alternates(places: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Return the addresses of one page by ``hreflang``: each place, each language where it stands first, and the rest.

    The same set as the sitemap's, which search engines compare with the page's own.
    """
    found: dict[str, str] = {}
    for (market, language), address in places.items():
        found.setdefault(tag(language, market), address)
        found.setdefault(tag(language), address)
        found.setdefault("x-default", address)
    return found


def show(
    scene: Scene,
    template: str,
    *,
    places: Mapping[tuple[str, str], str] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    is_private: bool = False,
    **more: Any,  # noqa: ANN401  # what the template shows
) -> Response:
    """Return a page: one that is the same for everybody with its tag and age, a ``is_private`` one never kept."""
    to = scene.speech
    others = places or everywhere(scene.store, HOME)
    body = render_template(
        template,
        scene=scene,
        at=lambda endpoint, **parts: at(scene, endpoint, **parts),
        alternates=[] if places is None else sorted(alternates(places).items()),
        switch=[
            (country_name(market, to), _OWN_NAMES[language], locale_of(market, language), address.removeprefix(base()))
            for (market, language), address in others.items()
        ],
        market_name=country_name(scene.market, to),
        own_name=_OWN_NAMES[scene.language],
        is_private=is_private,
        repute=scene.standing,
        **more,
    )
    response = Response(body, status, mimetype="text/html")
    response.headers["Content-Language"] = scene.locale
    if is_private or status != HTTPStatus.OK:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    response.headers["Cache-Control"] = _FRESH
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32])
    response.make_conditional(request)
    return response
