"""A drafting whose process is killed: another goes on, each text is drafted and paid for once; on both databases."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from listings.model import Listing
from shopkit.config import Settings
from shopkit.models import EngineMonth, Seller, TranslationChange
from shopkit.services import draft_runs, listings, translations
from shopkit.services.actors import Actor
from shopkit.services.context import Services, open_services
from tests.processes import run_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW: Final = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
ANA: Final = Actor("s_1", "owner", "u_ana")
# Words that no termbase has, so that each goes to the engine as it is.
TITLES: Final = ("Alfarra", "Betarra", "Gamarra", "Deltarra", "Epsilarra")
# The process writes down what its engine is asked, and dies at a text: while the engine works on it, or when its answer
# is kept and the draft is not.
KILLED: Final = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from shopkit.config import Settings
from shopkit.services import draft_runs
from shopkit.services.actors import Actor
from shopkit.services.context import open_services
from shopkit.services.drafts import ListingDrafter
from shopkit.services.engines import Engines
folder, address, run_id, at, when = sys.argv[1:]
services = open_services(Settings(Path(folder), address, engines=("sandbox",)))
(machine,) = services.engines.machines

class Way:
    def send(self, engine, question):
        with (Path(folder) / "asked").open("a") as file:
            file.writelines(f"{text}\\n" for text in question.texts)
        if when == "asked" and at in question.texts:
            os.kill(os.getpid(), signal.SIGKILL)
        return machine.transport.send(engine, question)

services.engines = Engines((replace(machine, transport=Way(), budget=100_000),))
actor = Actor("s_1", "owner", "u_ana")
drafter = ListingDrafter(services, actor)

def dying(listing, rows, locale):
    found = list(drafter(listing, rows, locale))
    if when == "answered" and listing.title == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

draft_runs.run(services, actor, run_id, dying)
"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Services]:
    """Return a shop with five listings and an engine that has a budget."""
    services = open_services(Settings(tmp_path, database_url, engines=("sandbox",)), now=lambda: NOW)
    with services.database.writing.begin() as session:
        session.add(Seller(id="s_1", created_at=NOW, name="s_1", country="MX", currency="MXN"))
    for title in TITLES:
        listings.create_listing(services, ANA, Listing(key=title[:4], title=title))
    yield services
    services.database.dispose()


def run(folder: Path, address: str, run_id: str, at: str, when: str) -> int:
    """Let another process go on with a run, and return how it ended."""
    return run_program(KILLED, str(folder), address, run_id, at, when)


def characters(services: Services) -> int:
    """Return what the engine was asked for in the month, as it is counted."""
    with services.database.reading() as session:
        return sum(one.characters for one in session.scalars(select(EngineMonth)))


@pytest.mark.parametrize(("when", "twice"), [("answered", 0), ("asked", len("Gamarra"))])
def test_a_drafting_that_is_killed_is_gone_on_with(
    shop: Services, tmp_path: Path, database_url: str, when: str, twice: int
) -> None:
    """SIGKILL half-way: each text is saved once and nothing is lost; what was answered is not asked or counted again.

    Only the question that the engine was at may cost twice, for it may have been answered: what was set aside for it
    stays counted.
    """
    found = draft_runs.create(shop, ANA, ["en-US"])
    died = run(tmp_path, database_url, found.id, "Gamarra", when)
    half = draft_runs.get_run(shop, ANA, found.id)
    ended = run(tmp_path, database_url, found.id, "", "")
    done = draft_runs.get_run(shop, ANA, found.id)
    asked = (tmp_path / "asked").read_text("utf-8").splitlines()
    with shop.database.reading() as session:
        saved = session.scalars(select(TranslationChange.version)).all()
    ids = [one.id for one in listings.find_listings(shop, ANA).listings]
    rows = [translations.open_desk(shop, ANA, id_, "en-US").row("title") for id_ in ids]

    assert (died, ended) == (-signal.SIGKILL, 0)
    assert (half.state, half.counts.get("drafted", 0)) == ("running", half.cursor)
    assert half.cursor < len(TITLES)
    assert not draft_runs.is_alive(shop, half)
    assert (done.state, done.counts) == ("done", {"drafted": len(TITLES)})
    assert ({row.freshness for row in rows}, {row.review for row in rows}) == ({"current"}, {"draft"})
    assert list(saved) == [1] * len(TITLES)
    assert sorted(asked) == sorted([*TITLES, "Gamarra"] if twice else TITLES)
    assert characters(shop) == sum(map(len, TITLES)) + twice
