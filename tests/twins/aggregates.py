"""What the twins of aggregators share: the ways of parcels, as scans, before anybody gave them codes.

Nothing in here comes from the application, and nothing in it may.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

HERE: Final = timezone(timedelta(hours=-6))  # Guatemala
THERE: Final = timezone(timedelta(hours=-5))  # New York, in winter


@dataclass(frozen=True)
class Scan:
    """A scan: hours since posting, what it is, the carrier's words and where."""

    hours: float
    what: str
    words: str
    country: str
    city: str

    def at(self, posted: datetime) -> datetime:
        """Return when it was, by the clock of its office."""
        return (posted + timedelta(hours=self.hours)).astimezone(HERE if self.country == "GT" else THERE)


_ANNOUNCED: Final = Scan(0, "announced", "Shipment information received", "GT", "Guatemala")
_POSTED: Final = Scan(6, "posted", "Picked up from the sender", "GT", "Guatemala")
_LEFT: Final = Scan(30, "left", "Departed from the office of exchange", "GT", "Guatemala")
_CUSTOMS: Final = Scan(60, "customs", "Handed over to customs", "US", "Miami")
_RELEASED: Final = Scan(70, "released", "Customs clearance completed", "US", "Miami")
_OUT: Final = Scan(90, "out", "With the courier for delivery", "US", "Hialeah")
_WAY: Final = (_ANNOUNCED, _POSTED, _LEFT, _CUSTOMS)
STORIES: Final[dict[str, tuple[Scan, ...]]] = {
    "announced": (_ANNOUNCED,),
    "posted": (_ANNOUNCED, _POSTED),
    "silent": (_ANNOUNCED, _POSTED, _LEFT),
    "export": (_ANNOUNCED, _POSTED, Scan(20, "customs", "Shown to export customs", "GT", "Guatemala"), _LEFT),
    "held": (*_WAY, Scan(66, "held", "Documents are needed for clearance", "US", "Miami")),
    # The carrier's own words say that customs gave it back; a reader of words would take it for a return.
    "given_back": (*_WAY, Scan(70, "returning", "Return item from customs (Inb)", "US", "Miami")),
    "failed": (*_WAY, _RELEASED, _OUT, Scan(95, "failed", "Nobody at home", "US", "Hialeah")),
    "waits": (*_WAY, _RELEASED, Scan(95, "waits", "Ready at the counter", "US", "Hialeah")),
    "returned": (
        *_WAY,
        Scan(100, "returning", "Sent back to the sender", "US", "Miami"),
        Scan(118, "returned", "Handed back to the sender", "GT", "Guatemala"),
    ),
    "lost": (*_WAY, Scan(110, "lost", "Lost", "US", "Miami")),
    "delivered": (*_WAY, _RELEASED, _OUT, Scan(95, "delivered", "Delivered", "US", "Hialeah")),
}
