"""Databases that are copied instead of made: to migrate each takes ten times as long, to fill it a hundred times."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from shopkit import db
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator


def migrate(database: db.Database) -> None:
    """Bring the tables to the newest revision; a SQLite file that is not there yet is copied."""
    if database.file is not None and not database.file.exists():
        database.file.write_bytes(_empty())
    elif db.current_revision(database) != _newest():
        db.upgrade(database)


@contextmanager
def template(socket_folder: Path) -> Iterator[str]:
    """Migrate a database of a PostgreSQL, and yield the name under which others are made of it."""
    with postgres.database(socket_folder, name := "migrated") as address:
        database = db.open_database(address)
        db.upgrade(database)
        # A database that somebody is connected to is no template.
        database.dispose()
        yield name


def content(database: db.Database) -> bytes:
    """Close a SQLite database and return its file, which is all of it."""
    assert database.file is not None
    database.dispose()
    assert not Path(f"{database.file}-wal").exists()
    return database.file.read_bytes()


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        database = db.open_database(f"sqlite:///{folder}/shop.sqlite")
        db.upgrade(database)
        return content(database)


@cache
def _newest() -> str | None:
    return db.newest_revision(db.open_database("sqlite://"))
