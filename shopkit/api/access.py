"""Which program asks: a key in ``Authorization: Bearer sk_live_…``, the seller it acts for, and what it is good for.

Quotes ask for no key. One that is given is looked at everywhere, and a wrong or revoked one is 401 everywhere: who
sends a key believes to be somebody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import current_app, g, request

from shopkit.services import keys

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.keys import Key

_BEARER: Final = "bearer "
_NONE: Final = object()


class UnknownKeyError(Exception):
    """No key where one is needed (``given`` is false), or one that is wrong, revoked or written in another way."""

    def __init__(self, *, given: bool) -> None:
        self.given = given
        super().__init__("a key is needed" if not given else "not a key")


class ScopeError(Exception):
    """The key is not good for this; ``scope`` would be."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(scope)


def api_actor(scope: str) -> Actor:
    """Return the seller's program that asks, if its key is good for ``scope``; ``UnknownKeyError``, ``ScopeError``."""
    key = the_key()
    if not key.allows(scope):
        raise ScopeError(scope)
    return key.actor(scope, request.remote_addr)


def the_key() -> Key:
    """Return the key of a request that needs one; ``UnknownKeyError``."""
    key = key_of_request()
    if key is None:
        raise UnknownKeyError(given="Authorization" in request.headers)
    return key


def key_of_request() -> Key | None:
    """Return the key that was shown, ``None`` without one and for one that is none."""
    found = g.get("api_key", _NONE)
    if found is _NONE:
        given = request.environ.get("HTTP_AUTHORIZATION")
        found = g.api_key = None if given is None else _find(given)
    key: Key | None = found
    return key


def refuse_wrong_keys() -> None:
    """Refuse a request with a key that is none, whatever it asks; the reference and the check of health stay open."""
    if request.environ.get("HTTP_AUTHORIZATION") is None or not request.path.startswith("/api/v1/"):
        return
    if key_of_request() is None:
        raise UnknownKeyError(given=True)


def _find(given: str) -> Key | None:
    if given[: len(_BEARER)].lower() != _BEARER:
        return None
    return keys.find_key(current_app.extensions["shopkit"], given[len(_BEARER) :].strip())
