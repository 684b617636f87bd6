"""A process that stays: the application, and the law read before anybody asks."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from landed_cost import load_rulebook
from shopkit import serving
from shopkit.app import services_of
from tests.shop import settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_law_is_read_in_the_first_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The law of today stands for every destination, and the collector works as before."""
    monkeypatch.setattr(serving, "_BUSY_S", 0.0)
    kept = load_rulebook()._laws
    # Days that other tests asked for.
    kept.clear()
    before = datetime.now(UTC).date()
    try:
        law = services_of(serving.serving(settings(tmp_path))).law
        # The timer of the process does the same; asked again nothing is read twice.
        law.warm()
    finally:
        gc.unfreeze()
    today = {before, datetime.now(UTC).date()}

    assert {country for country, on in kept.copy() if on in today} == set(law.rulebook.destinations)
    assert gc.isenabled()
