"""The words of ``words.yaml``, by language: of numbers, and of each status for buyers."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def say(*path: str, language: str, **values: str) -> str:
    """Return the text at a path in the reader's language, with its values.

    >>> say("problem", "issuer", language="es", issuer="XX")
    'Las dos últimas letras, XX, no son un país.'
    """
    found = _words()
    for key in path:
        found = found[key]
    return str(found[language]).format(**values)


@cache
def _words() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("shopkit.tracking").joinpath("words.yaml").read_text("utf-8"))
    return data
