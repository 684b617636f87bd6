"""The command line: ``shopkit``.

A command is imported when it is asked for: what one of them needs (a web server, migrations, the description of the
API) would cost every other a second at its start.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

__all__ = ["main"]

# Name on the command line: module and attribute.
COMMANDS: Final = {
    "quote": ("quotes", "quote"),
    "compare": ("quotes", "compare"),
    "origin": ("origin", "origin"),
    "translate": ("translating", "translate"),
    "price": ("pricing", "price"),
    "readiness": ("readiness", "readiness"),
    "hs": ("quotes", "hs_group"),
    "listings": ("listings", "group"),
    "memory": ("memory", "group"),
    "texts": ("texts", "group"),
    "rules": ("rules", "group"),
    "rulebook": ("rulebook", "group"),
    "tariffs": ("tariffs", "tariffs_group"),
    "rates": ("tariffs", "rates_group"),
    "catalog": ("catalogs", "group"),
    "cards": ("freight", "cards_group"),
    "carriers": ("carriers", "group"),
    "parcels": ("freight", "parcels_group"),
    "boxes": ("packing", "boxes_group"),
    "packing": ("packing", "group"),
    "pools": ("pools", "group"),
    "orders": ("orders", "group"),
    "invoices": ("invoices", "group"),
    "papers": ("papers", "group"),
    "sales": ("sales", "group"),
    "shipments": ("shipments", "group"),
    "ratings": ("ratings", "group"),
    "campaigns": ("campaigns", "group"),
    "payments": ("payments", "group"),
    "tracking": ("tracking", "group"),
    "ways": ("ways", "ways"),
    "cases": ("shop", "cases_group"),
    "db": ("shop", "db_group"),
    "serve": ("shop", "serve"),
    "demo": ("shop", "demo"),
    "verify": ("shop", "verify"),
    "config": ("shop", "config"),
    "doctor": ("shop", "doctor"),
}


class Commands(click.Group):
    """The group of all commands, each imported at its first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the names for ``--help``."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # the same
        """Return the command, ``None`` for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name]
        found: click.Command = getattr(import_module(f"shopkit.cli.{module}"), attribute)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shopkit", prog_name="shopkit")
def main() -> None:
    """What goods cost at a buyer's door in another country: every charge, its law, its date."""
