"""The worked cases of this project; :mod:`shopkit.services.cases` reads them and holds them against an answer."""

from __future__ import annotations

from pathlib import Path

from shopkit.services.cases import Case, differences, read_cases

FOLDER = Path(__file__).parent

__all__ = ["FOLDER", "Case", "cases", "differences"]


def cases(folder: Path = FOLDER) -> list[Case]:
    """Return every case under ``folder``."""
    return read_cases(folder)
