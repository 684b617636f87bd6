"""The pages of a store that buyers read: what they say, to whom, and what they rest on."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import func, select

from shopkit.app import services_of
from shopkit.models import StoreProduct
from shopkit.services import companies, demo, listings, stores
from shopkit.services.problems import RequestError
from shopkit.services.quotes import answer
from shopkit.services.store_baskets import request_for_one
from shopkit.services.store_shelf import Shelf
from tests.shop import open_demo, without_size
from tests.unit.listings.test_jsonld import conforms
from tests.unit.web.test_dashboard import enter, token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop
    from shopkit.services.actors import Actor
    from shopkit.services.stores import KeptStore

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

CUP = "/s/demo/us/es/p/taza-peltre/taza-de-peltre-personalizada-350-ml"
CHILE = "/s/demo/cl/es/p/taza-peltre/taza-de-peltre-personalizada-350-ml"
CANECA = "/s/demo/br/pt/p/taza-peltre/caneca-esmaltada-personalizada-350-ml"
MUG = "/s/demo/us/en/p/taza-peltre/personalized-enamel-mug-12-oz"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a shop of the demonstration."""
    made = open_demo(tmp_path_factory.mktemp("shop"))
    yield made
    services_of(made).database.dispose()


@pytest.fixture
def who(shop: Shop) -> Actor:
    """Return who acts for the shop of Toluca."""
    return companies.command_actor(services_of(shop), demo.SLUG)


@pytest.fixture
def store(shop: Shop, who: Actor) -> Iterator[KeptStore]:
    """Return its store, which is afterwards as it was."""
    before = stores.get_store(services_of(shop), who)
    yield before
    now = stores.get_store(services_of(shop), who)
    stores.save_store(services_of(shop), who, _said(before), now.version)


def _said(store: KeptStore) -> stores.Said:
    return stores.Said(store.slug, store.is_open, store.openings, store.words)


def documents(text: str) -> list[dict[str, Any]]:
    """Return what a page says to machines."""
    return [json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)]


@pytest.mark.parametrize("page", [CUP, CHILE, CANECA])
def test_what_a_product_page_says_to_machines_has_our_shapes(shop: Shop, page: str) -> None:
    """The JSON-LD of the page as it is served passes SHACL: product, offer, way, days, returns."""
    found = documents(shop.test_client().get(page).text)

    assert [one["sku"] for one in found] == ["TAZ-AZU", "TAZ-ROJ", "TAZ-BLA"]
    assert [conforms(one) for one in found] == [(True, conforms(one)[1]) for one in found]


def test_charges_are_inside_or_at_the_door_as_the_seller_chose(shop: Shop) -> None:
    """With DDP nothing more is paid on delivery; with DAP the page says how much it may be."""
    inside, apart = (shop.test_client().get(page).text for page in (MUG, CANECA))

    assert ("Nothing more is to be paid on delivery." in inside, "To be paid on delivery" in inside) == (True, False)
    assert ("A pagar na entrega" in apart, "Não se paga mais nada na entrega." in apart) == (True, False)
    assert "Estimated" in inside


def test_the_price_on_the_page_is_that_of_a_quote(shop: Shop, store: KeptStore) -> None:
    """The kept row and the scalar engine answer the same to the last minor unit, range included."""
    of = services_of(shop)
    for opening in store.openings:
        with of.database.reading() as session:
            product = Shelf(of, session, store, opening, opening.languages[0]).by_key("taza-peltre")
        assert product is not None
        variant = product.variant("TAZ-AZU")
        assert variant is not None
        asked = request_for_one(of, store, opening, product.id, "TAZ-AZU")
        quote = answer(of, asked, save=False, seller=store.seller_id).stored

        told = {"likely": quote["totals"]["landed"], **quote["range"].get("landed", {})}
        assert {end: variant["landed"][end] for end in told} == told
        assert Decimal(variant["price"]) == Decimal(quote["totals"]["goods"])


def test_a_page_is_tagged_and_sets_no_cookie(shop: Shop) -> None:
    """It may be kept on the way, is known by its ETag, and is the same for everybody."""
    client = shop.test_client()
    first = client.get(CUP)
    again = client.get(CUP, headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "en"})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["Cache-Control"] == "public, max-age=120, stale-while-revalidate=600"
    assert first.headers["Content-Language"] == "es-US"
    assert [one.headers.getlist("Set-Cookie") for one in (first, again)] == [[], []]
    assert "Vary" not in first.headers


