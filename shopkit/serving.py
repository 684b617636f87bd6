"""The application for a process that stays: ``granian --interface wsgi --factory shopkit.serving:serving``."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopkit.app import Shop
    from shopkit.config import Settings

# Whoever waited for the start is answered first.
_BUSY_S: Final = 2.0


def serving(settings: Settings | None = None) -> Shop:
    """Return the application; after its first moments it reads the law of all destinations, so that nobody waits."""
    with _all_stays():
        # Imported here, so that the imports too are spared the collector.
        from shopkit.app import create_app, services_of  # noqa: PLC0415

        app = create_app(settings)
    warming = threading.Timer(_BUSY_S, services_of(app).law.warm)
    warming.daemon = True
    warming.start()
    return app


@contextmanager
def _all_stays() -> Iterator[None]:
    """Keep the collector away while everything is made that stays, and from all of it ever after."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
