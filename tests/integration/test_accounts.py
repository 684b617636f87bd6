"""Accounts: signing up, in and out, a new password; on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from shopkit import db
from shopkit.models import AuditEntry, Membership, OneTimeLink, Seller, SignIn, User
from shopkit.services import accounts, attempts, demo, sessions
from shopkit.services.accounts import SignUp
from shopkit.services.context import LawInForce, Services
from shopkit.services.sessions import Where
from shopkit.services.tokens import hashed
from tests.shop import NOW, letters, make_cheap, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path


ROOT = "https://shop.example"
HOME = Where("192.0.2.1", "Firefox")
PASSWORD = "tinta y papel amate"
ANA = SignUp("Ana@Taller.mx", "Ana", PASSWORD, "es", "Taller de Ana", "MX", "MXN")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return the clock of the shop."""
    return Clock()


@pytest.fixture
def services(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[Services]:
    """Return a shop without a seller."""
    database, chosen = db.open_database(database_url), settings(tmp_path)
    found = Services(chosen, database, LawInForce(chosen), now=clock)
    make_cheap(found)
    yield found
    database.dispose()


def token_in(services: Services, to: str = "ana@taller.mx") -> str:
    """Return the token of the link in the last letter to an address."""
    text = next(one.text for one in reversed(letters(services)) if one.to == to)
    found = re.search(r"/(?:confirm|reset|invite)/(\S+)", text)
    assert found is not None
    return found[1]


def opened(services: Services, asked: SignUp = ANA) -> accounts.SignedIn:
    """Open an account to the end."""
    accounts.sign_up(services, asked, HOME, ROOT)
    return accounts.confirm(services, token_in(services, asked.email.lower()), asked.password, HOME)


def count_of(services: Services, table: type[Any]) -> int:
    """Return how many rows a table has."""
    with services.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def who(services: Services, found: accounts.SignedIn) -> sessions.Present:
    """Return who holds a session that is open."""
    present = sessions.find(services, found.token, HOME.address)
    assert present is not None
    return present


def test_a_confirmed_sign_up_is_the_owner_of_a_shop(services: Services) -> None:
    """Person, company and session come to be together, and the deed is written down."""
    present = who(services, opened(services))

    assert (present.name, present.email, present.language) == ("Ana", "ana@taller.mx", "es")
    assert [(shop.name, shop.role) for shop in present.shops] == [("Taller de Ana", "owner")]
    with services.database.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["account.opened"]


def test_nothing_is_opened_before_it_is_confirmed(services: Services) -> None:
    """A sign-up leaves a link that waits, and nobody can sign in."""
    accounts.sign_up(services, ANA, HOME, ROOT)

    assert [count_of(services, table) for table in (User, Seller, Membership, SignIn, OneTimeLink)] == [0, 0, 0, 0, 1]
    with pytest.raises(accounts.WrongError):
        accounts.sign_in(services, ANA.email, PASSWORD, HOME)


def test_who_reads_the_letter_must_know_the_password(services: Services) -> None:
    """A stranger who signs up with somebody's address gets no account by their click, nor does a scanner of mail."""
    accounts.sign_up(services, ANA, HOME, ROOT)
    token = token_in(services)

    with pytest.raises(accounts.WrongError):
        accounts.confirm(services, token, "another password", HOME)
    assert count_of(services, User) == 0
    assert who(services, accounts.confirm(services, token, PASSWORD, HOME)).email == "ana@taller.mx"


def test_the_last_of_two_sign_ups_is_as_good_as_the_first(services: Services) -> None:
    """Whoever confirms first has the account; the other link is over."""
    accounts.sign_up(services, ANA, HOME, ROOT)
    first = token_in(services)
    accounts.sign_up(services, ANA, HOME, ROOT)
    accounts.confirm(services, token_in(services), PASSWORD, HOME)

    with pytest.raises(accounts.LinkError):
        accounts.confirm(services, first, PASSWORD, HOME)
    assert count_of(services, User) == 1


def test_a_link_to_confirm_lasts_a_day(services: Services, clock: Clock) -> None:
    """To the second before it works, from then on it does not."""
    accounts.sign_up(services, ANA, HOME, ROOT)
    clock.now = NOW + timedelta(days=1)

    with pytest.raises(accounts.LinkError):
        accounts.confirm(services, token_in(services), PASSWORD, HOME)
    clock.now -= timedelta(seconds=1)
    assert who(services, accounts.confirm(services, token_in(services), PASSWORD, HOME)).name == "Ana"


def test_signing_in_is_the_same_work_for_everybody(services: Services) -> None:
    """An unknown address, a wrong password: the same error after the same one comparison."""
    opened(services)
    before, costs = services.passwords.compared, []

    for email in (ANA.email, "nobody@taller.mx", "not an address"):
        with pytest.raises(accounts.WrongError, match=r"^$"):
            accounts.sign_in(services, email, "wrong password", HOME)
        costs.append((services.passwords.compared - before, count_of(services, SignIn)))
        before = services.passwords.compared

    assert costs == [(1, 1), (1, 1), (1, 1)]


def test_signing_up_is_the_same_work_for_everybody(services: Services) -> None:
    """Known or not: one hash, one link, one letter; what it says is for who reads it."""
    opened(services)
    costs = []

    for email in (ANA.email, "new@taller.mx"):
        before = services.passwords.made, count_of(services, OneTimeLink), len(letters(services))
        asked = SignUp(email, "X", PASSWORD, "en", "X", "MX", "MXN")
        accounts.sign_up(services, asked, HOME, ROOT)
        after = services.passwords.made, count_of(services, OneTimeLink), len(letters(services))
        costs.append(tuple(a - b for a, b in zip(after, before, strict=True)))

    assert costs == [(1, 1, 1), (1, 1, 1)]
    assert [one.subject for one in letters(services)[-2:]] == [
        "You already have an account at shopkit",
        "Confirm your address for shopkit",
    ]


def test_asking_for_a_new_password_is_the_same_work_for_everybody(services: Services) -> None:
    """Known or not: one link and one letter; the unknown one holds no link to a password."""
    opened(services)
    costs = []

    for email in (ANA.email, "nobody@taller.mx"):
        before = count_of(services, OneTimeLink), len(letters(services))
        accounts.ask_reset(services, email, "en", HOME, ROOT)
        costs.append((count_of(services, OneTimeLink) - before[0], len(letters(services)) - before[1]))

    assert costs == [(1, 1), (1, 1)]
    assert "/reset/" in letters(services)[-2].text
    assert "/reset/" not in letters(services)[-1].text


def test_a_new_password_ends_every_session(services: Services) -> None:
    """The old password opens nothing, the sessions that were open are refused, the new one is open."""
    first = opened(services)
    second = accounts.sign_in(services, ANA.email, PASSWORD, HOME)
    accounts.ask_reset(services, ANA.email, "es", HOME, ROOT)

    found = accounts.reset(services, token_in(services), "papel picado azul", HOME, ROOT)

    assert [sessions.find(services, one.token, "") for one in (first, second)] == [None, None]
    assert who(services, found).name == "Ana"
    with pytest.raises(accounts.WrongError):
        accounts.sign_in(services, ANA.email, PASSWORD, HOME)
    assert accounts.sign_in(services, ANA.email, "papel picado azul", HOME).token != found.token


def test_a_link_used_twice_at_once_works_once(services: Services) -> None:
    """Of eight who use it at the same moment one sets the password, seven are told that it is over."""
    opened(services)
    accounts.ask_reset(services, ANA.email, "es", HOME, ROOT)
    token = token_in(services)

    def use(number: int) -> str | None:
        try:
            accounts.reset(services, token, f"papel picado azul {number}", HOME, ROOT)
        except accounts.LinkError:
            return None
        return f"papel picado azul {number}"

    with ThreadPoolExecutor(8) as threads:
        found = [one for one in threads.map(use, range(8)) if one is not None]

    assert len(found) == 1
    assert who(services, accounts.sign_in(services, ANA.email, found[0], HOME)).name == "Ana"


def test_a_link_is_good_for_what_it_was_made_for(services: Services) -> None:
    """One that confirms sets no password, and the other way round."""
    accounts.sign_up(services, ANA, HOME, ROOT)

    with pytest.raises(accounts.LinkError):
        accounts.reset(services, token_in(services), "papel picado azul", HOME, ROOT)


def test_the_table_of_sessions_opens_nothing(services: Services) -> None:
    """It holds the hash of what the browser holds, and the hash is not what a browser may hold."""
    found = opened(services)
    with services.database.reading() as session:
        kept = session.scalars(select(SignIn.id)).one()

    assert kept == hashed(found.token)
    assert sessions.find(services, kept, "") is None


def test_an_ended_session_is_refused_at_once(services: Services) -> None:
    """One that was stolen and ended from another browser opens nothing any more; the other goes on."""
    stolen = who(services, opened(services))
    mine = accounts.sign_in(services, ANA.email, PASSWORD, HOME)

    assert sessions.end(services, who(services, mine), stolen.session_id)
    assert not sessions.end(services, who(services, mine), stolen.session_id)
    assert [one.here for one in sessions.open_sessions(services, who(services, mine))] == [True]


@pytest.mark.parametrize(("after", "is_open"), [(sessions.IDLE, False), (sessions.IDLE - timedelta(seconds=1), True)])
def test_a_session_that_rests_ends(services: Services, clock: Clock, after: timedelta, *, is_open: bool) -> None:
    """Fourteen days after it was last used it is over."""
    found = opened(services)
    clock.now = NOW + after

    assert (sessions.find(services, found.token, "") is not None) is is_open


def test_a_session_that_is_used_ends_all_the_same(services: Services, clock: Clock) -> None:
    """Sixty days after it began it is over, however often it was used."""
    found = opened(services)
    seen = []
    for day in range(10, 70, 10):
        clock.now = NOW + timedelta(days=day)
        seen.append(sessions.find(services, found.token, "") is not None)

    assert seen == [True, True, True, True, True, False]


def test_nobody_ends_the_session_of_another(services: Services) -> None:
    """Its name is of no use to anybody else."""
    ana = who(services, opened(services))
    eva = who(services, opened(services, SignUp("eva@taller.mx", "Eva", PASSWORD, "es", "Eva", "MX", "MXN")))

    assert not sessions.end(services, eva, ana.session_id)
    assert not sessions.choose(services, eva, ana.shops[0].id)


def test_guesses_are_limited_by_account_and_the_owner_gets_in(services: Services, clock: Clock) -> None:
    """From ever new addresses ten guesses are looked at; the owner's own browser is let in meanwhile."""
    device = opened(services).device
    for number in range(10):
        with pytest.raises(accounts.WrongError):
            accounts.sign_in(services, ANA.email, "a wrong guess", Where(f"192.0.2.{number}"))

    with pytest.raises(attempts.TooManyError) as caught:
        accounts.sign_in(services, ANA.email, PASSWORD, Where("192.0.2.99"))
    assert caught.value.retry_after_s == 901
    assert who(services, accounts.sign_in(services, ANA.email, PASSWORD, HOME, device)).name == "Ana"
    clock.now += timedelta(minutes=15)
    assert who(services, accounts.sign_in(services, ANA.email, PASSWORD, Where("192.0.2.99"))).name == "Ana"


def test_guesses_are_limited_by_address(services: Services) -> None:
    """Thirty tries from one address, whatever the accounts; one that is known costs no less."""
    for number in range(30):
        with pytest.raises(accounts.WrongError):
            accounts.sign_in(services, f"{number}@taller.mx", "a wrong guess", HOME)

    with pytest.raises(attempts.TooManyError):
        accounts.sign_in(services, "other@taller.mx", "a wrong guess", HOME)


def test_a_device_of_another_account_is_none(services: Services) -> None:
    """What a browser holds for its own account gives no more guesses at somebody else's."""
    opened(services)
    eva = opened(services, SignUp("eva@taller.mx", "Eva", PASSWORD, "es", "Eva", "MX", "MXN"))
    for _ in range(10):
        with pytest.raises(accounts.WrongError):
            accounts.sign_in(services, ANA.email, "a wrong guess", HOME, eva.device)

    with pytest.raises(attempts.TooManyError):
        accounts.sign_in(services, ANA.email, PASSWORD, HOME, eva.device)


def test_tries_at_once_are_all_counted(services: Services) -> None:
    """Of twenty at the same moment ten are let through."""

    def attempt(_number: int) -> bool:
        try:
            attempts.count(services, attempts.BY_ACCOUNT, "ana")
        except attempts.TooManyError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(attempt, range(20))) == 10


