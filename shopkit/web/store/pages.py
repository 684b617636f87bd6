"""The pages of a store that anybody reads: the way in, the shelf, a product and its price, the policies."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from flask import abort, redirect, request, url_for
from markupsafe import Markup

from listings.channels.jsonld import aggregate, script
from shopkit.services import carts, reputation
from shopkit.services.problems import RequestError
from shopkit.services.quotes import answer
from shopkit.services.store_baskets import request_for_one
from shopkit.services.store_places import places_of
from shopkit.web.answers import STATUSES, look
from shopkit.web.choices import country_name
from shopkit.web.language import gettext
from shopkit.web.store.scene import LINK, at, bp, everywhere, link_code, scene_of, services, show, store_of, whole
from translations import ui

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from shopkit.services.store_shelf import Product
    from shopkit.web.store.scene import Scene

Json = dict[str, Any]
_MOST_PAGES: Final = 10_000
# What search engines and chats show of a page.
_SHORT: Final = 155
# Ratings that the first page shows in full.
_MOST_RATINGS: Final = 10


@bp.get("/")
def enter(slug: str) -> ResponseReturnValue:
    """Lead to the page in the reader's language, in the first market that has it."""
    store = store_of(slug)
    wanted = ui.choose(request.args.get("lang"), None, list(request.accept_languages.values()))
    market, language = next((one for one in store.places if one[1] == wanted), store.places[0])
    place: dict[str, Any] = {"slug": slug, "market": market.lower(), "language": language, LINK: link_code()}
    response = redirect(url_for("store.home", **place), HTTPStatus.FOUND)
    response.vary.add("Accept-Language")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/<market>/<language>/")
