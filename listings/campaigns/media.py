"""When to speak and where: the steps before the last day to order, and the media a small seller has.

Days are counted back from the earliest last day to order of the campaign's states, so that nobody is called to order
what can no longer come. The distances are the house's own judgement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Step = Literal["announce", "remind", "last_call"]
# Medium: source and medium of its tagged addresses.
MEDIA: Final[Mapping[str, tuple[str, str]]] = {
    "whatsapp": ("whatsapp", "social"),
    "facebook": ("facebook", "social"),
    "instagram": ("instagram", "social"),
    "newsletter": ("newsletter", "email"),
    "flyer": ("flyer", "print"),
    "neighbourhood": ("neighbourhood", "print"),
}
_STEPS: Final[tuple[tuple[Step, int, tuple[str, ...]], ...]] = (
    ("announce", 28, ("newsletter", "facebook", "instagram", "neighbourhood", "flyer")),
    ("remind", 14, ("newsletter", "whatsapp", "instagram")),
    ("last_call", 3, ("whatsapp", "newsletter")),
)


@dataclass(frozen=True, slots=True)
class Speak:
    """One step of the plan; ``past`` where its day is over already."""

    step: Step
    day: date
    media: tuple[str, ...]
    past: bool


def speaking(order_by: date, today: date) -> tuple[Speak, ...]:
    """Return the steps before a last day to order, the first one first; none where that day itself is past.

    >>> from datetime import date
    >>> [(one.step, one.day.isoformat()) for one in speaking(date(2027, 4, 22), date(2027, 4, 1))]
    [('announce', '2027-03-25'), ('remind', '2027-04-08'), ('last_call', '2027-04-19')]
    """
    if order_by < today:
        return ()
    days = [(step, order_by - timedelta(days=before), media) for step, before, media in _STEPS]
    return tuple(Speak(step, day, media, day < today) for step, day, media in days)
