"""Calls over HTTP. What is refused for haste is asked again when the channel says; what may have been done is not."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
import urllib3

from listings.pushing.port import Call, PushError, Reply
from shopkit.guarded import guarded_session
from shopkit.outside import LargeBodyError, Limits, SlowBodyError, ask
from shopkit.pushing.channels import Signed, is_unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable

    from listings.pushing.port import Photo

_BUSY: Final = 429
_GOOD: Final = 200
_BARE: Final = frozenset({"GET", "DELETE"})


@dataclass(frozen=True, slots=True)
class HttpTransport:
    """Calls to one channel at ``base_url``; ``sign`` is asked for each try, ``renew`` once where that is not taken.

    ``renew`` returns whether there is a new token to try with. A call that was refused with 429 was not done, and is
    made again after what ``Retry-After`` asks if that is no more than ``longest_wait_s``. A redirect is not followed.
    Photos are at addresses that sellers gave: ``photos`` fetches them, the public internet's alone.
    """

    base_url: str
    sign: Callable[[Call], Signed] = field(repr=False)
    renew: Callable[[], bool] | None = None
    is_unsigned: Callable[[Reply], bool] = is_unauthorized
    session: requests.Session = field(default_factory=requests.Session)
    photos: requests.Session = field(default_factory=guarded_session)
    timeout_s: float = 10.0
    deadline_s: float = 30.0
    tries: int = 3
    longest_wait_s: float = 20.0
    largest_bytes: int = 4_000_000
    largest_photo_bytes: int = 20_000_000
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def send(self, call: Call) -> Reply:
        """Return the last reply; ``PushError`` where none came."""
        if call.after_s:
            self.sleep(call.after_s)
        photo = None if call.photo is None else self._photo(call.photo)
        renewed = False
        attempt = 1
        while True:
            reply = self._once(call, photo)
            if self.is_unsigned(reply) and self.renew is not None and not renewed:
                renewed = True
                if self.renew():
                    continue
                return reply
            wait_s = 1.0 if reply.wait_s is None else reply.wait_s
            if reply.status != _BUSY or attempt >= self.tries or wait_s > self.longest_wait_s:
                return reply
            attempt += 1
            self.sleep(wait_s)

    def _once(self, call: Call, photo: bytes | None) -> Reply:
        # Sent and not answered may mean done; only what may be made twice is simply not there.
        lost = "unavailable" if call.is_harmless else "unknown"
        signed = self.sign(call)
        headers = {**signed.headers, **call.headers}
        more: dict[str, Any] = {"params": {**call.query, **signed.query}}
        if call.photo is not None:
            more |= {"data": dict(call.photo.more), "files": {call.photo.name: _file(call.photo.url, photo or b"")}}
        elif call.body or call.method not in _BARE:
            more["data"] = call.body
            headers = {"Content-Type": "application/json", **headers}
        url = f"{self.base_url.rstrip('/')}{call.path}"
        try:
            return self._asked(self.session, call.method, url, self.largest_bytes, headers=headers, **more)
        except requests.ConnectTimeout as error:
            raise PushError("unavailable", "could not be reached in time") from error
        except LargeBodyError as error:
            raise PushError("garbage", f"answered {error}") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, SlowBodyError) as error:
            # The class alone: the text of these errors may repeat what was sent.
            raise PushError(lost, f"no answer could be read: {type(error).__name__}") from error  # type: ignore[arg-type]  # one of two reasons

    def _photo(self, photo: Photo) -> bytes:
        """Return the bytes of a photo; without them the call is not made."""
        try:
            reply = self._asked(self.photos, "GET", photo.url, self.largest_photo_bytes)
        except (requests.RequestException, urllib3.exceptions.HTTPError, SlowBodyError, LargeBodyError) as error:
            raise PushError("unavailable", f"a photo could not be fetched: {type(error).__name__}") from error
        if reply.status != _GOOD or not reply.body:
            raise PushError("unavailable", f"a photo was asked for, and {reply.status} came")
        return reply.body

    def _asked(self, session: requests.Session, method: str, url: str, largest_bytes: int, **more: Any) -> Reply:  # noqa: ANN401 - as requests has it
        limits = Limits(self.timeout_s, self.deadline_s, largest_bytes)
        answer = ask(session, method, url, limits, self.now(), **more)
        return Reply(answer.status, answer.body, answer.wait_s)


def _file(url: str, photo: bytes) -> tuple[str, bytes, str]:
    """Return a photo as a form takes it: name, bytes, type."""
    name = PurePosixPath(urlsplit(url).path).name
    return name or "photo", photo, guess_type(name)[0] or "image/jpeg"
