"""Listings of the sample shops, with photos that are drawn, so that a demonstration shows more than empty tables."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopkit.services.listing_reading import read_listing
from shopkit.services.listings import by_key, insert
from shopkit.services.photos import add_photo

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import ImageDraw

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

Json = dict[str, Any]
SIDE: Final = 900
_PAPER: Final = "#f3efe6"
_INK: Final = "#1c2333"
VIA: Final = "demo"


def load_samples(services: Services, actor: Actor, name: str) -> int:
    """Keep the listings of a sample shop that are not there yet, and return how many were new."""
    new = 0
    for value in read_samples(name):
        with services.database.reading() as session:
            if by_key(session, actor, value["key"]) is not None:
                continue
        drawn = [
            add_photo(services, actor, draw(one["shape"], one["colour"]), one["alt"]) for one in value.pop("draw", [])
        ]
        listing = read_listing(value | {"photos": [one.model_dump(mode="json") for one in drawn]})
        with services.database.writing.begin() as session:
            insert(session, actor, listing, services.now(), via=VIA)
        new += 1
    return new


def read_samples(name: str) -> list[Json]:
    """Return the listings of a sample shop as they are written; none for a shop that has none."""
    file = files("shopkit").joinpath(f"samples/{name}.yaml")
    found: list[Json] = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else []
    return found


def draw(shape: str, colour: str) -> bytes:
    """Return a picture of a thing in one colour, as a PNG."""
    # Drawn once for a demonstration: no other process imports what draws.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    image = Image.new("RGB", (SIDE, SIDE), _PAPER)
    _SHAPES[shape](ImageDraw.Draw(image), colour)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _cup(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.ellipse((560, 340, 780, 640), outline=colour, width=44)
    pen.rounded_rectangle((220, 260, 640, 700), 60, fill=colour)
    pen.ellipse((220, 220, 640, 310), fill=_INK)
    pen.ellipse((236, 232, 624, 298), fill=_PAPER)


def _shirt(pen: ImageDraw.ImageDraw, colour: str) -> None:
    half = ((390, 190), (300, 220), (140, 360), (230, 450), (290, 390), (290, 740))
    pen.polygon([*half, *((2 * 450 - x, y) for x, y in reversed(half))], fill=colour)
    pen.ellipse((390, 150, 510, 240), fill=_PAPER)
    pen.line((480, 350, 560, 350), fill=_PAPER, width=10)


def _box(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.rounded_rectangle((170, 400, 580, 540), 24, fill=colour)
    pen.rectangle((580, 425, 730, 515), fill="#b9bcc4")
    pen.line((250, 470, 440, 470), fill=_INK, width=8)


def _wheel(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.ellipse((150, 420, 750, 720), fill="#c9a95c")
    pen.ellipse((150, 330, 750, 630), fill=colour)
    pen.polygon([(450, 480), (760, 420), (740, 560)], fill=_PAPER)


def _bundle(pen: ImageDraw.ImageDraw, colour: str) -> None:
    for step in range(7):
        left = 280 + step * 50
        pen.rounded_rectangle((left, 240 + step % 2 * 30, left + 40, 740), 20, fill=colour)
    pen.rectangle((260, 540, 650, 600), fill="#c7472f")


def _book(pen: ImageDraw.ImageDraw, colour: str) -> None:
    pen.rectangle((300, 190, 640, 720), fill="#fffdf8")
    pen.rectangle((270, 180, 620, 710), fill=colour)
    pen.rectangle((320, 270, 570, 340), fill=_PAPER)
    pen.line((320, 640, 470, 640), fill=_PAPER, width=8)


def _flower(pen: ImageDraw.ImageDraw, colour: str) -> None:
    for x, y in ((330, 330), (570, 330), (450, 240)):
        pen.line((x, y, 450, 780), fill="#3f7a4a", width=16)
        for grow in (110, 70, 30):
            pen.ellipse((x - grow, y - grow, x + grow, y + grow), fill=colour, outline=_PAPER, width=6)


_SHAPES: Final[dict[str, Callable[[ImageDraw.ImageDraw, str], None]]] = {
    "cup": _cup,
    "shirt": _shirt,
    "box": _box,
    "wheel": _wheel,
    "bundle": _bundle,
    "book": _book,
    "flower": _flower,
}
