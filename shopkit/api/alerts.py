"""Route of what a change of law does to the seller's listings and quotes, for the seller's program."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from landed_cost.model import told
from shopkit.api.access import api_actor
from shopkit.api.blueprint import bp
from shopkit.api.bodies import dump, send, services
from shopkit.api.dashboard import SCOPE
from shopkit.api.language import language
from shopkit.api.queries import Query
from shopkit.services.alerts import View
from shopkit.services.keeping import Reply
from shopkit.services.problems import RequestError
from shopkit.services.touched import closed_ways, look

if TYPE_CHECKING:
    from datetime import date

    from flask import Response

    from shopkit.services.alerts import Alert, Side, Touched
    from shopkit.services.touched import Looked, Way

Json = dict[str, Any]
_FIGURES: Final = ("outcome", "landed", "low", "high", "import_charges")


@bp.get("/api/v1/alerts")
def read_alerts() -> Response:
    """Tell what of the seller's comes to something else between two days, by how much, and by which rules."""
    actor = api_actor(SCOPE)
    query = Query("since", "until", "after")
    query.need("since", "since=2026-07-23")
    since, until = query.day("since") if query.text("since") else None, query.day("until")
    last = until or services().now().date()
    if since is not None and last < since:
        query.complain("until", "date.before", value=str(last), first=str(since))
    if query.problems or since is None:
        raise RequestError(query.problems)
    book = services().rulebook
    found = look(services(), actor, View(book, since), View(book, last), query.text("after"))
    ways = closed_ways(found.company.country, found.markets, since, last)
    head = {"rulebook": book.version, "since": since.isoformat(), "until": last.isoformat()}
    return send(Reply(HTTPStatus.OK, dump(head | shown(found, list(ways), language())), language()))


def shown(found: Looked, ways: list[Way], to: str) -> Json:
    """Return one step as the answer of the API, in ``es``, ``pt`` or ``en``."""
    return {
        "markets": list(found.markets),
        "looked_at": {kind: found.counts.get(kind, 0) for kind in ("listing", "quote", "order")},
        "alerts": [_alert(one, to) for one in found.alerts],
        "unasked": [{"kind": one.kind, "id": one.id, "name": one.name, "why": one.why} for one in found.unasked],
        "closed_ways": [_way(one, to) for one in ways],
        "next": found.cursor,
    }


def _alert(one: Alert, to: str) -> Json:
    subject = one.subject
    return {
        "kind": subject.kind,
        "id": subject.id,
        "name": subject.name,
        "sku": subject.sku,
        "market": subject.destination,
        "pieces": f"{subject.pieces:f}",
        "currency": one.currency or None,
        "before": _side(one.before, to),
        "after": _side(one.after, to),
        "difference": None if one.difference is None else str(one.difference),
        "per_piece": None if one.per_piece is None else str(one.per_piece),
        "rules": [_rule(rule, to) for rule in one.touched],
    }


def _side(side: Side, to: str) -> Json:
    return {name: getattr(side, name) for name in _FIGURES} | {"reasons": list(side.why(to))}


def _rule(rule: Touched, to: str) -> Json:
    return {
        "id": rule.id,
        "name": None if rule.name is None else rule.name[to],
        "before": None if rule.before is None else str(rule.before),
        "after": None if rule.after is None else str(rule.after),
        "paper": rule.paper,
    }


def _way(one: Way, to: str) -> Json:
    lane = one.lane
    return {
        "id": lane.id,
        "market": one.market,
        "channel": lane.channel,
        "before": one.before,
        "after": one.after,
        "from": _day(lane.first),
        "to": _day(lane.last),
        "known_until": _day(lane.known_until),
        "message": lane.message[to],
        "action": lane.action[to],
        "source": {"title": told(lane.source, to), "url": lane.url},
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
