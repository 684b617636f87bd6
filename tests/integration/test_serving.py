"""A process that stays: the application, and the law read before anybody asks."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from shopkit import serving
from shopkit.app import services_of
from tests.shop import settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_law_is_read_in_the_first_quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The law of today stands for every destination, and the collector works as before."""
    monkeypatch.setattr(serving, "_BUSY_S", 0.0)
    law = services_of(serving.serving(settings(tmp_path))).law
    # The timer of the process does the same; asked again nothing is read twice.
    law.warm()
    today = {on for _, on in law.rulebook._laws}  # what is kept is the matter

    assert {country for country, _ in law.rulebook._laws} == set(law.rulebook.destinations)  # the same
    assert (len(today), gc.isenabled()) == (1, True)
