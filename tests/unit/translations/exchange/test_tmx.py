"""TMX: memories in and out, what others wrote kept, and what is no TMX refused."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.translations.exchange.units import units
from translations.exchange import tmx
from translations.exchange.errors import ExchangeError
from translations.exchange.tree import read
from translations.memory import Unit

FOREIGN = """<?xml version="1.0" encoding="utf-8"?>
<tmx version="1.4">
  <header creationtool="OmegaT" creationtoolversion="6" segtype="sentence" o-tmf="OmegaT TMX" adminlang="EN-US"
          srclang="en" datatype="plaintext"><prop type="x-project">Taller</prop><note>ours</note></header>
  <body>
    <!-- first -->
    <tu tuid="7" usagecount="3" creationdate="20260102T030405Z"><note>care</note><prop type="x-client">Rosa</prop>
      <tuv xml:lang="en-US">
        <seg>Wash <bpt i="1" type="bold">&lt;b></bpt>cold<ept i="1">&lt;/b></ept><ph x="2"/>.</seg></tuv>
      <tuv xml:lang="es-MX" changedate="20260304T050607Z" changeid="lucia">
        <prop type="x-mood">tú</prop>
        <seg>Lave en <bpt i="1">&lt;b></bpt>frío<ept i="1">&lt;/b></ept><ph x="2"/>.</seg></tuv>
      <tuv xml:lang="pt-BR"><seg>Lave a <hi type="term">frio</hi>.</seg></tuv>
    </tu>
  </body>
</tmx>
"""


def file(body: str, head: str = 'srclang="en-US"', version: str = "1.4") -> bytes:
    """Return a small file."""
    return f'<tmx version="{version}"><header {head}/><body>{body}</body></tmx>'.encode()


def everything(data: bytes) -> list[tmx.Entry | tmx.Header]:
    """Read a file to its end."""
    return list(tmx.read(BytesIO(data)))


@given(st.lists(units(), max_size=5))
def test_units_come_back_as_they_went(rows: list[Unit]) -> None:
    """Every field and sign of them, dates with their zone."""
    out = StringIO()
    tmx.write(out, map(tmx.entry, rows))

    assert list(tmx.units(BytesIO(out.getvalue().encode("utf-8")))) == rows


def test_what_others_wrote_is_shown() -> None:
    """Texts with their codes, notes, properties and dates."""
    entry, header = everything(FOREIGN.encode())

    assert isinstance(entry, tmx.Entry)
    assert isinstance(header, tmx.Header)
    assert header.source_locale == "en"
    assert (entry.id, entry.notes, entry.properties) == ("7", ("care",), (("x-client", "Rosa"),))
    assert [(one.locale, one.text, tmx.words(one.content), one.changed) for one in entry.variants] == [
        ("en-US", "Wash <b>cold</b>.", "Wash cold.", None),
        ("es-MX", "Lave en <b>frío</b>.", "Lave en frío.",
         datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("pt-BR", "Lave a frio.", "Lave a frio.", None),
    ]  # fmt: skip


def test_what_others_wrote_makes_units() -> None:
    """A pair for each other language, dated by its own change or by its making; not approved, for nobody says so."""
    changed, made = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

    assert list(tmx.units(BytesIO(FOREIGN.encode()))) == [
        Unit("7/es-MX", "Wash <b>cold</b>.", "Lave en <b>frío</b>.", "en-US", "es-MX",
             origin="", written=changed, note="care"),
        Unit("7/pt-BR", "Wash <b>cold</b>.", "Lave a frio.", "en-US", "pt-BR",
             origin="", written=made, note="care"),
    ]  # fmt: skip


def test_what_others_wrote_is_written_back_whole() -> None:
    """Header, unit and every attribute; comments between units alone are left behind with the spaces."""
    entry, header = everything(FOREIGN.encode())
    out = StringIO()
    assert isinstance(entry, tmx.Entry)
    assert isinstance(header, tmx.Header)
    tmx.write(out, [entry], header)
    again, after = everything(out.getvalue().encode())

    assert isinstance(after, tmx.Header)
    assert again == entry
    assert after.element == header.element
    assert read(out.getvalue().encode()).root.get("version") == "1.4"


def test_a_file_for_any_source_takes_the_first_language() -> None:
    """``*all*`` says that each text may be the source of each other."""
    body = '<tu><tuv xml:lang="pt-BR"><seg>a</seg></tuv><tuv xml:lang="en-US"><seg>b</seg></tuv></tu>'

    assert [(one.source, one.target) for one in tmx.units(BytesIO(file(body, 'srclang="*all*"')))] == [("a", "b")]


def test_a_unit_may_name_its_own_source() -> None:
    """It counts more than that of the header."""
    body = '<tu srclang="es"><tuv lang="en"><seg>b</seg></tuv><tuv lang="ES-MX"><seg>a</seg></tuv></tu>'

    assert [(one.source, one.target) for one in tmx.units(BytesIO(file(body)))] == [("a", "b")]


@pytest.mark.parametrize(
    ("data", "reason", "message"),
    [
        (b"<!DOCTYPE tmx SYSTEM 'tmx14.dtd'>" + file(""), "dtd", "document type"),
        (b"<tbx/>", "content", "the file is no TMX: its root is tbx"),
        (file("", version="9"), "content", "TMX of version '9' is not read"),
        (b'<tmx version="1.4"><body/></tmx>', "content", "the file has no header"),
        (file('<tu tuid="5"/>'), "content", "unit 5: it has no text"),
        (file("<tu><tuv><seg>a</seg></tuv></tu>"), "content", "does not say its language"),
        (file('<tu><tuv xml:lang="en"/></tu>'), "content", "the text in en has no seg"),
        (
            file('<tu><tuv lang="en-US"><seg>a</seg></tuv><tuv lang="es" changedate="May"><seg>b</seg></tuv></tu>'),
            "content",
            "changedate='May' is no date of TMX",
        ),
        (file("<tu>")[:-30], "syntax", "no well-formed XML"),
    ],
)
def test_what_is_no_tmx_is_refused(data: bytes, reason: str, message: str) -> None:
    """Saying what was wrong."""
    with pytest.raises(ExchangeError, match=message) as raised:
        list(tmx.units(BytesIO(data)))

    assert raised.value.reason == reason


def test_a_large_file_is_read_in_little_memory() -> None:
    """Of the units that were read no more is held at the last of many than at the last of few."""

    def held(count: int) -> int:
        unit = '<tu><tuv xml:lang="en-US"><seg>a mug</seg></tuv><tuv xml:lang="es"><seg>taza</seg></tuv></tu>'
        # The file is read by 65,536 bytes at a time: 128 for a unit let both files end at the same place of a chunk.
        units = tmx.units(BytesIO(file((unit.ljust(127) + "\n") * count)))
        for _ in range(count):
            next(units)
        # Objects are counted and not bytes: the parser's own buffers come and go.
        gc.collect()
        return sum(str(type(one).__module__).startswith(("xml.", "translations.")) for one in gc.get_objects())

    held(10)
    # What the process held before is left out of the counting: there are some millions of it.
    gc.freeze()
    try:
        few, many = held(2 * 512), held(8 * 512)
    finally:
        gc.unfreeze()

    assert many < few + 100