def test_few_letters_go_to_one_address(services: Services) -> None:
    """Five an hour, whoever asks and for whatever."""
    for number in range(5):
        accounts.ask_reset(services, "ana@taller.mx", "es", Where(f"192.0.2.{number}"), ROOT)

    with pytest.raises(attempts.TooManyError):
        accounts.sign_up(services, ANA, HOME, ROOT)


def test_a_changed_password_turns_the_session_into_another(services: Services) -> None:
    """The old token is refused, the other sessions are over, and a letter tells of it."""
    found = opened(services)
    changed = accounts.change_password(services, who(services, found), PASSWORD, "papel picado azul", ROOT)

    assert sessions.find(services, found.token, "") is None
    assert who(services, changed).shop == who(services, changed).shops[0]
    assert letters(services)[-1].subject == "Tu contraseña de shopkit cambió"
    with pytest.raises(accounts.WrongError):
        accounts.change_password(services, who(services, changed), PASSWORD, "otra vez papel", ROOT)


@pytest.mark.parametrize(
    ("password", "reason"),
    [("short", "short"), ("x" * 201, "long"), ("aaaaaaaaaaaa", "simple"), ("0123456789", "simple"),
     ("ana@taller.mx", "own")],
)  # fmt: skip
def test_a_password_that_will_not_do(password: str, reason: str) -> None:
    """Length counts, not signs."""
    with pytest.raises(accounts.WeakError) as caught:
        accounts.check_password(password, "ana@taller.mx")
    assert caught.value.reason == reason


def test_the_demonstration_opens_while_it_is_one(services: Services) -> None:
    """Its people sign in while the setting says so, and are nobody without it, sessions that were open included."""
    demo.make_demo(services)
    assert demo.make_demo(services) == ()
    services.settings = settings(services.settings.data_dir, demo=True)
    found = accounts.sign_in(services, "ana@demo.example", demo.PASSWORD, HOME)
    entered = accounts.enter_demo(services, "queso-boaco", HOME)

    assert who(services, entered).email == "martha@demo.example"
    services.settings = settings(services.settings.data_dir)
    assert sessions.find(services, found.token, "") is None
    with pytest.raises(accounts.WrongError):
        accounts.sign_in(services, "ana@demo.example", demo.PASSWORD, HOME)
    with pytest.raises(accounts.WrongError):
        accounts.enter_demo(services, "demo", HOME)
