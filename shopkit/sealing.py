"""Secrets of sellers at rest: tokens of channels and of payments, sealed before they are kept.

The first of ``SHOPKIT_SECRET_KEYS`` seals, each of them opens: a new key is put in front, what is kept is sealed anew,
and the old key goes. A seal hides what is in it and shows when it was changed. Its length and age it does not hide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopkit.services.problems import RequestError, RequestProblem

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

    from shopkit.config import Settings

_SHUT: Final = "no key of SHOPKIT_SECRET_KEYS opens what was sealed; put back the key it was sealed by"
_MAKE_ONE: Final = "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"


class SealError(ValueError):
    """Secrets cannot be kept or read; the message says what to set, and never what a key or a secret is."""


def seal(settings: Settings, text: str) -> str:
    """Return ``text`` sealed; ``RequestError`` where the shop has no key, or one that is none."""
    try:
        keys = _keys(settings)
    except SealError as error:
        raise RequestError([RequestProblem("", "secrets.no_key")]) from error
    return keys.encrypt(text.encode()).decode("ascii")


def unseal(settings: Settings, sealed: str) -> str:
    """Return what was sealed; ``SealError`` where no key opens it, or it was changed since."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415  # few processes read a secret

    try:
        return _keys(settings).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealError(_SHUT) from None


def resealed(settings: Settings, sealed: str) -> str:
    """Return the same secret sealed by the first key; ``SealError``."""
    from cryptography.fernet import InvalidToken  # noqa: PLC0415  # few processes read a secret

    try:
        return _keys(settings).rotate(sealed.encode()).decode("ascii")
    except InvalidToken:
        raise SealError(_SHUT) from None


def trouble(settings: Settings) -> str | None:
    """Return why no secret can be kept, or nothing."""
    try:
        _keys(settings)
    except SealError as error:
        return str(error)
    return None


def _keys(settings: Settings) -> MultiFernet:
    from cryptography.fernet import Fernet, MultiFernet  # noqa: PLC0415  # few processes read a secret

    if not settings.secret_keys:
        raise SealError(f"SHOPKIT_SECRET_KEYS is not set, so no secret is kept; make one: {_MAKE_ONE}")
    found = []
    for place, key in enumerate(settings.secret_keys, 1):
        try:
            found.append(Fernet(key))
        except ValueError:
            raise SealError(f"SHOPKIT_SECRET_KEYS: number {place} is no key; make one: {_MAKE_ONE}") from None
    return MultiFernet(found)