def test_a_product_is_priced_once(shop: Shop, who: Actor) -> None:
    """Looking again prices nothing; a listing that changed is seen at once, and its row takes the other's place."""
    of, client = services_of(shop), shop.test_client()
    client.get(MUG)
    with of.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(StoreProduct))
        kept = listings.by_key(session, who, "taza-peltre")
        assert kept is not None
        listing_id = kept.id
    found = listings.get_listing(of, who, listing_id)
    markets = tuple(
        one.model_copy(update={"title": "Enamel mug"}) if one.market == "US" else one for one in found.listing.markets
    )
    saved = listings.save_listing(
        of, who, listing_id, found.listing.model_copy(update={"markets": markets}), found.version
    )
    moved = client.get(MUG)
    with of.database.reading() as session:
        after = session.scalar(select(func.count()).select_from(StoreProduct))
    listings.save_listing(of, who, listing_id, found.listing, saved.version)

    assert (moved.status_code, moved.headers["Location"]) == (301, "/s/demo/us/en/p/taza-peltre/enamel-mug")
    assert after == before


def test_only_what_may_leave_is_shown(shop: Shop) -> None:
    """A listing without an approved text in the language of the page, a draft, and a digital good have no page."""
    client = shop.test_client()
    found = {
        address: client.get(address).status_code
        for address in (
            "/s/demo/us/en/p/playera-bordada/x",
            "/s/demo/us/es/p/usb-grabada/x",
            "/s/demo/us/es/p/tarjeta-digital/x",
            "/s/demo/us/es/p/nothing/x",
            "/s/demo/us/pt/",
            "/s/demo/mx/es/",
            "/s/demo/US/es/",
            "/s/queso-boaco/us/es/",
            "/s/demo/us/es/?page=2",
            f"{CUP}/price?v=none",
        )
    }

    assert found == dict.fromkeys(found, 404)


def test_every_active_sample_has_its_price_at_the_door(shop: Shop, store: KeptStore) -> None:
    """Whoever opens the demonstration sees what a store is for: no product of it is sold on request."""
    with services_of(shop).database.reading() as session:
        shelves = [
            Shelf(services_of(shop), session, store, opening, language)
            for opening in store.openings
            for language in opening.languages
        ]
        found = [(one.key, one.cheapest is not None) for shelf in shelves for one in shelf.page(1)[0]]

    assert set(found) == {("taza-peltre", True), ("playera-bordada", True)}


def test_a_product_without_a_photo_has_a_price_all_the_same(shop: Shop, who: Actor) -> None:
    """Machines are told nothing, for they ask for a picture; a person reads what it costs."""
    of = services_of(shop)
    with of.database.reading() as session:
        row = listings.by_key(session, who, "taza-peltre")
        assert row is not None
        listing_id = row.id
    found = listings.get_listing(of, who, listing_id)
    saved = listings.save_listing(of, who, listing_id, found.listing.model_copy(update={"photos": ()}), found.version)
    page = shop.test_client().get(CUP).text
    listings.save_listing(of, who, listing_id, found.listing, saved.version)

    assert 'class="door-figure"' in page
    assert documents(page) == []


def test_what_cannot_be_priced_is_sold_on_request(shop: Shop, who: Actor) -> None:
    """No figure is made up: the page says so, and tells machines of no offer."""
    with without_size(services_of(shop), who, "playera-bordada"):
        page = shop.test_client().get("/s/demo/us/es/p/playera-bordada/playera-de-algodon-con-nombre-bordado").text

    assert "Este se vende por encargo" in page
    assert documents(page) == []


def test_languages_and_markets_of_a_page_name_one_another(shop: Shop) -> None:
    """The page and the sitemap say the same set, and each page of it is there."""
    client = shop.test_client()
    page = client.get(CUP).text
    said = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="http://localhost([^"]+)"', page))
    tree = ET.fromstring(client.get("/s/demo/sitemap.xml").text)  # noqa: S314  # our own
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    listed = {
        url.findtext("s:loc", "", names).removeprefix("http://localhost"): {
            one.attrib["hreflang"]: one.attrib["href"].removeprefix("http://localhost")
            for one in url.findall("x:link", names)
        }
        for url in tree.findall("s:url", names)
    }

    assert said == {
        "es-US": CUP,
        "es": CUP,
        "x-default": CUP,
        "en-US": MUG,
        "en": MUG,
        "es-CL": CHILE,
        "pt-BR": CANECA,
        "pt": CANECA,
    }
    assert listed[CUP] == listed[CANECA] == said
    assert {address: client.get(address).status_code for address in listed} == dict.fromkeys(listed, 200)
    assert f'<link rel="canonical" href="http://localhost{CUP}" />' in client.get(f"{CUP}?v=TAZ-ROJ&utm_id=abc").text


