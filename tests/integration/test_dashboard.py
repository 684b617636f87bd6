"""The dashboard over a real database: past sales read strictly, goals, trials, the matrix; on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic_core import to_json
from sqlalchemy import select

from landed_cost.cells import TableError
from listings.model import Listing
from listings.sales import Progress, Sale, Trial
from shopkit import db
from shopkit.models import AuditEntry, Seller
from shopkit.services import companies, dashboard, goals, listings, plans, quotes, sales
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import Services
from tests.shop import NOW, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.context import LawInForce

ANA, EVA = (Actor(seller, "editor", user) for seller, user in (("s_1", "u_ana"), ("s_2", "u_eva")))
VIEWER = replace(ANA, role="viewer")
TODAY = date(2026, 11, 23)
PRICE = {"price": {"amount": "300", "currency": "MXN"}}
HEAD = "order,market,listing,date,quantity,value,currency\n"
FILE = HEAD + (
    "1001,US,playera,2026-09-01,2,600.00,MXN\n"
    "1001,US,T-1,2026-09-01,1,150.00,MXN\n"
    "1002,CL,playera,2026-10-05,1,18.00,USD\n"
)


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> LawInForce:
    """Return the law that ships, loaded once."""
    from shopkit.services.context import LawInForce  # noqa: PLC0415

    return LawInForce(settings(tmp_path_factory.mktemp("law")))


@pytest.fixture
def services(tmp_path: Path, database_url: str, law: LawInForce) -> Iterator[Services]:
    """Return a shop with two sellers; the first has a T-shirt, a mug without a price, and a service."""
    database = db.open_database(database_url)
    found = Services(settings(tmp_path), database, law, now=lambda: NOW)
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    yield found
    database.dispose()


def make(services: Services, key: str, **more: Any) -> str:
    """Keep a listing of Ana's and return its id."""
    return listings.create_listing(
        services, ANA, Listing.model_validate_json(to_json({"key": key, "title": key} | more))
    ).id


def shirt(services: Services, **more: Any) -> str:
    """Keep the T-shirt and return its id."""
    own: dict[str, Any] = {
        "hs_code": "610910",
        "origin": "MX",
        "weight": {"value": "0.2", "unit": "kg"},
        "price": {"price": {"amount": "300", "currency": "MXN"}, "cost": {"amount": "100", "currency": "MXN"}},
    }
    return make(services, "playera", **(own | more))


def mug(services: Services) -> str:
    """Keep the mug, which has no price, and return its id."""
    return make(services, "taza", variants=[{"sku": "T-1"}])


# -- past sales ---------------------------------------------------------------------------------------------------
def test_a_file_of_sales_is_kept_once(services: Services) -> None:
    """Keys and SKUs name listings, lines of an order count themselves, and the same file again changes nothing."""
    shirts, mugs = shirt(services), mug(services)

    first = sales.import_sales(services, ANA, FILE, "ventas.csv")
    again = sales.import_sales(services, ANA, FILE, "ventas.csv")

    assert (first.new, first.same, first.orders) == (3, 0, 2)
    assert again == sales.Imported(None, 0, 3, 2)
    told = sales.sales_of(services, ANA, "MXN")
    dollars = services.rulebook.rates.convert_minor(1800, "USD", "MXN")
    assert told.sales == (
        Sale("1001", "US", shirts, date(2026, 9, 1), 2, 60000),
        Sale("1001", "US", mugs, date(2026, 9, 1), 1, 15000),
        Sale("1002", "CL", shirts, date(2026, 10, 5), 1, dollars),
    )
    assert told.converted == (("USD", services.rulebook.rates.rate("USD", "MXN").date),)


