"""The shelf of rulebooks: every version that was put in force is kept, and a pointer says which one is.

``<data>/rulebooks/<version>/`` is a rulebook, whole and never changed; ``<data>/rulebooks/in-force`` holds the name of
a version, or is absent while the shipped rules are in force. A version is made in a folder of its own and then renamed,
and so is the pointer: whoever is killed half-way leaves the old rules in force.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shopkit.services.renewal.signing import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED: Final = "shipped"
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}", re.ASCII)
_POINTER: Final = "in-force"
_NEW: Final = ".new-"


class ShelfError(ValueError):
    """What was asked of the shelf cannot be; the message says what can."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of rulebooks of a shop."""

    folder: Path

    @property
    def pointer(self) -> Path:
        """The file that names the version in force."""
        return self.folder / _POINTER

    def in_force(self) -> str:
        """Return the version in force, ``shipped`` for the one that came with the application."""
        try:
            text = self.pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            return SHIPPED
        except (OSError, UnicodeDecodeError) as error:
            raise ShelfError(f"{self.pointer}: cannot be read: {error}") from error
        if text != SHIPPED and not _VERSION.fullmatch(text):
            raise ShelfError(f"{self.pointer}: {text[:64]!r} is no version; run shopkit rulebook use")
        return text

    def path(self, version: str) -> Path | None:
        """Return the folder of a version, ``None`` for the shipped one; ``ShelfError`` names those that are kept."""
        if version == SHIPPED:
            return None
        if version not in self.versions():
            raise ShelfError(f"no rulebook {version!r} is kept; there are {', '.join((SHIPPED, *self.versions()))}")
        return self.folder / version

    def versions(self) -> list[str]:
        """Return the kept versions, the one that was kept first at the beginning."""
        if not self.folder.is_dir():
            return []
        found = [path for path in self.folder.iterdir() if path.is_dir() and _VERSION.fullmatch(path.name)]
        return [path.name for path in sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the shelf: of two updates at once one waits for the other."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def making(self) -> Iterator[Path]:
        """Give an empty folder to make a version in; what others left when they were killed is cleared away."""
        for left in self.folder.glob(f"{_NEW}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_NEW, dir=self.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, made: Path, version: str) -> None:
        """Put a rulebook that was made on the shelf; ``ShelfError`` if the version is another one's name already."""
        if not _VERSION.fullmatch(version) or version in (SHIPPED, _POINTER):
            raise ShelfError(
                f"VERSION: {version[:64]!r} cannot be a name; write letters, digits, points, like 2026.12.1"
            )
        place = self.folder / version
        if place.is_dir():
            if manifest(place) != manifest(made):
                raise ShelfError(
                    f"{version} is kept already with other rules in it; give the new ones a VERSION of their own"
                )
            return
        for path in (*made.rglob("*"), made):
            # mkdtemp makes folders for the owner alone; rules are no secret and other workers read them.
            path.chmod(0o755 if path.is_dir() else 0o644)
            _sync(path)
        made.rename(place)
        _sync(self.folder)

    def point(self, version: str) -> None:
        """Put a kept version in force: running processes see it at their next look."""
        self.path(version)
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".in-force-", dir=self.folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(version + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(self.pointer)
        _sync(self.folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