def home(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Show who makes it, and what is sold here."""
    scene = scene_of(slug, market, language)
    number = _page()
    with services().database.reading() as session:
        products, has_more = scene.shelf(session).page(number)
    if number > 1 and not products and not has_more:
        abort(HTTPStatus.NOT_FOUND)
    paging = {} if number == 1 else {"page": number}
    return show(
        scene,
        "store/home.html",
        places=everywhere(scene.store, "store.home", **paging),
        canonical=whole(scene, "store.home", **paging),
        products=products,
        number=number,
        has_more=has_more,
        links=links_of(scene),
        short=shortened(scene.said("tagline") or scene.said("story")),
        said=_organisation(scene),
        ratings=reputation.ratings(services(), scene.store.seller_id, ui.TAGS[scene.language], _MOST_RATINGS)
        if number == 1
        else [],
    )


@bp.get("/<market>/<language>/policies")
def policies(slug: str, market: str, language: str) -> ResponseReturnValue:
    """Show returns, shipping and privacy."""
    scene = scene_of(slug, market, language)
    return show(
        scene,
        "store/policies.html",
        places=everywhere(scene.store, "store.policies"),
        canonical=whole(scene, "store.policies"),
        links=links_of(scene),
        short="",
    )


@bp.get("/<market>/<language>/p/<key>", defaults={"words": ""})
@bp.get("/<market>/<language>/p/<key>/<words>")
def product(slug: str, market: str, language: str, key: str, words: str) -> ResponseReturnValue:
    """Show a product; under another title than it has now, lead to where it is."""
    scene = scene_of(slug, market, language)
    found = product_or_404(scene, key)
    if words != found.slug:
        sku = request.args.get("v")
        return redirect(at(scene, "store.product", key=key, words=found.slug, v=sku), HTTPStatus.MOVED_PERMANENTLY)
    sku = request.args.get("v")
    variant = found.variant(sku)
    if variant is None:
        return redirect(at(scene, "store.product", key=key, words=found.slug), HTTPStatus.FOUND)
    places = places_of(services(), scene.store, found.id)
    addresses = {place: whole_product(scene, place, key, other) for place, other in places.items()}
    canonical = whole(scene, "store.product", key=key, words=found.slug)
    return show(
        scene,
        "store/product.html",
        places=addresses,
        canonical=canonical,
        product=found,
        document=found.document,
        variant=variant,
        photos=_photos(found.document, variant),
        origin_name=country_name(found.document["origin"], scene.speech) if found.document["origin"] else "",
        most=carts.MOST_PIECES,
        link=link_code(),
        short=shortened(found.document["description"]),
        said=Markup("").join(_element(one) for one in records_of(scene, found, canonical)),
    )


@bp.get("/<market>/<language>/p/<key>/<words>/price")
def price(slug: str, market: str, language: str, key: str, words: str) -> ResponseReturnValue:  # noqa: ARG001  # as it stands
    """Show how the price of one piece at the door comes about: every charge with its law."""
    scene = scene_of(slug, market, language)
    found = product_or_404(scene, key)
    variant = found.variant(request.args.get("v"))
    if variant is None or variant["price"] is None:
        abort(HTTPStatus.NOT_FOUND)
    asked = request_for_one(services(), scene.store, scene.opening, found.id, variant["sku"])
    try:
        answered = answer(services(), asked, save=False, seller=scene.store.seller_id)
    except RequestError:
        abort(HTTPStatus.NOT_FOUND)
    view = look(answered.stored, answered.request, services().rulebook, scene.speech)
    return show(
        scene,
        "store/price.html",
        places=None,
        canonical=whole(scene, "store.product", key=key, words=found.slug),
        product=found,
        document=found.document,
        variant=variant,
        view=view,
        quote=view.quote,
        currency=view.quote["currency"],
        statuses={name: gettext(text) for name, text in STATUSES.items()},
        short="",
    )


def product_or_404(scene: Scene, key: str) -> Product:
    """Return a product that is shown here."""
    with services().database.reading() as session:
        found = scene.shelf(session).by_key(key)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found


def whole_product(scene: Scene, place: tuple[str, str], key: str, words: str) -> str:
    """Return the whole address of a product in a place."""
    market, language = place
    return whole(scene, "store.product", market=market.lower(), language=language, key=key, words=words)


def records_of(scene: Scene, found: Product, canonical: str) -> list[Json]:
    """Return what the page says to machines: each offer leads to the page that shows it, and says who sells."""
    more: Json = {"url": canonical, "seller": {"@type": "Organization", "name": scene.company.name} | stars_of(scene)}
    return [one | {"offers": one["offers"] | more} for one in found.document["records"]]


def stars_of(scene: Scene) -> Json:
    """Return what buyers gave the shop, for machines; nothing before enough of them did."""
    found = scene.standing
    if found.stars is None:
        return {}
    days = (scene.speech.day(found.since), scene.speech.day(found.until))
    period = gettext("From paid orders alone, %(since)s to %(until)s.") % {"since": days[0], "until": days[1]}
    return {"aggregateRating": aggregate(str(found.stars), found.ratings, period)}


def links_of(scene: Scene) -> list[tuple[str, str]]:
    """Return the maker's own links: where each leads to, in short, and its address."""
    found = []
    for address in str(scene.company.profile.get("links", "")).splitlines():
        host = (urlsplit(address).hostname or "").removeprefix("www.")
        if address.startswith(("https://", "http://")) and host:
            found.append((host, address))
    return found


def shortened(text: str) -> str:
    """Return the beginning of a text as search engines show it, cut between words.

    >>> shortened("uno  dos"), shortened("x" * 99 + " " + "y" * 99) == "x" * 99 + "…"
    ('uno dos', True)
    """
    whole_text = " ".join(text.split())
    if len(whole_text) <= _SHORT:
        return whole_text
    cut = whole_text[:_SHORT].rpartition(" ")[0] or whole_text[:_SHORT]
    return f"{cut.rstrip(',.;:')}…"


def _photos(document: Json, variant: Json) -> list[Json]:
    """Return the photos of a product, the variant's own first."""
    photos: list[Json] = document["photos"]
    return sorted(photos, key=lambda one: one["id"] != variant["photo"])


def _element(record: Json) -> Markup:
    """Return what a page says to machines; the writer lets no text end its element."""
    return Markup(script(record))  # noqa: S704  # see above


def _organisation(scene: Scene) -> Markup:
    company = scene.company
    said: Json = {
        "@type": "Organization",
        "name": company.name,
        "url": whole(scene, "store.home"),
        "description": shortened(scene.said("story")) or None,
        "email": company.profile.get("email") or None,
        "telephone": company.profile.get("phone") or None,
        "sameAs": [address for _, address in links_of(scene)] or None,
        "address": {
            "@type": "PostalAddress",
            "addressCountry": company.country,
            "addressLocality": company.profile.get("city") or None,
        },
    }
    said |= stars_of(scene)
    said["address"] = {name: value for name, value in said["address"].items() if value is not None}
    return _element({name: value for name, value in said.items() if value is not None})


def _page() -> int:
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(_MOST_PAGES)) else 0
    if number < 1:
        abort(HTTPStatus.NOT_FOUND)
    return number
