"""Calls over HTTP. What is refused for haste is asked again when the channel says; what may have been done is not."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import requests
import urllib3

from listings.pushing.port import Call, PushError, Reply
from shopkit.outside import LargeBodyError, SlowBodyError, asked_wait, read_body

if TYPE_CHECKING:
    from collections.abc import Callable

_BUSY = 429
_UNSIGNED = 401


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """Calls to one channel at ``base_url``; ``token`` is asked for each try, ``renew`` once where it is not taken.

    A call that was refused with 429 was not done, and is made again after what ``Retry-After`` asks if that is no more
    than ``longest_wait_s``. A redirect is not followed.
    """

    base_url: str
    token: Callable[[], str] = field(repr=False)
    renew: Callable[[], None] | None = None
    session: requests.Session = field(default_factory=requests.Session)
    timeout_s: float = 10.0
    deadline_s: float = 30.0
    tries: int = 3
    longest_wait_s: float = 20.0
    largest_bytes: int = 4_000_000
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def send(self, call: Call) -> Reply:
        """Return the last reply; ``PushError`` where none came."""
        renewed = False
        attempt = 1
        while True:
            reply = self._once(call)
            if reply.status == _UNSIGNED and self.renew is not None and not renewed:
                renewed = True
                self.renew()
                continue
            wait_s = 1.0 if reply.wait_s is None else reply.wait_s
            if reply.status != _BUSY or attempt >= self.tries or wait_s > self.longest_wait_s:
                return reply
            attempt += 1
            self.sleep(wait_s)

    def _once(self, call: Call) -> Reply:
        end = time.monotonic() + self.deadline_s
        # Sent and not answered may mean done; only what may be made twice is simply not there.
        lost = "unavailable" if call.is_repeatable else "unknown"
        try:
            with self.session.request(
                call.method,
                f"{self.base_url.rstrip('/')}{call.path}",
                data=call.body,
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {self.token()}",
                    **call.headers,
                },
                timeout=self.timeout_s,
                stream=True,
                allow_redirects=False,
            ) as response:
                body = read_body(response, end, self.largest_bytes)
                return Reply(response.status_code, body, asked_wait(response, self.now()))
        except requests.ConnectTimeout as error:
            raise PushError("unavailable", "could not be reached in time") from error
        except LargeBodyError as error:
            raise PushError("garbage", f"answered {error}") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, SlowBodyError) as error:
            # The class alone: the text of these errors may repeat what was sent.
            raise PushError(lost, f"no answer could be read: {type(error).__name__}") from error  # type: ignore[arg-type]  # one of two reasons