def test_a_trial_run_keeps_nothing(services: Services) -> None:
    """``dry_run`` counts and forgets."""
    shirt(services)
    mug(services)

    found = sales.import_sales(services, ANA, FILE, "ventas.csv", dry_run=True)

    assert found == sales.Imported(None, 3, 0, 2)
    assert sales.sales_of(services, ANA, "MXN").sales == ()


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("1,XX,playera,2026-09-01,1,5,MXN", "'XX' is no country"),
        ("1,US,player,2026-09-01,1,5,MXN", "is it playera?"),
        ("1,US,=cmd(),2026-09-01,1,5,MXN", "make the listing first"),
        ("1,US,playera,2026-11-24,1,5,MXN", "is still to come"),
        ("1,US,playera,2026-09-31,1,5,MXN", "is not a date"),
        ("1,US,playera,2026-09-01,0,5,MXN", "is not a whole number"),
        ("1,US,playera,2026-09-01,1,0,MXN", "0 is not possible"),
        ("1,US,playera,2026-09-01,1,5.005,MXN", "more decimals than MXN"),
        ('1,US,playera,2026-09-01,1,"5,50",MXN', "decimal point"),
        ("1,US,playera,2026-09-01,1,5,ABC", "no currency that is in use"),
        ("1,US,playera,2026-09-01,1,5", "6 cells where the first row has 7"),
    ],
)
def test_a_wrong_row_is_told_and_nothing_is_kept(services: Services, row: str, wrong: str) -> None:
    """Row, column and what to write instead; the right rows around it wait."""
    shirt(services)
    right = "0,US,playera,2026-09-01,1,5,MXN\n"

    with pytest.raises(TableError, match=r".") as caught:
        sales.import_sales(services, ANA, HEAD + right + row + "\n", "ventas.csv")

    assert [one.row for one in caught.value.problems] == [3]
    assert wrong in caught.value.problems[0].message
    assert sales.sales_of(services, ANA, "MXN").sales == ()


def test_a_known_line_must_say_the_same(services: Services) -> None:
    """Other figures under the same order and line are no correction: the import that brought it is undone first."""
    shirt(services)
    mug(services)
    made = sales.import_sales(services, ANA, FILE, "ventas.csv")

    with pytest.raises(TableError, match=f"with another value; undo that import first .shopkit sales undo {made.id}"):
        sales.import_sales(services, ANA, FILE.replace("600.00", "601.00"), "ventas.csv")


def test_an_order_goes_to_one_market(services: Services) -> None:
    """A second market of an order is a slip of the file."""
    shirt(services)

    with pytest.raises(TableError, match="order 7 goes to US in row 2"):
        sales.import_sales(
            services, ANA, HEAD + "7,US,playera,2026-09-01,1,5,MXN\n7,CL,playera,2026-09-01,1,5,MXN\n", "v.csv"
        )


def test_an_import_is_taken_back_whole(services: Services) -> None:
    """Its lines are gone, it is not listed, taking it back twice finds nothing, and it can be brought again."""
    shirt(services)
    mug(services)
    made = sales.import_sales(services, ANA, FILE, "ventas.csv")
    assert made.id is not None

    assert sales.undo_import(services, ANA, made.id) == 3
    assert (sales.sales_of(services, ANA, "MXN").sales, sales.imports(services, ANA)) == ((), ())
    with pytest.raises(sales.ImportNotFoundError):
        sales.undo_import(services, ANA, made.id)
    assert sales.import_sales(services, ANA, FILE, "ventas.csv").new == 3


# -- whose it is --------------------------------------------------------------------------------------------------
def test_nobody_reaches_another_sellers_rows(services: Services) -> None:
    """Sales, imports, goals, plan and rows: another seller's are not there, and a viewer changes nothing."""
    id_ = shirt(services)
    mug(services)
    made = sales.import_sales(services, ANA, FILE, "ventas.csv")
    trial = goals.create_goal(services, ANA, asked("trial"), TODAY)
    plans.choose_markets(services, ANA, ["US"])

    assert sales.sales_of(services, EVA, "MXN").sales == ()
    assert (sales.imports(services, EVA), goals.goals(services, EVA)) == ((), ())
    assert plans.get_plan(services, EVA) == plans.KeptPlan()
    with pytest.raises(sales.ImportNotFoundError):
        sales.undo_import(services, EVA, str(made.id))
    for change in (goals.remove_goal, goals.restore_goal):
        with pytest.raises(goals.GoalNotFoundError):
            change(services, EVA, trial.id)
    with pytest.raises(goals.GoalNotFoundError):
        goals.spend(services, EVA, trial.id, 100)
    with pytest.raises(listings.ListingNotFoundError):
        dashboard.open_row(services, EVA, id_, "es")
    for attempt in (
        lambda: sales.import_sales(services, VIEWER, FILE, "v.csv"),
        lambda: sales.undo_import(services, VIEWER, str(made.id)),
        lambda: goals.create_goal(services, VIEWER, asked("goal"), TODAY),
        lambda: goals.spend(services, VIEWER, trial.id, 100),
        lambda: goals.remove_goal(services, VIEWER, trial.id),
        lambda: goals.restore_goal(services, VIEWER, trial.id),
        lambda: plans.choose_markets(services, VIEWER, ["US"]),
        lambda: plans.show_first_steps(services, VIEWER, shown=False),
        lambda: plans.answer_questions(services, VIEWER, {}),
    ):
        with pytest.raises(ForbiddenError):
            attempt()


