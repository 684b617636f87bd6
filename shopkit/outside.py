"""What transports to the outside share: reading a body that may never end, the wait that a server asks for, and names.

An address that a seller gives may be one of ours: a name has to look public (:func:`public_name`), and what it stands
for is looked at again when it is connected to (``shopkit.guarded``), for names change their minds.
"""

from __future__ import annotations

import ipaddress
import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import datetime

    import requests
    import urllib3


_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LONGEST_NAME: Final = 253
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?")
# Names that stand for something only inside of a house (RFC 6761, 6762, 8375), or for nothing.
_INSIDE: Final = frozenset(
    {"arpa", "home", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "test"}
)


class SlowBodyError(Exception):
    """A body that was not whole by its deadline."""


class LargeBodyError(Exception):
    """A body of more bytes than anybody wants."""


def read_body(response: requests.Response, end: float, largest_bytes: int) -> bytes:
    """Return the whole body, looking at clock (``time.monotonic``) and size after each piece."""
    body = bytearray()
    raw: urllib3.HTTPResponse = response.raw
    while piece := raw.read1(65_536, decode_content=True):
        body += piece
        if len(body) > largest_bytes:
            raise LargeBodyError(f"more than {largest_bytes} bytes")
        if time.monotonic() > end:
            raise SlowBodyError
    return bytes(body)


def asked_wait(response: requests.Response, now: datetime) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, as a number or a date; ``None`` without a good one."""
    asked = response.headers.get("Retry-After", "")
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one answer may take (connecting and each wait for bytes; all of it), and how many bytes it may have."""

    timeout_s: float = 10.0
    deadline_s: float = 30.0
    largest_bytes: int = 4_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, whatever its status; ``wait_s`` is how long it asks to wait."""

    status: int
    body: bytes = field(default=b"", repr=False)
    wait_s: float | None = None


def ask(
    session: requests.Session,
    method: str,
    url: str,
    limits: Limits,
    now: datetime,
    **more: Any,  # noqa: ANN401 - as requests has it
) -> Answer:
    """Ask once and read the whole answer; a redirect is not followed, for it leads where nobody looked.

    Raises what ``requests`` and ``urllib3`` raise, ``SlowBodyError`` and ``LargeBodyError``.
    """
    end = time.monotonic() + limits.deadline_s
    with session.request(method, url, timeout=limits.timeout_s, stream=True, allow_redirects=False, **more) as response:
        body = read_body(response, end, limits.largest_bytes)
        return Answer(response.status_code, body, asked_wait(response, now))


def public_name(host: str) -> str | None:
    """Return a host name in lower case and in ASCII; nothing for an address in numbers or a name of inside.

    >>> public_name("Tienda.Ejemplo.MX"), public_name("127.0.0.1"), public_name("db.internal"), public_name("0x7f.1")
    ('tienda.ejemplo.mx', None, None, None)
    """
    try:
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = name.split(".")
    # The last part of a number in any notation (127.1, 0x7f.1) begins with a digit, that of no public name does.
    if len(labels) < 2 or labels[-1] in _INSIDE or labels[-1][:1].isdigit() or len(name) > _LONGEST_NAME:  # noqa: PLR2004 - a name and where it is
        return None
    return name if all(_LABEL.fullmatch(label) for label in labels) else None


def site(text: str) -> str | None:
    """Return the ``https`` address of a seller's site, without a slash at the end.

    Nothing for another scheme, a port, a user, a query, a number in place of a name, or a name that is not public.
    """
    given = text.strip()
    try:
        parts = urlsplit(given if "://" in given else f"https://{given}")
        port = parts.port
    except ValueError:
        return None
    host = public_name(parts.hostname or "")
    rest = parts.query or parts.fragment or parts.username is not None or parts.password is not None
    if host is None or parts.scheme != "https" or port is not None or rest or not _PATH.fullmatch(parts.path):
        return None
    return f"https://{host}{parts.path.rstrip('/')}"


def is_public(address: str) -> bool:
    """Return whether an address in numbers is one of the public internet.

    >>> [is_public(one) for one in ("93.184.215.14", "10.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1")]
    [True, False, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        # What is carried inside another address is what is reached.
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        # 64:ff9b::/96 leads to IPv4 through a gateway (RFC 6052).
        if inner is None and found in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None and not inner.is_global:
            return False
    return found.is_global and not found.is_multicast
