"""``shopkit translate``: drafts on the command line, by Apertium itself where it is installed."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest

from translations.refusals import told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

SHIRT: Final[dict[str, Any]] = {
    "text": "Playera de algodón {size}, hecha a mano en Oaxaca",
    "from": "es-MX",
    "to": ["en-US", "pt-BR"],
}
SANDBOX: Final = {"SHOPKIT_ENGINES": "sandbox"}


def test_apertium_drafts(run: Callable[..., Result], tmp_path: Path) -> None:
    """The text of the guide comes back in two languages with its placeholder, engine, direction and confidence."""
    if shutil.which("apertium") is None:
        pytest.skip("no Apertium; make setup says how to get it")
    result = run("translate", stdin=json.dumps(SHIRT))
    english, portuguese = json.loads(result.stdout)["drafts"]

    assert result.exit_code == 0
    for one, direction in ((english, "spa→eng_US"), (portuguese, "spa→por_BR")):
        assert "{size}" in one["draft"]
        assert (one["engine"], one["direction"], one["origin"]) == ("apertium", direction, "engine")
        assert one["confidence"]["band"] == "low"
    # What is free leaves nothing behind.
    assert list(tmp_path.iterdir()) == []


def test_one_on_each_line(run: Callable[..., Result]) -> None:
    """Lines are answered in order; a wrong one has its problem in its place, with its line on stderr."""
    lines = [SHIRT | {"to": ["en-US"]}, {"text": "Taza"}, SHIRT | {"text": "Taza"}]
    result = run("translate", "--lines", stdin="\n".join(map(json.dumps, lines)) + "\n\n", **SANDBOX)
    answers = [json.loads(line) for line in result.stdout.splitlines()]

    assert result.exit_code == 2
    assert answers[0]["drafts"][0]["draft"] == "T-shirt ed cotton {size}, ahceh a onam ne acaxaO"
    assert (answers[1]["status"], [one["pointer"] for one in answers[1]["errors"]]) == (422, ["/from", "/to"])
    assert [one["draft"] for one in answers[2]["drafts"]] == ["AzaT", "AzaT"]
    assert result.stderr.startswith("shopkit: line 2: /from: ")


def test_what_is_no_json(run: Callable[..., Result]) -> None:
    """It is told where it stops making sense."""
    result = run("translate", stdin="{'text'", **SANDBOX)

    assert result.exit_code == 2
    assert "line 1, column 2" in result.stderr


def test_a_refused_draft(run: Callable[..., Result]) -> None:
    """The answer has the reason and no text, and the exit code says that it is not done."""
    result = run(
        "translate",
        "--lang",
        "pt",
        stdin=json.dumps(SHIRT),
        SHOPKIT_ENGINE_OPTIONS='{"sandbox": {"failure": "quota"}}',
        **SANDBOX,
    )
    (one, _) = json.loads(result.stdout)["drafts"]

    assert result.exit_code == 3
    assert (one["draft"], one["engine"], one["confidence"]["band"]) == (None, None, None)
    message, action = told("quota", "pt")
    detail = "the sandbox plays this"
    assert one["reasons"] == [{"code": "quota", "message": message, "action": action, "detail": detail}]


def test_an_absent_engine_is_told(run: Callable[..., Result]) -> None:
    """Where the program is not installed it is said on stderr, and the draft is refused for want of an engine."""
    result = run("translate", stdin=json.dumps(SHIRT), SHOPKIT_ENGINE_OPTIONS='{"apertium": {"program": "apertium-x"}}')

    assert result.exit_code == 3
    assert "engine apertium: the program apertium is not installed; make setup says how to get it" in result.stderr
    assert json.loads(result.stdout)["drafts"][0]["reasons"][0]["code"] == "none"


def test_the_doctor_names_engines(run: Callable[..., Result]) -> None:
    """Engines that can be asked are named with their version, those that cannot with the reason."""
    result = run(
        "doctor", SHOPKIT_ENGINES="sandbox,deepl,apertium", SHOPKIT_ENGINE_OPTIONS='{"apertium": {"program": "x"}}'
    )
    found = {" ".join(line.split()[1:3]): line for line in result.stdout.splitlines() if "  engine " in line}

    assert {name: line.split()[0] for name, line in found.items()} == {
        "engine sandbox": "ok",
        "engine deepl": "FAIL",
        "engine apertium": "warn",
    }
    assert "deepl: key is missing" in found["engine deepl"]
