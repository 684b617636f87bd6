"""A photo as it came in, made safe to keep and to show: decoded, turned upright, stripped and written anew.

What a file is called or says of itself does not count, what is in it does. Only pixels are kept: no place where it
was taken, no camera, no comment, no script; colours become those of the web. Whatever cannot be decoded whole, or would
need more memory than a photo should, is refused with a :class:`PhotoError` that says what to do instead.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

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
_QUALITY: Final = 85
_WHITE: Final = (255, 255, 255)
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

# As Pillow's own pages advise: what is too large to decode is an error, never a warning that nobody reads.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


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
    pixels = _decoded(data)
    sizes = {}
    for name, side in SIZES.items():
        pixels.thumbnail((side, side), Image.Resampling.LANCZOS)
        sizes[name] = _written(pixels)
    return Made(hashlib.sha256(sizes[FULL].data).hexdigest(), sizes)


def _decoded(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as found:
            _measure(found)
            # A JPEG is decoded at the eighth, quarter or half that is still large enough; others ignore it.
            found.draft("RGB", (SIZES[FULL], SIZES[FULL]))
            found.load()
            return _plain(found)
    except UnidentifiedImageError:
        raise PhotoError("photo.type", found=kind_of(data)) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many() from None
    except PhotoError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, ZeroDivisionError) as error:
        # What Pillow's decoders raise on files that are cut off or made up.
        raise PhotoError("photo.broken") from error


def _measure(found: Image.Image) -> None:
    """Refuse what would take too much memory, before a pixel of it is decoded."""
    limit = MAX_PIXELS if found.format == "JPEG" else MAX_PIXELS_WHOLE
    if found.width * found.height > limit or max(found.size) > MAX_SIDE:
        raise _too_many()


def _too_many() -> PhotoError:
    return PhotoError("photo.pixels", limit=f"{MAX_PIXELS_WHOLE // 1_000_000}")


def _plain(found: Image.Image) -> Image.Image:
    """Return the pixels upright, in the colours of the web, on white where nothing was."""
    upright = ImageOps.exif_transpose(found)
    profile = found.info.get("icc_profile")
    if upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info:
        layered = upright.convert("RGBA")
        ground = Image.new("RGB", layered.size, _WHITE)
        ground.paste(layered, mask=layered.getchannel("A"))
        return _of_the_web(ground, profile)
    if upright.mode not in {"RGB", "CMYK"}:
        upright = upright.convert("RGB")
    return _of_the_web(upright, profile).convert("RGB")


def _of_the_web(pixels: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the pixels in sRGB, as they are where their profile says nothing that can be used."""
    if not profile:
        return pixels
    try:
        return (
            ImageCms.profileToProfile(
                pixels, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            or pixels
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return pixels


def _written(pixels: Image.Image) -> Picture:
    # Pillow writes EXIF, profile and comment only where they are given, or where ``info`` still holds them.
    pixels.info.clear()
    out = BytesIO()
    pixels.save(out, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Picture(pixels.width, pixels.height, out.getvalue())


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
