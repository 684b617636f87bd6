"""The money of an order on the command line: payments, refunds, disputes with their evidence."""

from __future__ import annotations

import secrets
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from landed_cost.money import Money, to_minor
from shopkit.cli.common import acting_for, language_option, migrate, open_shop, seller_option, stop, table
from shopkit.services import order_acts, order_lists, order_money, orders, refunds
from shopkit.services.keeping import KeyConflictError
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_WRONG = 1
_named = click.argument("name", metavar="ORDER")


@click.command("payments")
@_named
@seller_option
def payments(name: str, seller: str) -> None:
    """Show how ORDER was paid: attempts, refunds, disputes with the time to answer, and what can still go back."""
    _show(*_enter(seller, name))


@click.command("refund")
@_named
@click.argument("amount", required=False)
@seller_option
@click.option("--payment", help="Of which payment; without it the first that holds enough.")
@click.option("--reason", default="", help="Why.")
@click.option("--by-hand", is_flag=True, help="Note what you sent by another way.")
@click.option("--key", help="Its name, so that it is made once.")
def refund(
    *, name: str, amount: str | None, seller: str, payment: str | None, reason: str, by_hand: bool, key: str | None
) -> None:
    """Give AMOUNT of ORDER back, in its currency; without an amount all that can go back by the way it came."""
    services, actor, order_id = _enter(seller, name)
    word = key or secrets.token_hex(8)
    if amount is None:
        if by_hand or payment:
            stop("name the amount")
        _do(lambda: refunds.whole(services, actor, order_id, reason, word))
    else:
        currency = orders.load(services, actor, order_id).currency
        try:
            exact = Decimal(amount)
            money = Money(to_minor(exact, currency), currency)
        except (InvalidOperation, ValueError, OverflowError):
            stop(f"{amount!r} is no amount; write it like 76.63")
        if Decimal(money.text) != exact:
            stop(f"{amount!r} has more decimals than {currency}")
        act = refunds.record if by_hand else refunds.refund
        _do(lambda: act(services, actor, order_id, money, reason, word, payment_id=payment))
    _show(services, actor, order_id)


@click.command("take")
@_named
@click.argument("payment")
@seller_option
@click.option("--enough", is_flag=True, help="Ask for nothing more: what is missing is taken off the price.")
def take(*, name: str, payment: str, seller: str, enough: bool) -> None:
    """Count what came by PAYMENT and did not fit as paid."""
    services, actor, order_id = _enter(seller, name)
    _do(lambda: order_acts.accept_payment(services, actor, order_id, payment, is_enough=enough))
    _show(services, actor, order_id)


@click.command("evidence")
@_named
@seller_option
@language_option
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write all of it as ZIP here.")
@click.option("--dispute", help="Keep it with this dispute as a draft at the provider.")
@click.option("--words", default="", help="Your own words for it.")
@click.option("--submit", is_flag=True, help="Hand it in, which is done once, instead of keeping a draft.")
def evidence(
    *, name: str, seller: str, lang: str, output: Path | None, dispute: str | None, words: str, submit: bool
) -> None:
    """Gather what is known of ORDER: written to a file, kept as a draft with a dispute, or handed in."""
    from shopkit.services import evidence as bundles  # noqa: PLC0415  # few commands print papers

    services, actor, order_id = _enter(seller, name)
    if output is None and dispute is None:
        stop("say where it goes: -o FILE or --dispute NAME")
    if output is not None:
        output.write_bytes(bundles.archive(services, actor, order_id, lang))
        click.echo(f"{output}: written")
    if dispute is not None:
        _do(lambda: bundles.answer(services, actor, order_id, dispute, words, submits=submit))
        click.echo(f"{dispute}: {'handed in' if submit else 'kept as a draft at the provider'}")


def _enter(seller: str, name: str) -> tuple[Services, Actor, str]:
    services = open_shop()
    migrate(services)
    actor = acting_for(services, seller)
    try:
        return services, actor, order_lists.id_of(services, actor, name)
    except orders.OrderNotFoundError:
        stop(f"there is no order {name}; see shopkit orders list", _WRONG)


def _do(act: Callable[[], object]) -> None:
    try:
        act()
    except RequestError as error:
        stop("; ".join(one.message("en") for one in error.problems), _WRONG)
    except KeyConflictError:
        stop("this key stands for another amount", _WRONG)


def _show(services: Services, actor: Actor, order_id: str) -> None:
    found = order_money.of_order(services, actor, order_id)
    table(
        (
            f"payment {one.number}",
            one.id,
            f"{one.provider}/{one.method}",
            one.state,
            f"asked {one.asked}",
            f"received {one.received}",
            f"does not fit {one.astray}" if one.astray.minor else "",
            f"left {one.left}" + ("" if one.may_refund else ", by hand"),
        )
        for one in found.payments
    )
    table(("refund", one.id, one.state, one.amount, one.reason) for one in found.refunds)
    table(
        (
            "dispute",
            one.ref,
            one.state,
            one.amount,
            one.reason,
            f"answered {one.answered_at:%Y-%m-%d %H:%M} UTC"
            if one.answered_at is not None
            else f"answer until {one.due:%Y-%m-%d %H:%M} UTC"
            if one.due is not None
            else "",
        )
        for one in found.disputes
    )
    click.echo(f"can still be given back: {found.refundable}")
