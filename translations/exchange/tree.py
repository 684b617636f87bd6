"""XML as values: elements with what they hold, read from strangers without danger and written back without loss.

Nothing is resolved and nothing fetched: a document type, an entity, an external reference ends the reading, and so do
too many bytes and too deep a nesting. Comments and instructions are kept. Not kept, for they say nothing: prefixes of
namespaces, the order of attributes, and how a sign was escaped.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final, Literal
from xml.etree.ElementTree import ParseError

from defusedxml.common import DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.ElementTree import DefusedXMLParser

from translations.exchange.errors import ExchangeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

XML: Final = "http://www.w3.org/XML/1998/namespace"
LANG: Final = f"{{{XML}}}lang"
SPACE: Final = f"{{{XML}}}space"
MOST_BYTES: Final = 50_000_000
DEEPEST: Final = 100
_CHUNK: Final = 1 << 16
_ENCODINGS: Final = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "cp1252", "ascii"})
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What XML 1.0 cannot hold at all.
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_QUOTED: Final = _TEXT | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
_NAME: Final = re.compile(r"(?:\{([^{}]*)\})?([^{}]+)")

Content = tuple["str | Element | Aside", ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """A comment, or an instruction to a program."""

    kind: Literal["comment", "instruction"]
    text: str


@dataclass(frozen=True, slots=True)
class Element:
    """An element: its name as ``{namespace}name``, its attributes by name, and what it holds, texts never in a row."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    content: Content = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "attributes", tuple(sorted(self.attributes)))

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition("}")[2]

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute."""
        return next((value for key, value in self.attributes if key == name), default)

    def elements(self, *names: str) -> Iterator[Element]:
        """Return the elements inside, one level down, of these local names; without names all."""
        return (item for item in self.content if isinstance(item, Element) and (not names or item.local in names))

    def first(self, *names: str) -> Element | None:
        """Return the first of them."""
        return next(self.elements(*names), None)

    def text(self) -> str:
        """Return all text inside, at every level; comments are none."""
        return "".join(
            item if isinstance(item, str) else item.text() if isinstance(item, Element) else "" for item in self.content
        )

    def with_content(self, content: Content) -> Element:
        """Return the element with other content; texts in a row become one."""
        return Element(self.name, self.attributes, joined(content))

    def with_attributes(self, values: Mapping[str, str | None]) -> Element:
        """Return the element with attributes changed; ``None`` takes one away."""
        kept = [(key, value) for key, value in self.attributes if key not in values]
        added = [(key, value) for key, value in values.items() if value is not None]
        return Element(self.name, (*kept, *added), self.content)


def element(name: str, attributes: Mapping[str, str] | None = None, *content: str | Element | Aside) -> Element:
    """Return an element made by hand."""
    return Element(name, tuple((attributes or {}).items()), joined(content))


def joined(content: Content) -> Content:
    """Return content in which no empty text stands, and no two texts in a row."""
    found: list[str | Element | Aside] = []
    for item in content:
        if isinstance(item, str) and found and isinstance(found[-1], str):
            found[-1] += item
        elif item != "":
            found.append(item)
    return tuple(found)


# -- reading ------------------------------------------------------------------------------------------------------


class _Builder:
    """Takes what the parser meets; elements that ``cut`` asks for go to ``taken`` and are not held."""

    def __init__(self, cut: Callable[[list[str]], bool]) -> None:
        self.root: Element | None = None
        self.taken: list[Element] = []
        self.before: list[Aside] = []
        self._cut = cut
        self._open: list[tuple[str, dict[str, str], list[str | Element | Aside]]] = []
        self._path: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEEPEST:
            raise ExchangeError(
                "depth", "", f"elements lie more than {DEEPEST} deep in each other; no such file is read"
            )
        self._open.append((name, attributes, []))
        self._path.append(name)

    def end(self, _: str) -> None:
        name, attributes, content = self._open.pop()
        made = Element(name, tuple(attributes.items()), joined(tuple(content)))
        if self._cut(self._path):
            self.taken.append(made)
            around = self._open[-1][2] if self._open else []
            if around and isinstance(around[-1], str) and not around[-1].strip():
                around.pop()  # the line ends between a million units
        elif self._open:
            self._open[-1][2].append(made)
        else:
            self.root = made
        self._path.pop()

    def data(self, text: str) -> None:
        self._open[-1][2].append(text)

    def comment(self, text: str) -> None:
        self._aside(Aside("comment", text))

    def pi(self, target: str, text: str = "") -> None:
        self._aside(Aside("instruction", f"{target} {text}".strip()))

    def _aside(self, aside: Aside) -> None:
        if self._open:
            self._open[-1][2].append(aside)
        else:
            self.before.append(aside)

    def close(self) -> None:
        """End of the file."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file: its root, and the comments outside of it."""

    root: Element
    asides: tuple[Aside, ...] = ()


