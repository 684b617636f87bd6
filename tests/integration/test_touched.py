"""What a change of rules touches of a seller's listings and quotes, step by step; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pydantic_core import to_json

from listings.model import Listing
from shopkit import db
from shopkit.models import Seller
from shopkit.services import alerts as alerts_
from shopkit.services import freight, listings, plans, quotes, sales
from shopkit.services.actors import Actor
from shopkit.services.alerts import Side, View
from shopkit.services.context import Services
from shopkit.services.keeping import keep
from shopkit.services.problems import RequestError
from shopkit.services.subjects import KeptQuotes, kinds_of, markets_of, walk
from shopkit.services.touched import Unasked, closed_ways, look
from tests.shop import NOW, open_shop, settings, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.context import LawInForce
    from shopkit.services.touched import Looked

ANA, EVA = Actor("s_1", "editor"), Actor("s_2", "editor")
EVE, DAY = date(2026, 7, 23), date(2026, 7, 24)
CARD = """service,channel,zone,countries,up_to_kg,price,currency,min_days,max_days
Express,courier,us,US,1,10.00,USD,3,5
"""


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> LawInForce:
    """Return the law that ships, loaded once."""
    from shopkit.services.context import LawInForce  # noqa: PLC0415

    return LawInForce(settings(tmp_path_factory.mktemp("law")))


@pytest.fixture
def services(tmp_path: Path, database_url: str, law: LawInForce) -> Iterator[Services]:
    """Return a shop with two sellers of Mexico who reckon in dollars; both compare the United States and Chile."""
    database = db.open_database(database_url)
    found = Services(settings(tmp_path), database, law, now=lambda: NOW)
    furnish(found)
    yield found
    database.dispose()


def furnish(services: Services) -> None:
    """Make the two sellers."""
    with services.database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, slug=f"shop-{id_[-1]}", created_at=NOW, name=id_, country="MX", currency="USD"))
    for actor in (ANA, EVA):
        plans.choose_markets(services, actor, ["US", "CL"])


def shirt(services: Services, actor: Actor = ANA, **more: Any) -> str:
    """Keep a cotton T-shirt of Vietnam for 20.00 USD and return its id."""
    own: dict[str, Any] = {
        "key": "playera",
        "title": "Playera",
        "hs_code": "610910",
        "origin": "VN",
        "weight": {"value": "0.2", "unit": "kg"},
        "price": {"price": {"amount": "20", "currency": "USD"}},
    }
    return listings.create_listing(services, actor, Listing.model_validate_json(to_json(own | more))).id


def changed(services: Services, actor: Actor = ANA, first: date = EVE, last: date = DAY, **more: Any) -> Looked:
    """Return what changed for a seller from the day on which the surcharge ended to the next."""
    return look(services, actor, View(services.rulebook, first), View(services.rulebook, last), **more)


def test_a_listing_that_comes_to_something_else(services: Services) -> None:
    """On 2026-07-24 the forced-labour duty of 12.5 % took the place of the surcharge of 10 %.

    Worked by hand: 20.00 × 16.5 % = 3.30, express fee 1.34; before 20.00 × 10 % = 2.00: 26.64 at the door; after
    20.00 × 12.5 % = 2.50: 27.14. Freight is not given: up to half the goods' value of room above, 10.00. Chile is not
    touched.
    """
    id_ = shirt(services)

    found = changed(services)

    (one,) = found.alerts
    assert (one.subject.kind, one.subject.id, one.subject.seller, one.subject.destination) == (
        "listing",
        id_,
        "s_1",
        "US",
    )
    sides = [(side.outcome, side.landed, side.low, side.high, side.import_charges) for side in (one.before, one.after)]
    assert sides == [
        ("estimated", "26.64", "26.64", "36.64", "6.64"),
        ("estimated", "27.14", "27.14", "37.14", "7.14"),
    ]
    assert (one.difference, one.per_piece, one.currency) == (Decimal("0.50"), Decimal("0.50"), "USD")
    rules = {rule.id: (rule.before, rule.after) for rule in one.touched if rule.is_plain}
    assert rules == {"us.s122": (Decimal("2.00"), None), "us.s301fl.rate125": (None, Decimal("2.50"))}
    assert found.counts == {"listing": 1}


def test_only_what_can_be_touched_is_reckoned(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chile's rules did not change between the two days: a listing is reckoned for the United States alone, twice."""
    shirt(services)
    asked = []
    real = quotes.reckon

    def counting(rulebook: Any, value: Any, today: date) -> Any:
        asked.append((value["destination"]["country"], value["date"]))
        return real(rulebook, value, today)

    monkeypatch.setattr(alerts_, "reckon", counting)

    changed(services)

    assert asked == [("US", "2026-07-23"), ("US", "2026-07-24")]


