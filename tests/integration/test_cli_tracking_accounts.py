"""``shopkit tracking accounts``, ``follow`` and ``poll``: connected, put first, asked; what is wrong is said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from shopkit.cli import main
from shopkit.services import shipments, tracking_accounts
from tests.ordering import sell
from tests.polling import parcel
from tests.pushing import KEY
from tests.shop import NOW, open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

SECRET = "a-key-that-is-secret"


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """Return a shop that the commands open, with its clock: what the sandbox tells depends on the day."""
    found = open_shop(tmp_path / "shop", secret_keys=(KEY,)).extensions["shopkit"]
    monkeypatch.setattr("shopkit.cli.tracking.open_shop", lambda: found)
    yield found
    found.database.dispose()


@pytest.fixture
def actor(services: Services) -> Actor:
    """Return a seller."""
    return sell(services)[0]


def run(*words: str, stdin: str = "") -> Result:
    """Run a command as from a terminal."""
    return CliRunner().invoke(main, ["tracking", *words], input=stdin)


def test_an_account_is_connected_listed_put_first_and_forgotten(actor: Actor) -> None:
    """Nothing of what it says is told again; where its provider sends messages is."""
    to = ("--seller", actor.seller_id)
    none = run("accounts", "list", *to)
    made = run("accounts", "connect", "17track", *to, stdin=f'{{"key": "{SECRET}"}}')
    run("accounts", "connect", "sandbox", *to, stdin="{}")
    listed = run("accounts", "list", *to)
    preferred = run("accounts", "prefer", "sandbox", *to)
    gone = [run("accounts", "disconnect", "17track", *to) for _ in range(2)]

    assert (none.stdout, none.stderr.startswith("shopkit: no account; connect one of 17track, aftership")) == ("", True)
    assert made.stdout.startswith("17track is connected; it sends messages to /webhooks/tracking/ta_")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["17track", "sandbox"]
    assert (listed.stdout.count("in use  0 parcels followed"), SECRET in listed.output) == (2, False)
    assert preferred.stdout == "sandbox, 17track\n"
    assert [(one.exit_code, one.output) for one in gone] == [
        (0, "17track is forgotten\n"),
        (1, "shopkit: there is no account at 17track\n"),
    ]


@pytest.mark.parametrize(
    ("provider", "stdin", "told"),
    [
        ("usps", '{"client_id": "x"}', "/details/client_secret: Este campo es obligatorio."),
        ("usps", "key=1", 'the details are not JSON; write an object such as {"key": "…"}'),
        ("usps", '{"client_id": 1}', 'the details are no object of texts; write one such as {"key": "…"}'),
        ("csv", "{}", "/provider: "),
    ],
)
def test_what_is_wrong_with_an_account_is_said(
    services: Services, actor: Actor, provider: str, stdin: str, told: str
) -> None:
    """By its field, in the reader's language; then nothing is kept."""
    refused = run("accounts", "connect", provider, "--seller", actor.seller_id, "--lang", "es", stdin=stdin)

    assert (refused.exit_code != 0, told in refused.stderr) == (True, True), refused.output
    assert tracking_accounts.every(services, actor) == ()


def test_what_an_account_has_to_say(services: Services) -> None:  # noqa: ARG001 - where the command looks
    """Each field by name, whether it may be left out, and what it is in the reader's language."""
    told = run("accounts", "fields", "upu", "--lang", "es").stdout.splitlines()

    assert [line.split("  ")[0] for line in told] == ["address", "key"]
    assert ("may be left out" in told[0], "needed" in told[1], told[1].endswith("Clave")) == (True, True, True)


def test_parcels_are_asked_about_and_followed_again(services: Services, actor: Actor) -> None:
    """A poll tells how many and how many had news; who is asked about one is chosen by the seller."""
    to = ("--seller", actor.seller_id)
    run("accounts", "connect", "sandbox", *to, stdin="{}")
    made = parcel(services, actor, "11", posted_on=NOW.date() - timedelta(days=60))
    asked, again = run("poll", "--until-done"), run("poll")
    found = shipments.load(services, actor, made.id)
    followed = run("follow", found.id, *to)
    elsewhere = run("follow", found.id, *to, "--by", "usps")
    by_number = run("follow", f" {found.number.lower()[:5]} {found.number[5:]}", *to)
    unknown = run("follow", found.number, *to, "--by", "correo")
    nothing = run("follow", "sh_1", *to)

    assert (asked.stdout, again.stdout) == (
        "1 parcel asked about, 1 with news\n",
        "0 parcels asked about, 0 with news\n",
    )
    assert (found.status, followed.stdout) == ("delivered", "asked about at sandbox\n")
    assert by_number.stdout == "asked about at sandbox\n"
    known = "17track, aftership, correios, easypost, sandbox, upu, usps, webhook"
    assert (unknown.exit_code, unknown.stderr) == (1, f"shopkit: --by correo: One of these is expected: {known}.\n")
    assert (elsewhere.exit_code, "connect another" in elsewhere.stderr) == (1, True)
    assert (nothing.exit_code, nothing.stderr) == (1, "shopkit: there is no parcel sh_1\n")


def test_a_number_that_came_again_is_named_by_its_id(services: Services, actor: Actor) -> None:
    """The newest first, each with its day of posting: which one is meant is not guessed."""
    to = ("--seller", actor.seller_id)
    run("accounts", "connect", "sandbox", *to, stdin="{}")
    days = [NOW.date() - timedelta(days=days) for days in (400, 3)]
    old, new = (
        shipments.create(services, actor, "RB123456785GT", posted_on=day, destination="US", origin="GT") for day in days
    )
    asked = run("follow", old.number, *to)

    each = f"{new.id} (posted 2026-11-20), {old.id} (posted 2025-10-19)"
    said = f"shopkit: 2 parcels had the number RB123456785GT; name one by its id: {each}\n"
    assert (asked.exit_code, asked.stderr) == (1, said)
    assert run("follow", new.id, *to).stdout == "asked about at sandbox\n"


def test_an_account_whose_key_is_not_taken_is_said_to_be_stopped(services: Services, actor: Actor) -> None:
    """By the poll that found it, and by the list until it is connected anew."""
    to = ("--seller", actor.seller_id)
    run("accounts", "connect", "sandbox", *to, stdin="{}")
    parcel(services, actor, "94")
    asked = run("poll")
    listed = run("accounts", "list", *to).stdout
    run("accounts", "connect", "sandbox", *to, stdin="{}")

    assert "is asked no more: see shopkit tracking accounts list" in asked.stderr
    assert "stopped: unsigned" in listed
    assert "in use" in run("accounts", "list", *to).stdout
