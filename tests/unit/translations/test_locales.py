"""Locales: their tags, chains, registers, names elsewhere, and which one serves a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.locales import (
    LocaleError,
    Supplied,
    Tag,
    accepted,
    chain,
    negotiate,
    of,
    parse,
    supply,
    systems,
    tags,
)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("es-419", Tag("es", None, "419")),
        ("ES_mx", Tag("es", None, "MX")),
        (" pt-BR\n", Tag("pt", None, "BR")),
        ("es-Latn-MX-x-shop", Tag("es", "Latn", "MX")),
        ("zh-hant", Tag("zh", "Hant", None)),
        ("en", Tag("en", None, None)),
    ],
)
def test_tags(text: str, tag: Tag) -> None:
    """419 is a territory, never a language; case and the sign between do not matter."""
    assert parse(text) == tag


@pytest.mark.parametrize("text", ["", "e", "419", "es-", "español", "es--MX", "e" * 50, "es-MX;q=1"])
def test_no_tags(text: str) -> None:
    """What is no tag is an error that quotes it."""
    with pytest.raises(LocaleError, match="is no language tag"):
        parse(text)


def test_chains() -> None:
    """Every market of the Americas falls back to es-419 and es, Brazil to pt, none through Spain or Portugal."""
    chains = {tag: chain(tag) for tag in tags()}

    assert chains["es-MX"] == ("es-MX", "es-419", "es")
    assert {links[1:] for tag, links in chains.items() if tag.startswith("es-") and tag not in {"es-419", "es-ES"}} == {
        ("es-419", "es")
    }
    assert (chains["es-419"], chains["es-ES"], chains["pt-BR"], chains["pt-PT"], chains["en-US"], chains["en"]) == (
        ("es-419", "es"),
        ("es-ES", "es"),
        ("pt-BR", "pt"),
        ("pt-PT", "pt"),
        ("en-US", "en"),
        ("en",),
    )
    assert [tag for tag, links in chains.items() if {"es-ES", "pt-PT"} & set(links[1:])] == []


def test_decimal_signs() -> None:
    """The decimal sign is that of the market; bare Spanish writes a comma, Latin American Spanish a point."""
    assert [tag for tag in tags() if of(tag).decimal == ","] == [
        *("es-AR", "es-UY", "es-PY", "es-CL", "es-CO", "es-CR", "es-BO", "es-EC", "es-VE", "es", "es-ES"),
        *("pt-BR", "pt", "pt-PT"),
    ]


@pytest.mark.parametrize(
    ("tag", "address", "legal", "imperial"),
    [
        ("es-US", "tú", "usted", True),
        ("es-MX", "tú", "usted", False),
        ("es-AR", "vos", "usted", False),
        ("es-CO", "usted", "usted", False),
        ("pt-BR", "você", "você", False),
        ("en-US", None, None, True),
    ],
)
def test_registers(tag: str, address: str | None, legal: str | None, imperial: bool) -> None:  # noqa: FBT001  # a column of the table
    """Each market speaks to its buyers in its own form, and says whether inches come first."""
    locale = of(tag)

    assert (locale.address, locale.legal, locale.imperial) == (address, legal, imperial)


def test_a_seller_decides_the_form_of_address() -> None:
    """The form may be another of the language, and no other."""
    assert of("es-CO").speaking("tú").address == "tú"
    with pytest.raises(LocaleError, match="pt-BR has no form of address 'tú'; there are: você"):
        of("pt-BR").speaking("tú")
    with pytest.raises(LocaleError, match="there are: none"):
        of("en-US").speaking("you")


@pytest.mark.parametrize(
    ("system", "codes"),
    [
        ("google_merchant", {"es-MX": "es", "es-419": "es", "pt-BR": "pt", "en-US": "en"}),
        ("hreflang", {"es-MX": "es-MX", "es-419": "es", "pt-BR": "pt-BR", "en": "en"}),
        ("ebay", {"es-MX": "es-ES", "pt-BR": None, "en-US": "en-US"}),
        ("tiktok", {"es-MX": "es-MX", "es-AR": "es-MX", "es-ES": "es-ES", "pt-BR": "pt-BR"}),
        ("etsy", {"es-MX": "es", "pt-BR": "pt", "en-US": "en"}),
        ("amazon", {"es-MX": "es_MX", "es-US": "es_US", "es-AR": None, "es-419": None, "pt-BR": "pt_BR"}),
        ("deepl", {"es-MX": "ES-419", "es": "ES-419", "es-ES": "ES", "pt-BR": "PT-BR", "en-US": "EN-US"}),
        ("amazon_translate", {"es-419": "es-MX", "pt-BR": "pt", "en-US": "en"}),
        ("apertium", {"es-MX": "spa", "pt-BR": "por_BR", "en-US": "eng_US"}),
        ("meta", {"es-MX": "es_XX", "pt-BR": "pt_XX", "en-US": "en_XX"}),
    ],
)
def test_codes_of_other_systems(system: str, codes: dict[str, str | None]) -> None:
    """Each system has its own name for a locale, or none."""
    assert {tag: of(tag).code(system) for tag in codes} == codes


def test_every_system_answers_for_every_locale() -> None:
    """No locale is forgotten in the table of a system."""
    assert all(of(tag).code(system) is None or of(tag).code(system) for tag in tags() for system in systems())
    with pytest.raises(LocaleError, match="'altavista' is no system of the table"):
        of("es").code("altavista")


def test_a_locale_outside_the_table() -> None:
    """A locale outside the table has what its chain has; a language outside it is an error that names ours."""
    assert [(of(tag).address, of(tag).decimal) for tag in ("es-BZ", "es-ZZ", "pt-AO", "en-AU")] == [
        ("tú", "."),
        ("tú", ","),
        ("você", ","),
        (None, "."),
    ]
    with pytest.raises(LocaleError, match="we do not write 'fr'; there are: es, pt, en"):
        of("fr_HT")


@pytest.mark.parametrize(
    ("texts", "wanted", "source", "supplied"),
    [
        ({"es-MX": "Aretes", "es": "Pendientes"}, "es-MX", None, Supplied("Aretes", "es-MX", foreign=False)),
        ({"es-419": "Aretes", "es-ES": "Pendientes"}, "es-AR", None, Supplied("Aretes", "es-419", foreign=False)),
        ({"es-ES": "Pendientes"}, "es-MX", None, None),
        ({"es-MX": " ", "es": "Aretes"}, "es-MX", None, Supplied("Aretes", "es", foreign=False)),
        ({"es-MX": "Aretes"}, "pt-BR", "es-MX", Supplied("Aretes", "es-MX", foreign=True)),
        ({"es": "Aretes"}, "es-CL", "es", Supplied("Aretes", "es", foreign=False)),
        ({"pt-PT": "Brincos"}, "pt-BR", None, None),
        ({}, "es-MX", "es", None),
    ],
)
def test_which_locale_supplied_a_leaf(
    texts: dict[str, str], wanted: str, source: str | None, supplied: Supplied | None
) -> None:
    """A leaf comes from the first link that has it, the listing's own language last and marked as foreign."""
    assert supply(texts, wanted, source) == supplied


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", ()),
        ("es-419", ("es-419",)),
        ("en;q=0.5, es-MX, pt-BR;q=0.9", ("es-MX", "pt-BR", "en")),
        ("es;q=0, en", ("en",)),
        ("xx-;;, ,es_MX;q=2, *;q=0.1, pt;q=0.333", ("pt", "*")),
        ("es, es", ("es",)),
    ],
)
def test_accept_language(header: str, wanted: tuple[str, ...]) -> None:
    """A header is read by its weights; what it says wrongly is left out."""
    assert accepted(header) == wanted


@pytest.mark.parametrize(
    ("wanted", "available", "chosen"),
    [
        ("es-PA", ["es", "es-419"], "es-419"),
        ("es-419,en;q=0.5", ["en", "es-MX"], "es-MX"),
        ("es-MX", ["es_AR", "en"], "es_AR"),
        ("es-MX,en;q=0.5", ["es-ES", "en-US"], "en-US"),
        ("es-ES", ["en", "es-419"], "es-419"),
        ("es", ["es-ES"], None),
        ("pt-PT,en", ["en", "pt-BR"], "pt-BR"),
        ("fr,*;q=0.1", ["es", "en"], "es"),
        ("fr", ["es", "en"], None),
        ("*", [], None),
    ],
)
def test_negotiation(wanted: str, available: list[str], chosen: str | None) -> None:
    """Parents are walked, then relatives; a reader in the Americas never gets the wording of Spain."""
    assert negotiate(wanted, available) == chosen


@given(st.text(max_size=300))
def test_any_header_is_read(header: str) -> None:
    """No header breaks the reading, and whatever is chosen was available."""
    assert negotiate(header, ["es-419", "en"]) in {None, "es-419", "en"}
