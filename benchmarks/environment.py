"""The environment of the engines we compare with: made once from its lock file, never mixed with ours."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.goods import ROOT

LOCK: Final = ROOT / "requirements" / "peers.txt"
HOME: Final = ROOT / ".cache" / "peers"
PROGRAMS: Final = Path(__file__).parent / "peers"


class PeersMissingError(RuntimeError):
    """The environment cannot be made here; the message says why."""


def python() -> Path:
    """Return the peers' interpreter, after installing the locked versions if they are not there yet."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    stamp, interpreter = HOME / ".stamp", HOME / "bin" / "python"
    if stamp.is_file() and stamp.read_text("ascii") == wanted:
        return interpreter
    print(f"installing the peers into {HOME.relative_to(ROOT)} (once)", file=sys.stderr)
    install = (
        *("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK)),
    )
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(HOME)], check=True)
        subprocess.run([str(interpreter), *install], check=True, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PeersMissingError(f"the peers could not be installed: {error}") from error
    stamp.write_text(wanted, "ascii")
    return interpreter


def openfisca() -> tuple[list[str], dict[str, str]]:
    """Return command and environment of the openfisca-core side."""
    return [str(python()), str(PROGRAMS / "openfisca_peer.py")], dict(os.environ)


def trytond() -> tuple[list[str], dict[str, str]]:
    """Return command and environment of the trytond-customs side; its empty database is made once and kept."""
    return [str(python()), str(PROGRAMS / "trytond_peer.py")], os.environ | {"DB_CACHE": str(HOME / "db")}
