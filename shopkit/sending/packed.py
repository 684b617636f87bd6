"""Whether what a packing makes of an order is the parcel that its ways to send are quoted for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from landed_cost.freight import Parcel
    from shopkit.packing import Packed, Packing
    from shopkit.packing.model import Sides

_GRAMS: Final = 1000
_MM: Final = 10


@dataclass(frozen=True, slots=True)
class PackedParcel:
    """One parcel as it is packed; ``None`` is not known: without a chosen box the weight, without its wall the sides.

    ``inside_cm`` is how large the box is within: outside it is larger.
    """

    net_kg: Decimal
    gross_kg: Decimal | None
    dimensions_cm: tuple[Decimal, ...] | None
    inside_cm: tuple[Decimal, ...] | None


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A packing that is not the quoted parcel: its parcels, and how many pieces go into no box."""

    parcels: tuple[PackedParcel, ...]
    left: int


def otherwise(packing: Packing, quoted: Parcel) -> Otherwise | None:
    """Return a packing that is known to be another parcel than the quoted one, or several, or not all of the goods."""
    parcels = tuple(map(_parcel, packing.boxes))
    if not packing.left and (not parcels or (len(parcels) == 1 and not _is_other(parcels[0], quoted))):
        return None
    return Otherwise(parcels, len(packing.left))


def _parcel(one: Packed) -> PackedParcel:
    gross = one.gross_grams
    outside, inside = (None, None) if one.box is None else (one.box.outside, one.box.inside)
    return PackedParcel(
        Decimal(one.net_grams) / _GRAMS, None if gross is None else Decimal(gross) / _GRAMS, _cm(outside), _cm(inside)
    )


def _cm(sides: Sides | None) -> tuple[Decimal, ...] | None:
    return None if sides is None else tuple(Decimal(one) / _MM for one in sides)


def _is_other(parcel: PackedParcel, quoted: Parcel) -> bool:
    # A box weighs something and has a wall: what is within it as heavy or as large as all that was quoted is more.
    if parcel.net_kg >= quoted.gross_kg if parcel.gross_kg is None else parcel.gross_kg != quoted.gross_kg:
        return True
    if quoted.dimensions_cm is None:
        return parcel.dimensions_cm is not None
    said = sorted(quoted.dimensions_cm)
    if parcel.dimensions_cm is not None:
        return sorted(parcel.dimensions_cm) != said
    return any(mine >= theirs for mine, theirs in zip(sorted(parcel.inside_cm or ()), said, strict=False))
