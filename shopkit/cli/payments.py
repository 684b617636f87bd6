"""Payments on the command line: accounts, what buyers can pay with, and reading again what may have changed."""

from __future__ import annotations

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from landed_cost.currencies import is_known
from landed_cost.money import Money, to_minor
from shopkit.cli.common import (
    acting_for,
    complain,
    counted,
    language_option,
    migrate,
    open_shop,
    seller_option,
    stop,
    table,
)
from shopkit.payments.methods import EVERYWHERE, as_of
from shopkit.services import payment_accounts, payment_matrix, payment_report, webhooks
from shopkit.services.problems import RequestError, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.payment_accounts import Shown

_WORDS = {True: "yes", False: "no", None: "not said, so no"}
_WRONG = 1


@click.group("payments")
def group() -> None:
    """How a shop is paid: see docs/payments.md."""


@group.group("accounts")
def accounts() -> None:
    """Accounts of a shop at providers of payments."""


@accounts.command("list")
@seller_option
def list_accounts(seller: str) -> None:
    """List the accounts, the newest first: which secrets are set, and none of them."""
    services, actor = _enter(seller)
    found = payment_accounts.every(services, actor)
    table(_told(one) for one in found)
    if not found:
        complain(f"no account; connect one of {', '.join(payment_accounts.PROVIDERS)}")


@accounts.command("fields")
@click.argument("provider", type=click.Choice(payment_accounts.PROVIDERS))
@language_option
def fields(provider: str, lang: str) -> None:
    """Say what a provider asks for, and where each goes."""
    kind = next(one for one in payment_accounts.kinds() if one.provider == provider)
    for one in kind.fields:
        need = "may come later" if one.is_optional else "needed"
        click.echo(f"{one.name}  {one.place}, {need}: {one.label[lang]}")
    if not kind.fields:
        click.echo(f"{provider} asks for nothing")


@accounts.command("connect")
@click.argument("provider", type=click.Choice(payment_accounts.PROVIDERS))
@seller_option
@click.option("--country", required=True, help="Country of the account, such as MX.")
@click.option("--live", is_flag=True, help="Buyers pay; without it the account is in test mode.")
@click.option("--line", "lines", multiple=True, metavar="NAME=TEXT", help="What buyers read, such as bank=Banorte.")
def connect(*, provider: str, seller: str, country: str, live: bool, lines: tuple[str, ...]) -> None:
    """Connect an account in place of the one used with PROVIDER.

    Secrets are asked for and not shown; from a pipe they are lines like key=sk_test_… on stdin. They never stand in the
    command, where others could read them.
    """
    services, actor = _enter(seller)
    kind = next(one for one in payment_accounts.kinds() if one.provider == provider)
    said = _secrets((one.name, one.label["en"], one.is_optional) for one in kind.fields if one.is_secret)
    signing = [said.pop(one.name) for one in kind.fields if one.place == "signing" and one.name in said]
    options = {"lines": _pairs(lines)} if lines else {}
    _do(
        lambda: payment_accounts.create(
            services, actor, provider, country=country, is_live=live, secrets=said, signing=signing, options=options
        )
    )


@accounts.command("change")
@click.argument("account_id")
@seller_option
@click.option("--line", "lines", multiple=True, metavar="NAME=TEXT", help="What buyers read, all of it.")
@click.option("--method", "names", multiple=True, help="A way to pay that is used; several times for several.")
@click.option("--secrets", is_flag=True, help="Ask for secrets too; what is left empty stays.")
@click.option("--adaptive/--no-adaptive", default=None, help="Stripe may offer buyers their own currency by card.")
def change(
    *,
    account_id: str,
    seller: str,
    lines: tuple[str, ...],
    names: tuple[str, ...],
    secrets: bool,
    adaptive: bool | None,
) -> None:
    """Change what is given of an account; a new secret of signing stands beside those before it."""
    services, actor = _enter(seller)
    found = _find(services, actor, account_id)
    said: dict[str, str] = {}
    if secrets:
        said = _secrets((one.name, one.label["en"], True) for one in found.kind.fields if one.is_secret)
    signing = [said.pop(one.name) for one in found.kind.fields if one.place == "signing" and one.name in said]
    _do(
        lambda: payment_accounts.change(
            services,
            actor,
            account_id,
            secrets=said,
            signing=signing,
            lines=_pairs(lines) if lines else None,
            names=names or None,
            adaptive=adaptive,
        )
    )


@accounts.command("disconnect")
@click.argument("account_id")
@seller_option
@click.option("--forget", is_flag=True, help="Take its keys away too: its payments are then left to the provider.")
def disconnect(account_id: str, seller: str, *, forget: bool) -> None:
    """Begin no more payments at an account; what was paid there is still read and given back."""
    services, actor = _enter(seller)
    _find(services, actor, account_id)
    _do(lambda: payment_accounts.disconnect(services, actor, account_id, forgets=forget))


@accounts.command("reconnect")
@click.argument("account_id")
@seller_option
def reconnect(account_id: str, seller: str) -> None:
    """Take an account up again in place of the one used with its provider."""
    services, actor = _enter(seller)
    _find(services, actor, account_id)
    _do(lambda: payment_accounts.reconnect(services, actor, account_id))


