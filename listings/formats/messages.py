"""The sentences for problems, in Spanish, Portuguese and English."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from listings.formats.port import Problem

LANGUAGES: Final = ("es", "pt", "en")


@cache
def sentences() -> dict[str, dict[str, str]]:
    """Return the sentences by code and language."""
    found: dict[str, dict[str, str]] = yaml.safe_load((files(__package__) / "problems.yaml").read_text("utf-8"))
    return found


def sentence(problem: Problem, language: str) -> str:
    """Return what is wrong and what to do, without its place.

    >>> from listings.formats.port import Problem
    >>> sentence(Problem("integer_bad", 4, "Stock", {"value": "x"}), "es")
    'x no es un número entero.'
    """
    return sentences()[problem.code][language].format_map(_Values(problem.values))


class _Values(dict[str, str]):
    """The values of a sentence; one that is not known is left out."""

    def __missing__(self, name: str) -> str:
        return "…"
