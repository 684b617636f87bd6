"""What speaks for a seller in a dispute: all that is known of an order, as data, as paper, and handed to the provider.

Nothing is made up for it: what was promised is frozen with the order, what happened is its ledger. A draft may be kept
at the provider as often as one likes; handed in it is once, and that is written into the ledger with who did it.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from shopkit.models import Enquiry, FirmQuote, PaymentEvent, Rating, StoredPayment
from shopkit.orders import Event
from shopkit.payments.port import Answering, Evidence, PaymentError
from shopkit.services import audit, order_money, orders, shipments
from shopkit.services import payment_accounts as accounts
from shopkit.services.companies import get_company
from shopkit.services.evidence_paper import story
from shopkit.services.order_lists import ledger_csv
from shopkit.services.problems import RequestError, RequestProblem
from shopkit.services.stores import get_store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from shopkit.orders import OrderState
    from shopkit.services.actors import Actor
    from shopkit.services.context import Services
    from shopkit.services.order_money import Disputed, OrderMoney
    from shopkit.services.orders import Order
    from shopkit.services.shipments import Shipment

Json = dict[str, Any]
MAX_STORY: Final = 20_000
_DELIVERY: Final = frozenset({"packed", "shipped", "delivered", "returned"})


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that is known of an order: ``data`` is JSON, the rest what a paper is made of."""

    order: Order
    money: OrderMoney
    data: Json


def gather(services: Services, actor: Actor, order_id: str) -> Bundle:
    """Return what is known of an order of the seller's; ``OrderNotFoundError``."""
    found = orders.load(services, actor, order_id)
    money = order_money.of_order(services, actor, order_id)
    company, store = get_company(services, actor), get_store(services, actor)
    with services.database.reading() as session:
        messages = _messages(session, found)
    language = found.locale[:2]
    data = {
        "made_at": _moment(services.now()),
        "seller": {"name": company.name, "country": company.country, "tax_id": company.tax_id},
        "order": _order(found),
        "payments": [
            {
                "id": one.id,
                "by": f"{one.provider}/{one.method}",
                "provider_name": one.ref,
                "state": one.state,
                "received": str(one.received),
                "began_at": _moment(one.began_at),
            }
            for one in money.payments
        ],
        "refunds": [
            {"id": one.id, "amount": str(one.amount), "state": one.state, "reason": one.reason, "at": _moment(one.at)}
            for one in money.refunds
        ],
        "disputes": [
            {
                "id": one.ref,
                "amount": str(one.amount),
                "state": one.state,
                "reason": one.reason,
                "opened_at": _moment(one.opened_at),
                "answer_until": _moment(one.due),
                "answered_at": _moment(one.answered_at),
            }
            for one in money.disputes
        ],
        "delivery": [_event(one) for one in found.events if one.kind in _DELIVERY],
        "parcels": [_parcel(services, one) for one in shipments.of_order(services, actor, order_id)],
        "ledger": [_event(one) for one in found.events],
        "messages": messages,
        "policies": {name: store.said(language, name) for name in ("returns", "shipping")},
        "request": found.request,
        "quote": found.quote,
    }
    return Bundle(found, money, data)


def archive(services: Services, actor: Actor, order_id: str, language: str) -> bytes:
    """Return the bundle as a ZIP: ``evidence.json``, ``evidence.pdf``, ``ledger.csv``; ``OrderNotFoundError``."""
    bundle = gather(services, actor, order_id)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("evidence.json", json.dumps(bundle.data, ensure_ascii=False, indent=2))
        file.writestr("evidence.pdf", paper(services, bundle, language))
        file.writestr("ledger.csv", "".join(ledger_csv(services, actor, order_id=order_id)))
    return held.getvalue()


def paper(services: Services, bundle: Bundle, language: str) -> bytes:
    """Return the bundle as PDF, in ``es``, ``pt`` or ``en``."""
    # 80 MB that only printing needs.
    from shopkit.printing import pdf  # noqa: PLC0415
    from shopkit.services.evidence_paper import told  # noqa: PLC0415

    zone = services.zone_of(bundle.order.market)
    return pdf("evidence", told(bundle, language, zone), on=services.now().date(), language=language)


def answer(
    services: Services, actor: Actor, order_id: str, dispute: str, words: str = "", *, submits: bool
) -> OrderState:
    """Keep the evidence of an order with its dispute as a draft, or hand it in, once.

    ``words`` are the seller's own; what happened stands below them. Raises ``RequestError`` (unknown, over, answered,
    not taken from here, or the provider is down), ``OrderNotFoundError``, ``ForbiddenError``.
    """
    actor.must("editor")
    bundle = gather(services, actor, order_id)
    one = next((one for one in bundle.money.disputes if one.ref == dispute), None)
    if one is None or one.payment is None:
        raise RequestError([RequestProblem("/dispute", "dispute.unknown")])
    with services.database.reading() as session:
        row = session.get(StoredPayment, one.payment)
        if row is None:
            raise RequestError([RequestProblem("/dispute", "dispute.by_hand")])
        account = accounts.by_id(session, services, row.account_id)
    adapter = accounts.adapter(account.provider)
    if not isinstance(adapter, Answering):
        raise RequestError([RequestProblem("/dispute", "dispute.by_hand")])
    if not one.may_answer:
        raise RequestError([RequestProblem("/dispute", "dispute.answered" if one.answered_at else "dispute.over")])
    try:
        adapter.answer_dispute(account, dispute, texts(bundle, words), submits=submits)
    except PaymentError as error:
        code = "dispute.down" if error.reason in {"unavailable", "unknown"} else "dispute.refused"
        raise RequestError([RequestProblem("", code)]) from error
    return _note(services, actor, order_id, one, submits=submits)


