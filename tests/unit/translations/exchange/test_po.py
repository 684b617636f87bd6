"""PO: catalogues and units in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.translations.exchange.units import WORDS, units
from translations.exchange import po
from translations.exchange.errors import ExchangeError
from translations.exchange.po import Catalogue, Message
from translations.memory import Unit

FOREIGN = r"""# Words of the shop
msgid ""
msgstr ""
"Language: pt_BR\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

# Keep it short
#. On the label
#: shop/cart.html:12 shop/pay.html:9
#, fuzzy, python-brace-format
#| msgctxt "old"
#| msgid "Pay {sum}"
msgctxt "cart"
msgid "Pay {sum} now\n"
msgstr "Pague {sum} já\n"

msgid "one mug"
msgid_plural "{n} mugs"
msgstr[0] "uma caneca"
msgstr[1] "{n} canecas"

msgid "Wash cold"
msgstr "Lave a frio"

#~ msgid "gone"
#~ msgstr "foi-se"
"""
CART = Message(
    "Pay {sum} now\n", "Pague {sum} já\n", "cart", flags=("fuzzy", "python-brace-format"), comment="Keep it short",
    extracted="On the label", places=(("shop/cart.html", "12"), ("shop/pay.html", "9")),
    previous=("old", "Pay {sum}", None),
)  # fmt: skip
WASH = Message("Wash cold", "Lave a frio")
MUGS = Message("one mug", source_plural="{n} mugs", plurals=("uma caneca", "{n} canecas"))
GONE = Message("gone", "foi-se", obsolete=True)
LINES = st.text(st.characters(categories=("L", "N", "P"), exclude_characters="~|,"), min_size=1, max_size=12)
MESSAGES = st.builds(
    Message,
    WORDS,
    WORDS,
    st.none() | WORDS,
    flags=st.lists(st.sampled_from(["fuzzy", "c-format"]), unique=True).map(tuple),
    comment=LINES | st.just(""),
    extracted=LINES | st.just(""),
    places=st.lists(st.tuples(st.just("a/b.html"), st.integers(1, 99).map(str)), max_size=2, unique=True).map(tuple),
    previous=st.tuples(st.none() | WORDS, st.none() | WORDS, st.none()),
)


def test_a_catalogue_of_others_is_read() -> None:
    """Contexts, plurals, flags, comments, places, former texts and what is obsolete."""
    found = po.read(FOREIGN.encode())

    assert found.messages == (CART, MUGS, WASH, GONE)
    assert (found.locale, found.header.strip()) == ("pt-BR", "Words of the shop")
    assert dict(found.metadata)["Plural-Forms"] == "nplurals=2; plural=(n > 1);"


def test_a_catalogue_of_others_is_written_back_whole() -> None:
    """What was read is read again."""
    found = po.read(FOREIGN.encode())

    assert po.read(po.text(found).encode()) == found


@given(st.lists(MESSAGES, max_size=4, unique_by=lambda one: (one.context, one.source)))
def test_messages_come_back_as_they_went(messages: list[Message]) -> None:
    """Whatever signs stand in their texts."""
    catalogue = Catalogue(tuple(messages), (("Language", "es"), ("Content-Type", "text/plain; charset=UTF-8")))

    assert po.read(po.text(catalogue).encode()).messages == tuple(messages)


@given(st.lists(units(("es-MX",), ("pt-BR",)), max_size=5))
def test_units_come_back_as_they_went(rows: list[Unit]) -> None:
    """Every field and sign of them, the same text twice too."""
    assert list(po.units(po.read(po.text(po.of_units(rows)).encode()), "es-MX")) == rows


def test_messages_of_others_make_units() -> None:
    """Fuzzy ones are drafts, others approved; plurals and obsolete ones are left out."""
    assert po.units(po.read(FOREIGN.encode()), "en-US") == (
        Unit("cart", "Pay {sum} now\n", "Pague {sum} já\n", "en-US", "pt-BR", origin="", note="Keep it short"),
        Unit("", "Wash cold", "Lave a frio", "en-US", "pt-BR", status="approved", origin=""),
    )


def test_a_catalogue_is_read_in_the_encoding_it_names() -> None:
    """And in UTF-8 with a mark."""
    assert po.read(FOREIGN.replace("UTF-8", "ISO-8859-1").encode("latin-1")).messages[0] == CART
    assert po.read(FOREIGN.encode("utf-8-sig")).messages[0] == CART


@pytest.mark.parametrize(
    ("data", "reason", "message"),
    [
        (FOREIGN.encode("latin-1"), "encoding", r"byte 3\d\d: no text in UTF-8"),
        (FOREIGN.replace("UTF-8", "klingon").encode(), "encoding", "klingon, which is not known"),
        (b'msgid "a"\nmsgstr "b"\nnonsense\n', "syntax", "line 3: no entry of a PO file"),
        (b"/etc/hostname", "syntax", "no entry of a PO file"),
        (b'msgid "a"\nmsgstr "\xef\xb7\x90"\n', "content", "noncharacters"),
        (b'#. shopkit: {\nmsgid "a"\nmsgstr "b"\n', "content", "is no JSON"),
        (b'#. shopkit: {"a": 1}\nmsgid "a"\nmsgstr "b"\n', "content", "holds more than texts"),
        (b'#. shopkit: {"status": "good"}\nmsgid "a"\nmsgstr "b"\n', "content", "'good' is no status"),
        (b"#" * 200_000, "size", "more than 100,000 bytes"),
    ],
)
def test_what_is_no_catalogue_is_refused(data: bytes, reason: str, message: str) -> None:
    """Saying what was wrong."""
    with pytest.raises(ExchangeError, match=message) as raised:
        po.units(po.read(data, most_bytes=100_000), "en-US")

    assert raised.value.reason == reason


def test_a_catalogue_is_in_one_language() -> None:
    """Units of several need a file each."""
    rows = [Unit("u", "a", "b", "en-US", "es-MX"), Unit("v", "a", "c", "en-US", "pt-BR")]

    with pytest.raises(ExchangeError, match="a catalogue is in one language, here are es-MX, pt-BR"):
        po.of_units(rows)


@pytest.mark.parametrize("sign", ["\x00", "\ufdd0"])
def test_what_a_catalogue_cannot_hold_is_refused(sign: str) -> None:
    """Rather than written so that nobody reads it."""
    with pytest.raises(ExchangeError, match="a text holds"):
        po.text(Catalogue((Message("a", sign),)))
