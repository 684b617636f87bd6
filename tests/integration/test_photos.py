"""Photos as they are kept: once, by their owner alone, named by listings only if they are there; on both databases."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from listings.model import Photo
from listings.photos import PhotoError
from shopkit.services import listings, photos
from shopkit.services.actors import ForbiddenError
from tests.integration.test_listings import ANA, EVA, listing, services

if TYPE_CHECKING:
    from shopkit.services.context import Services

__all__ = ["services"]  # the fixture of the listings: a shop with two sellers


def photo(colour: str = "red") -> bytes:
    """Return a file as a camera makes it."""
    out = BytesIO()
    Image.new("RGB", (1000, 500), colour).save(out, "JPEG")
    return out.getvalue()


def test_a_photo_is_shown_in_each_size(services: Services) -> None:
    """As a JPEG, under a name that changes with what it shows."""
    kept = photos.add_photo(services, ANA, photo(), alt="Una taza roja")
    shown = photos.get_photo(services, ANA, kept.id, "medium")

    with Image.open(BytesIO(shown.data)) as image:
        assert image.size == (800, 400)
    assert kept == Photo(id=kept.id, width=1000, height=500, alt="Una taza roja")
    assert (shown.etag, shown.content_type) == (f"{kept.id}-medium", "image/jpeg")


def test_the_same_photo_twice_is_kept_once(services: Services) -> None:
    """Sent again it has the same name; another picture has another."""
    first, again = (photos.add_photo(services, ANA, photo()) for _ in range(2))

    assert again == first
    assert photos.add_photo(services, ANA, photo("blue")).id != first.id


def test_another_sellers_photo_is_not_there(services: Services) -> None:
    """Neither to look at nor to put into a listing, though its name is known."""
    kept = photos.add_photo(services, ANA, photo())

    with pytest.raises(photos.PhotoNotFoundError):
        photos.get_photo(services, EVA, kept.id, "full")
    with pytest.raises(photos.UnknownPhotoError) as caught:
        listings.create_listing(services, EVA, listing(photos=[kept.model_dump(mode="json")]))
    assert caught.value.places == (0,)
    assert listings.find_listings(services, EVA).total == 0


def test_a_listing_says_of_its_photos_what_is_so(services: Services) -> None:
    """A size that is not the photo's is refused, on saving too; with its own it is kept."""
    kept = photos.add_photo(services, ANA, photo())
    good, wrong = kept.model_dump(mode="json"), kept.model_dump(mode="json") | {"width": 4000}
    made = listings.create_listing(services, ANA, listing(photos=[good]))

    with pytest.raises(photos.UnknownPhotoError):
        listings.save_listing(services, ANA, made.id, listing(photos=[good, wrong]), 1)
    assert listings.get_listing(services, ANA, made.id).listing.photos == (kept,)


def test_a_file_that_is_no_photo_leaves_nothing(services: Services) -> None:
    """Refused before anything is written."""
    with pytest.raises(PhotoError):
        photos.add_photo(services, ANA, b"<svg/>")
    with pytest.raises(photos.PhotoNotFoundError):
        photos.get_photo(services, ANA, "0" * 64, "full")


def test_who_only_looks_adds_no_photo(services: Services) -> None:
    """Viewers see photos and send none."""
    with pytest.raises(ForbiddenError):
        photos.add_photo(services, replace(ANA, role="viewer"), photo())
