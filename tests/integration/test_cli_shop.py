"""The command line runs a shop: its settings, its health, its database, and the shop itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from shopkit import plugins
from shopkit.services.doctor import examine
from tests.shop import ROOT, SHIRTS, settings, timeless

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(sys.executable).with_name("shopkit")


class TestShop:
    """Settings, health and database."""

    def test_settings_are_shown_with_secrets_masked(self, run: Any) -> None:
        """No secret is printed."""
        url = "postgresql://shop:hush@db.example/shop"

        printed = run("config", SHOPKIT_SECRET_KEY="s" * 40, SHOPKIT_DATABASE_URL=url)

        assert "hush" not in printed.stdout
        assert "ssss" not in printed.stdout
        assert "postgresql://shop:********@db.example/shop" in printed.stdout

    def test_an_unknown_setting_is_named(self, run: Any) -> None:
        """A misspelt variable is an error that names those there are, not silence."""
        printed = run("config", SHOPKIT_DATABSE_URL="x")

        assert (printed.exit_code, "SHOPKIT_DATABSE_URL: not a setting" in printed.stderr) == (2, True)

    def test_a_new_shop_is_told_to_migrate(self, run: Any) -> None:
        """The doctor of an empty database says what to run, and after that is content."""
        before = run("doctor")
        upgraded = run("db", "upgrade")
        after = run("doctor")

        assert (before.exit_code, "run shopkit db upgrade" in before.stdout) == (1, True)
        assert (upgraded.stdout.startswith("empty → "), "already at" in run("db", "upgrade").stdout) == (True, True)
        assert (after.exit_code, "FAIL" in after.stdout) == (0, False)

    def test_a_broken_plug_in_is_shown(self, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """The doctor fails over a plug-in that cannot be loaded, and says why."""
        monkeypatch.setattr(plugins, "GROUPS", ("shopkit.fx",))
        broken = plugins.Plugin("shopkit.fx", "mine", "their-package", problem="ImportError: no module")
        monkeypatch.setattr(plugins, "plugins", lambda _group: [broken])

        printed = run("doctor")

        assert (printed.exit_code, "FAIL  shopkit.fx mine" in printed.stdout) == (1, True)


@pytest.mark.parametrize(
    ("more", "subject"),
    [
        ({"secret_key": "short"}, "secret"),
        ({"database_url": "postgresql://nobody@127.0.0.1:1/none"}, "database"),
        ({"database_url": "nonsense://x"}, "database"),
        ({"rates_file": "/nowhere/rates.csv"}, "exchange rates"),
        ({"data_dir": Path("/proc/nowhere")}, "data folder"),
    ],
)
def test_the_doctor_finds_what_is_wrong(tmp_path: Path, more: dict[str, Any], subject: str) -> None:
    """Each thing that keeps a shop from working is found under its name."""
    found = examine(settings(**{"folder": tmp_path} | more) if "data_dir" not in more else settings(more["data_dir"]))

    assert subject in {finding.subject for finding in found if finding.level == "FAIL"}


def test_the_doctor_warns_of_what_gets_old(tmp_path: Path) -> None:
    """Years later rules and rates are warned of."""
    found = examine(settings(tmp_path), date(2030, 1, 1))

    warned = {finding.subject for finding in found if finding.level == "warn"}
    assert {"rules of US", "exchange rates", "schedules"} <= warned


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a process of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SHOPKIT_")} | {
        "SHOPKIT_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }


def test_a_reader_that_leaves_is_no_fault(environment: dict[str, str]) -> None:
    """When the reader of a pipe has enough, the command ends without a trace of Python."""
    command = f"'{PROGRAM}' rules show US | head -n 1"

    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, check=True, timeout=60
    )

    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Return the address of a shop served by a process of its own, and that process."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [str(PROGRAM), "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                requests.get(f"{address}/healthz", timeout=5).close()
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address, process
        if process.poll() is None:
            process.kill()


def test_a_served_shop_answers_and_stops(served: tuple[str, subprocess.Popen[str]]) -> None:
    """``shopkit serve`` makes its database, keeps a quote, reads chunked bodies, and ends at Ctrl-C with code 0."""
    address, process = served
    body = json.dumps(SHIRTS).encode()

    def post(data: Any) -> Any:
        reply = requests.post(
            f"{address}/api/v1/quotes", data=data, headers={"Content-Type": "application/json"}, timeout=30
        )
        return reply.status_code, reply.json()

    whole, chunked = post(body), post(iter([body[:100], body[100:]]))
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)

    assert (whole[0], chunked[0]) == (201, 201)
    assert timeless(whole[1]) == timeless(chunked[1])
    assert process.returncode == 0
    assert "Traceback" not in said


def refused_to_serve(environment: dict[str, str], *options: str) -> tuple[int, str]:
    """Return the exit code and stderr of ``shopkit serve``, which must end by itself."""
    done = subprocess.run(
        [str(PROGRAM), "serve", *options], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stderr


def test_a_taken_port_is_not_shared(environment: dict[str, str]) -> None:
    """Beside another server nothing is served, even where that one would share; it is told who may hold the port."""
    with socket.socket() as other:
        # As a shop listens: whoever asks to share the port is let in.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        told = refused_to_serve(environment, "--port", str(port))

    another = port + 1 if port < 65_535 else port - 1
    said = (
        f"shopkit: port {port} of 127.0.0.1 is taken, perhaps by a shop that still runs: end it there with Ctrl-C,"
        f" or listen on another: shopkit serve --port {another}\n"
    )
    assert told == (2, said)


def test_an_address_of_another_machine_is_refused(environment: dict[str, str]) -> None:
    """Where this machine cannot listen, the reason is told before anything is served."""
    told = refused_to_serve(environment, "--host", "192.0.2.1")

    said = (
        "shopkit: cannot listen on port 8000 of 192.0.2.1: Cannot assign requested address;"
        " choose others by --host and --port\n"
    )
    assert told == (2, said)
