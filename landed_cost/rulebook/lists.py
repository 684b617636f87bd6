"""Product lists of law: codes by prefix, longest match wins, and *perhaps* when the list or the code is not whole."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from landed_cost.rulebook.facts import Evidence, read_evidence
from landed_cost.rulebook.reader import Node
from landed_cost.rulebook.table import read_table, shorter_codes

_BEGINNING: Final = re.compile(r"[0-9]{1,10}")
_COLUMNS: Final = ("list", "hs_prefix")


@dataclass(frozen=True, slots=True)
class ListRule:
    """A list of tariff codes with its evidence. ``entries`` maps a prefix to its key (an annex, a kind, or empty).

    ``imported``: no rows ship with the rulebook; until they are loaded a code under one of ``maybe`` is *perhaps* on
    it.
    """

    evidence: Evidence
    imported: bool
    maybe: tuple[str, ...]
    entries: Mapping[str, str]
    shorter: frozenset[str]

    def find(self, code: str) -> tuple[bool | None, str | None]:
        """Return whether ``code`` (digits) is on the list, and the key of the longest prefix that holds it."""
        for length in range(len(code), 1, -1):
            key = self.entries.get(code[:length])
            if key is not None:
                return True, key
        if code in self.shorter or (self.maybe and self._perhaps(code)):
            return None, None
        return False, None

    def _perhaps(self, code: str) -> bool:
        return code.startswith(self.maybe) or any(prefix.startswith(code) for prefix in self.maybe)


def read_list(node: Node, folder: Path) -> ListRule:
    """Read one list of a destination's file and its rows from ``folder``."""
    evidence = read_evidence(node, node.need("what").translated())
    node.get("fact")
    imported = node.take("imported", Node.flag, default=False)
    maybe = node.take("maybe", _prefixes, ())
    file = node.get("file")
    entries: dict[str, str] = {}
    if file is not None:
        entries = _rows(file, folder / file.text()).get(evidence.id, {})
        if not entries:
            raise file.fail(f"{file.text()} has no rows of list {evidence.id}")
    elif not imported and not maybe:
        raise node.fail("a list needs a file, or imported: true, or maybe: [prefixes]")
    return ListRule(evidence, imported, maybe, entries, shorter_codes(entries))


def _prefixes(node: Node) -> tuple[str, ...]:
    for child in node.items():
        if not _BEGINNING.fullmatch(child.text()):
            raise child.fail(f"{child.value!r} is not an HS prefix; write digits only, in quotes")
    return node.texts()


_CACHE: dict[tuple[Path, int], dict[str, dict[str, str]]] = {}


def _rows(node: Node, path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        raise node.fail(f"there is no file lists/{path.name}")
    stamp = (path, path.stat().st_mtime_ns)
    if stamp not in _CACHE:
        _CACHE[stamp] = _read_csv(path)
    return _CACHE[stamp]


def _read_csv(path: Path) -> dict[str, dict[str, str]]:
    table = read_table(path)
    if table.header[: len(_COLUMNS)] != _COLUMNS:
        raise table.fail("the header must begin list,hs_prefix")
    key_column = table.header[2] if len(table.header) > len(_COLUMNS) else None
    lists: dict[str, dict[str, str]] = {}
    for row in table.rows:
        entries = lists.setdefault(row.cells["list"], {})
        prefix = row.prefix("hs_prefix")
        if prefix in entries:
            raise row.fail(f"{prefix} stands twice in {row.cells['list']}; keep one")
        entries[prefix] = "" if key_column is None else row.cells[key_column]
    return lists
