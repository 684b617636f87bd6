"""JSON as it leaves: of answers, and of what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Raw
from msgspec.json import Encoder

if TYPE_CHECKING:
    from collections.abc import Callable

# Takes half the time of pydantic's writer and a tenth of the standard one's (decision 0049); safe in many threads.
encode: Final[Callable[[object], bytes]] = Encoder().encode
"""Return the JSON text of a value in UTF-8; ``TypeError`` for what JSON has no form for."""


def ready(piece: object) -> Raw:
    """Return the text of a piece that stands in many answers, which :data:`encode` takes as it is."""
    return Raw(encode(piece))
