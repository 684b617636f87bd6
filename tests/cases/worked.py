"""The worked cases of this project; :mod:`shopkit.services` reads them and holds them against an answer."""

from __future__ import annotations

from pathlib import Path

from shopkit.services.case_files import survey
from shopkit.services.cases import Case, differences

FOLDER = Path(__file__).parent

__all__ = ["FOLDER", "Case", "differences", "survey"]
