"""Unpacking rules that come from outside: what is not a plain file of rules is refused, and named."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from shopkit.services.renewal import unpack
from shopkit.services.renewal.unpack import UnpackError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Archive = Callable[[Path, dict[str, bytes]], Path]


def tar(folder: Path, files: dict[str, bytes], mode: str = "w:gz") -> Path:
    """Return a tar archive of the files."""
    path = folder / "rules.tar"
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]  # a mode by name
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def zipped(folder: Path, files: dict[str, bytes]) -> Path:
    """Return a zip archive of the files."""
    path = folder / "rules.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.fixture(params=[tar, zipped], ids=["tar", "zip"])
def archive(request: pytest.FixtureRequest) -> Archive:
    """Return a way to make an archive of each kind."""
    made: Archive = request.param
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return an empty folder."""
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


FILES = {"VERSION": b"1\n", "us/law.yaml": b"a: 1\n", "bands/us.csv": b"x\n"}


@pytest.mark.parametrize("prefix", ["", "rulebook-1/"])
def test_plain_files_are_taken(tmp_path: Path, target: Path, archive: Archive, prefix: str) -> None:
    """What an archive holds lies in the folder afterwards, without the one folder that held it all."""
    made = archive(tmp_path, {prefix + name: content for name, content in FILES.items()})

    unpack.unpack(made, target)

    assert tree(target) == FILES


def test_a_folder_is_taken_like_an_archive(tmp_path: Path, target: Path) -> None:
    """A folder of rules is copied."""
    source = tmp_path / "source"
    for name, content in FILES.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)

    unpack.unpack(source, target)

    assert tree(target) == FILES


def test_the_programs_beside_the_rules_are_passed_over(tmp_path: Path, target: Path) -> None:
    """The folder that rules are written in is a package: its programs are never taken, and stand in nobody's way."""
    source = tmp_path / "rulebook"
    (source / "us").mkdir(parents=True)
    for name in ("VERSION", "us/law.yaml", "__init__.py", "us/cache.pyc"):
        (source / name).write_bytes(name.encode())

    unpack.unpack(source, target)

    assert tree(target) == {"VERSION": b"VERSION", "us/law.yaml": b"us/law.yaml"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../VERSION", "leads out of the folder"),
        ("us/../../VERSION", "leads out of the folder"),
        ("/etc/VERSION", "leads out of the folder"),
        ("us\\..\\VERSION", "leads out of the folder"),
        ("C:law.yaml", "leads out of the folder"),
        (".hidden.yaml", "not a plain name"),
        ("us/l\u00e1w.yaml", "not a plain name"),
        ("us/" + "a" * 200 + ".yaml", "not a plain name"),
        ("us/law.py", "not a file of rules"),
        ("us/law", "not a file of rules"),
    ],
)
def test_names_that_lead_elsewhere(tmp_path: Path, target: Path, archive: Archive, name: str, message: str) -> None:
    """A name that leaves the folder, hides, or is no file of rules is refused, and nothing is written outside."""
    with pytest.raises(UnpackError, match=message):
        unpack.unpack(archive(tmp_path, {name: b"x"}), target)

    assert not (tmp_path / "VERSION").exists()


def test_a_name_that_stands_twice(tmp_path: Path, target: Path, archive: Archive) -> None:
    """Two files that a disk may take for one are refused."""
    with pytest.raises(UnpackError, match=r"us/LAW\.yaml: stands twice|us/law\.yaml: stands twice"):
        unpack.unpack(archive(tmp_path, {"us/law.yaml": b"a", "us/LAW.yaml": b"b"}), target)


