"""The bar of a quote: goods, freight, duties, taxes, fees, always in this order, drawn as SVG by the server."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from translations.ui import Speech

WIDTH: Final = 640
# A part that is there at all can be seen.
_NARROWEST: Final = Decimal(5)
_GAP: Final = Decimal(2)


@dataclass(frozen=True, slots=True)
class Segment:
    """One part: its place in units of the drawing, its amount, and its share of the whole in words."""

    kind: str
    label: str
    amount: str
    share: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The parts with something in them, and those with nothing (listed, not drawn)."""

    segments: tuple[Segment, ...]

    @property
    def drawn(self) -> tuple[Segment, ...]:
        """The parts that take room."""
        return tuple(segment for segment in self.segments if segment.width != "0")


def draw(parts: Sequence[tuple[str, str, Decimal]], speech: Speech, scale: Decimal | None = None) -> Bar:
    """Return the bar of (kind, label, amount); amounts are not negative.

    It is as wide as the drawing, or where a larger ``scale`` is given that part of it, so that bars can be compared.
    """
    whole = sum((amount for _, _, amount in parts), Decimal(0))
    full = Decimal(WIDTH) if scale is None or scale <= whole else Decimal(WIDTH) * whole / scale
    seen = [amount for _, _, amount in parts if amount]
    gaps = _GAP * max(len(seen) - 1, 0)
    room = max(full - gaps - _NARROWEST * len(seen), Decimal(0))
    segments, x = [], Decimal(0)
    for kind, label, amount in parts:
        width = (_NARROWEST + room * amount / whole) if amount else Decimal(0)
        share = amount / whole if whole else Decimal(0)
        text = f"{width:.2f}" if amount else "0"
        segments.append(Segment(kind, label, str(amount), speech.percent(share), f"{x:.2f}", text))
        if amount:
            x += width + _GAP
    return Bar(tuple(segments))
