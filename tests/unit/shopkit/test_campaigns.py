"""Campaigns of a shop: kept with their figures, planned for a day, their catalog, imports of figures, the command."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from listings.campaigns.audiences import Given, states
from shopkit.app import services_of
from shopkit.cli import main
from shopkit.services import campaigns, companies, demo, listings
from shopkit.services.actors import ForbiddenError
from shopkit.services.campaign_plans import COLUMNS, catalog_csv, destination_of, plan
from tests.campaigns import MOTHERS, asked, planned
from tests.shop import open_demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Return the services of a demonstration."""
    found = services_of(open_demo(tmp_path_factory.mktemp("shop")))
    yield found
    found.database.dispose()


@pytest.fixture(scope="module")
def who(services: Services) -> Actor:
    """Return who acts for the shop of Toluca."""
    return companies.command_actor(services, demo.SLUG)


def rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a catalog."""
    return list(csv.DictReader(io.StringIO(text)))


def test_a_campaign_is_kept_with_the_figures_it_was_planned_with(services: Services, who: Actor) -> None:
    """A newer import changes the next campaign, and this one keeps its numbers."""
    before = planned(services, who)
    answer = [["NAME", "DP05_0072E", "state"], ["California", "12900000", "06"]]
    brought = campaigns.import_census(services, who, json.dumps(answer), {"DP05_0072E": "mx"}, 2024, "ACS DP05")
    after = planned(services, who)
    kept = campaigns.get_campaign(services, who, before.id)

    assert (brought.figures, brought.states, brought.open) == (1, 1, ())
    assert {key: figure.year for key, figure in kept.given.people.items()} == {
        ("mx", "CA"): 2018,
        ("mx", "TX"): 2018,
        ("mx", "IL"): 2018,
    }
    assert kept.given == Given({("mx", one): states()[one].groups["mx"] for one in ("CA", "TX", "IL")})
    assert (after.given.people["mx", "CA"].low, after.given.people["mx", "CA"].year) == (12_900_000, 2024)


def test_a_dry_run_of_figures_keeps_nothing(services: Services, who: Actor) -> None:
    """It says what would come, and the figures stay what they were."""
    before = campaigns.given_figures(services, who)
    answer = json.dumps([["B03001_014E", "state"], ["700000", "06"], [None, "48"]])
    brought = campaigns.import_census(services, who, answer, {"B03001_014E": "sv"}, 2024, "B03001", dry_run=True)

    assert (brought.id, brought.figures, brought.open) == (None, 1, (("sv", "TX"),))
    assert campaigns.given_figures(services, who) == before


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"group": "atlantis"}, ("group", "group")),
        ({"states": ()}, ("states", "states")),
        ({"states": ("ON",)}, ("states", "states")),
        ({"event": "winter"}, ("event", "event")),
        ({"event": "carnival"}, ("event", "not_kept")),
        ({"day": date(2027, 5, 11)}, ("event", "not_kept")),
        ({"locales": ("es-US", "en-US", "pt-BR")}, ("locales", "locales")),
        ({"locales": ("ht",)}, ("locales", "locales")),
        ({"way": "freight"}, ("way", "way")),
        ({"channel": "mercadolibre"}, ("channel", "channel")),
        ({"margin_days": 61}, ("margin_days", "margin")),
        ({"framing": "guessed"}, ("framing", "framing")),
    ],
)
def test_what_a_campaign_cannot_be_is_told(
    services: Services, who: Actor, more: dict[str, Any], problem: tuple[str, str]
) -> None:
    """Each with its field, and nothing is kept."""
    with pytest.raises(campaigns.CampaignError) as caught:
        planned(services, who, **more)

    assert caught.value.problems == [problem]


def test_a_viewer_plans_nothing(services: Services, who: Actor) -> None:
    """Whoever may only look is refused."""
    with pytest.raises(ForbiddenError):
        planned(services, replace(who, role="viewer"))


def test_one_that_was_removed_comes_back(services: Services, who: Actor) -> None:
    """It is not there meanwhile, and another seller never finds it."""
    kept, other = planned(services, who), companies.command_actor(services, "queso-boaco")
    campaigns.remove(services, who, kept.id)

    with pytest.raises(campaigns.CampaignNotFoundError):
        campaigns.get_campaign(services, who, kept.id)
    campaigns.restore(services, who, kept.id)
    with pytest.raises(campaigns.CampaignNotFoundError):
        campaigns.get_campaign(services, other, kept.id)
    assert campaigns.get_campaign(services, who, kept.id) == kept


def test_products_are_planned_state_by_state_with_their_own_last_day(services: Services, who: Actor) -> None:
    """By hand from the longest courier legs: a cup that takes three working days leaves by 19 April, a shirt in four.

    Without making the last day is 22 April, a Thursday; three working days before it is Monday 19, four Friday 16.
    """
    found = plan(services, who, planned(services, who))
    last = {
        one.kept.listing.key: {there.state.id: str(there.deadline.order_by) for there in one.there}
        for one in found.chosen
    }

    assert last["taza-peltre"] == dict.fromkeys(("CA", "TX", "IL"), "2027-04-19")
    assert last["playera-bordada"] == dict.fromkeys(("CA", "TX", "IL"), "2027-04-16")
    assert [(state.id, until.state, str(until.order_by)) for state, until in found.deadlines] == [
        ("CA", "open", "2027-04-22"),
        ("TX", "open", "2027-04-22"),
        ("IL", "open", "2027-04-22"),
    ]
    assert {one.kept.listing.key: one.worst.match.out for one in found.left_out} == {
        "tarjeta-digital": ("not_shipped",)
    }


def test_the_catalog_tells_an_estimate_as_its_range(services: Services, who: Actor) -> None:
    """A row for each product and state; an estimate has no single price, and every amount has its currency."""
    found = plan(services, who, planned(services, who))
    told = rows(catalog_csv(found, "es-US", "es"))
    keys = [one.kept.listing.key for one in found.chosen]

    assert [(row["listing"], row["state"]) for row in told] == [
        (key, state) for key in keys for state in ("US-CA", "US-TX", "US-IL")
    ]
    assert {(row["price_is"], row["price_at_the_door"], row["currency"]) for row in told} == {("estimated", "", "USD")}
    assert all(0 < float(row["lowest"]) < float(row["highest"]) for row in told)
    assert tuple(told[0]) == COLUMNS


def test_a_title_that_a_spreadsheet_would_calculate_stays_a_text(services: Services, who: Actor) -> None:
    """It is led by an apostrophe."""
    cup = listings.find_listings(services, who, text="taza").listings[0].listing
    made = cup.model_copy(update={"key": "formula", "title": "=1+1", "variants": (), "photos": ()})
    kept = listings.create_listing(services, who, made)
    told = rows(catalog_csv(plan(services, who, planned(services, who)), "es-US", "en"))
    listings.archive_listing(services, who, kept.id)

    assert {row["title"] for row in told if row["listing"] == "formula"} == {"'=1+1"}


def test_a_language_that_is_not_approved_keeps_a_product_out(services: Services, who: Actor) -> None:
    """In Portuguese one product of the shop was written: every other one says so, and the catalog holds that one."""
    found = plan(services, who, planned(services, who, locales=("es-US", "pt-BR")))
    goods = [one for one in found.left_out if one.kept.listing.kind == "goods"]

    assert {one.kept.listing.key for one in found.chosen} == {"taza-peltre"}
    assert all("not_approved" in one.worst.match.out for one in goods)
    assert {row["listing"] for row in rows(catalog_csv(found, "pt-BR", "pt"))} == {"taza-peltre"}


def test_puerto_rico_is_a_destination_of_its_own() -> None:
    """For customs and carriers it is no state."""
    places = [destination_of(states()[one]) for one in ("PR", "CA")]

    assert [(one.country, one.region) for one in places] == [("PR", None), ("US", "CA")]


def test_when_the_last_day_is_past_it_says_so_and_drops_what_comes_too_late(tmp_path: Path) -> None:
    """Three days before Mother's Day the courier is at risk or too late; nothing is promised to arrive."""
    app = open_demo(tmp_path, now=datetime(2027, 5, 7, 12, tzinfo=UTC))
    services = services_of(app)
    who = companies.command_actor(services, demo.SLUG)
    found = plan(services, who, planned(services, who))
    services.database.dispose()

    assert {until.state for _, until in found.deadlines} == {"too_late"}
    assert (found.chosen, found.others) == ((), ())


@pytest.mark.parametrize("command", [["audiences"], ["audiences", "--group", "mx", "--states", "ca,ut"], ["calendar"]])
def test_the_command_shows_figures_with_their_year(
    command: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Audiences, one of them by states, and the calendar, without a shop."""
    monkeypatch.setenv("SHOPKIT_DATA_DIR", str(tmp_path))
    answer = CliRunner().invoke(main, ["campaigns", *command])

    assert answer.exit_code == 0, answer.output
    if "--states" in command:
        assert answer.output.splitlines()[-1].startswith("together 12,600,000-12,900,000, without 1 not known; ")


def test_the_days_of_a_campaign_are_those_of_the_calendar(services: Services) -> None:
    """The next Mother's Day of Mexicans there is the earlier of two, and Jamaicans keep no Day of the Dead."""
    assert campaigns.day_of(services, "mx", "mothers-day") == MOTHERS
    assert campaigns.day_of(services, "jm", "day-of-the-dead") is None
    assert campaigns.wrong(services, asked()) == []
