"""The pixels of a photo: decoded without trust, turned upright, in the colours of the web, written in each size."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from listings.photos import FORMATS, FULL, MAX_PIXELS, MAX_PIXELS_WHOLE, MAX_SIDE, SIZES, PhotoError, Picture, kind_of

_QUALITY: Final = 85
_WHITE: Final = (255, 255, 255)

# As Pillow's own pages advise: what is too large to decode is an error, never a warning that nobody reads.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def resized(data: bytes) -> dict[str, Picture]:
    """Return a photo in every size that is kept; ``PhotoError`` for what is none that can be."""
    pixels = _decoded(data)
    sizes = {}
    for name, side in SIZES.items():
        pixels.thumbnail((side, side), Image.Resampling.LANCZOS)
        sizes[name] = _written(pixels)
    return sizes


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
