"""The listings of the sample shops: all of them can be kept, once, and a quote can be asked of each that is goods."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from landed_cost.model import Place
from listings.shipment import Sale, request_of
from shopkit.services import demo, listings, photos, samples
from shopkit.services.listing_reading import read_listing
from shopkit.services.reading import read_quote
from tests.integration.test_listings import ANA, services

if TYPE_CHECKING:
    from shopkit.services.context import Services

__all__ = ["services"]  # the fixture of the listings: a shop with two sellers
ON = date(2026, 11, 27)


@pytest.mark.parametrize("shop", demo.SHOPS, ids=lambda shop: shop.slug)
def test_every_sample_shop_has_goods_that_can_be_quoted(shop: demo.DemoShop) -> None:
    """Two listings at least; of what is sent, the request of a quote has nothing wrong with it."""
    found = [
        read_listing({name: said for name, said in one.items() if name != "draw"})
        for one in samples.read_samples(shop.slug)
    ]
    wrong = {
        one.key: read_quote(request_of(one, Sale(Place(shop.country), Place("US"), ON)), lambda _country: ON).problems
        for one in found
        if one.kind == "goods"
    }

    assert len(found) > 1
    assert wrong == {key: [] for key in wrong}


def test_samples_are_kept_once(services: Services) -> None:
    """With their photos; a second time nothing is new, on both databases."""
    first, again = (samples.load_samples(services, ANA, "demo") for _ in range(2))
    (cup,) = listings.find_listings(services, ANA, text="peltre").listings

    assert (first, again) == (4, 0)
    assert [one.alt for one in cup.listing.photos] == [
        "Taza azul de peltre vista de lado",
        "La misma taza en rojo",
        "La misma taza en blanco",
    ]
    assert photos.get_photo(services, ANA, cup.listing.photos[0].id, "thumb").content_type == "image/jpeg"


def test_a_shop_without_samples_has_none() -> None:
    """No file, no listings."""
    assert samples.read_samples("nobody") == []


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_listing_is_told_as_it_was_at_a_version(services: Services, version: int) -> None:
    """Back over every change since, stock and all."""
    texts = [{"key": "k", "title": "Uno"}, {"key": "k", "title": "Dos", "tags": ["a"]}, {"key": "k", "title": "Tres"}]
    kept = listings.create_listing(services, ANA, read_listing(texts[0]))
    for number, text in enumerate(texts[1:], 1):
        kept = listings.save_listing(services, ANA, kept.id, read_listing(text), number)

    assert listings.document_at(services, ANA, kept, version) == texts[version - 1]
