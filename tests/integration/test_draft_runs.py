"""Drafting many texts: never over a person's, gone on with after a crash, refusals told; on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from listings.model import Listing
from shopkit import db
from shopkit.models import DraftRun, Seller
from shopkit.services import draft_runs, holding, listings, translations
from shopkit.services.actors import Actor, ForbiddenError
from shopkit.services.context import Services
from shopkit.services.draft_runs import Drafted
from shopkit.services.listings import ListingNotFoundError
from shopkit.services.translations import Written
from tests.shop import NOW, settings
from translations.states import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from shopkit.services.context import LawInForce
    from shopkit.services.translations import Row

ANA, EVA = (Actor(seller, "editor", user) for seller, user in (("s_1", "u_ana"), ("s_2", "u_eva")))
ENGINE = Origin("engine", engine="upper", version="1", direction="es-en", at=NOW.isoformat())


@dataclass
class Upper:
    """An engine that writes in capitals; it stops for good at what it is told to."""

    dies_at: str = ""
    asked: list[str] = field(default_factory=list)

    def __call__(self, listing: Listing, rows: Sequence[Row], locale: str) -> Iterable[Drafted]:
        """Return the capitals; of an empty answer the reason."""
        del listing, locale
        for row in rows:
            if row.leaf.text == self.dies_at:
                raise OSError("the engine is gone")
            self.asked.append(row.leaf.text)
            if row.leaf.text == "?":
                yield Drafted(row.leaf.path, None, problem="broken_marks")
            else:
                yield Drafted(row.leaf.path, row.leaf.text.upper(), ENGINE)


@pytest.fixture
def services(tmp_path: Path, database_url: str) -> Iterator[Services]:
    """Return a shop with two sellers; Ana has three listings."""
    database = db.open_database(database_url)
    ticks = iter(range(1_000_000))
    found = Services(
        settings(tmp_path), database, cast("LawInForce", None), now=lambda: NOW + timedelta(seconds=next(ticks))
    )
    with database.writing.begin() as session:
        for id_ in ("s_1", "s_2"):
            session.add(Seller(id=id_, created_at=NOW, name=id_, country="MX", currency="MXN"))
    for title in ("Taza", "Plato", "Olla"):
        listings.create_listing(found, ANA, Listing(key=title.lower(), title=title))
    yield found
    database.dispose()


def titles(services: Services) -> dict[str, tuple[str, str | None]]:
    """Return the English titles and their review by the Spanish ones."""
    found: dict[str, tuple[str, str | None]] = {}
    for kept in listings.find_listings(services, ANA).listings:
        row = translations.open_desk(services, ANA, kept.id, "en-US").row("title")
        found[kept.listing.title] = (row.text, row.review)
    return found


def ids(services: Services) -> dict[str, str]:
    """Return the ids of the listings by title."""
    return {kept.listing.title: kept.id for kept in listings.find_listings(services, ANA).listings}


def test_a_run_drafts_what_is_missing(services: Services) -> None:
    """Every title is a draft of the engine afterwards, and a second run finds nothing to do."""
    run = draft_runs.create(services, ANA, ["en-US"])
    done = draft_runs.run(services, ANA, run.id, Upper())
    again = draft_runs.run(services, ANA, draft_runs.create(services, ANA, ["en-US"]).id, Upper())

    assert titles(services) == {"Taza": ("TAZA", "draft"), "Plato": ("PLATO", "draft"), "Olla": ("OLLA", "draft")}
    assert (done.state, done.cursor, done.total, done.counts) == ("done", 3, 3, {"drafted": 3})
    assert (again.state, again.counts) == ("done", {})


def test_a_machine_writes_over_its_own_stale_draft_alone(services: Services) -> None:
    """A person's text stays, stale or not; what was approved stays; a stale draft of an engine is made anew."""
    named = ids(services)
    draft_runs.run(services, ANA, draft_runs.create(services, ANA, ["en-US"]).id, Upper())
    for title, approve in (("Plato", True), ("Olla", False)):
        row = translations.open_desk(services, ANA, named[title], "en-US").row("title")
        written = Written("title", "Mine", row.digest, row.version, approve=approve)
        translations.write(services, ANA, named[title], "en-US", written)
    for title in named:
        kept = listings.get_listing(services, ANA, named[title])
        changed = kept.listing.model_copy(update={"title": f"{title} azul"})
        listings.save_listing(services, ANA, kept.id, changed, kept.version)
    draft_runs.run(services, ANA, draft_runs.create(services, ANA, ["en-US"]).id, Upper())

    assert titles(services) == {
        "Taza azul": ("TAZA AZUL", "draft"),
        "Plato azul": ("Mine", "approved"),
        "Olla azul": ("Mine", "draft"),
    }


