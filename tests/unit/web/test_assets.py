"""What the pages bring along: vendored files as they came, and little of it all."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

STATIC = Path(__file__).resolve().parents[3] / "shopkit" / "static"


def test_vendored_files_are_those_that_were_read() -> None:
    """Each vendored file is listed with version and licence and has the hash it was listed with."""
    listed = tomllib.loads((STATIC / "vendor" / "VENDOR.toml").read_text("utf-8"))["file"]
    here = {path.name for path in (STATIC / "vendor").iterdir()} - {"VENDOR.toml"}

    assert {entry["file"] for entry in listed} == here
    assert [set(entry) for entry in listed] == [{"name", "version", "file", "sha256", "licence"}] * len(listed)
    assert {entry["file"]: entry["sha256"] for entry in listed} == {
        name: hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() for name in here
    }


def test_all_assets_together_are_light() -> None:
    """Style, scripts and pictures together stay under 200 kB, before any compression."""
    assert sum(path.stat().st_size for path in STATIC.rglob("*") if path.is_file()) < 200_000


def test_nothing_is_fetched_from_elsewhere() -> None:
    """Our own files name no other host."""
    own = [*(STATIC / "css").iterdir(), *(STATIC / "js").iterdir()]

    assert [path.name for path in own if "//" in path.read_text("utf-8").replace("// ", "")] == []
