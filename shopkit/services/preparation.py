"""What a request says of getting goods ready: the seller's calendar and clock, how long the goods keep, the parcel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from landed_cost.delivery import Closure, Handling, Order
from landed_cost.delivery.handling import WEEKDAYS, WORKING_WEEK
from landed_cost.freight import Parcel
from landed_cost.model import ShelfLife
from shopkit.services.desk import FIRST_DAY, Desk

if TYPE_CHECKING:
    from shopkit.services import schemas

_LONGEST_CLOSURE: Final = 366


@dataclass(frozen=True, slots=True)
class AskedFreight:
    """A service that is to give the freight; ``where`` points at the destination in the request."""

    card: str
    service: str
    parcel: Parcel
    where: str


class PreparationDesk(Desk):
    """Turns what is said of the preparation into the engine's values."""

    __slots__ = ()

    def shelf_life(self, item: schemas.Item, *where: str | int) -> ShelfLife | None:
        """Return how long the goods keep, if it is said."""
        days, left = item.shelf_life_days, item.min_remaining_days or 0
        # To want no day left is to want nothing: then nothing need be known of how long the goods keep.
        if days is None and not left:
            return None
        if days is None or left > days:
            self.complain((*where, "shelf_life_days"), "shelf_life.needed")
            return None
        return ShelfLife(days, left)

    def handling(self, handling: schemas.Handling, ready_on: str | None) -> Handling:
        """Return the seller's own ways."""
        ordered_at = self.moment(handling.ordered_at)
        cut_off = self.clock(handling.cut_off)
        if handling.cut_off is not None and handling.ordered_at is None:
            self.complain(("/handling", "cut_off"), "cut_off.without_order")
        if handling.ordered_at is not None and ready_on is not None:
            self.complain(("/handling", "ordered_at"), "order.with_ready_on")
        return Handling(
            weekdays=WORKING_WEEK
            if handling.weekdays is None
            else frozenset(WEEKDAYS.index(day) for day in handling.weekdays),
            closures=tuple(self.closure(one, index) for index, one in enumerate(handling.closed)),
            works_holidays=handling.works_holidays,
            days=None if handling.days is None else self.days(handling.days, "days"),
            making=(0, 0) if handling.making is None else self.days(handling.making, "making"),
            order=None if ordered_at is None else Order(ordered_at, cut_off),
        )

    def days(self, given: schemas.DayRange, name: str) -> tuple[int, int]:
        """Return fewest and most days."""
        if given.min > given.max:
            self.complain(("/handling", name), "range.upside_down", first=str(given.min), last=str(given.max))
        return given.min, given.max

    def closure(self, given: schemas.Closed, index: int) -> Closure:
        """Return days on which the seller does not work."""
        where = f"/handling/closed/{index}"
        first, last = self.day(given.first, f"{where}/first"), self.day(given.last, f"{where}/last")
        if first is None or last is None:
            return Closure(FIRST_DAY, FIRST_DAY)
        if first > last:
            self.complain((where,), "range.upside_down", first=given.first, last=given.last)
        if (last - first).days >= _LONGEST_CLOSURE:
            self.complain((where,), "closure.too_long", limit=str(_LONGEST_CLOSURE))
        return Closure(first, last)

    def moment(self, text: str | None) -> datetime | None:
        """Return a moment by the seller's clock."""
        if text is None:
            return None
        day = self.day(text[:10], "/handling/ordered_at")
        hour = self.clock(text[11:], "ordered_at")
        return None if day is None or hour is None else datetime.combine(day, hour)

    def clock(self, text: str | None, name: str = "cut_off") -> time | None:
        """Return a time of the day."""
        try:
            return None if text is None else time.fromisoformat(text)
        except ValueError:
            self.complain(("/handling", name), "time.impossible", value=str(text))
            return None

    def freight(self, request: schemas.Consignment, gross: Decimal | None, where: str) -> AskedFreight | None:
        """Return the service that is to give the freight, if one is named and all it needs is there."""
        sides = None
        if request.parcel is not None and request.parcel.dimensions is not None:
            sides = self.sides(request.parcel.dimensions)
        asked = request.freight_service
        if asked is None:
            return None
        if request.freight is not None:
            self.complain(("/freight_service",), "freight.twice")
        if gross is None:
            self.complain(("/parcel", "gross_weight"), "freight.weight_needed")
            return None
        return None if self.problems else AskedFreight(asked.card, asked.service, Parcel(gross, sides), where)

    def sides(self, given: schemas.Dimensions) -> tuple[Decimal, Decimal, Decimal]:
        """Return length, width and height in centimetres."""
        length, width, height = (
            self.side(text, name)
            for name, text in (("length", given.length), ("width", given.width), ("height", given.height))
        )
        # An inch is 2.54 cm by definition.
        per = Decimal("2.54") if given.unit == "in" else Decimal(1)
        return length * per, width * per, height * per

    def side(self, text: str, name: str) -> Decimal:
        """Return one side as it was given."""
        if not Decimal(text):
            self.complain(("/parcel/dimensions", name), "measure.zero")
        return Decimal(text)