@group.command("methods")
@seller_option
@click.option("--market", required=True, help="Country of the buyer, such as MX.")
@click.option("--amount", help="What is to be paid; without it an ordinary amount.")
@click.option("--currency", help="Its currency; without it that of stores in the market.")
@click.option("--language", type=click.Choice(["en", "es", "pt"]), default="en", show_default=True)
def methods(*, seller: str, market: str, amount: str | None, currency: str | None, language: str) -> None:
    """Show every way to pay for a market: whether it can be offered, its terms, and why not where it cannot."""
    services, actor = _enter(seller)
    place = market.upper()
    if place not in services.rulebook.destinations:
        stop(f"{market}: no country that is covered")
    code = (currency or payment_matrix.store_currency(place)).upper()
    if not is_known(code):
        stop(f"{currency}: no currency that is known")
    try:
        money = payment_matrix.sample(code) if amount is None else Money(to_minor(Decimal(amount), code), code)
    except InvalidOperation:
        stop(f"{amount}: no amount; write it like 100.00")
    rows = payment_matrix.matrix(services, actor, place, money)
    table(
        (
            f"{row.method.provider}/{row.method.name}",
            row.method.title[language],
            "yes" if row.why_not is None else sentence(row.why_not, {}, language),
            "any currency" if EVERYWHERE in row.method.currencies else ", ".join(sorted(row.method.currencies)),
            "" if row.least is None else f"from {row.least}",
            f"refunds: {_WORDS[row.method.refunds]}",
            row.method.delay[language],
            row.method.cost[language],
            "; ".join(filter(None, (row.method.evidence, row.method.exception.get(language)))),
            row.method.source,
        )
        for row in rows
    )
    click.echo(f"for {money}, as of {as_of()}")


@group.command("report")
@seller_option
@click.option("--day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="A day of universal time.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it as CSV here.")
def report(*, seller: str, day: datetime, output: Path | None) -> None:
    """Compare what providers booked on a day with the orders' ledgers; fails where they differ or cannot be read."""
    services, actor = _enter(seller)
    found = payment_report.report(services, actor, day.date())
    if output is not None:
        output.write_text(payment_report.as_csv(found), "utf-8")
    table(
        (
            one.outcome.replace("_", " "),
            one.kind,
            "" if one.order is None else f"#{one.order}",
            f"here {one.here}" if one.here is not None else "",
            f"there {one.there}" if one.there is not None else "",
            "" if one.net is None else f"net {one.net}",
            "" if one.fee is None else f"fee {one.fee}",
            one.booking,
            one.name or one.said,
        )
        for one in found.lines
    )
    for one in found.totals:
        click.echo(f"{one.currency}: gross {one.gross}, fees {one.fees}, net {one.net}, paid out {one.paid_out}")
    for account, why in found.unread:
        complain(f"{account} could not be read ({why}): nothing is known of it")
    if not found.accounts and not found.unread:
        complain("no account's provider tells its bookings")
    click.echo(f"{counted(found.differences, 'difference')} in {counted(len(found.lines), 'line')}")
    if found.differences or found.unread:
        sys.exit(_WRONG)


@group.command("reconcile")
def reconcile() -> None:
    """Handle messages that wait, ask again for what has no answer, and read payments that may have changed.

    Meant for a timer, every ten minutes; any number may run at once.
    """
    services = open_shop()
    migrate(services)
    counts = webhooks.reconcile(services)
    click.echo(", ".join(f"{name} {count}" for name, count in counts.items()))


def _enter(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)


def _find(services: Services, actor: Actor, account_id: str) -> Shown:
    try:
        return payment_accounts.find(services, actor, account_id)
    except payment_accounts.AccountNotFoundError:
        stop(f"there is no account {account_id!r}; see shopkit payments accounts list", _WRONG)


def _do(act: Callable[[], Shown]) -> None:
    try:
        found = act()
    except RequestError as error:
        stop("; ".join(f"{one.pointer} {one.message('en')}".strip() for one in error.problems), _WRONG)
    table([_told(found)])


def _told(one: Shown) -> tuple[str, ...]:
    state = "keys cannot be opened" if one.is_shut else "used" if one.is_active else "disconnected"
    return (
        one.id,
        one.provider,
        one.country,
        "live" if one.is_live else "test",
        state,
        f"set: {', '.join(one.set) or 'nothing'}",
        f"signing: {one.signing}",
        f"messages to {one.path}" if one.path else "",
    )


def _secrets(wanted: Iterable[tuple[str, str, bool]]) -> dict[str, str]:
    """Return secrets as they are typed, unseen, or as lines on stdin give them."""
    names = list(wanted)
    if names and not sys.stdin.isatty():
        return _pairs(line for line in sys.stdin.read().splitlines() if line.strip())
    said = {}
    for name, label, is_optional in names:
        text = click.prompt(label, default="" if is_optional else None, hide_input=True, show_default=False)
        if text:
            said[name] = text
    return said


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    said = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            # What it says may be a secret, so it is not repeated.
            stop("write a name, an equals sign and the text, like bank=Banorte")
        said[name.strip()] = value.strip()
    return said
