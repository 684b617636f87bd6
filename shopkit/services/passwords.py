"""Passwords: hashed with argon2id, few at a time, and the same work whether or not there is one to compare with."""

from __future__ import annotations

import threading
import unicodedata
from typing import Final

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# Length is what makes a password strong (NIST SP 800-63B, 3.1.1): no rules about signs, no end to it but a sane one.
MIN_PASSWORD: Final = 10
MAX_PASSWORD: Final = 200
_AT_ONCE: Final = 3


class Passwords:
    """Hashes and compares. One hash takes ``memory_kib`` and about a tenth of a second: at most three run at once.

    ``compared`` and ``made`` count, so that a test can tell whether somebody unknown costs as much as somebody known.
    """

    def __init__(self, memory_kib: int = 65536, rounds: int = 3) -> None:
        self._hashes = PasswordHash([Argon2Hasher(time_cost=rounds, memory_cost=memory_kib, parallelism=4)])
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._nobodys: str | None = None
        self.compared = 0
        self.made = 0

    def hash(self, password: str) -> str:
        """Return what to keep of a password."""
        with self._room:
            self.made += 1
            return self._hashes.hash(_plain(password))

    def compare(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Return whether it is the password, and a newer hash to keep where the kept one is of an older cost.

        Without a kept one the work is done all the same, on the hash of nobody's password.
        """
        against = kept if kept is not None else self._nobody()
        with self._room:
            self.compared += 1
            right, newer = self._hashes.verify_and_update(_plain(password), against)
        return (right, newer) if kept is not None else (False, None)

    def _nobody(self) -> str:
        if self._nobodys is None:
            with self._room:
                self._nobodys = self._hashes.hash("nobody’s password")
        return self._nobodys


def _plain(password: str) -> str:
    """Return the password as it is hashed: an accent may be one sign or two, by keyboard (RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFC", password)
