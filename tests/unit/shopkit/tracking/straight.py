"""A provider of tracking asked before its twin without a network: for what an answer means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shopkit.tracking.events import normalise
from shopkit.tracking.port import Addressed, Ask, Reply, converse
from shopkit.tracking.timeline import fold
from tests.twins.carriers import NOW, Asked

if TYPE_CHECKING:
    from shopkit.tracking.events import Event
    from shopkit.tracking.port import Call, Told, Tracker
    from shopkit.tracking.timeline import Timeline, Window
    from tests.twins.carriers import Carrier


class Straight:
    """The way to a twin by a call of a method; ``calls`` are those that were made, as the provider made them."""

    def __init__(self, tracker: Tracker, twin: Carrier) -> None:
        self.tracker, self.twin = tracker, twin
        self.calls: list[Call] = []
        # A token that the twin takes, where it takes any.
        tokens: set[str] = getattr(twin, "tokens", set())
        tokens.add("straight")

    def send(self, call: Call) -> Reply:
        """Carry a call to the twin."""
        self.calls.append(call)
        details = self.twin.details
        at = self.tracker.addressed(call, details) if isinstance(self.tracker, Addressed) else call
        headers = {**at.headers, **self.tracker.sign(call, details, "straight")}
        asked = Asked(at.method, at.path, at.query, {name.lower(): value for name, value in headers.items()}, at.body)
        answered = self.twin.answer(asked)
        return Reply(answered.status, answered.body)

    def track(self, *asks: str | Ask) -> tuple[Told, ...]:
        """Ask for numbers at once."""
        several = [Ask(one) if isinstance(one, str) else one for one in asks]
        told: tuple[Told, ...] = converse(self.tracker.track(several, now=NOW), self)
        return told

    def events(self, number: str) -> list[Event]:
        """Ask for a number, and return its events in our words."""
        (told,) = self.track(number)
        return [normalise(event, self.tracker.vocabulary) for event in told.events]

    def line(self, number: str, window: Window | None = None) -> Timeline:
        """Ask for a number, and return what its events come to."""
        return fold(self.events(number), now=NOW, window=window)


def summary(line: Timeline) -> tuple[Any, str, tuple[str, ...]]:
    """Return the headline, how it stands with customs, and what a person should look at."""
    return line.headline, line.customs.state, line.flags
