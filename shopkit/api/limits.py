"""How often an address, or a key, may ask: limits in memory, told in ``RateLimit-*`` headers.

In memory means per process: two workers let twice as much through.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Final

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage

from shopkit.api.access import key_of_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask, Response

    from shopkit.config import Settings

OFF: Final = "off"
_EXEMPT: Final = ("api.health", "api.static", "static")
_SWEEP_EVERY_S: Final = 10.0
# A batch holds up to a thousand requests: it counts as twenty.
_HEAVIER: Final = 20


class WindowStorage(Storage):
    """Fixed windows in a dictionary.

    The memory storage that comes with the library starts a thread every ten milliseconds of traffic to forget what ran
    out, and each start waits for the interpreter: under load that took longer than the whole rest of a request. Here
    whoever comes past sweeps, once in ten seconds.
    """

    STORAGE_SCHEME: list[str] | None = ["shopkit"]  # noqa: RUF012  # so the library declares it

    def __init__(
        self, uri: str | None = None, *, wrap_exceptions: bool = False, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(uri, wrap_exceptions)
        self._clock = clock
        self._lock = threading.Lock()
        # Count and end of each window.
        self._windows: dict[str, tuple[int, float]] = {}
        self._next_sweep = clock() + _SWEEP_EVERY_S

    @property
    def base_exceptions(self) -> type[Exception]:
        """What may go wrong in here: nothing that is not a fault of ours."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, in the window that runs or in a new one of ``expiry`` seconds, and return the count."""
        now = self._clock()
        with self._lock:
            if now >= self._next_sweep:
                self._next_sweep = now + _SWEEP_EVERY_S
                self._windows = {name: window for name, window in self._windows.items() if window[1] > now}
            count, end = self._windows.get(key, (0, 0.0))
            if end <= now:
                count, end = 0, now + expiry
            self._windows[key] = count + amount, end
            return count + amount

    def get(self, key: str) -> int:
        """Return the count of the window that runs."""
        count, end = self._windows.get(key, (0, 0.0))
        return count if end > self._clock() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends; now where none runs."""
        return max(self._clock(), self._windows.get(key, (0, 0.0))[1])

    def check(self) -> bool:
        """Return that memory is there."""
        return True

    def reset(self) -> int:
        """Forget everything and return how many windows there were."""
        with self._lock:
            count = len(self._windows)
            self._windows.clear()
            return count

    def clear(self, key: str) -> None:
        """Forget one window."""
        self._windows.pop(key, None)


def _who() -> str:
    """Return who is counted: the key, or without one the address."""
    key = key_of_request()
    return get_remote_address() if key is None else f"key:{key.id}"


def _how_often(anonymous: str, weight: int = 1) -> Callable[[], str]:
    """Return what tells the limit of a request: the key's own, or without one that of everybody."""

    def limit() -> str:
        key = key_of_request()
        return anonymous if key is None else f"{max(1, key.per_minute // weight)}/minute"

    return limit


def init_app(app: Flask, settings: Settings, heavy: tuple[str, ...]) -> None:
    """Bind the limits to every route; those named ``heavy`` get the limit of batches."""
    if settings.limit_default == OFF:
        return
    limiter = Limiter(
        _who,
        app=app,
        default_limits=[_how_often(settings.limit_default)],
        storage_uri="shopkit://",
        # Its own headers would ask every answered client to wait.
        headers_enabled=False,
        strategy="fixed-window",
    )
    if settings.limit_batch != OFF:
        for endpoint in heavy:
            view: Any = limiter.limit(_how_often(settings.limit_batch, _HEAVIER))(app.view_functions[endpoint])
            app.view_functions[endpoint] = view
    for endpoint in _EXEMPT:
        if endpoint in app.view_functions:
            limiter.exempt(app.view_functions[endpoint])

    @app.after_request
    def tell(response: Response) -> Response:
        current = limiter.current_limit
        if current is not None:
            window = current.window
            wait = max(0, int(window.reset_time - time.time()) + 1)
            headers = response.headers
            headers["RateLimit-Limit"] = str(current.limit.amount)
            headers["RateLimit-Remaining"] = str(max(0, window.remaining))
            headers["RateLimit-Reset"] = str(wait)
            if response.status_code == 429 and "Retry-After" not in headers:  # noqa: PLR2004  # the status says it
                headers["Retry-After"] = str(wait)
        return response
