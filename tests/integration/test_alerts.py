"""Which kept quotes a change of rules touches, and by how much; on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from landed_cost.rulebook import Overlay, Supposed
from shopkit.api.schemas import QuoteChanges
from shopkit.services import subjects as subjects_
from shopkit.services.alerts import Subject, View, alerts
from shopkit.services.context import open_services
from shopkit.services.keeping import keep
from shopkit.services.quotes import answer
from shopkit.services.subjects import KeptQuotes
from tests.shop import NOW, open_shop, settings, shirts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from landed_cost import Rulebook
    from shopkit.services.context import Services

TODAY = NOW.date()


@pytest.fixture
def services(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """Return the services of a shop with an empty database, once on SQLite and once on PostgreSQL."""
    found = open_services(settings(tmp_path, database_url=database_url), lambda: NOW)
    yield found
    found.database.dispose()


def kept(services: Services, principal: str = "test", **more: Any) -> str:
    """Keep a quote of two shirts and return its id."""
    found = answer(services, shirts(save=True) | more)
    keep(services, [found.row(principal)])
    return str(found.id)


def dearer(rulebook: Rulebook, percent: str = "25") -> Rulebook:
    """Return the rulebook with other than 10 % on goods of Mexico."""
    return rulebook.with_overlay(Overlay("dearer", (Supposed("us.s301fl.mx", Fraction(percent), percent),)))


def test_a_quote_that_comes_to_something_else(services: Services) -> None:
    """15 % more of 50.00 is 7.50; the rule that makes the difference is named, and who is not touched is not."""
    id_ = kept(services)
    kept(services, destination={"country": "CL"}, channel="courier")
    views = View(dearer(services.rulebook, "10")), View(dearer(services.rulebook))

    (found,) = alerts(KeptQuotes(services).still_held(TODAY), *views, TODAY)

    assert (found.subject.id, found.before.import_charges, found.after.import_charges) == (id_, "14.63", "22.13")
    assert (found.before.landed, found.after.landed) == ("76.63", "84.13")
    assert (found.difference, found.per_piece, found.currency) == (Decimal("7.50"), Decimal("3.75"), "USD")
    (rule,) = found.touched
    assert (rule.id, rule.before, rule.after) == ("us.s301fl.mx", Decimal("5.00"), Decimal("12.50"))


def test_only_those_still_held_to(services: Services) -> None:
    """A quote past its last day binds nobody; asked for by its id it is looked at all the same."""
    old, new = kept(services, date="2026-11-01"), kept(services)
    quotes = KeptQuotes(services)

    assert [one.id for one in quotes.still_held(TODAY)] == [new]
    assert [one.id for one in quotes.of([old, "q_unknown"])] == [old]


def test_a_page_at_a_time(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are, each comes once, in order of its id."""
    monkeypatch.setattr(subjects_, "MOST", 3)
    ids = sorted(kept(services) for _ in range(7))

    assert [one.id for one in KeptQuotes(services).still_held(TODAY)] == ids


def test_two_days_side_by_side(services: Services) -> None:
    """In February 2026 goods of Mexico paid 25 % by other orders; where no rule changed nothing is reckoned."""
    kept(services)
    promises = list(KeptQuotes(services).still_held(TODAY))
    book = services.rulebook
    days = [date(2026, 2, 1), date(2026, 11, 20)]
    found = [
        [one.before.import_charges for one in alerts(promises, View(book, on), View(book, TODAY), TODAY)] for on in days
    ]

    assert found == [["22.09"], []]


def test_a_request_that_one_side_cannot_read(services: Services) -> None:
    """What the rules no longer know is an alert without figures, never passed over."""
    kept(services)
    (promise,) = KeptQuotes(services).still_held(TODAY)
    items = [promise.request["items"][0] | {"hs_code": "6109119999"}]
    broken = Subject(promise.kind, promise.id, "US", promise.on, promise.request | {"items": items})
    (found,) = alerts([broken], View(services.rulebook), View(dearer(services.rulebook)), TODAY)

    assert (found.before.outcome, found.after.outcome, found.difference) == ("unasked", "unasked", None)
    assert "6109119999" in found.after.why("en")[0]


def test_destinations_that_are_not_covered_do_not_change(services: Services) -> None:
    """Where no rule is known none changed."""
    kept(services, destination={"country": "JP"})
    promises = list(KeptQuotes(services).still_held(date(2026, 11, 1)))
    book = services.rulebook

    assert list(alerts(promises, View(book, date(2025, 2, 1)), View(book, TODAY), TODAY)) == []


class TestDoors:
    """The command and the route."""

    def test_the_command(self, run: Any, tmp_path: Path) -> None:
        """A line for each quote: from, to, by how much, and the rules; without any it is said."""
        app = open_shop(tmp_path, datetime.now(UTC))
        services = app.extensions["shopkit"]
        on = services.now().date().isoformat()
        id_ = kept(services, date=on)
        since = run("rulebook", "alerts", "--since", "2026-02-01")
        none = run("rulebook", "alerts")
        asked = run("rulebook", "alerts", "--since", "2026-02-01", "--quote", id_)
        wrong = [run("rulebook", "alerts", "--since", text) for text in ("2026-02-30", "9.9")]
        services.database.dispose()

        assert since.stdout.startswith(f"quote {id_} US: 84.09 → ")
        assert "us.s301fl.mx" in since.stdout
        assert asked.stdout == since.stdout
        assert (none.stdout, "0 come to something else" in none.stderr) == ("", True)
        assert [one.exit_code for one in wrong] == [1, 1]

    def test_the_route(self, tmp_path: Path) -> None:
        """A kept quote beside what it comes to as of another day, with the rules that make the difference."""
        app = open_shop(tmp_path)
        client = app.test_client()
        id_ = kept(app.extensions["shopkit"])
        same = client.get(f"/api/v1/quotes/{id_}/changes").get_json()
        then = client.get(f"/api/v1/quotes/{id_}/changes?date=2026-02-01").get_json()
        app.extensions["shopkit"].database.dispose()

        for body in (same, then):
            QuoteChanges.model_validate(body)
        assert (same["difference"], same["rules"], same["date"]) == ("0.00", [], "2026-11-23")
        assert (then["before"]["import_charges"], then["after"]["import_charges"], then["difference"]) == (
            "14.63",
            "22.09",
            "7.46",
        )
        assert "us.s301fl.mx" in then["rules"]

    @pytest.mark.parametrize(("path", "status"), [("x", 404), ("{id}?day=1", 422), ("{id}?date=1", 422)])
    def test_what_cannot_be_read(self, tmp_path: Path, path: str, status: int) -> None:
        """No quote, an unknown parameter, no day."""
        app = open_shop(tmp_path)
        id_ = kept(app.extensions["shopkit"])
        where, _, query = path.replace("{id}", id_).partition("?")
        reply = app.test_client().get(f"/api/v1/quotes/{where}/changes?{query}")
        app.extensions["shopkit"].database.dispose()

        assert reply.status_code == status
