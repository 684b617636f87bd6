"""The database: SQLite in WAL mode as the embedded default, PostgreSQL by address.

Readers and writers are told apart, because SQLite cannot raise a read lock by waiting: a transaction that will write
says so when it begins (``BEGIN IMMEDIATE``), one that only reads does not queue behind writers (``BEGIN``).
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection, Dialect
    from sqlalchemy.dialects.postgresql import Insert as PgInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

_READ_ONLY = "shopkit_read_only"
_PRAGMAS = ("busy_timeout=5000", "synchronous=NORMAL", "foreign_keys=ON")
_TRIES, _PAUSE_S = 100, 0.05
# SQLite lets nobody queue: who waits looks again every tenth of a second at the latest.
_ROOM_S = 0.12


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept and given back in UTC: SQLite would give back a time without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # its name
        """Return the moment in UTC; a time without a zone is refused, because it is not a moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # its name
        """Return the moment with its zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Database:
    """One engine and the two ways to open a session on it; ``file`` is SQLite's."""

    engine: Engine
    reading: sessionmaker[Session]
    writing: sessionmaker[Session]
    file: Path | None = None

    def give_way(self) -> None:
        """Leave room for others between two of many transactions in a row; on SQLite they would find none."""
        if self.file is not None:
            time.sleep(_ROOM_S)

    def insert(self, into: type[Any]) -> PgInsert | SqliteInsert:
        """Return an ``INSERT`` of this database's own kind, which can say what to do about a row that is there."""
        # The dialect that is not used is not imported.
        if self.engine.dialect.name == "postgresql":
            from sqlalchemy.dialects import postgresql  # noqa: PLC0415

            return postgresql.insert(into)
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return sqlite.insert(into)

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Return the database at the address; nothing is connected yet, but the folder of a SQLite file is made."""
    address = make_url(url)
    file = None
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            file = Path(address.database)
            file.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        if address.drivername == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        # A connection that the server closed in the night is noticed before it is used.
        engine = create_engine(address, pool_pre_ping=True)
    reader = engine.execution_options(**{_READ_ONLY: True})
    return Database(
        engine=engine,
        reading=sessionmaker(reader, expire_on_commit=False),
        writing=sessionmaker(engine, expire_on_commit=False),
        file=file,
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401  # the pool's own record
    # sqlite3 would begin transactions behind our back, and at the wrong moment.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    # Turning a new file into WAL needs it whole, and SQLite does not wait for that as it does for rows.
    for left in reversed(range(_TRIES)):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def migrations(engine: Engine) -> Config:
    """Return Alembic's configuration for the engine; there is no ini file to find."""
    # Slow to import, and a command that keeps nothing does without; so in the three below.
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(files("shopkit") / "migrations"))
    config.attributes["engine"] = engine
    return config


def upgrade(database: Database) -> tuple[str | None, str | None]:
    """Bring the tables to the newest revision and return (before, after)."""
    from alembic import command  # noqa: PLC0415

    before = current_revision(database)
    command.upgrade(migrations(database.engine), "head")
    return before, current_revision(database)


def current_revision(database: Database) -> str | None:
    """Return the revision the tables are at; ``None`` for an empty database."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision(database: Database) -> str | None:
    """Return the revision this program knows as the newest."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory.from_config(migrations(database.engine)).get_current_head()
