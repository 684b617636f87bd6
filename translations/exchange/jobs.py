"""A translator's job: texts with where they stand, as XLIFF or PO, and what came back of them.

A text goes out under its id with what there is of it already. In XLIFF its placeholders, tags and addresses are inline
codes, which translation programs lock. What comes back is told by id with the source that it was made of, so that
whoever takes it in can see whether that is still the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from translations.exchange import po, tree, xliff
from translations.exchange.errors import ExchangeError
from translations.exchange.passages import Job, Returned
from translations.exchange.tree import SPACE, Document, Element, element
from translations.masks import mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from translations.exchange.passages import Format, Passage, State
    from translations.exchange.xliff import Entry

_ONE: Final = "urn:oasis:names:tc:xliff:document:1.2"
_TWO: Final = "urn:oasis:names:tc:xliff:document:2.0"
_LOCKED: Final = frozenset({"placeholder", "html", "url"})
_STATE_ONE: Final[dict[State, str]] = {
    "draft": "needs-review-translation",
    "changed": "needs-adaptation",
    "approved": "final",
}
_STATE_TWO: Final[dict[State, str]] = {
    "missing": "initial",
    "draft": "translated",
    "changed": "initial",
    "approved": "final",
}
# What a program writes of a text that is not done, or not yet done anew.
_OPEN: Final = frozenset(
    (
        *("", "new", "initial", "needs-adaptation", "needs-l10n", "needs-translation"),
        *("needs-review-adaptation", "needs-review-l10n", "needs-review-translation"),
    )
)
_SOURCE: Final = "X-Source-Language"


def write(passages: Iterable[Passage], name: Format, source_locale: str, target_locale: str) -> str:
    """Return a file as text, to be saved as UTF-8; ``ExchangeError`` where the format cannot hold a text."""
    if name == "po":
        return po.text(_catalogue(passages, source_locale, target_locale))
    make, root = (_unit_one, _root_one) if name == "xliff-1.2" else (_unit_two, _root_two)
    units = [make(number, passage) for number, passage in enumerate(passages, 1)]
    return tree.written(Document(root(units, source_locale, target_locale)))


def read(data: bytes, *, most_bytes: int = xliff.MOST_BYTES) -> Job:
    """Read a file that came back, XLIFF or PO as its first sign tells; ``ExchangeError`` says what is wrong with it."""
    head = data[:8].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return _of_xliff(xliff.read(data, most_bytes=most_bytes).entries())
    catalogue = po.read(data, most_bytes=most_bytes)
    texts = [
        Returned(message.context or "", message.source, message.target, "fuzzy" not in message.flags)
        for message in catalogue.messages
        if not message.obsolete
    ]
    if not texts:
        raise ExchangeError("content", "", "the file holds no texts; bring an XLIFF or a PO file that was written here")
    return Job(dict(catalogue.metadata).get(_SOURCE, ""), catalogue.locale, tuple(texts))


def _of_xliff(entries: Iterable[Entry]) -> Job:
    """Return the texts of a file; a unit that a program cut into segments is one again."""
    units: dict[str, list[Entry]] = {}
    for entry in entries:
        # Two units of one name are told apart; segments of one unit follow each other under the same id.
        units.setdefault(f"{entry.name}\x1f{entry.id}", []).append(entry)
    if not units:
        raise ExchangeError("content", "", "the file holds no texts; bring one that was written here")
    texts = [
        Returned(
            parts[0].name or parts[0].id,
            "".join(one.source_text for one in parts),
            "".join(one.target_text for one in parts) if all(one.target_text for one in parts) else "",
            all(one.approved or one.state not in _OPEN for one in parts),
        )
        for parts in units.values()
    ]
    first = next(iter(units.values()))[0]
    return Job(first.source_locale, first.target_locale, tuple(texts))


# -- XLIFF --------------------------------------------------------------------------------------------------------
def _coded(text: str, code: Callable[[int, str], Element]) -> list[str | Element]:
    """Return a text with what a translator must not touch as inline codes, numbered as they come."""
    found: list[str | Element] = []
    for piece in mark(text).pieces:
        if isinstance(piece, str):
            found.append(piece)
        elif piece.kind in _LOCKED:
            found.append(code(piece.id, piece.source))
        else:
            found.append(piece.source)
    return found


def _numbers(text: str) -> dict[str, list[int]]:
    """Return the numbers of the codes of a source, by what they stand for, so that its translation has the same."""
    found: dict[str, list[int]] = {}
    for piece in mark(text).marks:
        if piece.kind in _LOCKED:
            found.setdefault(piece.source, []).append(piece.id)
    return found


def _of_target(passage: Passage, code: Callable[[int, str], Element]) -> list[str | Element]:
    numbers = _numbers(passage.source)
    fresh = 1_000

    def numbered(_: int, text: str) -> Element:
        nonlocal fresh
        waiting = numbers.get(text)
        if waiting:
            return code(waiting.pop(0), text)
        fresh += 1
        return code(fresh, text)

    return _coded(passage.target, numbered)


def _unit_one(number: int, passage: Passage) -> Element:
    def name(local: str) -> str:
        return f"{{{_ONE}}}{local}"

    def code(at: int, text: str) -> Element:
        return element(name("ph"), {"id": str(at)}, text)

    target = []
    if passage.target:
        state = {"state": _STATE_ONE[passage.state]}
        target.append(element(name("target"), state, *tree.joined(tuple(_of_target(passage, code)))))
    approved = {"approved": "yes"} if passage.state == "approved" else {}
    return element(
        name("trans-unit"),
        {"id": str(number), "resname": passage.id, SPACE: "preserve"} | approved,
        element(name("source"), {}, *tree.joined(tuple(_coded(passage.source, code)))),
        *target,
        *([element(name("note"), {}, passage.note)] if passage.note else []),
    )


def _root_one(units: list[Element], source_locale: str, target_locale: str) -> Element:
    head = {"original": "shopkit", "datatype": "plaintext"}
    head |= {"source-language": source_locale, "target-language": target_locale}
    body = element(f"{{{_ONE}}}body", {}, *units)
    return element(f"{{{_ONE}}}xliff", {"version": "1.2"}, element(f"{{{_ONE}}}file", head, body))


def _unit_two(number: int, passage: Passage) -> Element:
    def name(local: str) -> str:
        return f"{{{_TWO}}}{local}"

    native: dict[str, str] = {}

    def code(at: int, text: str) -> Element:
        native[f"d{at}"] = text
        return element(name("ph"), {"id": str(at), "dataRef": f"d{at}"})

    source = element(name("source"), {}, *tree.joined(tuple(_coded(passage.source, code))))
    target = []
    if passage.target:
        target.append(element(name("target"), {}, *tree.joined(tuple(_of_target(passage, code)))))
    notes = [element(name("notes"), {}, element(name("note"), {}, passage.note))] if passage.note else []
    data = [element(name("data"), {"id": at}, text) for at, text in native.items()]
    return element(
        name("unit"),
        {"id": f"u{number}", "name": passage.id, "canResegment": "no", SPACE: "preserve"},
        *notes,
        *([element(name("originalData"), {}, *data)] if data else []),
        element(name("segment"), {"id": "s1", "state": _STATE_TWO[passage.state]}, source, *target),
    )


def _root_two(units: list[Element], source_locale: str, target_locale: str) -> Element:
    head = {"version": "2.0", "srcLang": source_locale, "trgLang": target_locale}
    return element(f"{{{_TWO}}}xliff", head, element(f"{{{_TWO}}}file", {"id": "f1"}, *units))


# -- PO -----------------------------------------------------------------------------------------------------------
def _catalogue(passages: Iterable[Passage], source_locale: str, target_locale: str) -> po.Catalogue:
    messages = [
        po.Message(
            passage.source,
            passage.target,
            passage.id,
            flags=("fuzzy",) if passage.state in {"draft", "changed"} else (),
            extracted=" ".join(passage.note.split()),
        )
        for passage in passages
    ]
    metadata = (
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
        ("Language", target_locale.replace("-", "_")),
        (_SOURCE, source_locale),
    )
    return po.Catalogue(tuple(messages), metadata)
