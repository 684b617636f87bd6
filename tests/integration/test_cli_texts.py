"""Texts on the command line: out to a translator's program and back, each that was not taken told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.shop import lay_demo
from translations.exchange import jobs
from translations.exchange.passages import Passage

if TYPE_CHECKING:
    from pathlib import Path

    from translations.exchange.passages import State


@pytest.fixture
def file(run: Any, tmp_path: Path) -> Path:
    """Return the texts of a sample shop as they went out."""
    lay_demo(tmp_path)
    path = tmp_path / "textos.xlf"
    run("texts", "export", "--seller", "demo", "--to", "en-US", "-o", str(path))
    return path


def translated(path: Path, text: str, state: State = "draft") -> None:
    """Write a translation of one title into the file, and nothing else."""
    job = jobs.read(path.read_bytes())
    title = next(one for one in job.texts if one.source == "Memoria USB de madera con nombre grabado")
    passage = Passage(title.id, title.source, text, state)
    path.write_text(jobs.write([passage], "xliff-2.0", job.source_locale, job.target_locale), "utf-8")


def test_texts_go_out_and_come_back(run: Any, file: Path) -> None:
    """As a draft, once; what another wording stands against is told with both, and gives way when it was seen."""
    translated(file, "Wooden USB stick")
    first = run("texts", "import", str(file), "--seller", "demo")
    again = run("texts", "import", str(file), "--seller", "demo")
    translated(file, "Wooden USB drive")
    held = run("texts", "import", str(file), "--seller", "demo")
    seen = run("texts", "import", str(file), "--seller", "demo", "--replace")

    assert (first.exit_code, first.stdout) == (0, "en-US: 1 taken as drafts\n")
    assert (again.exit_code, again.stdout) == (0, "en-US: 1 there already\n")
    assert (held.exit_code, held.stdout.splitlines()[1:]) == (
        3,
        ["  here: Wooden USB stick", "  file: Wooden USB drive", "en-US: 1 kept back: somebody wrote another"],
    )
    assert (seen.exit_code, seen.stdout) == (0, "en-US: 1 taken as drafts\n")


def test_a_text_that_a_check_stops_is_told_with_the_reason(run: Any, file: Path) -> None:
    """It is taken, for nothing is lost that a translator wrote."""
    translated(file, "Wooden USB stick, 32 GB")
    found = run("texts", "import", str(file), "--seller", "demo")

    assert found.exit_code == 0
    assert "cannot be approved yet: 32 GB is not in the source." in found.stdout


def test_what_is_no_file_of_a_translator_is_refused_whole(run: Any, file: Path) -> None:
    """With what is wrong; so is a language that nobody writes."""
    file.write_text('<!DOCTYPE x [<!ENTITY a "b">]><xliff version="2.0">&a;</xliff>', "utf-8")
    refused = run("texts", "import", str(file), "--seller", "demo")
    strange = run("texts", "export", "--seller", "demo", "--to", "xx-YY")

    assert (refused.exit_code, "nothing was kept" in refused.stderr) == (1, True)
    assert (strange.exit_code, "xx-YY is no language that we write" in strange.stderr) == (2, True)
