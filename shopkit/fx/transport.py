"""The one way out to sources of exchange rates: a GET with a deadline, a limit of size, and bounded retries."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import requests
import urllib3

from shopkit.fx.port import RateSourceUnavailableError
from shopkit.outside import LargeBodyError, SlowBodyError, asked_wait, read_body

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopkit.fx.port import HttpRequest

_RETRIED: Final = frozenset({429, 500, 502, 503, 504})
_OK: Final = 200


class _TransientError(Exception):
    """Worth another try; ``wait_s`` is what the source itself asked for."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        self.wait_s = wait_s
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class RequestsTransport:
    """GET through one ``requests.Session``; every request here is safe to repeat.

    ``timeout_s`` limits connecting and each wait for bytes, ``deadline_s`` one whole answer, so that a source which
    drips a byte at a time cannot hold a worker. Between tries: a random share of 1 s, 2 s, …, or what ``Retry-After``
    asks if that is not above ``longest_wait_s``. A redirect is not followed: it is named, for the settings to follow.
    """

    session: requests.Session = field(default_factory=requests.Session)
    timeout_s: float = 5.0
    deadline_s: float = 20.0
    tries: int = 3
    longest_wait_s: float = 30.0
    largest_bytes: int = 16_000_000
    sleep: Callable[[float], None] = time.sleep
    # Spreads retries of many processes over time; nothing secret hangs on it.
    jitter: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def get(self, source: str, request: HttpRequest) -> bytes:
        """Return the body of a 200, complete, or raise ``RateSourceUnavailableError`` after the last try."""
        attempt = 1
        while True:
            try:
                return self._once(source, request)
            except _TransientError as trouble:
                wait_s = self.jitter() * 2 ** (attempt - 1) if trouble.wait_s is None else trouble.wait_s
                if attempt >= self.tries or wait_s > self.longest_wait_s:
                    tried = f"{attempt} {'try' if attempt == 1 else 'tries'}"
                    raise RateSourceUnavailableError(source, f"{trouble} ({tried})") from trouble
                attempt += 1
                self.sleep(wait_s)

    def _once(self, source: str, request: HttpRequest) -> bytes:
        """Return the body of one try."""
        end = time.monotonic() + self.deadline_s
        try:
            with self.session.get(
                request.url,
                params=request.params,
                headers=request.headers,
                timeout=self.timeout_s,
                stream=True,
                allow_redirects=False,
            ) as response:
                if response.status_code in _RETRIED:
                    raise _TransientError(f"answered {response.status_code}", asked_wait(response, self.now()))
                if response.status_code != _OK:
                    where = f" towards {response.headers['Location']}" if "Location" in response.headers else ""
                    raise RateSourceUnavailableError(source, f"answered {response.status_code}{where}")
                return read_body(response, end, self.largest_bytes)
        except LargeBodyError as error:
            raise RateSourceUnavailableError(source, f"answered {error}") from error
        except (requests.Timeout, urllib3.exceptions.TimeoutError, SlowBodyError) as error:
            raise _TransientError("did not answer in time") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            # The class alone: the text of these errors may repeat an address with a key in it.
            raise _TransientError(f"could not be read: {type(error).__name__}") from error
