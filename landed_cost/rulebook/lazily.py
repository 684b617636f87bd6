"""A mapping whose values are read when they are first asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import RLock
from typing import TypeVar

T = TypeVar("T")


class Lazily(Mapping[str, T]):
    """Names that are known, and what ``read`` makes of each, once; threads that ask together read it once."""

    __slots__ = ("_found", "_lock", "_names", "_read")

    def __init__(self, names: Iterable[str], read: Callable[[str], T]) -> None:
        self._names = dict.fromkeys(names)
        self._read = read
        self._found: dict[str, T] = {}
        self._lock = RLock()

    def __getitem__(self, name: str) -> T:
        """Return what belongs to a name, read now if nobody asked before; ``KeyError`` for any other name."""
        found = self._found.get(name)
        if found is not None:
            return found
        if name not in self._names:
            raise KeyError(name)
        with self._lock:
            # Another thread may have read it meanwhile.
            found = self._found[name] = self._found[name] if name in self._found else self._read(name)
            return found

    def __contains__(self, name: object) -> bool:
        """Whether the name is known; nothing is read for that."""
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        """Go over the names."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self._names)

    def get(self, name: str, default: T | None = None) -> T | None:  # type: ignore[override]  # asked at every quote
        """Return what belongs to a name, or ``default``."""
        found = self._found.get(name)
        return found if found is not None else self[name] if name in self._names else default
