"""How the command line starts: nothing is imported that the command does not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from shopkit.cli import COMMANDS, main

_ASK = """
import sys
from click.testing import CliRunner
from shopkit.cli import main
answer = CliRunner().invoke(main, ["compare", "docs/examples/playera.json"])
print(answer.exit_code, sorted({"alembic", "apiflask", "flask", "granian", "requests"} & set(sys.modules)))
"""


def test_a_comparison_does_without_web_server_and_migrations() -> None:
    """A table of all destinations is printed without the web's libraries, which take longer to import than it takes."""
    asked = subprocess.run([sys.executable, "-c", _ASK], capture_output=True, text=True, check=True)

    assert asked.stdout == "0 []\n"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_there_under_its_name(name: str) -> None:
    """A name leads to a command that calls itself so, for its usage line says that name."""
    found = main.get_command(None, name)  # type: ignore[arg-type]  # the context is not looked at

    assert found is not None
    assert found.name == name


def test_a_command_that_is_none_is_refused() -> None:
    """An unknown name is no module to look for."""
    found = main.get_command(None, "common")  # type: ignore[arg-type]  # the context is not looked at

    assert found is None
