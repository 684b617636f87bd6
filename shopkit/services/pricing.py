"""Pricing a consignment: what is left in the seller's own currency, which price reaches a target, whether to enter."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from landed_cost import Amount, quote
from landed_cost.currencies import is_known
from landed_cost.money import Money, to_minor
from listings.pricing import (
    Chain,
    Cost,
    FeeSource,
    MarketPlan,
    OtherUse,
    Outlay,
    Plan,
    Sales,
    Step,
    Target,
    order_sizes,
    price,
    solve,
    worksheet,
)
from shopkit.services import pricing_told as told
from shopkit.services import quotes
from shopkit.services.days import read_day
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.reading import read_day as check_day
from shopkit.services.reading import read_shape
from shopkit.services.what_if import supposing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from landed_cost import Rulebook, Shipment
    from listings.pricing import Priced
    from shopkit.services import pricing_shapes as shapes
    from shopkit.services import schemas
    from shopkit.services.context import Services
    from shopkit.services.pricing_shapes import PricingRequest

Json = dict[str, Any]
_WHOLE: Final = 100
_BY_SHARE: Final = frozenset({"price", "charged"})
# An address is shown as a link, so nothing else may stand there.
_ADDRESSES: Final = ("https://", "http://")


def ask(services: Services, value: Any, language: str, seller: str | None = None) -> Json:  # noqa: ANN401  # what JSON holds
    """Return the answer in ``language``; ``RequestError`` lists everything wrong at once. Nothing is kept.

    ``seller`` is whose rate cards the quote may name.
    """
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    problems: list[RequestProblem] = []
    # Long to build, and only who asks for prices needs them.
    from shopkit.services.pricing_shapes import PricingRequest  # noqa: PLC0415

    request = read_shape(PricingRequest, value, problems)
    # The consignment is read as every quote is: what is wrong with it is told by the same reader, at its own place.
    problems = [one for one in problems if not one.pointer.startswith("/quote/")]
    answered: quotes.Answer | None = None
    if "quote" in value:
        try:
            answered = quotes.answer(services, value["quote"], save=False, seller=seller)
        except RequestError as error:
            problems += [RequestProblem(f"/quote{one.pointer}", one.code, one.params) for one in error.problems]
    if request is not None:
        problems += _Meaning(services.rulebook, request).problems()
    if problems or request is None or answered is None:
        unique = {(one.pointer, one.code): one for one in problems}
        raise RequestError(unique.values())
    rulebook = supposing(services.rulebook, request.quote.what_if)
    plan = _plan(rulebook, request, answered.shipment)
    now = price(plan)
    found = told.answer(now, plan, answered.read(language), language)
    found["targets"] = [
        told.target(solve(plan, _target(rulebook, one, now, plan)), plan, language) for one in request.targets
    ]
    found["order_sizes"] = None
    if request.order_sizes is not None:
        sizes = order_sizes(plan, request.order_sizes.freight, request.order_sizes.up_to)
        found["order_sizes"] = told.sizes(sizes, now, request.order_sizes.freight)
    found["market"] = _market(rulebook, request, now)
    return found


def edges(rulebook: Rulebook, shipment: Shipment) -> tuple[Amount, ...]:
    """Return the amounts of money in the law of a destination on its day: where charges may jump."""
    destination = rulebook.destinations.get(shipment.destination.country)
    if destination is None:
        return ()
    return tuple(
        Amount(Decimal(fact.value.numerator) / Decimal(fact.value.denominator), fact.unit)
        for fact in destination.facts
        if fact.value and fact.in_force(shipment.date) and fact.unit in rulebook.rates.currencies
    )


def _share(text: str | None) -> Fraction:
    return Fraction(text or "0") / _WHOLE


def _amount(money: schemas.Money) -> Amount:
    return Amount(Decimal(money.amount), money.currency)


def _plan(rulebook: Rulebook, request: PricingRequest, shipment: Shipment) -> Plan:
    exchange, payment = request.exchange, request.payment
    return Plan(
        shipment=shipment,
        ask=lambda sent: quote(sent, rulebook),
        rates=rulebook.rates,
        currency=request.currency,
        costs=tuple(_cost(one) for one in request.costs),
        spread=_share(exchange.spread_percent if exchange else None),
        buffer=_share(exchange.buffer_percent if exchange else None),
        days_to_pay=payment.days if payment else 0,
        yearly=_share(payment.yearly_percent if payment else None),
        edges=edges(rulebook, shipment),
        chain=None if request.wholesale is None else _chain(request.wholesale),
    )


def _cost(cost: shapes.CostIn) -> Cost:
    source = None
    if cost.source is not None:
        day = cost.source.as_of
        source = FeeSource(
            cost.source.title, cost.source.url, None if day is None else read_day(day, "/costs"), cost.source.status
        )
    amount = None if cost.amount is None else _amount(cost.amount)
    return Cost(cost.name, cost.per, amount, _share(cost.percent), source)


def _chain(wholesale: shapes.Wholesale) -> Chain:
    tax = wholesale.sales_tax_percent
    return Chain(
        tuple(Step(one.name, _share(one.percent), one.of) for one in wholesale.steps),
        wholesale.recovers_taxes,
        None if tax is None else _share(tax),
    )


def _target(rulebook: Rulebook, target: shapes.PriceTarget, now: Priced, plan: Plan) -> Target:
    """Return the target in the currency its goal is reckoned in: the seller's, or that of the quote."""
    if target.margin_percent is not None:
        return Target("margin", _share(target.margin_percent))
    if target.in_hand is not None:
        return Target("in_hand", amount=_changed(rulebook, target.in_hand, plan.currency))
    if target.landed is not None:
        return Target("landed", amount=_changed(rulebook, target.landed, now.quote.currency))
    assert target.shelf is not None  # noqa: S101  # one of the four was asked for
    return Target("shelf", amount=_changed(rulebook, target.shelf, now.quote.currency))


