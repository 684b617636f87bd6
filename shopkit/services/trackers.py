"""The providers of tracking that are there, and what an event of any of them means."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from shopkit import plugins
from shopkit.tracking.codes import post
from shopkit.tracking.events import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopkit.tracking.codes import Vocabulary
    from shopkit.tracking.events import Event, RawEvent
    from shopkit.tracking.port import Tracker


@cache
def trackers() -> Mapping[str, Tracker]:
    """Return the providers by name, as their entry points name them; a broken one is told by ``shopkit doctor``."""
    return {one.name: one.found for one in plugins.plugins(plugins.TRACKING) if one.problem is None}


def meaning(raw: RawEvent) -> Event:
    """Return an event in our words, by the tables of who told it; of who is not there any more, by those of posts."""
    return normalise(raw, vocabulary(raw.provider))


def vocabulary(provider: str) -> Vocabulary:
    """Return the tables of a provider."""
    found = trackers().get(provider)
    return post() if found is None else found.vocabulary