def texts(bundle: Bundle, words: str = "") -> Evidence:
    """Return what a provider is told, in texts: the parcel, the buyer, the promise, and what happened, line by line."""
    found = bundle.order
    sent = next((one for one in reversed(found.events) if one.kind == "shipped"), None)
    goods = "; ".join(f"{one.quantity} × {one.title}" + (f" ({one.sku})" if one.sku else "") for one in found.lines)
    address = ", ".join(str(part) for part in (found.buyer.name, *found.buyer.address.values()) if part)
    own = words.strip()[:MAX_STORY]
    return Evidence(
        goods,
        found.buyer.name,
        found.buyer.email,
        address,
        "" if sent is None else str(sent.data.get("carrier", "")),
        "" if sent is None else str(sent.data.get("tracking", "")),
        "" if sent is None else sent.at.date().isoformat(),
        bundle.data["policies"]["returns"],
        "\n\n".join(filter(None, (own, story(bundle)))),
    )


def _note(services: Services, actor: Actor, order_id: str, one: Disputed, *, submits: bool) -> OrderState:
    with services.database.writing.begin() as session:
        row, now = orders.own(session, actor, order_id, lock=True), services.now()
        deed = "dispute.answered" if submits else "dispute.drafted"
        audit.note(session, actor, now, deed, order_id, dispute=one.ref)
        if not submits:
            return orders.see(services, order_id).state
        data = {} if actor.user_id is None else {"user": actor.user_id}
        ref = f"dispute:{one.ref}"
        event = Event("dispute_answered", now, "seller", f"{ref}:answered", None, one.payment, ref, data=data)
        return orders.append(session, row, event, now)


def _order(found: Order) -> Json:
    totals = found.totals
    return {
        "id": found.id,
        "number": found.number,
        "placed_at": _moment(found.created_at),
        "market": found.market,
        "locale": found.locale,
        "terms": found.terms,
        "buyer": {
            "name": found.buyer.name,
            "email": found.buyer.email,
            "phone": found.buyer.phone,
            "address": dict(found.buyer.address),
        },
        "lines": [
            {"title": one.title, "sku": one.sku, "quantity": one.quantity, "amount": str(one.total)}
            for one in found.lines
        ],
        "totals": {
            name: str(getattr(totals, name))
            for name in ("goods", "freight", "insurance", "charges", "total", "at_door")
        },
    }


def _parcel(services: Services, one: Shipment) -> Json:
    """Return a parcel, with what its post said in our words and in its own, oldest first."""
    history = shipments.timeline(services, one.id)
    return {
        "number": one.number,
        "carrier": one.carrier,
        "service": one.service,
        "posted_on": one.posted_on.isoformat(),
        "promised": None if one.promised is None else [day.isoformat() for day in one.promised],
        "status": one.status,
        "customs": one.customs,
        "delivered_on": None if one.delivered_on is None else one.delivered_on.isoformat(),
        "scans": [
            {
                "status": entry.event.status.value,
                "counted": entry.part.value,
                "at": _moment(entry.event.utc),
                "local": None if entry.event.local is None else entry.event.local.isoformat(timespec="seconds"),
                "place": entry.event.raw.place,
                "country": entry.event.raw.country,
                "code": entry.event.raw.code,
                "words": entry.event.raw.text,
                "told_by": entry.event.raw.provider,
                "first_received": _moment(entry.first_received),
            }
            for entry in history.entries
        ],
    }


def _event(one: Event) -> Json:
    return {
        "kind": one.kind,
        "at": _moment(one.at),
        "source": one.source,
        "source_id": one.source_id,
        "amount": None if one.amount is None else str(one.amount),
        "payment": one.payment,
        "ref": one.ref,
        "until": _moment(one.until),
        "pieces": {str(line): many for line, many in one.pieces.items()},
        "data": {name: text for name, text in one.data.items() if name != "user"},
    }


def _messages(session: Session, found: Order) -> Json:
    """Return what buyer and seller wrote, and which messages of the provider came; their bodies stay here."""
    mine: Sequence[PaymentEvent] = session.scalars(
        select(PaymentEvent)
        .join(StoredPayment, StoredPayment.id == PaymentEvent.payment_id)
        .where(StoredPayment.order_id == found.id)
        .order_by(PaymentEvent.id)
    ).all()
    written: list[Json] = []
    said: Json
    quote = session.scalars(
        select(FirmQuote).where(FirmQuote.order_id == found.id, FirmQuote.seller_id == found.seller_id)
    ).first()
    if quote is not None:
        enquiry = None if quote.enquiry_id is None else session.get(Enquiry, quote.enquiry_id)
        if enquiry is not None:
            said = {"at": _moment(enquiry.created_at), "by": "buyer", "words": str(enquiry.asked.get("message", ""))}
            written.append(said)
        written.append({"at": _moment(quote.created_at), "by": "seller", "words": quote.note})
    rating = session.get(Rating, found.id)
    if rating is not None and rating.rated_at is not None:
        said = {"at": _moment(rating.rated_at), "by": "buyer", "words": rating.words, "stars": rating.stars}
        written.append(said)
        if rating.answer and rating.answered_at is not None:
            written.append({"at": _moment(rating.answered_at), "by": "seller", "words": rating.answer})
    return {
        "written": [one for one in written if one["words"] or one.get("stars")],
        "of_the_provider": [
            {"id": one.event_id, "kind": one.kind, "at": _moment(one.received_at), "state": one.state} for one in mine
        ],
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")
