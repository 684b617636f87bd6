"""What is kept of a photo: pixels, upright and in the web's colours; what cannot be kept says why."""

from __future__ import annotations

import contextlib
import random
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from listings import photos
from listings.photos import PhotoError, make


def file_of(image: Image.Image, kind: str, **more: Any) -> bytes:
    """Return an image as a file."""
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def drawn(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Return an image whose upper left quarter is red and whose rest is blue."""
    image = Image.new("RGB", (width, height), (0, 0, 200))
    image.paste((200, 0, 0), (0, 0, width // 2, height // 2))
    return image.convert(mode)


def shown(data: bytes) -> Image.Image:
    """Return what a reader of a kept photo sees."""
    with Image.open(BytesIO(data)) as image:
        image.load()
        return image.copy()


def png_that_claims(width: int, height: int) -> bytes:
    """Return a few kilobytes that say they are a picture of so many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(4_000_000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_in_three_sizes(kind: str) -> None:
    """The longer side decides, the proportions stay, and each size is a JPEG."""
    made = make(file_of(drawn(3000, 1500), kind))

    assert {name: shown(one.data).size for name, one in made.sizes.items()} == {
        "full": (2048, 1024),
        "medium": (800, 400),
        "thumb": (240, 120),
    }
    assert {shown(one.data).getexif().get(0x0112) for one in made.sizes.values()} == {None}


def test_a_small_photo_is_not_made_larger() -> None:
    """What was not photographed is not invented; that it is small is told elsewhere."""
    made = make(file_of(drawn(300, 200), "PNG"))

    assert [(one.width, one.height) for one in made.sizes.values()] == [(300, 200), (300, 200), (240, 160)]


def test_the_same_file_is_the_same_photo() -> None:
    """Sent twice it has one name, so that it is kept once."""
    data = file_of(drawn(500, 400), "PNG")

    assert make(data).id == make(data).id


def test_where_and_with_what_it_was_taken_is_not_kept() -> None:
    """Neither place nor camera nor comment is in any size."""
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    data = file_of(drawn(900, 600), "JPEG", exif=exif, comment=b"SECRETCOMMENT")
    assert b"SECRETCAMERA" in data

    made = make(data)

    assert [b"SECRET" in one.data or b"Exif" in one.data for one in made.sizes.values()] == [False] * 3


def test_a_photo_that_lies_on_its_side_is_turned_upright() -> None:
    """The camera says how it was held; that is done before it is forgotten."""
    exif = Image.Exif()
    exif[0x0112] = 6
    made = make(file_of(drawn(400, 200), "JPEG", exif=exif, quality=95))

    upright = shown(made.full.data)
    red, _, blue = upright.getpixel((150, 50))  # type: ignore[misc]  # RGB has three
    assert upright.size == (200, 400)
    assert red > 150
    assert blue < 50


def test_what_is_clear_becomes_white() -> None:
    """A cut-out has a white ground, as catalogues ask, not the black that a JPEG would make of nothing."""
    made = make(file_of(Image.new("RGBA", (100, 100), (0, 0, 0, 0)), "PNG"))

    assert shown(made.full.data).getpixel((50, 50)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "LA", "1", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    """Grey, a palette, print colours: what comes out is red, green and blue."""
    image = Image.new(mode, (40, 30)) if mode == "I;16" else drawn(40, 30, mode)

    assert shown(make(file_of(image, "JPEG" if mode == "CMYK" else "PNG")).full.data).mode == "RGB"


def test_colours_of_another_space_become_those_of_the_web() -> None:
    """A profile is applied before it is thrown away."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = make(file_of(drawn(60, 60), "PNG", icc_profile=lab))

    red, _, _ = shown(made.full.data).getpixel((10, 10))  # type: ignore[misc]  # RGB has three
    assert abs(red - 200) < 12
    assert b"ICC_PROFILE" not in made.full.data


def test_a_profile_that_is_none_is_ignored() -> None:
    """A photo is not refused because its description of colours is broken."""
    assert make(file_of(drawn(60, 60), "PNG", icc_profile=b"no profile")).full.width == 60


@pytest.mark.parametrize(
    ("data", "code", "params"),
    [
        (b"", "photo.empty", {}),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "photo.type", {"found": "SVG"}),
        (b"<!doctype html><script>alert(1)</script>", "photo.type", {"found": "HTML"}),
        (b"GIF89a" + bytes(50), "photo.type", {"found": "GIF"}),
        (b"%PDF-1.7", "photo.type", {"found": "PDF"}),
        (b"\0\0\0\x18ftypheic", "photo.type", {"found": "HEIC"}),
        (b"\0\0\0\x18ftypisom", "photo.type", {"found": "MP4"}),
        (b"hello", "photo.type", {"found": "?"}),
        (png_that_claims(50_000, 50_000), "photo.pixels", {"limit": "25"}),
        (png_that_claims(6_000, 5_000), "photo.pixels", {"limit": "25"}),
        (png_that_claims(4_000, 4_000), "photo.broken", {}),
        (bytes(photos.MAX_BYTES + 1), "photo.too_large", {"limit": "15 MB"}),
        (file_of(drawn(200, 200), "JPEG")[:400], "photo.broken", {}),
        (file_of(drawn(200, 200), "PNG")[:-40], "photo.broken", {}),
        (file_of(drawn(200, 200), "WEBP")[:-40], "photo.broken", {}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_photo_says_why(data: bytes, code: str, params: dict[str, str]) -> None:
    """Another kind of file, too many pixels, cut off: each has its word, and nothing is decoded that is too large."""
    with pytest.raises(PhotoError) as caught:
        make(data)

    assert (caught.value.code, caught.value.params) == (code, params)


@given(st.binary(max_size=200), st.integers(0, 2**32 - 1))
def test_no_damage_is_unforeseen(noise: bytes, seed: int) -> None:
    """A photo with bytes changed anywhere is kept or refused, and nothing else happens."""
    chance = random.Random(seed)  # noqa: S311  # a place to damage, no secret
    data = bytearray(file_of(drawn(64, 48), chance.choice(["JPEG", "PNG", "WEBP"])))
    place = chance.randrange(len(data))
    data[place : place + len(noise)] = noise

    with contextlib.suppress(PhotoError):
        assert shown(make(bytes(data)).full.data).mode == "RGB"