def test_the_way_in_and_the_robots(shop: Shop) -> None:
    """The short address leads to the reader's language; search engines are told of the sitemap."""
    client = shop.test_client()
    led = client.get("/s/demo/", headers={"Accept-Language": "pt-PT,pt;q=0.9"})

    assert (led.status_code, led.headers["Location"], led.headers["Vary"]) == (302, "/s/demo/br/pt/", "Accept-Language")
    assert "Sitemap: http://localhost/s/demo/sitemap.xml\n" in client.get("/robots.txt").text


def test_the_link_that_brought_a_reader_goes_with_every_link(shop: Shop) -> None:
    """Without a cookie, the code of a campaign stays in the addresses; what is no code does not."""
    client = shop.test_client()
    page, other = client.get(f"{CUP}?utm_id=abcd2345").text, client.get(f"{CUP}?utm_id=%22%3E").text

    assert 'href="/s/demo/us/es/policies?utm_id=abcd2345"' in page
    assert "utm_id" not in other


def test_a_closed_store_is_not_there(shop: Shop, who: Actor, store: KeptStore) -> None:
    """Nor is its sitemap, and robots name it no more."""
    stores.save_store(services_of(shop), who, replace(_said(store), is_open=False), store.version)
    client = shop.test_client()

    assert [client.get(one).status_code for one in ("/s/demo/", CUP, "/s/demo/sitemap.xml")] == [404] * 3
    assert "Sitemap" not in client.get("/robots.txt").text


def test_everything_wrong_with_a_store_is_told_at_once(shop: Shop, who: Actor, store: KeptStore) -> None:
    """A short name, a market of one's own, a country twice, no language, unknown terms, no card, a text too long."""
    bad = stores.Opening("US", (), "EXW", "some", "none", "none", -1)  # type: ignore[arg-type]
    home = replace(store.openings[0], market="MX")
    said = stores.Said("-x", True, (store.openings[0], bad, home), {"es": {"tagline": "x" * 161, "motto": "y"}})  # noqa: FBT003 - is_open
    with pytest.raises(RequestError) as wrong:
        stores.save_store(services_of(shop), who, said, store.version)

    assert [(one.pointer, one.code) for one in wrong.value.problems] == [
        ("/slug", "store.slug"),
        ("/markets/1/market", "store.market"),
        ("/markets/1/languages", "store.languages"),
        ("/markets/1/terms", "choice"),
        ("/markets/1/estimates", "choice"),
        ("/markets/1/packing_grams", "number.range"),
        ("/markets/1/card", "catalog.card"),
        ("/markets/2/market", "store.home"),
        ("/words/es/tagline", "text.too_long"),
        ("/words/es/motto", "choice"),
    ]


def test_a_seller_settles_the_store_on_a_page(shop: Shop, store: KeptStore) -> None:
    """What the form shows is what it keeps; a form of an older version is shown again with what was typed."""
    client = enter(shop, "luis")
    page = client.get("/settings/store?lang=en").text
    fields: dict[str, Any] = {
        "csrf_token": token(client, "/settings/store"),
        "version": str(store.version),
        "slug": "demo",
        "is_open": "1",
        "0-market": "US",
        "0-languages": ["es", "en"],
        "0-terms": "DAP",
        "0-estimates": "likely",
        "0-freight": "illustrative/express",
        "0-packing_grams": "120",
        "es-tagline": "Con nombre",
    }
    saved = client.post("/settings/store", data=fields)
    stale = client.post("/settings/store", data=fields | {"es-tagline": "Otra"})
    wrong = client.post("/settings/store", data=fields | {"slug": "no!", "version": str(store.version + 1)})
    kept = stores.find_store(services_of(shop), "demo")

    assert "http://localhost/s/demo/us/es/" in page
    assert (saved.status_code, stale.status_code, wrong.status_code) == (303, 409, 422)
    assert ("Otra" in stale.text, "small letters" in wrong.text) == (True, True)
    assert kept.openings == (stores.Opening("US", ("es", "en"), "DAP", "likely", "illustrative", "express", 120),)
    assert kept.words == {"es": {"tagline": "Con nombre"}}
