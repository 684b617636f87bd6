"""Tagged addresses: where a click came from, said in the address itself and in nothing that follows a person."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_NOT: Final = re.compile(r"[^a-z0-9]+")
_MOST: Final = 60
_SCHEMES: Final = frozenset({"http", "https"})


class AddressError(ValueError):
    """An address that is none, or no page's."""


def slug(text: str) -> str:
    """Return a text as small letters, digits and hyphens.

    >>> slug("Día de las Madres 2027 · Chicago")
    'dia-de-las-madres-2027-chicago'
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return _NOT.sub("-", plain).strip("-")[:_MOST].strip("-")


def tagged(address: str, *, source: str, medium: str, campaign: str, content: str = "", id_: str = "") -> str:
    """Return an address with UTM parameters; those it had are replaced, the rest of it stays.

    Raises ``AddressError`` for what is not the address of a page.

    >>> tagged("https://t.example/p?a=1&utm_source=x#top", source="whatsapp", medium="social", campaign="madres")
    'https://t.example/p?a=1&utm_source=whatsapp&utm_medium=social&utm_campaign=madres#top'
    """
    checked(address)
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name[:4] != "utm_"]
    tags = {"source": source, "medium": medium, "campaign": campaign, "content": content, "id": id_}
    query = urlencode(kept + [(f"utm_{name}", slug(value)) for name, value in tags.items() if slug(value)])
    return urlunsplit(parts._replace(query=query))


def checked(address: str) -> str:
    """Return an address of the web as it is; ``AddressError`` for any other."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        raise AddressError(address) from None
    if parts.scheme not in _SCHEMES or not host or parts.username is not None or re.search(r"[\s\x00-\x1f\\]", address):
        raise AddressError(address)
    return address
