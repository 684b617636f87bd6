"""What the description says of an operation beside what its route says itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """What the code of a route cannot say about itself: shapes, errors, an example.

    ``scope`` is what a key has to be good for; without one no key is asked. ``body`` is what is sent where it is no
    JSON, ``gives`` the same of the answer.
    """

    id: str
    tag: str
    answers: dict[int, type[BaseModel] | None]
    errors: tuple[int, ...]
    asks: type[BaseModel] | None = None
    example: dict[str, Any] | None = None
    parameters: tuple[Spec, ...] = ()
    creates: bool = False
    speaks: bool = True
    # The name of the example and what it shows.
    shows: tuple[str, str] = ("shirts", "Two cotton T-shirts")
    scope: str | None = None
    body: str | None = None
    gives: str | None = None
    # What a conflict says beyond a problem.
    conflict: type[BaseModel] | None = None


def parameter(name: str, where: str, description: str, *, required: bool = False, **schema: object) -> Spec:
    """Return a parameter of an operation; it is a text unless ``schema`` says otherwise."""
    return {
        "name": name,
        "in": where,
        "required": required,
        "description": description,
        "schema": {"type": "string"} | schema,
    }
