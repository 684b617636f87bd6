"""The command line: ``shopkit``."""

from importlib.metadata import version

import click

from shopkit.cli import freight, origin, quotes, readiness, rulebook, rules, shop, tariffs

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("shopkit"), prog_name="shopkit")
def main() -> None:
    """What goods cost at a buyer's door in another country: every charge, its law, its date."""


for _command in (
    quotes.quote,
    quotes.compare,
    origin.origin,
    readiness.readiness,
    quotes.hs_group,
    rules.group,
    rulebook.group,
    tariffs.tariffs_group,
    tariffs.rates_group,
    freight.cards_group,
    freight.parcels_group,
    shop.cases_group,
    shop.db_group,
    shop.serve,
    shop.config,
    shop.doctor,
):
    main.add_command(_command)
