"""Files of catalogs: written whole beside, made safe on the disk, put in place at once; half of one is never read."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from shopkit.services.catalogs import Kept
    from shopkit.services.context import Services

# Files of earlier runs that stay, for whoever is reading one while the next is put in place.
KEPT: Final = 3
_BUFFER: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is in place: its name, which is made of what it holds, and its size in bytes."""

    name: str
    digest: str
    size: int


def folder_of(services: Services, feed_id: str) -> Path:
    """Return the folder of a catalog's files."""
    return services.settings.data_dir / "catalogs" / feed_id


def path_of(services: Services, found: Kept) -> Path | None:
    """Return the file that is served; ``None`` where there is none."""
    if found.file is None:
        return None
    path = folder_of(services, found.id) / found.file
    return path if path.is_file() else None


def write(folder: Path, suffix: str, pieces: Iterable[bytes], mark: str) -> Written:
    """Write a file under a name made of what it holds: beside first, to the disk, then renamed.

    ``mark`` tells writers apart. A process that dies leaves a part behind, which the next run of the catalog removes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".part-*"):
        left.unlink(missing_ok=True)
    part = folder / f".part-{mark}"
    digest, size = hashlib.sha256(), 0
    try:
        with part.open("wb", buffering=_BUFFER) as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        name = f"{digest.hexdigest()[:32]}{suffix}"
        part.replace(folder / name)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(folder)
    return Written(name, digest.hexdigest(), size)


def put(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file where somebody asked for it, at once or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb", buffering=_BUFFER) as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def prune(folder: Path, served: str) -> None:
    """Remove files of earlier runs but the newest few."""
    old = sorted(
        (one for one in folder.iterdir() if one.name != served and not one.name.startswith(".")),
        key=lambda one: one.stat().st_mtime_ns,
        reverse=True,
    )
    for one in old[KEPT:]:
        one.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """Make a name safe on the disk; some file systems have no such thing for folders."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
