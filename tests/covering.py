"""Which tests are watched for coverage: those of the engine, which must be covered whole; with ``COVER=all`` every one.

Watching a test costs it about as much time again, and nothing is asked of the coverage of what is no engine.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Final

import landed_cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@cache
def _what_is_kept() -> None:
    """Have the engine read now, while it is watched, what a process reads once: an unwatched test may be the first."""
    for found in walk_packages(landed_cost.__path__, "landed_cost."):
        module = import_module(found.name)
        for function in vars(module).values():
            if hasattr(function, "cache_info") and function.__module__ == module.__name__ and _asks_nothing(function):
                function()
    # What is read when it is first asked for.
    book = landed_cost.load_rulebook()
    for lazily in (book.destinations, book.tables.bands):
        tuple(lazily.values())


def _asks_nothing(function: Callable[..., object]) -> bool:
    return all(one.default is not Parameter.empty for one in signature(function).parameters.values())


@contextmanager
def measured_only_where_asked(item: pytest.Item) -> Iterator[None]:
    """Leave a test, with what sets it up, unwatched where its coverage does not count."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller = getattr(plugin, "cov_controller", None)
    if controller is None or is_watched(item.path):
        yield
        return
    _what_is_kept()
    controller.pause()
    try:
        yield
    finally:
        controller.resume()
