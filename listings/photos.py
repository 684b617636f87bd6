"""A photo as it came in, made safe to keep and to show: decoded, turned upright, stripped and written anew.

What a file is called or says of itself does not count, what is in it does. Only pixels are kept: no place where it
was taken, no camera, no comment, no script; colours become those of the web. Whatever cannot be decoded whole, or would
need more memory than a photo should, is refused with a :class:`PhotoError` that says what to do instead.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES: Final = 15_000_000
# The largest photo of a usual telephone has 50 million pixels. A JPEG of that size is decoded smaller at once;
# the others have to be decoded whole, at four bytes each.
MAX_PIXELS: Final = 51_000_000
MAX_PIXELS_WHOLE: Final = 25_000_000
# A line longer than JPEG can write.
MAX_SIDE: Final = 65_500
FORMATS: Final = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE: Final = "image/jpeg"
# The longer side of what is kept, in pixels; nothing is made larger than it came.
SIZES: Final[Mapping[str, int]] = {"full": 2048, "medium": 800, "thumb": 240}
FULL: Final = "full"
# What people send in place of a photo, by the first bytes: a name to tell them.
_OTHERS: Final = (
    (b"%PDF", "PDF"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"BM", "BMP"),
    (b"PK\x03\x04", "ZIP"),
)
_BRANDS: Final = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF"}


class PhotoError(ValueError):
    """A file that is not kept; ``code`` says why and ``params`` what its sentence needs."""

    def __init__(self, code: str, **params: str) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Picture:
    """One size of a photo as it is kept: a JPEG without anything but pixels."""

    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """A photo in every size; ``id`` is the hash of the largest."""

    id: str
    sizes: Mapping[str, Picture]

    @property
    def full(self) -> Picture:
        """The largest size."""
        return self.sizes[FULL]


def make(data: bytes) -> Made:
    """Return what is kept of a file; ``PhotoError`` where it is none that can be kept."""
    if len(data) > MAX_BYTES:
        raise PhotoError("photo.too_large", limit=f"{MAX_BYTES // 1_000_000} MB")
    if not data:
        raise PhotoError("photo.empty")
    # Pillow is slow to import, and most processes see no photo.
    from listings.pixels import resized  # noqa: PLC0415

    sizes = resized(data)
    return Made(hashlib.sha256(sizes[FULL].data).hexdigest(), sizes)


def kind_of(data: bytes) -> str:
    """Return what a file that is no photo seems to be, in a word.

    >>> kind_of(b'<?xml version="1.0"?><svg onload="alert(1)">'), kind_of(b"hello")
    ('SVG', '?')
    """
    head = data[:1024]
    if b"<svg" in head.lower():
        return "SVG"
    if head.lstrip()[:1] == b"<":
        return "HTML"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "MP4")
    return next((name for start, name in _OTHERS if head.startswith(start)), "?")
