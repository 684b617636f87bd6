"""Writing quotes together: SQLite has one writer at a time, so those who wait for it let one of them write for all.

A thread that wants to write puts its rows on the pile and waits for its turn. Whoever's turn it is takes the whole pile
and writes it in one transaction; the others find theirs done. Nobody is told that a row is kept before it is. Processes
take turns by a lock of the operating system, which wakes the next at once: SQLite itself would sleep and look again.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from shopkit.models import StoredQuote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shopkit.db import Database

# On the table itself and made once: a row is written on nearly every request.
INSERT_QUOTE: Final = insert(StoredQuote.metadata.tables["quote"])


@dataclass(slots=True)
class _Wish:
    """Rows somebody waits for."""

    rows: Sequence[Mapping[str, Any]]
    is_done: bool = False


class QuoteWriter:
    """Inserts quotes; on SQLite those of waiting threads together, on PostgreSQL each for itself."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Threads append at one end while whoever's turn it is takes from the other; both are single steps.
        self._pile: deque[_Wish] = deque()
        self._turn = threading.Lock()
        self._lock_file = _LockFile(f"{database.file}.turn") if database.file else None

    def insert(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows in one transaction and return when they are kept; raise what kept them from it."""
        if self._lock_file is None:
            self._write(rows)
            return
        wish = _Wish(rows)
        self._pile.append(wish)
        with self._turn:
            if wish.is_done:
                return
            with self._lock_file.held():
                self._write_pile(wish)

    def _write_pile(self, own: _Wish) -> None:
        wishes = []
        while self._pile:
            wishes.append(self._pile.popleft())
        try:
            self._write([row for wish in wishes for row in wish.rows])
        except SQLAlchemyError:
            # One bad row must not spoil the others: they are still waiting, and each gets its turn.
            self._pile.extendleft(wish for wish in reversed(wishes) if wish is not own)
            self._write(own.rows)
        else:
            for wish in wishes:
                wish.is_done = True

    def _write(self, rows: Sequence[Mapping[str, Any]]) -> None:
        with self._database.engine.begin() as connection:
            connection.execute(INSERT_QUOTE, rows if len(rows) > 1 else rows[0])


class _LockFile:
    """A lock between processes, held by locking a file beside the database."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor: int | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock; only one thread of a process is ever here."""
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