def test_same_money_by_other_rules_is_no_alert(services: Services) -> None:
    """Goods of Mexico paid 10 % the day before and 10 % the day after: nobody at the door notices."""
    shirt(services, origin="MX")

    found = changed(services)

    assert (found.alerts, found.counts) == ((), {"listing": 1})


def test_nobody_sees_what_another_seller_is_touched_by(services: Services) -> None:
    """Alerts are of the seller's own listings and quotes, and say whose they are."""
    shirt(services)
    mine = shirt(services, EVA, key="mia")
    quote = quotes.answer(services, shirts(save=True))
    keep(services, [quote.row("s_1")])

    found = changed(services, EVA, date(2026, 2, 1), DAY)

    assert {(one.subject.id, one.subject.seller) for one in found.alerts} == {(mine, "s_2")}
    kept = changed(services, ANA, date(2026, 2, 1), DAY).alerts
    assert ("quote", quote.id, "s_1") in [(one.subject.kind, one.subject.id, one.subject.seller) for one in kept]
    assert list(KeptQuotes(services, EVA).of([str(quote.id)])) == []


def test_markets_are_those_compared_sold_to_and_named_by_the_listing(services: Services) -> None:
    """A listing that leaves a market out is not asked there; home is no market."""
    id_ = shirt(services, markets=[{"market": "CL", "included": False}, {"market": "PE"}, {"market": "MX"}])
    head = "order,market,listing,date,quantity,value,currency\n"
    sales.import_sales(services, ANA, head + "1,CO,playera,2026-10-01,1,20,USD\n", "v.csv")

    things, _cursor = walk(kinds_of(services, ANA), None, 50, NOW.date())

    assert [(one.id, one.destination) for one in things[0].subjects] == [(id_, "US"), (id_, "CO"), (id_, "PE")]
    assert markets_of(services, ANA) == ("US", "CL", "CO")


def test_what_cannot_be_asked_is_said(services: Services) -> None:
    """Without a price nobody knows what a change does to a listing; a service crosses no border."""
    bare = shirt(services, price={})
    wrong = shirt(services, key="mal", hs_code="999999")
    listings.create_listing(services, ANA, Listing(key="taller", title="Taller", kind="service"))

    found = changed(services)

    assert set(found.unasked) == {
        Unasked("listing", bare, "Playera", "no_price"),
        Unasked("listing", wrong, "Playera", "request"),
    }
    assert (found.alerts, found.counts) == ((), {"listing": 2})


def test_a_refusal_is_told_as_one(services: Services) -> None:
    """Where one side has no figure there is no difference, and the reason stands beside it."""
    shirt(services)

    found = changed(services, first=date(2019, 1, 1))

    (one,) = [one for one in found.alerts if one.subject.destination == "US"]
    assert (one.before.outcome, one.before.landed, one.difference, one.per_piece) == ("refused", None, None, None)
    assert one.before.why("es")
    assert one.after.landed == "27.14"


def test_step_by_step_each_once(services: Services) -> None:
    """However many things there are, each comes in one step only, listings before quotes."""
    ids = sorted(shirt(services, key=f"p-{number}") for number in range(5))
    promised = [quotes.answer(services, shirts(save=True)) for _ in range(3)]
    keep(services, [quote.row("s_1") for quote in promised])
    seen, cursor, steps = [], None, 0
    while True:
        found = changed(services, first=date(2026, 2, 1), cursor=cursor, most=2)
        seen += [one.subject.id for one in found.alerts if one.subject.destination == "US"]
        steps += 1
        cursor = found.cursor
        if cursor is None:
            break

    assert seen == ids + sorted(str(quote.id) for quote in promised)
    assert steps == 5


@pytest.mark.parametrize("cursor", ["", "parcel:1", "listing", "listing:../x", "quote:" + "1" * 41])
def test_a_cursor_of_nobodys(services: Services, cursor: str) -> None:
    """What leads nowhere is refused, never taken for the beginning."""
    with pytest.raises(RequestError) as raised:
        changed(services, cursor=cursor)

    assert [(one.pointer, one.code) for one in raised.value.problems] == [("query:after", "query.cursor")]


