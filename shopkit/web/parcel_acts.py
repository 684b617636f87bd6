"""A seller's parcels on the page of their order: how each stands, and the link that its buyer is given."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Response, abort, redirect, url_for

from shopkit.late import Late
from shopkit.services import arrivals, parcel_links, shipments
from shopkit.services.shipments import ShipmentNotFoundError
from shopkit.tracking import words
from shopkit.web.access import actor, here, services
from shopkit.web.blueprint import bp
from shopkit.web.language import N_, gettext, speech

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from landed_cost.money import Money
    from shopkit.services import charged
    from shopkit.services.actors import Actor
    from shopkit.services.charged import Charge
    from shopkit.services.shipments import Shipment
else:
    charged = Late("shopkit.services.charged")


@dataclass(frozen=True, slots=True)
class OfOrder:
    """A parcel as its seller sees it beside the order."""

    shipment: Shipment
    said: str
    customs: str
    link: str
    charge: Charge | None
    quoted: Money | None
    against: tuple[str, ...]


# Where an order and a carrier disagree: what each says, for the seller knows best who is right.
_AGAINST: Final[dict[arrivals.Kind, str]] = {
    "not_delivered": N_(
        "Order #%(number)s is noted as arrived, but the carrier does not say that this parcel was delivered."
    ),
    "untold": N_("Order #%(number)s is noted as arrived, but nothing was told of this parcel."),
    "not_noted": N_("The carrier says that this parcel was delivered, but order #%(number)s is not noted as arrived."),
}


def of_order(who: Actor, order_id: str) -> list[OfOrder]:
    """Return the parcels of an order in the reader's words."""
    return [_shown(one) for one in shipments.of_order(services(), who, order_id)]


def against(shipment_id: str) -> tuple[str, ...]:
    """Return where a parcel's carrier and the orders in it disagree on whether it arrived, in the reader's words."""
    found = arrivals.disagreements(services(), shipment_id)
    return tuple(gettext(_AGAINST[one.kind]) % {"number": one.number} for one in found)


@bp.post("/parcels/<shipment_id>/<act>")
def act_on_parcel(shipment_id: str, act: str) -> ResponseReturnValue:
    """Do something to a parcel, and show its order."""
    who = actor("editor")
    try:
        found = shipments.load(services(), who, shipment_id)
    except ShipmentNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    if act not in _ACTS:
        abort(HTTPStatus.NOT_FOUND)
    try:
        _ACTS[act](who, found)
    except ShipmentNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    if not found.order_ids:
        return redirect(url_for("web.orders_page"), HTTPStatus.SEE_OTHER)
    there = url_for("web.order_page", order_id=found.order_ids[0], _anchor="parcels")
    return redirect(there, HTTPStatus.SEE_OTHER)


def _renew(who: Actor, found: Shipment) -> None:
    parcel_links.renew(services(), who, found.id)


@bp.get("/parcels/<shipment_id>/receipt.jpg")
def parcel_receipt(shipment_id: str) -> ResponseReturnValue:
    """Show the seller the receipt that a buyer sent, and nobody else."""
    try:
        data = charged.receipt(services(), actor(), shipment_id)
    except ShipmentNotFoundError:
        abort(HTTPStatus.NOT_FOUND)
    return Response(data, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


_ACTS: Final[dict[str, Callable[[Actor, Shipment], None]]] = {
    "renew": _renew,
    "count": lambda who, found: charged.judge(services(), who, found.id, "counted"),
    "leave-out": lambda who, found: charged.judge(services(), who, found.id, "left_out"),
}


def _shown(one: Shipment) -> OfOrder:
    language = speech().language
    said = "" if one.status is None else words.say("status", one.status, language=language)
    customs = "" if one.customs == "none" else words.say("customs", one.customs, language=language)
    page = url_for("web.parcel_page", name=parcel_links.name_of(services(), one))
    charge = charged.of_parcel(services(), one.id)
    told = None if charge is None else charged.quoted(parcel_links.personal(services(), one)).at_door
    return OfOrder(one, said, customs, f"{here()}{page}", charge, told, against(one.id))
