"""Routes of parcels: found by what is wrong with them, opened, read with all that was told; what lanes took."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response
from pydantic import ValidationError
from pydantic_core import to_json

from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, read_body, send, services
from shopkit.api.language import language
from shopkit.api.orders import MOST_PAGES, READ, WRITE, moment
from shopkit.api.queries import Query
from shopkit.api.shipment_schemas import ShipmentToOpen
from shopkit.services import shipment_board, shipments
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError, RequestProblem, from_pydantic
from shopkit.services.reading import siblings
from shopkit.tracking.words import say

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.shipment_board import Row
    from shopkit.services.shipments import Shipment
    from shopkit.tracking.timeline import Entry


@bp.get("/api/v1/shipments")
def find_shipments() -> Response:
    """List the shop's parcels of a view, fifty a page; where something is wrong, what waits the longest first."""
    actor = api_actor(READ)
    query = Query("view", "page", "q")
    asked = query.text("view") or "all"
    view: shipment_board.View = next((one for one in shipment_board.VIEWS if one == asked), "all")
    if view != asked:
        query.complain("view", "choice", expected=", ".join(shipment_board.VIEWS))
    text = query.text("page") or "1"
    is_whole = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_PAGES))
    if not is_whole or not 1 <= int(text) <= MOST_PAGES:
        query.complain("page", "number.range", limit=f"1-{MOST_PAGES}")
    query.done()
    wanted = (query.text("q") or "").replace("\x00", "")[:100]
    found = shipment_board.find(services(), actor, view=view, text=wanted, page=int(text))
    results = [_brief(one) for one in found.rows]
    return _sent({"results": results, "total": found.total, "page": int(text), "counts": found.counts})


@bp.post("/api/v1/shipments")
def open_shipment() -> Response:
    """Follow a parcel from now on; a number that is followed for that day already is 422."""
    actor = api_actor(WRITE)
    asked = _read(read_body())
    made = shipments.create(
        services(),
        actor,
        asked.number,
        posted_on=asked.posted_on,
        destination=asked.destination,
        carrier=asked.carrier,
        service=asked.service,
        origin=asked.origin or "",
        postcode=asked.postcode,
        locale=asked.locale,
        order_ids=asked.orders,
    )
    return _sent(_whole(actor, made), HTTPStatus.CREATED)


@bp.get("/api/v1/shipments/lanes")
def read_lanes() -> Response:
    """Tell what parcels took beside what was promised, by lane and service."""
    actor = api_actor(READ)
    query = Query("since")
    since = query.day("since")
    query.done()
    results = [
        {
            "origin": one.origin,
            "destination": one.destination,
            "service": one.service,
            "sent": one.sent,
            "arrived": one.arrived,
            "judged": one.judged,
            "kept": one.kept,
            "shortest_days": None if one.days is None else one.days[0],
            "median_days": None if one.days is None else one.days[1],
            "longest_days": None if one.days is None else one.days[2],
            "promised_days": one.promised_days,
            "is_enough": one.is_enough,
        }
        for one in shipment_board.lanes(services(), actor, since)
    ]
    return _sent({"results": results})


@bp.get("/api/v1/shipments/<shipment_id>")
def read_shipment(shipment_id: str) -> Response:
    """Read a parcel: where it is, and all that was told of it."""
    actor = api_actor(READ)
    return _sent(_whole(actor, shipments.load(services(), actor, shipment_id)))


def _brief(row: Row) -> dict[str, Any]:
    one = row.shipment
    first, last = (None, None) if one.promised is None else (day.isoformat() for day in one.promised)
    return {
        "id": one.id,
        "number": one.number,
        "carrier": one.carrier,
        "service": one.service,
        "origin": one.origin,
        "destination": one.destination,
        "posted_on": one.posted_on.isoformat(),
        "promised_from": first,
        "promised_until": last,
        "expected_on": None if one.expected_on is None else one.expected_on.isoformat(),
        "status": one.status,
        "leg": one.leg,
        "customs": one.customs,
        "since": moment(one.since),
        "last_event_at": moment(one.last_event_at),
        "delivered_on": None if one.delivered_on is None else one.delivered_on.isoformat(),
        "is_open": one.is_open,
        "late_days": row.late_days,
        "silent_days": row.silence.days,
        "silence": row.silence.label,
        "flags": list(one.flags),
        "orders": [{"id": order_id, "number": number} for order_id, number in row.numbers],
    }


def _whole(actor: Actor, one: Shipment) -> dict[str, Any]:
    history = shipments.timeline(services(), one.id)
    spoken = language()
    return _brief(shipment_board.one(services(), actor, one)) | {
        "text": None if one.status is None else say("status", one.status, language=spoken),
        "customs_reason": history.customs.reason,
        "scans": [_scan(entry, spoken) for entry in history.entries],
        "other_parcel": len(history.other_parcel),
    }


def _scan(entry: Entry, spoken: str) -> dict[str, Any]:
    event = entry.event
    raw = event.raw
    return {
        "status": event.status,
        "text": say("status", event.status.value, language=spoken),
        "leg": event.leg,
        "customs": event.customs,
        "counted": entry.part,
        "at": moment(event.utc),
        "local": None if event.local is None else event.local.isoformat(timespec="seconds"),
        "time_basis": event.basis,
        "place": raw.place,
        "country": raw.country,
        "provider": raw.provider,
        "first_received": moment(entry.first_received),
        "raw": {"code": raw.code, "text": raw.text, "time": raw.time, "office": raw.office, "reason": raw.reason},
    }


def _sent(value: Any, status: HTTPStatus = HTTPStatus.OK) -> Response:  # noqa: ANN401  # JSON
    return send(Reply(status, dump(value), language(), None))


def _read(value: Any) -> ShipmentToOpen:  # noqa: ANN401  # JSON
    if not isinstance(value, dict):
        raise RequestError([RequestProblem("", "type.object")])
    try:
        return ShipmentToOpen.model_validate_json(to_json(value))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise RequestError(from_pydantic(one, siblings(ShipmentToOpen, one["loc"])) for one in details) from None