def read(source: bytes | IO[bytes], *, most_bytes: int = MOST_BYTES) -> Document:
    """Read a whole file."""
    builder = _Builder(lambda _: False)
    for _ in _fed(source, builder, most_bytes):
        pass
    if builder.root is None:
        raise ExchangeError("syntax", "", "there is no element in the file")
    return Document(builder.root, tuple(builder.before))


def stream(source: IO[bytes], cut: Callable[[list[str]], bool], *, most_bytes: int) -> Iterator[Element | Document]:
    """Read a large file by parts: every element whose path ``cut`` accepts, and last the file without them.

    Memory holds one such part, and what is left of the file without them.
    """
    builder = _Builder(cut)
    for _ in _fed(source, builder, most_bytes):
        yield from builder.taken
        builder.taken.clear()
    if builder.root is None:
        raise ExchangeError("syntax", "", "there is no element in the file")
    yield Document(builder.root, tuple(builder.before))


def _fed(source: bytes | IO[bytes], builder: _Builder, most_bytes: int) -> Iterator[None]:
    file = BytesIO(source) if isinstance(source, bytes) else source
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        for text in _decoded(file, most_bytes):
            parser.feed(text)
            yield
        parser.close()
        yield
    except DTDForbidden as error:
        raise ExchangeError(
            "dtd", "", "the file has a document type (<!DOCTYPE …>); take that line out, nothing else needs it"
        ) from error
    except (EntitiesForbidden, ExternalReferenceForbidden) as error:
        raise ExchangeError("entity", "", "the file declares entities; write the texts out") from error
    except ParseError as error:
        line, column = error.position
        raise ExchangeError(
            "syntax", f"line {line}, column {column + 1}", f"no well-formed XML ({str(error).partition(':')[0]})"
        ) from error


def _decoded(file: IO[bytes], most_bytes: int) -> Iterator[str]:
    """Decode as the file says, strictly; a byte that is not of its encoding ends the reading."""
    chunk = file.read(_CHUNK)
    encoding = _encoding(chunk)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = 0
    while True:
        if done + len(chunk) > most_bytes:
            raise ExchangeError("size", "", f"more than {most_bytes:,} bytes; split the file")
        held = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            where = f"byte {done - held + error.start + 1}"
            raise ExchangeError(
                "encoding", where, f"no text in {encoding}, which the file says it is in; save it as UTF-8"
            ) from error
        if text:
            yield text
        if not chunk:
            return
        done += len(chunk)
        chunk = file.read(_CHUNK)


def _encoding(head: bytes) -> str:
    declared = _DECLARED.match(head.removeprefix(b"\xef\xbb\xbf"))
    said = declared[1].decode("ascii").lower() if declared else ""
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if not marked and head[:4] in {b"<\0?\0", b"\0<\0?"}:
        marked = "utf-16-le" if head[0] else "utf-16-be"
    if marked:
        # Two bytes a sign cannot be declared in single bytes; a mark of UTF-8 and another encoding contradict.
        if said and marked == "utf-8-sig" and _known(said) != "utf-8":
            raise ExchangeError("encoding", "", f"the file begins as UTF-8 and says it is in {said}; save it as UTF-8")
        return marked
    known = _known(said or "utf-8")
    if known not in _ENCODINGS or known.startswith("utf-16"):
        raise ExchangeError("encoding", "", f"the file says it is in {said}, which is not read; save it as UTF-8")
    return known


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


