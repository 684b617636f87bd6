"""What sells where: shares, rhythms, winners, goals and trials, each worked by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.sales import (
    WHOLE,
    MarketSales,
    Progress,
    Rhythm,
    Sale,
    Trial,
    Winner,
    concentration,
    progress,
    rhythms,
    thin_markets,
    trial,
    winners,
)

TODAY = date(2026, 11, 27)


def sale(market: str, value: int, days_ago: int = 0, listing: str = "playera", order: str | None = None) -> Sale:
    """Return one sale, each an order of its own unless it is named."""
    on = TODAY - timedelta(days=days_ago)
    return Sale(order or f"{market}-{days_ago}-{value}-{listing}", market, listing, on, 1, value)


def test_two_markets_of_three_and_one_quarters() -> None:
    """75² + 25² = 6,250, as many as 1.6 equal markets; two lines of one order are one order."""
    sold = [sale("US", 200, 9, order="1"), sale("US", 100, 9, order="1"), sale("CL", 100, 2)]

    found = concentration(sold)
    assert found is not None
    assert (found.hhi, found.equal_markets) == (6_250, 16)
    nine_days_ago, two_days_ago = TODAY - timedelta(days=9), TODAY - timedelta(days=2)
    assert found.markets == (
        MarketSales("US", 1, 300, 7_500, nine_days_ago, nine_days_ago),
        MarketSales("CL", 1, 100, 2_500, two_days_ago, two_days_ago),
    )


@pytest.mark.parametrize("sold", [[], [sale("US", 0)]])
def test_without_sales_of_value_nothing_is_concentrated(sold: list[Sale]) -> None:
    """There is no index of nothing."""
    assert concentration(sold) is None


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(1, 10**9)), min_size=1))
def test_the_index_lies_between_equal_shares_and_one_market_alone(rows: list[tuple[str, int]]) -> None:
    """Never under ten thousand by the number of markets, never over ten thousand."""
    found = concentration([sale(market, value, number) for number, (market, value) in enumerate(rows)])

    assert found is not None
    assert WHOLE // len(found.markets) <= found.hhi <= WHOLE


@pytest.mark.parametrize(
    ("since", "state"), [(0, "steady"), (19, "steady"), (20, "quiet"), (29, "quiet"), (30, "cold"), (90, "cold")]
)
def test_a_market_goes_cold_by_its_own_rhythm(since: int, state: str) -> None:
    """Four days with orders ten days apart: quiet after twenty days without one, cold after thirty."""
    sold = [sale("US", 100, since + pause) for pause in (0, 10, 20, 30)]

    assert rhythms(sold, TODAY) == (Rhythm("US", state, since, 100, TODAY - timedelta(days=since)),)  # type: ignore[arg-type]  # the six words


def test_three_orders_have_no_rhythm_yet() -> None:
    """Two pauses say nothing; several orders of one day are one day."""
    sold = [sale("US", value, days) for value, days in ((1, 300), (2, 200), (3, 200), (4, 100))]

    assert rhythms(sold, TODAY) == (Rhythm("US", "new", 100, None, TODAY - timedelta(days=100)),)


def test_only_the_last_twelve_pauses_make_the_rhythm() -> None:
    """A market that was slow years ago and orders daily now is cold after three days."""
    sold = [sale("US", 1, days) for days in (*range(3, 16), 900, 1_800)]

    assert [(one.state, one.pause) for one in rhythms(sold, TODAY)] == [("cold", 10)]


def test_what_is_cold_stands_first() -> None:
    """Then what is quiet, what is steady, and what is too new to tell."""
    sold = [sale("NEW", 1, 1)]
    for market, since in (("STEADY", 0), ("COLD", 40), ("QUIET", 25)):
        sold += [sale(market, 1, since + pause) for pause in (0, 10, 20, 30)]

    assert [one.market for one in rhythms(sold, TODAY)] == ["COLD", "QUIET", "STEADY", "NEW"]


def test_winners_are_told_with_the_markets_that_lack_them() -> None:
    """The best sold first; a market where the seller sells nothing of it is the next to localise it for."""
    sold = [sale("US", 500), sale("CL", 100, listing="taza"), sale("US", 50, 1, listing="taza")]

    assert winners(sold, ["US", "CL", "MX"]) == (
        Winner("playera", 500, 1, ("US",), ("CL", "MX")),
        Winner("taza", 150, 2, ("CL", "US"), ("MX",)),
    )
    assert [one.listing for one in winners(sold, [], most=1)] == ["playera"]


@pytest.mark.parametrize(
    ("reached", "today", "found"),
    [
        (0, date(2026, 10, 31), Progress(0, 1_000, 0, "on_pace")),
        (499, date(2026, 11, 15), Progress(499, 1_000, 500, "on_pace")),
        (449, date(2026, 11, 15), Progress(449, 1_000, 500, "behind")),
        (551, date(2026, 11, 15), Progress(551, 1_000, 500, "ahead")),
        (1_000, date(2026, 11, 15), Progress(1_000, 1_000, 500, "reached")),
        (999, date(2026, 12, 1), Progress(999, 1_000, 1_000, "missed")),
    ],
)
def test_a_goal_is_held_against_an_even_pace(reached: int, today: date, found: Progress) -> None:
    """November has thirty days: half of the target by the fifteenth, and a tenth of that either way is on pace."""
    sold = [Sale("1", "US", "a", date(2026, 11, 1), 1, reached), Sale("2", "US", "a", date(2026, 10, 31), 1, 5)]
    window = (date(2026, 11, 1), date(2026, 11, 30))

    assert progress(sold, "US", 1_000, *window, today) == found
    assert progress(sold, "*", 1_000, *window, today) == found
    assert progress(sold, "CL", 1_000, *window, today).reached == 0


@pytest.mark.parametrize(
    ("spent", "brought", "ends_on", "found"),
    [
        (0, 0, TODAY, Trial(0, 100, 0, 1, "open")),
        (99, 98, TODAY, Trial(99, 100, 98, 1, "open")),
        (99, 99, TODAY, Trial(99, 100, 99, 1, "paid_back")),
        (100, 0, TODAY, Trial(100, 100, 0, 1, "spent")),
        (10, 0, TODAY - timedelta(days=1), Trial(10, 100, 0, 0, "ended")),
    ],
)
def test_a_trial_stops_at_its_cap_or_its_day(spent: int, brought: int, ends_on: date, found: Trial) -> None:
    """What it brought counts first: a trial that paid for itself is no failure for having cost its cap."""
    assert trial(spent, 100, brought, ends_on, TODAY) == found


def test_markets_with_few_orders_lately_are_thin() -> None:
    """Two orders since the day are thin, three are not, and older ones do not count."""
    sold = [sale("US", 1, days) for days in (1, 2, 3)] + [sale("CL", 1, days) for days in (1, 2, 99)]

    assert thin_markets(sold, TODAY - timedelta(days=90)) == ("CL",)
