"""What the README shows is what is answered."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shopkit.app import create_app
from shopkit.config import Settings

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parents[2]


def within(shown: Any, real: Any) -> list[str]:
    """Return where ``shown`` is not a part of ``real``."""
    if isinstance(shown, dict):
        return [f"{key}: {fault}" for key in shown for fault in within(shown[key], real.get(key))]
    if isinstance(shown, list) and len(shown) == len(real):
        return [fault for one, other in zip(shown, real, strict=True) for fault in within(one, other)]
    return [] if shown == real else [f"{shown!r} is shown, {real!r} is answered"]


def test_the_answer_in_the_readme_is_the_real_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures under the curl line are those of the example's answer."""
    monkeypatch.chdir(tmp_path)
    shown = json.loads(re.findall(r"```json\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)[0])
    asked = json.loads((ROOT / "docs/examples/playera-mx-us.json").read_text("utf-8")) | {"save": False}

    real = create_app(Settings(data_dir=tmp_path)).test_client().post("/api/v1/quotes", json=asked).get_json()

    assert within(shown, real) == []


def test_the_answer_in_the_guide_to_comparing_is_the_real_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures and dates of three destinations are those of the example's answer."""
    monkeypatch.chdir(tmp_path)
    shown = json.loads(re.findall(r"```json\n(.*?)```", (ROOT / "docs/comparing.md").read_text("utf-8"), re.DOTALL)[0])
    asked = json.loads((ROOT / "docs/examples/comparar-playera.json").read_text("utf-8"))

    real = create_app(Settings(data_dir=tmp_path)).test_client().post("/api/v1/compare", json=asked).get_json()

    assert within(shown, real) == []
