"""What was worked out lately under the law in force, kept by its name until the law changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

V = TypeVar("V")


class Lately(Generic[V]):
    """So many results at most, the longest unused is forgotten first; another law forgets them all.

    A result is never changed by who takes it. Two who ask for the same at once may both work it out: nobody waits.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._law: object = None
        self._kept: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, law: object, name: Hashable, make: Callable[[], V]) -> V:
        """Return what is kept under a name, or what ``make`` works out under this very ``law``."""
        with self._lock:
            if self._law is not law:
                self._kept.clear()
                self._law = law
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        found = make()
        with self._lock:
            if self._law is law:
                self._kept[name] = found
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return found
