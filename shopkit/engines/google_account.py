"""A service account of Google: a signed assertion (RFC 7523) is changed for a token, which is kept while it is good."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from translations.engines.port import EngineError
from translations.engines.wire import status_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

_SCOPE: Final = "https://www.googleapis.com/auth/cloud-translation"
_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_HOUR_S: Final = 3600
# A token is changed before it runs out, for it must last through the call it is sent with.
_EARLY_S: Final = 120
_TIMEOUT_S: Final = 10


class AccountError(ValueError):
    """A file that is no service account; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Account:
    """What stands in the file of a service account."""

    project: str
    email: str
    token_uri: str
    key: RSAPrivateKey = field(repr=False)

    @classmethod
    def from_json(cls, value: Any) -> Self:  # noqa: ANN401  # what JSON holds is known after looking
        """Return the account, or raise ``AccountError``."""
        names = ("project_id", "client_email", "token_uri", "private_key")
        found = [value.get(name) if isinstance(value, dict) else None for name in names]
        missing = [name for name, one in zip(names, found, strict=True) if not isinstance(one, str)]
        if missing:
            raise AccountError(f"it has no {missing[0]}; download the key of a service account as JSON")
        project, email, token_uri, pem = map(str, found)
        try:
            key = load_pem_private_key(pem.encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise AccountError("its private_key cannot be read") from error
        if not isinstance(key, RSAPrivateKey):
            raise AccountError("its private_key is not of RSA")
        return cls(project, email, token_uri, key)

    def assertion(self, now_s: int) -> str:
        """Return the signed claim that we are this account, good for an hour."""
        claims = {
            "iss": self.email,
            "scope": _SCOPE,
            "aud": self.token_uri,
            "iat": now_s,
            "exp": now_s + _HOUR_S,
        }
        text = f"{_part({'alg': 'RS256', 'typ': 'JWT'})}.{_part(claims)}"
        signature = self.key.sign(text.encode(), PKCS1v15(), hashes.SHA256())
        return f"{text}.{_base64(signature)}"

    def keeper(self, session: requests.Session, clock: Callable[[], float] = time.time) -> TokenKeeper:
        """Return what keeps a token of this account."""
        return TokenKeeper(self, session, clock)


@dataclass(slots=True)
class TokenKeeper:
    """The token in use; threads share it, and one of them gets the next."""

    account: Account
    session: requests.Session
    clock: Callable[[], float] = time.time
    _token: str = field(default="", repr=False)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def headers(self) -> Mapping[str, str]:
        """Return the header that carries the token; ``EngineError`` where none is to be had."""
        with self._lock:
            if not self._token or self.clock() >= self._until:
                self._token, lasts_s = self._fetch()
                self._until = self.clock() + lasts_s - _EARLY_S
            return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """Get another token the next time: this one was not taken."""
        with self._lock:
            self._token = ""

    def _fetch(self) -> tuple[str, float]:
        form = {"grant_type": _GRANT, "assertion": self.account.assertion(int(self.clock()))}
        try:
            response = self.session.post(self.account.token_uri, data=form, timeout=_TIMEOUT_S, allow_redirects=False)
        except requests.RequestException as error:
            raise EngineError("google", "unavailable", f"no token: {type(error).__name__}") from error
        try:
            answer = response.json()
        except requests.JSONDecodeError:
            answer = {}
        given = answer if isinstance(answer, dict) else {}
        token, lasts = given.get("access_token"), given.get("expires_in")
        if not isinstance(token, str) or type(lasts) is not int:
            reason = status_reason(response.status_code) or "garbage"
            raise EngineError(
                "google", reason, f"no token: answered {response.status_code} {given.get('error', '')}"[:120]
            )
        return token, lasts


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _part(value: object) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())