# -- writing ------------------------------------------------------------------------------------------------------


def written(document: Document | Element, prefixes: Mapping[str, str] | None = None) -> str:
    """Return a file as text, to be saved as UTF-8; ``prefixes`` names namespaces, that of the root has none.

    What XML cannot hold (most control characters) is refused.
    """
    root = document if isinstance(document, Element) else document.root
    asides = () if isinstance(document, Element) else document.asides
    head = "".join(f"{_aside(aside)}\n" for aside in asides)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{fragment(root, prefixes)}\n'


def fragment(root: Element, prefixes: Mapping[str, str] | None = None) -> str:
    """Return an element as text, with the namespaces it needs."""
    elements, attributes = _spaces(root)
    # An element without a namespace cannot stand under a default one, nor can an attribute use it.
    default = "" if "" in elements else _split(root.name)[0]
    named = {*attributes, *elements} - {XML, ""} - ({default} - attributes)
    known = {XML: "xml"}
    for number, space in enumerate(sorted(named)):
        known[space] = (prefixes or {}).get(space, f"n{number}")
    declared = [("xmlns", default)] if default else []
    declared += sorted((f"xmlns:{known[space]}", space) for space in named)
    parts: list[str] = []
    _write(root, parts, known, default, declared)
    return "".join(parts)


def _write(
    item: Element, parts: list[str], known: Mapping[str, str], default: str, declared: list[tuple[str, str]]
) -> None:
    name = _prefixed(item.name, known, default)
    parts.append(f"<{name}")
    for key, value in declared:
        parts.append(f' {key}="{_escaped(value, _QUOTED)}"')
    for key, value in item.attributes:
        parts.append(f' {_prefixed(key, known, "")}="{_escaped(value, _QUOTED)}"')
    if not item.content:
        parts.append("/>")
        return
    parts.append(">")
    for inner in item.content:
        if isinstance(inner, str):
            parts.append(_escaped(inner, _TEXT))
        elif isinstance(inner, Aside):
            parts.append(_aside(inner))
        else:
            _write(inner, parts, known, default, [])
    parts.append(f"</{name}>")


def _aside(aside: Aside) -> str:
    closing = "--" if aside.kind == "comment" else "?>"
    if closing in aside.text or aside.text.endswith("-") or _ILLEGAL.search(aside.text) or "\r" in aside.text:
        raise ExchangeError("unwritable", "", f"a comment cannot hold {aside.text!r}; change it")
    return f"<!--{aside.text}-->" if aside.kind == "comment" else f"<?{aside.text}?>"


def _escaped(text: str, table: Mapping[str, str]) -> str:
    bad = _ILLEGAL.search(text)
    if bad is not None:
        raise ExchangeError(
            "unwritable", "", f"XML cannot hold the sign U+{ord(bad[0]):04X}; take it out of {text[:40]!r}"
        )
    return text.translate({ord(sign): safe for sign, safe in table.items()})


def _split(name: str) -> tuple[str, str]:
    found = _NAME.fullmatch(name)
    if found is None:
        raise ExchangeError("unwritable", "", f"{name!r} is no name of an element or attribute")
    return found[1] or "", found[2]


def _prefixed(name: str, known: Mapping[str, str], default: str) -> str:
    space, local = _split(name)
    return local if space == default else f"{known[space]}:{local}"


def _spaces(root: Element) -> tuple[set[str], set[str]]:
    """Return the namespaces of elements and of attributes, at every level; that of none is empty for elements alone."""
    elements = {_split(root.name)[0]}
    attributes = {_split(key)[0] for key, _ in root.attributes} - {""}
    for inner in root.elements():
        below = _spaces(inner)
        elements |= below[0]
        attributes |= below[1]
    return elements, attributes
