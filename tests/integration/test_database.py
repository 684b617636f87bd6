"""The database: migrations that make what the models say, moments in UTC, writers that do not trip over each other."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import StatementError

from shopkit import db
from shopkit.models import Base, IdempotencyKey
from tests.processes import beginning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.synchronize import Barrier as BarrierType
    from pathlib import Path

MOMENT = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def database(empty_database_url: str) -> Iterator[db.Database]:
    """Return an empty database of either kind."""
    found = db.open_database(empty_database_url)
    yield found
    found.dispose()


def key(name: str, moment: datetime = MOMENT) -> IdempotencyKey:
    """Return a row to write."""
    return IdempotencyKey(
        key=name, principal="p", route="r", body_hash="h", claim="c", claimed_until=moment, expires_at=moment
    )


def test_migrations_make_what_the_models_say(database: db.Database) -> None:
    """Upgraded from empty, a database has the tables of the models, column for column."""
    assert db.upgrade(database) == (None, db.newest_revision(database))

    command.check(db.migrations(database.engine))


def test_an_upgrade_is_done_once(database: db.Database) -> None:
    """A database that is up to date is left alone."""
    db.upgrade(database)

    newest = db.newest_revision(database)
    assert db.upgrade(database) == (newest, newest)


def test_migrations_go_back_to_nothing(database: db.Database) -> None:
    """Downgraded, nothing is left but Alembic's own table."""
    db.upgrade(database)

    command.downgrade(db.migrations(database.engine), "base")

    assert inspect(database.engine).get_table_names() == ["alembic_version"]


def _upgrade(url: str, start: BarrierType) -> None:
    database = db.open_database(url)
    start.wait(30)
    db.upgrade(database)
    database.dispose()


def test_several_may_upgrade_at_once(database: db.Database, empty_database_url: str) -> None:
    """Processes that start together migrate one after the other, and all find the tables."""
    context = beginning()
    start = context.Barrier(3)
    processes = [context.Process(target=_upgrade, args=(empty_database_url, start)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())


def test_moments_come_back_in_utc(database: db.Database) -> None:
    """A moment of any zone is the same moment when it is read, and says that it is UTC."""
    db.upgrade(database)
    there = MOMENT.astimezone(timezone(timedelta(hours=-6)))
    with database.writing.begin() as session:
        session.add(key("a", there))

    with database.reading() as session:
        found = session.scalars(select(IdempotencyKey.expires_at)).one()

    assert (found, found.tzinfo) == (MOMENT, UTC)


def test_a_time_without_a_zone_is_no_moment(database: db.Database) -> None:
    """Writing a naive time is an error, not a guess."""
    db.upgrade(database)

    with pytest.raises(StatementError, match="has no time zone"), database.writing.begin() as session:
        session.add(key("a", datetime(2026, 11, 23)))  # noqa: DTZ001  # that is what is tested


def test_readers_do_not_wait_for_a_writer(database: db.Database) -> None:
    """While one writes, another reads what was there before."""
    db.upgrade(database)
    with database.writing.begin() as session:
        session.add(key("a"))

    with database.writing.begin() as writer:
        writer.add(key("b"))
        writer.flush()
        with database.reading() as reader:
            assert reader.scalars(select(IdempotencyKey.key)).all() == ["a"]


def test_writers_that_read_first_wait_for_each_other(database: db.Database) -> None:
    """Many that read and then write at once all succeed: on SQLite a plain BEGIN would fail most of them."""
    db.upgrade(database)
    with database.writing.begin() as session:
        session.add(key("0"))
    failures: list[BaseException] = []

    def write(thread: int) -> None:
        try:
            for n in range(10):
                with database.writing.begin() as session:
                    session.scalars(select(IdempotencyKey.key)).all()
                    session.add(key(f"{thread}-{n}"))
        except BaseException as error:  # noqa: BLE001  # a thread's fault is told to the test
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    with database.reading() as session:
        count = len(session.scalars(select(IdempotencyKey.key)).all())
    assert (failures, count) == ([], 41)


def test_sqlite_is_set_for_a_shop(tmp_path: Path) -> None:
    """Every connection has the write-ahead log, waits for locks, and checks what refers to what."""
    database = db.open_database(f"sqlite:///{tmp_path / 'folder' / 'shop.sqlite'}")

    with database.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }

    assert found == {"journal_mode": "wal", "synchronous": 1, "busy_timeout": 5000, "foreign_keys": 1}
    database.dispose()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_with_psycopg(scheme: str) -> None:
    """Either way of writing the address means the driver that we ship with."""
    engine: Engine = db.open_database(f"{scheme}://somebody@localhost/shop").engine

    assert engine.dialect.driver == "psycopg"
