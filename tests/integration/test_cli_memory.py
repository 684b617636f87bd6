"""A shop's memory on the command line: out as a file of other programs, in again, and what is no file of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.shop import lay_demo

if TYPE_CHECKING:
    from pathlib import Path

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en"
 srclang="es-MX" datatype="plaintext"/><body>
<tu><tuv xml:lang="es-MX"><seg>Pintado a mano.</seg></tuv><tuv xml:lang="en-US"><seg>Painted by hand.</seg></tuv></tu>
<tu><tuv xml:lang="es-MX"><seg>Taza</seg></tuv><tuv xml:lang="ja"><seg>Kappu</seg></tuv></tu>
</body></tmx>
"""
BOMB = '<?xml version="1.0"?><!DOCTYPE t [<!ENTITY a "b">]><tmx version="1.4"><header/><body>&a;</body></tmx>'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the memory of another program, with the sample sellers made."""
    lay_demo(tmp_path)
    path = tmp_path / "memoria.tmx"
    path.write_text(TMX, "utf-8")
    return path


def test_a_memory_comes_in_once_and_goes_out_again(run: Any, file: Path, tmp_path: Path) -> None:
    """As TMX and as a table; another shop has nothing of it."""
    first = run("memory", "import", str(file), "--seller", "demo").stdout
    again = run("memory", "import", str(file), "--seller", "demo").stdout
    out = run("memory", "export", "--seller", "demo").stdout
    table = tmp_path / "memoria.csv"
    run("memory", "export", "--seller", "demo", "--format", "csv", "-o", str(table))
    back = run("memory", "import", str(table), "--seller", "queso-boaco", "--format", "csv").stdout

    assert first == "1 unit new, 0 known already, 1 in languages we do not write left out\n"
    assert again == "0 units new, 1 known already, 1 in languages we do not write left out\n"
    assert "<seg>Painted by hand.</seg>" in out
    assert back == "1 unit new, 0 known already\n"


@pytest.mark.parametrize("name", ["csv", "xliff-1.2", "xliff-2.0", "po"])
def test_every_format_comes_back_as_it_went(run: Any, file: Path, tmp_path: Path, name: str) -> None:
    """Into a shop that had nothing of it, and nothing of it is lost on the way."""
    run("memory", "import", str(file), "--seller", "demo")
    first, second = tmp_path / "first", tmp_path / "second"
    run("memory", "export", "--seller", "demo", "--format", name, "-o", str(first))
    back = run("memory", "import", str(first), "--seller", "queso-boaco", "--format", name).stdout
    run("memory", "export", "--seller", "queso-boaco", "--format", "csv", "-o", str(second))

    assert back == "1 unit new, 0 known already\n"
    assert "Pintado a mano.,Painted by hand.,es-MX,en-US" in second.read_text("utf-8")


def test_a_po_file_of_others_needs_its_source_language(run: Any, file: Path) -> None:
    """Without it nothing is kept; with it the units are there."""
    file.write_text('msgid ""\nmsgstr "Language: en_US\\n"\n\nmsgid "Taza"\nmsgstr "Mug"\n', "utf-8")
    refused = run("memory", "import", str(file), "--seller", "demo", "--format", "po")
    taken = run("memory", "import", str(file), "--seller", "demo", "--format", "po", "--from", "es-MX")

    assert (refused.exit_code, "name it with --from; nothing was kept" in refused.stderr) == (1, True)
    assert taken.stdout == "1 unit new, 0 known already\n"


def test_what_is_no_memory_is_refused_whole(run: Any, file: Path) -> None:
    """A document type of its own is refused whatever it says, and nothing is kept."""
    file.write_text(BOMB, "utf-8")
    refused = run("memory", "import", str(file), "--seller", "demo")

    assert refused.exit_code == 1
    assert "nothing was kept" in refused.stderr
    assert "0 units written" in run("memory", "export", "--seller", "demo").stderr
