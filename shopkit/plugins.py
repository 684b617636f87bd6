"""What can be plugged in: adapters found by entry points, the built-in ones by the same path as anybody's.

A plug-in that cannot be loaded is kept in the list with the reason, so that ``shopkit doctor`` shows it as broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FX: Final = "shopkit.fx"
SCHEDULES: Final = "landed_cost.schedules"
MAIL: Final = "shopkit.mail"
ENGINES: Final = "shopkit.engines"
FORMATS: Final = "listings.formats"
CHANNELS: Final = "shopkit.channels"
PAYMENTS: Final = "shopkit.payments"
PUSHERS: Final = "shopkit.pushers"
TRACKING: Final = "shopkit.tracking"
CARRIERS: Final = "shopkit.carriers"
GROUPS: Final = (FX, MAIL, ENGINES, SCHEDULES, FORMATS, CHANNELS, PAYMENTS, PUSHERS, TRACKING, CARRIERS)


class PluginError(LookupError):
    """A plug-in that was asked for and is not there, or is broken; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """One entry point: what it gives, or why it gives nothing. ``package`` is who ships it."""

    group: str
    name: str
    package: str
    found: Any = None
    problem: str | None = None


def plugins(group: str, found: Iterable[EntryPoint] | None = None) -> list[Plugin]:
    """Return the plug-ins of a group by name, broken ones with their problem; a name given twice breaks both."""
    points = sorted(entry_points(group=group) if found is None else found, key=lambda point: point.name)
    names = [point.name for point in points]
    loaded = []
    for point in points:
        package = point.dist.name if point.dist is not None else "?"
        if names.count(point.name) > 1:
            loaded.append(Plugin(group, point.name, package, problem=f"the name {point.name!r} is given twice"))
            continue
        try:
            loaded.append(Plugin(group, point.name, package, point.load()))
        # A plug-in is somebody else's code: whatever it raises, the shop goes on and says so.
        except Exception as error:  # noqa: BLE001
            loaded.append(Plugin(group, point.name, package, problem=f"{type(error).__name__}: {error}"))
    return loaded


def plugin(group: str, name: str) -> Any:  # noqa: ANN401  # what the group promises
    """Return what the plug-in gives, or raise ``PluginError`` naming those that are there."""
    every = plugins(group)
    for one in every:
        if one.name == name:
            if one.problem is not None:
                raise PluginError(f"{group} {name} is broken: {one.problem}")
            return one.found
    names = ", ".join(one.name for one in every if one.problem is None)
    raise PluginError(f"{group} has no {name!r}; there are {names or 'none'}")