class TestLinks:
    """Links and special files are refused, wherever they would lead."""

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
    def test_in_a_tar(self, tmp_path: Path, target: Path, kind: bytes) -> None:
        """Symbolic and hard links, pipes and devices."""
        path = tmp_path / "rules.tar"
        with tarfile.open(path, "w") as made:
            entry = tarfile.TarInfo("law.yaml")
            entry.type, entry.linkname = kind, "/etc/passwd"
            made.addfile(entry)

        with pytest.raises(UnpackError, match=r"law\.yaml: a link or a special file"):
            unpack.unpack(path, target)

    def test_in_a_zip(self, tmp_path: Path, target: Path) -> None:
        """A zip marks them in the mode of the file."""
        path = tmp_path / "rules.zip"
        with zipfile.ZipFile(path, "w") as made:
            entry = zipfile.ZipInfo("law.yaml")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            made.writestr(entry, "/etc/passwd")

        with pytest.raises(UnpackError, match=r"law\.yaml: a link or a special file"):
            unpack.unpack(path, target)

    def test_in_a_folder(self, tmp_path: Path, target: Path) -> None:
        """In a folder too: what it points at is nobody's business."""
        source = tmp_path / "source"
        source.mkdir()
        (source / "law.yaml").symlink_to("/etc/passwd")

        with pytest.raises(UnpackError, match=r"law\.yaml: a link or a special file"):
            unpack.unpack(source, target)


class TestLimits:
    """Sizes are counted while reading, whatever the archive says of itself."""

    def test_a_file_that_grows(self, tmp_path: Path, target: Path, archive: Archive) -> None:
        """A few kilobytes that unpack to more than a file may hold."""
        made = archive(tmp_path, {"bands/us.csv": bytes(unpack.MAX_FILE_BYTES + 1)})

        assert made.stat().st_size < 100_000
        with pytest.raises(UnpackError, match=r"bands/us\.csv: more than 16,000,000 bytes"):
            unpack.unpack(made, target)

    def test_many_that_grow_together(
        self, tmp_path: Path, target: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each within its limit, all together not."""
        monkeypatch.setattr(unpack, "MAX_BYTES", 2_500)
        made = archive(tmp_path, {f"{number}.csv": bytes(1_000) for number in range(3)})

        with pytest.raises(UnpackError, match="more than 2,500 bytes when unpacked"):
            unpack.unpack(made, target)

    def test_too_many_files(
        self, tmp_path: Path, target: Path, archive: Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A number of files that no rulebook has."""
        monkeypatch.setattr(unpack, "MAX_FILES", 2)

        with pytest.raises(UnpackError, match="more than 2 files"):
            unpack.unpack(archive(tmp_path, {f"{number}.csv": b"" for number in range(3)}), target)

    def test_endless_folders_of_a_tar(self, tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Entries that are no files are counted too."""
        monkeypatch.setattr(unpack, "MAX_FILES", 2)
        path = tmp_path / "rules.tar"
        with tarfile.open(path, "w") as made:
            for number in range(5):
                entry = tarfile.TarInfo(f"d{number}")
                entry.type = tarfile.DIRTYPE
                made.addfile(entry)

        with pytest.raises(UnpackError, match="more than 2 files"):
            unpack.unpack(path, target)


class TestBroken:
    """What is no archive, or a broken one, is said to be."""

    def test_something_else(self, tmp_path: Path, target: Path) -> None:
        """A file that is neither."""
        path = tmp_path / "rules.bin"
        path.write_bytes(os.urandom(1_000))

        with pytest.raises(UnpackError, match=r"rules\.bin: neither a folder nor a tar or zip archive"):
            unpack.unpack(path, target)

    def test_nothing_there(self, tmp_path: Path, target: Path) -> None:
        """A path that leads nowhere."""
        with pytest.raises(UnpackError, match="not there"):
            unpack.unpack(tmp_path / "nothing", target)

    def test_an_archive_cut_short(self, tmp_path: Path, target: Path, archive: Archive) -> None:
        """Half an archive, as a broken download leaves it."""
        made = archive(tmp_path, {"bands/us.csv": os.urandom(50_000)})
        made.write_bytes(made.read_bytes()[:25_000])

        with pytest.raises(UnpackError, match=r"cannot be read|neither a folder"):
            unpack.unpack(made, target)

    def test_an_encrypted_zip(self, tmp_path: Path, target: Path) -> None:
        """Rules are open to read."""
        made = zipped(tmp_path, {"law.yaml": b"a: 1"})
        content = bytearray(made.read_bytes())
        for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(magic) + offset] |= 1
        made.write_bytes(bytes(content))

        with pytest.raises(UnpackError, match=r"law\.yaml: encrypted"):
            unpack.unpack(made, target)
