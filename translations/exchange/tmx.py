"""TMX 1.4: memories as files, after the specification of LISA (ETSI GS LIS 002).

A file is a header and units; a unit has a text in each of several languages, with dates, notes and properties. It is
read unit by unit, so that its size is no matter. What a unit of ours has and TMX has no place for goes into properties
of the kind ``x-shopkit-…``; what others wrote stays as it is in ``Entry.element``, and is written back from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Final

from translations.exchange import fields
from translations.exchange.errors import ExchangeError
from translations.exchange.tree import LANG, Content, Document, Element, element, fragment, stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from translations.memory import Unit

MOST_BYTES: Final = 1_000_000_000
_PATH: Final = ["tmx", "body", "tu"]
_VERSIONS: Final = frozenset({"1.1", "1.2", "1.3", "1.4", "1.4b"})
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_KIND: Final = "x-shopkit-"
# What a code stands for is inside it; what has none of these names holds text.
_CODES: Final = frozenset({"bpt", "ept", "it", "ph", "ut"})
_ALL: Final = "*all*"


@dataclass(frozen=True, slots=True)
class Variant:
    """The text of a unit in one language; ``content`` has inline codes as elements."""

    locale: str
    content: Content
    changed: datetime | None = None

    @property
    def text(self) -> str:
        """The text with the native codes in their places."""
        return plain(self.content)


@dataclass(frozen=True, slots=True)
class Entry:
    """A unit of a file, as it stands there."""

    element: Element
    source_locale: str

    @property
    def id(self) -> str:
        """The ``tuid``, if it has one."""
        return self.element.get("tuid")

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Its texts in their order."""
        return tuple(_variant(tuv) for tuv in self.element.elements("tuv"))

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on the unit."""
        return tuple(note.text() for note in self.element.elements("note"))

    @property
    def properties(self) -> tuple[tuple[str, str], ...]:
        """Properties of the unit: kind and value."""
        return tuple((prop.get("type"), prop.text()) for prop in self.element.elements("prop"))

    def units(self) -> tuple[Unit, ...]:
        """Return a unit of a memory for each pair of the source and another language; none without a source.

        Texts come as they read, with native codes in place. Dates are those of the translation, or else of the unit.
        """
        texts = self.variants
        source = next((one for one in texts if _same(one.locale, self.source_locale)), None)
        if source is None:
            return ()
        found = []
        for variant in texts:
            if variant is source or not source.text.strip() or not variant.text.strip():
                continue
            tuv = next(tuv for tuv in self.element.elements("tuv") if _locale(tuv) == variant.locale)
            extra = dict(self.properties) | {prop.get("type"): prop.text() for prop in tuv.elements("prop")}
            values = {key.removeprefix(_KIND): value for key, value in extra.items() if key.startswith(_KIND)}
            written = variant.changed or _stamp(self.element, "changedate", "creationdate")
            name = f"{self.id}/{variant.locale}" if len(texts) > 2 else self.id  # noqa: PLR2004  # one unit, several pairs
            notes = "\n".join(note.text() for note in (*self.element.elements("note"), *tuv.elements("note")))
            found.append(
                fields.unit(
                    {
                        "id": name,
                        "source": source.text,
                        "target": variant.text,
                        "source_locale": source.locale,
                        "target_locale": variant.locale,
                        "note": notes,
                        "written": written.isoformat() if written else "",
                    }
                    | values
                )
            )
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a file, and what stands around its body; units are not in it."""

    document: Document

    @property
    def element(self) -> Element:
        """The header itself."""
        return self.document.root.first("header") or element("header")

    @property
    def source_locale(self) -> str:
        """The language that units are translated from, unless they say otherwise; ``*all*`` for any."""
        return self.element.get("srclang")


def read(source: IO[bytes], *, most_bytes: int = MOST_BYTES) -> Iterator[Entry | Header]:
    """Read a file by its units, and last its header.

    The language units are translated from stands in the header, at the head of the file; it is looked up first, so that
    the file has to be one that can be sought in.
    """
    srclang = _source_locale(source, most_bytes)
    for part in stream(source, lambda path: path == _PATH, most_bytes=most_bytes):
        if isinstance(part, Document):
            _checked(part)
            yield Header(part)
        else:
            entry = Entry(part, part.get("srclang") or srclang)
            _well(entry)
            yield entry


def units(source: IO[bytes], *, most_bytes: int = MOST_BYTES) -> Iterator[Unit]:
    """Read the units for a memory; the first language of a unit is its source where the file says any may be."""
    for part in read(source, most_bytes=most_bytes):
        if isinstance(part, Entry):
            if part.source_locale == _ALL and part.variants:
                part = Entry(part.element, part.variants[0].locale)  # noqa: PLW2901  # the same entry, its source known
            yield from part.units()


