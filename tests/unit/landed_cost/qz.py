"""QZ, a country that does not exist, and short ways to send things there.

Its law is in ``rulebook_qz``; figures are round so that every expected amount can be reckoned in the head.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landed_cost import Amount, Item, Place, Shipment, load_rulebook, quote
from landed_cost.goods import meaning
from landed_cost.rates import load_rates
from landed_cost.reckon import start
from landed_cost.run import begin

if TYPE_CHECKING:
    from landed_cost import Charge, Quote, Rulebook
    from landed_cost.run import Run

FOLDER = Path(__file__).parent / "rulebook_qz"
RATES = load_rates(
    """base,quote,rate,date,kind,source
USD,MXN,20,2026-05-20,market,example
USD,CLP,1000,2026-05-20,market,example
USD,KWD,0.25,2026-05-20,customs,example
USD,EUR,0.80,2026-05-20,market,example
"""
)
MAY = date(2026, 5, 20)


@cache
def book() -> Rulebook:
    """Return the rulebook of QZ with rates of four currencies."""
    return load_rulebook(FOLDER, RATES)


def usd(text: str) -> Amount:
    """Return an amount of dollars."""
    return Amount(Decimal(text), "USD")


def item(id_: str = "1", price: str = "100", **more: Any) -> Item:
    """Return one T-shirt of a country without a surcharge, or what ``more`` makes of it."""
    plain: dict[str, Any] = {
        "description": "",
        "quantity": Decimal(1),
        "unit_price": usd(price),
        "hs_code": "610910",
        "origin": "ZZ",
    }
    return Item(id_, **(plain | more))


def shipment(*items: Item, **more: Any) -> Shipment:
    """Return a parcel by freight to the region without sales tax, with free freight and no insurance."""
    plain: dict[str, Any] = {
        "date": MAY,
        "dispatch": Place("AA"),
        "destination": Place("QZ", "UN"),
        "channel": "freight",
        "transport": "air",
        "currency": "USD",
        "items": items or (item(),),
        "freight": usd("0"),
        "insurance": usd("0"),
    }
    return Shipment(**(plain | more))


def ask(*items: Item, **more: Any) -> Quote:
    """Return the quote of such a parcel."""
    return quote(shipment(*items, **more), book())


def run_of(sent: Shipment) -> Run:
    """Return a reckoning of a parcel to QZ that has just begun."""
    law = book().at("QZ", sent.date)
    run = begin(sent, law, book().rates, [meaning(one, law) for one in sent.items])
    start(run)
    return run


def amounts(answer: Quote, *ids: str) -> list[tuple[str, str | None, int]]:
    """Return charge, item and amount of the lines, all of them or those of ``ids``."""
    return [(one.id, one.item, one.amount) for one in answer.charges if not ids or one.id in ids]


def line(answer: Quote, id_: str) -> Charge:
    """Return the one line of a charge."""
    (found,) = (one for one in answer.charges if one.id == id_)
    return found


def codes(answer: Quote, *levels: str) -> list[str]:
    """Return the codes of the reasons, of all levels or of these."""
    return [one.code for one in answer.reasons if not levels or one.level in levels]


def with_item(sent: Shipment, **changes: Any) -> Shipment:
    """Return a parcel whose first item is changed."""
    return replace(sent, items=(replace(sent.items[0], **changes), *sent.items[1:]))
