"""A sitemap of a shop's pages, each with its whole set of languages and countries, as search engines read it.

A set is built whole, so that every page of it names all of them and itself. Google's ``hreflang`` is a language, or a
language and a country: a region of the world (``es-419``) is none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from listings.channels.item import CatalogItem

# From sitemaps.org's protocol. status: memory.
MOST_PAGES: Final = 50_000
MOST_BYTES: Final = 50 * 1024 * 1024
DEFAULT: Final = "x-default"
_TAG: Final = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
_HEAD: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_TAIL: Final = b"</urlset>\n"


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its address, the addresses of its set by ``hreflang``, the day its content last changed."""

    address: str
    alternates: Mapping[str, str] = field(default_factory=dict)
    changed: date | None = None


def tag(language: str, country: str | None = None) -> str:
    """Return ``hreflang`` for a language as read in a country.

    >>> tag("es-419", "MX"), tag("es-419"), tag("pt-BR", "BR")
    ('es-MX', 'es', 'pt-BR')
    """
    spoken = language.partition("-")[0].lower()
    return f"{spoken}-{country.upper()}" if country else spoken


def canonical(address: str) -> str:
    """Return an address without its fragment and without marks of campaigns.

    >>> canonical("https://taller.example/p/1?utm_source=x&m=US#top")
    'https://taller.example/p/1?m=US'
    """
    parts = urlsplit(address)
    kept = [
        (name, text) for name, text in parse_qsl(parts.query, keep_blank_values=True) if not name.startswith("utm_")
    ]
    query = parts.query if len(kept) == parts.query.count("&") + 1 and parts.query else urlencode(kept)
    return urlunsplit(parts._replace(query=query, fragment=""))


def pages(items: Iterable[CatalogItem], changed: date | None = None) -> list[Page]:
    """Return the pages of one listing from its rows in several markets and languages.

    Each language also stands without a country, at its first row, and the first row of all is what everybody else
    sees. ``ValueError`` where one language and country would have two addresses.
    """
    known: dict[str, str] = {}
    for one in items:
        address = canonical(one.link)
        if known.setdefault(tag(one.language, one.market), address) != address:
            raise ValueError(f"{tag(one.language, one.market)} of {one.listing} has two addresses")
        known.setdefault(tag(one.language), address)
        known.setdefault(DEFAULT, address)
    return set_of(known, changed)


def set_of(alternates: Mapping[str, str], changed: date | None = None) -> list[Page]:
    """Return the pages of a set, one for each address; ``ValueError`` for what search engines refuse."""
    for name, address in alternates.items():
        if name != DEFAULT and not _TAG.fullmatch(name):
            raise ValueError(f"{name!r} is no hreflang; say a language, or one with a country: es, es-MX")
        if not address.startswith(("https://", "http://")) or "#" in address:
            raise ValueError(f"{address!r} is no whole address of a page")
    listed = {name: alternates[name] for name in sorted(alternates)}
    return [Page(address, listed, changed) for address in dict.fromkeys(alternates.values())]


def write(pages: Iterable[Page]) -> Iterator[tuple[int, bytes]]:
    """Write sitemaps in pieces, each with the number of its file; a new one is begun where one would be too long."""
    number, count, size = 1, 0, len(_HEAD) + len(_TAIL)
    yield number, _HEAD
    for page in pages:
        piece = _page(page)
        if count == MOST_PAGES or size + len(piece) > MOST_BYTES:
            yield number, _TAIL
            number, count, size = number + 1, 0, len(_HEAD) + len(_TAIL)
            yield number, _HEAD
        count, size = count + 1, size + len(piece)
        yield number, piece
    yield number, _TAIL


def index(addresses: Iterable[str]) -> Iterator[bytes]:
    """Write the sitemap that names the others."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    for one in addresses:
        yield f"<sitemap><loc>{escape(one)}</loc></sitemap>\n".encode()
    yield b"</sitemapindex>\n"


def _page(page: Page) -> bytes:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{name}" href={quoteattr(address)}/>\n'
        for name, address in page.alternates.items()
    )
    changed = f"<lastmod>{page.changed.isoformat()}</lastmod>\n" if page.changed else ""
    return f"<url>\n<loc>{escape(page.address)}</loc>\n{changed}{links}</url>\n".encode()
