"""Photos of a seller: taken in, made safe, kept in each size, shown again to who may see them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from listings.model import Photo
from listings.photos import CONTENT_TYPE, FULL, Made, make
from shopkit.models import StoredPhoto

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

# A photo takes up to a hundred megabytes while it is decoded, however many are sent at once.
_DESK: Final = threading.BoundedSemaphore(2)


class PhotoNotFoundError(LookupError):
    """There is no such photo in this size, or it is another seller's: nobody is told which."""


class UnknownPhotoError(Exception):
    """A listing names photos that the seller does not have, or not in that size; ``places`` are their positions."""

    def __init__(self, places: Iterable[int]) -> None:
        self.places = tuple(places)
        super().__init__(", ".join(map(str, self.places)))


@dataclass(frozen=True, slots=True)
class Shown:
    """One size of a photo as it is sent."""

    etag: str
    content_type: str
    data: bytes


def add_photo(services: Services, actor: Actor, data: bytes, alt: str = "") -> Photo:
    """Keep a photo in every size and return what a listing says of it; the same again is the same.

    Raises ``listings.photos.PhotoError`` and ``ForbiddenError``.
    """
    actor.must("editor")
    with _DESK:
        made = make(data)
    try:
        _keep(services, actor, made)
    except IntegrityError:
        # Sent twice at the same moment: the other one kept it.
        _keep(services, actor, made)
    return Photo(id=made.id, width=made.full.width, height=made.full.height, alt=alt)


def safe(data: bytes) -> bytes:
    """Return a photo as it may be kept where it is no listing's: its pixels alone, as a JPEG; ``PhotoError``."""
    with _DESK:
        return make(data).full.data


def get_photo(services: Services, actor: Actor, photo_id: str, size: str) -> Shown:
    """Return one size of a photo of the seller's; ``PhotoNotFoundError``."""
    with services.database.reading() as session:
        found = session.get(StoredPhoto, (actor.seller_id, photo_id, size))
        if found is None:
            raise PhotoNotFoundError(photo_id)
        return Shown(f"{photo_id}-{size}", found.content_type, found.data)


def check_photos(session: Session, actor: Actor, photos: Iterable[Photo]) -> None:
    """Raise ``UnknownPhotoError`` for photos that the seller does not have as they are described."""
    wanted = tuple(photos)
    if not wanted:
        return
    query = select(StoredPhoto.id, StoredPhoto.width, StoredPhoto.height).where(
        StoredPhoto.seller_id == actor.seller_id,
        StoredPhoto.size == FULL,
        StoredPhoto.id.in_({one.id for one in wanted}),
    )
    known = {(row.id, row.width, row.height) for row in session.execute(query)}
    strange = [place for place, one in enumerate(wanted) if (one.id, one.width, one.height) not in known]
    if strange:
        raise UnknownPhotoError(strange)


def _keep(services: Services, actor: Actor, made: Made) -> None:
    with services.database.writing.begin() as session:
        if session.get(StoredPhoto, (actor.seller_id, made.id, FULL)) is not None:
            return
        session.add_all(
            StoredPhoto(
                seller_id=actor.seller_id,
                id=made.id,
                size=name,
                width=one.width,
                height=one.height,
                content_type=CONTENT_TYPE,
                data=one.data,
                created_at=services.now(),
            )
            for name, one in made.sizes.items()
        )
