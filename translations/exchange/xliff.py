"""XLIFF 1.2 and 2.0: texts on their way to a translator and back, after the standards of OASIS.

A file is kept whole, as it was read: modules, skeletons, alternatives and whatever else it holds are there when it is
written again. ``entries`` shows its texts, ``with_targets`` puts translations in. Versions 2.1 and 2.2 are read and
written as they are; a new file is 1.2 or 2.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Literal

from translations.exchange import fields, tree
from translations.exchange.errors import ExchangeError
from translations.exchange.tree import LANG, SPACE, Content, Document, Element, element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from translations.memory import Unit

Version = Literal["1.2", "2.0"]
Place = tuple[int, ...]
MOST_BYTES: Final = 50_000_000
_ONE: Final = "urn:oasis:names:tc:xliff:document:1.2"
_TWO: Final = "urn:oasis:names:tc:xliff:document:2.0"
_MDA: Final = "urn:oasis:names:tc:xliff:metadata:2.0"
_SPACES: Final = {
    "1.0": ("",),
    "1.1": ("urn:oasis:names:tc:xliff:document:1.1", ""),
    "1.2": (_ONE, ""),
    "2.0": (_TWO,),
    "2.1": (_TWO,),
    "2.2": ("urn:oasis:names:tc:xliff:document:2.2", _TWO),
}
_APPROVED: Final = frozenset({"final", "signed-off", "reviewed"})
_STATES: Final = {"1.2": ("final", "needs-review-translation"), "2.0": ("final", "translated")}
_OWN: Final = "shopkit"
_KIND: Final = "x-shopkit-"


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of a file: ``source`` and ``target`` with their inline codes as elements; no target is ``None``.

    ``place`` says where it stands, for ``with_targets``. ``state`` is the format's own word. ``notes`` and ``details``
    (context in 1.2, metadata in 2.0: kind and value) are those of the unit. ``data`` holds native codes by id.
    """

    place: Place
    id: str
    name: str
    source: Content
    target: Content | None
    state: str
    approved: bool
    source_locale: str
    target_locale: str
    notes: tuple[str, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    data: tuple[tuple[str, str], ...] = ()
    translate: bool = True

    @property
    def source_text(self) -> str:
        """The source with native codes in their places."""
        return plain(self.source, dict(self.data))

    @property
    def target_text(self) -> str:
        """The target so; empty where there is none."""
        return plain(self.target or (), dict(self.data))


@dataclass(frozen=True, slots=True)
class Xliff:
    """A file."""

    document: Document

    @property
    def version(self) -> str:
        """The version it says it is of."""
        return self.document.root.get("version")

    def entries(self) -> tuple[Entry, ...]:
        """Return its texts: of 1.2 the units, of 2.0 the segments of its units."""
        walk = _entries_two if self.version.startswith("2") else _entries_one
        return tuple(walk(self.document.root))

    def with_targets(self, targets: Mapping[Place, tuple[Content | str, str]]) -> Xliff:
        """Return the file with translations put in, by place: each with its state in the words of the format."""
        root = self.document.root
        for place, (content, state) in targets.items():
            held = (content,) if isinstance(content, str) else content
            root = _changed(root, place, _Target(tree.joined(held), state, two=self.version.startswith("2")))
        return Xliff(Document(root, self.document.asides))

    def units(self) -> tuple[Unit, ...]:
        """Return units for a memory: every text that has a translation."""
        return tuple(
            _unit(entry) for entry in self.entries() if entry.source_text.strip() and entry.target_text.strip()
        )

    def text(self) -> str:
        """Return the file as text, to be saved as UTF-8."""
        return tree.written(self.document, {_MDA: "mda"})


def read(source: bytes | IO[bytes], *, most_bytes: int = MOST_BYTES) -> Xliff:
    """Read a file of version 1.0 to 1.2, or 2.0 to 2.2."""
    document = tree.read(source, most_bytes=most_bytes)
    root = document.root
    if root.local != "xliff":
        raise ExchangeError("content", "", f"the file is no XLIFF: its root is {root.local}")
    version = root.get("version")
    if version not in _SPACES:
        raise ExchangeError("content", "", f"XLIFF of version {version!r} is not read; 1.2 and 2.0 are")
    space = root.name[1:].partition("}")[0] if root.name.startswith("{") else ""
    if space not in _SPACES[version]:
        raise ExchangeError("content", "", f"XLIFF {version} has another namespace than {space!r}")
    found = Xliff(document)
    for entry in found.entries():
        if not entry.source_locale:
            raise ExchangeError("content", f"unit {entry.id}", "the file does not say the language of its sources")
    return found


def of_units(units: Iterable[Unit], version: Version = "2.0") -> Xliff:
    """Return a new file with units of a memory: nothing of them is lost.

    A file of 2.0 holds one pair of languages; units of several are refused.
    """
    rows = list(units)
    pairs = list(dict.fromkeys((unit.source_locale, unit.target_locale) for unit in rows))
    if version == "1.2":
        files = [
            _file_one(number, pair, [unit for unit in rows if (unit.source_locale, unit.target_locale) == pair])
            for number, pair in enumerate(pairs, 1)
        ]
        return Xliff(Document(element(f"{{{_ONE}}}xliff", {"version": "1.2"}, *files)))
    if len(pairs) != 1:
        raise ExchangeError(
            "unwritable", "", f"XLIFF 2.0 holds one pair of languages, here are {len(pairs)}; write a file each"
        )
    made = [_unit_two(number, unit) for number, unit in enumerate(rows, 1)]
    file = element(f"{{{_TWO}}}file", {"id": "f1"}, *made)
    head = {"version": "2.0", "srcLang": pairs[0][0], "trgLang": pairs[0][1]}
    return Xliff(Document(element(f"{{{_TWO}}}xliff", head, file)))


def plain(content: Content, data: Mapping[str, str] | None = None) -> str:
    """Return text with native codes in their places; a code of which only the number is known leaves nothing.

    ``data`` has the native codes of a unit of 2.0 by their id.
    """
    known = data or {}
    parts = []
    for item in content:
        if isinstance(item, str):
            parts.append(item)
        elif isinstance(item, Element):
            parts.append(_code(item, known))
    return "".join(parts)


def _code(item: Element, data: Mapping[str, str]) -> str:
    if item.local in {"x", "bx", "ex"}:
        return item.get("equiv-text")
    if item.local == "cp":
        return _sign(item)
    if item.local in {"ph", "sc", "ec"} and not item.content:
        return data.get(item.get("dataRef"), item.get("equiv"))
    if item.local == "pc":
        start = data.get(item.get("dataRefStart"), item.get("equivStart"))
        return start + plain(item.content, data) + data.get(item.get("dataRefEnd"), item.get("equivEnd"))
    return plain(item.content, data)


def _sign(item: Element) -> str:
    try:
        return chr(int(item.get("hex"), 16))
    except (ValueError, OverflowError) as error:
        raise ExchangeError(
            "content", "cp", f"{item.get('hex')!r} is no sign; write four hexadecimal digits"
        ) from error


# -- what a file holds --------------------------------------------------------------------------------------------


def _below(item: Element, place: Place, *names: str) -> Iterator[tuple[Place, Element]]:
    for number, inner in enumerate(item.content):
        if isinstance(inner, Element) and inner.local in names:
            yield (*place, number), inner


def _units(root: Element, name: str) -> Iterator[tuple[Place, Element, Element]]:
    """Return every unit with its place and its file, those in groups too."""

    def inside(item: Element, place: Place) -> Iterator[tuple[Place, Element]]:
        for where, inner in _below(item, place, "body", "group", name):
            if inner.local == name:
                yield where, inner
            else:
                yield from inside(inner, where)

    for where, file in _below(root, (), "file"):
        for place, unit in inside(file, where):
            yield place, unit, file


def _entries_one(root: Element) -> Iterator[Entry]:
    for place, unit, file in _units(root, "trans-unit"):
        target = unit.first("target")
        source = unit.first("source")
        if source is None:
            raise ExchangeError("content", f"unit {unit.get('id')}", "it has no source")
        yield Entry(
            place,
            unit.get("id"),
            unit.get("resname"),
            source.content,
            target.content if target else None,
            target.get("state") if target else "",
            unit.get("approved") == "yes" or (target is not None and target.get("state") in _APPROVED),
            source.get(LANG) or file.get("source-language"),
            (target.get(LANG) if target else "") or file.get("target-language"),
            tuple(note.text() for note in unit.elements("note")),
            tuple(
                (context.get("context-type"), context.text())
                for group in unit.elements("context-group")
                for context in group.elements("context")
            ),
            translate=unit.get("translate", "yes") != "no",
        )


def _entries_two(root: Element) -> Iterator[Entry]:
    for place, unit, _ in _units(root, "unit"):
        data = unit.first("originalData")
        notes = unit.first("notes")
        metadata = unit.first("metadata")
        for where, segment in _below(unit, place, "segment"):
            source, target = segment.first("source"), segment.first("target")
            if source is None:
                raise ExchangeError("content", f"unit {unit.get('id')}", "a segment has no source")
            yield Entry(
                where,
                unit.get("id"),
                unit.get("name"),
                source.content,
                target.content if target else None,
                segment.get("state", "initial"),
                segment.get("state") in _APPROVED,
                root.get("srcLang"),
                root.get("trgLang"),
                tuple(note.text() for note in notes.elements("note")) if notes else (),
                tuple(_metas(metadata)) if metadata else (),
                tuple((one.get("id"), plain(one.content)) for one in data.elements("data")) if data else (),
                unit.get("translate", "yes") != "no",
            )


def _metas(item: Element) -> Iterator[tuple[str, str]]:
    for inner in item.elements("meta", "metaGroup"):
        if inner.local == "meta":
            yield inner.get("type"), inner.text()
        else:
            yield from _metas(inner)


def _unit(entry: Entry) -> Unit:
    told = {key.removeprefix(_KIND): value for key, value in entry.details if key.startswith(_KIND)}
    return fields.unit(
        {
            "id": entry.name or entry.id,
            "source": entry.source_text,
            "target": entry.target_text,
            "source_locale": entry.source_locale,
            "target_locale": entry.target_locale,
            "status": "approved" if entry.approved else "draft",
            "note": "\n".join(entry.notes),
        }
        | told
    )


# -- what is put in -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Target:
    content: Content
    state: str
    two: bool

    def into(self, item: Element) -> Element:
        """Return a unit of 1.2, or a segment of 2.0, with this as its target."""
        old = item.first("target")
        space = item.name[: -len(item.local)]
        attributes = dict(old.attributes) if old else {}
        if not self.two:
            attributes["state"] = self.state
        new = element(f"{space}target", attributes, *self.content)
        if old is not None:
            content = tuple(new if inner is old else inner for inner in item.content)
        else:
            places = [
                number
                for number, inner in enumerate(item.content)
                if isinstance(inner, Element) and inner.local in {"source", "seg-source"}
            ]
            content = (*item.content[: places[-1] + 1], new, *item.content[places[-1] + 1 :])
        changed = item.with_content(content)
        if self.two:
            return changed.with_attributes({"state": self.state})
        return changed.with_attributes({"approved": "yes" if self.state in _APPROVED else None})


def _changed(item: Element, place: Place, target: _Target) -> Element:
    if not place:
        if item.local not in {"trans-unit", "segment"}:
            raise ExchangeError("content", "", f"{item.local} takes no translation; use the place of an entry")
        return target.into(item)
    inner = item.content[place[0]] if place[0] < len(item.content) else None
    if not isinstance(inner, Element):
        raise ExchangeError("content", "", f"there is no text at {place}; use the place of an entry of this file")
    content = (*item.content[: place[0]], _changed(inner, place[1:], target), *item.content[place[0] + 1 :])
    return Element(item.name, item.attributes, content)


# -- new files ----------------------------------------------------------------------------------------------------


def _told(unit: Unit) -> dict[str, str]:
    """Return what the format has no place of its own for, or not as exact a one."""
    values = fields.values(unit)
    return {
        key: value for key, value in values.items() if key not in {"source", "target", "source_locale", "target_locale"}
    }


def _file_one(number: int, pair: tuple[str, str], units: list[Unit]) -> Element:
    def name(local: str) -> str:
        return f"{{{_ONE}}}{local}"

    made = []
    for place, unit in enumerate(units, 1):
        approved = unit.status == "approved"
        told = [
            element(name("context"), {"context-type": f"{_KIND}{key}"}, value) for key, value in _told(unit).items()
        ]
        made.append(
            element(
                name("trans-unit"),
                {"id": f"{number}-{place}", "resname": unit.id, SPACE: "preserve"}
                | ({"approved": "yes"} if approved else {}),
                element(name("source"), {}, unit.source),
                element(name("target"), {"state": _STATES["1.2"][0 if approved else 1]}, unit.target),
                element(name("context-group"), {"name": _OWN}, *told),
                *([element(name("note"), {}, unit.note)] if unit.note else []),
            )
        )
    head = {"original": _OWN, "datatype": "plaintext", "source-language": pair[0], "target-language": pair[1]}
    return element(name("file"), head, element(name("body"), {}, *made))


def _unit_two(number: int, unit: Unit) -> Element:
    def name(local: str) -> str:
        return f"{{{_TWO}}}{local}"

    metas = [element(f"{{{_MDA}}}meta", {"type": f"{_KIND}{key}"}, value) for key, value in _told(unit).items()]
    group = element(f"{{{_MDA}}}metaGroup", {"category": _OWN}, *metas)
    notes = [element(name("notes"), {}, element(name("note"), {}, unit.note))] if unit.note else []
    return element(
        name("unit"),
        {"id": f"u{number}", "name": unit.id, SPACE: "preserve"},
        element(f"{{{_MDA}}}metadata", {}, group),
        *notes,
        element(
            name("segment"),
            {"id": "s1", "state": _STATES["2.0"][0 if unit.status == "approved" else 1]},
            element(name("source"), {}, unit.source),
            element(name("target"), {}, unit.target),
        ),
    )
