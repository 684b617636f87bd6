"""One row answered by the scalar engine: what every other way of answering has to come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from landed_cost.bulk.columns import ABSENT, MONEY, OUTCOMES
from landed_cost.checking import ShipmentError
from landed_cost.quoting import quote

if TYPE_CHECKING:
    from landed_cost.bulk.columns import Sheet
    from landed_cost.model import Quote, Shipment
    from landed_cost.rulebook.book import Rulebook

_WRONG: Final = OUTCOMES.index("wrong")


def write_scalar(sheet: Sheet, row: int, shipment: Shipment, rulebook: Rulebook, why: str) -> None:
    """Answer one row with the scalar engine and count it under ``why``."""
    sheet.fallbacks[why] = sheet.fallbacks.get(why, 0) + 1
    sheet.currency[row], sheet.date[row] = sheet.currencies(shipment.currency), sheet.dates(shipment.date)
    for column in sheet.money.values():
        column[row] = ABSENT
    try:
        answer = quote(shipment, rulebook)
    except ShipmentError as error:
        sheet.outcome[row] = _WRONG
        sheet.reasons[row] = sheet.reason_sets(tuple(sorted({one.code for one in error.problems})))
        sheet.regime[row] = sheet.regimes(None)
        return
    sheet.outcome[row] = OUTCOMES.index(answer.outcome)
    sheet.reasons[row] = sheet.reason_sets(codes_of(answer))
    sheet.regime[row] = sheet.regimes(answer.regime)
    for name, amount in amounts_of(answer).items():
        sheet.money[name][row] = ABSENT if amount is None else amount


def row_of(answer: Quote) -> dict[str, Any]:
    """Return an answer of the scalar engine as a row of many is shown."""
    return {
        "outcome": answer.outcome,
        "reasons": codes_of(answer),
        "regime": answer.regime,
        "currency": answer.currency,
        "date": answer.date,
        **dict.fromkeys(MONEY),
        **amounts_of(answer),
    }


def codes_of(answer: Quote) -> tuple[str, ...]:
    """Return the codes for which an answer is not complete, each once."""
    return tuple(sorted({reason.code for reason in answer.reasons if reason.level != "info"}))


def amounts_of(answer: Quote) -> dict[str, int | None]:
    """Return the amounts of an answer by their names in a column."""
    found: dict[str, int | None] = answer.totals._asdict()
    for name, (low, high) in answer.ranges.items():
        found |= {f"{name}_low": low, f"{name}_high": high}
    return found
