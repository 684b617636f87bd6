"""What search engines ask first: which pages there are, each with its set of languages and markets."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from flask import Response, request

from listings.channels import sitemap
from shopkit.services.store_places import everything
from shopkit.services.stores import open_stores
from shopkit.web.blueprint import bp as web
from shopkit.web.store.pages import whole_product
from shopkit.web.store.scene import alternates, base, bp, everywhere, scene_of, services, store_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from shopkit.services.stores import KeptStore

# More stores than these are found from the pages that link to them.
_MOST_STORES: Final = 1_000
_PRIVATE: Final = ("cart", "checkout", "enquiry", "orders", "quotes")


@bp.get("/sitemap.xml")
def pages(slug: str) -> ResponseReturnValue:
    """Send the sitemap of a store; one of more than fifty thousand pages is cut there."""
    store = store_of(slug)
    pieces = (piece for number, piece in sitemap.write(_pages(store)) if number == 1)
    body = b"".join(pieces)
    response = Response(body, mimetype="application/xml")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.add_etag()
    response.make_conditional(request)
    return response


@web.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Say what is nobody's to list, and where the sitemaps are."""
    lines = ["User-agent: *", *(f"Disallow: /s/*/{name}" for name in _PRIVATE), "Disallow: /feeds/", ""]
    lines += [f"Sitemap: {base()}/s/{slug}/sitemap.xml" for slug in open_stores(services(), _MOST_STORES)]
    response = Response("\n".join(lines) + "\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _pages(store: KeptStore) -> Iterator[sitemap.Page]:
    fixed = (
        sitemap.set_of(alternates(everywhere(store, endpoint)), store.updated_at and store.updated_at.date())
        for endpoint in ("store.home", "store.policies")
    )
    yield from chain.from_iterable(fixed)
    market, language = store.places[0]
    scene = scene_of(store.slug, market.lower(), language)
    for key, changed, places in everything(services(), store):
        addresses = {place: whole_product(scene, place, key, words) for place, words in places.items()}
        yield from sitemap.set_of(alternates(addresses), changed)
