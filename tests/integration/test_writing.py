"""Writing quotes together: everybody's is kept, none is said to be kept before it is, one's fault is one's own."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from shopkit import db
from shopkit.models import StoredQuote
from shopkit.services.writing import QuoteWriter
from tests.databases import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def database(database_url: str) -> Iterator[db.Database]:
    """Return a migrated database of either kind."""
    found = db.open_database(database_url)
    yield found
    found.dispose()


def row(name: str) -> dict[str, Any]:
    """Return one quote as a row."""
    texts = dict.fromkeys(("outcome", "rulebook", "schedule", "rates", "principal", "request", "response"), "x")
    return {"id": name, "created_at": datetime.now(UTC), "date": date(2026, 11, 23), "destination": "US"} | texts


def kept(database: db.Database) -> set[str]:
    """Return the ids of what is kept."""
    with database.reading() as session:
        return set(session.scalars(select(StoredQuote.id)))


def write_at_once(writer: QuoteWriter, names: list[str]) -> dict[str, BaseException | None]:
    """Write a row for each name from a thread of its own, all at the same moment; return what each raised."""
    start = threading.Barrier(len(names))
    outcomes: dict[str, BaseException | None] = {}

    def write(number: int, name: str) -> None:
        start.wait(30)
        try:
            writer.insert([row(name)])
            outcomes[f"{number}:{name}"] = None
        except IntegrityError as error:
            outcomes[f"{number}:{name}"] = error

    threads = [threading.Thread(target=write, args=entry) for entry in enumerate(names)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_everybodys_quote_is_kept(database: db.Database) -> None:
    """Of many threads that write at once each finds its own kept when it is told so."""
    names = [f"q{number}" for number in range(12)]

    outcomes = write_at_once(QuoteWriter(database), names)

    assert list(outcomes.values()) == [None] * 12
    assert kept(database) == set(names)


def test_ones_fault_is_ones_own(database: db.Database) -> None:
    """A row that cannot be written is its writer's error alone; all the others are kept."""
    writer = QuoteWriter(database)
    writer.insert([row("taken")])

    outcomes = write_at_once(writer, ["a", "taken", "b", "c", "taken", "d"])

    failed = sorted(name for name, error in outcomes.items() if error is not None)
    assert failed == ["1:taken", "4:taken"]
    assert kept(database) == {"taken", "a", "b", "c", "d"}


def test_several_rows_of_one_are_one_transaction(database: db.Database) -> None:
    """Of a batch in which one row cannot be written, none is kept."""
    writer = QuoteWriter(database)
    writer.insert([row("taken")])

    with pytest.raises(IntegrityError):
        writer.insert([row("new"), row("taken")])

    assert kept(database) == {"taken"}


def test_those_who_wait_are_written_together(tmp_path: Any) -> None:
    """On SQLite what piled up while another wrote is one transaction."""
    database = db.open_database(f"sqlite:///{tmp_path / 'shop.sqlite'}")
    migrate(database)
    writer = QuoteWriter(database)
    commits: list[int] = []
    event.listen(database.engine, "commit", lambda _connection: commits.append(1))

    with writer._turn:
        threads = [threading.Thread(target=writer.insert, args=([row(f"q{number}")],)) for number in range(8)]
        for thread in threads:
            thread.start()
        while len(writer._pile) < 8:
            pass
    for thread in threads:
        thread.join(60)

    assert (len(kept(database)), len(commits)) == (8, 1)
    database.dispose()
