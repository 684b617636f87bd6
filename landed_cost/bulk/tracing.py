"""Asking the engine once for many: the quote of one consignment, written on a tape and read as a program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, cast

from landed_cost import tallying
from landed_cost.bulk.columns import MONEY, OUTCOMES
from landed_cost.bulk.programs import Program
from landed_cost.bulk.symbols import Figure, Ratio, Sum, Tape, Unread, UntraceableError, Whole
from landed_cost.checking import problems
from landed_cost.claims import choose_claims, offers
from landed_cost.currencies import units
from landed_cost.goods import meaning
from landed_cost.measures import DRINKS, Quantities
from landed_cost.model import Amount
from landed_cost.quoting import find_out, refused_unseen
from landed_cost.reckon import explained, explained_at_once, is_plain, reckon
from landed_cost.run import Run, begin
from landed_cost.scenarios import pick_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from landed_cost.goods import Meaning
    from landed_cost.model import Reason, Shipment
    from landed_cost.rulebook.book import Law, Rulebook

# How large the inputs of a program may be, minor units and grams, tried in turn: what is usual first, then less, for
# products soon outgrow 64 bits, then more, for what is not usual.
REACH: Final = (10**9, 10**8, 10**7, 10**6, 10**12, 10**10)
INPUTS: Final = ("goods", "freight", "insurance", "net", "gross", "pieces")

# Stands where a weight was given, which the engine asks the reckoning for and not the shipment.
_UNREAD: Final = cast("Decimal", Unread())


@dataclass(slots=True)
class Traced(Run):
    """A reckoning on a tape: the weights are numbers of it as the amounts are, and nothing is written out in words."""

    net: Ratio | Fraction | None = None
    gross: Ratio | Fraction | None = None
    count: Whole | None = None

    def pieces(self, index: int) -> Fraction:  # noqa: ARG002  # there is one item
        """Return how many pieces the goods are, as a number of the tape."""
        if self.count is None:
            raise UntraceableError("not_arithmetic")
        return cast("Fraction", Ratio(self.count, 1))

    def pairs(self, index: int) -> Fraction:
        """Return how many pairs the goods are, likewise."""
        return self.pieces(index) * Fraction(self.items[index].measures.get("pairs", 1))

    def drinks(self, by: str, index: int) -> tuple[Fraction | None, tuple[str, ...]]:
        """Say which measures of a drink are missing; with them it is reckoned alone, for its volume is on no tape."""
        missing = Quantities(Decimal(1), None, self.items[index].measures).missing(DRINKS[by][0])
        if not missing:
            raise UntraceableError("not_arithmetic")
        return None, missing

    def gross_weight(self) -> Fraction | None:
        """Return what the parcel weighs, as a number of the tape."""
        return cast("Fraction | None", self.net if self.gross is None else self.gross)

    def net_weight(self, index: int) -> Fraction | None:  # noqa: ARG002  # there is one item
        """Return what the goods weigh, likewise."""
        return cast("Fraction | None", self.gross if self.net is None else self.net)

    def text(self, minor: int) -> str:  # noqa: ARG002  # nobody reads it
        """Say nothing."""
        return ""

    def number(self, number: Fraction) -> str:  # noqa: ARG002  # likewise
        """Say nothing."""
        return ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A consignment of one item with the numbers that may differ from row to row, by their names in ``INPUTS``.

    ``goods``, ``freight`` and ``insurance`` are minor units of the currency that ``shipment`` gives each in, the
    weights are ``1/per_kilo`` kg, ``pieces`` is the quantity. What is not among ``numbers`` is the same in all rows, as
    ``shipment`` has it.
    """

    shipment: Shipment
    numbers: Mapping[str, int]
    per_kilo: int = 1000


def trace(asked: Asked, rulebook: Rulebook) -> Program:
    """Return what the engine does for a consignment, as a program; ``UntraceableError`` where that cannot be."""
    least = max(asked.numbers.values())
    if min(asked.numbers.values()) < 0:
        raise UntraceableError("unusual")
    for reach in REACH:
        if reach < least:
            continue
        try:
            return _traced(asked, rulebook, reach)
        except UntraceableError as error:
            if error.why != "too_large":
                raise
        except (TypeError, AttributeError) as error:
            raise UntraceableError("not_arithmetic") from error
    raise UntraceableError("too_large")


