"""What is wrong with a row and what to do, in Spanish, Portuguese and English."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import yaml

if TYPE_CHECKING:
    from listings.channels.port import Finding

LANGUAGES: Final = ("es", "pt", "en")


@cache
def sentences() -> dict[str, dict[str, dict[str, str]]]:
    """Return the sentences by rule, ``what`` is wrong and the ``fix``, and language."""
    found: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
        files(__package__).joinpath("messages.yaml").read_text("utf-8")
    )
    return found


def what(finding: Finding, language: str) -> str:
    """Return what is wrong.

    >>> from listings.channels.port import Finding
    >>> what(Finding("P-M", "title", "max", {"limit": "150", "count": "163"}), "en")
    '163 characters, and 150 are the most.'
    """
    return sentences()[finding.rule]["what"][language].format_map(finding.values)


def fix(finding: Finding, language: str) -> str:
    """Return what to do about it."""
    return sentences()[finding.rule]["fix"][language].format_map(finding.values)
