"""Running the shop: serving it, its database, its settings and its health."""

from __future__ import annotations

import errno
import json
import os
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import yaml

from shopkit import db
from shopkit.cli.common import (
    acting_for,
    counted,
    migrate,
    open_shop,
    print_json,
    read_settings,
    seller_option,
    stop,
    table,
)
from shopkit.services import companies
from shopkit.services.demo import PASSWORD, SHOPS, make_demo
from shopkit.services.doctor import FAILS, examine
from shopkit.services.sessions import DEMO_DOMAIN

if TYPE_CHECKING:
    from datetime import datetime

_LAST_PORT: Final = 65_535


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, _LAST_PORT), help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Threads of each process.")
@click.option("--demo", "with_demo", is_flag=True, help="Make the sample shops, and let anybody on this machine enter.")
def serve(host: str, port: int, workers: int, threads: int, *, with_demo: bool) -> None:
    """Bring the database up to date and serve the shop."""
    # Slow to import, and needed here only.
    from granian import Granian  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415

    if with_demo:
        if not _is_loopback(host):
            stop(f"--demo lets anybody in: it is for this machine alone, not for {host}; leave out --host")
        # The processes that serve read their settings from the environment.
        os.environ["SHOPKIT_DEMO"] = "1"
    # Each thread gets an arena of its own from glibc, and what one frees no other takes: two are enough for all.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    settings = read_settings()
    if settings.demo and settings.public_url:
        stop("SHOPKIT_DEMO lets anybody in, and SHOPKIT_PUBLIC_URL says that others come; set one of them")
    _stop_if_taken(host, port)
    database = db.open_database(settings.database)
    db.upgrade(database)
    database.dispose()
    settings.secret()
    if with_demo:
        make_demo(open_shop())
        click.echo(f"shopkit: enter a sample shop at http://{host}:{port}/sign-in, or sign in there as", err=True)
        click.echo(f"shopkit: ana{DEMO_DOMAIN} with the password “{PASSWORD}”; letters are printed here", err=True)
    click.echo(f"shopkit serves on http://{host}:{port} ({counted(workers, 'process')}); Ctrl-C stops it", err=True)
    Granian(
        "shopkit.serving:serving",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # Without a bound hundreds of threads would wait for a pool of fifteen connections.
        backpressure=threads * 8,
        websockets=False,
    ).serve()


def _stop_if_taken(host: str, port: int) -> None:
    """Stop where nothing can listen at the address.

    The server shares its port with whoever lets it, and an older shop does: each would answer every other request,
    from a database and by rules of its own.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            # What a server that just ended left behind is no hindrance; one that listens is.
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            another = port + 1 if port < _LAST_PORT else port - 1
            stop(
                f"port {port} of {host} is taken, perhaps by a shop that still runs: end it there with Ctrl-C, or"
                f" listen on another: shopkit serve --port {another}"
            )
        stop(f"cannot listen on port {port} of {host}: {error.strerror}; choose others by --host and --port")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@click.command()
def demo() -> None:
    """Make the sample shops that are not there yet; they open for `shopkit serve --demo` alone."""
    services = open_shop()
    migrate(services)
    for slug in make_demo(services):
        click.echo(f"made {slug}")
    table((shop.slug, shop.name, shop.country) for shop in SHOPS)


@click.group("db")
def db_group() -> None:
    """The database."""


@db_group.command("upgrade")
def upgrade() -> None:
    """Bring the tables to the newest revision."""
    settings = read_settings()
    before, after = db.upgrade(db.open_database(settings.database))
    click.echo(f"{before or 'empty'} → {after}" if before != after else f"already at {after}")


@click.command()
def config() -> None:
    """Show the settings, what is secret masked."""
    table(read_settings().shown().items())


@click.command()
def doctor() -> None:
    """Check that the shop can work, and say what to do where it cannot."""
    findings = examine(read_settings())
    table((finding.level, finding.subject, finding.message) for finding in findings)
    if any(finding.level == FAILS for finding in findings):
        raise SystemExit(1)


@click.group("cases")
def cases_group() -> None:
    """The worked cases of the law."""


@cases_group.command("export")
@click.option(
    "--path",
    type=click.Path(path_type=Path),
    default=Path("tests/cases"),
    show_default=True,
    help="Folder of the cases.",
)
def export(path: Path) -> None:
    """Print the request of every worked case, one on each line."""
    files = sorted(path.glob("*/*.yaml"))
    if not files:
        stop(f"{path}: no cases here; they come with the project's source, not with the installed package", 1)
    for file in files:
        try:
            rows = yaml.safe_load(file.read_text("utf-8"))
            requests = [row["request"] for row in rows]
            json.dumps(requests)
        except (yaml.YAMLError, KeyError, TypeError, UnicodeDecodeError) as error:
            stop(f"{file}: not a file of cases: {error}", 1)
        for request in requests:
            print_json(request)


@click.command()
@seller_option
@click.option("--source", required=True, help="The registry that was looked into, and what was seen there.")
@click.option("--number", required=True, help="The number under which the business stands there.")
@click.option("--by", "checked_by", required=True, help="Who looked.")
@click.option("--expires", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it holds.")
def verify(seller: str, source: str, number: str, checked_by: str, expires: datetime) -> None:
    """Write down that a business was looked up in a registry today; its pages show it until the day named."""
    services = open_shop()
    migrate(services)
    try:
        company = companies.verify(services, acting_for(services, seller), source, number, checked_by, expires.date())
    except ValueError as error:
        stop(str(error), 1)
    click.echo(f"{company.name} is verified until {expires.date()}")
