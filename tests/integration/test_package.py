"""What is handed out holds what the program needs: code, law, words, templates, entry points."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from shopkit.plugins import CARRIERS, PUSHERS, TRACKING

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("landed_cost", "listings", "shopkit", "translations")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENTRY_POINTS = [
    EntryPoint(name, value, group) for group, named in PROJECT["entry-points"].items() for name, value in named.items()
]


def files_of(package: Path) -> set[str]:
    """Return all files below ``package`` but compiled ones, as paths from its parent."""
    files = (file for file in package.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(package.parent).as_posix() for file in files}


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    """A wheel built without a network holds all that lies in the packages, and wsgi.py."""
    tree = tmp_path / "tree"
    tree.mkdir()
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "wsgi.py"):
        shutil.copy(ROOT / name, tree)
    expected = set.union({"wsgi.py"}, *(files_of(tree / package) for package in PACKAGES))

    command = [sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation", str(tree)]
    subprocess.run([*command, "--wheel-dir", str(tmp_path)], check=True, capture_output=True)

    (wheel,) = tmp_path.glob("shopkit-*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected


@pytest.mark.parametrize("entry_point", ENTRY_POINTS, ids=lambda entry_point: f"{entry_point.group}:{entry_point.name}")
def test_every_entry_point_leads_to_what_makes_an_adapter(entry_point: EntryPoint) -> None:
    """What pyproject.toml names can be loaded, and called for an adapter; where it is the adapter, what it does can."""
    found = entry_point.load()
    does = {CARRIERS: "rates", PUSHERS: "pusher", TRACKING: "track"}.get(entry_point.group)

    assert callable(found if does is None else getattr(found, does))
