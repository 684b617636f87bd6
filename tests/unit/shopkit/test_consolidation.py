"""Orders of one person apart and together: both quoted, limits between them found, splits that evade one refused.

The limits are worked by hand: Peru 200 USD (article 147), the Union 150 EUR, the United States 2,500 USD for informal
entry and until 2025-08-28 800 USD free of duty, Chile 500 USD of FOB value.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from shopkit.packing.splits import rules
from shopkit.services import boxes, consolidation, quotes
from shopkit.services.consolidation_told import companions, data
from shopkit.services.orders import add
from shopkit.services.problems import RequestError
from tests.ordering import event, order, sell
from tests.shop import NOW, open_shop, shirt, shirts

if TYPE_CHECKING:
    from shopkit.services import orders
    from shopkit.services.actors import Actor
    from shopkit.services.consolidation import Comparison
    from shopkit.services.context import Services

_KEYS = count(1)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """Return the services of an empty shop."""
    found: Services = open_shop(tmp_path_factory.mktemp("together")).extensions["shopkit"]
    return found


@pytest.fixture(scope="module")
def shop(services: Services) -> tuple[Actor, str]:
    """Return a seller without boxes, and its listing."""
    return sell(services, stock=None)


def placed(
    services: Services,
    shop: tuple[Actor, str],
    country: str,
    each: str,
    currency: str = "USD",
    ago: int = 0,
    **more: Any,
) -> orders.Order:
    """Place an order of two shirts from Mexico at a price each, some days ago."""
    request = shirts(
        destination={"country": country},
        currency=currency,
        terms="DAP",
        items=[shirt(quantity="2", unit_price={"amount": each, "currency": currency}, hs_code="610910")],
        **more,
    )
    found = quotes.answer(services, request, save=False)
    services.now = lambda: NOW - timedelta(days=ago)
    try:
        return order(services, *shop, key=f"c{next(_KEYS)}", found=found)
    finally:
        services.now = lambda: NOW


def compared(services: Services, shop: tuple[Actor, str], *found: orders.Order, on: str = "2026-11-23") -> Comparison:
    """Compare orders on a day."""
    return consolidation.compare(services, shop[0], [one.id for one in found], on=date.fromisoformat(on))


def limits(found: Comparison) -> dict[str, tuple[str, tuple[str, ...], str]]:
    """Return the limits between both ways: what they are, what each part is worth, and all of it."""
    return {one.id: (one.limit, one.apart, one.together) for one in found.crossings}


def test_peru_counts_what_reaches_one_person_together(services: Services, shop: tuple[Actor, str]) -> None:
    """Two parcels of 120 USD pass 200 USD together: the second is quoted so, and sending them apart is refused."""
    first, second = placed(services, shop, "PE", "60.00"), placed(services, shop, "PE", "60.00", ago=3)

    found = compared(services, shop, first, second)

    assert limits(found)["pe.small.limit"] == ("200.00 USD", ("120.00 USD", "120.00 USD"), "240.00 USD")
    assert (found.rule.id, found.tie, found.is_split_refused) == ("pe.147", "other_days", True)
    assert [one.quote["regime"] for one in (*found.apart, found.together)] == ["pe.small", "pe.simple", "pe.simple"]


@pytest.mark.parametrize(
    ("day", "expected"), [("2025-08-28", (True, True)), ("2025-08-29", (False, False))], ids=["last day", "after"]
)
def test_the_american_limit_of_a_day(
    services: Services, shop: tuple[Actor, str], day: str, expected: tuple[bool, bool]
) -> None:
    """Two orders of one day, 500 USD each, pass 800 USD on its last day: refused then, and no matter the day after."""
    pair = [placed(services, shop, "US", "250.00") for _ in range(2)]

    found = compared(services, shop, *pair, on=day)

    assert ("us.deminimis.limit" in limits(found), found.is_split_refused) == expected
    assert (found.rule.id, found.tie) == ("us.10.151", "one_day")


def test_orders_of_other_days_are_no_split_of_one(services: Services, shop: tuple[Actor, str]) -> None:
    """The same two, bought on two days, may go apart: they are two purchases."""
    pair = [placed(services, shop, "US", "250.00", ago=ago) for ago in (0, 1)]

    found = compared(services, shop, *pair, on="2025-08-28")

    assert (found.tie, found.is_split_refused) == ("other_days", False)


def test_formal_entry_lies_between(services: Services, shop: tuple[Actor, str]) -> None:
    """Two orders of 1,500 USD by courier are informal each and formal together; they arrive together, so refused."""
    pair = [placed(services, shop, "US", "750.00", ago=ago) for ago in (0, 1)]

    found = compared(services, shop, *pair)

    assert limits(found)["us.informal.limit"] == ("2500.00 USD", ("1500.00 USD", "1500.00 USD"), "3000.00 USD")
    assert (found.rule.id, found.is_split_refused) == ("us.141.51", True)


def test_in_the_union_an_order_is_a_consignment(services: Services, shop: tuple[Actor, str]) -> None:
    """Two orders of one day of 100 EUR may go apart, one order of 200 EUR may not be cut in two."""
    pair = [placed(services, shop, "ES", "50.00", "EUR") for _ in range(2)]
    one = placed(services, shop, "ES", "100.00", "EUR")

    apart = compared(services, shop, *pair)
    cut = consolidation.split(services, shop[0], one.id, [(1,), (1,)], on=date(2026, 11, 23))

    assert ("eu.flat.limit" in limits(apart), apart.tie, apart.is_split_refused) == (True, "one_day", False)
    assert ("eu.flat.limit" in limits(cut), cut.tie, cut.is_split_refused) == (True, "one_order", True)
    assert {apart.rule.id, cut.rule.id} == {"eu.low_value_guide"}


def test_without_a_text_the_rule_is_the_houses_and_says_so(services: Services, shop: tuple[Actor, str]) -> None:
    """In Chile two orders of one day of 300 USD pass 500 USD: refused by a rule that says it is no law."""
    pair = [placed(services, shop, "CL", "150.00") for _ in range(2)]

    told = data(compared(services, shop, *pair), "es")

    assert (told["split"], told["rule"]["status"], told["rule"]["sources"]) == ("refused", "house", [])
    assert told["rule"]["what"].startswith("Una regla de la casa")


def test_a_split_below_every_limit_is_allowed(services: Services, shop: tuple[Actor, str]) -> None:
    """Where the whole keeps to every limit nothing is evaded by sending it in two."""
    one = placed(services, shop, "PE", "60.00")

    found = consolidation.split(services, shop[0], one.id, [(1,), (1,)], on=date(2026, 11, 23))

    assert (found.crossings, found.is_split_refused) == ((), False)


def test_both_ways_are_quotes_and_add_up(services: Services) -> None:
    """With a box and the illustrative card each way has its freight; what is saved is the difference of the totals."""
    shop = sell(services, stock=None)
    boxes.add_box(services, shop[0], boxes.SaidBox("Mediana", (320, 240, 120), 180, 10_000, 4))
    pair = [placed(services, shop, "US", "25.00", ago=ago) for ago in (0, 1)]

    found = compared(services, shop, *pair)

    sums = {name: found.sums(name) for name in consolidation.TOTALS}
    assert all(
        apart.minor - whole.minor == saved.minor for apart, whole, saved in sums.values() if apart and whole and saved
    )
    assert [one.packing.by for one in found.apart] == ["weight", "weight"]
    goods, fees = sums["goods"], sums["fees"]
    assert [str(one) for one in goods] == ["100.00 USD", "100.00 USD", "0.00 USD"]
    assert [str(one) for one in fees] == ["2.76 USD", "1.38 USD", "1.38 USD"]


def test_what_cannot_go_together_is_told(services: Services, shop: tuple[Actor, str]) -> None:
    """Another address, other terms, an order that is over, and one alone."""
    first = placed(services, shop, "PE", "60.00")
    other = placed(services, shop, "PE", "60.00", channel="postal")
    gone = placed(services, shop, "PE", "60.00")
    add(services, gone.id, event("cancelled", source="seller"))

    found = {}
    for name, ids in (("two", [first.id]), ("terms", [first.id, other.id]), ("gone", [first.id, gone.id])):
        with pytest.raises(RequestError) as told:
            consolidation.compare(services, shop[0], ids)
        found[name] = [one.code for one in told.value.problems]

    assert found == {"two": ["consolidation.two"], "terms": ["consolidation.terms"], "gone": ["consolidation.gone"]}


@pytest.mark.parametrize("parcels", [[(2,)], [(1,), (2,)], [(2,), (0,)], [(3,), (-1,)], [(1, 0), (1, 0)]])
def test_every_piece_is_in_exactly_one_parcel(
    services: Services, shop: tuple[Actor, str], parcels: list[tuple[int, ...]]
) -> None:
    """A split that loses a piece, doubles one or has an empty parcel is refused as it was said."""
    one = placed(services, shop, "PE", "60.00")

    with pytest.raises(RequestError) as told:
        consolidation.split(services, shop[0], one.id, parcels)

    assert [one.code for one in told.value.problems] == ["consolidation.pieces"]


def test_companions_are_open_orders_of_the_same_person(services: Services) -> None:
    """Another open order to the same market is named; one of another market or shop is not."""
    shop, other = sell(services, stock=None), sell(services, stock=None)
    first, second = placed(services, shop, "PE", "60.00"), placed(services, shop, "PE", "60.00")
    placed(services, shop, "CL", "60.00")
    placed(services, other, "PE", "60.00")

    assert companions(services, shop[0], first) == [(second.id, second.number)]


def test_every_rule_is_dated_and_sourced() -> None:
    """Each rule but the house's has a source and says how far its evidence reaches, in three languages."""
    for one in rules():
        assert set(one.what) == {"en", "es", "pt"}
        assert (one.status == "house") is (not one.sources) is (one.known_until is None)
    assert rules()[-1].countries == {"*"}
