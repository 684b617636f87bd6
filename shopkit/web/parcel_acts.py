"""A seller's parcels on the page of their order: how each stands, and the link that its buyer is given."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import abort, redirect, url_for

from shopkit.services import parcel_links, shipments
from shopkit.services.shipments import ShipmentNotFoundError
from shopkit.tracking import words
from shopkit.web.access import actor, here, services
from shopkit.web.blueprint import bp
from shopkit.web.language import speech

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from shopkit.services.actors import Actor
    from shopkit.services.shipments import Shipment


@dataclass(frozen=True, slots=True)
class OfOrder:
    """A parcel as its seller sees it beside the order."""

    shipment: Shipment
    said: str
    customs: str
    link: str


def of_order(who: Actor, order_id: str) -> list[OfOrder]:
    """Return the parcels of an order in the reader's words."""
    return [_shown(one) for one in shipments.of_order(services(), who, order_id)]


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
    _ACTS[act](who, found)
    if not found.order_ids:
        return redirect(url_for("web.orders_page"), HTTPStatus.SEE_OTHER)
    there = url_for("web.order_page", order_id=found.order_ids[0], _anchor="parcels")
    return redirect(there, HTTPStatus.SEE_OTHER)


def _renew(who: Actor, found: Shipment) -> None:
    parcel_links.renew(services(), who, found.id)


_ACTS: Final[dict[str, Callable[[Actor, Shipment], None]]] = {"renew": _renew}


def _shown(one: Shipment) -> OfOrder:
    language = speech().language
    said = "" if one.status is None else words.say("status", one.status, language=language)
    customs = "" if one.customs == "none" else words.say("customs", one.customs, language=language)
    page = url_for("web.parcel_page", name=parcel_links.name_of(services(), one))
    return OfOrder(one, said, customs, f"{here()}{page}")
