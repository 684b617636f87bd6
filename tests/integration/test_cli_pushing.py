"""``shopkit catalog push`` and ``accounts``: a token that is read and never told, a dry run, a run, its outcomes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from shopkit.config import Settings
from shopkit.models import CatalogListing, PushRow
from shopkit.services import pushes
from shopkit.services.context import open_services
from tests.databases import migrate
from tests.pushing import KEY, TOKEN, catalog, seller

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

KEYS = {"SHOPKIT_SECRET_KEYS": KEY}
FEW = "item.pictures.few six pictures are better"


@pytest.fixture
def services(tmp_path: Path) -> Services:
    """Return the services of the shop that the commands open."""
    found = open_services(Settings(tmp_path, secret_keys=(KEY,)))
    migrate(found.database)
    return found


@pytest.fixture
def ana(services: Services) -> Actor:
    """Return a seller."""
    return seller(services)


def made(services: Services, ana: Actor) -> str:
    """Return a catalog of two rows whose prices hold."""
    feed = catalog(services, ana, "A", "B")
    with services.database.writing.begin() as session:
        session.execute(update(CatalogListing).values(valid_until=date(2999, 1, 1)))
    return feed


def add(run: Callable[..., Result], ana: Actor, *more: str, **environ: str) -> Result:
    """Connect an account."""
    who = ("--seller", ana.seller_id, "--channel", "mercadolibre", "--name", "Taller MX")
    return run("catalog", "accounts", "add", *who, *more, stdin=f"{TOKEN}\n", **environ)


def push(run: Callable[..., Result], ana: Actor, feed: str, *more: str) -> Result:
    """Push a catalog."""
    return run("catalog", "push", "--seller", ana.seller_id, "--catalog", feed, *more, **KEYS)


def test_an_account_is_connected_listed_and_forgotten(run: Callable[..., Result], ana: Actor) -> None:
    """Its token comes from stdin and is never printed; what is removed is listed no more."""
    connected = add(run, ana, "--expires", "2999-01-01", **KEYS)
    listed = run("catalog", "accounts", "list", "--seller", ana.seller_id)
    removed = run("catalog", "accounts", "remove", "mercadolibre", "--seller", ana.seller_id)
    again = run("catalog", "accounts", "remove", "mercadolibre", "--seller", ana.seller_id)

    assert [one.exit_code for one in (connected, listed, removed, again)] == [0, 0, 0, 1]
    assert listed.stdout.split() == ["mercadolibre", "Taller", "MX", "live", "2999-01-01", "00:00:00+00:00"]
    assert TOKEN not in connected.output + listed.output


def test_without_a_key_no_token_is_kept(run: Callable[..., Result], ana: Actor) -> None:
    """A shop that cannot seal refuses the account and says what to set."""
    refused = add(run, ana, "--lang", "es")

    assert (refused.exit_code, "SHOPKIT_SECRET_KEYS" in refused.stderr) == (2, True)
    assert run("catalog", "accounts", "list", "--seller", ana.seller_id).stdout == ""


def test_a_catalog_is_tried_and_sent_once(run: Callable[..., Result], services: Services, ana: Actor) -> None:
    """A dry run names the rows and sends none; then they are sent, what was warned of once for all, and not again."""
    feed = made(services, ana)
    add(run, ana, "--sandbox", **KEYS)
    tried, sent, again = push(run, ana, feed, "--dry-run"), push(run, ana, feed), push(run, ana, feed)

    assert [one.exit_code for one in (tried, sent, again)] == [0, 0, 0]
    assert tried.stdout == "A: make\nB: make\n"
    assert "2 rows would be sent, 0 there already, 0 left out; nothing was sent" in tried.stderr
    assert sent.stdout == f"2 rows: {FEW}\n"
    assert [one.stderr.strip() for one in (sent, again)] == ["shopkit: done: 2 done", "shopkit: done: 2 same"]


def test_an_unknown_outcome_fails_the_command_until_it_is_settled(
    run: Callable[..., Result], services: Services, ana: Actor
) -> None:
    """The row is named; told that it is not there, the next push sends it."""
    feed = made(services, ana)
    add(run, ana, "--sandbox", **KEYS)
    push(run, ana, feed)
    with services.database.writing.begin() as session:
        session.execute(update(PushRow).where(PushRow.key == "B").values(state="sending", ids={}))
    unknown = push(run, ana, feed)
    who = ("--seller", ana.seller_id, "--catalog", feed)
    settled = [run("catalog", "settle", "B", *who, *more) for more in (["--id", "item_id="], [], [])]

    assert (unknown.exit_code, unknown.stdout) == (1, f"B: unknown, unknown\n1 row: {FEW}\n")
    assert [one.exit_code for one in settled] == [2, 0, 1]
    assert push(run, ana, feed).stderr.strip() == "shopkit: done: 1 same, 1 done"
    assert pushes.last_run(services, ana, feed) is not None


def test_what_cannot_be_sent_is_told(run: Callable[..., Result], services: Services, ana: Actor) -> None:
    """Without an account, and for a catalog that is not there, the command says so."""
    feed = made(services, ana)
    refused, missing = push(run, ana, feed, "--lang", "en"), push(run, ana, "cf_0")

    assert (refused.exit_code, missing.exit_code) == (2, 1)
    assert "No account of yours at this channel is connected." in refused.stderr
    assert "there is no catalog 'cf_0'" in missing.stderr
