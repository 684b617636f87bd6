"""Boxes on the command line, and orders packed into them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NoReturn

import click

from landed_cost.currencies import EXPONENTS
from landed_cost.money import Money, to_minor
from shopkit.cli.common import (
    acting_for,
    complain,
    language_option,
    migrate,
    open_shop,
    print_json,
    seller_option,
    stop,
    table,
)
from shopkit.cli.orders import id_of
from shopkit.services import boxes, consolidation, consolidation_told, packing
from shopkit.services.problems import RequestError

if TYPE_CHECKING:
    from shopkit.packing.model import Sides
    from shopkit.services.actors import Actor
    from shopkit.services.consolidation import Comparison
    from shopkit.services.context import Services

_WRONG = 1
_THREE = 3
_WHY = {
    "weight_unknown": "nobody said what it weighs",
    "too_large": "no box is large enough",
    "too_heavy": "no box that is large enough bears it",
    "no_box": "the shop has no boxes: shopkit boxes add",
}


@click.group("boxes")
def boxes_group() -> None:
    """Boxes that a shop packs into: see docs/packing.md."""


@boxes_group.command("list")
@seller_option
def list_boxes(seller: str) -> None:
    """List the boxes of a shop, the smallest first; millimetres inside and grams."""
    services, actor = enter(seller)
    found = boxes.all_boxes(services, actor)
    table(
        (
            one.it.name,
            " × ".join(map(str, one.it.inside)),
            f"{one.it.grams:,} g",
            f"bears {one.it.bears:,} g",
            f"wall {one.it.wall} mm" if one.it.wall else "wall not said",
            one.cost or "",
        )
        for one in found
    )
    click.echo(f"{len(found)} {'box' if len(found) == 1 else 'boxes'}", err=True)


@boxes_group.command("add")
@click.argument("name")
@click.argument("inside", metavar="LxWxH")
@seller_option
@click.option("--weight", "grams", required=True, type=int, help="What the box itself weighs, in grams.")
@click.option("--bears", required=True, type=int, help="What may be put into it, in grams.")
@click.option("--wall", type=int, help="How thick its wall is, in millimetres.")
@click.option("--cost", help='What one costs, like "14.50 MXN".')
def add_box(  # all of it makes a box
    name: str, inside: str, seller: str, grams: int, bears: int, wall: int | None, cost: str | None
) -> None:
    """Add a box: its NAME, and length, width and height inside in whole millimetres, like 320x240x100."""
    services, actor = enter(seller)
    said = boxes.SaidBox(name, _sides(inside), grams, bears, wall, None if cost is None else read_money(cost))
    try:
        made = boxes.add_box(services, actor, said)
    except RequestError as error:
        refuse(error)
    click.echo(f"{made.it.name} {made.it.id}")


@boxes_group.command("remove")
@click.argument("name")
@seller_option
def remove_box(name: str, seller: str) -> None:
    """Remove a box by its name or id."""
    services, actor = enter(seller)
    try:
        found = boxes.find_box(services, actor, name)
        boxes.remove_box(services, actor, found.it.id)
    except boxes.BoxNotFoundError:
        stop(f"there is no box {name!r}", _WRONG)
    click.echo(f"{found.it.name} was removed")


@click.group("packing")
def group() -> None:
    """Orders into boxes: see docs/packing.md."""


@group.command("show")
@click.argument("names", metavar="ORDER...", nargs=-1, required=True)
@seller_option
@click.option("--json", "as_json", is_flag=True, help="Print the JSON of the API.")
def show(names: tuple[str, ...], seller: str, *, as_json: bool) -> None:
    """Show into which boxes orders go when they are packed together."""
    services, actor = enter(seller)
    try:
        found = packing.pack_orders(services, actor, [id_of(services, actor, one) for one in names])
    except RequestError as error:
        refuse(error)
    if as_json:
        print_json(packing.data(found), pretty=True)
        return
    if found.packing.by == "weight":
        complain("by weight alone, because some pieces have no measures; whether they fit into a box is not known")
    for number, one in enumerate(found.packing.boxes, 1):
        name = "parcel" if one.box is None else one.box.name
        gross = f"{one.net_grams:,} g without box" if one.gross_grams is None else f"{one.gross_grams:,} g"
        click.echo(f"{number}. {name}, {gross}")
        places = {id(place.piece): place for place in one.places}
        table(
            ("  ", piece.id, found.goods[piece.id].title, _place(places[id(piece)].at) if places else "")
            for piece in one.pieces
        )
    for left in found.packing.left:
        complain(f"{left.piece.id} {found.goods[left.piece.id].title}: {_WHY[left.why]}")
    if found.packing.left:
        raise SystemExit(_WRONG)


@group.command("together")
@click.argument("names", metavar="ORDER...", nargs=-1, required=True)
@seller_option
@click.option("--card", help="Whose service carries them: a rate card of the shop.")
@click.option("--service", help="Which service of the card; by default the cheapest that takes all of it.")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON of the API.")
@language_option
def together(
    names: tuple[str, ...], seller: str, card: str | None, service: str | None, lang: str, *, as_json: bool
) -> None:
    """Compare sending orders of one person apart and together: both quoted, and the limits that lie between."""
    services, actor = enter(seller)
    ids = [id_of(services, actor, one) for one in names]
    try:
        found = consolidation.compare(services, actor, ids, card=card, service=service)
    except RequestError as error:
        refuse(error)
    _tell(found, lang, as_json=as_json)


@group.command("split")
@click.argument("name", metavar="ORDER")
@seller_option
@click.option("--parcel", "parcels", multiple=True, required=True, help="Pieces of each line that go in it, like 1,0.")
@click.option("--json", "as_json", is_flag=True, help="Print the JSON of the API.")
@language_option
def split(name: str, seller: str, parcels: tuple[str, ...], lang: str, *, as_json: bool) -> None:
    """Judge cutting an order into consignments; exit code 1 where that would evade a limit."""
    services, actor = enter(seller)
    counts = [[int(one) for one in parcel.split(",") if one.strip().isdecimal()] for parcel in parcels]
    try:
        found = consolidation.split(services, actor, id_of(services, actor, name), counts)
    except RequestError as error:
        refuse(error)
    _tell(found, lang, as_json=as_json)
    if found.is_split_refused:
        raise SystemExit(_WRONG)


def _tell(found: Comparison, lang: str, *, as_json: bool) -> None:
    told = consolidation_told.data(found, lang)
    if as_json:
        print_json(told, pretty=True)
        return
    sums = [(name, *(one or "not known" for one in sides.values())) for name, sides in told["totals"].items()]
    table([("", "apart", "together", "saving"), *sums])
    for one in told["thresholds"]:
        sure = "" if one["certain"] else " (perhaps: it hangs on whether freight counts)"
        click.echo(f"{one['what']} [{one['id']}], {one['limit']}: {' + '.join(one['apart'])} → {one['together']}{sure}")
    click.echo(f"sending apart is {told['split']}: {told['rule']['what']} ({told['rule']['status']})")


def _place(at: Sides) -> str:
    return "at {}, {}, {} mm".format(*at)


def _sides(text: str) -> Sides:
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) != _THREE or not all(one.isascii() and one.isdigit() for one in parts):
        stop(f"{text!r} is no size; write length, width and height inside in millimetres, like 320x240x100")
    return int(parts[0]), int(parts[1]), int(parts[2])


def read_money(text: str) -> Money:
    """Return an amount with its currency, or stop saying how to write one."""
    """Return an amount with its currency, or stop saying how to write one."""
    amount, _, currency = text.partition(" ")
    try:
        exact = Decimal(amount)
        found = Money(to_minor(exact, currency), currency)
    except (InvalidOperation, ValueError, OverflowError):
        stop(f'{text!r} is no amount; write it like "14.50 MXN"')
    if Decimal(found.text) != exact or found.minor < 0 or currency not in EXPONENTS:
        stop(f'{text!r} is no amount; write it like "14.50 MXN"')
    return found


def refuse(error: RequestError) -> NoReturn:
    """Say everything that is wrong, and stop."""
    """Say everything that is wrong, and stop."""
    for one in error.problems:
        complain(f"{one.pointer.lstrip('/')}: {one.message('en')}" if one.pointer else one.message("en"))
    raise SystemExit(_WRONG) from error


def enter(seller: str) -> tuple[Services, Actor]:
    """Return the services of the shop, its tables brought up, and who acts for a seller."""
    """Return the services of the shop, its tables brought up, and who acts for a seller."""
    services = open_shop()
    migrate(services)
    return services, acting_for(services, seller)
