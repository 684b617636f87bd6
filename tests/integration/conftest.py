"""A command line whose shop lives in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from shopkit.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    """Return a way to run a command with its data in a folder of its own."""

    def run_command(*arguments: str, stdin: str | bytes | None = None, **environ: str) -> Result:
        environment = {"SHOPKIT_DATA_DIR": str(tmp_path)} | environ
        return CliRunner().invoke(main, arguments, input=stdin, env=environment, catch_exceptions=False)

    return run_command