def _changed(rulebook: Rulebook, money: schemas.Money, to: str) -> Money:
    minor = to_minor(Decimal(money.amount), money.currency)
    return Money(rulebook.rates.convert_minor(minor, money.currency, to), to)


def _market(rulebook: Rulebook, request: PricingRequest, now: Priced) -> Json | None:
    market = request.market
    if market is None:
        return None
    own = request.currency

    def minor(money: schemas.Money) -> int:
        return _changed(rulebook, money, own).minor

    if market.in_hand_per_order is not None:
        each = minor(market.in_hand_per_order)
        left: tuple[int | None, int, int] = (each, each, each)
    elif now.left is None:
        return told.no_market()
    else:
        most = now.left_span[1]
        left = (now.left_span[0], now.left, now.left if most is None else most)
    plan = MarketPlan(
        start=read_day(market.start, "/market/start"),
        months=market.months,
        left=left,
        outlays=tuple(
            Outlay(one.name, minor(one.amount), one.month, one.every_month, one.until) for one in market.outlays
        ),
        sales=tuple(Sales(one.month, (one.orders.low, one.orders.likely, one.orders.high)) for one in market.sales),
        wait=market.wait_months,
        yearly=_share(market.yearly_percent),
        budget=None if market.budget is None else minor(market.budget),
        spent=0 if market.spent is None else minor(market.spent),
        others=tuple(OtherUse(one.name, minor(one.takes), minor(one.gain)) for one in market.other_uses),
    )
    return told.market(worksheet(plan), plan, own)


