"""The formats of files of listings that are plugged in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shopkit.plugins import FORMATS, plugins

if TYPE_CHECKING:
    from listings.formats.port import Format


@cache
def formats() -> dict[str, Format]:
    """Return the formats by name; one that cannot be loaded is shown by ``shopkit doctor`` and left out here."""
    return {one.name: one.found() for one in plugins(FORMATS) if one.problem is None}
