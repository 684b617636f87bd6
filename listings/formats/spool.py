"""The records of a file on disk, brought together by product.

A product's rows may stand far apart, and a parent may follow its variations: a file has to be seen whole before its
first product is known whole. What is seen lies in a nameless database of SQLite, which keeps a few megabytes in memory
and the rest in a temporary file that goes with it.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from listings.formats.port import Group, Record

_TABLES = """
CREATE TABLE record (row INTEGER PRIMARY KEY, name TEXT NOT NULL, is_member INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE alias (name TEXT PRIMARY KEY, of TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sku (name TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID;
"""
_PRODUCTS = """
UPDATE record SET name = (SELECT of FROM alias WHERE alias.name = record.name), is_member = 0
    WHERE is_member AND EXISTS (SELECT 1 FROM alias WHERE alias.name = record.name);
CREATE INDEX record_of_name ON record (name);
CREATE TABLE product (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, is_orphan INTEGER NOT NULL);
INSERT INTO product (name, is_orphan) SELECT name, MIN(is_member) FROM record GROUP BY name ORDER BY MIN(row);
"""


class Spool:
    """The records of one file; ``load`` them, then go through ``products``."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA cache_size = -8000")
        self._database.executescript(_TABLES)
        self.products = 0
        self.last_row = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let everything go."""
        self._database.close()

    def load(self, records: Iterable[tuple[int, Group, Record]]) -> None:
        """Take the records in, and tell which belong together."""
        run = self._database.execute
        run("BEGIN")
        for row, group, record in records:
            run(
                "INSERT INTO record VALUES (?, ?, ?, ?)",
                (row, group.name, group.is_member, json.dumps(record, ensure_ascii=True)),
            )
            for alias in group.aliases:
                run("INSERT OR IGNORE INTO alias VALUES (?, ?)", (alias, group.name))
            for sku in group.skus:
                run("INSERT OR IGNORE INTO sku VALUES (?, ?)", (sku, row))
            self.last_row = row
        run("COMMIT")
        self._database.executescript(_PRODUCTS)
        (self.products,) = run("SELECT COUNT(*) FROM product").fetchone()

    def groups(self, start: int = 0) -> Iterator[tuple[bool, list[tuple[int, Record]]]]:
        """Return the rows of each product after the first ``start``, and whether their parent is missing."""
        run = self._database.execute
        for number in range(start + 1, self.products + 1):
            name, is_orphan = run("SELECT name, is_orphan FROM product WHERE number = ?", (number,)).fetchone()
            found = run("SELECT row, data FROM record WHERE name = ? ORDER BY row", (name,)).fetchall()
            yield bool(is_orphan), [(row, json.loads(data)) for row, data in found]

    def first_row(self, sku: str) -> int | None:
        """Return the row that claims a SKU first."""
        found = self._database.execute("SELECT row FROM sku WHERE name = ?", (sku,)).fetchone()
        return None if found is None else found[0]