class _Meaning:
    """What no single field could know of a request for a price."""

    def __init__(self, rulebook: Rulebook, request: PricingRequest) -> None:
        self.known = rulebook.rates.currencies
        self.request = request

    def problems(self) -> list[RequestProblem]:
        return [*self._currencies(), *self._percents(), *self._costs(), *self._targets(), *self._market()]

    def _currencies(self) -> Iterator[RequestProblem]:
        request = self.request
        named = [("/currency", request.currency)]
        for index, cost in enumerate(request.costs):
            if cost.amount is not None:
                named.append((f"/costs/{index}/amount/currency", cost.amount.currency))
        for index, target in enumerate(request.targets):
            for name in ("in_hand", "landed", "shelf"):
                money = getattr(target, name)
                if money is not None:
                    named.append((f"/targets/{index}/{name}/currency", money.currency))
        if request.market is not None:
            named += self._of_market(request.market)
        for pointer, currency in named:
            if currency not in self.known or not is_known(currency):
                yield RequestProblem(pointer, "currency.unknown", {"currency": currency})

    @staticmethod
    def _of_market(market: shapes.MarketSheet) -> list[tuple[str, str]]:
        named = []
        for name in ("in_hand_per_order", "budget", "spent"):
            money = getattr(market, name)
            if money is not None:
                named.append((f"/market/{name}/currency", money.currency))
        for index, outlay in enumerate(market.outlays):
            named.append((f"/market/outlays/{index}/amount/currency", outlay.amount.currency))
        for index, use in enumerate(market.other_uses):
            named.append((f"/market/other_uses/{index}/takes/currency", use.takes.currency))
            named.append((f"/market/other_uses/{index}/gain/currency", use.gain.currency))
        return named

    def _percents(self) -> Iterator[RequestProblem]:
        """Find shares of more than the whole; a margin of the whole price would ask for an endless one."""
        request = self.request
        whole, less = Fraction(1), Fraction(99, 100)
        bounded: list[tuple[str, str | None, Fraction]] = [
            (f"/costs/{index}/percent", one.percent, whole) for index, one in enumerate(request.costs)
        ]
        bounded += [
            (f"/targets/{index}/margin_percent", one.margin_percent, less) for index, one in enumerate(request.targets)
        ]
        if request.exchange is not None:
            bounded.append(("/exchange/spread_percent", request.exchange.spread_percent, whole))
            bounded.append(("/exchange/buffer_percent", request.exchange.buffer_percent, whole))
        if request.wholesale is not None:
            for index, step in enumerate(request.wholesale.steps):
                most = less if step.of == "price" else Fraction(10)
                bounded.append((f"/wholesale/steps/{index}/percent", step.percent, most))
            bounded.append(("/wholesale/sales_tax_percent", request.wholesale.sales_tax_percent, whole))
        if request.payment is not None:
            bounded.append(("/payment/yearly_percent", request.payment.yearly_percent, Fraction(10)))
        if request.market is not None:
            bounded.append(("/market/yearly_percent", request.market.yearly_percent, Fraction(10)))
        for pointer, text, limit in bounded:
            if _share(text) > limit:
                yield RequestProblem(pointer, "number.range", {"limit": f"≤ {limit * _WHOLE}"})

    def _costs(self) -> Iterator[RequestProblem]:
        for index, cost in enumerate(self.request.costs):
            by_share = cost.per in _BY_SHARE
            if cost.source is not None and cost.source.url and not cost.source.url.startswith(_ADDRESSES):
                yield RequestProblem(f"/costs/{index}/source/url", "pricing.url")
            if cost.source is not None and cost.source.as_of is not None:
                found: list[RequestProblem] = []
                check_day(cost.source.as_of, f"/costs/{index}/source/as_of", found)
                yield from found
            if by_share is (cost.percent is None) or by_share is (cost.amount is not None):
                name = "percent" if by_share else "amount"
                yield RequestProblem(f"/costs/{index}", "pricing.cost", {"per": cost.per, "needs": name})

    def _targets(self) -> Iterator[RequestProblem]:
        request = self.request
        for index, target in enumerate(request.targets):
            given = [name for name in type(target).model_fields if getattr(target, name) is not None]
            if len(given) != 1:
                yield RequestProblem(f"/targets/{index}", "pricing.target")
            if target.shelf is not None and request.wholesale is None:
                yield RequestProblem(f"/targets/{index}/shelf", "pricing.shelf")

    def _market(self) -> Iterator[RequestProblem]:
        market = self.request.market
        if market is None:
            return
        found: list[RequestProblem] = []
        check_day(market.start, "/market/start", found)
        yield from found
        for index, outlay in enumerate(market.outlays):
            if outlay.until is not None and (outlay.until < outlay.month or not outlay.every_month):
                yield RequestProblem(f"/market/outlays/{index}/until", "pricing.until")
        for index, entry in enumerate(market.sales):
            orders = entry.orders
            if not orders.low <= orders.likely <= orders.high:
                yield RequestProblem(f"/market/sales/{index}/orders", "pricing.orders")
        months = [entry.month for entry in market.sales]
        for index, month in enumerate(months):
            if month in months[:index]:
                yield RequestProblem(f"/market/sales/{index}/month", "pricing.month_twice", {"month": str(month)})
