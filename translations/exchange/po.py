"""PO: catalogues of gettext, read and written by polib, and units of a memory in them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polib

from translations.exchange import fields
from translations.exchange.errors import ExchangeError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from translations.memory import Unit

MOST_BYTES: Final = 50_000_000
_CHARSET: Final = re.compile(rb"Content-Type:[^\n]*?charset=([A-Za-z][\w.-]*)")
# polib parts lines at signs that end no line of a PO file. Noncharacters stand for them while it works.
_PARTING: Final = str.maketrans(
    {sign: chr(0xFDD0 + number) for number, sign in enumerate("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")}
)
_BACK: Final = str.maketrans({after: before for before, after in _PARTING.items()})
_RESERVED: Final = re.compile("[\ufdd0-\ufdd7]")
_KIND: Final = "shopkit: "


@dataclass(frozen=True, slots=True)
class Message:
    """An entry of a catalogue; ``context`` is ``None`` where there is no msgctxt.

    ``plurals`` has the forms by number, and then ``target`` is empty. ``places`` are file and line.
    """

    source: str
    target: str = ""
    context: str | None = None
    source_plural: str = ""
    plurals: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    comment: str = ""
    extracted: str = ""
    places: tuple[tuple[str, str], ...] = ()
    previous: tuple[str | None, str | None, str | None] = (None, None, None)
    obsolete: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A file: its messages, the fields of its header in their order, and the comment above them."""

    messages: tuple[Message, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    header: str = ""
    fuzzy: bool = False

    @property
    def locale(self) -> str:
        """The language it is in, as a tag."""
        return dict(self.metadata).get("Language", "").replace("_", "-")


def read(data: bytes, *, most_bytes: int = MOST_BYTES) -> Catalogue:
    """Read a catalogue in the encoding its header names, UTF-8 if none."""
    if len(data) > most_bytes:
        raise ExchangeError("size", "", f"more than {most_bytes:,} bytes; split the file")
    text = _decoded(data)
    if _RESERVED.search(text):
        raise ExchangeError("content", "", "the file holds noncharacters (U+FDD0 to U+FDD7); take them out")
    try:
        # A text without a line end could be taken for the name of a file.
        file = polib.pofile(f"{text.translate(_PARTING)}\n", wrapwidth=0)
    except (OSError, ValueError, IndexError) as error:
        where = re.search(r"line (\d+)", str(error))
        raise ExchangeError("syntax", f"line {where[1]}" if where else "", "no entry of a PO file") from error
    return Catalogue(
        tuple(_message(entry) for entry in file),
        tuple((key, value.translate(_BACK)) for key, value in file.metadata.items()),
        file.header.translate(_BACK),
        file.metadata_is_fuzzy not in (0, False, None, []),
    )


def text(catalogue: Catalogue) -> str:
    """Return a catalogue as text, to be saved as UTF-8."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = dict(catalogue.metadata) | {"Content-Type": "text/plain; charset=UTF-8"}
    file.header = catalogue.header
    file.metadata_is_fuzzy = catalogue.fuzzy
    for message in catalogue.messages:
        file.append(_entry(message))
    return f"{str(file).translate(_BACK).rstrip()}\n"


def of_units(units: Iterable[Unit]) -> Catalogue:
    """Return a catalogue with units of a memory; one of a language, and drafts in it are fuzzy.

    What PO has no place for is written in a comment, as JSON after ``shopkit:``, so that nothing is lost.
    """
    rows = list(units)
    locales = {unit.target_locale for unit in rows}
    if len(locales) > 1:
        raise ExchangeError("unwritable", "", f"a catalogue is in one language, here are {', '.join(sorted(locales))}")
    messages = []
    for number, unit in enumerate(rows):
        told = {key: value for key, value in fields.values(unit).items() if key not in {"source", "target"}}
        messages.append(
            Message(
                unit.source,
                unit.target,
                f"{number}:{unit.id}",
                flags=() if unit.status == "approved" else ("fuzzy",),
                comment=" ".join(unit.note.split()),
                extracted=f"{_KIND}{json.dumps(told, ensure_ascii=True)}",
            )
        )
    metadata = (
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=UTF-8"),
        ("Content-Transfer-Encoding", "8bit"),
    )
    language = (("Language", locales.pop().replace("-", "_")),) if locales else ()
    return Catalogue(tuple(messages), (*metadata, *language))


def units(catalogue: Catalogue, source_locale: str) -> tuple[Unit, ...]:
    """Return units of a memory: every message with a translation, and not an obsolete one; plurals are left out.

    A fuzzy one is a draft, others are approved, unless the comment of one of our own files says more.
    """
    found = []
    for message in catalogue.messages:
        if message.obsolete or not message.source.strip() or not message.target.strip() or message.source_plural:
            continue
        row = {
            "id": message.context or "",
            "source": message.source,
            "target": message.target,
            "source_locale": source_locale,
            "target_locale": catalogue.locale,
            "status": "draft" if "fuzzy" in message.flags else "approved",
            "note": message.comment,
        }
        found.append(fields.unit(_told(message, row)))
    return tuple(found)


def _told(message: Message, row: dict[str, str]) -> dict[str, str]:
    said = next((line for line in message.extracted.split("\n") if line.startswith(_KIND)), None)
    if said is None:
        return row
    try:
        told = json.loads(said.removeprefix(_KIND))
    except ValueError as error:
        raise ExchangeError(
            "content", f"message {message.source[:40]!r}", "its comment for shopkit is no JSON"
        ) from error
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise ExchangeError(
            "content", f"message {message.source[:40]!r}", "its comment for shopkit holds more than texts"
        )
    kept = {key: row[key] for key in ("source", "target", "source_locale", "target_locale")}
    return kept | told


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    encoding = declared[1].decode("ascii") if declared and declared[1] != b"CHARSET" else "utf-8"
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode(encoding)
    except LookupError as error:
        raise ExchangeError(
            "encoding", "", f"the file says it is in {encoding}, which is not known; save it as UTF-8"
        ) from error
    except UnicodeDecodeError as error:
        raise ExchangeError(
            "encoding",
            f"byte {error.start + 1}",
            f"no text in {encoding}, which the file says it is in; save it as UTF-8",
        ) from error


def _message(entry: polib.POEntry) -> Message:
    def back(value: str | None) -> str | None:
        return None if value is None else value.translate(_BACK)

    forms = entry.msgstr_plural
    return Message(
        entry.msgid.translate(_BACK),
        entry.msgstr.translate(_BACK),
        back(entry.msgctxt),
        (entry.msgid_plural or "").translate(_BACK),
        tuple(forms[number].translate(_BACK) for number in sorted(forms)),
        tuple(entry.flags),
        entry.tcomment.translate(_BACK),
        entry.comment.translate(_BACK),
        tuple((place, str(line)) for place, line in entry.occurrences),
        (back(entry.previous_msgctxt), back(entry.previous_msgid), back(entry.previous_msgid_plural)),
        bool(entry.obsolete),
    )


def _entry(message: Message) -> polib.POEntry:
    for value in (message.source, message.target, message.context or "", *message.plurals):
        if _RESERVED.search(value):
            raise ExchangeError("unwritable", "", "a text holds noncharacters (U+FDD0 to U+FDD7); take them out")
        if "\x00" in value:
            raise ExchangeError("unwritable", "", "a text holds the sign U+0000; take it out")
    context, msgid, plural = message.previous
    return polib.POEntry(
        msgid=message.source,
        msgstr=message.target,
        msgctxt=message.context,
        msgid_plural=message.source_plural,
        msgstr_plural=dict(enumerate(message.plurals)),
        flags=list(message.flags),
        tcomment=message.comment,
        comment=message.extracted,
        occurrences=list(message.places),
        previous_msgctxt=context,
        previous_msgid=msgid,
        previous_msgid_plural=plural,
        obsolete=message.obsolete,
    )
