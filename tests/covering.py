"""Which tests are watched for coverage: those of the engine, which must be covered whole; with ``COVER=all`` every one.

Watching a test costs it about as much time again, and nothing is asked of the coverage of what is no engine.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

_TESTS: Final = Path(__file__).resolve().parent
# Folders with all below them, and the single files beside them.
_WATCHED: Final = (_TESTS / "cases", _TESTS / "unit" / "landed_cost")
_BESIDE: Final = _TESTS / "unit"


def is_watched(path: Path) -> bool:
    """Return whether the coverage of a test file counts."""
    if os.environ.get("COVER") == "all":
        return True
    return path.parent == _BESIDE or any(path.is_relative_to(folder) for folder in _WATCHED)


@contextmanager
def measured_only_where_asked(item: pytest.Item) -> Iterator[None]:
    """Leave a test, with what sets it up, unwatched where its coverage does not count."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller = getattr(plugin, "cov_controller", None)
    if controller is None or is_watched(item.path):
        yield
        return
    controller.pause()
    try:
        yield
    finally:
        controller.resume()
