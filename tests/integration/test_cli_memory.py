"""A shop's memory on the command line: out as a file of other programs, in again, and what is no file of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

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
def file(run: Any, tmp_path: Path) -> Path:
    """Return the memory of another program, with the sample sellers made."""
    run("demo")
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


def test_what_is_no_memory_is_refused_whole(run: Any, file: Path) -> None:
    """A document type of its own is refused whatever it says, and nothing is kept."""
    file.write_text(BOMB, "utf-8")
    refused = run("memory", "import", str(file), "--seller", "demo")

    assert refused.exit_code == 1
    assert "nothing was kept" in refused.stderr
    assert "0 units written" in run("memory", "export", "--seller", "demo").stderr
