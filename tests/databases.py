"""Databases with every table and no row, copied from one that was migrated: to migrate each takes ten times as long."""

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
        database.file.write_bytes(_migrated())
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


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "shop.sqlite")
        database = db.open_database(f"sqlite:///{file}")
        db.upgrade(database)
        database.dispose()
        return file.read_bytes()


@cache
def _newest() -> str | None:
    return db.newest_revision(db.open_database("sqlite://"))
