"""Service indicators: what kind of item an S10 number names and how far it is scanned, read from dated data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

# How far an item is scanned: by every post to the door; by most; a signature at the door and few scans before; as the
# two posts agreed; not at delivery; not at all; only inside the posts that agreed on it.
REACHES: Final = ("end_to_end", "usually", "signature", "depends", "no_delivery_scan", "none", "inside")


@dataclass(frozen=True, slots=True)
class Service:
    """A kind of item: ``tracked`` is one of ``REACHES``; each of the two facts has its evidence."""

    id: str
    name: dict[str, str]
    tracked: str
    kind_evidence: str
    tracked_evidence: str


@dataclass(frozen=True, slots=True)
class _Table:
    rows: tuple[tuple[re.Pattern[str], Service], ...]
    issued_by: dict[str, str]
    as_of: str


def service_of(indicator: str) -> Service | None:
    """Return the service of two letters, ``None`` where none is known.

    >>> [one and one.id for one in map(service_of, ("RB", "UA", "QA", "QN", "AA", "ZZ"))]
    ['registered', 'untracked_letter', 'reply', None, None, 'bilateral']
    """
    return next((service for pattern, service in _table().rows if pattern.fullmatch(indicator)), None)


def issuer_used(country: str) -> str | None:
    """Return whose numbers the mail of a country bears, ``None`` for its own.

    >>> issuer_used("PR"), issuer_used("CW")
    ('US', None)
    """
    return _table().issued_by.get(country)


def as_of() -> str:
    """Return the day on which the table was made."""
    return _table().as_of


@cache
def _table() -> _Table:
    data: dict[str, Any] = yaml.safe_load(files("shopkit.tracking").joinpath("data/services.yaml").read_text("utf-8"))
    evidence = data["evidence"]
    rows = []
    for one in data["services"]:
        prefix = one["prefix"]
        pattern = re.compile(prefix if len(prefix) > 1 else f"{prefix}[A-Z]")
        service = Service(one["id"], one["name"], one["tracked"], evidence["kind"], evidence["tracked"])
        rows.append((pattern, service))
    return _Table(tuple(rows), data["issued_by"], data["as_of"].isoformat())
