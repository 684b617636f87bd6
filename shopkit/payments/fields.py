"""What a seller types to connect an account at a provider: named fields, where each is kept, in three languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Place = Literal["secrets", "signing", "lines"]
PLACES: Final[tuple[Place, ...]] = get_args(Place)
LANGUAGES: Final = ("es", "pt", "en")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to type. ``label`` and ``hint`` are by language; ``signing`` and ``secrets`` are never shown again."""

    name: str
    place: Place
    label: Mapping[str, str]
    hint: Mapping[str, str] = field(default_factory=dict)
    is_optional: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether it is sealed, and typed again to be changed."""
        return self.place != "lines"


@dataclass(frozen=True, slots=True)
class Kind:
    """A provider as a seller meets it; ``endpoint`` says what to do there with the address for messages."""

    provider: str
    title: Mapping[str, str]
    fields: tuple[Field, ...]
    takes_messages: bool
    endpoint: Mapping[str, str]


@cache
def kind(provider: str, needed: tuple[str, ...] = ()) -> Kind:
    """Return what a provider asks for; ``needed`` are secrets its adapter needs that the table does not name.

    >>> [one.name for one in kind("stripe").fields]
    ['key', 'signing']
    >>> [(one.name, one.place) for one in kind("someone", ("token",)).fields]
    [('token', 'secrets')]
    """
    row = _rows().get(provider, {})
    known = tuple(_field(one) for one in row.get("fields", ()))
    names = {one.name for one in known}
    more = (Field(name, "secrets", dict.fromkeys(LANGUAGES, name)) for name in needed if name not in names)
    title = row.get("title", provider)
    return Kind(
        provider,
        title if isinstance(title, dict) else dict.fromkeys(LANGUAGES, title),
        (*known, *more),
        row.get("messages", True),
        row.get("endpoint", {}),
    )


def kinds(providers: Iterable[str], needed: Mapping[str, tuple[str, ...]]) -> list[Kind]:
    """Return what several ask for, in their order."""
    return [kind(one, needed.get(one, ())) for one in providers]


@cache
def _rows() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files("shopkit.payments").joinpath("accounts.yaml").read_text("utf-8"))
    return found


def _field(row: dict[str, Any]) -> Field:
    return Field(row["name"], row["place"], row["label"], row.get("hint", {}), row.get("optional", False))
