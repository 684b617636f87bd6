"""The words of ``messages.yaml`` and ``labels.yaml``, by language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopkit.papers.findings import Finding
    from shopkit.papers.forms import Choice


def tell(finding: Finding, language: str) -> str:
    """Return a finding as a sentence, with where it stands before it and what would be better behind.

    >>> from shopkit.papers.findings import Finding
    >>> tell(Finding("block", "hs_missing", "lines/2/hs_code"), "en")
    'line 2, HS code: No HS code was given; posts ask for six digits of each article of a sale.'
    """
    says = _read("messages.yaml")
    sentence = str(says["finding"][finding.code][language]).format(**finding.params)
    if "proposal" in finding.params:
        sentence = f"{sentence} {str(says['proposal'][language]).format(**finding.params)}"
    at = _where(finding.where, language)
    return f"{at}: {sentence}" if at else sentence


def why(choice: Choice, language: str) -> str:
    """Return why a form is the one."""
    day = "" if choice.rate is None else choice.rate.date.isoformat()
    return str(_read("messages.yaml")["choice"][choice.reason][language]).format(day=day)


def label(name: str, language: str) -> str:
    """Return a word of a paper: in the language and in English, in English and French for English.

    >>> label("from", "es"), label("from", "en")
    ('Remitente / From', 'From / De')
    """
    found = _read("labels.yaml")[name]
    first, second = (found["en"], found["fr"]) if language == "en" else (found[language], found["en"])
    return str(first) if first == second else f"{first} / {second}"


def plain(name: str, language: str) -> str:
    """Return a word of a paper in one language."""
    return str(_read("labels.yaml")[name][language])


def void(changed: Sequence[str], language: str) -> str:
    """Return that a printed paper may not be used, and what changed since.

    >>> void(("recipient/street", "lines/2"), "en")
    'Void: since it was printed this changed: recipient, street; line 2.'
    """
    places = "; ".join(_where(one, language) for one in changed)
    return str(_read("messages.yaml")["void"][language]).format(changed=places)


def _where(path: str, language: str) -> str:
    names = _read("messages.yaml")["where"]
    parts: list[str] = []
    for one in path.split("/") if path else []:
        if one.isdigit():
            parts[-1] = f"{parts[-1]} {one}"
        else:
            parts.append(str(names[one][language]))
    return ", ".join(parts)


@cache
def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("shopkit.papers").joinpath(name).read_text("utf-8"))
    return data