def test_a_run_whose_engine_died_is_gone_on_with_where_it_stopped(services: Services) -> None:
    """What was kept is asked for no second time, and nothing is marked done that is not."""
    run = draft_runs.create(services, ANA, ["en-US"])
    with pytest.raises(OSError, match="gone"):
        draft_runs.run(services, ANA, run.id, Upper(dies_at="Plato"))
    broken = draft_runs.get_run(services, ANA, run.id)
    upper = Upper()
    done = draft_runs.run(services, ANA, run.id, upper)

    assert (broken.state, broken.holder, broken.counts.get("drafted", 0)) == ("running", None, broken.cursor)
    assert (done.state, done.counts, len(upper.asked)) == ("done", {"drafted": 3}, 3 - broken.cursor)


def test_what_an_engine_refuses_is_counted_and_told(services: Services) -> None:
    """The text stays missing."""
    kept = listings.create_listing(services, ANA, Listing(key="q", title="?"))
    done = draft_runs.run(services, ANA, draft_runs.create(services, ANA, ["en-US"], [kept.id]).id, Upper())

    assert done.counts == {"refused": 1}
    assert done.problems == ({"listing": kept.id, "problem": "broken_marks"},)
    assert translations.open_desk(services, ANA, kept.id, "en-US").row("title").freshness == "missing"


def test_a_locked_text_is_not_drafted(services: Services) -> None:
    """Nor asked for."""
    named = ids(services)
    translations.lock(services, ANA, named["Taza"], "en-US", "title", locked=True)
    upper = Upper()
    draft_runs.run(services, ANA, draft_runs.create(services, ANA, ["en-US"], [named["Taza"]]).id, upper)

    assert upper.asked == []


def test_two_do_not_work_on_a_shop_at_once(services: Services) -> None:
    """While a process is at it another is refused; one that has gone is taken over."""
    first, second = (draft_runs.create(services, ANA, ["en-US"]) for _ in range(2))
    with services.database.writing.begin() as session:
        row = session.get_one(DraftRun, first.id)
        row.state, row.holder, row.beat_at = "running", holding.new_holder(), services.now()

    with pytest.raises(draft_runs.RunBusyError) as caught:
        draft_runs.run(services, ANA, second.id, Upper())
    assert caught.value.other == first.id
    with services.database.writing.begin() as session:
        row = session.get_one(DraftRun, first.id)
        row.holder, row.beat_at = "elsewhere:1:abc", services.now() - holding.SILENT
    assert draft_runs.run(services, ANA, first.id, Upper()).state == "done"


def test_a_run_that_was_stopped_is_gone_on_with(services: Services) -> None:
    """Stopped it does nothing; run again it goes to its end."""
    run = draft_runs.create(services, ANA, ["en-US"])
    stopped = draft_runs.stop(services, ANA, run.id)

    assert stopped.state == "stopped"
    assert draft_runs.run(services, ANA, run.id, Upper()).state == "done"


def test_another_sellers_run_is_not_there(services: Services) -> None:
    """Nor can one be made for another seller's listings, nor by a viewer."""
    run = draft_runs.create(services, ANA, ["en-US"])
    doors: tuple[Callable[[], object], ...] = (
        lambda: draft_runs.get_run(services, EVA, run.id),
        lambda: draft_runs.run(services, EVA, run.id, Upper()),
        lambda: draft_runs.stop(services, EVA, run.id),
        lambda: draft_runs.create(services, EVA, ["en-US"], [ids(services)["Taza"]]),
    )
    for door in doors:
        with pytest.raises(ListingNotFoundError):
            door()
    with pytest.raises(ForbiddenError):
        draft_runs.create(services, replace(ANA, role="viewer"), ["en-US"])
    assert draft_runs.last_runs(services, EVA) == ()