# -- goals --------------------------------------------------------------------------------------------------------
def asked(kind: str, **more: Any) -> goals.Asked:
    """Return a goal of 1,000 MXN in the United States over the last quarter, with some parts replaced."""
    given: dict[str, Any] = {
        "kind": kind,
        "market": "US",
        "amount": 100_000,
        "currency": "MXN",
        "starts_on": date(2026, 9, 1),
        "ends_on": date(2026, 12, 31),
    }
    return goals.Asked(**(given | more))


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"kind": "wish"}, "kind", "kind"),
        ({"kind": "trial", "market": "*"}, "market", "everywhere"),
        ({"market": "XX"}, "market", "market"),
        ({"amount": 0}, "amount", "amount"),
        ({"amount": 10**15 + 1}, "amount", "amount"),
        ({"currency": "ABC"}, "currency", "currency"),
        ({"ends_on": date(2026, 8, 31)}, "ends_on", "order"),
        ({"ends_on": date(2026, 11, 22)}, "ends_on", "over"),
        ({"ends_on": date(2031, 9, 6)}, "ends_on", "long"),
    ],
)
def test_a_goal_that_cannot_be_is_refused(services: Services, more: dict[str, Any], field: str, code: str) -> None:
    """The wrong part is named, with what is wrong."""
    with pytest.raises(goals.GoalError) as caught:
        goals.create_goal(services, ANA, replace(asked("goal"), **more), TODAY)

    assert (caught.value.field, caught.value.code) == (field, code)
    assert goals.goals(services, ANA) == ()


def test_a_goal_stands_by_its_own_sales(services: Services) -> None:
    """750.00 of 1,000.00 after 84 of 122 days: an even pace would be at 688.52, so it is on pace (within a tenth)."""
    shirt(services)
    mug(services)
    sales.import_sales(services, ANA, FILE, "ventas.csv")
    goals.create_goal(services, ANA, asked("goal"), TODAY)

    (found,) = dashboard.open_board(services, ANA, "en").goals

    assert found.result == Progress(75_000, 100_000, 68_852, "on_pace")


def test_a_trial_knows_what_is_left_only_where_costs_are_known(services: Services) -> None:
    """The mug has no cost, so nobody knows what the trial left; with its cost, 750.00 - 2 × 100.00 - 50.00 is left."""
    shirt(services)
    mugs = mug(services)
    sales.import_sales(services, ANA, FILE, "ventas.csv")
    made = goals.create_goal(services, ANA, asked("trial"), TODAY)
    goals.spend(services, ANA, made.id, 50_000)

    (before,) = dashboard.open_board(services, ANA, "en").goals
    kept = listings.get_listing(services, ANA, mugs)
    costed = kept.listing.model_copy(
        update={
            "price": Listing.model_validate_json(
                b'{"key":"a","title":"a","price":{"cost":{"amount":"50","currency":"MXN"}}}'
            ).price
        }
    )
    listings.save_listing(services, ANA, mugs, costed, kept.version)
    (after,) = dashboard.open_board(services, ANA, "en").goals

    assert (before.sold, before.brought, before.unknown) == (75_000, None, (mugs,))
    assert before.result == Trial(50_000, 100_000, 0, 39, "open")
    assert (after.sold, after.brought, after.unknown) == (75_000, 50_000, ())
    assert after.result == Trial(50_000, 100_000, 50_000, 39, "paid_back")


def test_spending_counts_up_and_may_be_taken_back(services: Services) -> None:
    """Never below nothing, and a goal costs nothing."""
    made = goals.create_goal(services, ANA, asked("trial"), TODAY)
    aim = goals.create_goal(services, ANA, asked("goal"), TODAY)

    goals.spend(services, ANA, made.id, 70_000)
    assert goals.spend(services, ANA, made.id, -20_000).spent == 50_000
    for id_, amount, code in ((made.id, -50_001, "amount"), (made.id, 0, "amount"), (aim.id, 5, "not_trial")):
        with pytest.raises(goals.GoalError) as caught:
            goals.spend(services, ANA, id_, amount)
        assert caught.value.code == code


