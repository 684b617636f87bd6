"""Sending apart and together as JSON for programs in one language; and whom else an order can go with."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from landed_cost.model import told
from landed_cost.money import Money, to_minor
from landed_cost.serialise import localise
from shopkit.models import StoredOrder
from shopkit.services.consolidation import TOTALS

if TYPE_CHECKING:
    from shopkit.services.actors import Actor
    from shopkit.services.consolidation import Comparison
    from shopkit.services.context import Services
    from shopkit.services.crossings import Consignment
    from shopkit.services.orders import Order

Json = dict[str, Any]
_MOST: Final = 10
_WAYS: Final = ("apart", "together", "saving")


def data(found: Comparison, language: str) -> Json:
    """Return both ways with what differs, the limits between them, the rule, and whether the split is refused."""
    rule = found.rule
    return {
        "apart": [_consignment(one, language) for one in found.apart],
        "together": _consignment(found.together, language),
        "currency": found.together.currency,
        "totals": {name: _texts(found, name) for name in TOTALS},
        "charges": charges(found, language),
        "thresholds": [
            {
                "id": one.id,
                "kind": one.kind,
                "what": one.what[language],
                "limit": one.limit,
                "apart": list(one.apart),
                "together": one.together,
                "certain": one.certain,
                "evades": one.evades,
            }
            for one in found.crossings
        ],
        "tie": found.tie,
        "split": "refused" if found.is_split_refused else "doubtful" if found.is_split_doubtful else "allowed",
        "rule": {
            "id": rule.id,
            "scope": rule.scope,
            "what": rule.what[language],
            "status": rule.status,
            "from": None if rule.since is None else rule.since.isoformat(),
            "to": None if rule.until is None else rule.until.isoformat(),
            "known_until": None if rule.known_until is None else rule.known_until.isoformat(),
            "sources": list(rule.sources),
        },
    }


def charges(found: Comparison, language: str) -> list[Json]:
    """Return every charge of the quotes: what it comes to apart and together; ``None`` where a quote is refused."""
    names: dict[str, str] = {}
    apart: dict[str, int] = {}
    together: dict[str, int] = {}
    currency = found.together.currency
    for sums, consignments in ((apart, found.apart), (together, (found.together,))):
        for one in consignments:
            for charge in one.quote["charges"]:
                id_ = charge["id"]
                names.setdefault(id_, told(charge["name"], language))
                sums[id_] = sums.get(id_, 0) + to_minor(Decimal(charge["amount"]), currency)
    return [
        {
            "id": id_,
            "name": name,
            "apart": Money(apart.get(id_, 0), currency).text,
            "together": Money(together.get(id_, 0), currency).text,
        }
        for id_, name in names.items()
    ]


def companions(services: Services, actor: Actor, order: Order) -> list[tuple[str, int]]:
    """Return other open orders to the same market of who seems to be the same person, the newest first: id, number."""
    query = (
        select(StoredOrder.id, StoredOrder.number)
        .where(
            StoredOrder.seller_id == actor.seller_id,
            StoredOrder.id != order.id,
            StoredOrder.market == order.market,
            StoredOrder.is_open.is_(True),
            StoredOrder.fulfilment.in_(("placed", "packed")),
            or_(StoredOrder.buyer_email == order.buyer.email, StoredOrder.buyer_name == order.buyer.name),
        )
        .order_by(StoredOrder.number.desc())
        .limit(_MOST)
    )
    with services.database.reading() as session:
        return [(id_, number) for id_, number in session.execute(query)]


def _texts(found: Comparison, name: str) -> Json:
    sums = found.sums(name)
    return {way: None if one is None else one.text for way, one in zip(_WAYS, sums, strict=True)}


def _consignment(one: Consignment, language: str) -> Json:
    return {
        "orders": [part.order.id for part in one.parts],
        "pieces": [list(part.counts) for part in one.parts],
        "boxes": [None if box.box is None else box.box.name for box in one.packing.boxes],
        "packed_by": one.packing.by,
        "gross_grams": one.gross_grams,
        "has_boxes": one.has_boxes,
        "freight": [basis.to_dict() for basis in one.basis],
        "quote": localise(one.quote, language),
    }
