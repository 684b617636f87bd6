"""What is worth knowing beside the charges: waiting, shelf life, closed ways, who pays which stretch, insurance.

Nothing here is a charge at import, and nothing here is ever added to one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from landed_cost.delivery import ClosedLane, closed_lanes
from landed_cost.model import Advisory, Reason, Restriction, RuleRef, Source
from landed_cost.money import Money, half_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from landed_cost.delivery import Delivery
    from landed_cost.model import Quote, Shipment, Totals
    from landed_cost.run import Run

_LANES: Final = {"closed": "lane.closed", "narrowed": "lane.narrowed", "unsure": "lane.unsure"}
# A day in transit weighs like a duty of 0.6 to 2.3 % of the goods: Hummels and Schaur, "Time as a Trade Barrier", NBER
# working paper 17758 of January 2012 (0.6-2.1 % in print, AER 2013), which development-bank studies of Latin American
# exporters with figures of 2009-2014 repeat. Per mille, so that money stays whole.
TIME_PER_MILLE: Final = (6, 23)
# From this share of the goods on, weight decides over distance. Our own line, drawn to be helpful.
HEAVY_PERCENT: Final = 25
# CIF and CIP ask for a tenth above the price carried (Incoterms 2020, A5); the same is usual elsewhere.
_INSURED_PERCENT: Final = 110
_WHO_PAYS: Final = {
    "EXW": "terms.buyer_collects",
    "FCA": "terms.to_carrier",
    "FOB": "terms.on_board",
    "CPT": "terms.carriage_paid",
    "CFR": "terms.carriage_paid",
    "CIP": "terms.carriage_insured",
    "CIF": "terms.carriage_insured",
}


def of_freight(shipment: Shipment, totals: Totals) -> tuple[Advisory, ...]:
    """Return what to know of cargo: who pays which stretch under the terms, what to insure, general average at sea."""
    if shipment.channel != "freight":
        return ()
    code = _WHO_PAYS.get(shipment.terms, "terms.delivered")
    found = [Advisory(code, {"terms": shipment.terms, "place": shipment.place or shipment.destination.country})]
    if shipment.insurance is None:
        insured = half_up((totals.goods + (totals.freight or 0)) * _INSURED_PERCENT, 100)
        amount = Money(insured, shipment.currency)
        found.append(Advisory("insurance.convention", {"amount": str(amount)}, amount=amount))
    if shipment.transport == "sea":
        found.append(Advisory("insurance.general_average"))
    return tuple(found)


def of_shelf_life(shipment: Shipment, delivery: Delivery | None) -> Iterator[Reason]:
    """Yield a warning for each item that may arrive with too little of its life left.

    Life is counted from the day the goods are ready to leave; the latest day of delivery decides.
    """
    for item in shipment.items:
        life = item.shelf_life
        if life is None:
            continue
        if delivery is None:
            yield Reason("shelf_life.no_dates", "info", {}, item.id)
            continue
        left = life.days - (delivery.latest - _made_on(shipment)).days
        if left < life.min_remaining_days:
            params = {
                "left": str(max(left, 0)),
                "needed": str(life.min_remaining_days),
                "latest": delivery.latest.isoformat(),
            }
            yield Reason("shelf_life.spoiled" if left <= 0 else "shelf_life.short", "info", params, item.id)


def _made_on(shipment: Shipment) -> date:
    order = None if shipment.handling is None else shipment.handling.order
    return (shipment.ready_on or shipment.date) if order is None else order.counts_for


def of_quote(quote: Quote) -> Iterator[Advisory]:
    """Yield what follows from the answer alone; reckoned only when it is written out."""
    goods, freight = quote.totals.goods, quote.totals.freight
    if not goods:
        return
    if quote.delivery is not None:
        least, most = quote.delivery.transit_days
        low, high = (
            Money(half_up(goods * share * days, 1000), quote.currency)
            for share, days in zip(TIME_PER_MILLE, (least, most), strict=True)
        )
        params = {"days": f"{least}–{most}" if least < most else str(most), "low": str(low), "high": str(high)}
        yield Advisory("time.cost", params, amount=high)
    if freight is not None and freight * 100 >= goods * HEAVY_PERCENT:
        yield Advisory("freight.heavy", {"percent": str(half_up(freight * 100, goods))})


def closed_ways(run: Run) -> tuple[Restriction, ...]:
    """Return what is closed or narrowed on the way for a time, and note what that does to the answer."""
    shipment = run.shipment
    on = shipment.exported_on or shipment.ready_on or shipment.date
    way = (shipment.dispatch.country, shipment.destination.country, shipment.channel, shipment.transport)
    found = []
    for lane, state in closed_lanes(on, *way):
        params = {f"what_{language}": text for language, text in lane.message.items()}
        params["known_until"] = lane.known_until.isoformat()
        run.note(_LANES[state], "refused" if state == "closed" else "estimated", params, rule=lane.id)
        found.append(_restriction(lane, "prohibits" if state == "closed" else "requires"))
    return tuple(found)


def _restriction(lane: ClosedLane, severity: str) -> Restriction:
    rule = RuleRef(lane.id, (Source(lane.source, lane.url),), lane.first, lane.last, lane.known_until, lane.status)
    return Restriction(lane.id, severity, None, lane.last, lane.message, lane.action, rule)
