"""Sitemaps: whole sets of languages and countries, tags that search engines read, files that do not grow too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from listings.channels import sitemap
from listings.channels.port import Feed
from listings.channels.sitemap import Page, canonical, index, pages, set_of, write
from tests.contracts.channels import ON, item_of

NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
ITEM = item_of(Feed("US", "es", "USD", "jsonld", ON))


def test_a_set_names_every_member_on_every_page() -> None:
    """Each address of a listing lists the whole set with itself, languages without a country, and who sees the rest."""
    rows = [
        replace(ITEM, link="https://t.mx/es/1?utm_source=a", market="MX", language="es-419"),
        replace(ITEM, link="https://t.mx/es/1", market="AR", language="es"),
        replace(ITEM, link="https://t.mx/pt/1#top", market="BR", language="pt-BR"),
    ]
    root = ET.fromstring(b"".join(piece for _, piece in write(pages(rows, date(2026, 11, 2)))))  # noqa: S314  # our own
    listed = {
        "es": "https://t.mx/es/1",
        "es-AR": "https://t.mx/es/1",
        "es-MX": "https://t.mx/es/1",
        "pt": "https://t.mx/pt/1",
        "pt-BR": "https://t.mx/pt/1",
        "x-default": "https://t.mx/es/1",
    }

    assert [
        (
            url.findtext(f"{NS}loc"),
            url.findtext(f"{NS}lastmod"),
            {one.get("hreflang"): one.get("href") for one in url.findall(LINK)},
        )
        for url in root
    ] == [("https://t.mx/es/1", "2026-11-02", listed), ("https://t.mx/pt/1", "2026-11-02", listed)]


@pytest.mark.parametrize("name", ["es-419", "es-LA ", "español", "es_MX", "ES"])
def test_a_tag_that_is_no_language_and_country_is_refused(name: str) -> None:
    """Regions of the world, underscores and names are no ``hreflang``."""
    with pytest.raises(ValueError, match="no hreflang"):
        set_of({name: "https://t.mx/es/1"})


@pytest.mark.parametrize("address", ["/es/1", "https://t.mx/es/1#top"])
def test_an_address_is_whole_and_canonical(address: str) -> None:
    """Half an address, or a place in a page, is refused."""
    with pytest.raises(ValueError, match="whole address"):
        set_of({"es": address})


def test_one_language_and_country_has_one_address() -> None:
    """Two addresses under one tag would cancel one another."""
    with pytest.raises(ValueError, match="es-US of playera-1 has two addresses"):
        pages([ITEM, replace(ITEM, link="https://t.mx/2")])


def test_an_address_keeps_its_query_as_it_was() -> None:
    """Only marks of campaigns go; the rest is not written anew."""
    assert canonical("https://t.mx/p?a=b+c&utm_id=1") == "https://t.mx/p?a=b+c"
    assert canonical("https://t.mx/p?q=%C3%B1&x") == "https://t.mx/p?q=%C3%B1&x"


def test_a_long_map_goes_on_in_another_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """After as many pages as a file may have a new one is begun, each one whole."""
    monkeypatch.setattr(sitemap, "MOST_PAGES", 2)
    files: dict[int, bytes] = {}
    for number, piece in write(Page(f"https://t.mx/{one}?a=1&b=2") for one in range(5)):
        files[number] = files.get(number, b"") + piece

    assert [[url.findtext(f"{NS}loc") for url in ET.fromstring(data)] for data in files.values()] == [  # noqa: S314
        ["https://t.mx/0?a=1&b=2", "https://t.mx/1?a=1&b=2"],
        ["https://t.mx/2?a=1&b=2", "https://t.mx/3?a=1&b=2"],
        ["https://t.mx/4?a=1&b=2"],
    ]


def test_a_long_map_is_measured_in_bytes_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is longer than it may be."""
    monkeypatch.setattr(sitemap, "MOST_BYTES", 400)
    sizes: dict[int, int] = {}
    for number, piece in write(Page(f"https://t.mx/{one}") for one in range(20)):
        sizes[number] = sizes.get(number, 0) + len(piece)

    assert (len(sizes) > 1, max(sizes.values()) <= 400) == (True, True)


def test_the_index_names_the_files() -> None:
    """Several sitemaps are found by one."""
    root = ET.fromstring(b"".join(index(["https://t.mx/1.xml?a&b"])))  # noqa: S314  # our own

    assert [one.findtext(f"{NS}loc") for one in root] == ["https://t.mx/1.xml?a&b"]
