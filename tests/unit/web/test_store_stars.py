"""How a shop stands, on the pages of its store: told of enough orders alone, of the shop and of no product."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.app import services_of
from shopkit.orders.standing import Share, Standing
from shopkit.services import companies, demo, order_lists, reputation
from shopkit.web.store import scene
from tests.shop import NOW, open_demo
from tests.unit.listings.test_jsonld import conforms
from tests.unit.web.test_listings_pages import text_of
from tests.unit.web.test_store_pages import CANECA, CUP, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
HOME = "/s/demo/us/es/"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Return a demonstration with orders, two of which were delivered."""
    made = open_demo(tmp_path_factory.mktemp("shop"), has_orders=True)
    yield made
    services_of(made).database.dispose()


def stands(monkeypatch: pytest.MonkeyPatch, ratings: int, stars: int, judged: int) -> None:
    """Let the shop stand so well: ratings with so many stars in all, and judged deliveries of which one was late."""
    found = Standing(
        date(2025, 11, 23),
        date(2026, 11, 22),
        judged,
        Share(judged - 1, judged),
        Share(judged, judged),
        Share(0, 0),
        ratings,
        stars,
    )
    monkeypatch.setattr(scene, "standing_lately", lambda *_: found)


def stars_said(page: str) -> list[Any]:
    """Return every mean of stars that a page tells machines."""
    found = documents(page)
    sellers = [one if one["@type"] == "Organization" else one["offers"]["seller"] for one in found]
    assert all("aggregateRating" not in one for one in found if one["@type"] == "Product")
    return [one.get("aggregateRating") for one in sellers]


@pytest.mark.parametrize("page", [HOME, CUP])
def test_stars_are_told_with_their_count_and_period(shop: Shop, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    """People and machines read the same mean; it is the shop's, and the document has our shapes."""
    services = services_of(shop)
    of = companies.command_actor(services, demo.SLUG)
    for number in ("1002", "1003"):
        token = reputation.link_token(services, order_lists.id_of(services, of, number))
        reputation.rate(services, token, 5, "Muy bonita", "es")
    stands(monkeypatch, 6, 29, 12)
    text = shop.test_client().get(page).text
    said = text_of(text)

    assert "4.83 estrellas de 5, de 6 valoraciones" in said
    assert "Confiabilidad 94 de 100, de 12 pedidos" in said
    assert "Solo de pedidos pagados, del 23 de noviembre de 2025 al 22 de noviembre de 2026." in said
    assert stars_said(text) == [
        {
            "@type": "AggregateRating",
            "ratingValue": "4.83",
            "ratingCount": 6,
            "bestRating": 5,
            "worstRating": 1,
            "description": "Solo de pedidos pagados, del 23 de noviembre de 2025 al 22 de noviembre de 2026.",
        }
    ] * len(documents(text))
    assert conforms(documents(text)[0])[0]


@pytest.mark.parametrize("page", [HOME, CUP])
def test_too_few_are_no_mean(shop: Shop, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    """Four ratings and nine deliveries say nothing, neither to people nor to machines."""
    stands(monkeypatch, 4, 20, 9)
    text = shop.test_client().get(page).text

    assert 'class="stars"' not in text
    assert stars_said(text) == [None] * len(documents(text))


def test_shapes_refuse_stars_of_a_product_and_of_too_few() -> None:
    """The shapes are ours to hold the pages to: what belongs to the shop is not said of a product."""
    rating = {"@type": "AggregateRating", "ratingValue": "4.83", "ratingCount": 6, "bestRating": 5, "worstRating": 1}
    whole = rating | {"description": "2026"}
    shop: dict[str, Any] = {"@type": "Organization", "name": "Taller"}
    found = [
        conforms(shop | {"aggregateRating": one})[0]
        for one in (whole, rating, whole | {"ratingCount": 4}, whole | {"ratingValue": "0.99"})
    ]

    assert found == [True, False, False, False]
    assert not conforms({"@type": "Brand", "name": "Taller", "aggregateRating": whole})[0]


def test_words_of_another_language_are_marked_as_translated(shop: Shop) -> None:
    """Who reads in Portuguese sees what an engine made of Spanish words, and by whom; in Spanish the own ones stand."""
    services = services_of(shop)
    of = companies.command_actor(services, demo.SLUG)
    order_id = order_lists.id_of(services, of, "1002")
    reputation.rate(services, reputation.link_token(services, order_id), 4, "Llegó a tiempo", "es")
    assert reputation.translate(services, of, order_id, "pt-BR")
    (there,) = [one for one in reputation.ratings(services, of.seller_id, "pt-BR") if one.translated_from]
    own = shop.test_client().get(HOME).text
    other = shop.test_client().get(CANECA[: CANECA.index("p/")]).text

    assert "Llegó a tiempo" in own
    assert "Traducido" not in own
    assert f"Traduzido de es por {there.engine}." in text_of(other)
    assert there.words in text_of(other)


def test_a_day_is_reckoned_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of a day say how the shop stood on the evening before, without reading a year of quotes each time."""
    services = services_of(shop)
    seller = companies.command_actor(services, demo.SLUG).seller_id
    monkeypatch.setattr(services, "now", lambda: NOW + timedelta(days=1))
    first = reputation.standing_lately(services, seller)

    assert first == reputation.standing_of(services, seller, NOW.date())
    assert reputation.standing_lately(services, seller) is first
