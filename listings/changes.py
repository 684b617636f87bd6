"""What differs between two versions of a listing, field by field, and how to take it back.

A path names a field from the outside in: ``("aftercare", "returns_days")``, ``("variants", "PLA-M", "price")``.
Variants are told apart by their SKU and markets by their code; every other list is one field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Document = dict[str, Any]
_KEYED: Final = {"variants": "sku", "markets": "market"}


class _Absent:
    """The value of a field that is not there; unlike ``None`` it is no value of JSON."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


@dataclass(frozen=True, slots=True)
class Change:
    """One field and what it held before and after; ``ABSENT`` where it was not there."""

    path: tuple[str, ...]
    before: Any
    after: Any

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON; a side that was absent is left out."""
        sides = {"before": self.before, "after": self.after}
        return {"path": list(self.path)} | {name: value for name, value in sides.items() if value is not ABSENT}

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Change:
        """Return the change that :meth:`to_dict` wrote."""
        return cls(tuple(value["path"]), value.get("before", ABSENT), value.get("after", ABSENT))

    @property
    def inverse(self) -> Change:
        """The change that takes this one back."""
        return Change(self.path, self.after, self.before)


class ConflictError(Exception):
    """Fields that were changed again since, so that a change cannot be made on them; ``paths`` names them."""

    def __init__(self, paths: Iterable[tuple[str, ...]]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join("/".join(path) for path in self.paths))


def differences(before: Document, after: Document) -> list[Change]:
    """Return what differs, in the order of the fields.

    >>> differences({"title": "Aretes", "tags": ["a"]}, {"title": "Aretes", "brand": "Oax"})
    [Change(path=('tags',), before=['a'], after=ABSENT), Change(path=('brand',), before=ABSENT, after='Oax')]
    """
    return list(_walk((), _opened(before), _opened(after)))


def applied(document: Document, changes: Iterable[Change]) -> Document:
    """Return the document with the changes made; ``ConflictError`` where a field no longer holds what it held before.

    >>> applied({"title": "Aretes"}, [Change(("title",), "Aretes", "Aros")])
    {'title': 'Aros'}
    """
    found = _opened(document)
    conflicts = [change.path for change in changes if not _made(found, change)]
    if conflicts:
        raise ConflictError(conflicts)
    return _closed(found)


def overlaid(document: Document, changes: Iterable[Change]) -> Document:
    """Return the document with what the changes lead to, whatever its fields hold now.

    >>> overlaid({"title": "Aretes", "brand": "Oax"}, [Change(("title",), "Aros", "Arracadas")])
    {'title': 'Arracadas', 'brand': 'Oax'}
    """
    found = _opened(document)
    for change in changes:
        _put(found, change)
    return _closed(found)


def whole_rows(changes: Iterable[Change], on: Document, source: Document) -> list[Change]:
    """Return the changes as they can be laid over ``on``: of a row that is not there, the whole of it in ``source``.

    A field of a variant or market alone would leave a row that nobody can tell apart.

    >>> gone, changed = {"title": "Taza"}, {"markets": [{"market": "US", "title": "Mug"}]}
    >>> whole_rows([Change(("markets", "US", "title"), "Cup", "Mug")], gone, changed)
    [Change(path=('markets', 'US'), before=ABSENT, after={'market': 'US', 'title': 'Mug'})]
    """
    there, ours = _opened(on), _opened(source)
    found: dict[tuple[str, ...], Change] = {}
    for change in changes:
        row = change.path[:2]
        if change.path[0] in _KEYED and len(change.path) > len(row) and row[1] not in there.get(row[0], {}):
            found[row] = Change(row, ABSENT, ours.get(row[0], {}).get(row[1], ABSENT))
        else:
            found[change.path] = change
    return list(found.values())


def _put(document: Document, change: Change) -> None:
    """Make a change in place without looking; a way that leads through something else is made anew."""
    *way, last = change.path
    inside: Any = document
    for name in way:
        if not isinstance(inside.get(name), dict):
            if change.after is ABSENT:
                return
            inside[name] = {}
        inside = inside[name]
    if change.after is ABSENT:
        inside.pop(last, None)
    else:
        inside[last] = change.after


def _made(document: Document, change: Change) -> bool:
    """Make a change in place where the field holds what it held before."""
    *way, last = change.path
    inside: Any = document
    for name in way:
        if change.after is not ABSENT:
            inside = inside.setdefault(name, {})
        elif name in inside:
            inside = inside[name]
        else:
            return change.before is ABSENT
        if not isinstance(inside, dict):
            return False
    if inside.get(last, ABSENT) != change.before:
        return False
    if change.after is ABSENT:
        inside.pop(last, None)
    else:
        inside[last] = change.after
    return True


def _walk(path: tuple[str, ...], before: Document, after: Document) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ABSENT), after.get(name, ABSENT)
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _walk((*path, name), old, new)
        elif old != new:
            yield Change((*path, name), old, new)


def _opened(document: Document) -> Document:
    """Return a copy in which variants and markets are found by name."""
    found = {name: _copied(value) for name, value in document.items()}
    for name, key in _KEYED.items():
        rows = found.get(name)
        if rows is not None:
            found[name] = {row[key]: row for row in rows}
    return found


def _closed(document: Document) -> Document:
    """Return the document with its lists again; a list of nothing is left out, as a listing writes it."""
    for name in _KEYED:
        rows = document.get(name)
        if rows is not None:
            document[name] = list(rows.values())
    return {name: value for name, value in document.items() if value not in ({}, [])}


def _copied(value: Any) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_copied(one) for one in value]
    return value
