"""What pushing to a channel takes beside its calls: what an account says, the address, signing, renewing, the twin.

A channel is one :class:`PushChannel`, named by an entry point of ``shopkit.pushers`` under the name of the channel.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from listings.pushing.port import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from listings.pushing.port import Pusher, Reply, Transport

_UNSIGNED: Final = 401
_MAX: Final = 4_000


@dataclass(frozen=True, slots=True)
class Field:
    """What an account says besides its token. ``label`` is in ``en``, ``es`` and ``pt``.

    ``check`` returns the text as it is kept, or nothing where it is none; ``example`` passes it, and stands for what a
    trial account did not say. ``is_account`` says that with another value it is another account, where nothing is yet.
    """

    name: str
    label: Mapping[str, str]
    example: str
    check: Callable[[str], str | None]
    is_secret: bool = False
    is_required: bool = True
    is_account: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature adds to a call."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Renewed:
    """New tokens: ``expires_in_s`` is how long the first is taken, ``refresh_token`` the next one where it changed."""

    access_token: str = field(repr=False)
    expires_in_s: float | None = None
    refresh_token: str | None = field(default=None, repr=False)


def read_oauth(answer: Mapping[str, Any], now: datetime) -> Renewed | None:  # noqa: ARG001 - others say a moment
    """Return the tokens in an answer as RFC 6749 section 5.1 has it; nothing where there is none."""
    token, lasts, next_ = (answer.get(name) for name in ("access_token", "expires_in", "refresh_token"))
    if not isinstance(token, str) or not token:
        return None
    # Some say the number as a text.
    seconds = float(lasts) if isinstance(lasts, int | float | str) and str(lasts).isdigit() else None
    return Renewed(token, seconds, next_ if isinstance(next_, str) and next_ else None)


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a new token is asked for: by one call, unsigned, to the channel's own token end point.

    ``call`` is given the refresh token (an empty text without one), the account's details and the moment; it returns
    nothing where these do not suffice. ``address`` is the base address. ``read`` gives the tokens of a good answer.
    """

    address: Callable[[Mapping[str, str]], str]
    call: Callable[[str, Mapping[str, str], datetime], Call | None]
    read: Callable[[Mapping[str, Any], datetime], Renewed | None] = read_oauth


def bearer(call: Call, token: str, details: Mapping[str, str], now: datetime) -> Signed:  # noqa: ARG001 - the port's
    """Sign by ``Authorization: Bearer``, as most take it."""
    return Signed({"Authorization": f"Bearer {token}"})


def is_unauthorized(reply: Reply) -> bool:
    """Return whether a reply says that the token is not taken: 401."""
    return reply.status == _UNSIGNED


@dataclass(frozen=True, slots=True)
class PushChannel:
    """A channel that takes rows by calls. ``details`` are what an account said, by the names of ``fields``.

    ``pusher`` is given two more, what the catalog is for: its ``market`` and its ``language``.
    ``name`` is the channel's whose rows are pushed. ``has_token`` is false where the fields are all there is to sign
    by. ``address`` returns where calls go, without a slash at the end; one that a seller gives ``is_guarded``, that is
    connected to over the public internet alone. ``sign`` adds to a call what proves who makes it. ``is_unsigned`` says
    of a reply that the token was not taken and a new one may help. ``twin`` is the channel of trial accounts.
    """

    name: str
    address: Callable[[Mapping[str, str]], str]
    pusher: Callable[[Mapping[str, str]], Pusher]
    twin: Callable[[], Transport]
    fields: tuple[Field, ...] = ()
    has_token: bool = True
    is_guarded: bool = False
    sign: Callable[[Call, str, Mapping[str, str], datetime], Signed] = bearer
    is_unsigned: Callable[[Reply], bool] = is_unauthorized
    renewal: Renewal | None = None


# -- fields --------------------------------------------------------------------------------------------------------
def plain(text: str) -> str | None:
    """Return a text of one line that can stand in a header, such as a key."""
    found = text.strip()
    return found if found and len(found) <= _MAX and found.isascii() and found.isprintable() else None


def matching(pattern: str) -> Callable[[str], str | None]:
    """Return a check that a text, without blanks around it, is all of a pattern."""
    compiled = re.compile(pattern)

    def check(text: str) -> str | None:
        found = text.strip()
        return found if compiled.fullmatch(found) else None

    return check


# -- signing and renewing ------------------------------------------------------------------------------------------
def basic(user: str, password: str) -> str:
    """Return the value of an ``Authorization`` header of the kind Basic."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def form(path: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Call:
    """Return a POST of a form, as token end points take it."""
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return Call("POST", path, urlencode(fields).encode(), {**kind, **(headers or {})})


def app_fields() -> tuple[Field, ...]:
    """Return the fields of the seller's own application, which a renewal asks for; without them none is made."""
    return (
        Field(
            "client_id",
            {"en": "Application ID", "es": "ID de la aplicación", "pt": "ID do aplicativo"},
            "1234567890",
            plain,
            is_required=False,
        ),
        Field(
            "client_secret",
            {"en": "Application secret", "es": "Clave secreta de la aplicación", "pt": "Chave secreta do aplicativo"},
            "a-secret",
            plain,
            is_secret=True,
            is_required=False,
        ),
    )
