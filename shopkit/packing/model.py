"""What is packed and into what: pieces, boxes, where each piece lies, and what had to be left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sides = tuple[int, int, int]
# Why a piece is in no box: nobody said what it weighs; no box is large enough; none bears it.
Why = Literal["weight_unknown", "too_large", "too_heavy", "no_box"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is packed: ``sides`` in millimetres and ``grams``, both ``None`` where nobody said them."""

    id: str
    sides: Sides | None
    grams: int | None


@dataclass(frozen=True, slots=True)
class Box:
    """A kind of box, of which there are as many as are needed.

    ``inside`` in millimetres; ``grams`` is what it weighs itself, ``bears`` the grams that may be put into it, ``wall``
    how thick it is in millimetres (``None``: not said, so nobody knows how large it is outside).
    """

    id: str
    name: str
    inside: Sides
    grams: int
    bears: int
    wall: int | None = None

    @property
    def volume(self) -> int:
        """Cubic millimetres inside."""
        return self.inside[0] * self.inside[1] * self.inside[2]

    @property
    def outside(self) -> Sides | None:
        """Length, width and height of the closed box in millimetres.

        >>> Box("b", "small", (300, 200, 100), 150, 5000, wall=4).outside
        (308, 208, 108)
        """
        if self.wall is None:
            return None
        length, width, height = self.inside
        return length + 2 * self.wall, width + 2 * self.wall, height + 2 * self.wall


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece in a box: the corner nearest to the box's own at ``at``, and how long it is along each side there."""

    piece: Piece
    at: Sides
    sides: Sides


@dataclass(frozen=True, slots=True)
class Packed:
    """One box with what is in it; by weight alone there is no ``box`` and nothing has a place, only ``pieces``."""

    box: Box | None
    pieces: tuple[Piece, ...]
    places: tuple[Placed, ...] = ()

    @property
    def net_grams(self) -> int:
        """What all that is in it weighs."""
        return sum(one.grams or 0 for one in self.pieces)

    @property
    def gross_grams(self) -> int | None:
        """The same with the box; ``None`` where no box was chosen, because what it weighs is not known then."""
        return None if self.box is None else self.net_grams + self.box.grams


@dataclass(frozen=True, slots=True)
class Left:
    """A piece that is in no box, and why."""

    piece: Piece
    why: Why


@dataclass(frozen=True, slots=True)
class Packing:
    """What came of packing.

    ``by`` is ``measures``, or ``weight`` where a piece has no measures (their ids in ``unmeasured``): then pieces are
    parted by what a box bears alone, and whether they fit into one is not said.
    """

    boxes: tuple[Packed, ...]
    left: tuple[Left, ...] = ()
    by: Literal["measures", "weight"] = "measures"
    unmeasured: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every piece is in a box that was chosen for it."""
        return not self.left and self.by == "measures"
