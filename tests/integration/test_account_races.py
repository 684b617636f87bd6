"""Two processes at once: a link that works once, and the last owner of a shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from shopkit import db
from shopkit.models import Membership, OneTimeLink
from shopkit.services import accounts, team
from shopkit.services.actors import Actor
from shopkit.services.context import Services
from tests.integration.test_accounts import ANA, HOME, ROOT, clock, count_of, opened, services, token_in, who
from tests.integration.test_team import joined
from tests.processes import beginning
from tests.shop import NOW, make_cheap, settings

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier as BarrierType
    from pathlib import Path

    from shopkit.services.context import LawInForce

__all__ = ["clock", "services"]


def _shop(folder: Path, url: str) -> Services:
    found = Services(settings(folder), db.open_database(url), cast("LawInForce", None), now=lambda: NOW)
    make_cheap(found)
    return found


def _reset(folder: Path, url: str, start: BarrierType, answers: Any, given: str, number: int) -> None:
    shop = _shop(folder, url)
    start.wait()
    try:
        accounts.reset(shop, given, f"papel picado azul {number}", HOME, ROOT)
    except accounts.LinkError:
        answers.put("over")
    else:
        answers.put("set")
    shop.database.dispose()


def _leave(folder: Path, url: str, start: BarrierType, answers: Any, given: list[str], number: int) -> None:
    shop = _shop(folder, url)
    seller, *people = given
    start.wait()
    try:
        team.remove(shop, Actor(seller, "owner", people[number]), people[number])
    except team.LastOwnerError:
        answers.put("stays")
    else:
        answers.put("gone")
    shop.database.dispose()


def race(work: Any, folder: Path, url: str, given: Any) -> list[str]:
    """Let two processes do the same at once and return what each was told."""
    context = beginning()
    start, answers = context.Barrier(2), context.Queue()
    processes = [context.Process(target=work, args=(folder, url, start, answers, given, number)) for number in (0, 1)]
    for process in processes:
        process.start()
    told = sorted(answers.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    answers.close()
    answers.join_thread()
    return told


def test_a_link_is_used_once_by_two_processes(services: Services, tmp_path: Path, database_url: str) -> None:
    """One sets the password, the other is told that the link is over."""
    opened(services)
    accounts.ask_reset(services, ANA.email, "es", HOME, ROOT)

    assert race(_reset, tmp_path, database_url, token_in(services)) == ["over", "set"]


def test_the_last_two_owners_do_not_both_leave(services: Services, tmp_path: Path, database_url: str) -> None:
    """One goes, the other is told to stay."""
    ana = who(services, opened(services)).actor()
    assert ana is not None
    luis = joined(services, ana, "luis@taller.mx", "owner")
    people = [ana.seller_id, str(ana.user_id), str(luis.user_id)]

    assert race(_leave, tmp_path, database_url, people) == ["gone", "stays"]
    assert count_of(services, Membership) == 1


@pytest.mark.parametrize("days", [8, 9])
def test_a_sign_up_that_nobody_confirmed_is_forgotten(services: Services, clock: Any, days: int) -> None:
    """A week after its link is over nothing of what was typed is left; to the day it still was."""
    accounts.sign_up(services, ANA, HOME, ROOT)
    clock.now = NOW + timedelta(days=days)
    accounts.sign_up(services, replace(ANA, email="eva@taller.mx"), HOME, ROOT)

    with services.database.reading() as session:
        left = {link.email for link in session.query(OneTimeLink)}
    assert ("ana@taller.mx" in left) is (days == 8)
