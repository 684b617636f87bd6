"""How often an address may ask: limits in memory, told in ``RateLimit-*`` headers.

In memory means per process: two workers let twice as much through.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from flask import Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

if TYPE_CHECKING:
    from flask import Flask

    from shopkit.config import Settings

OFF: Final = "off"
_EXEMPT: Final = ("api.health", "static")


def init_app(app: Flask, settings: Settings, heavy: tuple[str, ...]) -> None:
    """Bind the limits to every route; those named ``heavy`` get the limit of batches."""
    if settings.limit_default == OFF:
        return
    limiter = Limiter(
        get_remote_address,
        app=app,
        default_limits=[settings.limit_default],
        # Without an address the extension warns; memory is meant.
        storage_uri="memory://",
        headers_enabled=False,
        strategy="fixed-window",
    )
    if settings.limit_batch != OFF:
        for endpoint in heavy:
            view: Any = limiter.limit(settings.limit_batch)(app.view_functions[endpoint])
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