def write(file: IO[str], entries: Iterable[Entry], header: Header | None = None, source_locale: str = "en-US") -> None:
    """Write a file, unit by unit; without a header one of our own, for units translated from ``source_locale``."""
    head = header.element if header is not None else _header(source_locale)
    version = header.document.root.get("version", "1.4") if header is not None else "1.4"
    body = (header.document.root.first("body") if header is not None else None) or element("body")
    file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="{version}">\n{fragment(head)}\n<body')
    file.write("".join(f' {key}="{value}"' for key, value in body.attributes) + ">\n")
    for entry in entries:
        file.write(f"{fragment(entry.element)}\n")
    file.write("</body>\n</tmx>\n")


def entry(unit: Unit) -> Entry:
    """Return the unit of a file for one of a memory: nothing of it is lost."""
    values = fields.values(unit)
    told = {"source", "target", "source_locale", "target_locale", "note"}
    props = [element("prop", {"type": f"{_KIND}{key}"}, value) for key, value in values.items() if key not in told]
    dates = {"changedate": unit.written.astimezone(UTC).strftime(_STAMP)} if unit.written else {}
    notes = [element("note", {}, unit.note)] if unit.note else []
    made = element(
        "tu",
        {"srclang": unit.source_locale},
        *notes,
        *props,
        element("tuv", {LANG: unit.source_locale}, element("seg", {}, unit.source)),
        element("tuv", {LANG: unit.target_locale, **dates}, element("seg", {}, unit.target)),
    )
    return Entry(made, unit.source_locale)


def plain(content: Content) -> str:
    """Return the text of a segment with native codes in place; highlights and text inside of codes are text."""
    return "".join(
        item if isinstance(item, str) else plain(item.content) if isinstance(item, Element) else "" for item in content
    )


def words(content: Content) -> str:
    """Return the text of a segment without its codes."""
    return "".join(
        item
        if isinstance(item, str)
        else words(item.content)
        if isinstance(item, Element) and item.local not in _CODES
        else ""
        for item in content
    )


def _header(source_locale: str) -> Element:
    return element(
        "header",
        {
            "creationtool": "shopkit",
            "creationtoolversion": "1",
            "segtype": "sentence",
            "o-tmf": "shopkit",
            "adminlang": "en",
            "srclang": source_locale,
            "datatype": "plaintext",
        },
    )


def _source_locale(source: IO[bytes], most_bytes: int) -> str:
    """Return what the header says units are translated from; the file stands at its start again afterwards."""
    found = ""
    for part in stream(source, lambda path: path in (["tmx", "header"], _PATH), most_bytes=most_bytes):
        if isinstance(part, Element):
            found = part.get("srclang") if part.local == "header" else ""
        break
    source.seek(0)
    return found


def _variant(tuv: Element) -> Variant:
    seg = tuv.first("seg")
    return Variant(_locale(tuv), seg.content if seg else (), _stamp(tuv, "changedate", "creationdate"))


def _locale(tuv: Element) -> str:
    return tuv.get(LANG) or tuv.get("lang")


def _same(one: str, other: str) -> bool:
    """Whether two languages are the same; a header may say *en* where units say *en-US*."""
    one, other = one.casefold().replace("_", "-"), other.casefold().replace("_", "-")
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")


def _stamp(item: Element, *names: str) -> datetime | None:
    for name in names:
        said = item.get(name)
        if said:
            try:
                return datetime.strptime(said, _STAMP).replace(tzinfo=UTC)
            except ValueError as error:
                raise ExchangeError(
                    "content", item.local, f"{name}={said!r} is no date of TMX; write it as 20261127T093000Z"
                ) from error
    return None


def _well(entry: Entry) -> None:
    where = f"unit {entry.id}" if entry.id else "a unit"
    texts = list(entry.element.elements("tuv"))
    if not texts:
        raise ExchangeError("content", where, "it has no text (tuv) in any language")
    for tuv in texts:
        if not _locale(tuv):
            raise ExchangeError("content", where, "a text does not say its language; add xml:lang to its tuv")
        if tuv.first("seg") is None:
            raise ExchangeError("content", where, f"the text in {_locale(tuv)} has no seg")


def _checked(document: Document) -> None:
    root = document.root
    if root.name != "tmx":
        raise ExchangeError("content", "", f"the file is no TMX: its root is {root.local}")
    if root.get("version") not in _VERSIONS:
        raise ExchangeError(
            "content", "", f"TMX of version {root.get('version')!r} is not read; 1.4 is, and 1.1 to 1.3"
        )
    for name in ("header", "body"):
        if root.first(name) is None:
            raise ExchangeError("content", "", f"the file has no {name}")
