"""An address as a QR code, for what is printed: a drawing of squares, the same bytes for the same address."""

from __future__ import annotations

import io
from typing import Final

_SCALE: Final = 8
# Four modules of quiet around it, as ISO/IEC 18004 asks.
_QUIET: Final = 4


def qr_svg(address: str) -> bytes:
    """Return an address as an SVG; a quarter of it may be soiled and it is still read (level Q).

    >>> qr_svg("https://a.example/c/23456789").startswith(b"<?xml")
    True
    """
    # Only who prints needs it.
    import segno  # noqa: PLC0415

    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(out, kind="svg", scale=_SCALE, border=_QUIET, light="white")
    return out.getvalue()