def test_a_goal_that_was_removed_comes_back(services: Services) -> None:
    """Removing is undone by restoring, and both are written down."""
    made = goals.create_goal(services, ANA, asked("goal"), TODAY)

    goals.remove_goal(services, ANA, made.id)
    assert goals.goals(services, ANA) == ()
    goals.restore_goal(services, ANA, made.id)
    assert goals.goals(services, ANA) == (made,)
    with services.database.reading() as session:
        deeds = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert deeds == ["goal.set", "goal.removed", "goal.restored"]


# -- the board ----------------------------------------------------------------------------------------------------
def test_an_empty_shop_is_told_so(services: Services) -> None:
    """No sales, no listings, no figure made up: only first steps, none of them done."""
    found = dashboard.open_board(services, ANA, "es")

    assert (found.told.sales, found.concentration, found.rhythms, found.winners) == ((), None, (), ())
    assert (found.rows, found.best, found.first, found.markets, found.nudge) == ((), None, (), (), None)
    assert [one.id for one in found.steps if one.done] == []
    assert (found.assessed.low, found.assessed.high) == (0, 100)


def test_the_matrix_says_what_a_quote_says(services: Services) -> None:
    """A cell has the figures of the quote of one piece; where nobody could ask, it says why."""
    shirt(services)
    mug(services)
    make(services, "taller", kind="service")
    plans.choose_markets(services, ANA, ["US", "MX"])

    found = dashboard.open_board(services, ANA, "en")

    rows = {row.kept.listing.key: row.cells for row in found.rows}
    answer = quotes.answer(
        services,
        {
            "date": "2026-11-23",
            "dispatch": {"country": "MX"},
            "destination": {"country": "US"},
            "channel": "courier",
            "terms": "DAP",
            "currency": "MXN",
            "items": [
                {
                    "description": "playera",
                    "quantity": "1",
                    "unit_price": {"amount": "300", "currency": "MXN"},
                    "hs_code": "610910",
                    "origin": "MX",
                    "weight": {"value": "0.2", "unit": "kg"},
                }
            ],
        },
        save=False,
    ).stored
    us, home = rows["playera"]
    assert (us.landed, us.low, us.high) == (
        answer["totals"]["landed"],
        answer["range"]["landed"]["low"],
        answer["range"]["landed"]["high"],
    )
    assert us.outcome == answer["assessment"]["outcome"]
    assert (home.outcome, home.why) == ("unasked", "home")
    assert [(one.outcome, one.why) for one in rows["taza"]] == [("unasked", "no_price"), ("unasked", "home")]
    assert [one.why for one in rows["taller"]] == ["not_goods", "home"]


def test_a_market_that_a_listing_leaves_out_is_not_asked(services: Services) -> None:
    """Neither where the market is excluded nor where none of its variants is offered there."""
    variants = [{"sku": "A"}, {"sku": "B"}]
    shirt(
        services,
        variants=variants,
        markets=[
            {"market": "US", "included": False},
            {"market": "CL", "variants": []},
            {"market": "CO", "variants": ["B"]},
        ],
    )
    plans.choose_markets(services, ANA, ["US", "CL", "CO"])

    (row,) = dashboard.open_board(services, ANA, "en").rows

    assert [(one.why, one.sku) for one in row.cells] == [("not_offered", None), ("not_offered", None), (None, "B")]


