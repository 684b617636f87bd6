"""Payments on the command line: what a buyer of a market can be offered, and reading again what may have changed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click

from landed_cost.currencies import is_known
from landed_cost.money import Money, to_minor
from shopkit.cli.common import acting_for, migrate, open_shop, stop, table
from shopkit.payments.methods import as_of
from shopkit.services import payments, webhooks
from shopkit.services.problems import sentence

_WORDS = {True: "yes", False: "no", None: "not said, so no"}


@click.group("payments")
def group() -> None:
    """Ways to pay, and what providers say."""


@group.command("methods")
@click.option("--seller", required=True, help="Short name or id of the seller.")
@click.option("--market", required=True, help="Country of the buyer, such as MX.")
@click.option("--amount", default="100.00", show_default=True, help="What is to be paid.")
@click.option("--currency", default="USD", show_default=True)
@click.option("--language", type=click.Choice(["en", "es", "pt"]), default="en", show_default=True)
def methods(*, seller: str, market: str, amount: str, currency: str, language: str) -> None:
    """Show what the seller's accounts can offer a buyer for an amount, and why not where they cannot."""
    services = open_shop()
    migrate(services)
    code = currency.upper()
    if not is_known(code):
        stop(f"{currency}: no currency that is known")
    try:
        money = Money(to_minor(Decimal(amount), code), code)
    except InvalidOperation:
        stop(f"{amount}: no amount; write it like 100.00")
    found = payments.methods(services, acting_for(services, seller).seller_id, market.upper(), money)
    if not found:
        stop("the seller has no account at a provider of payments")
    table(
        (
            f"{one.method.provider}/{one.method.name}",
            one.method.title[language],
            "yes" if one.why_not is None else sentence(one.why_not, {}, language),
            f"refunds: {_WORDS[one.method.refunds]}",
            one.method.delay[language],
            one.method.evidence,
        )
        for one in found
    )
    click.echo(f"as of {as_of()}")


@group.command("reconcile")
def reconcile() -> None:
    """Handle messages that wait, ask again for what has no answer, and read payments that may have changed.

    Meant for a timer, every ten minutes; any number may run at once.
    """
    services = open_shop()
    migrate(services)
    counts = webhooks.reconcile(services)
    click.echo(", ".join(f"{name} {count}" for name, count in counts.items()))
