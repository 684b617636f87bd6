"""What posts take: the weight of a parcel by its country and service, where a source says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class WeightLimit:
    """What a parcel may weigh at most, by whom, and how well that is known."""

    most_kg: Decimal
    status: str
    source: str


def weight_limit(origin: str, service: str) -> WeightLimit | None:
    """Return the limit of a country's post for a service; ``None`` where no source says one.

    >>> weight_limit("BR", "parcel").most_kg, weight_limit("MX", "parcel")
    (Decimal('30'), None)
    """
    return _limits().get((origin, service))


@cache
def _limits() -> dict[tuple[str, str], WeightLimit]:
    rows = yaml.safe_load(files("shopkit.papers").joinpath("data/posts.yaml").read_text("utf-8"))
    return {
        (one["origin"], one["service"]): WeightLimit(Decimal(one["most_kg"]), one["status"], one["source"])
        for one in rows
    }