def test_freight_stays_as_it_was_promised(services: Services) -> None:
    """A rate card that was replaced since is no change of rules: both sides have the freight of the kept answer."""
    freight.import_card(services, "s_1", "mine", CARD)
    asked = {name: value for name, value in shirts(save=True).items() if name != "freight"}
    quote = quotes.answer(services, asked | {"freight_service": {"card": "mine", "service": "Express"}}, seller="s_1")
    keep(services, [quote.row("s_1")])
    freight.import_card(services, "s_1", "mine", CARD.replace("10.00", "99.00"))

    (one,) = changed(services, first=date(2026, 2, 1), last=NOW.date()).alerts

    # 50.00 of goods, 10.00 of freight, and the 22.09 and 14.63 that test_alerts.py has for the same shirts.
    assert (one.before.landed, one.after.landed) == ("82.09", "74.63")


def test_two_rulebooks_are_not_compared_rule_by_rule(services: Services) -> None:
    """Between two versions everything may be touched; what comes to the same is no alert."""
    shirt(services)
    other = services.rulebook.with_rates(services.rulebook.rates)

    found = look(services, ANA, View(other), View(services.rulebook))

    assert found.alerts == ()


def test_a_paper_that_begins_is_told_as_one(services: Services) -> None:
    """On 2026-06-24 parcels by courier began to need an informal entry of type 11; the figure stayed what it was."""
    shirt(services)

    (one,) = changed(services, first=date(2026, 6, 23), last=date(2026, 6, 24)).alerts

    assert (one.subject.destination, one.difference) == ("US", Decimal("0.00"))
    assert {rule.id: rule.paper for rule in one.touched if rule.is_plain} == {"us.express.type11": "begins"}


def test_ways_that_closed_or_opened() -> None:
    """The Mexican post took no goods to the United States from 2025-08-27; that is told with its state on both days."""
    found = list(closed_ways("MX", ("CL", "US"), date(2025, 8, 26), date(2025, 9, 1)))

    assert [(one.lane.id, one.market, one.before, one.after) for one in found] == [
        ("lane.mx_us_postal_2025", "US", None, "closed")
    ]


def test_reasons_are_told_once() -> None:
    """A refusal stands before what only makes a figure less sure."""
    code = {"code": "freight.absent", "params": {}}
    side = Side("estimated", reasons=tuple({"level": level} | code for level in ("estimated", "refused", "estimated")))

    assert len(side.why("en")) == 1


class TestCommand:
    """``shopkit rulebook alerts``."""

    def test_listings_of_one_seller_and_of_all(self, run: Any, tmp_path: Path) -> None:
        """A line for each with before, after, difference, rules; without ``--seller`` it begins with the seller."""
        app = open_shop(tmp_path, datetime.now(UTC))
        services = app.extensions["shopkit"]
        furnish(services)
        id_ = shirt(services)
        shirt(services, price={}, key="sin-precio")
        services.database.dispose()
        days = ("--since", "2026-07-23", "--until", "2026-07-24")

        one = run("rulebook", "alerts", *days, "--seller", "shop-1")
        every = run("rulebook", "alerts", *days)
        other = run("rulebook", "alerts", *days, "--seller", "shop-2")

        line = f"listing {id_} “Playera” US: 26.64 estimated 26.64–36.64 → 27.14 estimated 27.14–37.14 (+0.50 USD); "
        assert one.stdout.startswith(line)
        assert every.stdout == f"shop-1 {one.stdout}"
        assert other.stdout == ""
        assert one.stderr.splitlines() == [
            "1 comes to something else, of 2 listings and 0 quotes still held to",
            "shopkit: 1 listing without a price, or with a fault in it: nothing can be said of it",
        ]

    @pytest.mark.parametrize(
        "words",
        [
            ("--since", "2026-07-23", "--until", "shipped"),
            ("--since", "shipped", "--until", "2026-07-24"),
            ("--since", "2026-07-23", "--until", "2026-07-32"),
            ("--until", "9.9"),
        ],
    )
    def test_words_that_do_not_go_together(self, run: Any, words: tuple[str, ...]) -> None:
        """Two days or two versions: what is wrong is said, and nothing is reckoned."""
        found = run("rulebook", "alerts", *words)

        assert (found.exit_code, found.stdout) == (1, "")
        assert words[-1] in found.stderr

    def test_nobody_of_that_name(self, run: Any) -> None:
        """A seller that there is not."""
        assert "there is no seller" in run("rulebook", "alerts", "--seller", "nadie").stderr
