"""Orders on the command line: found, looked at, packed, sent, cancelled; those not paid in time ended by a timer."""

from __future__ import annotations

import secrets
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from landed_cost.money import Money, to_minor
from shopkit.cli.common import acting_for, counted, migrate, open_shop, seller_option, stop, table
from shopkit.cli.order_money import evidence, payments, refund, take
from shopkit.services import order_acts, order_letters, order_lists, orders
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shopkit.orders import OrderState
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services

_WRONG = 1
_DAY = click.DateTime(["%Y-%m-%d"])
_named = click.argument("name", metavar="ORDER")


@click.group("orders")
def group() -> None:
    """Orders of a shop: see docs/orders.md."""


@group.command("list")
@seller_option
@click.option("--view", type=click.Choice(order_lists.VIEWS), default="all", show_default=True, help="Which of them.")
@click.option("--page", type=click.IntRange(min=1), default=1, help="Which fifty of them.")
def list_orders(seller: str, view: order_lists.View, page: int) -> None:
    """List a shop's orders, the newest first."""
    services, actor = _enter(seller)
    found = order_lists.find(services, actor, view=view, page=page)
    table(
        (
            f"#{one.number}",
            one.created_at.date(),
            one.market,
            one.due,
            one.state.status,
            one.state.fulfilment,
            one.buyer,
        )
        for one in found.rows
    )
    click.echo(f"{counted(found.total, 'order')}, {found.counts['to_send']:,} to send", err=True)


@group.command("show")
@_named
@seller_option
def show(name: str, seller: str) -> None:
    """Show an order: what was promised, how it stands, and all that happened to it."""
    services, actor = _enter(seller)
    found = orders.load(services, actor, id_of(services, actor, name))
    state = found.state
    click.echo(f"#{found.number} {found.id}: {_told(state)}")
    click.echo(f"{found.buyer.name} <{found.buyer.email}>, {found.market}, {found.terms}, {found.locale}")
    table((f"{one.quantity} ×", one.sku or "", one.total, one.title) for one in found.lines)
    table(
        (one.at.isoformat(timespec="seconds"), one.kind, one.amount or "", one.source, one.source_id)
        for one in found.events
    )


@group.command("pack")
@_named
@seller_option
def pack(name: str, seller: str) -> None:
    """Note that all that was still to be packed is packed."""
    _do(seller, name, order_acts.pack_all)


@group.command("ship")
@_named
@seller_option
@click.option("--carrier", default="", help="Who carries it.")
@click.option("--tracking", default="", help="Its number there.")
def ship(name: str, seller: str, carrier: str, tracking: str) -> None:
    """Note that an order left; only what is paid and packed whole does."""
    _do(seller, name, lambda *who: order_acts.ship(*who, carrier=carrier, tracking=tracking))


@group.command("deliver")
@_named
@seller_option
def deliver(name: str, seller: str) -> None:
    """Note that an order arrived."""
    _do(seller, name, order_acts.deliver)


@group.command("cancel")
@_named
@seller_option
@click.option("--note", default="", help="Why.")
def cancel(name: str, seller: str, note: str) -> None:
    """Cancel an order that was not sent; what was paid is owed back."""
    _do(seller, name, lambda *who: order_acts.cancel(*who, note=note))


@group.command("accept")
@_named
@seller_option
def accept(name: str, seller: str) -> None:
    """Go on with an order that was paid too late, if its goods are still there."""
    _do(seller, name, order_acts.accept)


@group.command("transfer")
@_named
@click.argument("amount")
@seller_option
@click.option("--reference", default="", help="What the account says of it.")
@click.option("--key", help="Its name, so that it is noted once: by default the reference.")
def transfer(name: str, amount: str, seller: str, reference: str, key: str | None) -> None:
    """Note money that came by bank transfer: AMOUNT in the order's currency, like 76.63."""
    services, actor = _enter(seller)
    order_id = id_of(services, actor, name)
    currency = orders.load(services, actor, order_id).currency
    try:
        exact = Decimal(amount)
        money = Money(to_minor(exact, currency), currency)
    except (InvalidOperation, ValueError, OverflowError):
        stop(f"{amount!r} is no amount; write it like 76.63")
    if Decimal(money.text) != exact:
        stop(f"{amount!r} has more decimals than {currency}")
    once = key or reference or secrets.token_hex(8)
    _tell(
        services,
        actor,
        order_id,
        lambda: order_acts.note_transfer(services, actor, order_id, money, key=once, reference=reference),
    )


@group.command("ledger")
@seller_option
@click.option("--from", "first", type=_DAY, help="The first day, like 2026-11-01, in the shop's own time.")
@click.option("--to", "last", type=_DAY, help="The last day.")
def ledger(seller: str, first: datetime | None, last: datetime | None) -> None:
    """Write every event of every order as CSV, with what the order costs and the shop holds for it after each."""
    services, actor = _enter(seller)
    since, until = (None if one is None else one.date() for one in (first, last))
    for line in order_lists.ledger_csv(services, actor, since, until):
        click.echo(line, nl=False)


@group.command("expire")
def expire() -> None:
    """End the orders of all shops whose time to pay is over, and give their goods free; for a timer of the system."""
    services = open_shop()
    migrate(services)
    for one in order_acts.expire_due(services):
        click.echo(f"{one}: expired")


@group.command("letters")
def send_letters() -> None:
    """Send what buyers and sellers are to be told and were not yet; for a timer of the system, every few minutes."""
    services = open_shop()
    migrate(services)
    base = services.settings.public_url.rstrip("/")
    if not base:
        stop("set SHOPKIT_PUBLIC_URL to the address of the shop: the letters link to it")
    click.echo(f"{counted(order_letters.work(services, base), 'letter')} sent")


def _enter(seller: str) -> tuple[Services, Actor]:
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)


def id_of(services: Services, actor: Actor, name: str) -> str:
    """Return the id of the order that is named, or stop saying that there is none."""
    try:
        return order_lists.id_of(services, actor, name)
    except orders.OrderNotFoundError:
        stop(f"there is no order {name}; see shopkit orders list", _WRONG)


def _do(seller: str, name: str, act: Callable[[Services, Actor, str], OrderState]) -> None:
    services, actor = _enter(seller)
    order_id = id_of(services, actor, name)
    _tell(services, actor, order_id, lambda: act(services, actor, order_id))


def _tell(services: Services, actor: Actor, order_id: str, act: Callable[[], OrderState]) -> None:
    try:
        state = act()
    except RequestError as error:
        stop("; ".join(one.message("en") for one in error.problems), _WRONG)
    click.echo(f"#{orders.load(services, actor, order_id).number}: {_told(state)}")


def _told(state: OrderState) -> str:
    parts = [state.status, state.fulfilment, f"due {Money(state.due, state.currency)}"]
    if state.received:
        parts.append(f"received {Money(state.received, state.currency)}")
    if state.refunded:
        parts.append(f"given back {Money(state.refunded, state.currency)}")
    if state.owed_back:
        parts.append(f"owed back {Money(state.owed_back, state.currency)}")
    if state.is_disputed:
        parts.append("disputed")
    if state.is_held:
        parts.append(f"held: {', '.join(state.doubts)}")
    return ", ".join(parts)


for _command in (payments, refund, take, evidence):
    group.add_command(_command)