def _traced(asked: Asked, rulebook: Rulebook, reach: int) -> Program:
    tape = Tape()
    # All inputs come first on a tape.
    numbers = {name: tape.input(asked.numbers[name], reach) for name in INPUTS if name in asked.numbers}
    shipment = asked.shipment
    destination = rulebook.destinations.get(shipment.destination.country)
    if destination is None or any(problems(shipment, rulebook)):
        raise UntraceableError("unusual")
    law = rulebook.at(destination.country, shipment.date)
    found = meaning(shipment.items[0], law)
    if found.problem is not None:
        raise UntraceableError("unusual")
    if unseen := refused_unseen(shipment, destination, [found]):
        amounts: dict[str, Any] = dict.fromkeys(MONEY)
        currency = shipment.items[0].unit_price.currency
        amounts["goods"] = rulebook.rates.convert_minor(cast("int", numbers["goods"]), currency, shipment.currency)
        return _written(tape, tuple(numbers), "refused", _codes(unseen), None, amounts)
    run = _begin(asked, numbers, rulebook, law, found)
    return _program(tape, tuple(numbers), run, found)


def _begin(asked: Asked, numbers: Mapping[str, Whole], rulebook: Rulebook, law: Law, found: Meaning) -> Traced:
    """Return the reckoning of the consignment with the numbers of the tape in the place of its own."""
    shipment = asked.shipment
    (item,) = shipment.items
    worth = item.unit_price.currency
    # Price × quantity is one number: of the two the engine only ever asks for that.
    item = replace(item, unit_price=_amount(numbers["goods"], worth), quantity=cast("Decimal", Figure(1, 1)))
    net = _weight(numbers.get("net"), asked, item.weight_kg, asked.shipment.items[0].quantity)
    gross = _weight(numbers.get("gross"), asked, shipment.gross_weight_kg, 1)
    changed: dict[str, Any] = {"items": (replace(item, weight_kg=None if net is None else _UNREAD),)}
    changed["gross_weight_kg"] = None if gross is None else _UNREAD
    for name in ("freight", "insurance"):
        if name in numbers:
            changed[name] = _amount(numbers[name], getattr(shipment, name).currency)
    run = begin(replace(shipment, **changed), law, rulebook.rates, [found])
    taken = {name: getattr(run, name) for name in Run.__dataclass_fields__ if Run.__dataclass_fields__[name].init}
    return Traced(**taken, net=net, gross=gross, count=numbers.get("pieces"))


def _amount(number: Whole, currency: str) -> Amount:
    return Amount(cast("Decimal", Figure(number, units(currency))), currency)


def _weight(
    number: Whole | None, asked: Asked, given: Decimal | None, pieces: Decimal | int
) -> Ratio | Fraction | None:
    if number is not None:
        return Ratio(number, asked.per_kilo)
    return None if given is None else Fraction(given) * Fraction(pieces)


def _program(tape: Tape, inputs: tuple[str, ...], run: Traced, found: Meaning) -> Program:
    """Let the engine answer, and return what was written on the tape meanwhile."""
    pick_lines(run)
    offered = offers(run)
    if is_plain(run) and True not in [one.eligible for one in offered]:
        typical = explained_at_once(run)
    else:
        typical = explained(run, choose_claims(run, offered)[0] if offered else reckon(run))
    scenarios, _, _, _, reasons = find_out(run, typical, [found])
    codes = _codes(reasons)
    amounts: dict[str, Any] = dict.fromkeys(MONEY)
    level = reasons[0].level if reasons else "info"
    if level == "refused":
        amounts["goods"] = tallying.goods_total(run.shipment, run.rates)
        return _written(tape, inputs, "refused", codes, None, amounts)
    # What is shown beside each line is left out, so that nothing is compared for its sake.
    totals = tallying.totals(run, tallying.charges(run, typical, typical, typical))
    amounts |= totals._asdict()
    for name, ends in tallying.ranges(run, totals, typical, scenarios.low, scenarios.high).items():
        amounts[f"{name}_low"], amounts[f"{name}_high"] = ends
    regime = None if typical.regime is None else typical.regime.id
    return _written(tape, inputs, "estimated" if level == "estimated" else "complete", codes, regime, amounts)


def _codes(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(sorted({reason.code for reason in reasons if reason.level != "info"}))


def _written(
    tape: Tape,
    inputs: tuple[str, ...],
    outcome: str,
    codes: tuple[str, ...],
    regime: str | None,
    amounts: Mapping[str, Whole | int | None],
) -> Program:
    sums = {name: None if amount is None else _sum(amount) for name, amount in amounts.items()}
    for one in sums.values():
        if one is not None:
            tape.check(one)
    return Program.of(tape, inputs, OUTCOMES.index(outcome), codes, regime, sums)


def _sum(amount: Whole | int) -> Sum:
    return Sum((), amount) if isinstance(amount, int) else amount.sum
