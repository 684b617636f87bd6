"""What of a quote a buyer pays at once, and what is left to be paid at the door."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from landed_cost.money import Money, to_minor

if TYPE_CHECKING:
    from collections.abc import Mapping

_AT_SALE: Final = "at_sale"
_CHARGES: Final = frozenset({"duties", "taxes"})


class UnsettledError(ValueError):
    """A quote that is no basis for an order: ``code`` is one of ``problems.yaml``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Totals:
    """The parts of what is paid, in the quote's currency; ``charges`` are those of import that are paid with the order.

    ``at_door`` is what the buyer pays the carrier or the customs on top, ``door_range`` between what it may lie.
    """

    goods: Money
    freight: Money
    insurance: Money
    charges: Money
    at_door: Money
    door_range: tuple[Money, Money] | None

    @property
    def total(self) -> Money:
        """What is paid with the order."""
        parts = (self.goods, self.freight, self.insurance, self.charges)
        return Money(sum(part.minor for part in parts), self.goods.currency)


def totals(request: Mapping[str, Any], quote: Mapping[str, Any]) -> Totals:
    """Return what a quote asks of its buyer, from its own figures and nothing else; ``UnsettledError``.

    Delivered with duties paid (DDP), the charges of import are paid with the order; without (DAP), only those that the
    law has collected at the sale. A price that holds duties or taxes is promised with DDP alone.
    """
    sums, currency = quote["totals"], quote["currency"]
    if quote["assessment"]["outcome"] == "refused" or sums["landed"] is None or sums["freight"] is None:
        raise UnsettledError("order.quote_refused")
    is_paid = request.get("terms", "DAP") == "DDP"
    if not is_paid and _CHARGES & set(request.get("price_includes", ())):
        raise UnsettledError("order.quote_includes")
    at_door = [
        one for one in quote["charges"] if not is_paid and one["payer"] == "buyer" and one["collected"] != _AT_SALE
    ]
    door = sum(_minor(one["amount"], currency) for one in at_door)
    known = [_minor(sums[name] or "0", currency) for name in ("goods", "freight", "insurance")]
    # What the goods hold already stands in no charge of its own: the landed total is what counts.
    charges = _minor(sums["landed"], currency) - sum(known) - door
    goods, freight, insurance, charges_paid, doors = (Money(minor, currency) for minor in (*known, charges, door))
    return Totals(goods, freight, insurance, charges_paid, doors, _range(at_door, currency))


def _range(at_door: list[Any], currency: str) -> tuple[Money, Money] | None:
    if all(one.get("range") is None for one in at_door):
        return None
    ends = [one.get("range") or {"low": one["amount"], "high": one["amount"]} for one in at_door]
    low = sum(_minor(one["low"], currency) for one in ends)
    high = sum(_minor(one["high"], currency) for one in ends)
    return Money(low, currency), Money(high, currency)


def _minor(text: str, currency: str) -> int:
    return to_minor(Decimal(text), currency)
