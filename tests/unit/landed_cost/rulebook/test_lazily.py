"""What is read when it is first asked for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from landed_cost import load_rulebook
from landed_cost.rulebook.lazily import Lazily


class Reader:
    """What makes capitals of a name, and remembers how often."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, name: str) -> str:
        """Read one."""
        self.read.append(name)
        return name.upper()


def test_names_are_known_without_reading() -> None:
    """Which names there are, in their order, costs no reading."""
    reader = Reader()
    found = Lazily(("b", "a"), reader)

    assert (list(found), len(found), "a" in found, "c" in found) == (["b", "a"], 2, True, False)
    assert (found.get("c", "none"), reader.read) == ("none", [])


def test_a_value_is_read_once() -> None:
    """However often it is asked for, and in whichever way."""
    reader = Reader()
    found = Lazily(("a", "b"), reader)

    assert [found["a"], found["a"], found.get("a"), found.get("b")] == ["A", "A", "A", "B"]
    assert reader.read == ["a", "b"]


def test_another_name_is_none() -> None:
    """A name that is not known is a missing key."""
    with pytest.raises(KeyError, match="b"):
        Lazily(("a",), str.upper)["b"]


def test_threads_that_ask_together_read_once() -> None:
    """The second waits for what the first reads."""
    reader, together = Reader(), Barrier(4)

    def ask() -> str:
        together.wait()
        return found["a"]

    found = Lazily(("a",), reader)
    with ThreadPoolExecutor(4) as threads:
        answers = [one.result() for one in [threads.submit(ask) for _ in range(4)]]

    assert (answers, reader.read) == (["A"] * 4, ["a"])


def test_every_destination_we_ship_can_be_read() -> None:
    """What a process reads only when it is asked for is read whole here: law, bands and agreements."""
    book = load_rulebook()

    assert [(code, book.destinations[code].country) for code in book.destinations] == [
        (code, code) for code in book.destinations
    ]
    assert {one.bands for one in book.destinations.values()} - {None} <= set(book.tables.bands)
    assert all(book.tables.bands[name].source for name in book.tables.bands)