def test_a_cell_is_worked_out_once(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second opening asks no quote; a changed listing asks its own anew."""
    id_ = shirt(services)
    plans.choose_markets(services, ANA, ["US", "CL"])
    dashboard.open_board(services, ANA, "en")
    asked_for: list[str] = []
    real = quotes.answer

    def counted(of: Services, value: Any, *, save: bool | None = None) -> quotes.Answer:
        asked_for.append(value["destination"]["country"])
        return real(of, value, save=save)

    monkeypatch.setattr(quotes, "answer", counted)
    dashboard.open_board(services, ANA, "en")
    assert asked_for == []
    kept = listings.get_listing(services, ANA, id_)
    listings.save_listing(services, ANA, id_, kept.listing.model_copy(update={"origin": "CN"}), kept.version)
    dashboard.open_board(services, ANA, "en")
    assert set(asked_for[-2:]) == {"US", "CL"}


def test_markets_are_proposed_until_some_are_chosen(services: Services) -> None:
    """Those sold to come first, then the best to try; what is chosen stands as it is chosen."""
    shirt(services)
    mug(services)
    sales.import_sales(services, ANA, FILE, "ventas.csv")

    proposed = dashboard.open_board(services, ANA, "en")
    plans.choose_markets(services, ANA, ["PE", "US", "PE"])
    chosen = dashboard.open_board(services, ANA, "en")

    assert (proposed.proposed, proposed.markets[:2], len(proposed.markets) > 2) == (True, ("US", "CL"), True)
    assert (chosen.proposed, chosen.markets) == (False, ("PE", "US"))


def test_only_covered_markets_can_be_chosen(services: Services) -> None:
    """An unknown one is named, and eleven are too many."""
    with pytest.raises(plans.MarketsError) as caught:
        plans.choose_markets(services, ANA, ["US", "JP"])
    with pytest.raises(plans.MarketsError):
        plans.choose_markets(services, ANA, sorted(services.rulebook.destinations)[:11])

    assert caught.value.wrong == ("JP",)
    assert plans.get_plan(services, ANA).markets == ()


def test_past_the_end_the_last_page_is_shown(services: Services) -> None:
    """An empty page would look like an empty shop."""
    shirt(services)

    found = dashboard.open_board(services, ANA, "en", page=7)

    assert (found.page, found.total, len(found.rows)) == (1, 1, 1)


def test_thin_attention_is_told(services: Services) -> None:
    """Four markets chosen, one sale in one of them: the others are named, and so is the one with a single order."""
    shirt(services)
    sales.import_sales(services, ANA, HEAD + "1,US,playera,2026-09-01,1,5,MXN\n", "v.csv")
    plans.choose_markets(services, ANA, ["US", "CL", "CO", "PE"])

    assert dashboard.open_board(services, ANA, "en").nudge == dashboard.Nudge(
        4, ("CL", "CO", "PE"), ("US",), date(2026, 5, 27)
    )


def test_no_step_is_ticked_off_that_one_of_many_products_lacks(services: Services) -> None:
    """Behind five hundred products that were changed since, the one that nobody weighed still counts."""
    make(services, "sin-peso")
    whole = {"hs_code": "610910", "weight": {"value": "1", "unit": "kg"}, "price": PRICE}
    with services.database.writing.begin() as session:
        for number in range(500):
            listing = Listing.model_validate_json(to_json({"key": f"p{number}", "title": "P"} | whole))
            listings.insert(session, ANA, listing, NOW + timedelta(days=1), via="web")

    wanted = ("price", "weight", "hs_code")

    def steps() -> list[tuple[bool, int]]:
        # As the board has them, without pricing its products for every market.
        company, plan = companies.get_company(services, ANA), plans.get_plan(services, ANA)
        total = listings.find_listings(services, ANA).total
        found = {one.id: (one.done, one.lacking) for one in dashboard._steps(services, ANA, company, plan, total)}
        return [found[name] for name in wanted]

    before = steps()
    (kept,) = listings.find_listings(services, ANA, text="sin-peso").listings
    listings.save_listing(
        services, ANA, kept.id, Listing.model_validate_json(to_json({"key": "sin-peso", "title": "P"} | whole)), 1
    )

    assert before == [(False, 1)] * 3
    assert steps() == [(True, 0)] * 3


def test_first_steps_tick_themselves_off(services: Services) -> None:
    """What is done is seen in the shop's own rows, and what listings lack is counted."""
    shirt(services)
    mug(services)
    plans.choose_markets(services, ANA, ["US"])
    plans.answer_questions(services, ANA, {"product.proven": "yes", "nothing.of": "yes", "costs.known": "maybe"})
    plans.show_first_steps(services, ANA, shown=False)

    found = dashboard.open_board(services, ANA, "en")

    assert {one.id: one.lacking for one in found.steps if not one.done} == {
        "company": 0,
        "tax_number": 0,
        "import": 0,
        "price": 1,
        "weight": 1,
        "hs_code": 1,
        "key": 0,
    }
    assert found.plan.dismissed
    assert (found.assessed.answered, found.assessed.low, found.assessed.high) == (1, 8, 100)


def test_an_answer_may_be_taken_back(services: Services) -> None:
    """What is answered stays until it is answered otherwise or with nothing."""
    plans.answer_questions(services, ANA, {"product.proven": "yes", "costs.known": "no"})
    plans.answer_questions(services, ANA, {"product.proven": "", "capacity.more": "partly"})

    assert plans.get_plan(services, ANA).answers == {"costs.known": "no", "capacity.more": "partly"}
