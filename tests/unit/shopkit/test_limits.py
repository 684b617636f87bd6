"""Windows of requests: counted, ended, forgotten."""

from __future__ import annotations

from shopkit.api.limits import WindowStorage


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_a_window_counts_until_it_ends() -> None:
    """Requests add up within a window; the first after its end begins a new one."""
    clock = Clock()
    storage = WindowStorage(clock=clock)

    counts = []
    for clock.now in (1000.0, 1059.9, 1060.0):
        counts.append((storage.incr("a", 60), storage.get("a"), storage.get_expiry("a")))

    assert counts == [(1, 1, 1060.0), (2, 2, 1060.0), (1, 1, 1120.0)]


def test_an_unknown_key_has_no_window() -> None:
    """Who never asked has asked nothing, in a window that ends now."""
    storage = WindowStorage(clock=Clock())

    assert (storage.get("a"), storage.get_expiry("a"), storage.check()) == (0, 1000.0, True)


def test_what_ran_out_is_forgotten() -> None:
    """Memory does not grow with the addresses of long ago."""
    clock = Clock()
    storage = WindowStorage(clock=clock)
    for number in range(100):
        storage.incr(str(number), 5)

    clock.now += 10
    storage.incr("new", 5, amount=3)

    assert (storage.get("new"), storage.reset(), storage.get("new")) == (3, 1, 0)


def test_one_window_can_be_cleared() -> None:
    """Clearing one leaves the others."""
    storage = WindowStorage(clock=Clock())
    storage.incr("a", 60)
    storage.incr("b", 60)

    storage.clear("a")
    storage.clear("nobody")

    assert (storage.get("a"), storage.get("b")) == (0, 1)
