"""What all tests share: the reference data, both databases, a browser, and a rule about skipping."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from shopkit import db
from tests import databases, postgres
from tests.covering import measured_only_where_asked
from tests.skips import NO_REFERENCE_DATA, not_skipped_in_ci

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

ROOT = Path(__file__).resolve().parent.parent
BESIDE_US = ROOT.parent / "shared"
# Half a minute each, while most files take a second.
SLOWEST = (ROOT / "tests/api/test_schemathesis.py", ROOT / "tests/browser")
# Runs in an environment of its own, which alone has what it imports.
collect_ignore = ["twins/peers/localstripe_peer.py"]
NO_CHROMIUM = "no Chromium; make setup says how to get one"

# How fast a machine is belongs to no specification, so no example has a deadline.
hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
hypothesis.settings.load_profile("house")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, the rest at random: neither of two processes waits long at the end."""
    items.sort(key=lambda item: not any(item.path.is_relative_to(slow) for slow in SLOWEST))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool | None, bool | None]:
    """Measure coverage by the tests of the engine only: being watched doubles the time of all the others."""
    with measured_only_where_asked(item):
        return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge the skip of a test."""
    return not_skipped_in_ci((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge the skip of a whole module."""
    return not_skipped_in_ci((yield))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of reference data: ``SHOPKIT_SHARED``, or ``../shared``."""
    folder = Path(os.environ.get("SHOPKIT_SHARED", BESIDE_US))
    if not (folder / "data").is_dir():
        pytest.skip(NO_REFERENCE_DATA)
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Path]:
    """Return the socket folder of a running PostgreSQL, one per test process."""
    with postgres.server() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Path) -> str:
    """Return the address of that server's first database."""
    return postgres.url(postgres_server)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: Path) -> Iterator[str]:
    """Return the name of a database of that server which has every table and no row."""
    with databases.template(postgres_server) as name:
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a migrated database of one's own: the test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'shop.sqlite'}"
        databases.migrate(db.open_database(address))
        yield address
        return
    template = request.getfixturevalue("migrated_postgres")
    with postgres.database(request.getfixturevalue("postgres_server"), template=template) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a database without a table, for tests of migrating: on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'shop.sqlite'}"
        return
    with postgres.database(request.getfixturevalue("postgres_server")) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the Chromium of the system, or else the one playwright fetched; quiet towards the network."""
    arguments = {
        **browser_type_launch_args,
        "args": [
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-quic",
            "--disable-sync",
            "--no-first-run",
        ],
    }
    program = Path(os.environ.get("SHOPKIT_CHROMIUM", "/usr/bin/chromium"))
    if program.exists():
        return {**arguments, "executable_path": str(program)}
    if any(Path.home().glob(".cache/ms-playwright/chromium*")):
        return arguments
    pytest.skip(NO_CHROMIUM)
