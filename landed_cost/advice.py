"""Claim or not: what a preference saves held against what its proof costs, and when origin need not be pursued at all.

What proving origin costs is the seller's own figure. Without it nothing is advised either way where a paper is asked
for: the saving is named, beside what studies found others to pay.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from landed_cost.model import Amount, Charge, Item, PreferenceOffer, Quote, Reason, Shipment, Weighed
from landed_cost.money import Money, to_minor
from landed_cost.rates import RateTable
from landed_cost.run import customs_price, line_price

Advice = Literal["claim", "do_not_claim", "free_of_paperwork", "not_needed", "weigh", "ask_quota"]
# Goods are tried up to so many times their value; a saving that does not pay the cost there is told as none.
_FURTHEST: Final = Fraction(1024)
_HALVINGS: Final = 60
_DIGITS: Final = 3
_DECIMALS: Final = 6


class Advised(NamedTuple):
    """What to do about an offer, and why; the sentence comes on reading."""

    code: Advice
    reason: Reason


def advise(
    offer: PreferenceOffer, offers: Iterable[PreferenceOffer], charges: Iterable[Charge], currency: str
) -> Advised:
    """Return whether to claim ``offer``; ``offers`` and ``charges`` are all those of the answer, in ``currency``."""
    if offer.saving is None:
        return Advised("ask_quota", Reason("advice.quota", "info"))
    if offer.saving > 0:
        return _advise_saving(offer, offer.saving, currency)
    if is_needless([one for one in offers if one.item == offer.item], charges):
        return Advised("not_needed", Reason("advice.origin_not_needed", "info"))
    return Advised("do_not_claim", Reason("advice.nothing_saved", "info"))


def _advise_saving(offer: PreferenceOffer, saving: int, currency: str) -> Advised:
    def text(minor: int) -> str:
        return str(Money(minor, currency))

    weighed = offer.weighed
    if offer.paper == "none":
        return Advised("free_of_paperwork", Reason("advice.free_of_paperwork", "info", {"saving": text(saving)}))
    if weighed is None:
        return Advised("weigh", Reason("advice.weigh", "info", {"saving": text(saving)}))
    params = {"saving": text(weighed.saving), "cost": text(weighed.cost)}
    if weighed.saving >= weighed.cost:
        return Advised("claim", Reason("advice.claim", "info", params))
    if weighed.break_even is None:
        return Advised("do_not_claim", Reason("advice.never_pays", "info", params))
    params["value"] = text(weighed.break_even)
    return Advised("do_not_claim", Reason("advice.below_break_even", "info", params))


def is_needless(offers: Iterable[PreferenceOffer], charges: Iterable[Charge]) -> bool:
    """Whether origin need not be pursued for an item: general rate, additional duties and fees are all nil without it.

    ``offers`` are those on the item. A free general rate alone is not enough: an additional duty or a fee that looks at
    origin may stand beside it. What may be more than nothing in the high scenario is not nil.
    """
    if any(one.saving is None or one.saving > 0 for one in offers):
        return False
    return not any(
        charge.amount or (charge.range is not None and charge.range[1] != 0)
        for charge in charges
        if charge.kind != "tax"
    )


def weigh(
    found: Quote, shipment: Shipment, rates: RateTable, ask: Callable[[Shipment], Quote]
) -> tuple[PreferenceOffer, ...]:
    """Return the offers of ``found``, each that saves held against the cost of proof that ``shipment`` names.

    ``ask`` quotes a shipment. The saving is that of all items together, for one paper serves the whole consignment and
    some fees fall only when every item claims; adding up what each saves would count such a fee twice.
    """
    given = shipment.compliance_cost
    if given is None:
        return found.preferences
    cost = rates.convert_minor(to_minor(given.value, given.currency), given.currency, shipment.currency)
    known: dict[str, Weighed | None] = {}
    for one in found.preferences:
        if one.saving is not None and one.saving > 0 and one.agreement not in known:
            items = {other.item for other in found.preferences if other.agreement == one.agreement and other.available}
            asked = _Asked(replace(shipment, compliance_cost=None), rates, one.agreement, frozenset(items), ask)
            known[one.agreement] = _weighed(asked, cost)
    return tuple(one._replace(weighed=known.get(one.agreement)) for one in found.preferences)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A consignment and the items on which an agreement may be claimed."""

    shipment: Shipment
    rates: RateTable
    agreement: str
    items: frozenset[str]
    ask: Callable[[Shipment], Quote]

    def tried(self, times: Fraction) -> tuple[int, int] | None:
        """Return the worth of the goods and the saving, with every price so many times what it is."""
        scaled = [_scaled(item, times) for item in self.shipment.items]
        without = self.ask(replace(self.shipment, items=tuple(replace(item, preference="none") for item in scaled)))
        with_it = self.ask(replace(self.shipment, items=tuple(map(self._claimed, scaled))))
        before, after = without.totals.import_charges, with_it.totals.import_charges
        return None if before is None or after is None else (self._worth(scaled), before - after)

    def _claimed(self, item: Item) -> Item:
        if item.id not in self.items:
            return replace(item, preference="none")
        return replace(item, preference=self.agreement, origin_evidence="certificate")

    def _worth(self, items: Iterable[Item]) -> int:
        worth = [(item, customs_price(item)) for item in items]
        shown = self.shipment.currency
        return sum(self.rates.convert_minor(line_price(item, of), of.currency, shown) for item, of in worth)


def _weighed(asked: _Asked, cost: int) -> Weighed | None:
    now = asked.tried(Fraction(1))
    return None if now is None else Weighed(cost, now[1], _break_even(asked.tried, now, cost))


def _break_even(tried: Callable[[Fraction], tuple[int, int] | None], now: tuple[int, int], cost: int) -> int | None:
    """Return a worth of the goods, rounded up to three digits, at which the saving was reckoned to pay ``cost``.

    Found by halving between a worth that pays and one that does not, down to the smallest unit. A limit of law on the
    way (goods of small value are free without a claim) is met like any other.
    """
    low, high = (Fraction(0), 0), (Fraction(1), now[0])
    saving = now[1]
    while saving < cost:
        times = high[0] * 2
        more = tried(times) if times <= _FURTHEST else None
        if more is None:
            return None
        low, high, saving = high, (times, more[0]), more[1]
    for _ in range(_HALVINGS):
        if high[1] - low[1] <= 1:
            break
        times = (low[0] + high[0]) / 2
        here = tried(times)
        if here is not None and here[1] >= cost:
            high = (times, here[0])
        else:
            low = (times, low[1] if here is None else here[0])
    told = _rounded_up(high[1])
    there = tried(Fraction(told, now[0]))
    return told if there is not None and there[1] >= cost else high[1]


def _rounded_up(minor: int) -> int:
    """Return the least number of three digits and noughts that is not below ``minor``.

    >>> [_rounded_up(n) for n in (7, 999, 1000, 412106)]
    [7, 999, 1000, 413000]
    """
    step: int = 10 ** max(len(str(minor)) - _DIGITS, 0)
    return -(-minor // step) * step


def _scaled(item: Item, times: Fraction) -> Item:
    declared = item.declared_value
    return replace(
        item,
        unit_price=_times(item.unit_price, times),
        declared_value=None if declared is None else _times(declared, times),
    )


def _times(amount: Amount, times: Fraction) -> Amount:
    exact = Fraction(amount.value) * times * 10**_DECIMALS
    return Amount(Decimal(round(exact)).scaleb(-_DECIMALS), amount.currency)
