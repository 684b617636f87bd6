"""XML from strangers: what is refused, what is kept, and what an independent reader makes of what is written."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.translations.exchange.units import TEXTS
from translations.exchange.errors import ExchangeError
from translations.exchange.tree import Aside, Content, Document, Element, element, fragment, joined, read, written

NAMES = st.sampled_from(["a", "b-c", "{urn:one}a", "{urn:one}b", "{urn:two}a"])
KEYS = st.sampled_from(["id", "n", "{urn:one}k", "{urn:two}k", "{http://www.w3.org/XML/1998/namespace}lang"])
ATTRIBUTES = st.dictionaries(KEYS, TEXTS, max_size=3).map(lambda found: tuple(found.items()))
ASIDES = st.sampled_from([Aside("comment", " a note "), Aside("instruction", "tool do this")])


def grown(inner: st.SearchStrategy[Element]) -> st.SearchStrategy[Element]:
    """Return elements that hold others."""
    content: st.SearchStrategy[Content] = st.lists(st.one_of(TEXTS, ASIDES, inner), max_size=4).map(
        lambda found: joined(tuple(found))
    )
    return st.builds(Element, NAMES, ATTRIBUTES, content)


ELEMENTS = st.recursive(st.builds(Element, NAMES, ATTRIBUTES), grown, max_leaves=8)


@given(ELEMENTS, st.lists(ASIDES, max_size=2).map(tuple))
def test_what_is_written_is_read_again(root: Element, asides: tuple[Aside, ...]) -> None:
    """Names, namespaces, attributes, every sign of every text, comments and instructions."""
    document = Document(root, asides)

    assert read(written(document).encode("utf-8")) == document


@given(ELEMENTS)
def test_another_reader_reads_the_same(root: Element) -> None:
    """The standard library finds the same names, attributes and texts."""
    found = ET.fromstring(fragment(root))  # noqa: S314  # our own text

    assert (found.tag, dict(found.attrib)) == (root.name, dict(root.attributes))
    assert "".join(found.itertext()) == root.text()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_file_is_read_in_the_encoding_it_names(encoding: str) -> None:
    """With or without a mark at its head."""
    named = encoding.removesuffix("-sig")

    assert read(f'<?xml version="1.0" encoding="{named}"?><a>ñandú</a>'.encode(encoding)).root.text() == "ñandú"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_sign_are_known_without_a_mark(encoding: str) -> None:
    """By the zero beside the first sign."""
    assert read('<?xml version="1.0" encoding="utf-16"?><a>ñ</a>'.encode(encoding)).root.text() == "ñ"


BOMB = "<!DOCTYPE a [<!ENTITY x 'xx'><!ENTITY y '&x;&x;'>]><a>&y;</a>"
FETCHED = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"


@pytest.mark.parametrize(
    ("data", "reason", "where"),
    [
        (b'<!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx/>', "dtd", ""),
        (BOMB.encode(), "dtd", ""),
        (FETCHED.encode(), "dtd", ""),
        (b"<a>&nbsp;</a>", "syntax", "line 1, column 4"),
        (b"<a>\n<b></a>", "syntax", "line 2, column 6"),
        (b"", "syntax", "line 1, column 1"),
        (b"plain text", "syntax", "line 1, column 1"),
        (b"<a>\x00</a>", "syntax", "line 1, column 4"),
        ("<a>ñ</a>".encode("latin-1"), "encoding", "byte 4"),
        (b"<a>" + b"x" * 65_531 + b"\xc3\xb1\xc3</a>", "encoding", "byte 65537"),
        (b"<a>\xc3", "encoding", "byte 4"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "encoding", ""),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding", ""),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "encoding", ""),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="iso-8859-1"?><a/>', "encoding", ""),
        (b"<a>" * 101 + b"</a>" * 101, "depth", ""),
        (b"<a>" + b"x" * 1_000_000 + b"</a>", "size", ""),
    ],
)
def test_a_dangerous_or_broken_file_is_refused(data: bytes, reason: str, where: str) -> None:
    """With the reason, and the place where there is one."""
    with pytest.raises(ExchangeError) as raised:
        read(BytesIO(data), most_bytes=500_000)

    assert (raised.value.reason, raised.value.where) == (reason, where)


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (element("a", {}, "x\x00"), r"XML cannot hold the sign U\+0000"),
        (element("a", {"k": "\ud800"}), r"XML cannot hold the sign U\+D800"),
        (element("a", {}, Aside("comment", "a -- b")), "a comment cannot hold 'a -- b'"),
        (element("a", {}, Aside("instruction", "a ?> b")), r"a comment cannot hold 'a \?> b'"),
    ],
)
def test_what_xml_cannot_hold_is_refused(root: Element, message: str) -> None:
    """Rather than written so that nobody reads it."""
    with pytest.raises(ExchangeError, match=message):
        fragment(root)


def test_prefixes_may_be_given() -> None:
    """Other namespaces get numbers."""
    root = element("{urn:one}a", {}, element("{urn:two}b", {"{urn:three}c": "1"}))

    assert fragment(root, {"urn:two": "two"}) == (
        '<a xmlns="urn:one" xmlns:n0="urn:three" xmlns:two="urn:two"><two:b n0:c="1"/></a>'
    )
