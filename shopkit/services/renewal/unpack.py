"""Unpacking rules that come from outside, as a folder, a tar or a zip: nothing in them is trusted.

Only plain files of known kinds are taken, under plain names, within limits of number and size that are counted while
reading: what an archive says of itself may be a lie.
"""

from __future__ import annotations

import re
import stat
import tarfile
import zipfile
import zlib
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES: Final = 2_000
MAX_FILE_BYTES: Final = 16_000_000
MAX_BYTES: Final = 64_000_000
_SUFFIXES: Final = (".yaml", ".csv", ".md")
_PROGRAMS: Final = (".py", ".pyc")
_NAMES: Final = frozenset({"VERSION", "MANIFEST", "MANIFEST.sig", "LICENSE"})
_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", re.ASCII)
_PIECE: Final = 65_536
_BROKEN: Final = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class UnpackError(ValueError):
    """What was given cannot be taken for rules; the message names the file in it, and what is wrong."""


def unpack(source: Path, target: Path) -> None:
    """Copy the files of a folder or an archive into the empty folder ``target``; ``UnpackError`` leaves it half full.

    One folder that holds everything (as archives often have) is left out of the names.
    """
    if not source.exists():
        raise UnpackError(f"{source}: not there")
    try:
        with _entries(source) as entries:
            _copy(source, entries, target)
    except _BROKEN as error:
        raise UnpackError(f"{source.name}: cannot be read: {type(error).__name__}: {error}") from error
    except OSError as error:
        raise UnpackError(f"{source.name}: {error.strerror or error}") from error


def _copy(source: Path, entries: Iterator[tuple[str, IO[bytes]]], target: Path) -> None:
    seen: set[str] = set()
    whole = 0
    for name, file in entries:
        path = _checked(name)
        if str(path).lower() in seen:
            raise UnpackError(f"{name}: stands twice; keep one")
        seen.add(str(path).lower())
        if len(seen) > MAX_FILES:
            raise UnpackError(f"{source.name}: more than {MAX_FILES:,} files")
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with place.open("wb") as out:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > MAX_FILE_BYTES:
                    raise UnpackError(f"{name}: more than {MAX_FILE_BYTES:,} bytes")
                if whole + size > MAX_BYTES:
                    raise UnpackError(f"{source.name}: more than {MAX_BYTES:,} bytes when unpacked")
                out.write(piece)
        whole += size
    _lift(target)


def _checked(name: str) -> PurePosixPath:
    """Return the name as a path that stays inside the folder, of a kind of file that rules are made of."""
    path = PurePosixPath(name)
    if name.startswith("/") or "\\" in name or ".." in path.parts or ":" in name:
        raise UnpackError(f"{name!r}: leads out of the folder; names are relative, without ..")
    if not path.parts or not all(_PART.fullmatch(part) for part in path.parts):
        raise UnpackError(f"{name!r}: not a plain name; letters, digits, point, hyphen and underscore are taken")
    if path.suffix not in _SUFFIXES and path.name not in _NAMES:
        raise UnpackError(f"{name}: not a file of rules; those are {', '.join((*_SUFFIXES, *sorted(_NAMES)))}")
    return path


def _lift(target: Path) -> None:
    """Take the files out of the only folder that holds them all."""
    found = list(target.iterdir())
    if len(found) == 1 and found[0].is_dir():
        # Under another name first: a file in it may be called as it is.
        inner = found[0].rename(target / ".inner")
        for path in list(inner.iterdir()):
            path.rename(target / path.name)
        inner.rmdir()


@contextmanager
def _entries(source: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Give the plain files of the folder or archive, one after the other, each open only while it is looked at."""
    if source.is_dir():
        yield _of_folder(source)
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            yield _of_zip(archive)
    else:
        try:
            opened = tarfile.open(source)  # noqa: SIM115  # closed below
        except tarfile.ReadError as error:
            raise UnpackError(f"{source.name}: neither a folder nor a tar or zip archive") from error
        with opened:
            yield _of_tar(opened)


def _of_folder(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    # Who writes rules has them beside the programs that read them; those are passed over, and never taken.
    is_package = (source / "__init__.py").is_file()
    for path in sorted(source.rglob("*")):
        if is_package and path.suffix in _PROGRAMS:
            continue
        name = path.relative_to(source).as_posix()
        kind = path.lstat().st_mode
        if stat.S_ISDIR(kind):
            continue
        if not stat.S_ISREG(kind):
            raise UnpackError(f"{name}: a link or a special file; rules are plain files")
        with path.open("rb") as file:
            yield name, file


def _of_zip(archive: zipfile.ZipFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise UnpackError(f"{entry.filename}: a link or a special file; rules are plain files")
        if entry.flag_bits & 1:
            raise UnpackError(f"{entry.filename}: encrypted; rules are open to read")
        with archive.open(entry) as file:
            yield entry.filename, file


def _of_tar(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for count, entry in enumerate(archive, start=1):
        if count > MAX_FILES * 2:
            raise UnpackError(f"more than {MAX_FILES:,} files")
        if entry.isdir():
            continue
        if not entry.isreg():
            raise UnpackError(f"{entry.name}: a link or a special file; rules are plain files")
        file = archive.extractfile(entry)
        if file is not None:
            with file:
                yield entry.name.removeprefix("./"), file
